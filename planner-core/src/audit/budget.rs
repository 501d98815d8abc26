//! `budget`: capital charged to a pot, cumulatively, stays within what has
//! been released to it; without carry-over, per window. Capital is that of
//! retrofits, exits, works and machines, and deposits until they are credited. Receipts that relieve a
//! pot reduce what is charged to it when they are paid. One cap on all capital,
//! unrelieved, takes the place of the pots where it is given.

use std::collections::BTreeMap;

use super::case::Case;
use super::findings::{Findings, dollars, when};
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::money::{Pot, Release, Relief};
use crate::plan::PORTFOLIO;
use crate::plan::ledger::{Category, LedgerLine};
use crate::units::Cents;

/// Rows hold to one dollar: a solver's rows do, to a millionth of a million dollars.
pub(super) const ONE_DOLLAR: Cents = Cents(100);

/// Capital stays within what has been released.
pub(super) fn check(case: &Case, found: &mut Findings) {
    if let Some(cap) = case.settings.budget {
        let (spent, cap) = (capital(case, |_| true), cap.to_cents());
        if spent > cap + ONE_DOLLAR {
            found.add("budget", format!("{} of capital exceed the cap of {}", dollars(spent), dollars(cap)));
        }
        return;
    }
    if case.fleet.pots.is_empty() {
        return;
    }
    unpaid(case, found);
    for pot in &case.fleet.pots {
        if pot.carry_over { cumulative(case, pot, found) } else { by_window(case, pot, found) }
    }
}

/// What no pot pays for: capital of a site, a shared work or a deposit.
fn unpaid(case: &Case, found: &mut Findings) {
    let mut owed: BTreeMap<String, Cents> = BTreeMap::new();
    let capital = case.ledger.iter().filter(|line| line.category.is_capital());
    for line in capital.filter(|line| pot_of(case.fleet, line).is_none()) {
        let whose = if line.site.as_str() == PORTFOLIO { line.subject.clone() } else { format!("site {}", line.site) };
        // A deposit that is credited later is spent all the same.
        *owed.entry(whose).or_default() += (-line.amount_cents).max(Cents::ZERO);
    }
    for (whose, spent) in owed {
        found.add(whose, format!("no pot pays for its {} of capital", dollars(spent)));
    }
}

/// All capital of the lines asked for, as a positive amount.
pub(super) fn capital(case: &Case, of: impl Fn(&LedgerLine) -> bool) -> Cents {
    let lines = case.ledger.iter().filter(|line| line.category.is_capital() && of(line));
    -lines.map(|line| line.amount_cents).sum::<Cents>()
}

/// The pot that a line is charged to or relieves: that of its site; of the work or for deposits where there is none.
pub(super) fn pot_of<'a>(fleet: &'a Fleet, line: &LedgerLine) -> Option<&'a Pot> {
    if line.site.as_str() != PORTFOLIO {
        return fleet.pot_of(&line.site);
    }
    match line.subject.strip_prefix("work/") {
        Some(work) => fleet.pot_of_work(fleet.work(&work.into())?),
        None => fleet.pot_of_deposits(),
    }
}

/// What is charged to a pot in the periods asked for: capital less the receipts that relieve it.
fn charged(case: &Case, pot: &Pot, period: impl Fn(Period) -> bool) -> Cents {
    let relieves = |category: &Category| match category {
        Category::Advance => pot.relieved_by.contains(&Relief::Advance),
        Category::Prepayment => pot.relieved_by.contains(&Relief::Prepayment),
        _ => false,
    };
    let own = |line: &LedgerLine| period(line.period) && pot_of(case.fleet, line).is_some_and(|own| own.id == pot.id);
    let received = case.ledger.iter().filter(|line| relieves(&line.category) && own(line));
    let received: Cents = received.map(|line| line.amount_cents).sum();
    capital(case, own) - received
}

fn cumulative(case: &Case, pot: &Pot, found: &mut Findings) {
    let calendar = &case.fleet.calendar;
    for period in calendar.all_periods() {
        let first_day = calendar.period_start(period);
        let released: Cents = pot
            .release
            .iter()
            .filter(|release| release.from <= first_day)
            .map(|release| release.amount.to_cents())
            .sum();
        let spent = charged(case, pot, |other| other <= period);
        if spent > released + ONE_DOLLAR {
            let line = format!("pot {} in {}", pot.id, when(calendar, period));
            found.add(line, format!("{} spent of {} released", dollars(spent), dollars(released)));
        }
    }
}

