//! Limits and Ctrl-C hold for all of a command, at whatever moment they come, and what is known by then is true.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use planner_core::analysis::explain::{About, Explained, Lever, explain};
use planner_core::audit::audit;
use planner_core::domain::Fleet;
use planner_core::domain::policy::{Lock, LockKind};
use planner_core::generate::Request;
use planner_core::plan::{Plan, Settings, Status};
use planner_core::solve::{self, Meter, Progress, Run, SolveError};
use planner_core::units::Usd;
use planner_tests::{fleet, generated, plan, run};

/// Solves that may follow a stop: what was found is finished, and a bound of it proved.
const FINISHING: u64 = 5;

fn portfolio(sites: u32, extras: u32) -> Fleet {
    fleet(&generated(&Request { sites, seed: 1, extras }))
}

/// Stops after a number of solves; how it ends, how many solves followed, and how many there were.
fn stopped_after(fleet: &Fleet, settings: &Settings, solves: u64) -> (Result<Plan, SolveError>, u64, u64) {
    let (stop, meter, at) = (AtomicBool::new(false), Meter::new(), AtomicU64::new(u64::MAX));
    let progress = |_: &Progress| {
        if meter.solves() >= solves && !stop.swap(true, Ordering::Relaxed) {
            at.store(meter.solves(), Ordering::Relaxed);
        }
    };
    let found = solve::plan(fleet, settings, &Run { interrupt: &stop, meter: &meter, progress: &progress, ..run() });
    let all = meter.solves();
    (found, all.saturating_sub(at.load(Ordering::Relaxed)), all)
}

/// Bounds are above, plans below what is best; the twin says how sure it is.
fn is_true(stopped: &Plan, best: &Plan) {
    assert!(stopped.audit.passed && audit(stopped).passed, "{:#?}", stopped.audit.findings);
    assert!(stopped.npv_usd <= best.bound_usd && best.npv_usd <= stopped.bound_usd);
    assert!(best.npv_usd <= stopped.lagrangian_bound_usd);
    let most = stopped.twin_bound_usd.unwrap_or(stopped.twin_npv_usd);
    // A twin that was solved to its end is so to a ten-millionth.
    let slack = 1.0 + 1e-6 * best.npv_usd.0.usd().abs();
    assert!(best.twin_npv_usd.0.usd() <= most.0.usd() + slack, "{} {}", best.twin_npv_usd.0.usd(), most.0.usd());
    assert!(stopped.twin_npv_usd.0.usd() <= best.twin_npv_usd.0.usd() + slack);
    let read: Plan = serde_json::from_str(&serde_json::to_string(stopped).unwrap()).unwrap();
    assert_eq!(read, *stopped);
}

#[test]
fn a_stop_after_any_solve_ends_it_with_what_is_known() {
    let (fleet, settings) = (portfolio(3, 50), Settings::default());
    let (best, _, all) = stopped_after(&fleet, &settings, u64::MAX);
    let best = best.unwrap();
    assert!(all > FINISHING, "only {all} solves: nothing would be stopped");
    for solves in 0..all {
        let (found, followed, _) = stopped_after(&fleet, &settings, solves);
        assert!(followed <= FINISHING, "{followed} solves after a stop after {solves}");
        match found {
            Ok(found) => is_true(&found, &best),
            Err(error) => assert_eq!(error, SolveError::NoPlanFound),
        }
    }
}

