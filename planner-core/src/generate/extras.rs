//! The finer facts of a share of the sites: demand response, ballast, least bills, notice, mothballs and sale, a customer's
//! hall. A site without them is the same as in a portfolio that has none.

use std::fmt::Write;

use super::date::START_YEAR;
use super::draw::{Draw, For};
use super::site::{Site, Use};

/// What they add to the file of a site.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Lines {
    /// Keys of the site itself.
    pub head: String,
    /// Keys of `[power]`.
    pub power: String,
    /// Keys of a group of halls with a customer.
    pub customer: String,
}

/// Whether a site is one of the share, in per cent, and whether a hall of it may be let to another miner.
pub(super) fn has(seed: u64, index: u32, share: u32) -> (bool, bool) {
    let mut draw = Draw::new(seed, For::Extras, index);
    let extras = draw.chance(share);
    (extras, extras && draw.chance(40))
}

/// Markets whose grid pays large loads to stand by.
const PAYING: [&str; 4] = ["ERCOT", "PJM", "NYISO", "TVA"];

/// Invents them.
pub(super) fn lines(seed: u64, index: u32, site: &Site) -> Lines {
    if !site.extras {
        return Lines::default();
    }
    let mut draw = Draw::new(seed, For::ExtraFigures, index);
    let mut lines = Lines::default();
    power(&mut draw, site, &mut lines.power);
    // 0.20 to 0.43 MUSD/MW were paid for mining sites in 2024; in mothballs a part of the fixed cost goes on (assumed).
    let (mothball, price) = (draw.between(20, 50), draw.between(200, 430));
    let sale = match draw.between(1, 3) {
        _ if site.leased_until.is_some() => String::new(),
        1 => ", sale = \"deck\"".to_owned(),
        2 => format!(", sale = \"{price}000 USD/MW\""),
        _ => ", sale = \"none\"".to_owned(),
    };
    if draw.chance(60) {
        let _ = writeln!(lines.head, "exit = {{ mothball = \"{mothball} %\"{sale} }}");
    }
    if site.groups.iter().any(|group| group.holds == Use::Customer) {
        // A margin of 8 to 16 USD/MWh on colocation of miners, contracts of one to four years more (assumed).
        let _ = writeln!(
            lines.customer,
            "third_party = {{ margin = \"{} USD/MW-month\", until = {}-12-31, notice = \"{} months\", fee = \"{} kUSD\" }}",
            draw.between(60, 120) * 100,
            START_YEAR + draw.between(1, 4),
            draw.between(1, 9),
            draw.between(1, 8) * 250
        );
    }
    lines
}

fn power(draw: &mut Draw, site: &Site, text: &mut String) {
    // Credits of a few thousand dollars a month and MW for some hours a week (one miner got 28.5 MUSD in a month of 2023; assumed).
    let (credit, hours) = (draw.between(20, 50) * 100, draw.between(6, 20) * 10);
    if draw.chance(70) && PAYING.contains(&site.place.market) {
        let _ = writeln!(
            text,
            "demand_response = {{ credit = \"{credit} USD/MW-month\", hours = \"{hours} hours/year\" }}"
        );
    }
    let ballast = draw.between(70, 95);
    if draw.chance(40) {
        let _ = writeln!(text, "ballast = \"{ballast} %\"");
    }
    // A part of what the mine of today burns: 30 to 60 % at 40 USD/MWh, for one to four years.
    let (amount, until) = (site.today.0 * draw.between(100, 210), START_YEAR + draw.between(1, 4));
    if draw.chance(30) && site.mines() > 0 {
        let _ = writeln!(text, "minimum_bill = {{ amount = \"{amount} kUSD/year\", until = {until}-12-31 }}");
    }
    let notice = draw.between(1, 6);
    if draw.chance(40) {
        let _ = writeln!(text, "notice = \"{notice} months\"");
    }
}
