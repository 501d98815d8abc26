//! Synthetic portfolios: they are read without an error, and small ones plan and pass the audit.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;

use planner_core::diagnostics::Severity;
use planner_core::generate::Request;
use planner_core::plan::{Plan, Settings};
use planner_core::portfolio;
use planner_tests::{fleet, generated, generated_short, plan};

#[test]
fn every_size_is_read_without_an_error_or_a_warning() {
    for (sites, seeds) in [(1, 0..40), (5, 0..40), (40, 0..10), (300, 0..3)] {
        for seed in seeds {
            let checked = portfolio::read(&generated(&Request { sites, seed, extras: 0 }));
            assert!(checked.diagnostics.is_empty(), "{sites} sites, seed {seed}: {:#?}", checked.diagnostics);
            assert_eq!(checked.fleet.unwrap().sites.len(), sites as usize);
        }
    }
}

#[test]
fn finer_facts_are_read_without_an_error() {
    for (sites, extras) in [(1, 100), (5, 100), (5, 50), (40, 30), (300, 50)] {
        for seed in 0..10 {
            let checked = portfolio::read(&generated(&Request { sites, seed, extras }));
            let errors: Vec<_> = checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
            assert!(errors.is_empty(), "{sites} sites, seed {seed}, {extras} %: {errors:#?}");
        }
    }
}

#[test]
fn finer_facts_leave_the_other_sites_alone() {
    let (plain, finer) = (
        fleet(&generated(&Request { sites: 40, seed: 3, extras: 0 })),
        generated(&Request { sites: 40, seed: 3, extras: 30 }),
    );
    let finer = fleet(&finer);
    let same = plain.sites.iter().zip(&finer.sites).filter(|(a, b)| a == b).count();
    assert!((20..40).contains(&same), "{same} of 40 sites are the same");
    assert!(plain.works.is_empty() && !finer.works.is_empty() && finer.crews.len() == 1);
}

#[test]
fn a_large_one_has_all_kinds_of_everything() {
    let fleet = fleet(&generated(&Request { sites: 300, seed: 1, extras: 0 }));
    let kinds: BTreeSet<_> =
        fleet.offers.iter().map(|offer| offer.id.as_str().trim_end_matches(char::is_numeric).to_owned()).collect();
    assert!(kinds.len() > 10, "{kinds:?}");
    assert_eq!(fleet.offers.len(), 120);
    let owned: BTreeSet<_> = fleet.machines.iter().map(|lot| lot.model.clone()).collect();
    assert_eq!(owned.len(), 8);
    let regions: BTreeSet<_> = fleet.sites.iter().map(|site| site.location.region.clone()).collect();
    assert_eq!(regions.len(), 7);
    assert!(fleet.sites.iter().any(|site| site.power.connection.len() > 1));
    assert_eq!(fleet.pots.len(), 2);
}

fn audited(sites: u32, seed: u64) -> Plan {
    plan(&fleet(&generated_short(sites, seed)), &Settings::default())
        .unwrap_or_else(|error| panic!("{sites} sites, seed {seed}: {error}"))
}

#[test]
fn small_ones_plan_and_pass_the_audit() {
    let plans: Vec<Plan> = (0..12).map(|seed| audited(3 + u32::try_from(seed % 3).unwrap(), seed)).collect();
    let converted = plans.iter().filter(|plan| !plan.decisions.conversions.is_empty()).count();
    assert!(converted >= 6, "only {converted} of {} plans convert anything", plans.len());
}

#[test]
#[ignore = "several minutes: make test-long"]
fn many_plan_and_pass_the_audit() {
    for seed in 100..160 {
        audited(1 + u32::try_from(seed % 8).unwrap(), seed);
    }
}
