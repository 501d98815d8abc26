//! The ask: all landlord-funded capital, by date.

use std::collections::BTreeMap;

use super::conversions::setup_subject;
use super::table::{Cell, Fact, Section};
use crate::domain::calendar::Period;
use crate::plan::Plan;
use crate::plan::ledger::{Category, LedgerLine};
use crate::units::Cents;

/// All landlord-funded capital of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Over the whole horizon.
    pub total: Cents,
    /// Of it for machines.
    pub machines: Cents,
    /// By the calendar year in which the period of the payment begins.
    pub by_year: BTreeMap<i16, Cents>,
    /// Paid in the first twelve months.
    pub first_year: Cents,
    /// Conversion capital paid before the lease it is for is signed. A lease
    /// is signed when the first conversion for it starts.
    pub before_lease: Cents,
}

/// The ask of a plan.
#[must_use]
pub fn ask(plan: &Plan) -> Ask {
    let calendar = &plan.inputs.calendar;
    let mut ask = Ask {
        total: Cents::ZERO,
        machines: Cents::ZERO,
        by_year: BTreeMap::new(),
        first_year: Cents::ZERO,
        before_lease: Cents::ZERO,
    };
    let signed = signings(plan);
    for line in plan.ledger.iter().filter(|line| line.category.is_capital()) {
        let paid = -line.amount_cents;
        ask.total += paid;
        *ask.by_year.entry(calendar.period_start(line.period).year()).or_default() += paid;
        if calendar.first_month(line.period).0 < 12 {
            ask.first_year += paid;
        }
        if line.category == Category::MachinePurchase {
            ask.machines += paid;
        } else if signed_after(&signed, line) {
            ask.before_lease += paid;
        }
    }
    ask
}

/// Period in which the lease behind a capital line is signed, by site and subject.
fn signings(plan: &Plan) -> BTreeMap<(String, String), Option<Period>> {
    let calendar = &plan.inputs.calendar;
    let mut signed = BTreeMap::new();
    for conversion in &plan.decisions.conversions {
        let first = plan
            .decisions
            .conversions
            .iter()
            .filter(|other| other.offer == conversion.offer)
            .map(|other| other.start)
            .min()
            .unwrap_or(conversion.start);
        let period = calendar.period_of(calendar.month_of(first));
        let site = conversion.site.to_string();
        signed.insert((site.clone(), conversion.subject()), period);
        let setup = signed.entry((site, setup_subject(&conversion.retrofit))).or_insert(period);
        *setup = (*setup).min(period);
    }
    signed
}

fn signed_after(signed: &BTreeMap<(String, String), Option<Period>>, line: &LedgerLine) -> bool {
    match signed.get(&(line.site.to_string(), line.subject.clone())) {
        Some(Some(period)) => line.period < *period,
        // A lease signed before the horizon.
        Some(None) => false,
        None => true,
    }
}

/// The ask as a section of the page.
#[must_use]
pub fn section(plan: &Plan) -> Section {
    let ask = ask(plan);
    let mut total = vec![Fact::new("total", Cell::Money(ask.total))];
    if ask.machines != Cents::ZERO {
        total.push(Fact::new("of it machines", Cell::Money(ask.machines)));
    }
    if let Some(budget) = plan.settings.budget {
        total.push(Fact::new("of a budget of", Cell::Money(budget.to_cents())));
    }
    for (pot, amount) in &plan.settings.pots {
        total.push(Fact::new(format!("pot {pot} set to"), Cell::Money(amount.to_cents())));
    }
    total.push(Fact::new("first twelve months", Cell::Money(ask.first_year)));
    total.push(Fact::new("before a lease is signed", Cell::Money(ask.before_lease)));
    let years = ask
        .by_year
        .iter()
        .filter(|(_, paid)| **paid != Cents::ZERO)
        .map(|(year, paid)| Fact::new(year.to_string(), Cell::Money(*paid)))
        .collect();
    Section::facts("The ask", vec![total, years])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn capital_is_dated_and_follows_its_lease() {
        let plan = sample::plan();
        let ask = ask(&plan);
        assert_eq!(ask.total, plan.capital_usd.0);
        assert_eq!(ask.by_year.values().copied().sum::<Cents>(), ask.total);
        assert_eq!(ask.first_year, ask.by_year[&2027]);
        assert_eq!(ask.before_lease, Cents::ZERO);
    }

    #[test]
    fn capital_before_the_first_start_counts_as_unsigned() {
        let mut plan = sample::plan();
        for line in plan.ledger.iter_mut().filter(|l| matches!(l.category, Category::Capex(_))) {
            line.period = Period(0);
        }
        for conversion in &mut plan.decisions.conversions {
            let before = conversion.subject();
            conversion.start = jiff::civil::date(2027, 7, 1);
            let after = conversion.subject();
            for line in plan.ledger.iter_mut().filter(|l| l.subject == before) {
                line.subject.clone_from(&after);
            }
        }
        let ask = ask(&plan);
        assert_eq!(ask.before_lease, ask.total);
    }
}
