//! What is said about single mistakes, word for word.

use super::*;

const ALPHA_TOML: &str = "sites/alpha.toml";
const BETA_TOML: &str = "sites/beta.toml";
const PORTFOLIO_TOML: &str = "portfolio.toml";
const OFFER_TOML: &str = "offers/nnn.toml";
const LIQUID_TOML: &str = "../library/retrofits/liquid.toml";
const DECK_TOML: &str = "../library/decks/flat/deck.toml";
const MACHINES_CSV: &str = "machines.csv";
const MONTHLY_CSV: &str = "../library/decks/flat/monthly.csv";
const ASICS_CSV: &str = "../library/asics.csv";

#[test]
fn every_mistake_is_placed_and_mended() {
    for (file, from, to, expected) in CASES {
        println!("CASE {}", serde_json::to_string(&said(file, from, to)).unwrap());
        let _ = expected;
    }
}

const CASES: &[(&str, &str, &str, &[&str])] = &[
    (ALPHA_TOML, "hall_power = \"20 MW\"", "hall_power = 20", &[]),
    (ALPHA_TOML, "hall_power = \"20 MW\"", "hall_power = 20 MW", &[]),
    (ALPHA_TOML, "hall_power = \"20 MW\"", "hall_powr = \"20 MW\"", &[]),
    (ALPHA_TOML, "hall_power = \"20 MW\"", "hall_power = \"20 MW-IT\"", &[]),
    (ALPHA_TOML, "hall_power = \"20 MW\"", "hall_power = \"nan MW\"", &[]),
    (ALPHA_TOML, "hall_power = \"20 MW\"", "hall_power = [1]", &[]),
    (ALPHA_TOML, "hall_power = \"20 MW\"", "hall_power = \"0 MW\"", &[]),
    (ALPHA_TOML, "hall_power = \"20 MW\"", "hall_power = ", &[]),
    (ALPHA_TOML, "hall_power = \"20 MW\"", "hall_power = \"20 MW", &[]),
    (ALPHA_TOML, "count = 2", "count = \"2 halls\"", &[]),
    (ALPHA_TOML, "count = 2", "count = 0", &[]),
    (ALPHA_TOML, "use = \"mining\"", "use = \"minning\"", &[]),
    (ALPHA_TOML, "use = \"mining\"", "use = \"third-party\"", &[]),
    (ALPHA_TOML, "firm = \"50 MW\"", "firm = \"60 MW\"", &[]),
    (ALPHA_TOML, "firm = \"50 MW\"", "", &[]),
    (ALPHA_TOML, "2027-09-30", "2026-09-30", &[]),
    (ALPHA_TOML, "2027-09-30", "2027-02-30", &[]),
    (ALPHA_TOML, "deck = \"west\"", "deck = \"wst\"", &[]),
    (ALPHA_TOML, "[mining]", "[minning]", &[]),
    (ALPHA_TOML, "id = \"field\"", "id = \"north\"", &[]),
    (ALPHA_TOML, "id = \"field\"", "id = \"the field\"", &[]),
    (ALPHA_TOML, "\"liquid\", \"air\"", "\"liqid\", \"air\"", &[]),
    (ALPHA_TOML, "{ transformer =", "{ transfomer =", &[]),
    (ALPHA_TOML, "[overrides.liquid]", "[overrides.liquidd]", &[]),
    (ALPHA_TOML, "cost_factor = \"94 %\"", "cost_factor = 94\nshare=\"50 %\"\n[[work]]\nid=\"x\"", &[]),
    (ALPHA_TOML, "confidence = \"assumed\"", "confidence = \"unverified\"", &[]),
    (BETA_TOML, "[[hall]]", "[hall]", &[]),
    (BETA_TOML, "uptime = \"95 %\"", "uptime = 95", &[]),
    (PORTFOLIO_TOML, "format = 1", "format = 2", &[]),
    (PORTFOLIO_TOML, "format = 1", "", &[]),
    (PORTFOLIO_TOML, "2027-06-30", "2029-06-30", &[]),
    (PORTFOLIO_TOML, "periods = 4", "periods = 400", &[]),
    (PORTFOLIO_TOML, "start = 2027-01-01", "start = 2027-01-15", &[]),
    (PORTFOLIO_TOML, "start = 2027-01-01", "start = \"01/01/2027\"", &[]),
    (PORTFOLIO_TOML, "discount_rate = \"10 %/year\"", "discount_rate = 10\ntax_rate = \"21 %\"", &[]),
    (PORTFOLIO_TOML, "\"500 MUSD\"", "500000000", &[]),
    (PORTFOLIO_TOML, "[\"alpha\"]", "[\"alhpa\"]", &[]),
    (PORTFOLIO_TOML, "library = \"../library\"", "library = \"/library\"", &[]),
    (PORTFOLIO_TOML, "deck = \"flat\"", "deck = \"flt\"", &[]),
    (OFFER_TOML, "min = \"20 MW-IT\", max", "min = \"200 MW\", max", &[]),
    (OFFER_TOML, "min = \"20 MW-IT\", max", "min = \"60 MW-IT\", max", &[]),
    (OFFER_TOML, "129.8 USD/kW-month", "129.8 USD/MWh", &[]),
    (OFFER_TOML, "\"liquid\"", "\"liqid\"", &[]),
    (OFFER_TOML, "long_stop = 2028-12-31", "long_stop = 2027-12-31\nplan_on = true\ngive_up = \"1 MUSD/MW-IT\"", &[]),
    (OFFER_TOML, "sites = [\"alpha\"]", "sites = \"alpha\"", &[]),
    (OFFER_TOML, "sites = [\"alpha\"]", "markets = [\"PJM\", \"CAISO\"]", &[]),
    (OFFER_TOML, "term = \"120 months\"", "term = \"10.5 years\"", &[]),
    (LIQUID_TOML, "pue = 1.15", "pue = 1.45", &[]),
    (LIQUID_TOML, "after = [\"design\"]\nstops", "after = [\"fit-out\"]\nstops", &[]),
    (LIQUID_TOML, "after = [\"design\"]\nstops_mining = true", "after = [\"desing\"]", &[]),
    (LIQUID_TOML, "\"2.1 MUSD/MW-IT\"", "2100", &[]),
    (LIQUID_TOML, "phase = \"fit-out\"", "phase = \"fitout\"", &[]),
    (LIQUID_TOML, "id = \"fit-out\"", "id = \"fit/out\"", &[]),
    (MACHINES_CSV, "beta,Antminer S19", "beta,Antminer S91", &[]),
    (MACHINES_CSV, "beta,Antminer S19,5000", "beta,Antminer S19,50000", &[]),
    (MACHINES_CSV, "beta,", "alpha,", &[]),
    (MACHINES_CSV, "[USD/machine]", "", &[]),
    (MACHINES_CSV, "book [USD/machine]", "book [USD/TH]", &[]),
    (MACHINES_CSV, "life_left", "live_left", &[]),
    (MACHINES_CSV, "11000,300,24", "11000,300", &[]),
    (MONTHLY_CSV, "2027-03,90000,900,20,40.5,9,3\n", "", &[]),
    (MONTHLY_CSV, "2027-03,90000", "2027-03,-1", &[]),
    (MONTHLY_CSV, "resale:25-40", "resale:20-40", &[]),
    (MONTHLY_CSV, "resale:25-40", "resale:25+", &[]),
    (MONTHLY_CSV, "[BTC/day]", "[BTC]", &[]),
    (
        MONTHLY_CSV,
        "2027-11,90000,900,20,40.5,9,3\n2027-12,90000,900,20,40.5,9,3\n2028-01,90000,900,20,40.5,9,3\n",
        "",
        &[],
    ),
    (ASICS_CSV, "Old,10,1500,air,9", "Old,10,1500,water,9", &[]),
    (ASICS_CSV, "Antminer S19,95,3250,air", "Antminer S19,95,3250,hydro", &[]),
    (DECK_TOML, "\"Antminer S21\"", "\"Antminer S22\"", &[]),
    (DECK_TOML, "date = 2028-04-01", "date = 2028-04-01T00:00:00Z", &[]),
    (ALPHA_TOML, "count = 2", "count = 40", &[]),
    (PORTFOLIO_TOML, "\"500 MUSD\"", "\"5 hundred\"", &[]),
    (ALPHA_TOML, "name = \"Alpha\"", "name = \"Al\u{202e}pha\"", &[]),
    (ALPHA_TOML, "2041-06-30", "\"30 June 2041\"", &[]),
    (BETA_TOML, "energy_price = \"46 USD/MWh\"", "energy_price = \"46 EUR/MWh\"", &[]),
    (BETA_TOML, "firm = \"20 MW\"", "firm = \"20 MW\"\nballast = \"5 %\"", &[]),
    (MACHINES_CSV, "site,model,count", "site;model;count", &[]),
    (MACHINES_CSV, "beta,Antminer", "bete,Antminer", &[]),
    (LIQUID_TOML, "stops_mining = true", "stops_mining = \"true\"", &[]),
    (LIQUID_TOML, "pue = 1.15", "pue = nan", &[]),
    (PORTFOLIO_TOML, "format = 1", "format = 1\nlock = []", &[]),
];
