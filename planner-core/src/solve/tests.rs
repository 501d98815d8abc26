//! Policies and locks against the twin, on the tiny portfolio.

use std::sync::atomic::AtomicBool;

use jiff::civil::date;

use super::*;
use crate::analysis::price_of::{NoPrice, Rule, price_of};
use crate::domain::calendar::{Month, Period};
use crate::domain::delivery::{Crew, LongLead, Reserve, Scope};
use crate::domain::fixture;
use crate::domain::policy::{HashratePolicy, Lock, LockKind, MixPolicy};
use crate::domain::retrofit::Equipment;
use crate::domain::work::{NeededBy, Work};
use crate::plan::ledger::Category;
use crate::plan::{PORTFOLIO, Provenance};
use crate::units::{GrossMw, ItMw, Months, Share, TeraHash, Usd};

static GO_ON: AtomicBool = AtomicBool::new(false);
static METER: Meter = Meter::new();

pub(crate) fn run() -> Run<'static> {
    let (deadline, provenance) = (None, Provenance::default());
    Run { threads: 1, interrupt: &GO_ON, deadline, meter: &METER, progress: &|_| {}, provenance }
}

/// Half a percent of nothing: the tests want the best plan.
pub(super) fn exact() -> Settings {
    Settings { gap: Share(1e-9), ..Settings::default() }
}

fn lock(kind: LockKind) -> Lock {
    let (site, hall, retrofit, offer, start) = (None, None, None, None, None);
    Lock { kind, site, hall, retrofit, offer, start, halls: 1, work: None, spent: Usd::ZERO }
}

