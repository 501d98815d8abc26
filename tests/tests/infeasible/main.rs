//! Planted contradictions: the conflict names what was planted and nothing else, and every repair resolves it by just
//! the amount it says.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod planted;
mod works;

use jiff::civil::{Date, date};
use planner_core::domain::Fleet;
use planner_core::domain::money::{Pot, Release};
use planner_core::domain::offer::{Eligible, OfferStatus, Tranche};
use planner_core::domain::policy::{CapPolicy, HashratePolicy, Lock, LockKind, MixPolicy};
use planner_core::domain::site::{Exit, MinimumBill, PowerStep, Tenure};
use planner_core::plan::Settings;
use planner_core::solve::relax::{Diagnosis, Limit};
use planner_core::solve::{self, SolveError};
use planner_core::units::{GrossMw, ItMw, Share, TeraHash, Usd, UsdPerKw, UsdPerYear};
use planner_tests::small::{self, ONE_HALL, TWO_HALLS};
use planner_tests::{budget, fleet, plan, run};

/// Conversions start on the first of January, April or July 2028 and take three months; the horizon ends with 2029.
/// A hall of 20 MW carries 16 MW-IT and costs 16 M$.
fn one_hall() -> Fleet {
    fleet(&small::portfolio("2028-01-01", 8, "2028-07-01", &[("plains", ONE_HALL)]))
}

fn two_halls() -> Fleet {
    fleet(&small::portfolio("2028-01-01", 8, "2028-07-01", &[("plains", TWO_HALLS)]))
}

fn signed(mut fleet: Fleet) -> Fleet {
    fleet.offers.iter_mut().for_each(|offer| offer.status = OfferStatus::Signed);
    fleet
}

/// A second offer like the first, and power for anything.
fn with_second(mut fleet: Fleet) -> Fleet {
    let second = planner_core::domain::offer::Offer { id: "lease-2".into(), ..fleet.offers[0].clone() };
    fleet.offers.push(second);
    power(&mut fleet, 100.0, 100.0);
    fleet
}

fn halves(mut fleet: Fleet) -> Fleet {
    fleet.offers.iter_mut().for_each(|offer| (offer.min, offer.max) = (ItMw::new(8.0), ItMw::new(8.0)));
    fleet
}

fn power(fleet: &mut Fleet, connection: f64, firm: f64) {
    let from = fleet.calendar.start;
    let step = |power: f64| vec![PowerStep { from, power: GrossMw::new(power) }];
    (fleet.sites[0].power.connection, fleet.sites[0].power.firm) = (step(connection), step(firm));
}

fn pot(releases: &[(Date, f64)], carry_over: bool) -> Pot {
    let release = releases.iter().map(|(from, amount)| Release { from: *from, amount: Usd::new(amount * 1e6) });
    let (sites, works, relieved_by) = (None, None, vec![]);
    Pot { id: "growth".into(), release: release.collect(), carry_over, sites, works, relieved_by }
}

fn lock(kind: LockKind, offer: Option<&str>) -> Lock {
    let (site, hall, retrofit, start) = (None, None, None, None);
    let offer = offer.map(Into::into);
    Lock { kind, site, hall, retrofit, offer, start, halls: 1, work: None, spent: Usd::ZERO }
}

fn lease(offer: &str) -> [Limit; 1] {
    [Limit::Signed { offer: offer.into() }]
}

fn least_size() -> Limit {
    Limit::LeastSize { offer: "lease".into() }
}

fn is_signed() -> Limit {
    Limit::Signed { offer: "lease".into() }
}

fn firm() -> Limit {
    Limit::FirmPower { site: "plains".into() }
}

fn halls() -> Limit {
    Limit::Halls { site: "plains".into(), hall: "a".into() }
}

fn diagnosis(fleet: &Fleet, settings: &Settings) -> Diagnosis {
    match solve::plan(fleet, settings, &run()) {
        Err(SolveError::Infeasible(diagnosis)) => *diagnosis,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("there is a plan"),
    }
}

