//! What a committee asks of a frontier first: how much to ask for, what the last money buys, what goes first, and what the
//! pots' dates cost.

use super::{Change, Row, shown};
use crate::analysis::frontier::Frontier;
use crate::report::table::{Cell, Fact, Section};
use crate::units::Cents;

/// The answers; none of a frontier that is not finished.
#[must_use]
pub fn summary(frontier: &Frontier, rows: &[Row]) -> Vec<Section> {
    let Some(last) = rows.last().filter(|_| frontier.finished) else { return vec![] };
    let sections = [Some(ask(frontier, last)), last_money(rows), first_cut(rows), as_phased(frontier)];
    sections.into_iter().flatten().collect()
}

/// The least budget of the greatest NPV in the range.
fn ask(frontier: &Frontier, last: &Row) -> Section {
    let mut facts = vec![
        Fact::with_unit("up to", Cell::Money(last.budget_usd.0), "as one total"),
        Fact::new("NPV", Cell::Money(last.npv_usd.0)),
    ];
    let to = frontier.range.to.to_cents();
    if let Some(gap) = last.gap_to_next_usd.filter(|_| to > last.budget_usd.0) {
        facts.push(Fact::new("more gains at most", Cell::Money(gap.0)));
        facts.push(Fact::new("tried up to", Cell::Money(to)));
    }
    Section::facts("To ask for", vec![facts])
}

/// What is gained above the last budget but one at which halls change.
fn last_money(rows: &[Row]) -> Option<Section> {
    let [.., before, last] = shown(rows)[..] else { return None };
    let (budget, gain) = (last.budget_usd.0 - before.budget_usd.0, last.npv_usd.0 - before.npv_usd.0);
    let facts = vec![
        Fact::new("the last", Cell::Money(budget)),
        Fact::new("above", Cell::Money(before.budget_usd.0)),
        Fact::with_unit("gain", Cell::Money(gain), "of NPV"),
        Fact::with_unit("", Cell::Number(gain.usd() / budget.usd(), 2), "$ for each $"),
    ];
    Some(Section::facts("What it buys", vec![facts]))
}

/// The first step of the nested programme below its base.
fn first_cut(rows: &[Row]) -> Option<Section> {
    let base = rows.iter().position(|row| row.base)?;
    let cut = rows[..base].iter().rev().find(|row| !row.nested_changes.is_empty())?;
    let npv = cut.nested_npv_usd?;
    let facts = cut.nested_changes.iter().map(dropped).map(Fact::sentence);
    let facts = facts.chain([
        Fact::new("with", Cell::Money(cut.budget_usd.0)),
        Fact::new("NPV", Cell::Money(npv.0)),
        Fact::new("less than the base by", Cell::Money(rows[base].npv_usd.0 - npv.0)),
    ]);
    Some(Section::facts("Goes first", vec![facts.collect()]))
}

fn dropped(Change { site, retrofit, offer, halls }: &Change) -> String {
    let count = halls.unsigned_abs();
    let what = if count == 1 { "hall" } else { "halls" };
    format!("{count} {what} at {site} ({retrofit}, {offer})")
}

/// What is left of the ask when money comes at the dates of the pots.
fn as_phased(frontier: &Frontier) -> Option<Section> {
    let point = frontier.points.get(frontier.base)?;
    let phased = point.phased.as_ref()?.as_ref().ok()?;
    // The plan with one total has the pots as they are.
    let released = point.plan.inputs.released().to_cents();
    let cost = Cents(point.plan.npv_usd.0.0 - phased.npv_usd.0.0);
    let facts = vec![
        Fact::new("the pots' releases of", Cell::Money(released)),
        Fact::new("scaled to", Cell::Money(point.budget)),
        Fact::with_unit("pay at their dates for", Cell::Money(phased.capital_usd.0), "of capital"),
        Fact::new("NPV", Cell::Money(phased.npv_usd.0)),
        Fact::new("the dates, which planner plan keeps, cost", Cell::Money(cost)),
    ];
    Some(Section::facts("As phased", vec![facts]))
}
