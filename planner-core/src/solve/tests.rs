//! Policies and locks against the twin, on the tiny portfolio.

use jiff::civil::date;

use super::*;
use crate::analysis::price_of::{NoPrice, Rule, price_of};
use crate::domain::calendar::Period;
use crate::domain::fixture;
use crate::domain::policy::{HashratePolicy, Lock, LockKind, MixPolicy};
use crate::plan::ledger::Category;
use crate::units::{ItMw, Share, TeraHash, Usd};

static GO_ON: AtomicBool = AtomicBool::new(false);

fn run() -> Run<'static> {
    Run { threads: 1, interrupt: &GO_ON, progress: &|_| {}, provenance: Provenance::default() }
}

/// Half a percent of nothing: the tests want the best plan.
fn exact() -> Settings {
    Settings { gap: Share(1e-9), ..Settings::default() }
}

fn lock(kind: LockKind) -> Lock {
    let (site, hall, retrofit, offer, start) = (None, None, None, None, None);
    Lock { kind, site, hall, retrofit, offer, start, halls: 1, work: None, spent: Usd::ZERO }
}

/// An offer that nobody would accept.
fn unpaid() -> Fleet {
    let mut fleet = fixture::fleet();
    fleet.offers[0].rent = crate::units::UsdPerKwMonth::ZERO;
    fleet
}

#[test]
fn a_forced_lock_is_kept_by_the_plan_and_not_by_the_twin() {
    let mut fleet = unpaid();
    assert!(plan(&fleet, &exact(), &run()).unwrap().decisions.conversions.is_empty());
    fleet.locks = vec![lock(LockKind::Forbid), lock(LockKind::Force)];
    fleet.locks[0].start = Some(date(2027, 1, 1));
    let plan = plan(&fleet, &exact(), &run()).unwrap();
    assert_eq!(plan.decisions.conversions.iter().map(|c| c.halls).sum::<u32>(), 1);
    assert!(plan.decisions.conversions.iter().all(|c| c.start != date(2027, 1, 1)));
    assert!(plan.twin.decisions.conversions.is_empty());
    assert!(plan.uplift_usd.0 < Cents::ZERO, "a hall without rent costs money");
    assert!(plan.audit.passed, "{:#?}", plan.audit.findings);
}

#[test]
fn a_policy_binds_the_plan_and_not_the_twin() {
    let mut fleet = unpaid();
    // Nothing but hosting from 2028 on.
    fleet.policies.mix = Some(MixPolicy { share: Share(1.0), from: date(2028, 1, 1) });
    let plan = plan(&fleet, &exact(), &run()).unwrap();
    let mines =
        |ledger: &[LedgerLine]| ledger.iter().any(|l| l.category == Category::MiningRevenue && l.period >= Period(4));
    assert!(!mines(&plan.ledger) && mines(&plan.twin.ledger));
    assert!(plan.uplift_usd.0 < Cents::ZERO);
    assert!(plan.audit.passed, "{:#?}", plan.audit.findings);
}

#[test]
fn a_share_that_binds_is_kept_after_machines_are_rounded() {
    let mut fleet = fixture::fleet();
    fleet.policies.mix = Some(MixPolicy { share: Share(0.37), from: date(2028, 1, 1) });
    let plan = plan(&fleet, &exact(), &run()).unwrap();
    let surplus = policy_mix::surplus(&fleet, "2028", &plan.ledger);
    assert!(plan.audit.passed, "{:#?}", plan.audit.findings);
    let without = policy_mix::surplus(&fleet, "2028", &plan.twin.ledger);
    assert!(surplus >= -HALF_A_DOLLAR && without < -1.0, "{surplus} M$ in the plan, {without} M$ in the twin");
}

#[test]
fn the_rest_of_an_offer_that_has_started_is_served_in_the_twin() {
    let mut fleet = unpaid();
    fleet.pots.clear();
    (fleet.offers[0].min, fleet.offers[0].max) = (ItMw::new(32.0), ItMw::new(32.0));
    fleet.sites[0].power.firm[0].power = crate::units::GrossMw::new(45.0);
    let (site, hall, retrofit) = (Some("north".into()), Some("a".into()), Some("liquid".into()));
    let (offer, start) = (Some("ig".into()), Some(date(2026, 11, 1)));
    fleet.locks = vec![Lock { site, hall, retrofit, offer, start, ..lock(LockKind::Started) }];
    let plan = plan(&fleet, &exact(), &run()).unwrap();
    let halls = |decisions: &Decisions| decisions.conversions.iter().map(|c| c.halls).sum::<u32>();
    assert_eq!((halls(&plan.decisions), halls(&plan.twin.decisions)), (2, 2));
    assert!(plan.audit.passed, "{:#?}", plan.audit.findings);
}

