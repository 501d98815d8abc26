//! Gross MW of halls in service plus running machines stays within the
//! connection of that date.
//!
//! `Σ_{x in service by p} reserved · x + Σ_m kW_m · (1 + overhead) · run[m,s,p] ≤ connection[s,p]`
//!
//! Hosted load counts from the period of service, connection from the next full period.

use super::firm_power::hosted;
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
                let key = format!("{},{}", site.id, calendar.period_start(period).strftime("%Y-%m"));
                let connection = scale::power(site.power.connection_in(calendar, period));
                rows.push(Row::at_most(NAME, key, terms, connection));
            }
        }
    }
    rows
}