/// The conflict is what was planted, the repairs are those expected, and each of them is needed in full.
#[track_caller]
fn contradicts(fleet: &Fleet, settings: &Settings, planted: &[Limit], repairs: &[&str]) {
    let told = diagnosis(fleet, settings);
    let text = told.lines().join("\n");
    assert!(told.proved, "{text}");
    assert_eq!(told.conflicts.len(), 1, "{text}");
    let sorted = |limits: &mut dyn Iterator<Item = &Limit>| {
        let mut limits: Vec<String> = limits.map(|limit| format!("{limit:?}")).collect();
        limits.sort();
        limits
    };
    let named = sorted(&mut told.conflicts[0].limits.iter().map(|(limit, _)| limit));
    assert_eq!(named, sorted(&mut planted.iter()), "{text}");
    let mut texts: Vec<&str> = told.conflicts[0].repairs.iter().map(|repair| repair.text.as_str()).collect();
    let mut expected = repairs.to_vec();
    texts.sort_unstable();
    expected.sort_unstable();
    assert_eq!(texts, expected);
    for repair in &told.conflicts[0].repairs {
        let (mut repaired, mut asked) = (fleet.clone(), settings.clone());
        repair.apply(&mut repaired, &mut asked);
        assert!(plan(&repaired, &asked).is_ok(), "{} is not enough", repair.text);
        if let Some(less) = repair.less() {
            let (mut short, mut asked) = (fleet.clone(), settings.clone());
            less.apply(&mut short, &mut asked);
            let error = solve::plan(&short, &asked, &run());
            assert!(matches!(error, Err(SolveError::Infeasible(_))), "less than `{}` is enough", repair.text);
        }
    }
}

const WITHOUT: &str = "do without the signed offer `lease`";

#[test]
fn a_signed_offer_against_the_budget_asked_for() {
    let planted = [lease("lease").as_slice(), &[Limit::Budget]].concat();
    contradicts(&signed(one_hall()), &budget(Usd::new(10e6)), &planted, &["raise the budget by 6 M$", WITHOUT]);
}

#[test]
fn a_signed_offer_against_a_pot() {
    let mut fleet = signed(one_hall());
    fleet.pots = vec![pot(&[(date(2028, 1, 1), 10.0)], true)];
    let planted = [lease("lease").as_slice(), &[Limit::Pot { pot: "growth".into() }]].concat();
    let raise = "raise pot `growth` by 6 M$ (released by 2028-07-01)";
    contradicts(&fleet, &Settings::default(), &planted, &[raise, WITHOUT]);
}

#[test]
fn a_signed_offer_against_a_pot_released_too_late() {
    let mut fleet = signed(one_hall());
    fleet.pots = vec![pot(&[(date(2028, 1, 1), 12.5), (date(2029, 1, 1), 50.0)], true)];
    let planted = [lease("lease").as_slice(), &[Limit::LatestStart, Limit::Pot { pot: "growth".into() }]].concat();
    let raise = "raise pot `growth` by 3.5 M$ (released by 2028-07-01)";
    let later = "let conversions start 27 weeks later (to 2029-01-06)";
    contradicts(&fleet, &Settings::default(), &planted, &[raise, later, WITHOUT]);
}

#[test]
fn firm_power_that_carries_no_hall() {
    let mut fleet = signed(one_hall());
    power(&mut fleet, 20.0, 10.0);
    let more = "10 MW more firm power at `plains` from 2028-10-01";
    contradicts(&fleet, &Settings::default(), &[is_signed(), firm()], &[more, WITHOUT]);
}

#[test]
fn firm_power_that_carries_half_of_a_signed_offer() {
    let mut fleet = signed(two_halls());
    power(&mut fleet, 20.0, 10.0);
    let planted = [lease("lease").as_slice(), &[least_size(), firm()]].concat();
    let more = "10 MW more firm power at `plains` from 2028-10-01";
    let smaller = "lower the least size of `lease` by 8 MW-IT";
    contradicts(&fleet, &Settings::default(), &planted, &[more, smaller, WITHOUT]);
}

