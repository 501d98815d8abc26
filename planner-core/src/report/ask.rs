//! The ask: all landlord-funded capital, by date.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::table::{Cell, Fact, Section};
use super::works;
use crate::domain::calendar::Period;
use crate::domain::ids::SiteId;
use crate::plan::ledger::{Category, LedgerLine};
use crate::plan::{Plan, subject};
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
    /// Capital of conversions, and of works and deposits for them, paid before the lease it is for is signed, less
    /// deposits credited before. A lease is signed when the first conversion for it starts.
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
        } else if lease(&signed, line).is_some_and(|day| signed_after(plan, day, line.period)) {
            ask.before_lease += paid;
        }
    }
    ask
}

/// When the first lease behind a capital line is signed, by subject (which for works and reservations is unique without
/// the site). Merchant capacity has none.
pub(super) type Signings = BTreeMap<(Option<SiteId>, String), Date>;

/// When the leases of a plan are signed.
pub(super) fn signings(plan: &Plan) -> Signings {
    let mut signed = BTreeMap::new();
    let mut sign = |site: Option<&SiteId>, subject: String, day: Date| {
        let first = signed.entry((site.cloned(), subject)).or_insert(day);
        *first = (*first).min(day);
    };
    for conversion in plan.decisions.conversions.iter().filter(|conversion| conversion.offer.is_some()) {
        let first = plan
            .decisions
            .conversions
            .iter()
            .filter(|other| other.offer == conversion.offer)
            .map(|other| other.start)
            .min()
            .unwrap_or(conversion.start);
        sign(Some(&conversion.site), conversion.subject(), first);
        sign(Some(&conversion.site), subject::setup(&conversion.retrofit), first);
        let equipment = plan.inputs.retrofit(&conversion.retrofit).into_iter().flat_map(|retrofit| &retrofit.costs);
        for item in equipment.filter_map(|line| line.equipment.as_ref()) {
            for reserved in plan.decisions.reservations.iter().filter(|reserved| reserved.item == item.item) {
                sign(None, reserved.subject(&plan.inputs.calendar), first);
            }
        }
        for work in plan.inputs.works.iter().filter(|work| works::sites(work).contains(&conversion.site)) {
            sign(None, subject::work(&work.id), first);
        }
    }
    signed
}

/// When the first lease is signed that a line is for; `None` where it is for none.
pub(super) fn lease(signed: &Signings, line: &LedgerLine) -> Option<Date> {
    let own = signed.get(&(Some(line.site.clone()), line.subject.clone()));
    own.or_else(|| signed.get(&(None, line.subject.clone()))).copied()
}

/// Whether a lease is signed after a period. It counts as signed in the period of its first day.
pub(super) fn signed_after(plan: &Plan, day: Date, period: Period) -> bool {
    day >= plan.inputs.calendar.period_start(Period(period.0.saturating_add(1)))
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
    let mut years: Vec<Fact> = ask
        .by_year
        .iter()
        .filter(|(_, paid)| **paid != Cents::ZERO)
        .map(|(year, paid)| Fact::new(year.to_string(), Cell::Money(*paid)))
        .collect();
    if plan.settings.budget.is_none() && !plan.inputs.pots.is_empty() {
        years.push(Fact::new("the pots release", Cell::Money(plan.inputs.released().to_cents())));
    }
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

    #[test]
    fn a_work_and_a_deposit_are_for_the_leases_of_the_halls_they_serve() {
        let mut plan = sample::with_everything();
        assert_eq!(ask(&plan).before_lease, Cents::ZERO, "the lease is signed on the first day");
        for conversion in &mut plan.decisions.conversions {
            let before = conversion.subject();
            conversion.start = jiff::civil::date(2027, 10, 1);
            let after = conversion.subject();
            for line in plan.ledger.iter_mut().filter(|l| l.subject == before || l.subject == "liquid/setup") {
                line.period = line.period.max(Period(3));
                line.subject = line.subject.replace(&before, &after);
            }
        }
        // Substation and fibre are paid before October 2027, and so is the deposit.
        assert_eq!(ask(&plan).before_lease, Cents(2_000_000_000 + 600_000_000 + 40_000_000));
        plan.decisions.conversions.clear();
        assert_eq!(ask(&plan).before_lease, Cents::ZERO, "for no lease");
    }
}
