//! `racks`: machines fit the racks that remain, by kind of cooling.

use super::case::Case;
use super::findings::{Findings, when};
use super::site_power::ONE_KILOWATT;
use crate::domain::calendar::Period;
use crate::domain::machine::Cooling;
use crate::domain::site::{HallGroup, Site};
use crate::units::GrossMw;

/// Machines fit the racks that remain.
pub(super) fn check(case: &Case, found: &mut Findings) {
    let calendar = &case.fleet.calendar;
    for site in &case.fleet.sites {
        for cooling in [Cooling::Air, Cooling::Hydro, Cooling::Immersion] {
            for period in calendar.all_periods() {
                let machines: GrossMw = case
                    .herds
                    .iter()
                    .filter(|herd| herd.site.id == site.id && herd.model.cooling == cooling)
                    .filter_map(|herd| herd.rows.get(period.index()).map(|row| herd.gross(row.stock)))
                    .sum();
                let racks = racks(case, site, cooling, period);
                let within = machines <= racks + ONE_KILOWATT;
                if !within {
                    found.add(
                        format!("{} {cooling:?} in {}", site.id, when(calendar, period)),
                        format!("{machines} of machines on {racks} of racks"),
                    );
                }
            }
        }
    }
}

fn racks(case: &Case, site: &Site, cooling: Cooling, period: Period) -> GrossMw {
    if !site.held_on(case.fleet.calendar.period_start(period)) {
        return GrossMw::ZERO;
    }
    let spare = if cooling == Cooling::Air { site.mining.spare_racks } else { GrossMw::ZERO };
    let halls = site.halls.iter().filter(|hall| hall.cooling == cooling);
    spare + halls.map(|hall| hall.racks() * f64::from(left(case, site, hall, period))).sum()
}

/// Halls of a group that still take machines.
fn left(case: &Case, site: &Site, hall: &HallGroup, period: Period) -> u32 {
    case.columns
        .iter()
        .filter(|c| c.site.id == site.id && c.hall.id == hall.id && c.stripped(case.fleet, period))
        .fold(hall.count, |left, column| left.saturating_sub(column.conversion.halls))
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::breaks;

    #[test]
    fn machines_stay_where_their_racks_are_stripped() {
        // 5,872.585 machines of 3.675 kW on one hall of 20 MW and 1 MW of spare racks.
        let found = breaks("racks", |plan| plan.decisions.machines[1].count.0 = 4_000_000);
        assert!(found[0].starts_with("racks: north Air in period 1 (2027-04-01): 21.58"), "{found:?}");
        assert!(found[0].ends_with("MW of machines on 21 MW of racks"));
    }
}
