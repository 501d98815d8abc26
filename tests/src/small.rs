//! A small portfolio whose every figure is round, so that its money can be
//! worked by hand.
//!
//! One machine draws 5 kW and has 250 TH/s; a hall of 20 MW holds 4,000, one of 10 MW
//! 2,000. Bitcoin stands at 100,000 USD and the network at 1,000 EH/s, so one TH/s earns
//! 0.045 USD a day at a subsidy of 3.125 and 0.0225 at 1.5625. Energy costs 50 USD/MWh:
//! one machine earns 11.25 − 6 = 5.25 USD a day before the halving and nothing after it.
//! All discount rates are nil, so that NPV is a plain sum.

use std::fmt::Write as _;

use planner_core::portfolio::in_memory::InMemory;

/// The portfolio, to be changed by tests: files by path.
#[must_use]
pub fn portfolio(start: &str, quarters: u32, latest_start: &str, sites: &[(&str, &str)]) -> InMemory {
    let mut files = InMemory::default();
    let mut add = |path: &str, text: String| files.0.insert(path.to_owned(), text);
    add("portfolio.toml", header(start, quarters, latest_start));
    add("library/retrofits/liquid.toml", RETROFIT.to_owned());
    add(
        "library/asics.csv",
        "model,hashrate [TH/s],power [W],cooling,failure [%/year]\nround,250,5000,air,0\n".to_owned(),
    );
    add("library/decks/flat/deck.toml", DECK.to_owned());
    add("library/decks/flat/monthly.csv", monthly(start, quarters * 3));
    add("offers/lease.toml", OFFER.to_owned());
    let mut machines = "site,model,count,book [USD/machine],life_left [months]\n".to_owned();
    for (id, hall) in sites {
        add(&format!("sites/{id}.toml"), format!("{SITE}{hall}"));
        let _ = writeln!(machines, "{id},round,4000,1000,24");
    }
    add("machines.csv", machines);
    files
}

/// Sites without machines: 16 MW-IT each for 16 MUSD; the lease brings 1.6 MUSD a month for a year.
#[must_use]
pub fn pads(quarters: u32, latest_start: &str, sites: &[&str]) -> InMemory {
    let halls: Vec<(&str, &str)> = sites.iter().map(|id| (*id, PAD)).collect();
    let mut files = portfolio("2028-01-01", quarters, latest_start, &halls);
    files.0.remove("machines.csv");
    files
}

/// Two such sites with a lease for each: 19.2 MUSD at plains, 18.816 MUSD at hills.
#[must_use]
pub fn two_leases() -> InMemory {
    let mut files = pads(8, "2028-01-01", &["hills", "plains"]);
    change(&mut files, "offers/lease.toml", "class =", "sites = [\"plains\"]\nclass =");
    let other = files.0["offers/lease.toml"].replace("plains", "hills").replace("100 USD", "98 USD");
    files.0.insert("offers/other.toml".to_owned(), other);
    files
}

/// Replaces a text that must be there in a file.
///
/// # Panics
/// When the file or the text is missing.
#[allow(clippy::panic)]
pub fn change(files: &mut InMemory, path: &str, from: &str, to: &str) {
    let text = files.0.get_mut(path).unwrap_or_else(|| panic!("no {path}"));
    assert!(text.contains(from), "no `{from}` in {path}");
    *text = text.replace(from, to);
}

/// One hall of 20 MW that mines.
pub const ONE_HALL: &str = r#"
[[hall]]
id = "a"
use = "mining"
count = 1
hall_power = "20 MW"
retrofits = ["liquid"]
"#;

/// Two halls of 10 MW; what the site's machines need.
pub const TWO_HALLS: &str = r#"
[[hall]]
id = "a"
use = "mining"
count = 2
hall_power = "10 MW"
retrofits = ["liquid"]
"#;

/// One hall of 20 MW to be built.
const PAD: &str = r#"
[[hall]]
id = "a"
use = "pad"
count = 1
hall_power = "20 MW"
retrofits = ["liquid"]
"#;

fn header(start: &str, quarters: u32, latest_start: &str) -> String {
    format!(
        r#"format = 1
name = "small"
library = "library"
deck = "flat"
[horizon]
start = {start}
period = "quarter"
periods = {quarters}
latest_start = {latest_start}
[money]
discount_rate = "0 %/year"
end_value = "none"
"#
    )
}

const RETROFIT: &str = r#"
name = "Liquid"
class = "liquid"
gross_to_critical = 1.25
pue = 1.2
opex = { operations = "0 USD/kW-IT-year", property_tax = "0 USD/kW-IT-year", insurance = "0 USD/kW-IT-year" }
[[phase]]
id = "design"
months = "1 months"
[[phase]]
id = "strip-out"
months = "1 months"
after = ["design"]
stops_mining = true
[[phase]]
id = "fit-out"
months = "1 months"
after = ["strip-out"]
[[cost]]
category = "cooling"
amount = "1000 USD/kW-IT"
phase = "fit-out"
"#;

const DECK: &str = r#"
name = "Flat"
subsidy = { at_start = "3.125 BTC" }
[[halving]]
height = 1_050_000
date = 2028-04-13
subsidy = "1.5625 BTC"
"#;

const OFFER: &str = r#"
tenant = "tenant"
size = { min = "16 MW-IT", max = "16 MW-IT" }
term = "12 months"
rent = "100 USD/kW-month"
class = "liquid"
"#;

const SITE: &str = r#"
location = { market = "ERCOT", region = "west" }
[power]
connection = "20 MW"
firm = "20 MW"
energy_price = "50 USD/MWh"
[mining]
uptime = "100 %"
overhead = "0 %"
"#;

fn monthly(start: &str, months: u32) -> String {
    let mut text = "month,btc_price [USD],hashrate [EH/s],fees [BTC/day],resale:0-100 [USD/TH]\n".to_owned();
    let mut parts = start.split('-').filter_map(|part| part.parse::<u32>().ok());
    let (year, month) = (parts.next().unwrap_or(2028), parts.next().unwrap_or(1));
    for at in 0..months {
        let (year, month) = (year + (month - 1 + at) / 12, (month - 1 + at) % 12 + 1);
        let _ = writeln!(text, "{year}-{month:02},100000,1000,0,0");
    }
    text
}