fn by_window(case: &Case, pot: &Pot, found: &mut Findings) {
    let calendar = &case.fleet.calendar;
    let window_of = |period: Period| {
        let first_day = calendar.period_start(period);
        pot.release.iter().rposition(|release| release.from <= first_day)
    };
    let windows = std::iter::once(None).chain((0..pot.release.len()).map(Some));
    for window in windows {
        let release: Option<&Release> = window.and_then(|at| pot.release.get(at));
        let released = release.map_or(Cents::ZERO, |release| release.amount.to_cents());
        let spent = charged(case, pot, |period| window_of(period) == window);
        if spent > released + ONE_DOLLAR {
            let line = release.map_or_else(
                || format!("pot {} before its first release", pot.id),
                |release| format!("pot {} from {}", pot.id, release.from),
            );
            found.add(line, format!("{} spent of {} released", dollars(spent), dollars(released)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Case, Cents, LedgerLine, Relief, capital};
    use crate::audit::fixture::{self, breaks};
    use crate::domain::offer::{Advance, PaidOn};
    use crate::plan::Plan;
    use crate::units::{Share, Usd, UsdPerKwIt};

    #[test]
    fn a_pot_is_overdrawn() {
        let found = breaks("budget", |plan| plan.inputs.pots[0].release[1].amount = Usd::new(10e6));
        // 3.1 MUSD in period 1, then 65.1 MUSD; 30,925.60 USD of machines.
        assert_eq!(found.len(), 6);
        assert_eq!(
            found[0],
            "budget: pot group in period 2 (2027-07-01): 68,290,828.89 USD spent of 50,000,000.00 USD released"
        );
    }

    #[test]
    fn without_carry_over_each_window_stands_alone() {
        let found = breaks("budget", |plan| plan.inputs.pots[0].carry_over = false);
        assert_eq!(found, ["budget: pot group from 2027-07-01: 65,176,463.87 USD spent of 40,000,000.00 USD released"]);
    }

    #[test]
    fn nothing_is_spent_before_the_first_release() {
        let found = breaks("budget", |plan| {
            plan.inputs.pots[0].carry_over = false;
            plan.inputs.pots[0].release.remove(0);
            plan.inputs.pots[0].release[0].amount = Usd::new(100e6);
        });
        assert_eq!(found, ["budget: pot group before its first release: 3,114,365.02 USD spent of 0.00 USD released"]);
    }

    #[test]
    fn one_cap_takes_the_place_of_the_pots() {
        let found = breaks("budget", |plan| {
            plan.inputs.pots[0].sites = Some(vec!["south".into()]);
            plan.settings.budget = Some(Usd::new(68_290_827.88));
        });
        assert_eq!(found, ["budget: budget: 68,290,828.89 USD of capital exceed the cap of 68,290,827.88 USD"]);
    }

    #[test]
    fn an_advance_relieves_a_pot_but_not_the_cap() {
        let advance = |plan: &mut Plan| {
            plan.inputs.pots[0].release[1].amount = Usd::new(10e6);
            // 24 MUSD at the start, in period 1: 44.3 MUSD of 50 are charged then.
            let (amount, credited) = (UsdPerKwIt::new(1500.0), Share(0.5));
            plan.inputs.offers[0].advance = Some(Advance { amount, paid: PaidOn::Start, credited });
        };
        assert_eq!(breaks("budget", advance).len(), 6);
        let relieved = |plan: &mut Plan| {
            advance(plan);
            plan.inputs.pots[0].relieved_by = vec![Relief::Advance];
        };
        let mut plan = fixture::plan();
        relieved(&mut plan);
        fixture::settle(&mut plan);
        assert_eq!(fixture::findings(&plan), [""; 0]);
        assert_eq!(plan.capital_usd.0.0, 6_829_082_889, "the ask is what it was");
        let found = breaks("budget", |plan| {
            relieved(plan);
            plan.settings.budget = Some(Usd::new(50e6));
        });
        assert_eq!(found, ["budget: budget: 68,290,828.89 USD of capital exceed the cap of 50,000,000.00 USD"]);
    }

    #[test]
    fn no_pot_pays_for_the_site() {
        let found = breaks("budget", |plan| plan.inputs.pots[0].sites = Some(vec!["south".into()]));
        assert_eq!(found, ["budget: site north: no pot pays for its 68,290,828.89 USD of capital"]);
    }

    #[test]
    fn no_pot_pays_for_a_shared_work_or_for_deposits() {
        let found = breaks("budget", |plan| {
            *plan = crate::audit::fixture_works::plan();
            plan.inputs.pots[0].works = Some(vec!["land".into()]);
        });
        assert_eq!(
            found,
            [
                "budget: reserve/transformer@2027-07: no pot pays for its 400,000.00 USD of capital",
                "budget: work/substation: no pot pays for its 6,229,907.99 USD of capital"
            ]
        );
    }

    #[test]
    fn a_deposit_is_charged_until_it_is_credited() {
        // 200,000 USD for each of two transformers, paid in period 1 and credited in period 2.
        let plan = crate::audit::fixture_works::plan();
        let case = Case::new(&plan.inputs, &plan.settings, &plan.decisions, &[]);
        let reserved = |line: &LedgerLine| line.subject == "reserve/transformer@2027-07";
        let by = |last: u32| capital(&case, |line| reserved(line) && line.period.0 <= last);
        assert_eq!([by(0), by(1), by(2)], [Cents(0), Cents(40_000_000), Cents(0)]);
    }
}