#[test]
fn rules_that_cannot_be_kept_are_named() {
    let mut fleet = fixture::fleet();
    let (from, to) = (date(2027, 1, 1), date(2027, 12, 31));
    fleet.policies.hashrate = Some(HashratePolicy { floor: TeraHash::new(1e9), from, to });
    fleet.locks = vec![lock(LockKind::Force)];
    let error = plan(&fleet, &exact(), &run()).unwrap_err();
    let SolveError::Infeasible(diagnosis) = error else { panic!("{error}") };
    let limits: Vec<_> = diagnosis.conflicts[0].limits.iter().map(|(limit, _)| limit.clone()).collect();
    assert!(limits.contains(&relax::Limit::PolicyHashrate), "{limits:?}");
    assert!(!limits.contains(&relax::Limit::Lock { lock: 1 }), "the lock alone could be kept: {limits:?}");
}

#[test]
fn what_has_started_goes_on_in_plan_and_twin() {
    let mut fleet = unpaid();
    let mut options = enumerate(&fleet, &exact());
    let mut started = options.halls[0].clone();
    (started.start, started.dates.ready, started.dates.mining_off) = (Month(-5), Month(1), Some(Month(-3)));
    started.lines.clear();
    options.halls.push(started.clone());
    (started.offer, started.start) = (None, Month(-4));
    options.halls.push(started);
    options.setups.clear();
    options.hosting.clear();
    let begun = |offer: &str, start| Lock { offer: Some(offer.into()), start: Some(start), ..lock(LockKind::Started) };
    fleet.locks = vec![begun("ig", date(2026, 8, 1)), begun("merchant", date(2026, 9, 1))];
    fleet.sites[0].power.firm[0].power = crate::units::GrossMw::new(45.0);
    fleet.merchant = Some(ItMw::new(16.0));
    let entry = |amount| crate::domain::market::Absorption {
        market: "ERCOT".to_owned(),
        amount: ItMw::new(amount),
        growth: crate::units::ItMwPerYear::ZERO,
    };
    fleet.deck.absorption = vec![entry(16.0)];
    let (plan, _) = improve(&fleet, &exact(), &options, None, &run()).unwrap();
    for decisions in [&plan.decisions, &plan.twin.decisions] {
        let starts: Vec<_> = decisions.conversions.iter().map(|c| (c.offer_name(), c.start, c.halls)).collect();
        assert_eq!(starts, [("ig", date(2026, 8, 1), 1), ("merchant", date(2026, 9, 1), 1)]);
        assert!(decisions.offers[0].accepted);
    }
    fleet.deck.absorption = vec![entry(8.0)];
    let error = improve(&fleet, &exact(), &options, None, &run()).unwrap_err();
    assert!(matches!(error, SolveError::Infeasible(_)), "{error}");
}

#[test]
fn a_rule_costs_what_the_plan_without_it_is_worth_more() {
    let mut fleet = unpaid();
    fleet.locks = vec![lock(LockKind::Force)];
    let price = price_of(&fleet, &exact(), Rule::Lock(1), &run()).unwrap();
    assert_eq!(price.cost(), UsdCents(price.without.npv_usd.0 - price.with.npv_usd.0));
    assert_eq!(price.cost(), UsdCents(-price.with.uplift_usd.0), "without the lock nothing is converted");
    let (least, most) = price.between();
    assert!(least <= price.cost() && price.cost() <= most && price.cost().0 > Cents::ZERO);
    for absent in [Rule::Lock(2), Rule::Mix] {
        assert_eq!(price_of(&fleet, &exact(), absent, &run()).unwrap_err(), NoPrice::NoSuchRule(absent));
    }
}

#[test]
fn a_solution_that_cannot_be_made_whole_is_a_failure_of_the_solver() {
    let fleet = fixture::fleet();
    let options = enumerate(&fleet, &exact());
    let model = model::build(&fleet, &exact(), &options);
    let mut values = vec![0.0; model.variables.columns.len()];
    values[model.variables.halls[0].0] = 50.0;
    let error = polish(&fleet, &options, &model, &values, &run()).unwrap_err();
    assert!(matches!(error, SolveError::Solver(_)), "{error}");
    assert!(error.to_string().starts_with("the solver failed"), "{error}");
}