/// An offer that nobody would accept.
pub(super) fn unpaid() -> Fleet {
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
    fleet.sites[0].power.firm[0].power = GrossMw::new(45.0);
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
    fleet.sites[0].power.firm[0].power = GrossMw::new(45.0);
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

/// The tiny portfolio with an offer that pays well, and better the earlier it begins; money without limit and no machines
/// to buy.
fn roomy() -> Fleet {
    let mut fleet = fixture::fleet();
    fleet.pots.clear();
    fleet.offers[0].rent = crate::units::UsdPerKwMonth::new(1000.0);
    (fleet.offers[0].earliest, fleet.offers[0].long_stop) = (None, None);
    fleet.offers[0].tranches.clear();
    fleet.money.end_value = crate::domain::money::EndValue::None;
    fleet.deck.machine_prices.clear();
    fleet
}

/// Its ledger is worth what the solver says.
fn best(fleet: &Fleet) -> Plan {
    let plan = plan(fleet, &exact(), &run()).unwrap();
    assert_eq!(plan.status, Status::ProvedOptimal, "{:?}", plan.gap_usd);
    plan
}

fn needed_by(work: Work, site: &str) -> Work {
    let halls = vec![(site.into(), "a".into())];
    Work { adds: vec![], needed_by: Some(NeededBy { halls, beyond: GrossMw::ZERO }), ..work }
}

fn ready(plan: &Plan) -> Vec<(jiff::civil::Date, u32)> {
    plan.decisions.conversions.iter().map(|c| (c.ready, c.halls)).collect()
}

fn works_of(decisions: &Decisions) -> Vec<(&str, jiff::civil::Date, jiff::civil::Date)> {
    decisions.works.iter().map(|work| (work.work.as_str(), work.start, work.finish)).collect()
}

#[test]
fn service_waits_for_a_transformer_and_a_transformer_for_the_land() {
    let mut fleet = roomy();
    assert_eq!(ready(&best(&fleet)), [(date(2027, 7, 1), 1)]);
    let land = Work { months: Months(2), adds: vec![], ..fixture::work("land") };
    let transformer = Work { months: Months(5), after: vec!["land".into()], ..fixture::work("transformer") };
    fleet.works = vec![land, needed_by(transformer, "north")];
    let plan = best(&fleet);
    assert_eq!(ready(&plan), [(date(2027, 10, 1), 1)]);
    let expected = [("land", date(2027, 1, 1), date(2027, 3, 1)), ("transformer", date(2027, 4, 1), date(2027, 9, 1))];
    assert_eq!(works_of(&plan.decisions), expected);
    let paid = plan.ledger.iter().filter(|line| line.subject == "work/transformer" && line.site.as_str() == PORTFOLIO);
    assert!(paid.map(|line| line.amount_cents).sum::<Cents>() < Cents(-600_000_000), "6 M$ and escalation");
    assert!(plan.twin.decisions.works.is_empty());
}

#[test]
fn firming_is_done_when_it_is_worth_it_and_not_otherwise() {
    let mut fleet = roomy();
    fleet.sites[0].power.firm[0].power = GrossMw::new(10.0);
    fleet.works = vec![Work { cost: Usd::new(5e6), ..fixture::work("firm") }];
    fleet.works[0].adds[0].connection = GrossMw::ZERO;
    let firmed = best(&fleet);
    assert_eq!(works_of(&firmed.decisions), [("firm", date(2027, 1, 1), date(2027, 7, 1))]);
    assert_eq!(ready(&firmed), [(date(2027, 7, 1), 1)]);
    fleet.works[0].cost = Usd::new(5e9);
    let mining = best(&fleet);
    assert!(mining.decisions.works.is_empty() && mining.decisions.conversions.is_empty());
    assert_eq!(mining.uplift_usd, UsdCents(Cents::ZERO));
}

#[test]
fn a_signed_offer_has_the_works_that_it_needs_in_the_twin() {
    let mut fleet = roomy();
    fleet.offers[0].status = crate::domain::offer::OfferStatus::Signed;
    fleet.works = vec![needed_by(fixture::work("substation"), "north")];
    let plan = best(&fleet);
    assert_eq!(works_of(&plan.twin.decisions).len(), 1);
    assert_eq!(plan.uplift_usd, UsdCents(Cents::ZERO), "the twin does all of it");
}

#[test]
fn a_shared_work_is_paid_once_for_two_sites() {
    let mut fleet = roomy();
    fleet.offers[0].split = true;
    (fleet.offers[0].min, fleet.offers[0].max) = (ItMw::new(32.0), ItMw::new(32.0));
    fleet.sites[1].tenure = crate::domain::site::Tenure::Owned;
    let halls = ["north", "south"].map(|site| (site.into(), "a".into())).to_vec();
    let fibre = Work { adds: vec![], ..fixture::work("fibre") };
    fleet.works = vec![Work { needed_by: Some(NeededBy { halls, beyond: GrossMw::ZERO }), ..fibre }];
    let plan = best(&fleet);
    let sites: Vec<_> = plan.decisions.conversions.iter().map(|c| c.site.as_str()).collect();
    assert_eq!(sites, ["north", "south"]);
    assert_eq!(works_of(&plan.decisions), [("fibre", date(2027, 1, 1), date(2027, 7, 1))]);
}

#[test]
fn a_work_that_has_started_goes_on_in_plan_and_twin_and_a_forced_one_in_the_plan() {
    let mut fleet = unpaid();
    fleet.works = vec![
        Work { adds: vec![], ..fixture::work("fence") },
        Work { after: vec!["fence".into()], months: Months(30), ..fixture::work("line") },
        Work { cost: Usd::new(90e6), ..fixture::work("road") },
    ];
    let line = Lock { work: Some("line".into()), start: Some(date(2026, 7, 1)), ..lock(LockKind::Started) };
    fleet.locks = vec![line, Lock { work: Some("fence".into()), ..lock(LockKind::Force) }];
    let plan = best(&fleet);
    let going_on = ("line", date(2026, 7, 1), date(2029, 1, 1));
    assert_eq!(works_of(&plan.twin.decisions), [going_on]);
    let of_plan = works_of(&plan.decisions);
    assert_eq!((of_plan.len(), of_plan[0].0, of_plan[1]), (2, "fence", going_on));
    assert!(plan.uplift_usd.0 < Cents::ZERO, "the fence costs money");
}

#[test]
fn a_crew_of_one_staggers_two_halls() {
    let mut fleet = roomy();
    (fleet.offers[0].min, fleet.offers[0].max) = (ItMw::new(32.0), ItMw::new(32.0));
    fleet.sites[0].power.firm[0].power = GrossMw::new(45.0);
    fleet.retrofits[0].phases.iter_mut().for_each(|phase| phase.on_site = phase.id.as_str() != "design");
    assert_eq!(ready(&best(&fleet)).len(), 1, "both at once");
    let (id, scope) = ("west".into(), Scope::Region("west".to_owned()));
    fleet.crews = vec![Crew { id, scope, halls: Some(1), energised: None }];
    let staggered = ready(&best(&fleet));
    let apart = (staggered[1].0 - staggered[0].0).get_days();
    assert!(staggered.len() == 2 && apart > 150, "{staggered:?}");
    fleet.crews[0].halls = None;
    fleet.crews[0].energised = Some(crate::units::ItMwPerYear::new(16.0));
    let years: Vec<_> = ready(&best(&fleet)).iter().map(|(day, _)| day.year()).collect();
    assert_eq!(years, [2027, 2028]);
}

#[test]
fn scarce_equipment_delays_a_hall_unless_a_deposit_reserves_it() {
    let mut fleet = roomy();
    (fleet.offers[0].min, fleet.offers[0].max) = (ItMw::new(32.0), ItMw::new(32.0));
    fleet.sites[0].power.firm[0].power = GrossMw::new(45.0);
    let item = "transformer".to_owned();
    let power = fleet.retrofits[0].costs.iter_mut().find(|line| line.category == "power").unwrap();
    power.equipment = Some(Equipment { item: item.clone(), count: 1 });
    fleet.long_lead = vec![LongLead { item, per_period: 1, reserve: None }];
    let delayed = best(&fleet);
    assert_eq!(ready(&delayed).iter().map(|(_, halls)| *halls).collect::<Vec<_>>(), [1, 1]);
    fleet.long_lead[0].reserve = Some(Reserve { most: 3, deposit: Usd::new(50_000.0), lead: Months(3) });
    let reserved = best(&fleet);
    assert_eq!(ready(&reserved), [(date(2027, 7, 1), 2)]);
    let of = |r: &crate::plan::Reservation| (r.item.clone(), r.period.0, r.count);
    assert_eq!(reserved.decisions.reservations.iter().map(of).collect::<Vec<_>>(), [("transformer".to_owned(), 1, 1)]);
    let lines: Vec<_> = reserved.ledger.iter().filter(|line| line.subject.starts_with("reserve/")).collect();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line.subject == "reserve/transformer@2027-04" && line.site.as_str() == PORTFOLIO));
    assert!(reserved.twin.decisions.reservations.is_empty());
}

