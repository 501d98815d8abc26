//! Hosted gross MW stays within firm MW of that date; mining may use
//! interruptible MW.
//!
//! `Σ_{x in service by p} reserved · x ≤ firm[s,p]`

use crate::domain::calendar::Period;
use crate::model::{ColumnId, Facts, Row, scale};

/// The family's one name.
pub const NAME: &str = "firm_power";

/// One row per site and period in which a hall may be in service.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let calendar = &facts.fleet.calendar;
    let mut rows = vec![];
    for (index, site) in facts.fleet.sites.iter().enumerate() {
        for period in calendar.all_periods() {
            let terms = hosted(facts, index, period);
            if !terms.is_empty() {
                let key = format!("{},{}", site.id, calendar.period_start(period).strftime("%Y-%m"));
                rows.push(Row::at_most(NAME, key, terms, scale::power(site.power.firm_in(calendar, period))));
            }
        }
    }
    rows
}

/// Reserved gross power of the halls in service in a period.
pub(super) fn hosted(facts: Facts, site: usize, period: Period) -> Vec<(ColumnId, f64)> {
    let calendar = &facts.fleet.calendar;
    let options = facts.options.halls.iter().zip(&facts.variables.halls);
    options
        .filter(|(option, _)| option.site == site)
        .filter(|(option, _)| option.dates.hosted_in(calendar, period))
        .map(|(option, column)| (*column, scale::power(option.reserved)))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::calendar::Month;
    use crate::model::tests::{merchant, rows_that_begin, rows_with};

    #[test]
    fn what_is_in_service_before_the_horizon_counts_from_the_first_period() {
        let rows = rows_with("firm_power", |_, options| {
            options.halls = vec![merchant(options, Month(-8), Month(-2))];
        });
        assert_eq!(rows[0], "firm_power[north,2027-01]: 20 convert[north,a,liquid,merchant,2026-05] ≤ 30");
        assert_eq!(rows.len(), 8);
    }

    #[test]
    fn only_hosted_load_needs_firm_power() {
        let rows = rows_that_begin("firm_power", |_, _| {});
        assert_eq!(rows[0], "firm_power[north,2027-07]: 20 convert[north,a,liquid,ig,2027-01] ≤ 30");
        assert_eq!(
            rows[1],
            "firm_power[north,2027-10]: 20 convert[north,a,liquid,ig,2027-01] \
             + 20 convert[north,a,liquid,ig,2027-04] ≤ 30"
        );
        assert_eq!(rows.len(), 6, "from the first service to the horizon");
    }
}
