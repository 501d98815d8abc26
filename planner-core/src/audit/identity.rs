//! `identity`: the plan carries the hash of the inputs it stores, and those
//! inputs are ones that can be priced.

use super::findings::{Findings, dollars};
use crate::domain::Fleet;
use crate::domain::site::EnergyPrice;
use crate::plan::identity::identity;
use crate::plan::{Plan, SCHEMA_VERSION};
use crate::units::Usd;

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
    pots(plan, found);
}

/// Pots that were set to another sum release that sum in the inputs.
fn pots(plan: &Plan, found: &mut Findings) {
    for (id, asked) in &plan.settings.pots {
        let Some(pot) = plan.inputs.pots.iter().find(|pot| pot.id == *id) else {
            found.add("settings.pots", format!("there is no pot `{id}`"));
            continue;
        };
        let released: Usd = pot.release.iter().map(|release| release.amount).sum();
        let (asked, released) = (asked.to_cents(), released.to_cents());
        // Releases are scaled as floats, so that their sum may lie on either side of half a cent.
        if (asked - released).0.saturating_abs() > 1 {
            found
                .add("settings.pots", format!("{id} was set to {}, it releases {}", dollars(asked), dollars(released)));
        }
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
    use crate::units::Usd;

    #[test]
    fn another_rate_is_another_portfolio() {
        let mut plan = fixture::plan();
        plan.inputs.money.discount_rate.0 += 0.01;
        let found = fixture::findings(&plan);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("identity: identity: the inputs hash to "));
    }

    #[test]
    fn a_pot_releases_what_it_was_set_to() {
        let mut plan = fixture::plan();
        let pot = plan.inputs.pots[0].clone();
        let sum: Usd = pot.release.iter().map(|release| release.amount).sum();
        plan.settings.pots = vec![(pot.id, sum)];
        assert_eq!(fixture::findings(&plan), [""; 0]);
        plan.settings.pots[0].1 = sum + Usd::new(0.02);
        let found = fixture::findings(&plan);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("identity: settings.pots: "), "{found:?}");
        plan.settings.pots[0].0 = "nowhere".into();
        assert_eq!(fixture::findings(&plan), ["identity: settings.pots: there is no pot `nowhere`"]);
    }

    #[test]
    fn a_deck_shorter_than_the_horizon_ends_the_audit() {
        let mut plan = fixture::plan();
        plan.inputs.deck.months.pop();
        plan.identity = super::identity(&plan.inputs);
        assert_eq!(fixture::findings(&plan), ["identity: inputs.deck: the deck has 23 months, the horizon 24"]);
    }
}