#[test]
fn a_longer_lease_is_bought_for_a_contract_that_outlasts_the_old_one() {
    let mut fleet = roomy();
    fleet.offers[0].eligible = crate::domain::offer::Eligible::Sites(vec!["south".into()]);
    assert!(ready(&best(&fleet)).is_empty());
    fleet.works = vec![fixture::longer_lease("south", date(2031, 12, 31))];
    let leased = best(&fleet);
    assert_eq!(works_of(&leased.decisions), [("south/lease", date(2027, 4, 1), date(2027, 7, 1))]);
    assert_eq!(ready(&leased).len(), 1);
    let rent =
        leased.ledger.iter().filter(|line| line.subject == "work/south/lease" && line.category == Category::SiteRent);
    assert_eq!(rent.map(|line| line.amount_cents).sum::<Cents>(), Cents(-18_000_000), "nine months of 240,000 a year");
}

#[test]
fn a_site_that_is_left_is_judged_with_its_own_works() {
    let mut fleet = roomy();
    fleet.sites[0].power.firm[0].power = GrossMw::ZERO;
    fleet.offers[0].eligible = crate::domain::offer::Eligible::Sites(vec!["north".into()]);
    fleet.works = vec![
        Work { site: Some("south".into()), adds: vec![], ..fixture::work("south/land") },
        Work { after: vec!["south/land".into()], cost: Usd::new(5e9), ..fixture::work("firm") },
    ];
    let plan = best(&fleet);
    let north = plan.sites_left.iter().find(|left| left.site.as_str() == "north").unwrap();
    assert_eq!(north.reason, crate::plan::LeftReason::EarnsLessThanMining, "{}", north.detail);
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

#[test]
fn numbers_that_the_solver_cannot_take_are_its_failure() {
    let fleet = fixture::fleet();
    let model = model::build(&fleet, &exact(), &enumerate(&fleet, &exact()));
    let limits = Limits::none_but(0.0, run().without_limit());
    assert!(highs::solve(&model, model.constant, None, &limits).is_ok());
    for number in [f64::NAN, f64::INFINITY, 1e300] {
        let mut spoilt = model.clone();
        spoilt.rows[0].terms[0].1 = number;
        let solved = highs::solve(&spoilt, model.constant, None, &limits);
        let error = solved.map(|solved| solved.bound).map_err(SolveError::from);
        assert!(matches!(error, Err(SolveError::Solver(_))), "{number}: {error:?}");
    }
}
