//! `dates`: the dates and the load that a conversion states follow from its
//! start and its phases.

use jiff::civil::Date;

use super::case::Case;
use super::column::name;
use super::findings::Findings;
use crate::domain::site::HallUse;

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
        let load = column.load();
        // Not "greater than": a load that is no number is wrong too.
        let close = (conversion.critical_it - load).get().abs() <= LOAD_NOISE * load.get().abs();
        if !close {
            found.add(&line, format!("critical_it is {}, expected {load}", conversion.critical_it));
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
}
