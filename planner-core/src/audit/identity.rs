//! `identity`: the plan carries the hash of the inputs it stores, and those
//! inputs are ones that can be priced.

use super::findings::Findings;
use crate::domain::Fleet;
use crate::domain::site::EnergyPrice;
use crate::plan::identity::identity;
use crate::plan::{Plan, SCHEMA_VERSION};

/// A thousand years: beyond it the civil calendar saturates.
const LONGEST_HORIZON: i32 = 12_000;

/// The layout is known and the inputs are those that were planned.
pub(super) fn check(plan: &Plan, found: &mut Findings) {
    if plan.schema_version != SCHEMA_VERSION {
        found.add("schema_version", format!("{} where {SCHEMA_VERSION} is known", plan.schema_version));
    }
    let expected = identity(&plan.inputs);
    if plan.identity != expected {
        found.add("identity", format!("the inputs hash to {expected}, the plan says {}", plan.identity));
    }
}

/// Whether calendar and deck let every month of the horizon be priced; the
/// reader grants it, a tampered file may not.
pub(super) fn usable(fleet: &Fleet, found: &mut Findings) -> bool {
    let calendar = &fleet.calendar;
    let months = calendar.horizon_month().0;
    if calendar.start.day() != 1 {
        found.add("inputs.calendar", format!("the horizon starts on {}, not on the first of a month", calendar.start));
        return false;
    }
    if !(1..=LONGEST_HORIZON).contains(&months) {
        found.add("inputs.calendar", format!("a horizon of {} periods cannot be priced", calendar.periods));
        return false;
    }
    let priced = fleet.deck.months.len();
    if usize::try_from(months).map_or(true, |months| priced < months) {
        found.add("inputs.deck", format!("the deck has {priced} months, the horizon {months}"));
        return false;
    }
    for site in &fleet.sites {
        if let EnergyPrice::Deck(name) = &site.power.energy_price
            && let Some(month) = fleet.deck.months.iter().position(|month| !month.power.contains_key(name))
        {
            found.add("inputs.deck", format!("no price `{name}` in month {month}, which {} pays", site.id));
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture;

    #[test]
    fn another_rate_is_another_portfolio() {
        let mut plan = fixture::plan();
        plan.inputs.money.discount_rate.0 += 0.01;
        let found = fixture::findings(&plan);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("identity: identity: the inputs hash to "));
    }

    #[test]
    fn a_deck_shorter_than_the_horizon_ends_the_audit() {
        let mut plan = fixture::plan();
        plan.inputs.deck.months.pop();
        plan.identity = super::identity(&plan.inputs);
        assert_eq!(fixture::findings(&plan), ["identity: inputs.deck: the deck has 23 months, the horizon 24"]);
    }
}
