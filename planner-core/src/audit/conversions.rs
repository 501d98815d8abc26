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
