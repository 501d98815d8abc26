//! Small portfolios that between them have every constraint family, each small enough for its model to be read
//! from end to end.
//!
//! To cover a new family, add what it needs to the portfolio nearest to it, or another to [`ALL`].

use planner_core::domain::Fleet;
use planner_core::portfolio::in_memory::InMemory;

use crate::fleet;
use crate::small::{self, ONE_HALL, TWO_HALLS, change};

/// The name of its snapshot, and its facts.
pub type Portfolio = (&'static str, fn() -> Fleet);

/// All of them.
pub const ALL: [Portfolio; 6] = [
    ("offers", offers),
    ("budgets", budgets),
    ("policies", policies),
    ("machines", machines),
    ("works", works),
    ("leaving", leaving),
];

fn append(files: &mut InMemory, path: &str, text: &str) {
    files.0.entry(path.to_owned()).or_default().push_str(text);
}

/// Half a year of starts at `west`, two halls of 8 MW-IT, and perhaps `east`, one of 16 MW-IT, within a year and a half.
fn halls(east: bool) -> InMemory {
    let all = [("west", TWO_HALLS), ("east", ONE_HALL)];
    let mut files = small::portfolio("2028-01-01", 6, "2028-06-30", if east { &all } else { &all[..1] });
    change(&mut files, "portfolio.toml", "0 %/year", "10 %/year");
    files
}

/// Mining halls whose machines are gone.
fn without_machines(files: &mut InMemory) {
    files.0.remove("machines.csv");
}

/// Three offers for two sites: one of a size, one of a group with it, one that may be split and has an exclusive
/// site. A line per site, and a fixed cost of hosting.
#[must_use]
pub fn offers() -> Fleet {
    let mut files = halls(true);
    without_machines(&mut files);
    let lease = files.0["offers/lease.toml"].clone() + "exclusive_group = \"campus\"\n";
    let second = lease.replace("100 USD/kW-month", "104 USD/kW-month") + "sites = [\"east\"]\n";
    let spread = files.0["offers/lease.toml"].replace("min = \"16 MW-IT\"", "min = \"8 MW-IT\"")
        + "split = true\nearliest = 2028-07-01\n";
    files.0.insert("offers/lease.toml".to_owned(), lease);
    files.0.insert("offers/second.toml".to_owned(), second);
    files.0.insert("offers/spread.toml".to_owned(), spread);
    change(
        &mut files,
        "sites/east.toml",
        "\n[power]",
        "\nexclusive = true\nhosting_fixed_cost = \"0.2 MUSD/year\"\n[power]",
    );
    append(
        &mut files,
        "library/retrofits/liquid.toml",
        "[[cost]]\ncategory = \"network\"\namount = \"1 MUSD/site\"\nphase = \"design\"\n",
    );
    fleet(&files)
}

/// A pot whose money does not carry over and one that tenants relieve; a lease in tranches with an advance.
#[must_use]
pub fn budgets() -> Fleet {
    let mut files = halls(true);
    without_machines(&mut files);
    change(&mut files, "offers/lease.toml", "min = \"16 MW-IT\"", "min = \"8 MW-IT\"");
    change(&mut files, "offers/lease.toml", "100 USD/kW-month", "150 USD/kW-month");
    append(
        &mut files,
        "offers/lease.toml",
        "tranches = [{ by = 2028-06-30, min = \"8 MW-IT\" }]\nadvance = { amount = \"0.5 MUSD/MW-IT\" }\n",
    );
    append(
        &mut files,
        "portfolio.toml",
        r#"
[[pot]]
id = "east"
eligible = { sites = ["east"] }
carry_over = false
release = [{ from = 2028-01-01, amount = "15 MUSD" }, { from = 2028-04-01, amount = "17 MUSD" }]
[[pot]]
id = "rest"
relieved_by = ["advance"]
release = [{ from = 2028-01-01, amount = "6 MUSD" }, { from = 2028-07-01, amount = "6 MUSD" }]
"#,
    );
    fleet(&files)
}

/// All four policies; merchant capacity within a cap and what the market takes.
#[must_use]
pub fn policies() -> Fleet {
    let mut files = halls(true);
    change(&mut files, "offers/lease.toml", "min = \"16 MW-IT\"", "min = \"8 MW-IT\"");
    change(&mut files, "offers/lease.toml", "100 USD/kW-month", "150 USD/kW-month");
    change(&mut files, "sites/east.toml", "region = \"west\"", "region = \"east\"");
    append(
        &mut files,
        "portfolio.toml",
        r#"
[merchant]
cap = "20 MW-IT"
[policy]
mix = { share = "20 %", from = 2028-01-01 }
hashrate = { floor = "0.5 EH/s", from = 2028-01-01, to = 2028-06-30 }
tenant = { cap = "60 %", free = "8 MW-IT" }
region = { cap = "80 %", free = "8 MW-IT" }
"#,
    );
    append(
        &mut files,
        "library/decks/flat/deck.toml",
        r#"
[[merchant]]
market = "ERCOT"
class = "liquid"
rent = "140 USD/kW-month"
from = 2028-01-01
downtime = "1 months"
[[absorption]]
market = "ERCOT"
amount = "10 MW-IT"
growth = "10 MW-IT/year"
"#,
    );
    fleet(&files)
}

/// Machines of two kinds, of which one fails, that run, are sold and bought; a hall that has started, one that is forced,
/// and a start that is forbidden.
#[must_use]
pub fn machines() -> Fleet {
    let mut files = halls(true);
    change(&mut files, "offers/lease.toml", "min = \"16 MW-IT\"", "min = \"8 MW-IT\"");
    let models = "model,hashrate [TH/s],power [W],cooling,failure [%/year]\n\
                  round,250,5000,air,4\nnew round+,400,5000,air,0\n";
    files.0.insert("library/asics.csv".to_owned(), models.to_owned());
    change(&mut files, "machines.csv", "east,round,4000", "east,round,3000");
    change(&mut files, "library/decks/flat/monthly.csv", ",1000,0,0", ",1000,0,1");
    append(
        &mut files,
        "library/decks/flat/deck.toml",
        "[[machine_price]]\nmodel = \"new round+\"\nprice = \"3 USD/TH\"\nfrom = 2028-03-01\n",
    );
    append(
        &mut files,
        "portfolio.toml",
        r#"
[moves]
removal = "20 USD/machine"
install = "30 USD/machine"
[[lock]]
kind = "started"
site = "west"
hall = "a"
retrofit = "liquid"
offer = "lease"
start = 2027-11-01
halls = 1
[[lock]]
kind = "force"
site = "west"
halls = 2
[[lock]]
kind = "forbid"
site = "west"
start = 2028-01-01
"#,
    );
    fleet(&files)
}

/// A study before a substation that service needs and that brings firm power; a crew, and transformers of which one comes
/// in a quarter and one more against a deposit.
#[must_use]
pub fn works() -> Fleet {
    let mut files = halls(false);
    without_machines(&mut files);
    change(&mut files, "offers/lease.toml", "min = \"16 MW-IT\"", "min = \"8 MW-IT\"");
    change(&mut files, "sites/west.toml", "firm = \"20 MW\"", "firm = \"10 MW\"");
    change(&mut files, "library/retrofits/liquid.toml", "stops_mining = true", "stops_mining = true\non_site = true");
    append(&mut files, "library/retrofits/liquid.toml", "equipment = { item = \"transformer\", count = 1 }\n");
    append(
        &mut files,
        "sites/west.toml",
        r#"
[[work]]
id = "study"
months = "3 months"
cost = "0.3 MUSD"
[[work]]
id = "substation"
months = "3 months"
cost = "3 MUSD"
after = ["study"]
adds = { firm = "10 MW", connection = "5 MW" }
needed_by = { beyond = "10 MW" }
"#,
    );
    append(
        &mut files,
        "portfolio.toml",
        r#"
[[crew]]
id = "crew"
scope = "portfolio"
halls = 1
energised = "12 MW-IT/year"
[[long_lead]]
item = "transformer"
per_period = 1
reserve = { most = 1, deposit = "0.2 MUSD", lead = "3 months" }
"#,
    );
    fleet(&files)
}

/// Machines that move between two regions, wait in storage and run on the slack of a lease; a site that may be mothballed
/// or sold, and owes a least bill.
#[must_use]
pub fn leaving() -> Fleet {
    let mut files = small::portfolio("2028-01-01", 3, "2028-01-01", &[("west", TWO_HALLS), ("east", ONE_HALL)]);
    change(&mut files, "offers/lease.toml", "min = \"16 MW-IT\"", "min = \"8 MW-IT\"");
    append(&mut files, "offers/lease.toml", "load_factor = \"80 %\"\nsites = [\"west\"]\n");
    change(&mut files, "sites/west.toml", "[power]", "[power]\nballast = \"70 %\"");
    change(&mut files, "sites/east.toml", "region = \"west\"", "region = \"east\"");
    let exit = "exit = { mothball = \"40 %\", sale = \"0.1 MUSD/MW\" }\n[power]\n\
                minimum_bill = { amount = \"0.2 MUSD/month\", until = 2028-06-30 }";
    change(&mut files, "sites/east.toml", "[power]", exit);
    change(&mut files, "sites/east.toml", "overhead = \"0 %\"", "overhead = \"0 %\"\nfixed_cost = \"1.2 MUSD/year\"");
    append(
        &mut files,
        "portfolio.toml",
        r#"
[moves]
removal = "20 USD/machine"
install = "30 USD/machine"
freight = "15 USD/machine"
freight_other_region = "40 USD/machine"
downtime = "7 days"
[storage]
cost = "2 USD/machine-month"
"#,
    );
    fleet(&files)
}
