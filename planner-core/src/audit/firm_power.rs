//! `firm_power`: hosted gross MW stays within firm MW of that date; mining may
//! use interruptible MW.

use super::case::Case;
use super::findings::{Findings, when};
use super::site_power::{ONE_KILOWATT, hosted};

/// Hosted gross MW stays within firm MW of that date.
pub(super) fn check(case: &Case, found: &mut Findings) {
    let calendar = &case.fleet.calendar;
    for site in &case.fleet.sites {
        for period in calendar.all_periods() {
            let hosted = hosted(case, site, period);
            let firm = site.power.firm_in(calendar, period);
            let within = hosted <= firm + ONE_KILOWATT;
            if !within {
                found.add(
                    format!("{} in {}", site.id, when(calendar, period)),
                    format!("{hosted} hosted exceed the firm power of {firm}"),
                );
            }
        }
    }
}
