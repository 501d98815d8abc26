//! What is said about single mistakes in the finer terms, word for word.

use super::*;

/// All that is said about the full portfolio with texts replaced.
fn said_of_full(changes: &[(&str, &str, &str)], mut folder: InMemory) -> Vec<String> {
    for (file, from, to) in changes {
        let text = folder.0.get_mut(*file).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replacen(from, to, 1);
    }
    printed(&read(&folder))
}

const PORTFOLIO_TOML: &str = "portfolio.toml";
const NNN_TOML: &str = "offers/nnn.toml";
const LOI_TOML: &str = "offers/loi.toml";
const LIQUID_TOML: &str = "../library/retrofits/liquid.toml";
const AIR_TOML: &str = "../library/retrofits/air.toml";
const DECK_TOML: &str = "../library/decks/flat/deck.toml";

/// File, what is replaced in it, by what, and all that is said.
const CASES: &[(&str, &str, &str, &[&str])] = &[
    (NNN_TOML, "cap = \"30000 USD/MW-IT\"", "cap = \"3 MUSD\"", &[]),
    (NNN_TOML, "cap = \"30000 USD/MW-IT\"", "cap = \"30000 USD/MW\"", &[]),
    (NNN_TOML, "cap = \"30000 USD/MW-IT\"", "cpa = \"30000 USD/MW-IT\"", &[]),
    (NNN_TOML, "ready_by = 2028-03-31\n", "", &[]),
    (NNN_TOML, "damages = \"900 USD/MW-day\", ", "", &[]),
    (NNN_TOML, "\"30 days\"", "\"1 month\"", &[]),
    (NNN_TOML, "\"30 days\"", "30", &[]),
    (NNN_TOML, "late = {", "late = \"900 USD/MW-day\" #{", &[]),
    (NNN_TOML, "months = \"1 year\"", "months = \"0 months\"", &[]),
    (NNN_TOML, "months = \"1 year\"", "months = \"11 years\"", &[]),
    (NNN_TOML, "paid = \"commencement\"", "paid = \"comencement\"", &[]),
    (NNN_TOML, "paid = \"commencement\"", "paid = \"2028-02-30\"", &[]),
    (NNN_TOML, "credited = \"90 %\"", "credited = 90", &[]),
    (NNN_TOML, "amount = \"1.5 MUSD/MW-IT\", ", "", &[]),
    (NNN_TOML, "\"1.5 MUSD/MW-IT\"", "\"1.5 MUSD/MW\"", &[]),
    (NNN_TOML, "tenant_funded = \"30 %\"", "tenant_funded = \"8 MUSD\"", &[]),
    (NNN_TOML, "tenant_funded = \"30 %\"", "tenant_funded = \"200 USD/MWh\"", &[]),
    (NNN_TOML, "tenant_funded = \"30 %\"", "tenant_funded = 30", &[]),
    (NNN_TOML, "default = \"2 %/year\"", "defualt = \"2 %/year\"", &[]),
    (NNN_TOML, "count = 2", "count = 6", &[]),
    (NNN_TOML, "probability = \"60 %\", ", "", &[]),
    (NNN_TOML, "\"0.25 MUSD/MW-IT\"", "\"-1 USD/MW-IT\"", &[]),
    (NNN_TOML, "\"130 kW/rack\"", "\"130 kW\"", &[]),
    (NNN_TOML, "\"n+1\"", "\"n + 1\"", &[]),
    (NNN_TOML, "density = \"130 kW/rack\"", "density = \"150 kW/rack\"", &[]),
    (NNN_TOML, "exclusive_group = \"pjm\"", "exclusive_group = \"pjn\"", &[]),
    (NNN_TOML, "exclusive_group = \"pjm\"", "exclusive_group = \"pjm liquid\"", &[]),
    (NNN_TOML, "tenant_funded = \"30 %\"", "probability = \"30 %\"", &[]),
    (NNN_TOML, "size = { min = \"20 MW-IT\"", "status = \"signed\"\nsize = { min = \"0 MW-IT\"", &[]),
    (NNN_TOML, "exclusive_group = \"pjm\"", "debt = { ltc = \"60 %\" }", &[]),
    (LOI_TOML, "\"letter-of-intent\"\nprobability = \"40 %\"", "\"letter-of-intent\"\nprobability = 40", &[]),
    (LIQUID_TOML, "redundancy = \"2n\"", "redundancy = \"3n\"", &[]),
    (LIQUID_TOML, "life = \"5 years\"", "life = \"0 months\"", &[]),
    (AIR_TOML, "phase = \"all\"", "phase = \"all\"\nlife = \"60 months\"", &[]),
    (PORTFOLIO_TOML, "[\"prepayment\", \"advance\"]", "[\"prepaymnt\", \"advance\"]", &[]),
    (PORTFOLIO_TOML, "cap = \"50 MW-IT\"", "cap = \"50 MW\"", &[]),
    (PORTFOLIO_TOML, "mix = { share = \"40 %\", from", "mix = { share = 40, from", &[]),
    (PORTFOLIO_TOML, "from = 2027-07-01", "from = 2029-07-01", &[]),
    (PORTFOLIO_TOML, "to = 2027-09-30", "to = 2026-09-30", &[]),
    (PORTFOLIO_TOML, "\"0.5 EH/s\"", "\"0.5 TH\"", &[]),
    (PORTFOLIO_TOML, ", free = \"20 MW-IT\"", "", &[]),
    (PORTFOLIO_TOML, "kind = \"force\"", "kind = \"forced\"", &[]),
    (PORTFOLIO_TOML, "offer = \"nnn\"\nstart", "offer = \"nn\"\nstart", &[]),
    (PORTFOLIO_TOML, "retrofit = \"liquid\"\noffer", "retrofit = \"liqid\"\noffer", &[]),
    (PORTFOLIO_TOML, "hall = \"north\"", "hall = \"nroth\"", &[]),
    (PORTFOLIO_TOML, "site = \"alpha\"\nhall = \"north\"", "hall = \"north\"", &[]),
    (PORTFOLIO_TOML, "site = \"alpha\"\nhall = \"field\"", "hall = \"field\"", &[]),
    (PORTFOLIO_TOML, "start = 2026-10-01\n", "start = 2026-10-15\n", &[]),
    (PORTFOLIO_TOML, "start = 2026-10-01\n", "start = 2027-04-01\n", &[]),
    (PORTFOLIO_TOML, "start = 2027-04-01", "start = 2027-05-01", &[]),
    (PORTFOLIO_TOML, "start = 2027-04-01", "start = 2027-07-01", &[]),
    (PORTFOLIO_TOML, "start = 2027-04-01", "start = 2026-07-01", &[]),
    (PORTFOLIO_TOML, "spent = \"12 MUSD\"", "halls = 3", &[]),
    (PORTFOLIO_TOML, "halls = 2", "halls = 5", &[]),
    (PORTFOLIO_TOML, "halls = 2", "spent = \"1 MUSD\"", &[]),
    (PORTFOLIO_TOML, "offer = \"loi\"\n", "halls = 2\n", &[]),
    (PORTFOLIO_TOML, "retrofit = \"liquid\"\noffer", "retrofit = \"air\"\noffer", &[]),
    (PORTFOLIO_TOML, "hall = \"field\"\noffer = \"loi\"", "offer = \"nnn\"", &[]),
    (PORTFOLIO_TOML, "hall = \"field\"\noffer = \"loi\"", "", &[]),
    (PORTFOLIO_TOML, "site = \"alpha\"\nhall = \"field\"\noffer = \"loi\"", "site = \"beta\"\noffer = \"nnn\"", &[]),
    (PORTFOLIO_TOML, "offer = \"nnn\"\nstart", "offer = \"loi\"\nstart", &[]),
    (PORTFOLIO_TOML, "start = 2027-04-01\nhalls = 2", "work = \"feeder\"", &[]),
    (DECK_TOML, "market = \"ERCOT\"\nclass = \"air\"", "market = \"PJM\"\nclass = \"liquid\"", &[]),
    (DECK_TOML, "amount = \"40 MW-IT\"", "amount = \"40 MW\"", &[]),
    (DECK_TOML, "growth = \"10 MW-IT/year\"", "growth = \"10 MW-IT\"", &[]),
    (DECK_TOML, "[[absorption]]", "[[absorption]]\nmarket = \"PJM\"\namount = \"1 MW-IT\"\n[[absorption]]", &[]),
    (DECK_TOML, "market = \"PJM\"\namount", "market = \"MISO\"\namount", &[]),
    (DECK_TOML, "occupancy = [\"25 %\", \"50 %\"]", "occupancy = \"25 %\"", &[]),
];

#[test]
fn every_mistake_in_a_finer_term_is_placed_and_mended() {
    for (file, from, to, expected) in CASES {
        println!("{:?}", said_of_full(&[(file, from, to)], full())); let _=expected;
    }
}
