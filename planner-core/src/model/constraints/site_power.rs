//! Gross MW of halls in service, of mining customers' halls and of running machines stays within the connection of
//! that date.
//!
//! `Σ_{x in service by p} reserved · x + Σ_m kW_m · (1 + overhead) · run[m,s,p]`
//! `+ Σ_{g of a customer in p} hall_power · (count_g − Σ_{x stripped by p} x)`
//! `≤ connection[s,p] + Σ_{w finished by p} connection_w · w`
//!
//! Hosted load counts from the period of service, connection from the next full period, a customer's hall in every
//! period with a month of its contract.

use super::firm_power::{added, hosted};
use crate::domain::calendar::{Month, Period};
use crate::domain::site::{HallGroup, HallUse};
use crate::model::{ColumnId, Facts, Row, scale};

/// The family's one name.
pub const NAME: &str = "site_power";

/// One row per site and period in which something draws power.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let calendar = &facts.fleet.calendar;
    let mut rows = vec![];
    for (index, site) in facts.fleet.sites.iter().enumerate() {
        for period in calendar.all_periods() {
            let mut terms = hosted(facts, index, period);
            for (track, columns) in facts.options.machines.iter().zip(&facts.variables.machines) {
                if let (true, Some(run)) = (track.site == index, columns.run[period.index()]) {
                    terms.push((run, scale::machine_power(track.gross)));
                }
            }
            if !terms.is_empty() {
                terms.extend(added(facts, index, period, |effect| effect.connection));
                let key = format!("{},{}", site.id, calendar.period_start(period).strftime("%Y-%m"));
                let connection = scale::power(site.power.connection_in(calendar, period));
                let drawn = customers(facts, index, period, &mut terms);
                rows.push(Row::at_most(NAME, key, terms, connection - drawn));
            }
        }
    }
    rows
}

/// What mining customers' halls draw, less those stripped when the period begins.
fn customers(facts: Facts, site: usize, period: Period, terms: &mut Vec<(ColumnId, f64)>) -> f64 {
    let calendar = &facts.fleet.calendar;
    let runs = |hall: &HallGroup| match hall.hall_use {
        HallUse::ThirdParty(customer) => calendar.first_month(period) < calendar.month_after(customer.until),
        HallUse::Mining | HallUse::Pad => false,
    };
    let halls = &facts.fleet.sites[site].halls;
    let options = facts.options.halls.iter().zip(&facts.variables.halls);
    // On the safe side: a hall in which mining stops within the period still draws in it.
    let gone = |off: Month| off <= calendar.first_month(period);
    let stripped = options.filter(|(o, _)| o.site == site && o.dates.mining_off.is_some_and(gone));
    for (option, column) in stripped.filter(|(option, _)| runs(&halls[option.hall])) {
        let freed = scale::power(halls[option.hall].hall_power);
        match terms.iter_mut().find(|(known, _)| known == column) {
            Some((_, drawn)) => *drawn -= freed,
            None => terms.push((*column, -freed)),
        }
    }
    terms.retain(|(_, size)| *size != 0.0);
    halls.iter().filter(|hall| runs(hall)).map(|hall| scale::power(hall.hall_power) * f64::from(hall.count)).sum()
}

#[cfg(test)]
mod tests {
    use crate::domain::site::{HallUse, ThirdParty};
    use crate::model::tests::rows_that_begin;
    use crate::units::{Months, Share, Usd, UsdPerMwMonth};

    #[test]
    fn a_customers_hall_draws_until_its_contract_ends_or_it_is_stripped() {
        let rows = rows_that_begin("site_power[north,2027", |fleet, _| {
            let (margin, until) = (UsdPerMwMonth::new(3000.0), jiff::civil::date(2027, 10, 1));
            let contract = ThirdParty { margin, until, notice: Months(0), fee: Usd::ZERO };
            fleet.sites[0].halls[0].hall_use = HallUse::ThirdParty(contract);
            fleet.sites[0].halls[0].usable_share = Share(0.9);
            fleet.calendar.latest_start = fleet.calendar.start;
            fleet.machines[0].site = "south".into();
            fleet.deck.machine_prices.clear();
            fleet.offers[0].min = crate::units::ItMw::ZERO;
        });
        let x = "convert[north,a,liquid,ig,2027-01]";
        let expected = [
            // In service from July on: 18 MW are reserved, and 20 MW are no longer drawn.
            format!("site_power[north,2027-07]: −2 {x} ≤ 5"),
            format!("site_power[north,2027-10]: −2 {x} ≤ 5"),
        ];
        assert_eq!(rows, expected);
        let after = rows_that_begin("site_power[north,2028-01", |_, _| {});
        assert!(after[0].starts_with(&format!("site_power[north,2028-01]: 20 {x}")), "{after:?}");
    }

    #[test]
    fn hosted_load_counts_from_service_and_a_step_from_the_next_full_period() {
        let rows = rows_that_begin("site_power[north,2027", |fleet, _| {
            let from = jiff::civil::date(2027, 7, 2);
            let power = crate::units::GrossMw::new(60.0);
            fleet.sites[0].power.connection.push(crate::domain::site::PowerStep { from, power });
        });
        let expected = [
            "site_power[north,2027-01]: 3.675 run[north,s21,2027-01] ≤ 45",
            "site_power[north,2027-04]: 3.675 run[north,s21,2027-04] ≤ 45",
            "site_power[north,2027-07]: 20 convert[north,a,liquid,ig,2027-01] + 3.675 run[north,s21,2027-07] ≤ 45",
            "site_power[north,2027-10]: 20 convert[north,a,liquid,ig,2027-01] + 20 convert[north,a,liquid,ig,2027-04] \
             + 3.675 run[north,s21,2027-10] ≤ 60",
        ];
        assert_eq!(rows, expected, "one thousand machines draw 3,500 kW · 1.05");
    }

    #[test]
    fn a_finished_work_adds_connection() {
        let rows = rows_that_begin("site_power[north,2027-07", |fleet, _| {
            fleet.works = vec![crate::domain::fixture::work("substation")];
        });
        let expected = "site_power[north,2027-07]: 20 convert[north,a,liquid,ig,2027-01] + 3.675 run[north,s21,2027-07] \
                        − 20 work[substation,2027-01] ≤ 45";
        assert_eq!(rows, [expected]);
    }
}
