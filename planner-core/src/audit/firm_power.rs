//! `firm_power`: hosted gross MW stays within firm MW of that date, with what
//! finished works add; mining may use interruptible MW.

use super::case::Case;
use super::findings::{Findings, when};
use super::site_power::hosted;
use crate::units::GrossMw;

/// Hosted gross MW stays within firm MW of that date.
pub(super) fn check(case: &Case, found: &mut Findings) {
    let calendar = &case.fleet.calendar;
    for site in &case.fleet.sites {
        for period in calendar.all_periods() {
            let hosted = hosted(case, site, period);
            let firm = site.power.firm_in(calendar, period) + case.added(site, period, |effect| effect.firm);
            let within = hosted <= firm + GrossMw::ONE_KILOWATT;
            if !within {
                found.add(
                    format!("{} in {}", site.id, when(calendar, period)),
                    format!("{hosted:#} hosted exceed the firm power of {firm:#}"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::breaks;

    #[test]
    fn a_hosted_hall_exceeds_firm_power() {
        let found = breaks("firm_power", |plan| {
            plan.inputs.sites[0].power.firm[0].power = crate::units::GrossMw::new(19.998);
        });
        assert_eq!(found.len(), 5, "periods 3 to 7");
        assert_eq!(
            found[0],
            "firm_power: north in period 3 (2027-10-01): 20 MW hosted exceed the firm power of 19.998 MW"
        );
    }

    #[test]
    fn what_a_work_firms_counts_when_it_is_finished() {
        let found = breaks("firm_power", |plan| {
            *plan = crate::audit::fixture_works::plan();
            plan.inputs.sites[0].power.firm[0].power = crate::units::GrossMw::new(5.0);
            crate::audit::fixture_works::takes(plan, 9);
            crate::audit::fixture_works::substation(plan).needed_by = None;
        });
        assert_eq!(found, ["firm_power: north in period 3 (2027-10-01): 20 MW hosted exceed the firm power of 5 MW"]);
    }
}
