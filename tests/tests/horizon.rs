//! Two more years of horizon: contracts run off as before, so no near decision should change.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;

use jiff::civil::Date;
use planner_core::domain::Fleet;
use planner_core::domain::calendar::Period;
use planner_core::domain::policy::{Lock, LockKind};
use planner_core::plan::{Conversion, MERCHANT, Plan, Settings};
use planner_core::units::{Cents, Usd};
use planner_tests::small::change;
use planner_tests::{fleet, plan, shipped};

/// What a conversion is named by, the day of its start, and how many halls.
fn near(plan: &Plan, until: Date) -> BTreeSet<(String, String, u32)> {
    let conversions = plan.decisions.conversions.iter().filter(|c| c.start < until);
    conversions.map(|c| (c.site.to_string(), c.subject(), c.halls)).collect()
}

fn forced(conversion: &Conversion) -> Lock {
    Lock {
        work: None,
        kind: LockKind::Force,
        site: Some(conversion.site.clone()),
        hall: Some(conversion.hall.clone()),
        retrofit: Some(conversion.retrofit.clone()),
        offer: Some(conversion.offer_name().into()),
        start: Some(conversion.start),
        halls: conversion.halls,
        spent: Usd::ZERO,
    }
}

/// Locks that leave the conversions of a plan and nothing else: its own are forced, all others forbidden.
fn only(fleet: &Fleet, plan: &Plan) -> Vec<Lock> {
    let calendar = &fleet.calendar;
    let taken = plan.decisions.conversions.iter().filter(|c| c.start >= calendar.start);
    let mut locks: Vec<Lock> = taken.map(forced).collect();
    let own = locks.clone();
    let mut forbid = |lock: Lock| {
        let hits = |own: &Lock| {
            (own.site == lock.site && own.hall == lock.hall && own.offer == lock.offer)
                && (lock.retrofit.is_none() || own.retrofit == lock.retrofit)
                && (lock.start.is_none() || own.start == lock.start)
        };
        let free = !own.iter().any(hits);
        if free {
            locks.push(lock);
        }
        free
    };
    for site in &fleet.sites {
        for hall in &site.halls {
            for offer in fleet.offers.iter().map(|offer| offer.id.as_str()).chain([MERCHANT]) {
                let lock = |retrofit: Option<_>, start| Lock {
                    work: None,
                    kind: LockKind::Forbid,
                    site: Some(site.id.clone()),
                    hall: Some(hall.id.clone()),
                    retrofit,
                    offer: Some(offer.into()),
                    start,
                    halls: 0,
                    spent: Usd::ZERO,
                };
                // A lock without a start also names what has started.
                let started = fleet.locks.iter().any(|lock| {
                    lock.kind == LockKind::Started
                        && lock.site.as_ref() == Some(&site.id)
                        && lock.hall.as_ref() == Some(&hall.id)
                });
                if !started && forbid(lock(None, None)) {
                    continue;
                }
                for retrofit in &hall.retrofits {
                    for period in calendar.start_periods() {
                        forbid(lock(Some(retrofit.clone()), Some(calendar.period_start(period))));
                    }
                }
            }
        }
    }
    locks
}

/// What the decisions of the first two thirds of the old horizon cost when two years are added.
struct Stake {
    /// Only before, and only after.
    changed: [Vec<(String, String, u32)>; 2],
    cost: Cents,
    allowed: Cents,
}

fn two_more_years(name: &str) -> Stake {
    let began = std::time::Instant::now();
    let files = shipped(name);
    let old = plan(&fleet(&files), &Settings::default()).unwrap();
    let calendar = &old.inputs.calendar;
    let until = calendar.period_start(Period(calendar.periods * 2 / 3));

    let mut longer = files;
    let (from, to) = (format!("periods = {}", calendar.periods), format!("periods = {}", calendar.periods + 8));
    change(&mut longer, "portfolio.toml", &from, &to);
    let mut longer = fleet(&longer);
    assert_eq!(longer.calendar.periods, calendar.periods + 8);
    let new = plan(&longer, &Settings::default()).unwrap();
    // Both are near the best only to within the gap: what the old decisions are worth is what counts.
    longer.locks.extend(only(&longer, &old));
    let kept = plan(&longer, &Settings::default()).unwrap();
    assert_eq!(near(&kept, Date::MAX), near(&old, Date::MAX), "{name}: the old decisions are what is valued");

    let cost = new.npv_usd.0 - kept.npv_usd.0;
    let allowed = new.gap_usd.0 + Usd::new(new.uplift_usd.0.usd() * 0.005).to_cents();
    let (before, after) = (near(&old, until), near(&new, until));
    let only = |a: &BTreeSet<_>, b: &BTreeSet<_>| a.difference(b).cloned().collect::<Vec<_>>();
    let changed = [only(&before, &after), only(&after, &before)];
    eprintln!(
        "{name}: at stake {:.0} USD of an uplift of {:.0} (gap {:.0}, allowed {:.0}); {} s; before and after: {changed:#?}",
        cost.usd(),
        new.uplift_usd.0.usd(),
        new.gap_usd.0.usd(),
        allowed.usd(),
        began.elapsed().as_secs()
    );
    Stake { changed, cost, allowed }
}

fn holds(name: &str) {
    let stake = two_more_years(name);
    assert!(stake.cost <= stake.allowed, "{name}: {} USD at stake in {:#?}", stake.cost.usd(), stake.changed);
}

#[test]
fn first_look_keeps_its_decisions() {
    holds("first-look");
}

#[test]
#[ignore = "minutes: make test-long"]
fn keel_keeps_its_decisions() {
    holds("keel-2026");
}

#[test]
#[ignore = "minutes: make test-long"]
fn core_scientific_keeps_its_decisions() {
    holds("core-scientific-2026");
}
