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
