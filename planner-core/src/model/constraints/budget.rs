//! Capital charged to a pot, cumulatively, stays within what has been released
//! to it; without carry-over, per window.
//!
//! * with carry-over: `Σ_{τ≤p} capital[τ] ≤ Σ released by p` for every period `p`
//! * without: `Σ_{p in window} capital[p] ≤ release`, a window lasting until the next release
//! * a total asked for stands in place of the pots: `Σ_p capital[p] ≤ total`
//!
//! Capital is capex with contingency and escalation, and machine purchases, less the receipts that relieve the pot,
//! in the period they are paid. What is charged to a relieved pot in all may fall, so that with carry-over it has a row
//! for every period; nothing relieves a total.

use std::collections::BTreeMap;

use crate::domain::calendar::Period;
use crate::domain::money::{Pot, Relief};
use crate::model::{ColumnId, Facts, Row, scale};
use crate::options::UnitLine;
use crate::plan::ledger::Category;
use crate::units::{Cents, Usd};

/// The family's one name.
pub const NAME: &str = "budget";

/// Capital by site and period; receipts that relieve a pot are negative.
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
    let relieved = capital.iter().any(|(at, terms)| charged(at) && terms.iter().any(|(_, size)| *size < 0.0));
    let mut rows = vec![];
    for period in calendar.all_periods() {
        let next = Period(period.0 + 1);
        // A row at the end of each window, or after each release: the others follow, unless capital may fall.
        let last = next == calendar.horizon() || released(next).count() > released(period).count();
        let may_fall = relieved && pot.carry_over;
        if !last && !may_fall {
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
        let reliefs = relief(facts, site);
        let counts =
            |category: &Category| category.is_capital() || reliefs.iter().any(|relief| receipt(*relief) == *category);
        for line in lines.iter().filter(|line| counts(&line.category)) {
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

/// Receipts that relieve the pot of a site; a total asked for is never relieved.
fn relief(facts: Facts<'_>, site: usize) -> &[Relief] {
    let pot = facts.fleet.pot_of(&facts.fleet.sites[site].id).filter(|_| facts.settings.budget.is_none());
    pot.map_or(&[], |pot| &pot.relieved_by)
}

/// The ledger lines of a relief.
const fn receipt(relief: Relief) -> Category {
    match relief {
        Relief::Advance => Category::Advance,
        Relief::Prepayment => Category::Prepayment,
    }
}

/// Adds up the terms of each column.
fn sum<'a>(parts: impl Iterator<Item = &'a Vec<(ColumnId, f64)>>) -> Vec<(ColumnId, f64)> {
    let mut total: BTreeMap<ColumnId, f64> = BTreeMap::new();
    for (column, coefficient) in parts.flatten() {
        *total.entry(*column).or_default() += coefficient;
    }
    total.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::Fleet;
    use crate::domain::calendar::Period;
    use crate::domain::money::Relief;
    use crate::model::tests::{line, rows_that_begin, rows_with};
    use crate::options::Options;
    use crate::plan::ledger::Category;
    use crate::units::{Share, Usd};

    fn only_one_start(fleet: &mut Fleet) {
        fleet.calendar.latest_start = fleet.calendar.start;
        fleet.deck.machine_prices.clear();
        // One line, paid evenly over April to June: 100 USD/kW · 20 MW · 1.05 · 0.9 · 1.1.
        fleet.retrofits[0].costs.retain(|cost| cost.category == "power");
        fleet.retrofits[0].costs[0].basis =
            crate::domain::retrofit::CostBasis::GrossPower(crate::units::UsdPerKw::new(100.0));
        fleet.money.capex_escalation = Share::NONE;
    }

    #[test]
    fn capital_is_cumulative_up_to_each_release() {
        let rows = rows_that_begin("budget", |fleet, _| only_one_start(fleet));
        let capital = "2.079 convert[north,a,liquid,ig,2027-01]";
        assert_eq!(
            rows,
            [format!("budget[group,2027-04]: {capital} ≤ 40"), format!("budget[group,2028-10]: {capital} ≤ 80")]
        );
    }

    #[test]
    fn without_carry_over_each_release_lasts_until_the_next() {
        let rows = rows_that_begin("budget", |fleet, _| {
            only_one_start(fleet);
            fleet.pots[0].carry_over = false;
        });
        assert_eq!(rows, ["budget[group,2027-04]: 2.079 convert[north,a,liquid,ig,2027-01] ≤ 40"]);
    }

    #[test]
    fn a_total_stands_in_place_of_the_pots() {
        let rows = rows_that_begin("budget", |fleet, settings| {
            only_one_start(fleet);
            settings.budget = Some(Usd::new(5e6));
        });
        assert_eq!(rows, ["budget[total]: 2.079 convert[north,a,liquid,ig,2027-01] ≤ 5"]);
    }

    #[test]
    fn without_pots_there_are_no_rows() {
        assert!(rows_that_begin("budget", |fleet, _| fleet.pots.clear()).is_empty());
    }

    /// 10 M$ of capex in two periods, an advance of 4 M$ in the second and a prepayment of 1 M$ in the third.
    fn receipts(fleet: &mut Fleet, options: &mut Options) {
        options.halls.truncate(1);
        options.setups.clear();
        options.machines.clear();
        fleet.calendar.periods = 4;
        options.halls[0].lines = vec![
            line(Period(0), Category::Capex("power".to_owned()), -10e6),
            line(Period(1), Category::Capex("power".to_owned()), -10e6),
            line(Period(1), Category::Advance, 4e6),
            line(Period(2), Category::Prepayment, 1e6),
        ];
    }

    #[test]
    fn receipts_relieve_the_pots_that_name_them_in_the_period_they_are_paid() {
        let x = "convert[north,a,liquid,ig,2027-01]";
        let unrelieved = [format!("budget[group,2027-04]: 20 {x} ≤ 40"), format!("budget[group,2027-10]: 20 {x} ≤ 80")];
        assert_eq!(rows_with("budget", receipts), unrelieved);
        let rows = rows_with("budget", |fleet, options| {
            receipts(fleet, options);
            fleet.pots[0].relieved_by = vec![Relief::Advance];
        });
        let expected = [
            format!("budget[group,2027-01]: 10 {x} ≤ 40"),
            format!("budget[group,2027-04]: 16 {x} ≤ 40"),
            format!("budget[group,2027-07]: 16 {x} ≤ 80"),
            format!("budget[group,2027-10]: 16 {x} ≤ 80"),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn without_carry_over_receipts_relieve_their_own_window() {
        let rows = rows_with("budget", |fleet, options| {
            receipts(fleet, options);
            fleet.pots[0].carry_over = false;
            fleet.pots[0].relieved_by = vec![Relief::Advance, Relief::Prepayment];
        });
        let x = "convert[north,a,liquid,ig,2027-01]";
        let expected = [format!("budget[group,2027-04]: 16 {x} ≤ 40"), format!("budget[group,2027-10]: −{x} ≤ 40")];
        assert_eq!(rows, expected);
    }
}
