//! A conversion with the facts it names and the months that follow from them.

use jiff::ToSpan;
use jiff::civil::Date;

use super::locks::started;
use super::schedule::{Offsets, notice, offsets};
use super::tenure::{Extension, extension};
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::offer::Offer;
use crate::domain::retrofit::Retrofit;
use crate::domain::site::{HallGroup, HallUse, Site, ThirdParty};
use crate::plan::Conversion;
use crate::units::{GrossMw, ItMw, Months, Share};

/// Some seven thousand years: dates further off saturate and cannot be told apart.
const LAST_MONTH: i32 = 90_000;

/// A conversion whose names all resolve.
pub(super) struct Column<'a> {
    pub(super) conversion: &'a Conversion,
    pub(super) site: &'a Site,
    pub(super) hall: &'a HallGroup,
    pub(super) retrofit: &'a Retrofit,
    /// The contract it serves; `None` is merchant capacity.
    pub(super) offer: Option<&'a Offer>,
    pub(super) offsets: Offsets<'a>,
    /// First month of the start period.
    pub(super) start: Month,
    /// Month in which mining stops.
    pub(super) mining_off: Month,
    /// `k0`.
    pub(super) ready: Month,
    /// `C`.
    pub(super) commencement: Month,
    /// `E`.
    pub(super) term_end: Month,
    /// The longer lease that its term needs.
    pub(super) extension: Option<Extension<'a>>,
}

impl<'a> Column<'a> {
    /// Looks up what a conversion names and tells its months.
    ///
    /// # Errors
    /// With what is missing, in words.
    pub(super) fn resolve(fleet: &'a Fleet, conversion: &'a Conversion) -> Result<Self, String> {
        let site = fleet.site(&conversion.site).ok_or_else(|| format!("there is no site `{}`", conversion.site))?;
        let hall = site
            .hall(&conversion.hall)
            .ok_or_else(|| format!("{} has no hall group `{}`", conversion.site, conversion.hall))?;
        let retrofit = fleet
            .retrofit(&conversion.retrofit)
            .ok_or_else(|| format!("there is no retrofit `{}`", conversion.retrofit))?;
        let offer = conversion.terms(fleet);
        if offer.is_none() && conversion.offer.is_some() {
            return Err(format!("there is no offer `{}`", conversion.offer_name()));
        }
        let calendar = &fleet.calendar;
        let start = calendar.month_of(conversion.start);
        let offsets = offsets(retrofit, site.override_of(&retrofit.id), notice(fleet, site, hall, start))
            .ok_or_else(|| format!("the phases of {} wait for one another", retrofit.id))?;
        let ready = start.plus(Months(offsets.ready));
        let earliest = offer.and_then(|offer| offer.earliest).map_or(ready, |date| calendar.month_from(date));
        let commencement = ready.max(earliest);
        let term_end = offer.map_or(calendar.horizon_month(), |offer| commencement.plus(offer.term));
        if start.0 < -LAST_MONTH || commencement.max(term_end).0 > LAST_MONTH {
            return Err("its dates lie outside the calendar".to_owned());
        }
        let mining_off = start.plus(Months(offsets.mining_off));
        let end = calendar.month_start(term_end);
        // What has started runs as at the lease that stands.
        let extension = extension(fleet, site).filter(|longer| {
            !started(fleet, conversion) && !site.held_on(end.saturating_sub(1.day())) && longer.outlasts(end)
        });
        Ok(Self {
            conversion,
            site,
            hall,
            retrofit,
            offer,
            offsets,
            start,
            mining_off,
            ready,
            commencement,
            term_end,
            extension,
        })
    }

    /// Whether the site is ours on a day, with the longer lease that the term needs.
    pub(super) fn held_on(&self, day: Date) -> bool {
        self.extension.map_or_else(|| self.site.held_on(day), |longer| day <= longer.until)
    }

    /// The mining customer whose hall it is.
    pub(super) fn customer(&self) -> Option<ThirdParty> {
        match self.hall.hall_use {
            HallUse::ThirdParty(customer) => Some(customer),
            HallUse::Mining | HallUse::Pad => None,
        }
    }

    /// Share of its reserved power that is drawn.
    pub(super) fn load_factor(&self) -> Share {
        self.offer.map_or(self.retrofit.merchant_load_factor, |offer| offer.load_factor)
    }

    /// Whether it serves this offer.
    pub(super) fn serves(&self, offer: &Offer) -> bool {
        self.offer.is_some_and(|own| own.id == offer.id)
    }

    /// Critical IT load of all its halls.
    pub(super) fn load(&self) -> ItMw {
        self.hall_it() * f64::from(self.conversion.halls)
    }

    /// Gross power that all its halls reserve.
    pub(super) fn reserved(&self) -> GrossMw {
        self.hall.reserved() * f64::from(self.conversion.halls)
    }

    /// Critical IT load of one hall.
    pub(super) fn hall_it(&self) -> ItMw {
        self.hall.critical_it(self.retrofit.gross_to_critical)
    }

    /// Whether it is in service in a period: from the one that contains `k0`
    /// on, and for good.
    pub(super) fn in_service(&self, fleet: &Fleet, period: Period) -> bool {
        self.ready < fleet.calendar.first_month(Period(period.0.saturating_add(1)))
    }

    /// Whether its halls take no machines in a period.
    pub(super) fn stripped(&self, fleet: &Fleet, period: Period) -> bool {
        self.mining_off < fleet.calendar.first_month(Period(period.0.saturating_add(1)))
    }
}

/// The subject of a conversion's lines.
pub(super) fn subject(conversion: &Conversion) -> String {
    let Conversion { hall, retrofit, start, .. } = conversion;
    let offer = conversion.offer_name();
    format!("{hall}/{retrofit}/{offer}@{:04}-{:02}", start.year(), start.month())
}

/// A conversion as a finding names it.
pub(super) fn name(conversion: &Conversion) -> String {
    format!("conversion {} {}", conversion.site, subject(conversion))
}
