//! `conversions`: every conversion is one that the portfolio allows.
//!
//! Site, hall, retrofit and offer exist and fit one another, the start is the
//! first day of a start period, and the column exists: service and contract
//! begin inside the horizon, before the long-stop date, and the lease of the
//! site outlasts the term, if need be with the work that makes it longer. What has started before the horizon is not refused
//! for its start, its long-stop date or the lease. Merchant capacity exists
//! where the portfolio admits it and the deck has a curve for it.

use std::collections::BTreeSet;

use jiff::ToSpan;

use super::case::Case;
use super::column::{Column, name};
use super::findings::Findings;
use super::locks::{signed, started};
use super::money::curve;
use super::tenure::extension;
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

/// Whether the portfolio allows a conversion.
pub(super) fn allowed(case: &Case, column: &Column) -> bool {
    let mut found = Findings::default();
    fits(case, column, &mut found);
    exists(case.fleet, column, &mut found);
    found.into_summary().passed
}

/// Whether an offer may be used at all.
pub(super) fn admitted(case: &Case, offer: &Offer) -> bool {
    match offer.status {
        OfferStatus::Signed | OfferStatus::Offered => true,
        OfferStatus::LetterOfIntent { plan_on } => plan_on || case.settings.include_loi || signed(case.fleet, offer),
    }
}

fn fits(case: &Case, column: &Column, found: &mut Findings) {
    let Column { conversion, hall, retrofit, .. } = column;
    let line = name(conversion);
    if !hall.retrofits.contains(&retrofit.id) {
        found.add(&line, format!("hall group {} does not allow {}", hall.id, retrofit.id));
    }
    if conversion.halls == 0 {
        found.add(&line, "it has no halls");
    }
    match column.offer {
        Some(offer) => serves(case, column, offer, &line, found),
        None => merchant(case.fleet, column, &line, found),
    }
}

/// What an offer asks of a site and a retrofit.
fn serves(case: &Case, column: &Column, offer: &Offer, line: &str, found: &mut Findings) {
    let Column { site, retrofit, .. } = column;
    if offer.class != retrofit.class {
        let message = format!("offer {} wants class {}, {} is {}", offer.id, offer.class, retrofit.id, retrofit.class);
        found.add(line, message);
    }
    // A retrofit that does not say what it has does not qualify.
    let dense = offer.density.is_none_or(|asked| retrofit.density.is_some_and(|density| density >= asked));
    if !dense {
        found.add(line, format!("offer {} wants denser racks than {} has", offer.id, retrofit.id));
    }
    let redundant = offer.redundancy.is_none_or(|asked| retrofit.redundancy.is_some_and(|own| own >= asked));
    if !redundant {
        found.add(line, format!("offer {} wants more redundancy than {} has", offer.id, retrofit.id));
    }
    if !offer.eligible_at(site) {
        found.add(line, format!("offer {} may not be served at {}", offer.id, site.id));
    }
    if !admitted(case, offer) {
        found.add(line, format!("offer {} is a letter of intent, which was not asked for", offer.id));
    }
}

fn merchant(fleet: &Fleet, column: &Column, line: &str, found: &mut Findings) {
    if fleet.merchant.is_none() {
        found.add(line, "the portfolio admits no merchant capacity");
    }
    if curve(fleet, column.site, column.retrofit).is_none() {
        let (market, class) = (&column.site.location.market, &column.retrofit.class);
        found.add(line, format!("the deck has no rent of {class} capacity without a contract in {market}"));
    }
}

fn exists(fleet: &Fleet, column: &Column, found: &mut Findings) {
    let calendar = &fleet.calendar;
    let line = name(column.conversion);
    let start = column.conversion.start;
    let started = started(fleet, column.conversion);
    if !started && !calendar.start_periods().any(|period| calendar.period_start(period) == start) {
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
    if started {
        return;
    }
    if let Some(long_stop) = column.offer.and_then(|offer| offer.long_stop).filter(|last| ready > *last) {
        found.add(&line, format!("it is ready on {ready}, past the long-stop date {long_stop}"));
    }
    if let Tenure::Leased { until, .. } = column.site.tenure {
        let term_end = calendar.month_start(column.term_end);
        if term_end > until.saturating_add(1.day()) && column.extension.is_none() {
            let longer = extension(fleet, column.site);
            let longer = longer.map_or_else(String::new, |longer| format!(", at the longest on {}", longer.until));
            found.add(&line, format!("its term ends on {term_end}, the lease of the site on {until}{longer}"));
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

    #[test]
    fn a_longer_lease_is_too_short_all_the_same() {
        let found = breaks("conversions", |plan| {
            let rent = crate::units::UsdPerYear::ZERO;
            plan.inputs.sites[0].tenure = Tenure::Leased { until: date(2028, 12, 31), rent };
            let mut lease = crate::audit::fixture_works::longer_lease(date(2030, 11, 29));
            lease.adds[0].site = "north".into();
            plan.inputs.works = vec![lease];
        });
        let message = "its term ends on 2030-12-01, the lease of the site on 2028-12-31, at the longest on 2030-11-29";
        assert_eq!(found, [format!("conversions: conversion north a/liquid/ig@2027-04: {message}")]);
    }

    #[test]
    fn density_and_redundancy_that_a_retrofit_does_not_have() {
        use crate::domain::retrofit::Redundancy::{NPlusOne, TwoN};
        let asks = |plan: &mut crate::plan::Plan| {
            plan.inputs.offers[0].density = Some(crate::units::KwPerRack::new(120.0));
            plan.inputs.offers[0].redundancy = Some(NPlusOne);
        };
        assert_eq!(breaks("conversions", asks).len(), 2, "it says neither");
        let mut plan = fixture::plan();
        asks(&mut plan);
        plan.inputs.retrofits[0].density = Some(crate::units::KwPerRack::new(120.0));
        plan.inputs.retrofits[0].redundancy = Some(TwoN);
        fixture::settle(&mut plan);
        assert_eq!(fixture::findings(&plan), [""; 0]);
    }

    #[test]
    fn merchant_capacity_that_does_not_exist() {
        let one = |change: fn(&mut crate::plan::Plan), message: &str| {
            let found = breaks("conversions", |plan| {
                *plan = fixture::with_merchant();
                change(plan);
            });
            assert_eq!(found, [format!("conversions: conversion north a/liquid/merchant@2027-01: {message}")]);
        };
        one(
            |p| p.inputs.deck.merchant[0].class = "air".to_owned(),
            "the deck has no rent of liquid capacity without a contract in ERCOT",
        );
        let mut plan = fixture::with_merchant();
        plan.inputs.merchant = None;
        fixture::settle(&mut plan);
        let found = fixture::findings(&plan);
        assert!(found[0].ends_with("the portfolio admits no merchant capacity"), "{found:?}");
        let mut plan = fixture::with_merchant();
        let rent = crate::units::UsdPerYear::ZERO;
        // The contract of the other hall outlasts the lease too.
        plan.inputs.sites[0].tenure = Tenure::Leased { until: date(2028, 12, 30), rent };
        fixture::settle(&mut plan);
        let found = fixture::findings(&plan);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().any(|f| f.contains("merchant@2027-01: its term ends on 2029-01-01")));
    }
}
