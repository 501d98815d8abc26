//! `dates`: the dates, the phases and the load that a conversion states follow
//! from its start, its phases and the notice that is given.

use jiff::civil::Date;

use super::case::Case;
use super::column::{Column, name};
use super::findings::Findings;
use super::schedule::Laid;
use crate::domain::calendar::Calendar;
use crate::domain::site::HallUse;
use crate::plan::{Conversion, PlannedPhase};
use crate::units::Months;

/// Stated loads carry float noise of this share.
const LOAD_NOISE: f64 = 1e-9;

/// The stated dates and load are those that follow.
pub(super) fn check(case: &Case, found: &mut Findings) {
    for column in &case.columns {
        let (stated, right) = (column.conversion, dated(&case.fleet.calendar, column));
        let line = name(stated);
        let dates = [
            ("mining_off", stated.mining_off, right.mining_off),
            ("ready", Some(stated.ready), Some(right.ready)),
            ("commencement", Some(stated.commencement), Some(right.commencement)),
            ("term_end", Some(stated.term_end), Some(right.term_end)),
        ];
        for (what, stated, expected) in dates {
            if stated != expected {
                found.add(&line, format!("{what} is {}, expected {}", text(stated), text(expected)));
            }
        }
        phases(&stated.phases, &right.phases, &line, found);
        let load = right.critical_it;
        // Not "greater than": a load that is no number is wrong too.
        let close = (stated.critical_it - load).get().abs() <= LOAD_NOISE * load.get().abs();
        if !close {
            found.add(&line, format!("critical_it is {}, expected {load}", stated.critical_it));
        }
    }
}

/// A conversion with the dates, the load and the phases of at least one month that follow.
pub(super) fn dated(calendar: &Calendar, column: &Column) -> Conversion {
    let day = |month| calendar.month_start(month);
    let mining_off = match column.hall.hall_use {
        HallUse::Mining | HallUse::ThirdParty(_) => Some(day(column.mining_off)),
        HallUse::Pad => None,
    };
    let phase = |laid: &Laid| PlannedPhase {
        phase: laid.id.clone(),
        start: day(column.start.plus(Months(laid.start))),
        end: day(column.start.plus(Months(laid.end()))),
        float: Months(laid.float),
    };
    Conversion {
        mining_off,
        ready: day(column.ready),
        commencement: day(column.commencement),
        term_end: day(column.term_end),
        critical_it: column.load(),
        phases: column.offsets.phases.iter().filter(|laid| laid.months > 0).map(phase).collect(),
        ..column.conversion.clone()
    }
}

fn phases(stated: &[PlannedPhase], right: &[PlannedPhase], line: &str, found: &mut Findings) {
    if !stated.iter().map(|phase| &phase.phase).eq(right.iter().map(|phase| &phase.phase)) {
        let list = |all: &[PlannedPhase]| all.iter().map(|one| one.phase.as_str()).collect::<Vec<_>>().join(", ");
        found.add(line, format!("phases are [{}], expected [{}]", list(stated), list(right)));
        return;
    }
    for (stated, right) in stated.iter().zip(right) {
        let (id, PlannedPhase { start, end, float, .. }) = (&right.phase, right);
        if (stated.start, stated.end) != (*start, *end) {
            let message = format!("{id} is from {} to {}, expected {start} to {end}", stated.start, stated.end);
            found.add(line, message);
        }
        if stated.float != *float {
            found.add(line, format!("{id} has {} of float, expected {float}", stated.float));
        }
    }
}

fn text(date: Option<Date>) -> String {
    date.map_or_else(|| "none".to_owned(), |date| date.to_string())
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::{self, breaks};

    #[test]
    fn a_date_and_a_load_that_do_not_follow() {
        let found = breaks("dates", |plan| {
            plan.decisions.conversions[0].mining_off = None;
            plan.decisions.conversions[0].ready = jiff::civil::date(2027, 9, 1);
            plan.decisions.conversions[0].critical_it = crate::units::ItMw::new(16.000_000_5);
        });
        assert_eq!(
            found,
            [
                "mining_off is none, expected 2027-06-01",
                "ready is 2027-09-01, expected 2027-10-01",
                "critical_it is 16.0000005 MW-IT, expected 16 MW-IT"
            ]
            .map(|message| format!("dates: conversion north a/liquid/ig@2027-04: {message}"))
        );
        assert!(fixture::findings(&fixture::plan()).is_empty());
    }

    #[test]
    fn phases_that_do_not_follow() {
        let found = breaks("dates", |plan| {
            let phases = &mut plan.decisions.conversions[0].phases;
            phases[1].end = jiff::civil::date(2027, 11, 1);
            phases[2].float.0 = 1;
        });
        assert_eq!(
            found,
            [
                "fit-out is from 2027-07-01 to 2027-11-01, expected 2027-07-01 to 2027-10-01",
                "strip-out has 1 months of float, expected 0 months"
            ]
            .map(|message| format!("dates: conversion north a/liquid/ig@2027-04: {message}"))
        );
        let found = breaks("dates", |plan| drop(plan.decisions.conversions[0].phases.remove(1)));
        let message = "phases are [design, strip-out], expected [design, fit-out, strip-out]";
        assert_eq!(found, [format!("dates: conversion north a/liquid/ig@2027-04: {message}")]);
    }

    #[test]
    fn mining_goes_on_until_notice_has_run() {
        let found = breaks("dates", |plan| {
            // Strip-out then begins in July and not in June; nothing else moves.
            plan.inputs.sites[0].power.notice.0 = 3;
            plan.inputs.retrofits[0].phases[1].after = vec!["design".into()];
            plan.decisions.conversions[0].phases[1].start = jiff::civil::date(2027, 6, 1);
            plan.decisions.conversions[0].phases[1].end = jiff::civil::date(2027, 9, 1);
            plan.decisions.conversions[0].ready = jiff::civil::date(2027, 9, 1);
        });
        assert_eq!(
            found,
            [
                "mining_off is 2027-06-01, expected 2027-07-01",
                "strip-out is from 2027-06-01 to 2027-07-01, expected 2027-07-01 to 2027-08-01",
                "strip-out has 0 months of float, expected 1 months"
            ]
            .map(|message| format!("dates: conversion north a/liquid/ig@2027-04: {message}"))
        );
    }
}
