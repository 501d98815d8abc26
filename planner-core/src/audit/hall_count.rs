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
