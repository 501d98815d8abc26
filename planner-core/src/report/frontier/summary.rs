//! What a committee asks of a frontier first: how much to ask for, what the last money buys, what goes first, and what the
//! pots' dates cost.

use super::{Change, Row};
use crate::analysis::frontier::Frontier;
use crate::report::table::{Cell, Fact, Section};
use crate::units::Cents;

/// The answers; none of a frontier that is not finished.
#[must_use]
pub fn summary(frontier: &Frontier, rows: &[Row]) -> Vec<Section> {
    let Some((last, before)) = rows.split_last().filter(|_| frontier.finished) else { return vec![] };
    let sections = [Some(ask(frontier, last)), last_money(last, before), first_cut(rows), with_dates(frontier)];
    sections.into_iter().flatten().collect()
}

/// The least budget of the greatest NPV in the range.
fn ask(frontier: &Frontier, last: &Row) -> Section {
    let mut facts = vec![
        Fact::with_unit("up to", Cell::Money(last.budget_usd.0), "as one total at any date"),
        Fact::new("NPV", Cell::Money(last.npv_usd.0)),
    ];
    let to = frontier.range.to.to_cents();
    if let Some(gap) = last.gap_to_next_usd.filter(|_| to > last.budget_usd.0) {
        facts.push(Fact::new("more gains at most", Cell::Money(gap.0)));
        facts.push(Fact::new("tried up to", Cell::Money(to)));
    }
    Section::facts("To ask for", vec![facts])
}

/// What is gained above the last budget before it at which halls change.
fn last_money(last: &Row, before: &[Row]) -> Option<Section> {
    let before = before.iter().rev().find(|row| !row.changes.is_empty()).or(before.first())?;
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
    let less = |npv: Cents| Cell::Money(rows[base].npv_usd.0 - npv);
    let mut facts = vec![Fact::new("from", Cell::Money(rows[base].budget_usd.0))];
    facts.push(Fact::new("down to", Cell::Money(cut.budget_usd.0)));
    facts.extend(cut.nested_changes.iter().map(dropped).map(Fact::sentence));
    facts.push(Fact::with_unit("NPV", less(cut.nested_npv_usd?.0), "less where halls are only dropped"));
    facts.push(Fact::with_unit("", less(cut.npv_usd.0), "less where all is planned anew"));
    Some(Section::facts("Goes first", vec![facts]))
}

fn dropped(Change { site, retrofit, offer, halls }: &Change) -> String {
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
    let facts = vec![
        Fact::new("the pots' releases of", Cell::Money(released)),
        Fact::new("scaled to", Cell::Money(point.budget)),
        Fact::with_unit("pay for", Cell::Money(phased.capital_usd.0), "of capital"),
        Fact::new("NPV", Cell::Money(phased.npv_usd.0)),
        Fact::with_unit("", Cell::Money(point.plan.npv_usd.0 - phased.npv_usd.0), "less than at any date"),
        Fact::sentence("planner plan keeps these dates"),
    ];
    Some(Section::facts("With dates", vec![facts]))
}
