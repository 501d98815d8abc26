//! The market deck behind the figures, and the rates that discount them.

use jiff::civil::Date;

use super::table::{Cell, Fact, Section};
use crate::domain::Fleet;
use crate::domain::calendar::Month;
use crate::domain::money::Class;
use crate::plan::Plan;
use crate::plan::ledger::{LedgerLine, present_value};
use crate::units::UsdCents;

/// Hashprice of a month in dollars per TH/s and day; `None` where the deck has no such month.
#[must_use]
pub fn hashprice(fleet: &Fleet, month: Month) -> Option<f64> {
    let facts = fleet.deck.month(month)?;
    Some(crate::mining::hashprice(&fleet.deck, &fleet.calendar, month, facts).0)
}

/// Hashprice of the first month, of the month after each halving inside the
/// horizon, and of the last month.
#[must_use]
pub fn hashprices(fleet: &Fleet) -> Vec<(Date, f64)> {
    let calendar = &fleet.calendar;
    let last = Month(calendar.horizon_month().0.saturating_sub(1));
    let mut months = vec![Month(0)];
    for halving in &fleet.deck.halvings {
        let after = Month(calendar.month_of(halving.date).0.saturating_add(1));
        if halving.date >= calendar.start && after < last {
            months.push(after);
        }
    }
    months.push(last);
    months.sort_unstable();
    months.dedup();
    months.into_iter().filter_map(|m| hashprice(fleet, m).map(|price| (calendar.month_start(m), price))).collect()
}

/// Uplift with one rate, `money.discount_rate`, on every line. The run-off of
/// contracts is brought to the horizon at its own rate before.
#[must_use]
pub fn uplift_at_one_rate(plan: &Plan) -> UsdCents {
    let rate = plan.inputs.money.discount_rate;
    let value = |lines: &[LedgerLine]| {
        let lines: Vec<LedgerLine> = lines.iter().map(|line| LedgerLine { rate, ..line.clone() }).collect();
        present_value(&plan.inputs.calendar, &lines).0
    };
    UsdCents(value(&plan.ledger) - value(&plan.twin.ledger))
}

/// The deck and the rates as a section of the page.
#[must_use]
pub fn section(plan: &Plan) -> Section {
    let fleet = &plan.inputs;
    let mut deck = vec![Fact::new("deck", Cell::text(fleet.deck.name.clone()))];
    for (index, (month, price)) in hashprices(fleet).into_iter().enumerate() {
        let label = if index == 0 { "hashprice [$/PH/day] " } else { "" };
        let label = format!("{label}{:04}-{:02}", month.year(), month.month());
        deck.push(Fact::new(label, Cell::Number(price * 1000.0, 1)));
    }
    let rate = |label: &str, class| Fact::new(label, Cell::Share(fleet.money.rates.of(class).0));
    let mut rates = vec![
        rate("rates: mining", Class::Mining),
        rate("contracted", Class::Contracted),
        rate("corporate", Class::Corporate),
    ];
    let merchant = plan.ledger.iter().chain(&plan.twin.ledger).any(|line| line.class == Class::Merchant);
    if merchant {
        rates.push(rate("merchant", Class::Merchant));
    }
    if accepted(plan).any(|offer| offer.discount_rate.is_some()) {
        rates.push(Fact::sentence("some offers their own"));
    }
    let label = format!("uplift at {} for all", fleet.money.discount_rate);
    rates.push(Fact::new(label, Cell::Money(uplift_at_one_rate(plan).0)));
    Section::facts("Market", vec![deck, rates])
}

/// Offers that the plan accepts.
pub(super) fn accepted(plan: &Plan) -> impl Iterator<Item = &crate::domain::offer::Offer> {
    plan.decisions.offers.iter().filter(|decision| decision.accepted).filter_map(|d| plan.inputs.offer(&d.offer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_subsidy_of_a_halving_month_is_averaged_over_its_days() {
        let fleet = sample::plan().inputs;
        // 100 000 $ · 144 · 3.125 / 900 EH/s = 0.05 $/TH/day before the halving of 2028-04-16.
        assert!((hashprice(&fleet, Month(0)).unwrap() - 0.05).abs() < 1e-12);
        assert!((hashprice(&fleet, Month(15)).unwrap() - 0.0375).abs() < 1e-12, "15 of 30 days at half");
        assert!((hashprice(&fleet, Month(16)).unwrap() - 0.025).abs() < 1e-12);
        assert_eq!(hashprice(&fleet, Month(-1)), None);
        assert_eq!(hashprices(&fleet).len(), 3);
    }

    #[test]
    fn one_rate_for_all_is_the_uplift_when_the_classes_have_it_anyway() {
        let mut plan = sample::plan();
        for line in plan.ledger.iter_mut().chain(&mut plan.twin.ledger) {
            line.rate = plan.inputs.money.discount_rate;
        }
        let calendar = &plan.inputs.calendar;
        let uplift = present_value(calendar, &plan.ledger).0 - present_value(calendar, &plan.twin.ledger).0;
        assert_eq!(uplift_at_one_rate(&plan).0, uplift);
    }
}
