//! The first screen: how much to ask for, what it brings, which sites when, what is left and why, what would end it, and
//! by when to decide.

use std::collections::BTreeMap;

use planner_core::plan::Plan;
use planner_core::report::ask::ask;
use planner_core::report::break_even;
use planner_core::report::compare::{critical_it, sites_converted};
use planner_core::report::comparison::Comparison;
use planner_core::report::conversions::{self, ConversionRow};
use planner_core::report::headline::{Measure, headline};
use planner_core::report::headline_section::cell;
use planner_core::report::next;
use planner_core::report::table::Cell;
use planner_core::report::text::{amount, month};
use planner_core::report::verdict::{commits_anew, gains_nothing, reason_words, verdict};
use planner_core::units::Cents;

use super::figures::millions;
use crate::render::format::{grouped, in_column, words};

/// A key figure.
pub struct Tile {
    /// What it is.
    pub label: String,
    /// How much.
    pub value: String,
    /// What it is made of.
    pub under: String,
}

/// What is done at a site.
pub struct SiteWhen {
    /// Which.
    pub site: String,
    /// `57.1 MW-IT`.
    pub load: String,
    /// `2028-07`, or from when until when.
    pub when: String,
}

/// Sites left for one reason.
pub struct Left {
    /// In a few words.
    pub reason: &'static str,
    /// By name.
    pub sites: Vec<String>,
}

/// One thing to do by the first day.
pub struct Step {
    /// `sign`, `order`, …
    pub what: String,
    /// With what and where.
    pub with: String,
}

/// The first screen.
pub struct Glance {
    /// The ask.
    pub ask: String,
    /// What it is for.
    pub purpose: String,
    /// Key figures.
    pub tiles: Vec<Tile>,
    /// The ask by year.
    pub by_year: Vec<(String, String)>,
    /// Of it in the first twelve months.
    pub first_year: String,
    /// Of it before a lease is signed.
    pub before_lease: String,
    /// Of it committed before the plan.
    pub committed: Option<String>,
    /// Which sites when, by the first service.
    pub sites: Vec<SiteWhen>,
    /// Sites left, by reason.
    pub left: Vec<Left>,
    /// What would end it.
    pub ends: Vec<String>,
    /// The first day by which something is to be decided.
    pub decide_by: Option<String>,
    /// What is to be decided by then.
    pub steps: Vec<Step>,
}

/// The first screen of a plan.
pub fn glance(plan: &Plan) -> Glance {
    let ask = ask(plan);
    let rows = conversions::merged(plan);
    let sites = sites(plan, rows.iter().filter(|row| row.ready > plan.inputs.calendar.start));
    let (decide_by, steps) = decide(plan);
    let committed: Cents =
        plan.twin.ledger.iter().filter(|line| line.category.is_capital()).map(|line| -line.amount_cents).sum();
    let years = ask.by_year.iter().filter(|(_, paid)| **paid != Cents::ZERO);
    Glance {
        ask: millions(ask.total),
        purpose: purpose(plan, &rows),
        tiles: tiles(plan),
        by_year: years.map(|(year, paid)| (year.to_string(), millions(*paid))).collect(),
        first_year: millions(ask.first_year),
        before_lease: millions(ask.before_lease),
        committed: (committed != Cents::ZERO).then(|| millions(committed)),
        sites,
        left: left(plan),
        ends: ends(plan, &rows),
        decide_by,
        steps,
    }
}

fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

fn purpose(plan: &Plan, rows: &[ConversionRow]) -> String {
    if rows.is_empty() {
        let settled = if verdict(plan).is_answer { "" } else { "by this plan, which is not an answer, " };
        return format!("{settled}nothing is converted: the fleet mines on");
    }
    let halls: usize = rows.iter().map(|row| usize::try_from(row.count).unwrap_or(0)).sum();
    let load = grouped(critical_it(plan), 1);
    let already = plan.twin.decisions.conversions.iter().map(|twin| twin.critical_it.get()).sum::<f64>();
    let signed = if already > 0.0 {
        let all = if commits_anew(plan) { "" } else { ": nothing new is committed" };
        format!(", of which {} MW-IT are committed already{all}", grouped(already, 1))
    } else {
        String::new()
    };
    format!(
        "{} at {} with {load} MW of critical IT load{signed}",
        counted(halls, "hall"),
        counted(sites_converted(plan), "site")
    )
}

