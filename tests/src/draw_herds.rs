//! Small portfolios drawn at random for the oracle with machines: two or three sites whose halls mine, of which one or
//! two may be converted, so that what stood there must move to other racks, wait in storage or be sold.

use std::fmt::Write as _;

use planner_core::portfolio::in_memory::InMemory;

use crate::draw::Draw;
use crate::small::{self, change};

/// Hashrate in TH/s and power in W of machines that earn little, more, and most; the last may need water.
const MODELS: [(&str, u32, u32); 3] = [("old", 200, 5000), ("round", 250, 5000), ("new", 320, 4000)];

/// A portfolio of a seed, in which machines fail or do not.
#[must_use]
pub fn portfolio(seed: u64, failing: bool) -> InMemory {
    let mut draw = Draw::new(seed);
    let ids = &["hills", "plains", "valley"][..draw.between(2, 3) as usize];
    let quarters = draw.between(4, 6);
    let wet = draw.chance(35);
    let converted = draw.between(1, 2) as usize;
    let blocks: Vec<String> = (0..ids.len()).map(|at| halls(&mut draw, at < converted, wet)).collect();
    let named: Vec<(&str, &str)> = ids.iter().zip(&blocks).map(|(id, block)| (*id, block.as_str())).collect();
    let latest = *draw.pick(&["2026-01-01", "2026-06-30"]);
    let mut files = small::portfolio("2026-01-01", quarters, latest, &named);
    let rate = draw.pick(&["0", "10"]);
    change(&mut files, "portfolio.toml", "0 %/year", &format!("{rate} %/year"));
    for id in ids {
        site(&mut draw, &mut files, &format!("sites/{id}.toml"));
    }
    offers(&mut draw, &mut files, &ids[..converted]);
    machines(&mut draw, &mut files, ids, wet, failing);
    prices(&mut draw, &mut files, quarters * 3);
    files
}

/// The same where used machines fetch more than new ones cost, in some months or in all: what is there is sold and bought
/// again in one period, while what is held rises or falls.
#[must_use]
pub fn dear(seed: u64, failing: bool) -> InMemory {
    let mut files = portfolio(seed, failing);
    let mut draw = Draw::new(seed.wrapping_add(0x5EED));
    let mut deck = files.0["library/decks/flat/deck.toml"].clone();
    deck.truncate(deck.find("[[machine_price]]").unwrap_or(deck.len()));
    for (name, ..) in &MODELS {
        if files.0["library/asics.csv"].contains(&format!("\n{name},")) {
            let (price, month) = (draw.between(4, 30), draw.between(1, 6));
            let _ = write!(
                deck,
                "\n[[machine_price]]\nmodel = \"{name}\"\nprice = \"{}.{} USD/TH\"\nfrom = 2026-0{month}-01\ngrowth = \"-30 %/year\"\n",
                price / 10,
                price % 10
            );
        }
    }
    files.0.insert("library/decks/flat/deck.toml".to_owned(), deck);
    files
}

fn halls(draw: &mut Draw, convertible: bool, wet: bool) -> String {
    let (count, power) = *draw.pick(&[(1, 20), (2, 10), (2, 10)]);
    let retrofits = if convertible { "[\"liquid\"]" } else { "[]" };
    let cooling = if wet && draw.chance(50) { "hydro" } else { "air" };
    format!(
        "[[hall]]\nid = \"a\"\nuse = \"mining\"\ncount = {count}\nhall_power = \"{power} MW\"\nretrofits = {retrofits}\n\
         cooling = \"{cooling}\"\n"
    )
}

fn site(draw: &mut Draw, files: &mut InMemory, path: &str) {
    let region = draw.pick(&["west", "east"]);
    change(files, path, "region = \"west\"", &format!("region = \"{region}\""));
    let connection = draw.pick(&["20 MW", "20 MW", "15 MW", "25 MW"]);
    let firm = if *connection == "15 MW" { "15 MW" } else { "20 MW" };
    change(files, path, "connection = \"20 MW\"", &format!("connection = \"{connection}\""));
    change(files, path, "firm = \"20 MW\"", &format!("firm = \"{firm}\""));
    change(files, path, "50 USD/MWh", &format!("{} USD/MWh", draw.between(28, 58)));
    let spare = draw.pick(&[0, 0, 4, 8]);
    let overhead = draw.pick(&["0 %", "0 %", "25 %"]);
    change(files, path, "overhead = \"0 %\"", &format!("overhead = \"{overhead}\"\nspare_racks = \"{spare} MW\""));
}

