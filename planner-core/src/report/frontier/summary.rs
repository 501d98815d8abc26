//! What a committee asks of a frontier first: how much to ask for, what the last money buys, what goes first, and what the
//! pots' dates cost.

use super::{Change, Row, place, shown, slope};
use crate::analysis::frontier::Frontier;
use crate::report::table::{Cell, Fact, Section};
use crate::units::Cents;

/// The answers; none of a frontier that is not finished.
#[must_use]
pub fn summary(frontier: &Frontier, rows: &[Row]) -> Vec<Section> {
    let Some(last) = rows.last().filter(|_| frontier.finished) else { return vec![] };
    let sections = [Some(ask(frontier, last)), last_money(rows), first_cut(frontier, rows), with_dates(frontier)];
    sections.into_iter().flatten().collect()
}

/// The least budget of the greatest NPV in the range.
fn ask(frontier: &Frontier, last: &Row) -> Section {
    let mut facts = vec![
        Fact::with_unit("up to", Cell::Money(last.budget_usd.0), "as one total at any date"),
        Fact::new("NPV", Cell::Money(last.npv_usd.0)),
    ];
    let to = frontier.range.to.to_cents();
    if to == last.budget_usd.0 {
        facts.push(Fact::sentence("the end of the range: more may gain more"));
    } else if let Some(gap) = last.gap_to_next_usd {
        facts.push(Fact::new("more, up to", Cell::Money(to)));
        facts.push(Fact::new("gains at most", Cell::Money(gap.0)));
    }
    Section::facts("To ask for", vec![facts])
}

/// What the last row gains over the one above it.
fn last_money(rows: &[Row]) -> Option<Section> {
    let [.., before, last] = shown(rows)[..] else { return None };
    let mut facts = vec![
        Fact::new("the last", Cell::Money(last.budget_usd.0 - before.budget_usd.0)),
        Fact::new("above", Cell::Money(before.budget_usd.0)),
        Fact::with_unit("gain", Cell::Money(last.npv_usd.0 - before.npv_usd.0), "of NPV"),
    ];
    let next = slope((before.budget_usd.0, before.npv_usd), (last.budget_usd.0, last.npv_usd));
    facts.extend(next.map(|usd| Fact::with_unit("", Cell::Number(usd, 2), "$ for each $")));
    Some(Section::facts("What it buys", vec![facts]))
}

/// The first step of the nested programme below its base.
fn first_cut(frontier: &Frontier, rows: &[Row]) -> Option<Section> {
    let base = rows.iter().position(|row| row.base)?;
    let cut = rows[..base].iter().rev().find(|row| !row.nested_changes.is_empty())?;
    let less = |npv: Cents| Cell::Money(rows[base].npv_usd.0 - npv);
    let mut facts = vec![Fact::new("from", Cell::Money(rows[base].budget_usd.0))];
    facts.push(Fact::new("down to", Cell::Money(cut.budget_usd.0)));
    facts.extend(cut.nested_changes.iter().map(|change| dropped(frontier, change)).map(Fact::sentence));
    facts.push(Fact::with_unit("NPV", less(cut.nested_npv_usd?.0), "less where halls are only dropped or delayed"));
    facts.push(Fact::with_unit("", less(cut.npv_usd.0), "less where all is planned anew"));
    Some(Section::facts("Goes first", vec![facts]))
}

fn dropped(frontier: &Frontier, Change { site, retrofit, offer, halls }: &Change) -> String {
    let site = place(frontier, site);
    let count = halls.unsigned_abs();
    let what = if count == 1 { "hall" } else { "halls" };
    format!("{count} {what} at {site} ({retrofit}, {offer})")
}

/// What the pots' own dates leave of the base.
fn with_dates(frontier: &Frontier) -> Option<Section> {
    let point = frontier.points.get(frontier.base)?;
    let phased = point.phased.as_ref()?.as_ref().ok()?;
    // The plan with one total has the pots as they are.
    let released = point.plan.inputs.released().to_cents();
    // Tenants' money may relieve pots, never a total.
    let less = point.plan.npv_usd.0 - phased.npv_usd.0;
    let than = if less < Cents::ZERO { "more than at any date" } else { "less than at any date" };
    let facts = vec![
        Fact::new("the pots' releases of", Cell::Money(released)),
        Fact::new("scaled to", Cell::Money(point.budget)),
        Fact::with_unit("pay for", Cell::Money(phased.capital_usd.0), "of capital"),
        Fact::new("NPV", Cell::Money(phased.npv_usd.0)),
        Fact::with_unit("", Cell::Money(Cents(less.0.abs())), than),
        Fact::sentence("planner plan keeps these dates"),
    ];
    Some(Section::facts("With dates", vec![facts]))
}
