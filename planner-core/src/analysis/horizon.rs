//! What a longer horizon would change: near decisions that only the end of the horizon decides are named, with what
//! they are worth.

use jiff::civil::Date;

use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::ids::RetrofitId;
use crate::domain::policy::{Lock, LockKind};
use crate::plan::{Conversion, MERCHANT, Plan, Settings};
use crate::solve::{Run, SolveError, plan};
use crate::units::{Cents, Usd, UsdCents};

/// A plan beside the best one over a longer horizon.
#[derive(Debug, Clone)]
pub struct Horizon {
    /// Near decisions are those before this day: the first two thirds of the horizon.
    pub near: Date,
    /// Near conversions that the longer horizon would not choose.
    pub dropped: Vec<Conversion>,
    /// Near conversions that it would choose instead.
    pub added: Vec<Conversion>,
    /// The best plan over the longer horizon.
    pub longer: Plan,
    /// The decisions of the plan over the longer horizon; `None` when no near decision changes.
    pub kept: Option<Plan>,
}

impl Horizon {
    /// What the near decisions forgo if the longer horizon is right; nil when none changes.
    #[must_use]
    pub fn at_stake(&self) -> UsdCents {
        let kept = self.kept.as_ref().map_or(self.longer.npv_usd.0, |kept| kept.npv_usd.0);
        UsdCents(Cents(i64::max(0, self.longer.npv_usd.0.0 - kept.0)))
    }

    /// Whether that is less than what the longer plan itself may lack: either set of decisions is as good as the search.
    #[must_use]
    pub fn within_gap(&self) -> bool {
        self.at_stake().0 <= self.longer.gap_usd.0
    }
}

/// Compares a plan with the best one over a longer horizon, `longer` being the same facts otherwise.
///
/// # Errors
/// As [`plan`], and where no time is left.
pub fn horizon(old: &Plan, longer: &Fleet, settings: &Settings, run: &Run) -> Result<Horizon, SolveError> {
    let run = &run.within(settings.time_limit_seconds);
    if run.stopped() {
        return Err(SolveError::NoPlanFound);
    }
    let calendar = &old.inputs.calendar;
    let near = calendar.period_start(Period(calendar.periods * 2 / 3));
    let free = plan(longer, settings, run)?;
    let (dropped, added) = (missing(old, &free, near), missing(&free, old, near));
    let kept = if dropped.is_empty() && added.is_empty() {
        None
    } else {
        let mut fixed = longer.clone();
        fixed.locks.extend(only(longer, old));
        Some(plan(&fixed, settings, run)?)
    };
    Ok(Horizon { near, dropped, added, longer: free, kept })
}

/// Near conversions of a plan that another has not: as many halls for the same at the same time.
fn missing(of: &Plan, from: &Plan, near: Date) -> Vec<Conversion> {
    let same = |a: &Conversion, b: &Conversion| (&a.site, a.subject(), a.halls) == (&b.site, b.subject(), b.halls);
    let conversions = of.decisions.conversions.iter().filter(|c| c.start < near);
    conversions.filter(|a| !from.decisions.conversions.iter().any(|b| same(a, b))).cloned().collect()
}

/// Locks that leave the conversions of a plan and nothing else: its own are forced, all others forbidden.
fn only(fleet: &Fleet, plan: &Plan) -> Vec<Lock> {
    let calendar = &fleet.calendar;
    let taken = plan.decisions.conversions.iter().filter(|c| c.start >= calendar.start);
    let own: Vec<Lock> = taken.map(forced).collect();
    let mut locks = own.clone();
    for site in &fleet.sites {
        for hall in &site.halls {
            for offer in fleet.offers.iter().map(|offer| offer.id.as_str()).chain([MERCHANT]) {
                let forbidden = |retrofit: Option<&RetrofitId>, start| Lock {
                    kind: LockKind::Forbid,
                    site: Some(site.id.clone()),
                    hall: Some(hall.id.clone()),
                    retrofit: retrofit.cloned(),
                    offer: Some(offer.into()),
                    start,
                    work: None,
                    halls: 0,
                    spent: Usd::ZERO,
                };
                let whole = forbidden(None, None);
                // A lock without a start also names what has started.
                let begun = fleet.locks.iter().any(|lock| {
                    lock.kind == LockKind::Started && (&lock.site, &lock.hall) == (&whole.site, &whole.hall)
                });
                if !begun && !own.iter().any(|lock| hits(lock, &whole)) {
                    locks.push(whole);
                    continue;
                }
                let each = hall.retrofits.iter().flat_map(|retrofit| {
                    calendar
                        .start_periods()
                        .map(move |period| forbidden(Some(retrofit), Some(calendar.period_start(period))))
                });
                locks.extend(each.filter(|one| !own.iter().any(|lock| hits(lock, one))));
            }
        }
    }
    locks
}

/// Whether a forced conversion is one that another lock would forbid.
fn hits(own: &Lock, other: &Lock) -> bool {
    (&own.site, &own.hall, &own.offer) == (&other.site, &other.hall, &other.offer)
        && (other.retrofit.is_none() || own.retrofit == other.retrofit)
        && (other.start.is_none() || own.start == other.start)
}

fn forced(conversion: &Conversion) -> Lock {
    Lock {
        kind: LockKind::Force,
        site: Some(conversion.site.clone()),
        hall: Some(conversion.hall.clone()),
        retrofit: Some(conversion.retrofit.clone()),
        offer: Some(conversion.offer_name().into()),
        start: Some(conversion.start),
        work: None,
        halls: conversion.halls,
        spent: Usd::ZERO,
    }
}
