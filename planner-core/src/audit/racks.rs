//! `racks`: machines fit the racks that remain, by kind of cooling: those of
//! mining halls not stripped, spare racks and what finished works add (air). A
//! site that is sold or no longer ours has none.

use super::case::Case;
use super::findings::{Findings, when};
use super::tenure::ours_in;
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
                let within = machines <= racks + GrossMw::ONE_KILOWATT;
                if !within {
                    found.add(
                        format!("{} {cooling:?} in {}", site.id, when(calendar, period)),
                        format!("{machines:#} of machines on {racks:#} of racks"),
                    );
                }
            }
        }
    }
}

fn racks(case: &Case, site: &Site, cooling: Cooling, period: Period) -> GrossMw {
    if case.sold_by(&site.id, period) || !ours_in(case, site, period) {
        return GrossMw::ZERO;
    }
    let spare = match cooling {
        Cooling::Air => site.mining.spare_racks + case.added(site, period, |effect| effect.racks),
        Cooling::Hydro | Cooling::Immersion => GrossMw::ZERO,
    };
    let halls = site.halls.iter().filter(|hall| hall.cooling == cooling);
    spare + halls.map(|hall| hall.racks() * f64::from(left(case, site, hall, period))).sum()
}

/// Halls of a group that are not stripped.
pub(super) fn left(case: &Case, site: &Site, hall: &HallGroup, period: Period) -> u32 {
    case.columns
        .iter()
        .filter(|c| c.site.id == site.id && c.hall.id == hall.id && c.stripped(case.fleet, period))
        .fold(hall.count, |left, column| left.saturating_sub(column.conversion.halls))
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::{self, breaks};
    use crate::audit::fixture_works;
    use crate::domain::calendar::Period;
    use crate::plan::MachineAction;
    use crate::units::GrossMw;

    #[test]
    fn machines_stay_where_their_racks_are_stripped() {
        // 5,872.585 machines of 3.675 kW on one hall of 20 MW and 1 MW of spare racks.
        let found = breaks("racks", |plan| plan.decisions.machines[1].count.0 = 4_000_000);
        assert!(found[0].starts_with("racks: north Air in period 1 (2027-04-01): 21.58"), "{found:?}");
        assert!(found[0].ends_with("MW of machines on 21 MW of racks"));
    }

    #[test]
    fn racks_that_a_work_adds_count_when_it_is_finished() {
        // The substation is finished with month 8, so from period 3 on; racks are bought back in period 2.
        let crowded = |plan: &mut crate::plan::Plan, buy: u32| {
            *plan = fixture_works::plan();
            fixture_works::substation(plan).adds[0].racks = GrossMw::new(1.0);
            plan.decisions.machines[2].period = Period(buy);
            plan.decisions.machines[2].count.0 = 600_000;
        };
        let found = breaks("racks", |plan| crowded(plan, 2));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("racks: north Air in period 2 (2027-07-01): 21.69"), "{found:?}");
        assert!(found[0].ends_with(" of machines on 21 MW of racks"), "{found:?}");
        let mut plan = fixture_works::plan();
        crowded(&mut plan, 3);
        fixture::settle(&mut plan);
        assert_eq!(fixture::findings(&plan), [""; 0]);
    }

    #[test]
    fn racks_of_a_longer_lease_exist_when_its_work_is_finished() {
        let bought = |plan: &mut crate::plan::Plan| {
            *plan = fixture_works::plan();
            let mut there = plan.decisions.machines[2].clone();
            (there.site, there.period) = ("south".into(), Period(5));
            there.count.0 = 10_000;
            plan.decisions.machines.push(there.clone());
            // The longer lease ends in September 2028; two quarters of failures leave this many.
            (there.action, there.period, there.count.0) = (MachineAction::Sell, Period(7), 9_747);
            plan.decisions.machines.push(there);
        };
        let mut plan = fixture_works::plan();
        bought(&mut plan);
        fixture::settle(&mut plan);
        assert_eq!(fixture::findings(&plan), [""; 0]);
        let found = breaks("racks", |plan| {
            bought(plan);
            plan.decisions.works.remove(1);
        });
        assert_eq!(found[0], "racks: south Air in period 5 (2028-04-01): 0.03675 MW of machines on 0 MW of racks");
        assert_eq!(found.len(), 2);
    }
}