#[test]
fn firm_power_and_connection_together() {
    let mut fleet = signed(one_hall());
    power(&mut fleet, 15.0, 15.0);
    let more = "5 MW more connection and firm power at `plains` from 2028-10-01";
    contradicts(&fleet, &Settings::default(), &[is_signed(), firm()], &[more, WITHOUT]);
}

#[test]
fn a_connection_that_comes_too_late() {
    let mut fleet = signed(one_hall());
    power(&mut fleet, 12.0, 20.0);
    fleet.sites[0].power.connection.push(PowerStep { from: date(2029, 4, 1), power: GrossMw::new(20.0) });
    let planted = [is_signed(), Limit::LatestStart, Limit::Connection { site: "plains".into() }];
    let more = "8 MW more connection at `plains` from 2028-10-01";
    let later = "let conversions start 27 weeks later (to 2029-01-06)";
    contradicts(&fleet, &Settings::default(), &planted, &[more, later, WITHOUT]);
}

#[test]
fn two_signed_offers_for_one_hall() {
    let planted = [lease("lease").as_slice(), &lease("lease-2"), &[halls()]].concat();
    let repairs = ["1 more hall in the group `a` at `plains`", WITHOUT, "do without the signed offer `lease-2`"];
    contradicts(&signed(with_second(one_hall())), &Settings::default(), &planted, &repairs);
}

#[test]
fn a_long_stop_before_any_hall_is_ready() {
    let mut fleet = signed(one_hall());
    fleet.offers[0].long_stop = Some(date(2028, 2, 1));
    let planted = [is_signed(), Limit::LongStop { offer: "lease".into() }];
    let later = "move the long-stop of `lease` by 9 weeks (to 2028-04-04)";
    contradicts(&fleet, &Settings::default(), &planted, &[later, WITHOUT]);
}

#[test]
fn a_lease_of_the_site_that_ends_before_the_contract() {
    let mut fleet = signed(one_hall());
    fleet.sites[0].tenure = Tenure::Leased { until: date(2028, 12, 31), rent: UsdPerYear::ZERO };
    let planted = [is_signed(), Limit::Lease { site: "plains".into() }];
    let longer = "extend the lease of `plains` by 13 weeks (to 2029-04-01)";
    contradicts(&fleet, &Settings::default(), &planted, &[longer, WITHOUT]);
}

#[test]
fn a_tranche_before_any_hall_is_ready() {
    let mut fleet = signed(one_hall());
    fleet.offers[0].tranches = vec![Tranche { by: date(2028, 3, 1), min: ItMw::new(16.0) }];
    let planted = [is_signed(), Limit::Tranches { offer: "lease".into() }];
    let later = "move the tranche of `lease` by 5 weeks (to 2028-04-05)";
    contradicts(&fleet, &Settings::default(), &planted, &[later, WITHOUT]);
}

#[test]
fn deadlines_that_only_move_together() {
    let mut fleet = signed(one_hall());
    fleet.offers[0].tranches = vec![Tranche { by: date(2028, 3, 1), min: ItMw::new(16.0) }];
    fleet.offers[0].long_stop = Some(date(2028, 3, 1));
    let planted = [is_signed(), Limit::LongStop { offer: "lease".into() }];
    let later = "move tranches and long-stop of `lease` by 5 weeks";
    contradicts(&fleet, &Settings::default(), &planted, &[later, WITHOUT]);
}

#[test]
fn an_earliest_commencement_that_outlasts_the_sites_lease() {
    let mut fleet = signed(one_hall());
    fleet.sites[0].tenure = Tenure::Leased { until: date(2029, 6, 30), rent: UsdPerYear::ZERO };
    fleet.offers[0].earliest = Some(date(2028, 10, 1));
    let planted = [is_signed(), Limit::Lease { site: "plains".into() }, Limit::Earliest { offer: "lease".into() }];
    let longer = "extend the lease of `plains` by 14 weeks (to 2029-10-06)";
    let earlier = "let `lease` commence 14 weeks earlier (to 2028-06-25)";
    contradicts(&fleet, &Settings::default(), &planted, &[longer, earlier, WITHOUT]);
}

