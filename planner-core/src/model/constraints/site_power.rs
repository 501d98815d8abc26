//! Gross MW of halls in service plus running machines stays within the
//! connection of that date.
//!
//! `Σ_{x in service by p} reserved · x + Σ_m kW_m · (1 + overhead) · run[m,s,p]`
//! `≤ connection[s,p] + Σ_{w finished by p} connection_w · w`
//!
//! Hosted load counts from the period of service, connection from the next full period.

use super::firm_power::{added, hosted};
use crate::model::{Facts, Row, scale};

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
                rows.push(Row::at_most(NAME, key, terms, connection));
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use crate::model::tests::rows_that_begin;

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
