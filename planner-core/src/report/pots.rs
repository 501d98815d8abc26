//! Money released to the pots against what is charged to them, by period: the capital S-curve and its budget.

use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::money::{Pot, Relief};
use crate::plan::ledger::{Category, LedgerLine};
use crate::plan::{PORTFOLIO, Plan, subject};
use crate::units::Cents;

/// Capital and budget up to the end of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Funding {
    /// Which.
    pub period: Period,
    /// Landlord-funded capital paid.
    pub paid: Cents,
    /// Of it charged to the budget: less receipts of tenants that relieve a pot.
    pub charged: Cents,
    /// What could have been charged at most; `None` where capital is not limited. What lapsed unspent is not in it.
    pub budget: Option<Cents>,
}

/// The pot that a line is charged to or relieves.
#[must_use]
pub fn pot_of<'a>(fleet: &'a Fleet, line: &LedgerLine) -> Option<&'a Pot> {
    if line.site.as_str() != PORTFOLIO {
        return fleet.pot_of(&line.site);
    }
    match subject::work_of(&line.subject).and_then(|work| fleet.work(&work.into())) {
        Some(work) => fleet.pot_of_work(work),
        None => fleet.pot_of_deposits(),
    }
}

/// Whether a receipt relieves the pot.
#[must_use]
pub fn relieves(pot: &Pot, category: &Category) -> bool {
    match category {
        Category::Advance => pot.relieved_by.contains(&Relief::Advance),
        Category::Prepayment => pot.relieved_by.contains(&Relief::Prepayment),
        _ => false,
    }
}

/// One point per period, to the last one in which capital is paid or money is released. None without capital.
#[must_use]
pub fn funding(plan: &Plan) -> Vec<Funding> {
    let calendar = &plan.inputs.calendar;
    let capital: Vec<&LedgerLine> = plan.ledger.iter().filter(|line| line.category.is_capital()).collect();
    let Some(last_paid) = capital.iter().map(|line| line.period).max() else { return vec![] };
    let pots = if plan.settings.budget.is_some() { &[] } else { plan.inputs.pots.as_slice() };
    let releases = pots.iter().flat_map(|pot| &pot.release);
    let last_release = releases.filter_map(|release| calendar.period_of(calendar.month_from(release.from))).max();
    let last = last_paid.max(last_release.unwrap_or_default());
    let paid_by = |period: Period| -> Cents {
        capital.iter().filter(|line| line.period <= period).map(|line| -line.amount_cents).sum()
    };
    let mut pots: Vec<Drawn> = pots.iter().map(|pot| Drawn::of(plan, pot)).collect();
    let points = (0..=last.0).map(Period).map(|period| {
        let paid = paid_by(period);
        if let Some(cap) = plan.settings.budget {
            return Funding { period, paid, charged: paid, budget: Some(cap.to_cents()) };
        }
        let limits: Vec<(Cents, Cents)> = pots.iter_mut().map(|pot| pot.until(plan, period)).collect();
        if limits.is_empty() {
            return Funding { period, paid, charged: paid, budget: None };
        }
        let (charged, budget) = limits.into_iter().fold((Cents::ZERO, Cents::ZERO), |a, b| (a.0 + b.0, a.1 + b.1));
        Funding { period, paid, charged, budget: Some(budget) }
    });
    points.collect()
}

/// What is charged to a pot, period by period.
struct Drawn<'a> {
    pot: &'a Pot,
    lines: Vec<(Period, Cents)>,
    charged: Cents,
    /// Charged before the window of the last release began: what was left of it has lapsed.
    before_window: Cents,
    window: Option<usize>,
}

impl<'a> Drawn<'a> {
    fn of(plan: &Plan, pot: &'a Pot) -> Self {
        let own = |line: &&LedgerLine| {
            (line.category.is_capital() || relieves(pot, &line.category))
                && pot_of(&plan.inputs, line).is_some_and(|own| own.id == pot.id)
        };
        let lines = plan.ledger.iter().filter(own).map(|line| (line.period, -line.amount_cents)).collect();
        Self { pot, lines, charged: Cents::ZERO, before_window: Cents::ZERO, window: None }
    }

    /// Charged by the end of a period, and the most that could have been; periods are asked for in their order.
    fn until(&mut self, plan: &Plan, period: Period) -> (Cents, Cents) {
        let first_day = plan.inputs.calendar.period_start(period);
        let window = self.pot.release.iter().rposition(|release| release.from <= first_day);
        if window != self.window {
            (self.before_window, self.window) = (self.charged, window);
        }
        self.charged += self.lines.iter().filter(|(at, _)| *at == period).map(|(_, amount)| *amount).sum();
        let budget = if self.pot.carry_over {
            let released = self.pot.release.iter().filter(|release| release.from <= first_day);
            released.map(|release| release.amount.to_cents()).sum()
        } else {
            let release = window.and_then(|at| self.pot.release.get(at));
            self.before_window + release.map_or(Cents::ZERO, |release| release.amount.to_cents())
        };
        (self.charged, budget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Release;
    use crate::report::sample;
    use crate::units::Usd;
    use jiff::civil::date;

    const MILLION: i64 = 100_000_000;

    fn pot(carry_over: bool, release: Vec<Release>) -> Pot {
        Pot { id: "growth".into(), release, carry_over, sites: None, works: None, relieved_by: vec![] }
    }

    fn release(year: i16, millions: f64) -> Release {
        Release { from: date(year, 1, 1), amount: Usd::new(millions * 1e6) }
    }

    #[test]
    fn without_pots_there_is_no_budget_and_with_a_cap_one() {
        let mut plan = sample::plan();
        let points = funding(&plan);
        assert_eq!(points.len(), 6, "six quarters of capital");
        assert_eq!(points.last().unwrap().paid, plan.capital_usd.0);
        assert!(points.iter().all(|point| point.budget.is_none()));
        plan.settings.budget = Some(Usd::new(150e6));
        assert!(funding(&plan).iter().all(|point| point.budget == Some(Cents(150 * MILLION))));
    }

    #[test]
    fn releases_add_up_or_lapse() {
        let mut plan = sample::plan();
        let releases = vec![release(2027, 90.0), release(2028, 60.0), release(2030, 10.0)];
        plan.inputs.pots = vec![pot(true, releases.clone())];
        let at = |plan: &Plan, quarter: usize| funding(plan)[quarter];
        assert_eq!(funding(&plan).len(), 13, "until the last release");
        assert_eq!(at(&plan, 3).budget, Some(Cents(90 * MILLION)));
        assert_eq!(at(&plan, 4).budget, Some(Cents(150 * MILLION)));
        plan.inputs.pots = vec![pot(false, releases)];
        let (before, after) = (at(&plan, 3), at(&plan, 4));
        assert_eq!(before.charged, Cents(85 * MILLION));
        assert_eq!(after.budget, Some(Cents((85 + 60) * MILLION)), "5 M$ have lapsed");
    }

    #[test]
    fn receipts_relieve_the_pots_that_say_so() {
        let mut plan = sample::plan();
        let mut advance = plan.ledger.iter().find(|line| line.category == Category::Rent).unwrap().clone();
        (advance.period, advance.category, advance.amount_cents) = (Period(0), Category::Advance, Cents(MILLION));
        plan.ledger.push(advance);
        plan.inputs.pots = vec![pot(true, vec![release(2027, 200.0)])];
        assert_eq!(funding(&plan)[0].charged, funding(&plan)[0].paid);
        plan.inputs.pots[0].relieved_by = vec![Relief::Advance];
        assert_eq!(funding(&plan)[0].charged, funding(&plan)[0].paid - Cents(MILLION));
    }
}
