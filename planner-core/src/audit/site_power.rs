//! `site_power`: gross MW of halls in service, of mining customers' halls and of
//! running machines stays within the connection of that date, with what finished
//! works add.

use super::case::Case;
use super::findings::{Findings, when};
use crate::domain::calendar::Period;
use crate::domain::site::{HallGroup, HallUse, Site};
use crate::units::GrossMw;

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
            let customers = customers(case, site, period);
            let added = case.added(site, period, |effect| effect.connection);
            let connection = site.power.connection_in(calendar, period) + added;
            let within = hosted + customers + running <= connection + GrossMw::ONE_KILOWATT;
            if !within {
                let of_customers =
                    if customers == GrossMw::ZERO { String::new() } else { format!(", {customers:#} of customers") };
                found.add(
                    format!("{} in {}", site.id, when(calendar, period)),
                    format!(
                        "{hosted:#} hosted{of_customers} and {running:#} of running machines \
                         exceed the connection of {connection:#}"
                    ),
                );
            }
        }
    }
}

/// Gross power that mining customers draw: halls whose contract has a month in the period, and in which mining has not
/// stopped when it begins.
fn customers(case: &Case, site: &Site, period: Period) -> GrossMw {
    let begins = case.fleet.calendar.first_month(period);
    let draws = |hall: &HallGroup| {
        let here = case.columns.iter().filter(|column| column.site.id == site.id && column.hall.id == hall.id);
        let gone = here.filter(|column| column.mining_off <= begins).map(|column| column.conversion.halls);
        hall.count.saturating_sub(gone.fold(0, u32::saturating_add))
    };
    let halls = site.halls.iter().filter(|hall| contract_in(case, hall, period));
    halls.map(|hall| hall.hall_power * f64::from(draws(hall))).sum()
}

/// Whether a mining customer's contract has a month in a period.
pub(super) fn contract_in(case: &Case, hall: &HallGroup, period: Period) -> bool {
    let calendar = &case.fleet.calendar;
    match hall.hall_use {
        HallUse::ThirdParty(customer) => calendar.first_month(period) < calendar.month_after(customer.until),
        HallUse::Mining | HallUse::Pad => false,
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
    use crate::audit::fixture::{self, breaks};
    use crate::audit::{fixture_leaving, fixture_works};
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

    #[test]
    fn what_a_work_adds_counts_when_it_is_finished() {
        let tight = |plan: &mut crate::plan::Plan| {
            *plan = fixture_works::plan();
            plan.inputs.sites[0].power.connection.push(crate::domain::site::PowerStep {
                from: jiff::civil::date(2027, 4, 1),
                power: GrossMw::new(34.0),
            });
            fixture_works::substation(plan).needed_by = None;
            // The twin has no substation and runs fewer machines than it has.
            plan.twin.decisions.machines.iter_mut().for_each(|run| run.count.0 = 9_000_000);
        };
        let mut plan = fixture_works::plan();
        tight(&mut plan);
        fixture::settle(&mut plan);
        assert_eq!(fixture::findings(&plan), [""; 0]);
        let found = breaks("site_power", |plan| {
            tight(plan);
            fixture_works::takes(plan, 7);
        });
        let message = "20 MW hosted and 14.7 MW of running machines exceed the connection of 34 MW";
        assert_eq!(found, [format!("site_power: north in period 3 (2027-10-01): {message}")]);
    }

    #[test]
    fn the_hall_of_a_customer_draws_until_its_contract_ends() {
        // One hall of 10 MW at east until September 2027.
        let found = breaks("site_power", |plan| {
            *plan = fixture_leaving::plan();
            plan.inputs.sites[0].power.connection[0].power = GrossMw::new(9.0);
        });
        assert_eq!(found.len(), 6, "three periods of the plan and of the twin: {found:#?}");
        assert_eq!(
            found[0],
            "site_power: east in period 0 (2027-01-01): \
             0 MW hosted, 10 MW of customers and 0 MW of running machines exceed the connection of 9 MW"
        );
    }
}
