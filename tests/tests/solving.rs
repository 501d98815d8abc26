//! Ends of a solve: limits, interrupts, and what they may not spoil.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::sync::atomic::{AtomicBool, Ordering};

use planner_core::analysis::frontier::compare;
use planner_core::audit::audit;
use planner_core::domain::Fleet;
use planner_core::domain::offer::OfferStatus;
use planner_core::generate::Request;
use planner_core::plan::{Plan, Settings, Status};
use planner_core::solve::{self, Run, SolveError};
use planner_core::units::{ItMw, Usd};
use planner_tests::small::{self, ONE_HALL, change};
use planner_tests::{fleet, generated, plan, run, shipped};

/// Interrupted before it began: the twin is solved all the same, the bound is finite, and the plan
/// passes the audit again after it was written and read.
#[test]
fn an_interrupt_from_the_start_still_gives_an_audited_plan() {
    let mut fleet = fleet(&shipped("first-look"));
    // The twin keeps no policy; with one, nothing is known before the search has found a plan.
    fleet.policies = planner_core::domain::policy::Policies::default();
    let stop = AtomicBool::new(true);
    let settings = Settings::default();
    let plan = solve::plan(&fleet, &settings, &Run { interrupt: &stop, ..run() }).unwrap();
    assert_eq!(plan.status, Status::TimeLimitFeasible);
    assert!(plan.bound_usd > plan.npv_usd && plan.bound_usd.0.usd() < 1e12);
    let read: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
    assert_eq!(read, plan);
    assert!(audit(&read).passed, "{:#?}", audit(&read).findings);
}

/// A site that the twin leaves is forced, so that the first plan must be searched for.
fn forced(site: &str) -> Fleet {
    let mut files = generated(&Request { sites: 3, seed: 8, extras: 0 });
    let lock = format!("\n[[lock]]\nkind = \"force\"\nsite = \"{site}\"\n");
    files.0.get_mut("portfolio.toml").unwrap().push_str(&lock);
    fleet(&files)
}

/// With no time to find a plan there is none, although one exists.
#[test]
fn a_limit_before_the_first_plan_leaves_none() {
    let fleet = forced("juniper-field");
    let hurried = Settings { time_limit_seconds: Some(1e-6), ..Settings::default() };
    assert_eq!(solve::plan(&fleet, &hurried, &run()).unwrap_err(), SolveError::NoPlanFound);
    let stop = AtomicBool::new(true);
    let stopped = solve::plan(&fleet, &Settings::default(), &Run { interrupt: &stop, ..run() });
    assert_eq!(stopped.unwrap_err(), SolveError::NoPlanFound);
    assert!(!plan(&fleet, &Settings::default()).unwrap().decisions.conversions.is_empty());
}

/// A limit that ends the search before its first bound does not hide that no plan exists.
#[test]
fn a_limit_does_not_make_an_infeasible_portfolio_a_failure() {
    let fleet = forced("larch-flat");
    let stop = AtomicBool::new(false);
    let progress = |progress: &solve::Progress| {
        stop.fetch_or(progress.stage == "why there is no plan", Ordering::Relaxed);
    };
    let hurried = Settings { time_limit_seconds: Some(1e-6), ..Settings::default() };
    let error = solve::plan(&fleet, &hurried, &Run { interrupt: &stop, progress: &progress, ..run() }).unwrap_err();
    assert!(matches!(error, SolveError::Infeasible(_)), "{error}");
}