fn tiles(plan: &Plan) -> Vec<Tile> {
    let headline = headline(plan);
    let from = headline.comparison.name();
    let both = |key: &str| headline.get(key).map(|figure| (shown(&figure.programme), shown(&figure.increment)));
    let pair = |key: &str| both(key).unwrap_or_default();
    let tile = |label: &str, key: &str, under: String| {
        let (programme, increment) = pair(key);
        Tile { label: label.to_owned(), value: programme, under: format!("increment {increment}{under}") }
    };
    let gap = amount(plan.gap_usd.0);
    let over = if headline.comparison.has_commitments() { "Gain of new commitments" } else { "Gain over keep mining" };
    let (year, average) = (pair("noi_year_one_usd").0, pair("noi_average_usd").0);
    // NOI counts halls that started before the horizon, capital does not.
    let sunk = if headline.sunk { "; capital sunk before the plan is not counted" } else { "" };
    vec![
        Tile {
            label: over.to_owned(),
            value: millions(plan.uplift_usd.0),
            under: format!(
                "NPV of the programme {}, {from} {}; gap {gap}",
                millions(plan.npv_usd.0),
                millions(plan.twin_npv_usd.0)
            ),
        },
        tile(
            "IRR of the programme",
            "irr",
            format!("; paid back by {}, increment {}", pair("payback").0, pair("payback").1),
        ),
        tile("Yield on cost, first full year", "yield_year_one", format!("; NOI {year}, average {average}{sunk}")),
        tile("Peak funding of the programme", "peak_funding_usd", String::new()),
    ]
}

/// A figure with its unit.
fn shown(measure: &Measure) -> String {
    match measure {
        Measure::Money(cents) => millions(*cents),
        Measure::Undefined(_) => "–".to_owned(),
        other => in_column(&cell(other), 1),
    }
}

fn sites<'a>(plan: &Plan, rows: impl Iterator<Item = &'a ConversionRow>) -> Vec<SiteWhen> {
    let mut sites: BTreeMap<&str, (f64, jiff::civil::Date, jiff::civil::Date)> = BTreeMap::new();
    for row in rows {
        let site = sites.entry(row.site.as_str()).or_insert((0.0, row.ready, row.ready));
        *site = (site.0 + row.critical_it.get(), site.1.min(row.ready), site.2.max(row.ready));
    }
    let mut sites: Vec<_> = sites.into_iter().collect();
    sites.sort_by_key(|(site, (_, first, last))| (*first, *last, *site));
    let when = |(site, (load, first, last)): &(&str, (f64, jiff::civil::Date, jiff::civil::Date))| SiteWhen {
        site: words(&plan.inputs.place(&(*site).into())),
        load: format!("{} MW-IT", grouped(*load, 1)),
        when: if first == last { month(*first) } else { format!("{} to {}", month(*first), month(*last)) },
    };
    sites.iter().map(when).collect()
}

fn left(plan: &Plan) -> Vec<Left> {
    let mut reasons: Vec<(&'static str, Vec<String>)> = vec![];
    for left in &plan.sites_left {
        let reason = reason_words(left.reason);
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, sites)) => sites.push(plan.inputs.place(&left.site)),
            None => reasons.push((reason, vec![plan.inputs.place(&left.site)])),
        }
    }
    reasons.sort_by_key(|(_, sites)| std::cmp::Reverse(sites.len()));
    let told = |(reason, all): (&'static str, Vec<String>)| Left {
        reason,
        sites: all.iter().map(|site| words(site)).collect(),
    };
    reasons.into_iter().map(told).collect()
}

fn ends(plan: &Plan, rows: &[ConversionRow]) -> Vec<String> {
    let mut ends = vec![];
    let from = Comparison::of(plan).noun();
    if gains_nothing(plan) {
        ends.push(format!("It gains nothing over {from} as it is, and no plan more than {}.", amount(plan.gap_usd.0)));
    }
    let percent = |share: f64| format!("{} %", grouped(share * 100.0, 1));
    let alone = [
        break_even::hashprice_factor(plan).map(|factor| format!("hashprice rises by {}", percent(factor - 1.0))),
        break_even::rent_down(plan).map(|share| format!("rents fall by {}", percent(share))),
        break_even::capex_up(plan).map(|share| format!("capital rises by {}", percent(share))),
    ];
    let alone: Vec<String> = alone.into_iter().flatten().collect();
    if !alone.is_empty() {
        ends.push(format!("The gain over {from} ends if {}; each alone, all else held.", alone.join(", or ")));
    }
    let start = plan.inputs.calendar.start;
    let coming = rows.iter().filter(|row| row.ready > start);
    let nearest = coming.filter_map(|row| Some((row.float_long_stop?, row))).min_by_key(|(days, _)| *days);
    if let Some((days, row)) = nearest {
        let (site, offer) = (words(&plan.inputs.place(&row.site)), words(row.offer.as_str()));
        ends.push(format!("Offer {offer} lapses if {site} is ready {} late.", counted_days(days)));
    }
    ends
}

