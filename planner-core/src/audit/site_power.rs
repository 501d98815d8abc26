//! `site_power`: gross MW of halls in service plus running machines stays
//! within the connection of that date.

use super::case::Case;
use super::findings::{Findings, when};
use crate::domain::calendar::Period;
use crate::domain::site::Site;
use crate::units::GrossMw;

/// Rows hold to one kilowatt.
pub(super) const ONE_KILOWATT: GrossMw = GrossMw::new(0.001);

/// Gross MW of halls in service plus running machines stays within the connection.
pub(super) fn check(case: &Case, found: &mut Findings) {
    let calendar = &case.fleet.calendar;
    for site in &case.fleet.sites {
        for period in calendar.all_periods() {
            let hosted = hosted(case, site, period);
            let running: GrossMw = case
                .herds
                .iter()
                .filter(|herd| herd.site.id == site.id)
                .filter_map(|herd| herd.rows.get(period.index()).map(|row| herd.gross(row.run)))
                .sum();
            let connection = site.power.connection_in(calendar, period);
            let within = hosted + running <= connection + ONE_KILOWATT;
            if !within {
                found.add(
                    format!("{} in {}", site.id, when(calendar, period)),
                    format!("{hosted} hosted and {running} of running machines exceed the connection of {connection}"),
                );
            }
        }
    }
}

/// Gross power reserved by the halls in service at a site.
pub(super) fn hosted(case: &Case, site: &Site, period: Period) -> GrossMw {
    case.columns
        .iter()
        .filter(|column| column.site.id == site.id && column.in_service(case.fleet, period))
        .map(super::column::Column::reserved)
        .sum()
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::breaks;
    use crate::units::GrossMw;

    #[test]
    fn running_machines_exceed_the_connection() {
        let found = breaks("site_power", |plan| plan.inputs.sites[0].power.connection[0].power = GrossMw::new(36.0));
        // 10,000 machines of 3.675 kW in period 0; 20 MW hosted and 4,000 machines stay within.
        assert_eq!(
            found,
            ["site_power: north in period 0 (2027-01-01): \
              0 MW hosted and 36.75 MW of running machines exceed the connection of 36 MW"]
        );
    }

    #[test]
    fn hosted_halls_count_from_the_period_of_service_on() {
        // Ready in month 9, so from period 3 on: 20 MW and 14.7 MW of machines.
        let found = breaks("site_power", |plan| {
            plan.inputs.sites[0].power.connection.push(crate::domain::site::PowerStep {
                from: jiff::civil::date(2027, 6, 2),
                power: GrossMw::new(34.0),
            });
        });
        assert_eq!(found.len(), 5);
        assert!(found[0].contains("period 3 (2027-10-01)"));
    }
}