#[test]
fn a_commencement_after_the_horizon() {
    let mut fleet = signed(one_hall());
    fleet.offers[0].earliest = Some(date(2030, 3, 1));
    let planted = [is_signed(), Limit::Horizon, Limit::Earliest { offer: "lease".into() }];
    let longer = "lengthen the horizon by 1 period";
    let earlier = "let `lease` commence 13 weeks earlier (to 2029-11-30)";
    contradicts(&fleet, &Settings::default(), &planted, &[longer, earlier, WITHOUT]);
}

#[test]
fn a_forced_lock_against_one_that_forbids() {
    let mut fleet = one_hall();
    fleet.locks = vec![lock(LockKind::Force, Some("lease")), lock(LockKind::Forbid, None)];
    fleet.locks[1].site = Some("plains".into());
    let planted = [Limit::Lock { lock: 1 }, Limit::Lock { lock: 2 }];
    contradicts(&fleet, &Settings::default(), &planted, &["leave lock 1 out", "leave lock 2 out"]);
}

#[test]
fn two_forced_locks_for_one_hall() {
    let mut fleet = with_second(one_hall());
    fleet.locks = vec![lock(LockKind::Force, Some("lease")), lock(LockKind::Force, Some("lease-2"))];
    let planted = [Limit::Lock { lock: 1 }, Limit::Lock { lock: 2 }, halls()];
    let repairs = ["1 more hall in the group `a` at `plains`", "leave lock 1 out", "leave lock 2 out"];
    contradicts(&fleet, &Settings::default(), &planted, &repairs);
}

#[test]
fn a_forced_lock_over_a_window_of_a_pot() {
    let mut fleet = one_hall();
    fleet.pots = vec![pot(&[(date(2028, 1, 1), 11.0), (date(2028, 7, 1), 10.0)], false)];
    fleet.locks = vec![lock(LockKind::Force, Some("lease"))];
    let planted = [Limit::Lock { lock: 1 }, Limit::Pot { pot: "growth".into() }];
    let repairs = [
        "raise the release of 2028-01-01 of pot `growth` by 5 M$",
        "let pot `growth` carry over what is not spent",
        "leave lock 1 out",
    ];
    contradicts(&fleet, &Settings::default(), &planted, &repairs);
}

#[test]
fn a_forced_lock_over_the_greatest_size() {
    let mut fleet = halves(two_halls());
    fleet.locks = vec![Lock { halls: 2, ..lock(LockKind::Force, Some("lease")) }];
    let planted = [Limit::Lock { lock: 1 }, Limit::GreatestSize { offer: "lease".into() }];
    let repairs =
        ["raise the greatest size of `lease` by 8 MW-IT", "ask for 1 fewer hall in lock 1", "leave lock 1 out"];
    contradicts(&fleet, &Settings::default(), &planted, &repairs);
}

#[test]
fn a_forced_lock_on_a_letter_that_does_not_count() {
    let mut fleet = one_hall();
    fleet.offers[0].status = OfferStatus::LetterOfIntent { plan_on: false };
    fleet.locks = vec![lock(LockKind::Force, Some("lease"))];
    let planted = [Limit::Lock { lock: 1 }, Limit::Letter { offer: "lease".into() }];
    let repairs = ["count the letter of intent `lease`", "leave lock 1 out"];
    contradicts(&fleet, &Settings::default(), &planted, &repairs);
}

