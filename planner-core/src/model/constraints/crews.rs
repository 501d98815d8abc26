//! Crews convert only so many halls at once, and energise only so much load a year.
//!
//! For every crew, over the sites in its scope:
//!
//! * `Σ_{x on site in p} x ≤ halls` for every period `p`: a phase on site covers a month of it
//! * `Σ_{x ready in y} q · x ≤ energised` for every calendar year `y`, of months from the start of the horizon on,
//!   to one kilowatt

use std::collections::BTreeMap;

use crate::domain::calendar::{Month, Period};
use crate::domain::delivery::Crew;
use crate::model::{ColumnId, Facts, Row, scale};
use crate::options::HallOption;
use crate::units::ItMw;

/// The family's one name.
pub const NAME: &str = "crews";

/// Rows for every crew, by period and by year in which it may have work.
#[must_use]
pub fn rows(facts: Facts) -> Vec<Row> {
    let calendar = &facts.fleet.calendar;
    let mut rows = vec![];
    for crew in &facts.fleet.crews {
        if let Some(halls) = crew.halls {
            for period in calendar.all_periods() {
                let busy = in_scope(facts, crew).filter(|(option, _)| on_site(facts, option, period));
                let terms: Vec<_> = busy.map(|(_, column)| (column, 1.0)).collect();
                if !terms.is_empty() {
                    let key = format!("{},{}", crew.id, calendar.period_start(period).strftime("%Y-%m"));
                    rows.push(Row::at_most(NAME, key, terms, f64::from(halls)));
                }
            }
        }
        if let Some(energised) = crew.energised {
            let mut years: BTreeMap<i16, Vec<(ColumnId, f64)>> = BTreeMap::new();
            for (option, column) in in_scope(facts, crew).filter(|(option, _)| option.dates.ready >= Month(0)) {
                let year = calendar.month_start(option.dates.ready).year();
                years.entry(year).or_default().push((column, scale::load(option.critical_it)));
            }
            let most = scale::most_load(ItMw::new(scale::load_growth(energised, 1.0)));
            let row = |(year, terms)| Row::at_most(NAME, format!("{},energised,{year}", crew.id), terms, most);
            rows.extend(years.into_iter().map(row));
        }
    }
    rows
}

fn in_scope<'a>(facts: Facts<'a>, crew: &'a Crew) -> impl Iterator<Item = (&'a HallOption, ColumnId)> {
    let options = facts.options.halls.iter().zip(&facts.variables.halls);
    options
        .filter(move |(option, _)| crew.scope.contains(&facts.fleet.sites[option.site]))
        .map(|(option, column)| (option, *column))
}

/// Whether a phase on site of a conversion covers a month of a period.
fn on_site(facts: Facts, option: &HallOption, period: Period) -> bool {
    let phases = facts.fleet.retrofits[option.retrofit].phases.iter().filter(|phase| phase.on_site);
    let mut scheduled = phases.filter_map(|phase| option.schedule.phase(&phase.id));
    let first = facts.fleet.calendar.first_month(period);
    let after = Month(first.0 + facts.fleet.calendar.period.months());
    scheduled.any(|phase| {
        let (start, end) = (option.start.plus(phase.start), option.start.plus(phase.end));
        start < end && start < after && first < end
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::domain::delivery::{Crew, Scope};
    use crate::domain::{Fleet, fixture};
    use crate::model::tests::rows_that_begin;
    use crate::units::ItMwPerYear;

    fn two_starts(fleet: &mut Fleet, scope: Scope) {
        fleet.calendar.latest_start = date(2027, 6, 30);
        fleet.retrofits[0].phases.iter_mut().for_each(|phase| phase.on_site = phase.id.as_str() != "design");
        fleet.works = vec![fixture::longer_lease("south", date(2040, 12, 31))];
        fleet.crews = vec![Crew { id: "west".into(), scope, halls: Some(1), energised: Some(ItMwPerYear::new(24.0)) }];
    }

    #[test]
    fn a_crew_is_busy_while_a_phase_is_on_site() {
        let rows = rows_that_begin("crews", |fleet, _| two_starts(fleet, Scope::Site("north".into())));
        let (first, second) = ("convert[north,a,liquid,ig,2027-01]", "convert[north,a,liquid,ig,2027-04]");
        let expected = [
            format!("crews[west,2027-01]: {first} ≤ 1"),
            format!("crews[west,2027-04]: {first} + {second} ≤ 1"),
            format!("crews[west,2027-07]: {second} ≤ 1"),
            format!("crews[west,energised,2027]: 16 {first} + 16 {second} ≤ 24.000999"),
        ];
        assert_eq!(rows, expected, "strip-out in the third month of a start, fit-out until the sixth");
    }

    #[test]
    fn a_scope_is_all_sites_those_of_a_region_or_one() {
        let sites = |scope: Scope| {
            let rows = rows_that_begin("crews[west,2027-01", |fleet, _| two_starts(fleet, scope));
            rows.first().map_or(0, |row| row.matches("convert").count())
        };
        assert_eq!(sites(Scope::Portfolio), 2);
        assert_eq!(sites(Scope::Region("west".to_owned())), 2);
        assert_eq!(sites(Scope::Region("east".to_owned())), 0);
        assert_eq!(sites(Scope::Site("south".into())), 1);
    }
}
