//! Hosted gross MW stays within firm MW of that date; mining may use
//! interruptible MW.
//!
//! `Σ_{x in service by p} reserved · x ≤ firm[s,p] + Σ_{w finished by p} firm_w · w`, a work by its first month

use crate::domain::calendar::Period;
use crate::domain::work::Effect;
use crate::model::{ColumnId, Facts, Row, scale};
use crate::units::GrossMw;

/// The family's one name.
pub const NAME: &str = "firm_power";

/// One row per site and period in which a hall may be in service.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let calendar = &facts.fleet.calendar;
    let mut rows = vec![];
    for (index, site) in facts.fleet.sites.iter().enumerate() {
        for period in calendar.all_periods() {
            let mut terms = hosted(facts, index, period);
            if !terms.is_empty() {
                terms.extend(added(facts, index, period, |effect| effect.firm));
                let key = format!("{},{}", site.id, calendar.period_start(period).strftime("%Y-%m"));
                rows.push(Row::at_most(NAME, key, terms, scale::power(site.power.firm_in(calendar, period))));
            }
        }
    }
    rows
}

/// What works add to a site that are finished by the first month of a period, on the left of a row.
pub(super) fn added(
    facts: Facts<'_>,
    site: usize,
    period: Period,
    of: fn(&Effect) -> GrossMw,
) -> impl Iterator<Item = (ColumnId, f64)> {
    let site = &facts.fleet.sites[site].id;
    let options = facts.options.works.iter().zip(&facts.variables.works);
    let finished = options.filter(move |(option, _)| option.finished_in(&facts.fleet.calendar, period));
    let adds = finished.filter_map(move |(option, column)| {
        let effect = facts.fleet.works[option.work].effect_at(site)?;
        Some((*column, -scale::power(of(effect))))
    });
    adds.filter(|(_, added)| *added < 0.0)
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
    use crate::domain::fixture;
    use crate::domain::work::Work;
    use crate::model::tests::{merchant, rows_that_begin, rows_with};
    use crate::units::Months;

    #[test]
    fn what_is_in_service_before_the_horizon_counts_from_the_first_period() {
        let rows = rows_with("firm_power", |_, options| {
            options.halls = vec![merchant(options, Month(-8), Month(-2))];
        });
        assert_eq!(rows[0], "firm_power[north,2027-01]: 20 convert[north,a,liquid,merchant,2026-05] ≤ 30");
        assert_eq!(rows.len(), 8);
    }

    #[test]
    fn a_work_adds_firm_power_from_the_first_period_that_begins_when_it_is_finished() {
        let rows = rows_that_begin("firm_power[north,2027", |fleet, _| {
            fleet.calendar.latest_start = jiff::civil::date(2027, 6, 30);
            fleet.works = vec![Work { months: Months(4), ..fixture::work("substation") }];
        });
        let halls = "20 convert[north,a,liquid,ig,2027-01] + 20 convert[north,a,liquid,ig,2027-04]";
        let expected = [
            "firm_power[north,2027-07]: 20 convert[north,a,liquid,ig,2027-01] − 20 work[substation,2027-01] ≤ 30"
                .to_owned(),
            format!(
                "firm_power[north,2027-10]: {halls} − 20 work[substation,2027-01] − 20 work[substation,2027-04] ≤ 30"
            ),
        ];
        assert_eq!(rows, expected, "that of April is finished in August");
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