fn counted_days(room: i32) -> String {
    let days = i64::from(room) + 1;
    format!("{days} day{}", if days == 1 { "" } else { "s" })
}

/// The first day of the next steps, and what is due on it.
fn decide(plan: &Plan) -> (Option<String>, Vec<Step>) {
    let rows = next::table(plan).rows;
    let Some(first) = rows.first().and_then(|row| row.first()).cloned() else { return (None, vec![]) };
    let due: Vec<&Vec<Cell>> = rows.iter().filter(|row| row.first() == Some(&first)).collect();
    let cell = |row: &[Cell], at: usize| row.get(at).map(|cell| in_column(cell, 1)).unwrap_or_default();
    let steps = due.into_iter().map(|row| Step { what: cell(row, 1), with: cell(row, 2) }).collect();
    (Some(in_column(&first, 1)), steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn it_says_the_six_things() {
        let plan = sample::with_everything();
        let glance = glance(&plan);
        assert_eq!(glance.ask, millions(plan.capital_usd.0));
        assert_eq!(glance.purpose, "4 halls at 2 sites with 64.0 MW of critical IT load");
        assert_eq!(glance.tiles[0].value, millions(plan.uplift_usd.0));
        assert_eq!((glance.sites[0].site.as_str(), glance.sites[0].when.as_str()), ("panther-creek-01", "2028-07"));
        assert_eq!(
            (glance.left[0].reason, glance.left[0].sites.as_slice()),
            ("firm power", &["stoneridge".to_owned()][..])
        );
        assert!(
            glance.ends[0].starts_with("The gain over keep mining ends if hashprice rises by "),
            "{:?}",
            glance.ends
        );
        assert!(glance.ends[0].contains(" %, or capital rises by "), "{:?}", glance.ends);
        assert_eq!(glance.ends[1], "Offer nnn-15y lapses if panther-creek-01 is ready 365 days late.");
        assert_eq!(glance.decide_by.as_deref(), Some("2027-01-01"));
        assert!(glance.steps.iter().any(|step| step.what == "sign"));
    }

    #[test]
    fn a_plan_that_mines_on_says_so() {
        let mut plan = sample::plan();
        plan.decisions.conversions.clear();
        plan.decisions.offers[0].accepted = false;
        plan.ledger.clone_from(&plan.twin.ledger);
        plan.uplift_usd = planner_core::units::UsdCents(Cents::ZERO);
        let glance = glance(&plan);
        assert!(glance.purpose.contains("mines on") && glance.sites.is_empty());
        assert_eq!(glance.ends, ["It gains nothing over keep mining as it is, and no plan more than 1 $."]);
    }

    #[test]
    fn every_site_is_named() {
        let glance = glance(&sample::with_sites(40));
        assert_eq!(glance.sites.len(), 40);
    }

    #[test]
    fn what_is_committed_already_is_told_apart() {
        let mut plan = sample::with_sites(2);
        assert!(glance(&plan).committed.is_none());
        let begun = plan.decisions.conversions.remove(0);
        let lines = plan.ledger.iter().filter(|line| line.site == begun.site && line.category.is_capital()).cloned();
        plan.twin.ledger.extend(lines);
        plan.twin.decisions.conversions = vec![begun.clone()];
        let started = planner_core::plan::Conversion {
            start: jiff::civil::date(2025, 1, 1),
            ready: jiff::civil::date(2026, 7, 1),
            ..begun
        };
        plan.decisions.conversions.insert(0, started);
        let glance = glance(&plan);
        assert_eq!(glance.committed.as_deref(), Some("120.0 M$"));
        assert!(glance.purpose.ends_with("of which 32.0 MW-IT are committed already"), "{}", glance.purpose);
        assert_eq!(glance.sites.len(), 1, "what is in service is no decision");
        assert!(glance.tiles[2].under.ends_with("not counted"), "{}", glance.tiles[2].under);
        assert_eq!(glance.tiles[0].label, "Gain of new commitments");
    }
}
