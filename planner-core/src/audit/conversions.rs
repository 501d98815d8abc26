//! `conversions`: every conversion is one that the portfolio allows.
//!
//! Site, hall, retrofit and offer exist and fit one another, the start is the
//! first day of a start period, and the column exists: service and contract
//! begin inside the horizon, before the long-stop date, and the lease of the
//! site outlasts the term.

use std::collections::BTreeSet;

use jiff::ToSpan;

use super::case::Case;
use super::column::{Column, name};
use super::findings::Findings;
use crate::domain::Fleet;
use crate::domain::offer::{Offer, OfferStatus};
use crate::domain::site::Tenure;

/// Every conversion is one that the portfolio allows.
pub(super) fn check(case: &Case, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for conversion in &case.decisions.conversions {
        if !seen.insert((&conversion.site, &conversion.hall, &conversion.retrofit, &conversion.offer, conversion.start))
        {
            found.add(name(conversion), "it stands twice");
        }
        if let Err(reason) = Column::resolve(case.fleet, conversion) {
            found.add(name(conversion), reason);
        }
    }
    for column in &case.columns {
        fits(case, column, found);
        exists(case.fleet, column, found);
    }
}

/// Whether an offer may be used at all.
pub(super) fn admitted(case: &Case, offer: &Offer) -> bool {
    match offer.status {
        OfferStatus::Signed | OfferStatus::Offered => true,
        OfferStatus::LetterOfIntent { plan_on } => plan_on || case.settings.include_loi,
    }
}

fn fits(case: &Case, column: &Column, found: &mut Findings) {
    let Column { conversion, site, hall, retrofit, offer, .. } = column;
    let line = name(conversion);
    if !hall.retrofits.contains(&retrofit.id) {
        found.add(&line, format!("hall group {} does not allow {}", hall.id, retrofit.id));
    }
    if offer.class != retrofit.class {
        found.add(
            &line,
            format!("offer {} wants class {}, {} is {}", offer.id, offer.class, retrofit.id, retrofit.class),
        );
    }
    if !offer.eligible_at(site) {
        found.add(&line, format!("offer {} may not be served at {}", offer.id, site.id));
    }
    if conversion.halls == 0 {
        found.add(&line, "it has no halls");
    }
    if !admitted(case, offer) {
        found.add(&line, format!("offer {} is a letter of intent, which was not asked for", offer.id));
    }
}

fn exists(fleet: &Fleet, column: &Column, found: &mut Findings) {
    let calendar = &fleet.calendar;
    let line = name(column.conversion);
    let start = column.conversion.start;
    if !calendar.start_periods().any(|period| calendar.period_start(period) == start) {
        found.add(&line, format!("{start} is not the first day of a period in which a conversion may start"));
    }
    let horizon = calendar.horizon_month();
    let ready = calendar.month_start(column.ready);
    if column.ready >= horizon {
        found.add(&line, format!("it is ready on {ready}, after the horizon"));
    }
    if column.commencement >= horizon {
        let date = calendar.month_start(column.commencement);
        found.add(&line, format!("its contract begins on {date}, after the horizon"));
    }
    if let Some(long_stop) = column.offer.long_stop.filter(|last| ready > *last) {
        found.add(&line, format!("it is ready on {ready}, past the long-stop date {long_stop}"));
    }
    if let Tenure::Leased { until, .. } = column.site.tenure {
        let term_end = calendar.month_start(column.term_end);
        if term_end > until.saturating_add(1.day()) {
            found.add(&line, format!("its term ends on {term_end}, the lease of the site on {until}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{OfferStatus, Tenure};
    use crate::audit::fixture::{self, breaks};

    use jiff::civil::date;

    #[test]
    fn what_an_offer_or_a_site_forbids() {
        let one = |change: fn(&mut crate::plan::Plan), message: &str| {
            let found = breaks("conversions", change);
            assert_eq!(found, [format!("conversions: conversion north a/liquid/ig@2027-04: {message}")]);
        };
        one(|p| p.inputs.offers[0].class = "air".to_owned(), "offer ig wants class air, liquid is liquid");
        one(
            |p| p.inputs.offers[0].eligible = crate::domain::offer::Eligible::Markets(vec!["PJM".to_owned()]),
            "offer ig may not be served at north",
        );
        one(|p| p.inputs.sites[0].halls[0].retrofits.clear(), "hall group a does not allow liquid");
        one(
            |p| p.inputs.calendar.latest_start = date(2027, 3, 31),
            "2027-04-01 is not the first day of a period in which a conversion may start",
        );
        one(
            |p| p.inputs.offers[0].long_stop = Some(date(2027, 9, 30)),
            "it is ready on 2027-10-01, past the long-stop date 2027-09-30",
        );
        one(
            |p| {
                let rent = crate::units::UsdPerYear::ZERO;
                p.inputs.sites[0].tenure = Tenure::Leased { until: date(2030, 11, 29), rent };
            },
            "its term ends on 2030-12-01, the lease of the site on 2030-11-29",
        );
    }

    #[test]
    fn a_letter_of_intent_counts_only_when_asked_for() {
        let letter = |plan: &mut crate::plan::Plan| {
            plan.inputs.offers[0].status = OfferStatus::LetterOfIntent { plan_on: false };
        };
        let mut plan = fixture::plan();
        letter(&mut plan);
        fixture::settle(&mut plan);
        let found = fixture::findings(&plan);
        assert_eq!(found.len(), 2, "conversions and offer_size: {found:?}");
        plan.settings.include_loi = true;
        assert_eq!(fixture::findings(&plan), [""; 0]);
    }

    #[test]
    fn a_contract_that_begins_after_the_horizon() {
        let found = breaks("conversions", |plan| {
            plan.inputs.offers[0].earliest = Some(date(2029, 1, 1));
            plan.inputs.offers[0].tranches.clear();
            plan.decisions.conversions[0].commencement = date(2029, 1, 1);
            plan.decisions.conversions[0].term_end = date(2032, 1, 1);
        });
        assert_eq!(found.len(), 1);
        assert!(found[0].ends_with("its contract begins on 2029-01-01, after the horizon"));
    }
}