/// Interrupted while it looks for the reason: infeasible all the same, with what is known.
#[test]
fn an_interrupt_does_not_make_an_infeasible_portfolio_feasible() {
    let mut fleet = fleet(&small::portfolio("2028-01-01", 8, "2028-07-01", &[("plains", ONE_HALL)]));
    fleet.offers[0].status = OfferStatus::Signed;
    fleet.sites[0].power.firm.clear();
    let stop = AtomicBool::new(false);
    let progress = |progress: &solve::Progress| {
        if progress.stage == "why there is no plan" {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let run = Run { interrupt: &stop, progress: &progress, ..run() };
    let SolveError::Infeasible(told) = solve::plan(&fleet, &Settings::default(), &run).unwrap_err() else {
        panic!("not infeasible")
    };
    assert!(!told.proved && told.lines().join(" ").contains("not finished"), "{:?}", told.lines());
}

/// Money that buys machines, and no conversion: each budget buys more, and no plan falls back to a smaller one.
#[test]
fn more_money_buys_more_machines_without_any_conversion() {
    let mut files = small::portfolio("2026-01-01", 8, "2026-01-01", &[("plains", ONE_HALL)]);
    change(&mut files, "offers/lease.toml", "100 USD/kW-month", "0 USD/kW-month");
    change(&mut files, "machines.csv", ",4000,", ",1000,");
    let deck = files.0.get_mut("library/decks/flat/deck.toml").unwrap();
    deck.push_str("[[machine_price]]\nmodel = \"round\"\nprice = \"2 USD/TH\"\nfrom = 2026-01-01\n");
    // One machine costs 500 USD and earns 5.25 · 730 = 3,832.50 USD.
    let fleet = fleet(&files);
    let budgets = [0.0, 500_000.0, 1_000_000.0].map(Usd::new);
    let points = compare(&fleet, &Settings::default(), &budgets, &run(), |_| {});
    let plans: Vec<Plan> = points.into_iter().map(|(_, plan)| plan.unwrap()).collect();
    for (plan, machines) in plans.iter().zip([1000.0, 2000.0, 3000.0]) {
        assert!(plan.audit.passed, "{:#?}", plan.audit.findings);
        assert!(plan.decisions.conversions.is_empty());
        let expected = machines * 3832.5 - (machines - 1000.0) * 500.0;
        assert!((plan.npv_usd.0.usd() - expected).abs() < 10.0, "{} is not {expected}", plan.npv_usd.0.usd());
        assert_eq!((plan.npv_usd, &plan.ledger), (plan.twin_npv_usd, &plan.twin.ledger));
        assert!(plan.capital_usd.0 <= plan.settings.budget.unwrap().to_cents());
    }
}

/// 33.6 MW / 1.2 is 28.000000000000004 MW-IT: it serves a lease of 28.
#[test]
fn a_lease_sized_to_a_whole_hall_is_not_refused_by_float_noise() {
    let mut files = small::portfolio("2028-01-01", 8, "2028-07-01", &[("plains", ONE_HALL)]);
    change(&mut files, "sites/plains.toml", "\"20 MW\"", "\"33.6 MW\"");
    change(&mut files, "library/retrofits/liquid.toml", "gross_to_critical = 1.25", "gross_to_critical = 1.2");
    let mut fleet = fleet(&files);
    (fleet.offers[0].min, fleet.offers[0].max) = (ItMw::new(28.0), ItMw::new(28.0));
    assert_eq!(plan(&fleet, &Settings::default()).unwrap().decisions.conversions.len(), 1);
}

/// A portfolio with nothing to decide is planned, not a bug.
#[test]
fn nothing_to_decide_is_a_plan() {
    let mut fleet = fleet(&small::portfolio("2028-01-01", 8, "2028-07-01", &[("plains", ONE_HALL)]));
    fleet.offers.clear();
    fleet.machines.clear();
    let plan = plan(&fleet, &Settings::default()).unwrap();
    assert_eq!((plan.status, plan.uplift_usd.0.0), (Status::ProvedOptimal, 0));
}

/// With a lease of the site ends everything there: mining, its costs, its racks.
#[test]
fn mining_ends_with_the_sites_lease() {
    let mut files = small::portfolio("2026-01-01", 8, "2026-01-01", &[("plains", ONE_HALL)]);
    let site = files.0.get_mut("sites/plains.toml").unwrap();
    *site = format!("tenure = {{ leased_until = 2026-12-31, rent = \"0 USD/year\" }}\n{site}");
    let plan = plan(&fleet(&files), &Settings::default()).unwrap();
    assert_eq!(plan.twin_npv_usd.0.0, 365 * 525 * 4_000, "one year of 5.25 USD a day for 4,000 machines");
}

/// Interrupting a comparison keeps the budgets that are done.
#[test]
fn an_interrupted_comparison_keeps_what_is_done() {
    let fleet = fleet(&small::portfolio("2028-01-01", 8, "2028-07-01", &[("plains", ONE_HALL)]));
    let stop = AtomicBool::new(false);
    let run = Run { interrupt: &stop, ..run() };
    let budgets = [1e6, 2e7, 3e7].map(Usd::new);
    let points = compare(&fleet, &Settings::default(), &budgets, &run, |_| stop.store(true, Ordering::Relaxed));
    assert_eq!(points.len(), 1);
}
