//! Capital charged to a pot, cumulatively, stays within what has been released
//! to it; without carry-over, per window.
//!
//! * with carry-over: `Σ_{τ≤p} capital[τ] ≤ Σ released by p` for every period `p`
//! * without: `Σ_{p in window} capital[p] ≤ release`, a window lasting until the next release
//! * a total asked for stands in place of the pots: `Σ_p capital[p] ≤ total`
//!
//! Capital is capex with contingency and escalation, works, deposits until they are credited, and machine purchases,
//! less the receipts that relieve the pot, in the period they are paid. Where what is charged to a pot in all may fall,
//! for a receipt or a deposit credited, it has with carry-over a row for every period; nothing relieves a total.

use std::collections::BTreeMap;

use crate::domain::calendar::Period;
use crate::domain::money::{Pot, Relief};
use crate::model::{ColumnId, Facts, Row, scale};
use crate::options::UnitLine;
use crate::plan::ledger::Category;
use crate::units::{Cents, Usd};

/// The family's one name.
pub const NAME: &str = "budget";

/// Capital by the pot that it is charged to and period; receipts that relieve a pot and deposits credited are negative.
/// Under a total, or without pots, no pot matters.
type Capital = BTreeMap<(Option<usize>, Period), Vec<(ColumnId, f64)>>;

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
    facts.fleet.pots.iter().enumerate().flat_map(|(index, pot)| pot_rows(facts, index, pot, &capital)).collect()
}

fn pot_rows(facts: Facts, index: usize, pot: &Pot, capital: &Capital) -> Vec<Row> {
    let calendar = &facts.fleet.calendar;
    let charged = |(payer, _): &(Option<usize>, Period)| *payer == Some(index);
    let released = |period: Period| pot.release.iter().filter(move |r| r.from <= calendar.period_start(period));
    let falls = capital.iter().any(|(at, terms)| charged(at) && terms.iter().any(|(_, size)| *size < 0.0));
    let mut rows = vec![];
    for period in calendar.all_periods() {
        let next = Period(period.0 + 1);
        // A row at the end of each window, or after each release: the others follow, unless capital may fall.
        let last = next == calendar.horizon() || released(next).count() > released(period).count();
        let may_fall = falls && pot.carry_over;
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
    let (fleet, options, vars) = (facts.fleet, facts.options, facts.variables);
    let mut charge = |pot: Option<&Pot>, column: ColumnId, lines: &[UnitLine], scale: fn(Cents) -> f64| {
        // A total asked for is never relieved.
        let pot = pot.filter(|_| facts.settings.budget.is_none());
        let reliefs = pot.map_or(&[][..], |pot| &pot.relieved_by);
        let payer = pot.and_then(|pot| fleet.pots.iter().position(|payer| payer.id == pot.id));
        let counts =
            |category: &Category| category.is_capital() || reliefs.iter().any(|relief| receipt(*relief) == *category);
        for line in lines.iter().filter(|line| counts(&line.category)) {
            capital.entry((payer, line.period)).or_default().push((column, scale(-line.cents)));
        }
    };
    let pot_of = |site: usize| fleet.pot_of(&fleet.sites[site].id);
    for (option, column) in options.halls.iter().zip(&vars.halls) {
        charge(pot_of(option.site), *column, &option.lines, scale::money);
    }
    for (setup, column) in options.setups.iter().zip(&vars.setups) {
        charge(pot_of(setup.site), *column, &setup.lines, scale::money);
    }
    for (option, column) in options.works.iter().zip(&vars.works) {
        for (_, lines) in &option.lines {
            charge(fleet.pot_of_work(&fleet.works[option.work]), *column, lines, scale::money);
        }
    }
    for (option, column) in options.reservations.iter().zip(&vars.reservations) {
        charge(fleet.pot_of_deposits(), *column, &option.lines, scale::money);
    }
    for (track, columns) in options.machines.iter().zip(&vars.machines) {
        for (at, buy) in track.periods.iter().zip(&columns.buy) {
            if let (Some(lines), Some(column)) = (&at.buy, buy) {
                charge(pot_of(track.site), *column, lines, scale::machine_money);
            }
        }
    }
    capital
}

/// The ledger lines of a relief.
const fn receipt(relief: Relief) -> Category {
    match relief {
        Relief::Advance => Category::Advance,
        Relief::Prepayment => Category::Prepayment,
    }
}

/// Adds up the terms of each column; a deposit that has been credited is none.
fn sum<'a>(parts: impl Iterator<Item = &'a Vec<(ColumnId, f64)>>) -> Vec<(ColumnId, f64)> {
    let mut total: BTreeMap<ColumnId, f64> = BTreeMap::new();
    for (column, coefficient) in parts.flatten() {
        *total.entry(*column).or_default() += coefficient;
    }
    total.into_iter().filter(|(_, coefficient)| *coefficient != 0.0).collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::calendar::Period;
    use crate::domain::delivery::{LongLead, Reserve};
    use crate::domain::money::{Pot, Relief};
    use crate::domain::work::Work;
    use crate::domain::{Fleet, fixture};
    use crate::model::tests::{line, rows_that_begin, rows_with};
    use crate::options::Options;
    use crate::plan::ledger::Category;
    use crate::units::{Months, Share, Usd};

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
    fn works_and_deposits_are_charged_to_their_pots() {
        let rows = rows_that_begin("budget", |fleet, _| {
            fleet.calendar.latest_start = fleet.calendar.start;
            fleet.deck.machine_prices.clear();
            fleet.retrofits[0].costs.clear();
            fleet.money.capex_escalation = Share::NONE;
            let own = Work { site: Some("north".into()), ..fixture::work("north/land") };
            fleet.works = vec![own, fixture::work("substation")];
            fleet.long_lead = vec![LongLead {
                item: "transformer".to_owned(),
                per_period: 0,
                reserve: Some(Reserve { most: 1, deposit: Usd::new(2e6), lead: Months(12) }),
            }];
            fleet.calendar.periods = 5;
            let pot = fleet.pots[0].clone();
            fleet.pots = ["sites", "works", "all"].map(|id| Pot { id: id.into(), ..pot.clone() }).to_vec();
            (fleet.pots[0].sites, fleet.pots[0].works) = (None, Some(vec![]));
            (fleet.pots[1].sites, fleet.pots[1].works) = (Some(vec![]), Some(vec!["substation".into()]));
        });
        let expected = [
            "budget[sites,2027-04]: 6 work[north/land,2027-01] ≤ 40".to_owned(),
            "budget[sites,2028-01]: 6 work[north/land,2027-01] ≤ 80".to_owned(),
            "budget[works,2027-04]: 6 work[substation,2027-01] ≤ 40".to_owned(),
            "budget[works,2028-01]: 6 work[substation,2027-01] ≤ 80".to_owned(),
            "budget[all,2027-01]: 2 reserve[transformer,2028-01] ≤ 40".to_owned(),
            "budget[all,2027-04]: 2 reserve[transformer,2028-01] ≤ 40".to_owned(),
            "budget[all,2027-07]: 2 reserve[transformer,2028-01] ≤ 80".to_owned(),
            "budget[all,2027-10]: 2 reserve[transformer,2028-01] ≤ 80".to_owned(),
        ];
        assert_eq!(rows, expected, "credited on delivery");
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