#[test]
fn a_stop_while_it_looks_for_a_contradiction_keeps_what_is_known() {
    let mut fleet = portfolio(3, 0);
    let force = |offer| Lock {
        kind: LockKind::Force,
        site: None,
        hall: None,
        retrofit: None,
        offer,
        start: None,
        halls: 1,
        work: None,
        spent: Usd::ZERO,
    };
    fleet.locks = vec![force(None), Lock { kind: LockKind::Forbid, halls: 0, ..force(None) }];
    let settings = Settings::default();
    let (told, _, all) = stopped_after(&fleet, &settings, u64::MAX);
    let Err(SolveError::Infeasible(told)) = told else { panic!("{told:?}") };
    assert!(told.proved && told.conflicts.len() == 1, "{told:?}");
    let mut last = 0;
    for solves in 0..all {
        let (found, followed, _) = stopped_after(&fleet, &settings, solves);
        assert!(followed <= FINISHING, "{followed} solves after a stop after {solves}");
        let Err(error) = found else { panic!("a plan of what has none") };
        let SolveError::Infeasible(part) = error else { continue };
        // Nothing is named that is not to blame, and "no single change" is not said before all were tried.
        let known =
            |one: &solve::relax::Conflict| one.limits.iter().all(|limit| told.conflicts[0].limits.contains(limit));
        assert!(part.conflicts.iter().all(known), "{:?}", part.lines());
        assert!(
            part.proved || !part.lines().iter().any(|line| line.ends_with("resolves it") && line.starts_with("no "))
        );
        last = part.conflicts.iter().map(|one| one.limits.len()).sum();
    }
    assert!(last > 0, "what was known was never told");
}

#[test]
fn no_time_at_all_still_gives_an_audited_plan_that_says_how_sure_it_is() {
    for (sites, extras) in [(3, 0), (2, 50)] {
        let fleet = portfolio(sites, extras);
        let best = plan(&fleet, &Settings::default()).unwrap();
        let none = solve::plan(&fleet, &Settings::default(), &Run { deadline: Some(Instant::now()), ..run() }).unwrap();
        is_true(&none, &best);
        assert_eq!(none.status, Status::TimeLimitFeasible);
        assert!(none.twin_bound_usd.is_some(), "no twin was searched for");
        assert!(none.sites_left.iter().all(|left| !left.detail.contains("would add")), "{:?}", none.sites_left);
    }
}

#[test]
fn so_much_work_gives_the_same_plan_on_every_machine() {
    let fleet = portfolio(4, 50);
    let best = plan(&fleet, &Settings::default()).unwrap();
    let mut stopped = 0;
    for work in [1, 100, 1_000, 1_000_000] {
        let settings = Settings { work_limit: Some(work), ..Settings::default() };
        let [one, two] = [1, 2].map(|threads| solve::plan(&fleet, &settings, &Run { threads, ..run() }).unwrap());
        assert_eq!(one, two, "{work} iterations");
        is_true(&one, &best);
        assert_eq!(one.settings.work_limit, Some(work));
        assert_ne!(one.status, Status::TimeLimitFeasible);
        stopped += u32::from(one.status == Status::WorkLimitFeasible);
    }
    assert!((1..4).contains(&stopped), "{stopped} of 4 were stopped");
}

#[test]
fn answers_are_told_as_they_come_and_stay_when_it_is_stopped() {
    let fleet = portfolio(3, 0);
    let plan = plan(&fleet, &Settings::default()).unwrap();
    let told = |stop_after: usize, threads: u32| {
        let (stop, seen) = (AtomicBool::new(false), std::sync::Mutex::new(vec![]));
        let tell = |one: &Explained| {
            let mut seen = seen.lock().unwrap();
            seen.push(one.clone());
            stop.fetch_or(seen.len() >= stop_after, Ordering::Relaxed);
        };
        let run = Run { interrupt: &stop, threads, ..run() };
        let found = explain(&plan, About::Plan, &[Lever::Rent], &run, &tell).unwrap();
        let all: Vec<Explained> = found.chosen.iter().chain(&found.rejected).cloned().collect();
        assert_eq!(seen.into_inner().unwrap(), all, "in the order of the explanation");
        (all, found.not_told, found.stopped)
    };
    let (all, missing, stopped) = told(usize::MAX, 2);
    assert!(all.len() > 1 && missing == 0 && !stopped);
    for some in 1..all.len() {
        let (part, missing, stopped) = told(some, 1);
        assert!(stopped && part.len() >= some);
        assert_eq!((part.len() + missing, &part[..]), (all.len(), &all[..part.len()]));
    }
}
