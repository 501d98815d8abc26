//! `hall_count`: halls converted in a group never exceed its count.

use super::case::Case;
use super::findings::Findings;

/// Halls converted in a group never exceed its count.
pub(super) fn check(case: &Case, found: &mut Findings) {
    for site in &case.fleet.sites {
        for hall in &site.halls {
            let converted: u64 = case
                .decisions
                .conversions
                .iter()
                .filter(|c| c.site == site.id && c.hall == hall.id)
                .map(|c| u64::from(c.halls))
                .sum();
            if converted > u64::from(hall.count) {
                found.add(
                    format!("{} {}", site.id, hall.id),
                    format!("{converted} halls are converted, the group has {}", hall.count),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::breaks;

    #[test]
    fn a_hall_too_many() {
        let found = breaks("hall_count", |plan| {
            plan.inputs.sites[0].halls[0].count = 0;
            plan.inputs.sites[0].mining.spare_racks = crate::units::GrossMw::new(100.0);
        });
        assert_eq!(found, ["hall_count: north a: 1 halls are converted, the group has 0"]);
    }
}