#[test]
fn what_has_started_against_firm_power() {
    let mut fleet = one_hall();
    power(&mut fleet, 20.0, 10.0);
    let (site, hall, retrofit) = (Some("plains".into()), Some("a".into()), Some("liquid".into()));
    let start = Some(date(2027, 11, 1));
    fleet.locks = vec![Lock { site, hall, retrofit, start, ..lock(LockKind::Started, Some("lease")) }];
    // A start is a fact: only the power can be repaired.
    let more = "10 MW more firm power at `plains` from 2028-01-01";
    contradicts(&fleet, &Settings::default(), &[Limit::Lock { lock: 1 }, firm()], &[more]);
}

#[test]
fn a_floor_of_hashrate_that_no_fleet_reaches() {
    let mut fleet = one_hall();
    let floor = TeraHash::new(2e6);
    fleet.policies.hashrate = Some(HashratePolicy { floor, from: date(2028, 1, 1), to: date(2028, 3, 31) });
    let lower = "lower the floor of policy_hashrate by 1 EH/s";
    contradicts(&fleet, &Settings::default(), &[Limit::PolicyHashrate], &[lower]);
}

#[test]
fn a_mix_that_leaves_no_hashrate() {
    let mut fleet = one_hall();
    let floor = TeraHash::new(0.5e6);
    fleet.policies.hashrate = Some(HashratePolicy { floor, from: date(2028, 1, 1), to: date(2028, 3, 31) });
    fleet.policies.mix = Some(MixPolicy { share: Share(1.0), from: date(2028, 1, 1) });
    // 9.6 M$ of rent in the second half of 2028 beside 2.0475 M$ of mining in its first quarter.
    let lower = "lower the share of policy_mix by 17.6 %";
    contradicts(&fleet, &Settings::default(), &[Limit::PolicyMix, Limit::PolicyHashrate], &[lower]);
}

#[test]
fn a_signed_tenant_with_too_great_a_share() {
    let mut fleet = signed(one_hall());
    fleet.policies.tenant = Some(CapPolicy { cap: Share(0.5), free: ItMw::ZERO });
    let planted = [lease("lease").as_slice(), &[Limit::PolicyTenant]].concat();
    let repairs = ["raise the free load of policy_tenant by 8 MW-IT", WITHOUT];
    contradicts(&fleet, &Settings::default(), &planted, &repairs);
}

#[test]
fn a_region_with_too_great_a_share() {
    let mut fleet = signed(one_hall());
    fleet.policies.region = Some(CapPolicy { cap: Share(0.75), free: ItMw::new(1.0) });
    let planted = [lease("lease").as_slice(), &[Limit::PolicyRegion]].concat();
    let repairs = ["raise the free load of policy_region by 3 MW-IT", WITHOUT];
    contradicts(&fleet, &Settings::default(), &planted, &repairs);
}

#[test]
fn two_signed_offers_of_one_group() {
    let mut fleet = signed(halves(with_second(two_halls())));
    fleet.offers.iter_mut().for_each(|offer| offer.exclusive_group = Some("either".to_owned()));
    let second = Limit::Signed { offer: "lease-2".into() };
    let planted = [is_signed(), second, Limit::Group { group: "either".to_owned() }];
    let repairs =
        ["let more than one offer of the group `either` be accepted", WITHOUT, "do without the signed offer `lease-2`"];
    contradicts(&fleet, &Settings::default(), &planted, &repairs);
}

#[test]
fn two_signed_offers_at_an_exclusive_site() {
    let mut fleet = signed(halves(with_second(two_halls())));
    fleet.sites[0].exclusive = true;
    let second = Limit::Signed { offer: "lease-2".into() };
    let planted = [is_signed(), second, Limit::ExclusiveSite { site: "plains".into() }];
    let repairs = ["let more than one offer be served at `plains`", WITHOUT, "do without the signed offer `lease-2`"];
    contradicts(&fleet, &Settings::default(), &planted, &repairs);
}

