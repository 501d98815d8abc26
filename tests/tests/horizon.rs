//! Two more years of horizon: contracts run off as before, so no near decision should change.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use planner_core::analysis::horizon::{Horizon, horizon};
use planner_core::plan::Settings;
use planner_core::portfolio::read_longer;
use planner_core::units::{Months, Share};
use planner_tests::{fleet, plan, run, shipped};

const PROVED: Share = Share(1e-6);

fn two_more_years(name: &str, gap: Share) -> Horizon {
    let files = shipped(name);
    let settings = Settings { gap, ..Settings::default() };
    let old = plan(&fleet(&files), &settings).unwrap();
    let longer = read_longer(&files, Months(24)).fleet.unwrap();
    assert_eq!(longer.calendar.periods, old.inputs.calendar.periods + 8);
    let horizon = horizon(&old, &longer, &settings, &run()).unwrap();
    assert!(horizon.longer.audit.passed && horizon.kept.as_ref().is_none_or(|kept| kept.audit.passed));
    let names = |list: &[planner_core::plan::Conversion]| -> Vec<String> {
        list.iter().map(|c| format!("{} {} × {}", c.site, c.subject(), c.halls)).collect()
    };
    eprintln!("{name}: {} at stake", horizon.at_stake().0.usd());
    eprintln!("  dropped {:#?}\n  added {:#?}", names(&horizon.dropped), names(&horizon.added));
    horizon
}

/// No near decision changes, or the change is worth no more than the gap of the longer plan.
fn keeps(name: &str, gap: Share) -> Horizon {
    let horizon = two_more_years(name, gap);
    assert!(horizon.within_gap(), "{name}: {} USD at stake", horizon.at_stake().0.usd());
    horizon
}

fn nothing_changes(name: &str, gap: Share) {
    let horizon = keeps(name, gap);
    assert!(horizon.dropped.is_empty() && horizon.added.is_empty(), "{name}: near decisions change");
}

#[test]
fn first_look_keeps_its_decisions() {
    nothing_changes("first-look", Settings::default().gap);
}

#[test]
#[ignore = "minutes: make test-long"]
fn what_keel_would_change_is_worth_less_than_the_default_gap() {
    // Within that gap lie plans of which more is at stake: the flag tells what is so of the plan at hand.
    let horizon = two_more_years("keel-2026", PROVED);
    let accepted = Settings::default().gap.0 * horizon.longer.uplift_usd.0.usd();
    let at_stake = horizon.at_stake().0.usd();
    assert!(at_stake <= accepted, "{at_stake} USD at stake, {accepted} USD of gap are accepted");
}

#[test]
#[ignore = "minutes: make test-long"]
fn core_scientific_keeps_its_decisions() {
    nothing_changes("core-scientific-2026", Settings::default().gap);
}

#[test]
#[ignore = "minutes: make test-long"]
fn cleanspark_keeps_its_decisions() {
    // Some starts are worth the same within the default gap.
    nothing_changes("cleanspark-2026", PROVED);
}
