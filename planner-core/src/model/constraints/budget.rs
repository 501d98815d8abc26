//! Capital charged to a pot, cumulatively, stays within what has been released
//! to it; without carry-over, per window.
//!
//! * with carry-over: `Σ_{τ≤p} capital[τ] ≤ Σ released by p` for every period `p`
//! * without: `Σ_{p in window} capital[p] ≤ release`, a window lasting until the next release
//! * a total asked for stands in place of the pots: `Σ_p capital[p] ≤ total`
//!
//! Capital is capex with contingency and escalation, and machine purchases.

use std::collections::BTreeMap;

use crate::domain::calendar::Period;
use crate::domain::money::Pot;
use crate::model::{ColumnId, Facts, Row, scale};
use crate::options::UnitLine;
use crate::units::{Cents, Usd};

/// The family's one name.
pub const NAME: &str = "budget";

/// Capital by site and period.
type Capital = BTreeMap<(usize, Period), Vec<(ColumnId, f64)>>;

/// Rows of the total asked for, or of every pot.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let capital = capital(facts);
    if let Some(total) = facts.settings.budget {
        let terms = sum(capital.values());
        return if terms.is_empty() {
            vec![]
        } else {
            vec![Row::at_most(NAME, "total".to_owned(), terms, money(total))]
        };
    }
    facts.fleet.pots.iter().flat_map(|pot| pot_rows(facts, pot, &capital)).collect()
}

fn pot_rows(facts: Facts, pot: &Pot, capital: &Capital) -> Vec<Row> {
    let calendar = &facts.fleet.calendar;
    let charged = |(site, _): &(usize, Period)| {
        facts.fleet.pot_of(&facts.fleet.sites[*site].id).is_some_and(|payer| payer.id == pot.id)
    };
    let released = |period: Period| pot.release.iter().filter(move |r| r.from <= calendar.period_start(period));
    let mut rows = vec![];
    for period in calendar.all_periods() {
        let next = Period(period.0 + 1);
        // A row at the end of each window, or after each release: the others follow.
        let last = next == calendar.horizon() || released(next).count() > released(period).count();
        if !last {
            continue;
        }
        let (available, from): (Usd, usize) = if pot.carry_over {
            (released(period).map(|r| r.amount).sum(), 0)
        } else {
            (released(period).next_back().map_or(Usd::ZERO, |r| r.amount), released(period).count())
        };
        let counts = |at: Period| at <= period && (pot.carry_over || released(at).count() == from);
        let terms = sum(capital.iter().filter(|(at, _)| charged(at) && counts(at.1)).map(|(_, terms)| terms));
        if !terms.is_empty() {
            let key = format!("{},{}", pot.id, calendar.period_start(period).strftime("%Y-%m"));
            rows.push(Row::at_most(NAME, key, terms, money(available)));
        }
    }
    rows
}

fn money(amount: Usd) -> f64 {
    scale::money(amount.to_cents())
}

fn capital(facts: Facts) -> Capital {
    let mut capital = Capital::new();
    let (options, vars) = (facts.options, facts.variables);
    let mut charge = |site: usize, column: ColumnId, lines: &[UnitLine], scale: fn(Cents) -> f64| {
        for line in lines.iter().filter(|line| line.category.is_capital()) {
            capital.entry((site, line.period)).or_default().push((column, scale(-line.cents)));
        }
    };
    for (option, column) in options.halls.iter().zip(&vars.halls) {
        charge(option.site, *column, &option.lines, scale::money);
    }
    for (setup, column) in options.setups.iter().zip(&vars.setups) {
        charge(setup.site, *column, &setup.lines, scale::money);
    }
    for (track, columns) in options.machines.iter().zip(&vars.machines) {
        for (at, buy) in track.periods.iter().zip(&columns.buy) {
            if let (Some(lines), Some(column)) = (&at.buy, buy) {
                charge(track.site, *column, lines, scale::machine_money);
            }
        }
    }
    capital
}

/// Adds up the terms of each column.
fn sum<'a>(parts: impl Iterator<Item = &'a Vec<(ColumnId, f64)>>) -> Vec<(ColumnId, f64)> {
    let mut total: BTreeMap<ColumnId, f64> = BTreeMap::new();
    for (column, coefficient) in parts.flatten() {
        *total.entry(*column).or_default() += coefficient;
    }
    total.into_iter().collect()
}