/// One to three leases that can be served at sites which may be converted.
fn offers(draw: &mut Draw, files: &mut InMemory, sites: &[&str]) {
    files.0.remove("offers/lease.toml");
    for at in 0..draw.between(1, 3) {
        let (min, max) = *draw.pick(&[(8, 8), (8, 16), (16, 16)]);
        let where_to = if draw.chance(50) { String::new() } else { format!("sites = [\"{}\"]\n", draw.pick(sites)) };
        let text = format!(
            "tenant = \"tenant {at}\"\nclass = \"liquid\"\nsize = {{ min = \"{min} MW-IT\", max = \"{max} MW-IT\" }}\n\
             term = \"{} months\"\nrent = \"{}.{} USD/kW-month\"\n{where_to}",
            draw.between(9, 15),
            draw.between(110, 200),
            draw.between(1, 9)
        );
        files.0.insert(format!("offers/o{at}.toml"), text);
    }
}

/// Lots of two or three models, what handling costs, storage, and machines for sale.
fn machines(draw: &mut Draw, files: &mut InMemory, ids: &[&str], wet: bool, failing: bool) {
    let models = &MODELS[..if wet { 3 } else { draw.between(2, 3) as usize }];
    let mut library = "model,hashrate [TH/s],power [W],cooling,failure [%/year]\n".to_owned();
    for (name, hashrate, power) in models {
        let cooling = if wet && *name == "new" { "hydro" } else { "air" };
        let failure = if failing { draw.between(1, 9) } else { 0 };
        let _ = writeln!(library, "{name},{hashrate},{power},{cooling},{failure}");
    }
    files.0.insert("library/asics.csv".to_owned(), library);
    let mut lots = "site,model,count,book [USD/machine],life_left [months]\n".to_owned();
    for id in ids {
        for (name, ..) in models {
            // The first site has some at any rate.
            if (id, name) == (&ids[0], &"round") || draw.chance(55) {
                let _ = writeln!(lots, "{id},{name},{},0,0", draw.between(2, 20) * 100);
            }
        }
    }
    files.0.insert("machines.csv".to_owned(), lots);
    let freight = draw.between(5, 60);
    let mut head = format!(
        "\n[moves]\nremoval = \"{} USD/machine\"\ninstall = \"{} USD/machine\"\nfreight = \"{freight} USD/machine\"\n\
         freight_other_region = \"{} USD/machine\"\ndowntime = \"{} days\"\n",
        draw.between(5, 30),
        draw.between(5, 40),
        freight + draw.between(5, 200),
        draw.between(0, 14)
    );
    if draw.chance(65) {
        let _ = write!(head, "[storage]\ncost = \"{} USD/machine-month\"\n", draw.between(2, 12));
    }
    files.0.entry("portfolio.toml".to_owned()).and_modify(|text| text.push_str(&head));
    if draw.chance(50) {
        let (model, ..) = draw.pick(models);
        let sale = format!(
            "[[machine_price]]\nmodel = \"{model}\"\nprice = \"{} USD/TH\"\nfrom = 2026-0{}-01\n",
            draw.between(3, 9),
            draw.between(1, 6)
        );
        files.0.entry("library/decks/flat/deck.toml".to_owned()).and_modify(|deck| deck.push_str(&sale));
    }
}

/// Bitcoin that falls, stands or rises, and resale prices by efficiency that do so on their own.
fn prices(draw: &mut Draw, files: &mut InMemory, months: u32) {
    let drift = f64::from(draw.between(0, 8)) / 100.0 - 0.04;
    let resale = f64::from(draw.between(0, 16)) / 100.0 - 0.06;
    let (good, bad) = (f64::from(draw.between(10, 40)) / 10.0, f64::from(draw.between(0, 15)) / 10.0);
    let mut text =
        "month,btc_price [USD],hashrate [EH/s],fees [BTC/day],resale:0-22 [USD/TH],resale:22-100 [USD/TH]\n".to_owned();
    for month in 0..months {
        let years = f64::from(month);
        let grown = |price: f64, rate: f64| price * (1.0 + rate).powf(years);
        let (year, of_year) = (2026 + month / 12, month % 12 + 1);
        let (btc, good, bad) = (grown(100_000.0, drift), grown(good, resale), grown(bad, resale));
        let _ = writeln!(text, "{year}-{of_year:02},{btc:.0},1000,0,{good:.2},{bad:.2}");
    }
    files.0.insert("library/decks/flat/monthly.csv".to_owned(), text);
}
