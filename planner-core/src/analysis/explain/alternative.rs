//! Ways to convert a site: each is chosen, open, or does not exist for a reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::domain::Fleet;
use crate::domain::ids::{OfferId, RetrofitId, SiteId};
use crate::domain::policy::{Lock, LockKind};
use crate::options::{HallOption, Options, RefusalReason};
use crate::plan::{Conversion, MERCHANT, Plan};
use crate::units::Usd;

/// Halls of a site, converted in one way for one taker.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Alternative {
    /// Where.
    pub site: SiteId,
    /// How.
    pub retrofit: RetrofitId,
    /// For whom; [`MERCHANT`] without a contract.
    pub offer: OfferId,
}

impl fmt::Display for Alternative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.site, self.retrofit, self.offer)
    }
}

impl Alternative {
    /// That of a conversion.
    #[must_use]
    pub fn of(conversion: &Conversion) -> Self {
        let offer = conversion.offer_name().into();
        Self { site: conversion.site.clone(), retrofit: conversion.retrofit.clone(), offer }
    }

    /// That of a priced option.
    #[must_use]
    pub fn of_option(fleet: &Fleet, option: &HallOption) -> Self {
        let offer = option.offer.map_or_else(|| MERCHANT.into(), |offer| fleet.offers[offer].id.clone());
        Self { site: fleet.sites[option.site].id.clone(), retrofit: fleet.retrofits[option.retrofit].id.clone(), offer }
    }

    /// Whether the site, the retrofit or the offer is called so.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        [self.site.as_str(), self.retrofit.as_str(), self.offer.as_str()].contains(&name)
    }

    /// One hall of it at least, or none at all.
    #[must_use]
    pub fn lock(&self, kind: LockKind) -> Lock {
        Lock {
            kind,
            site: Some(self.site.clone()),
            hall: None,
            retrofit: Some(self.retrofit.clone()),
            offer: Some(self.offer.clone()),
            start: None,
            work: None,
            halls: 1,
            spent: Usd::ZERO,
        }
    }
}

/// Every alternative of a portfolio.
#[derive(Debug, Clone, Default)]
pub struct Alternatives {
    /// In the plan.
    pub chosen: BTreeSet<Alternative>,
    /// Not in the plan, but with options.
    pub open: BTreeSet<Alternative>,
    /// Without any option, and the reason that came closest to one.
    pub refused: BTreeMap<Alternative, RefusalReason>,
}

impl Alternatives {
    /// Of a plan and the options that it was chosen from.
    #[must_use]
    pub fn of(plan: &Plan, options: &Options) -> Self {
        let chosen: BTreeSet<_> = plan.decisions.conversions.iter().map(Alternative::of).collect();
        let all: BTreeSet<_> =
            options.halls.iter().map(|option| Alternative::of_option(&plan.inputs, option)).collect();
        let mut refused: BTreeMap<Alternative, RefusalReason> = BTreeMap::new();
        for refusal in &options.refused {
            let (site, retrofit) = (refusal.site.clone(), refusal.retrofit.clone());
            let alternative = Alternative { site, retrofit, offer: refusal.offer.clone() };
            if !all.contains(&alternative) {
                let reason = refused.entry(alternative).or_insert(refusal.reason);
                *reason = refusal.reason.max(*reason);
            }
        }
        Self { open: all.difference(&chosen).cloned().collect(), chosen, refused }
    }

    /// Names by which something can be asked for: sites, retrofits and offers.
    #[must_use]
    pub fn names(&self) -> BTreeSet<&str> {
        let all = self.chosen.iter().chain(&self.open).chain(self.refused.keys());
        all.flat_map(|one| [one.site.as_str(), one.retrofit.as_str(), one.offer.as_str()]).collect()
    }
}