#[test]
fn an_offer_that_only_a_weak_site_may_serve() {
    let sites = [("hills", ONE_HALL), ("plains", ONE_HALL)];
    let mut fleet = signed(fleet(&small::portfolio("2028-01-01", 8, "2028-07-01", &sites)));
    fleet.offers[0].eligible = Eligible::Sites(vec!["plains".into()]);
    fleet.sites[1].power.firm[0].power = GrossMw::new(10.0);
    let planted = [is_signed(), Limit::Eligible { offer: "lease".into() }, firm()];
    let more = "10 MW more firm power at `plains` from 2028-10-01";
    let elsewhere = "let `lease` be served at `hills`";
    contradicts(&fleet, &Settings::default(), &planted, &[more, elsewhere, WITHOUT]);
}

#[test]
fn a_site_that_no_pot_pays_for() {
    let mut fleet = signed(one_hall());
    fleet.pots = vec![Pot { sites: Some(vec!["elsewhere".into()]), ..pot(&[(date(2028, 1, 1), 20.0)], true) }];
    let planted = [is_signed(), Limit::NoPot { site: "plains".into() }];
    contradicts(&fleet, &Settings::default(), &planted, &["let pot `growth` pay for `plains`", WITHOUT]);
}

#[test]
fn a_class_that_no_hall_has() {
    let mut fleet = signed(one_hall());
    fleet.offers[0].class = "immersed".to_owned();
    let planted = [is_signed(), Limit::Asked { offer: "lease".into() }];
    let other = "let `lease` take the class `liquid`, whatever its density and redundancy";
    contradicts(&fleet, &Settings::default(), &planted, &[other, WITHOUT]);
}

#[test]
fn contradictions_that_have_nothing_in_common_are_told_apart() {
    let mut fleet = signed(one_hall());
    power(&mut fleet, 20.0, 10.0);
    let floor = TeraHash::new(2e6);
    fleet.policies.hashrate = Some(HashratePolicy { floor, from: date(2028, 1, 1), to: date(2028, 3, 31) });
    let settings = Settings::default();
    let told = diagnosis(&fleet, &settings);
    let limits: Vec<Vec<Limit>> =
        told.conflicts.iter().map(|c| c.limits.iter().map(|(limit, _)| limit.clone()).collect()).collect();
    assert_eq!(limits, [vec![is_signed(), firm()], vec![Limit::PolicyHashrate]]);
    let mut settings = settings;
    for conflict in &told.conflicts {
        conflict.repairs[0].apply(&mut fleet, &mut settings);
    }
    assert!(plan(&fleet, &settings).is_ok());
}

#[test]
fn what_has_started_earlier_is_not_taken_away_to_find_out_who_is_to_blame() {
    let mut fleet = two_halls();
    // Both halls are needed in time, and only what has started is.
    fleet.offers[0].tranches = vec![Tranche { by: date(2028, 3, 1), min: ItMw::new(16.0) }];
    let started = |start: Date| {
        let (site, hall, retrofit) = (Some("plains".into()), Some("a".into()), Some("liquid".into()));
        Lock { site, hall, retrofit, start: Some(start), ..lock(LockKind::Started, Some("lease")) }
    };
    fleet.locks = vec![started(date(2027, 11, 1)), started(date(2027, 12, 1))];
    let planted = [Limit::Lock { lock: 2 }, Limit::Budget];
    contradicts(&fleet, &budget(Usd::new(1e6)), &planted, &["raise the budget by 15 M$"]);
}

#[test]
fn mothballs_sale_and_least_bills_have_no_part_in_a_contradiction() {
    let fleet = signed(one_hall());
    let settings = budget(Usd::new(10e6));
    let mut with = fleet.clone();
    with.sites[0].exit = Exit { mothball: Some(Share(0.5)), sale: Some(UsdPerKw::new(100.0)) };
    with.sites[0].mining.fixed_cost = UsdPerYear::new(1e6);
    with.sites[0].power.minimum_bill = Some(MinimumBill { amount: UsdPerYear::new(60e6), until: date(2029, 12, 31) });
    assert_eq!(diagnosis(&with, &settings), diagnosis(&fleet, &settings));
}
