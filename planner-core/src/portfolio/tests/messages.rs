//! What is said about single mistakes, word for word.
//!
//! Long because it is a table: one literal message a row.

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
        assert_eq!(said(file, from, to), *expected, "{file}: {to}");
    }
}

/// File, what is replaced in it, by what, and all that is said.
const CASES: &[(&str, &str, &str, &[&str])] = &[
    (
        ALPHA_TOML,
        "hall_power = \"20 MW\"",
        "hall_power = 20",
        &[
            r#"sites/alpha.toml:21:14 E201 `hall_power` is `20`, without a unit: expected gross (utility) power [write `hall_power = "20 MW"`, if it is in MW]"#,
        ],
    ),
    (
        ALPHA_TOML,
        "hall_power = \"20 MW\"",
        "hall_power = 20 MW",
        &[
            r#"sites/alpha.toml:21:14 E001 this is not TOML: string values must be quoted, expected literal string [put quotes around the value: "20 MW"]"#,
        ],
    ),
    (
        ALPHA_TOML,
        "hall_power = \"20 MW\"",
        "hall_powr = \"20 MW\"",
        &["sites/alpha.toml:21:1 E101 there is no key `hall_powr` in hall `north` [did you mean `hall_power`?]"],
    ),
    (
        ALPHA_TOML,
        "hall_power = \"20 MW\"",
        "hall_power = \"20 MW-IT\"",
        &[
            r#"sites/alpha.toml:21:14 E201 `hall_power` is `20 MW-IT`, which is critical IT load: expected gross (utility) power [write `hall_power = "20 MW"`, if it is gross (utility) power]"#,
        ],
    ),
    (
        ALPHA_TOML,
        "hall_power = \"20 MW\"",
        "hall_power = \"nan MW\"",
        &[
            r#"sites/alpha.toml:21:14 E201 `hall_power` is `nan MW`: expected gross (utility) power, a number with its unit [for example `hall_power = "10 MW"`]"#,
        ],
    ),
    (
        ALPHA_TOML,
        "hall_power = \"20 MW\"",
        "hall_power = [1]",
        &[
            r#"sites/alpha.toml:21:14 E103 `hall_power` is a list: expected gross (utility) power, in quotes [for example `hall_power = "10 MW"`]"#,
        ],
    ),
    (
        ALPHA_TOML,
        "hall_power = \"20 MW\"",
        "hall_power = \"0 MW\"",
        &["sites/alpha.toml:21:14 E203 `hall_power` is `0 MW`: expected more than `0 MW` and at most `100000 MW`"],
    ),
    (
        ALPHA_TOML,
        "hall_power = \"20 MW\"",
        "hall_power = ",
        &[
            "sites/alpha.toml:21:14 E001 this is not TOML: string values must be quoted, expected literal string [a value is missing after `=`]",
        ],
    ),
    (
        ALPHA_TOML,
        "hall_power = \"20 MW\"",
        "hall_power = \"20 MW",
        &[r#"sites/alpha.toml:21:20 E001 this is not TOML: invalid basic string, expected `"`"#],
    ),
    (
        ALPHA_TOML,
        "count = 2",
        "count = \"2 halls\"",
        &[
            r#"sites/alpha.toml:20:9 E103 `count` is `"2 halls"`: expected a whole number, without quotes and unit [for example `count = 1`]"#,
        ],
    ),
    (ALPHA_TOML, "count = 2", "count = 0", &["sites/alpha.toml:20:9 E203 `count` is `0`: expected 1 to 10000"]),
    (
        ALPHA_TOML,
        "use = \"mining\"",
        "use = \"minning\"",
        &[
            r#"sites/alpha.toml:19:7 E204 `use` is `minning`: expected `mining`, `pad` or `third-party` [write `use = "mining"`]"#,
        ],
    ),
    (
        ALPHA_TOML,
        "firm = \"50 MW\"",
        "firm = [{ from = 2027-01-01, power = \"60 MW\" }]",
        &[
            "sites/alpha.toml:10:8 E304 on 2027-01-01 `firm` is 60 MW, but `connection` is 50 MW: firm power is a part of the connection [lower `firm`, raise `connection`, or change a date]",
        ],
    ),
    (
        ALPHA_TOML,
        "firm = \"50 MW\"",
        "",
        &[
            r#"sites/alpha.toml:8:1 E102 `firm` is missing in the power of site `alpha` [add `firm = "100 MW"`, or a list `[{ from = 2027-01-01, power = "100 MW" }]`]"#,
        ],
    ),
    (
        ALPHA_TOML,
        "2027-09-30",
        "2026-09-30",
        &[
            "sites/alpha.toml:9:55 E304 the dates of `connection` must rise, but 2026-09-30 follows 2026-12-31 [write the entries in the order of their dates]",
        ],
    ),
    (
        ALPHA_TOML,
        "2027-09-30",
        "2027-02-30",
        &[
            "sites/alpha.toml:9:64 E202 `2027-02-30` is not a date of the calendar: invalid date, expected day between 01 and 28",
        ],
    ),
    (
        ALPHA_TOML,
        "deck = \"west\"",
        "deck = \"wst\"",
        &["sites/alpha.toml:11:25 E301 there is no deck energy price `wst` [did you mean `west`?]"],
    ),
    (
        ALPHA_TOML,
        "[mining]",
        "[minning]",
        &["sites/alpha.toml:13:2 E101 there is no key `minning` in site `alpha` [did you mean `mining`?]"],
    ),
    (
        ALPHA_TOML,
        "id = \"field\"",
        "id = \"north\"",
        &[
            "sites/alpha.toml:25:6 E302 there are two halls `north` at this site [give each hall group of the site its own name]",
        ],
    ),
    (
        ALPHA_TOML,
        "id = \"field\"",
        "id = \"the field\"",
        &[
            r#"sites/alpha.toml:25:6 E204 `id` is `the field`: a name has 1 to 64 letters, digits, `-`, `_`, or `.` [write `id = "the-field"`]"#,
        ],
    ),
    (
        ALPHA_TOML,
        "\"liquid\", \"air\"",
        "\"liqid\", \"air\"",
        &["sites/alpha.toml:22:14 E301 there is no retrofit `liqid` [did you mean `liquid`?]"],
    ),
    (
        ALPHA_TOML,
        "{ transformer =",
        "{ transfomer =",
        &["sites/alpha.toml:33:12 E301 there is no phase `transfomer` [did you mean `transformer`?]"],
    ),
    (
        ALPHA_TOML,
        "[overrides.liquid]",
        "[overrides.liquidd]",
        &["sites/alpha.toml:32:12 E301 there is no retrofit `liquidd` [did you mean `liquid`?]"],
    ),
    (
        ALPHA_TOML,
        "cost_factor = \"94 %\"",
        "cost_factor = 94\nshare=\"50 %\"",
        &[
            r#"sites/alpha.toml:34:15 E203 `cost_factor` is `94`, which is 9400 %: expected `0 %` to `300 %` [write `cost_factor = "94 %"`, if it is in %]"#,
            "sites/alpha.toml:35:1 E101 there is no key `share` in the override of `liquid` [remove it, or see the data reference for the keys]",
        ],
    ),
    (
        ALPHA_TOML,
        "confidence = \"assumed\"",
        "confidence = \"unverified\"",
        &["sites/alpha.toml:6:14 E204 `confidence` is `unverified`: expected `sourced`, `estimated` or `assumed`"],
    ),
    (
        BETA_TOML,
        "[[hall]]",
        "[hall]",
        &[
            "sites/beta.toml:9:1 E103 `hall` is a table: expected a list of tables, each a hall [begin each of them with `[[hall]]`, or write `hall = [{ … }, …]`]",
        ],
    ),
    (
        BETA_TOML,
        "uptime = \"95 %\"",
        "uptime = 95",
        &[
            r#"sites/beta.toml:7:10 E203 `uptime` is `95`, which is 9500 %: expected `0 %` to `100 %` [write `uptime = "95 %"`, if it is in %]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        "format = 1",
        "format = 2",
        &[
            "portfolio.toml:1:10 E005 `format` is `2`: this version reads format 1 [use a newer planner, or write `format = 1` if the file is older]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "format = 1",
        "",
        &["portfolio.toml:1:1 E102 `format` is missing in the portfolio [add `format = 1` as the first line]"],
    ),
    (
        PORTFOLIO_TOML,
        "2027-06-30",
        "2029-06-30",
        &[
            "portfolio.toml:10:16 E305 `latest_start` is `2029-06-30`: expected a date in the horizon, from 2027-01-01 to before 2028-01-01 [write `latest_start = 2027-12-31` or an earlier date]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "periods = 4",
        "periods = 400",
        &[
            "portfolio.toml:9:11 E203 400 periods of 3 months are 1200 months: expected at most 480 [write `periods = 160`]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "start = 2027-01-01",
        "start = 2027-01-15",
        &[
            "portfolio.toml:7:9 E203 `start` is `2027-01-15`: the horizon starts on the first of a month [write `start = 2027-01-01`]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "start = 2027-01-01",
        "start = \"01/01/2027\"",
        &[
            "portfolio.toml:7:9 E202 `start` is `01/01/2027`: expected a date of the calendar, year-month-day without a time [for example `start = 2027-01-31`]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "discount_rate = \"10 %/year\"",
        "discount_rate = 10\ntax_rate = \"21 %\"",
        &[
            r#"portfolio.toml:13:17 E203 `discount_rate` is `10`, which is 1000 %: expected `0 %/year` to `50 %/year` [write `discount_rate = "10 %/year"`, if it is in %/year]"#,
            "portfolio.toml:14:1 E104 `tax_rate` belongs to a part of the model that this version does not plan yet [remove it]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "\"500 MUSD\"",
        "500000000",
        &[
            r#"portfolio.toml:18:42 E201 `amount` is `500000000`, without a unit: expected money [write `amount = "500000000 USD"`, if it is in USD]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        "[\"alpha\"]",
        "[\"alhpa\"]",
        &["portfolio.toml:19:23 E301 there is no site `alhpa` [did you mean `alpha`?]"],
    ),
    (
        PORTFOLIO_TOML,
        "library = \"../library\"",
        "library = \"/library\"",
        &[
            r#"portfolio.toml:3:11 E204 `library` is `/library`: expected a folder relative to this file, with `/` between names [for example `library = "../library"`]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        "deck = \"flat\"",
        "deck = \"flt\"",
        &[
            "portfolio.toml:4:8 E003 there is no file `../library/decks/flt/deck.toml`: `deck` names a folder of the library's `decks` [add the file `../library/decks/flt/deck.toml`]",
        ],
    ),
    (
        OFFER_TOML,
        "min = \"20 MW-IT\", max",
        "min = \"200 MW\", max",
        &[
            r#"offers/nnn.toml:2:16 E201 `min` is `200 MW`, which is gross (utility) power: expected critical IT load [write `min = "200 MW-IT"`, if it is critical IT load]"#,
        ],
    ),
    (
        OFFER_TOML,
        "min = \"20 MW-IT\", max",
        "min = \"60 MW-IT\", max",
        &[
            "offers/nnn.toml:2:16 E304 `size.min` is 60 MW-IT, more than `size.max`, 40 MW-IT [exchange the two, or correct one of them]",
        ],
    ),
    (
        OFFER_TOML,
        "129.8 USD/kW-month",
        "129.8 USD/MWh",
        &[
            r#"offers/nnn.toml:5:8 E201 `rent` is `129.8 USD/MWh`, which is energy price: expected rent per kW of critical IT load and month [for example `rent = "10 USD/kW-month"`]"#,
        ],
    ),
    (
        OFFER_TOML,
        "\"liquid\"",
        "\"liqid\"",
        &[
            "offers/nnn.toml:8:9 W401 no retrofit that a hall allows has the class `liqid`, so the offer cannot be served [did you mean `liquid`?]",
        ],
    ),
    (
        OFFER_TOML,
        "long_stop = 2028-12-31",
        "long_stop = 2027-12-31\nplan_on = true\ndebt = {}",
        &[
            "offers/nnn.toml:11:13 E304 `long_stop` is 2027-12-31, before `ready_by`, 2028-03-31 [the order is `earliest`, then `ready_by`, then `long_stop`]",
            r#"offers/nnn.toml:12:11 E304 `plan_on` is only for an offer with `status = "letter-of-intent"` [remove `plan_on`, or change the status]"#,
            "offers/nnn.toml:13:1 E104 `debt` belongs to a part of the model that this version does not plan yet [remove it]",
        ],
    ),
    (
        OFFER_TOML,
        "sites = [\"alpha\"]",
        "sites = \"alpha\"",
        &[r#"offers/nnn.toml:9:9 E103 `sites` is `alpha`: expected a list of site names [write `sites = ["alpha"]`]"#],
    ),
    (
        OFFER_TOML,
        "sites = [\"alpha\"]",
        "markets = [\"PJM\", \"CAISO\"]",
        &["offers/nnn.toml:9:19 E301 there is no site in the market `CAISO` [there is `ERCOT` or `PJM`]"],
    ),
    (
        OFFER_TOML,
        "term = \"120 months\"",
        "term = \"10.5 years\"",
        &[
            r#"offers/nnn.toml:4:8 E201 `term` is `10.5 years`: expected a whole number of months [write `term = "126 months"`]"#,
        ],
    ),
    (
        LIQUID_TOML,
        "pue = 1.15",
        "pue = 1.45",
        &[
            "../library/retrofits/liquid.toml:4:7 E304 `pue` is 1.45, more than `gross_to_critical`, 1.35 [the energy drawn cannot exceed the power reserved]",
        ],
    ),
    (
        LIQUID_TOML,
        "after = [\"design\"]\nstops",
        "after = [\"fit-out\"]\nstops",
        &[
            "../library/retrofits/liquid.toml:19:6 E303 phases wait for one another: fit-out → strip-out → fit-out [take one of them out of an `after` list]",
        ],
    ),
    (
        LIQUID_TOML,
        "after = [\"design\"]\nstops_mining = true",
        "after = [\"desing\"]",
        &[
            "../library/retrofits/liquid.toml:1:1 E304 `liquid` is allowed in a mining hall, so exactly one of its phases must stop mining; 0 do [write `stops_mining = true` in one `[[phase]]` only]",
            "../library/retrofits/liquid.toml:16:10 E301 there is no phase `desing` [did you mean `design`?]",
        ],
    ),
    (
        LIQUID_TOML,
        "\"2.1 MUSD/MW-IT\"",
        "2100",
        &[
            r#"../library/retrofits/liquid.toml:24:10 E201 `amount` is `2100`: expected an amount in `USD/kW-IT`, `USD/kW`, `USD/hall` or `USD/site` (or MUSD); the unit says what the amount is per [write `amount = "2100 USD/kW-IT"`, if it is in USD/kW-IT]"#,
        ],
    ),
    (
        LIQUID_TOML,
        "phase = \"fit-out\"",
        "phase = \"fitout\"",
        &["../library/retrofits/liquid.toml:25:9 E301 there is no phase `fitout` [did you mean `fit-out`?]"],
    ),
    (
        LIQUID_TOML,
        "id = \"fit-out\"",
        "id = \"fit/out\"",
        &[
            r#"../library/retrofits/liquid.toml:19:6 E204 `id` is `fit/out`: a name has 1 to 64 letters, digits, `-`, `_`, or `.` [write `id = "fit-out"`]"#,
        ],
    ),
    (
        MACHINES_CSV,
        "beta,Antminer S19",
        "beta,Antminer S91",
        &["machines.csv:3:6 E301 there is no ASIC model `Antminer S91` [did you mean `Antminer S19`?]"],
    ),
    (
        MACHINES_CSV,
        "beta,Antminer S19,5000",
        "beta,Antminer S19,50000",
        &[
            "machines.csv:3:6 W402 the air-cooled machines at `beta` draw 172.25 MW with cooling and losses (overhead 6 %), more than its racks for them, 20 MW [not all of them can run; check the counts and the halls]",
        ],
    ),
    (
        MACHINES_CSV,
        "beta,",
        "alpha,",
        &[
            "machines.csv:2:7 W402 the air-cooled machines at `alpha` draw 55.12 MW with cooling and losses (overhead 6 %), more than its racks for them, 40 MW [not all of them can run; check the counts and the halls]",
            "machines.csv:3:7 E302 there are two rows of `Antminer S19` at `alpha` [add the two counts up in one row]",
        ],
    ),
    (
        MACHINES_CSV,
        "[USD/machine]",
        "",
        &[
            "machines.csv:1:18 E201 the column `book` has no unit: expected amount per machine [write its header as `book [USD/machine]`, if its cells are in USD/machine]",
        ],
    ),
    (
        MACHINES_CSV,
        "book [USD/machine]",
        "book [USD/TH]",
        &[
            "machines.csv:1:18 E201 the column `book` has the unit `USD/TH`: expected amount per machine [convert its cells to USD/machine, and write its header as `book [USD/machine]`]",
        ],
    ),
    (
        MACHINES_CSV,
        "life_left",
        "live_left",
        &["machines.csv:1:37 E101 there is no column `live_left` in `machines.csv` [did you mean `life_left`?]"],
    ),
    (
        MACHINES_CSV,
        "11000,300,24",
        "11000,300",
        &[
            "machines.csv:2:1 E001 the row has 4 cells; the header names 5 columns [put quotes around a cell that contains a comma]",
            "machines.csv:2:1 E102 `life_left` is missing in a row of machines [fill the cell, for instance with `14 months`]",
        ],
    ),
    (
        MONTHLY_CSV,
        "2027-03,90000,900,20,40.5,9,3\n",
        "",
        &[
            "../library/decks/flat/monthly.csv:5:1 E305 `2027-04` follows `2027-02`: expected `2027-03` [give every month one row, in order]",
        ],
    ),
    (
        MONTHLY_CSV,
        "2027-03,90000",
        "2027-03,-1",
        &["../library/decks/flat/monthly.csv:5:9 E203 `btc_price` is `-1`: expected `0 USD` to `1000000000 USD`"],
    ),
    (
        DECK_TOML,
        "price = \"16 USD/TH\"",
        "price = \"8 USD/TH\"",
        &[
            "../library/decks/flat/deck.toml:9:9 W403 a used `Antminer S21` fetches 9.00 USD/TH in 2027-01, more than a new one costs, 8.00 USD/TH [the plan may buy machines only to sell them; correct `price`, `growth` or the `resale` of its efficiency]",
        ],
    ),
    (
        DECK_TOML,
        "price = \"16 USD/TH\"",
        "price = \"10 USD/TH\"\ngrowth = \"-50 %/year\"",
        &[
            "../library/decks/flat/deck.toml:9:9 W403 a used `Antminer S21` fetches 9.00 USD/TH in 2027-03, more than a new one costs, 8.91 USD/TH [the plan may buy machines only to sell them; correct `price`, `growth` or the `resale` of its efficiency]",
        ],
    ),
    (
        MONTHLY_CSV,
        "resale:25-40",
        "resale:20-40",
        &[
            "../library/decks/flat/monthly.csv:1:97 E304 the resale bands 15-25 and 20-40 J/TH overlap [a band ends where the next one begins]",
        ],
    ),
    (
        MONTHLY_CSV,
        "resale:25-40",
        "resale:25+",
        &[
            "../library/decks/flat/monthly.csv:1:97 E201 `resale:25+` names no band of efficiency: expected two numbers in J/TH, rising [for example `resale:15-20 [USD/TH]`, the lower end included]",
        ],
    ),
    (
        MONTHLY_CSV,
        "[BTC/day]",
        "[BTC]",
        &[
            "../library/decks/flat/monthly.csv:1:39 E201 the column `fees` has the unit `BTC`: expected bitcoin per day [convert its cells to BTC/day, and write its header as `fees [BTC/day]`]",
        ],
    ),
    (
        MONTHLY_CSV,
        "2027-11,90000,900,20,40.5,9,3\n2027-12,90000,900,20,40.5,9,3\n2028-01,90000,900,20,40.5,9,3\n",
        "",
        &[
            "../library/decks/flat/monthly.csv:12:1 E305 the series end with 2027-10; the horizon needs them up to 2027-12 [add the months, or move the horizon in `portfolio.toml`]",
        ],
    ),
    (
        ASICS_CSV,
        "Old,10,1500,air,9",
        "Old,10,1500,water,9",
        &["../library/asics.csv:4:13 E204 `cooling` is `water`: expected `air`, `hydro` or `immersion`"],
    ),
    (
        ASICS_CSV,
        "Antminer S19,95,3250,air",
        "Antminer S19,95,3250,hydro",
        &[
            "machines.csv:2:7 W402 `Antminer S19` is hydro-cooled, but `alpha` has no rack for it: the machines cannot run there [correct `cooling` of a hall or of the model]",
            "machines.csv:3:6 W402 `Antminer S19` is hydro-cooled, but `beta` has no rack for it: the machines cannot run there [correct `cooling` of a hall or of the model]",
        ],
    ),
    (
        DECK_TOML,
        "\"Antminer S21\"",
        "\"Antminer S22\"",
        &[
            "../library/decks/flat/deck.toml:9:9 E301 there is no ASIC model `Antminer S22` [did you mean `Antminer S21`?]",
        ],
    ),
    (
        DECK_TOML,
        "date = 2028-04-01",
        "date = 2028-04-01T00:00:00Z",
        &[
            "../library/decks/flat/deck.toml:6:8 E202 `date` is `2028-04-01T00:00:00Z`: expected a date of the calendar, year-month-day without a time [for example `date = 2027-01-31`]",
        ],
    ),
    (
        ALPHA_TOML,
        "count = 2",
        "count = 40",
        &[
            "sites/alpha.toml:17:1 W402 the halls of `alpha` would reserve 809 MW if all were hosted, more than its largest connection, 350 MW [this is allowed: not all can be converted; check `count`, `hall_power` and `usable_share`]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "\"500 MUSD\"",
        "\"5 hundred\"",
        &[
            r#"portfolio.toml:18:42 E201 `amount` is `5 hundred`, in `hundred`, which is not a known unit: expected money [write `amount = "500 USD"`, if it is in USD]"#,
        ],
    ),
    (
        ALPHA_TOML,
        "name = \"Alpha\"",
        "name = \"Al\u{202e}pha\"",
        &[
            r#"sites/alpha.toml:1:8 E103 `name` is `"Al�pha"`: expected a text of one line, without control or invisible characters; it has U+202E after `Al` [write `name = "Alpha"`]"#,
        ],
    ),
    (
        ALPHA_TOML,
        "2041-06-30",
        "\"30 June 2041\"",
        &[
            "sites/alpha.toml:3:27 E202 `leased_until` is `30 June 2041`: expected a date of the calendar, year-month-day without a time [for example `leased_until = 2027-01-31`]",
        ],
    ),
    (
        BETA_TOML,
        "energy_price = \"46 USD/MWh\"",
        "energy_price = \"46 EUR/MWh\"",
        &[
            "sites/beta.toml:5:16 E201 `energy_price` is `46 EUR/MWh`, in `EUR/MWh`, which is not a known unit: expected energy price [amounts are in US dollars: convert it, and name the rate in `source`]",
        ],
    ),
    (
        BETA_TOML,
        "location =",
        "share = \"50 %\"\nlocation =",
        &[
            "sites/beta.toml:1:1 E104 `share` belongs to a part of the model that this version does not plan yet [remove it]",
        ],
    ),
    (
        MACHINES_CSV,
        "site,model,count",
        "site;model;count",
        &[
            "machines.csv:2:1 E001 the row has 5 cells; the header names 3 columns (in 2 places) [put quotes around a cell that contains a comma]",
            "machines.csv:1:1 E101 there is no column `site;model;count` in `machines.csv` [remove it, or see the data reference for the keys]",
            "machines.csv:1:1 E102 there is no column `count` [add the column `count`]",
            "machines.csv:1:1 E102 there is no column `model` [add the column `model`]",
            "machines.csv:1:1 E102 there is no column `site` [add the column `site`]",
            "machines.csv:2:7 E201 `book` is `Antminer S19`: expected amount per machine, a number with its unit (in 2 places) [for example `10 USD/machine`]",
            "machines.csv:2:20 E203 `life_left` is `11000`: expected `0 months` to `480 months`",
            "machines.csv:3:19 E203 `life_left` is `5000`: expected `0 months` to `480 months`",
        ],
    ),
    (
        MACHINES_CSV,
        "beta,Antminer",
        "bete,Antminer",
        &["machines.csv:3:1 E301 there is no site `bete` [did you mean `beta`?]"],
    ),
    (
        LIQUID_TOML,
        "stops_mining = true",
        "stops_mining = \"true\"",
        &[
            r#"../library/retrofits/liquid.toml:17:16 E103 `stops_mining` is `"true"`: expected true or false, without quotes [for example `stops_mining = true`]"#,
        ],
    ),
    (
        LIQUID_TOML,
        "pue = 1.15",
        "pue = nan",
        &[
            "../library/retrofits/liquid.toml:4:7 E103 `pue` is `nan`: expected a finite number [for example `pue = 1.15`]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "format = 1",
        "format = 1\ncrews = []",
        &["portfolio.toml:2:1 E101 there is no key `crews` in the portfolio [did you mean `crew`?]"],
    ),
    (
        ALPHA_TOML,
        "firm = \"50 MW\"",
        "firm = \"400 MW\"",
        &[
            "sites/alpha.toml:10:8 E304 `firm` is 400 MW, but the largest `connection` is 350 MW: firm power is a part of the connection [lower `firm` or raise `connection`]",
        ],
    ),
];

#[test]
fn six_mistakes_in_one_file_are_reported_in_one_run() {
    let folder = with(&[
        (ALPHA_TOML, "firm = \"50 MW\"", "firm = \"500 MW\""),
        (ALPHA_TOML, "uptime = \"97 %\"", "uptime = 97"),
        (ALPHA_TOML, "use = \"mining\"", "use = \"minning\""),
        (ALPHA_TOML, "hall_power = \"20 MW\"", "hall_power = 20"),
        (ALPHA_TOML, "\"liquid\", \"air\"", "\"liqid\", \"air\""),
        (ALPHA_TOML, "count = 1", "cuont = 1"),
    ]);
    assert_eq!(
        printed(&read(&folder)),
        [
            "sites/alpha.toml:10:8 E304 `firm` is 500 MW, but the largest `connection` is 350 MW: firm power is a part of the connection [lower `firm` or raise `connection`]",
            r#"sites/alpha.toml:14:10 E203 `uptime` is `97`, which is 9700 %: expected `0 %` to `100 %` [write `uptime = "97 %"`, if it is in %]"#,
            r#"sites/alpha.toml:19:7 E204 `use` is `minning`: expected `mining`, `pad` or `third-party` [write `use = "mining"`]"#,
            r#"sites/alpha.toml:21:14 E201 `hall_power` is `20`, without a unit: expected gross (utility) power [write `hall_power = "20 MW"`, if it is in MW]"#,
            "sites/alpha.toml:22:14 E301 there is no retrofit `liqid` [did you mean `liquid`?]",
            "sites/alpha.toml:27:1 E101 there is no key `cuont` in hall `field` [did you mean `count`?]",
        ]
    );
}

#[test]
fn mistakes_across_files_are_reported_in_one_run() {
    let checked = read(&with(&[
        (ALPHA_TOML, "uptime = \"97 %\"", "uptime = 97"),
        (BETA_TOML, "count = 1", "count = 0"),
        (PORTFOLIO_TOML, "periods = 4", "periods = \"4 quarters\""),
        (OFFER_TOML, "\"120 months\"", "120"),
        (LIQUID_TOML, "pue = 1.15", "pue = 3"),
        (DECK_TOML, "\"3.125 BTC\"", "3.125"),
        (MONTHLY_CSV, "2027-05,90000", "2027-05,ninety"),
        (ASICS_CSV, "95,3250", "95,3.25 kW"),
        (MACHINES_CSV, "alpha,", "alfa,"),
    ]));
    let files: Vec<&str> =
        checked.diagnostics.iter().filter_map(|d| d.span.as_ref()).map(|s| s.file.as_str()).collect();
    assert_eq!(
        files,
        [
            ASICS_CSV,
            DECK_TOML,
            MONTHLY_CSV,
            LIQUID_TOML,
            MACHINES_CSV,
            OFFER_TOML,
            PORTFOLIO_TOML,
            ALPHA_TOML,
            BETA_TOML
        ],
        "{:#?}",
        printed(&checked)
    );
}

#[test]
fn mistakes_in_lists_point_at_their_cells() {
    let mut folder = lists();
    let mut replace = |path: &str, from: &str, to: &str| {
        let text = folder.0.get_mut(path).unwrap();
        assert!(text.contains(from), "{path}: {from}");
        *text = text.replacen(from, to, 1);
    };
    replace("sites.csv", "power.firm [MW]", "power.firm");
    replace("sites.csv", "2027-09-30 350 MW", "2026-09-30 350 MW");
    replace("halls.csv", "alpha,north,mining,2,20", "\"alpha\",\"north\",minning,two,20");
    replace("halls.csv", "alpha,field", "alfa,field");
    replace("offers.csv", "129.8", "-1");
    replace("offers.csv", "50 %; 75 %", "50 %; 175 %");
    let with_both = ("sites/beta.toml".to_owned(), small().0["sites/beta.toml"].clone());
    folder.0.insert(with_both.0, with_both.1);
    assert_eq!(
        printed(&read(&folder)),
        [
            "halls.csv:2:17 E204 `use` is `minning`: expected `mining`, `pad` or `third-party` [write `mining`]",
            "halls.csv:2:25 E103 `count` is `two`: expected a whole number [for example `1`]",
            "halls.csv:3:1 E301 there is no site `alfa` [did you mean `alpha`?]",
            "offers.csv:2:75 E203 `rent` is `-1`: expected `0 USD/kW-month` to `10000 USD/kW-month`",
            "offers.csv:2:85 E203 `ramp` is `175 %`: expected `0 %` to `100 %`",
            "sites.csv:1:109 E201 the column `power.firm` has no unit: expected gross (utility) power [write its header as `power.firm [MW]`, if its cells are in MW]",
            "sites.csv:2:1 E302 there are two sites `beta` [keep one of the two; `sites/` and `sites.csv` are read together]",
            "sites.csv:3:55 E304 the dates of `connection` must rise, but 2026-09-30 follows 2026-12-31 [write the entries in the order of their dates]",
        ]
    );
}

#[test]
fn a_whole_file_of_semicolons_is_one_mistake() {
    let mut folder = small();
    let text = folder.0.get_mut(MACHINES_CSV).unwrap();
    *text = text.replace(',', ";");
    assert_eq!(
        printed(&read(&folder)),
        [
            "machines.csv:1:1 E001 the columns are separated by semicolons: expected commas [save the file as CSV with commas]"
        ]
    );
}

#[test]
fn without_sites_there_is_nothing_to_plan() {
    let mut folder = small();
    folder.0.retain(|path, _| !path.starts_with("sites/") && path != MACHINES_CSV && path != "offers/nnn.toml");
    folder.0.insert("works/feeder.toml".to_owned(), String::new());
    let pot = folder.0.get_mut(PORTFOLIO_TOML).unwrap();
    *pot = pot.replace("eligible = { sites = [\"alpha\"] }", "");
    assert_eq!(
        printed(&read(&folder)),
        [
            "portfolio.toml:1:1 E003 the portfolio has no sites [add a file `sites/<id>.toml` for each site, or a list `sites.csv`]",
            r#"works/feeder.toml:1:1 E102 `cost` is missing in work `feeder` [add `cost = "10 USD"`]"#,
            r#"works/feeder.toml:1:1 E102 `months` is missing in work `feeder` [add `months = "14 months"`]"#,
        ]
    );
    assert_eq!(
        printed(&read(&InMemory::default())),
        [
            "portfolio.toml:1:1 E003 there is no file `portfolio.toml`: a portfolio begins with it [add the file `portfolio.toml`]"
        ]
    );
}
