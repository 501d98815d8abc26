//! `works_before_service`: halls that need a work are not in service before it
//! is finished: in every month, what is ready of the hall groups it names stays
//! within what does without it. A term that outlasts the lease needs the work
//! that makes it longer.

use std::collections::BTreeSet;

use super::case::Case;
use super::column::{Column, name};
use super::findings::Findings;
use crate::domain::calendar::Month;
use crate::domain::work::{NeededBy, Work};
use crate::units::GrossMw;

/// What needs a work waits for it.
pub(super) fn check(case: &Case, found: &mut Findings) {
    for work in &case.fleet.works {
        if let Some(needed) = &work.needed_by {
            ready(case, work, needed, found);
        }
    }
    let calendar = &case.fleet.calendar;
    for column in &case.columns {
        if let Some(extension) = column.extension
            && !case.finished_by(extension.work, column.ready)
        {
            let (term_end, ready) = (calendar.month_start(column.term_end), calendar.month_start(column.ready));
            let work = &extension.work.id;
            let message = format!("its term ends on {term_end}, yet work {work} is not finished by {ready}");
            found.add(name(column.conversion), message);
        }
    }
}

fn ready(case: &Case, work: &Work, needed: &NeededBy, found: &mut Findings) {
    let named: Vec<&Column> =
        case.columns.iter().filter(|column| work.needed_at(&column.site.id, &column.hall.id)).collect();
    let months: BTreeSet<Month> = named.iter().map(|column| column.ready).collect();
    for month in months.into_iter().filter(|month| !case.finished_by(work, *month)) {
        let by_then = named.iter().filter(|column| column.ready <= month);
        let reserved: GrossMw = by_then.map(|column| column.reserved()).sum();
        let within = reserved <= needed.beyond + GrossMw::ONE_KILOWATT;
        if !within {
            let day = case.fleet.calendar.month_start(month);
            let message = format!("{reserved} ready by {day} without it, {} do without it", needed.beyond);
            found.add(format!("work {}", work.id), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::{self, breaks};
    use crate::audit::fixture_works;
    use crate::domain::site::Tenure;
    use crate::units::GrossMw;

    use jiff::civil::date;

    #[test]
    fn a_hall_is_ready_before_the_work_it_needs() {
        let found = breaks("works_before_service", |plan| {
            *plan = fixture_works::plan();
            fixture_works::takes(plan, 7);
        });
        let message = "20 MW ready by 2027-10-01 without it, 5 MW do without it";
        assert_eq!(found, [format!("works_before_service: work substation: {message}")]);
        let mut plan = fixture_works::plan();
        fixture_works::takes(&mut plan, 7);
        fixture_works::substation(&mut plan).needed_by.as_mut().unwrap().beyond = GrossMw::new(20.0);
        fixture::settle(&mut plan);
        assert_eq!(fixture::findings(&plan), [""; 0]);
    }

    #[test]
    fn a_term_outlasts_the_lease_without_the_work_that_makes_it_longer() {
        let leased = |plan: &mut crate::plan::Plan| {
            *plan = fixture_works::plan();
            let rent = crate::units::UsdPerYear::ZERO;
            plan.inputs.sites[0].tenure = Tenure::Leased { until: date(2028, 12, 31), rent };
            fixture_works::substation(plan).adds[0].tenure_until = Some(date(2030, 11, 30));
        };
        let mut plan = fixture_works::plan();
        leased(&mut plan);
        fixture::settle(&mut plan);
        assert_eq!(fixture::findings(&plan), [""; 0], "the substation is finished in the month of service");
        let found = breaks("works_before_service", |plan| {
            leased(plan);
            fixture_works::takes(plan, 7);
            fixture_works::substation(plan).needed_by = None;
        });
        let message = "its term ends on 2030-12-01, yet work substation is not finished by 2027-10-01";
        assert_eq!(found, [format!("works_before_service: conversion north a/liquid/ig@2027-04: {message}")]);
    }
}
