//! `crews`: halls with on-site phases at once, and the load that becomes ready
//! in a calendar year, stay within what a crew can do in its part of the
//! portfolio. What has started before the horizon counts too.

use std::collections::BTreeMap;

use super::case::Case;
use super::column::Column;
use super::findings::{Findings, when};
use crate::domain::calendar::Period;
use crate::domain::delivery::Crew;
use crate::units::{ItMw, ItMwPerYear};

/// Every crew is within its means.
pub(super) fn check(case: &Case, found: &mut Findings) {
    for crew in &case.fleet.crews {
        let columns: Vec<&Column> = case.columns.iter().filter(|column| crew.scope.contains(column.site)).collect();
        if let Some(most) = crew.halls {
            on_site(case, crew, most, &columns, found);
        }
        if let Some(most) = crew.energised {
            energised(case, crew, most, &columns, found);
        }
    }
}

fn on_site(case: &Case, crew: &Crew, most: u32, columns: &[&Column], found: &mut Findings) {
    for period in case.fleet.calendar.all_periods() {
        let here = columns.iter().filter(|column| occupied(case, column, period));
        let halls: u64 = here.map(|column| u64::from(column.conversion.halls)).sum();
        if halls > u64::from(most) {
            let line = format!("crew {} in {}", crew.id, when(&case.fleet.calendar, period));
            found.add(line, format!("{halls} halls on site, it works in {most}"));
        }
    }
}

/// Whether an on-site phase of a conversion covers a month of a period.
pub(super) fn occupied(case: &Case, column: &Column, period: Period) -> bool {
    let calendar = &case.fleet.calendar;
    let of_period = i64::from(calendar.first_month(period).0);
    let after_period = of_period + i64::from(calendar.period.months());
    let start = i64::from(column.start.0);
    let phases = column.offsets.phases.iter().filter(|phase| phase.on_site && phase.months > 0);
    phases
        .map(|phase| (start + i64::from(phase.start), start + i64::from(phase.end())))
        .any(|(first, end)| first < after_period && of_period < end)
}

fn energised(case: &Case, crew: &Crew, most: ItMwPerYear, columns: &[&Column], found: &mut Findings) {
    let mut years: BTreeMap<i16, ItMw> = BTreeMap::new();
    // What was ready before the horizon was the work of other years.
    for column in columns.iter().filter(|column| column.ready.0 >= 0) {
        let year = case.fleet.calendar.month_start(column.ready).year();
        *years.entry(year).or_default() += column.load();
    }
    for (year, load) in years {
        let within = load <= ItMw::new(most.get()) + ItMw::ONE_KILOWATT;
        if !within {
            found.add(format!("crew {} in {year}", crew.id), format!("{load:#} become ready, it energises {most:#}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::{self, breaks};
    use crate::audit::fixture_works;
    use crate::domain::delivery::Scope;
    use crate::units::ItMwPerYear;

    #[test]
    fn more_halls_are_on_site_than_a_crew_works_in() {
        // Strip-out and fit-out, June to September 2027.
        let found = breaks("crews", |plan| {
            *plan = fixture_works::plan();
            plan.inputs.crews[0].halls = Some(0);
        });
        assert_eq!(
            found,
            ["1 (2027-04-01)", "2 (2027-07-01)"]
                .map(|period| format!("crews: crew west in period {period}: 1 halls on site, it works in 0"))
        );
    }

    #[test]
    fn more_load_becomes_ready_in_a_year_than_a_crew_energises() {
        let found = breaks("crews", |plan| {
            *plan = fixture_works::plan();
            plan.inputs.crews[0].energised = Some(ItMwPerYear::new(15.0));
        });
        assert_eq!(found, ["crews: crew west in 2027: 16 MW-IT become ready, it energises 15 MW-IT/year"]);
        let mut plan = fixture_works::plan();
        plan.inputs.crews[0].energised = Some(ItMwPerYear::new(15.0));
        for scope in [Scope::Site("south".into()), Scope::Region("east".to_owned())] {
            plan.inputs.crews[0].scope = scope;
            fixture::settle(&mut plan);
            assert_eq!(fixture::findings(&plan), [""; 0]);
        }
    }
}
