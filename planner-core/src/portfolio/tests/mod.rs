//! A small portfolio, and what is said when it is wrong.

use super::in_memory::InMemory;
use super::{Checked, read};
use crate::diagnostics::{Severity, line_column};

mod causes;
mod facts;
mod folder;
mod full;
mod fuzz;
mod halving;
mod index;
mod late;
mod messages;
mod names;
mod schemas;
mod terms;
mod unread;
mod wide;
mod wide_messages;

use facts::lists;
use full::{full, full_lists};
use wide::{wide, wide_lists};

const PORTFOLIO: &str = r#"format = 1
name = "Small"
library = "../library"
deck = "flat"

[horizon]
start = 2027-01-01
period = "quarter"
periods = 4
latest_start = 2027-06-30

[money]
discount_rate = "10 %/year"
discount.mining = "15 %/year"

[[pot]]
id = "main"
release = [{ from = 2027-01-01, amount = "500 MUSD" }]
eligible = { sites = ["alpha"] }

[moves]
removal = "20 USD/machine"
"#;

const ALPHA: &str = r#"name = "Alpha"
location = { market = "PJM", region = "east" }
tenure = { leased_until = 2041-06-30, rent = "1.2 MUSD/year" }
source = "made up"
as_of = 2026-11-01
confidence = "assumed"

[power]
connection = [{ from = 2026-12-31, power = "50 MW" }, { from = 2027-09-30, power = "350 MW" }]
firm = "50 MW"
energy_price = { deck = "west" }

[mining]
uptime = "97 %"
overhead = 0.06

[[hall]]
id = "north"
use = "mining"
count = 2
hall_power = "20 MW"
retrofits = ["liquid", "air"]

[[hall]]
id = "field"
use = "pad"
count = 1
hall_power = "10 MW"
usable_share = "90 %"
retrofits = ["liquid"]

[overrides.liquid]
phases = { transformer = "0 months" }
cost_factor = "94 %"
"#;

const BETA: &str = r#"location = { market = "ERCOT", region = "south" }
[power]
connection = "30 MW"
firm = "20 MW"
energy_price = "46 USD/MWh"
[mining]
uptime = "95 %"
overhead = "6 %"
[[hall]]
id = "h1"
use = "mining"
count = 1
hall_power = "20 MW"
retrofits = ["air"]
"#;

const OFFER: &str = r#"tenant = "neocloud (assumed)"
size = { min = "20 MW-IT", max = "40 MW-IT" }
tranches = [{ by = 2027-12-31, min = "20 MW-IT" }, { by = 2028-06-30, min = "40 MW-IT" }]
term = "120 months"
rent = "129.8 USD/kW-month"
escalator = "3 %/year"
ramp = ["50 %", "75 %"]
class = "liquid"
sites = ["alpha"]
ready_by = 2028-03-31
long_stop = 2028-12-31
"#;

const LIQUID: &str = r#"name = "Liquid"
class = "liquid"
gross_to_critical = 1.35
pue = 1.15
opex = { operations = "100 USD/kW-IT-year", property_tax = "20 USD/kW-IT-year", insurance = "10 USD/kW-IT-year" }
[[phase]]
id = "design"
months = "4 months"
[[phase]]
id = "transformer"
months = "18 months"
after = ["design"]
[[phase]]
id = "strip-out"
months = "2 months"
after = ["design"]
stops_mining = true
[[phase]]
id = "fit-out"
months = "8 months"
after = ["strip-out", "transformer"]
[[cost]]
category = "cooling"
amount = "2.1 MUSD/MW-IT"
phase = "fit-out"
[[cost]]
category = "power"
amount = "900 USD/kW"
phase = "transformer"
recipe = { deposit = "30 %" }
"#;

const AIR: &str = r#"class = "air"
gross_to_critical = 1.3
pue = 1.25
[opex]
operations = "100 USD/kW-IT-year"
property_tax = "20 USD/kW-IT-year"
insurance = "10 USD/kW-IT-year"
[[phase]]
id = "all"
months = "6 months"
stops_mining = true
[[cost]]
category = "building"
amount = "3 MUSD/site"
phase = "all"
"#;

const ASICS: &str = "model,hashrate [TH/s],power [W],cooling,failure [%/year],confidence\n\
    Antminer S19,95,3250,air,5,sourced\nAntminer S21,200,3500,air,3,\nOld,10,1500,air,9,\n";

const DECK: &str = r#"name = "Flat"
subsidy.at_start = "3.125 BTC"
site_value = "100000 USD/MW"
[[halving]]
height = 1050000
date = 2028-04-01
subsidy = "1.5625 BTC"
[[machine_price]]
model = "Antminer S21"
price = "16 USD/TH"
from = 2027-01-01
"#;

const MACHINES: &str = "site,model,count,book [USD/machine],life_left [months]\nalpha,Antminer S19,11000,300,24\nbeta,Antminer S19,5000,300,24\n";

fn monthly() -> String {
    let header = "month,btc_price [USD],hashrate [EH/s],fees [BTC/day],power:west [USD/MWh],resale:15-25 [USD/TH],\
        resale:25-40 [USD/TH]\n";
    let months = (1..=12).map(|month| format!("2027-{month:02}"));
    let months = ["2026-12".to_owned()].into_iter().chain(months).chain(["2028-01".to_owned()]);
    header.to_owned() + &months.map(|month| month + ",90000,900,20,40.5,9,3\n").collect::<String>()
}

fn small() -> InMemory {
    let files = [
        ("portfolio.toml", PORTFOLIO.to_owned()),
        ("sites/alpha.toml", ALPHA.to_owned()),
        ("sites/beta.toml", BETA.to_owned()),
        ("offers/nnn.toml", OFFER.to_owned()),
        ("machines.csv", MACHINES.to_owned()),
        ("../library/retrofits/liquid.toml", LIQUID.to_owned()),
        ("../library/retrofits/air.toml", AIR.to_owned()),
        ("../library/asics.csv", ASICS.to_owned()),
        ("../library/decks/flat/deck.toml", DECK.to_owned()),
        ("../library/decks/flat/monthly.csv", monthly()),
    ];
    InMemory(files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect())
}

/// The small portfolio with texts replaced: file, what, by what.
fn with(changes: &[(&str, &str, &str)]) -> InMemory {
    let mut folder = small();
    for (file, from, to) in changes {
        let text = folder.0.get_mut(*file).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replacen(from, to, 1);
    }
    folder
}

/// Diagnostics as the command line's short form has them.
fn printed(checked: &Checked) -> Vec<String> {
    checked
        .diagnostics
        .iter()
        .map(|d| {
            let place = d.span.as_ref().map_or_else(String::new, |span| {
                let (line, column) = line_column(checked.sources.get(&span.file).map_or("", |s| s), span.start);
                format!("{}:{line}:{column} ", span.file)
            });
            let help = d.help.as_ref().map_or_else(String::new, |help| format!(" [{help}]"));
            format!("{place}{} {}{help}", d.code.as_str(), d.message)
        })
        .collect()
}

fn errors(checked: &Checked) -> usize {
    checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).count()
}

/// All that is said about the small portfolio with one text replaced.
fn said(file: &str, from: &str, to: &str) -> Vec<String> {
    printed(&read(&with(&[(file, from, to)])))
}
