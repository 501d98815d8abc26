//! `dates`: the dates, the phases and the load that a conversion states follow
//! from its start, its phases and the notice that is given.

use jiff::civil::Date;

use super::case::Case;
use super::column::{Column, name};
use super::findings::Findings;
use crate::domain::calendar::Calendar;
use crate::domain::ids::PhaseId;
use crate::domain::site::HallUse;
use crate::units::Months;

/// Stated loads carry float noise of this share.
const LOAD_NOISE: f64 = 1e-9;

/// The stated dates and load are those that follow.
pub(super) fn check(case: &Case, found: &mut Findings) {
    let calendar = &case.fleet.calendar;
    for column in &case.columns {
        let conversion = column.conversion;
        let line = name(conversion);
        let mining_off = match column.hall.hall_use {
            HallUse::Mining | HallUse::ThirdParty(_) => Some(calendar.month_start(column.mining_off)),
            HallUse::Pad => None,
        };
        let expected = [
            ("mining_off", conversion.mining_off, mining_off),
            ("ready", Some(conversion.ready), Some(calendar.month_start(column.ready))),
            ("commencement", Some(conversion.commencement), Some(calendar.month_start(column.commencement))),
            ("term_end", Some(conversion.term_end), Some(calendar.month_start(column.term_end))),
        ];
        for (what, stated, expected) in expected {
            if stated != expected {
                found.add(&line, format!("{what} is {}, expected {}", text(stated), text(expected)));
            }
        }
        phases(calendar, column, &line, found);
        let load = column.load();
        // Not "greater than": a load that is no number is wrong too.
        let close = (conversion.critical_it - load).get().abs() <= LOAD_NOISE * load.get().abs();
        if !close {
            found.add(&line, format!("critical_it is {}, expected {load}", conversion.critical_it));
        }
    }
}

/// Phases of at least one month, by id, with their days and their float.
fn phases(calendar: &Calendar, column: &Column, line: &str, found: &mut Findings) {
    let laid: Vec<_> = column.offsets.phases.iter().filter(|phase| phase.months > 0).collect();
    let stated = &column.conversion.phases;
    if !stated.iter().map(|phase| &phase.phase).eq(laid.iter().map(|phase| phase.id)) {
        let list = |ids: Vec<&PhaseId>| ids.into_iter().map(PhaseId::as_str).collect::<Vec<_>>().join(", ");
        let (stated, expected) =
            (list(stated.iter().map(|phase| &phase.phase).collect()), list(laid.iter().map(|p| p.id).collect()));
        found.add(line, format!("phases are [{stated}], expected [{expected}]"));
        return;
    }
    let day = |offset: u32| calendar.month_start(column.start.plus(Months(offset)));
    for (stated, laid) in stated.iter().zip(laid) {
        let (start, end) = (day(laid.start), day(laid.end()));
        if (stated.start, stated.end) != (start, end) {
            let message = format!("{} is from {} to {}, expected {start} to {end}", laid.id, stated.start, stated.end);
            found.add(line, message);
        }
        if stated.float != Months(laid.float) {
            found.add(line, format!("{} has {} of float, expected {}", laid.id, stated.float, Months(laid.float)));
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
