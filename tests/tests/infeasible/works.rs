//! Contradictions of works, crews and deliveries.

use jiff::civil::{Date, date};
use planner_core::domain::Fleet;
use planner_core::domain::delivery::{Crew, LongLead, Reserve, Scope};
use planner_core::domain::evidence::Evidence;
use planner_core::domain::money::Pot;
use planner_core::domain::policy::{Lock, LockKind};
use planner_core::domain::retrofit::Equipment;
use planner_core::domain::work::{NeededBy, Work};
use planner_core::plan::Settings;
use planner_core::solve::relax::Limit;
use planner_core::units::{GrossMw, Months, Usd};

use super::{contradicts, diagnosis, halves, lock, one_hall, pot, two_halls, with_second};

/// A work that costs nothing, and that the halls of `plains` need.
fn needed(id: &str, months: u32) -> Work {
    let (halls, beyond) = (vec![("plains".into(), "a".into())], GrossMw::ZERO);
    let needed_by = Some(NeededBy { halls, beyond });
    let (months, cost, category) = (Months(months), Usd::ZERO, "works".to_owned());
    let (after, adds, evidence) = (vec![], vec![], Evidence::default());
    let name = id.to_owned();
    Work { id: id.into(), site: Some("plains".into()), name, months, cost, category, after, adds, needed_by, evidence }
}

fn demands(lock: usize) -> Limit {
    Limit::Lock { lock }
}

fn takes(work: &str) -> Limit {
    Limit::WorkLength { work: work.into() }
}

fn comes_first(work: &str) -> Limit {
    Limit::WorkNeeded { work: work.into() }
}

fn forced(offer: &str, halls: u32, start: Option<Date>) -> Lock {
    Lock { halls, start, ..lock(LockKind::Force, Some(offer)) }
}

/// Two halls for the lease that start together.
fn two_at_once(start: Date) -> Fleet {
    let mut fleet = two_halls();
    fleet.locks = vec![forced("lease", 2, Some(start))];
    fleet
}

#[test]
fn a_forced_hall_whose_work_does_not_finish_in_time() {
    let mut fleet = one_hall();
    // The last hall is ready in October 2028, and the work in January 2029.
    fleet.works = vec![needed("plains/line", 12)];
    fleet.locks = vec![forced("lease", 1, None)];
    let planted = [demands(1), Limit::LatestStart, takes("plains/line"), comes_first("plains/line")];
    let repairs = [
        "let 20 MW more be in service without the work `plains/line`",
        "finish the work `plains/line` in 3 months less",
        "let conversions start 14 weeks later (to 2028-10-07)",
        "leave lock 1 out",
    ];
    contradicts(&fleet, &Settings::default(), &planted, &repairs);
}

#[test]
fn a_forced_hall_whose_work_waits_for_another() {
    let mut fleet = one_hall();
    let land = Work { needed_by: None, ..needed("plains/land", 6) };
    fleet.works = vec![land, Work { after: vec!["plains/land".into()], ..needed("plains/line", 6) }];
    fleet.locks = vec![forced("lease", 1, None)];
    let order = Limit::WorkOrder { work: "plains/line".into() };
    let (land, line) = (takes("plains/land"), takes("plains/line"));
    let planted = [demands(1), Limit::LatestStart, order, land, line, comes_first("plains/line")];
    let repairs = [
        "let 20 MW more be in service without the work `plains/line`",
        "finish the work `plains/land` in 3 months less",
        "finish the work `plains/line` in 3 months less",
        "let the work `plains/line` start without what it comes after",
        "let conversions start 14 weeks later (to 2028-10-07)",
        "leave lock 1 out",
    ];
    contradicts(&fleet, &Settings::default(), &planted, &repairs);
}

#[test]
fn a_started_conversion_whose_work_finishes_after_its_service() {
    let mut fleet = one_hall();
    let (site, hall, retrofit) = (Some("plains".into()), Some("a".into()), Some("liquid".into()));
    let start = Some(date(2027, 11, 1));
    fleet.locks = vec![Lock { site, hall, retrofit, start, ..lock(LockKind::Started, Some("lease")) }];
    // In service in February; the work takes January and February.
    fleet.works = vec![needed("plains/line", 2)];
    let planted = [demands(1), takes("plains/line"), comes_first("plains/line")];
    let repairs = [
        "let 20 MW more be in service without the work `plains/line`",
        "finish the work `plains/line` in 1 month less",
    ];
    contradicts(&fleet, &Settings::default(), &planted, &repairs);
}

#[test]
fn a_shared_work_that_no_pot_pays_for() {
    let mut fleet = one_hall();
    fleet.works = vec![Work { site: None, ..needed("fibre", 3) }];
    fleet.pots = vec![Pot { works: Some(vec![]), ..pot(&[(date(2028, 1, 1), 20.0)], true) }];
    fleet.locks = vec![forced("lease", 1, None)];
    let planted = [demands(1), Limit::NoPotForWork { work: "fibre".into() }, comes_first("fibre")];
    let repairs = [
        "let 20 MW more be in service without the work `fibre`",
        "let pot `growth` pay for the work `fibre`",
        "leave lock 1 out",
    ];
    contradicts(&fleet, &Settings::default(), &planted, &repairs);
}

#[test]
fn a_work_that_is_demanded_and_forbidden() {
    let mut fleet = one_hall();
    fleet.works = vec![needed("plains/line", 3)];
    let of_work = |kind| Lock { work: Some("plains/line".into()), ..lock(kind, None) };
    fleet.locks = vec![of_work(LockKind::Force), of_work(LockKind::Forbid)];
    let repairs = ["leave lock 1 out", "leave lock 2 out"];
    contradicts(&fleet, &Settings::default(), &[demands(1), demands(2)], &repairs);
    let told = diagnosis(&fleet, &Settings::default()).to_string();
    assert_eq!(told, "lock 1 demands the work `plains/line`; lock 2 forbids the work `plains/line`");
}

#[test]
fn a_crew_too_small_for_two_forced_starts() {
    let mut fleet = halves(with_second(two_halls()));
    fleet.retrofits[0].phases.iter_mut().for_each(|phase| phase.on_site = true);
    fleet.crews = vec![Crew { id: "build".into(), scope: Scope::Portfolio, halls: Some(1), energised: None }];
    let start = Some(date(2028, 4, 1));
    fleet.locks = vec![forced("lease", 1, start), forced("lease-2", 1, start)];
    let planted = [demands(1), demands(2), Limit::Crew { crew: "build".into() }];
    let repairs = ["1 more hall at once for the crew `build`", "leave lock 1 out", "leave lock 2 out"];
    contradicts(&fleet, &Settings::default(), &planted, &repairs);
    let told = diagnosis(&fleet, &Settings::default()).to_string();
    assert!(told.ends_with("; the crew `build` converts 1 hall at once"), "{told}");
}

/// Each hall takes two transformers in the last month of its fit-out.
fn transformers(mut fleet: Fleet, per_period: u32, reserve: Option<Reserve>) -> Fleet {
    let item = || "transformer".to_owned();
    fleet.retrofits[0].costs[0].equipment = Some(Equipment { item: item(), count: 2 });
    fleet.long_lead = vec![LongLead { item: item(), per_period, reserve }];
    fleet
}

fn too_few() -> [Limit; 2] {
    [demands(1), Limit::LongLead { item: "transformer".to_owned() }]
}

#[test]
fn too_few_deliveries() {
    let fleet = transformers(two_at_once(date(2028, 4, 1)), 2, None);
    let repairs = ["2 more of `transformer` in each period", "ask for 1 fewer hall in lock 1", "leave lock 1 out"];
    contradicts(&fleet, &Settings::default(), &too_few(), &repairs);
}

#[test]
fn too_few_deliveries_that_may_be_reserved() {
    let reserve = Some(Reserve { most: 1, deposit: Usd::new(1e5), lead: Months(3) });
    let fleet = transformers(two_at_once(date(2028, 4, 1)), 2, reserve);
    let repairs = [
        "1 more of `transformer` in each period",
        "let 1 more of `transformer` be reserved for each period",
        "ask for 1 fewer hall in lock 1",
        "leave lock 1 out",
    ];
    contradicts(&fleet, &Settings::default(), &too_few(), &repairs);
}

#[test]
fn deliveries_that_would_have_to_be_reserved_before_the_horizon() {
    let reserve = Some(Reserve { most: 2, deposit: Usd::new(1e5), lead: Months(12) });
    let fleet = transformers(two_at_once(date(2028, 4, 1)), 2, reserve);
    let repairs = [
        "2 more of `transformer` in each period",
        "let `transformer` be reserved 9 months later",
        "ask for 1 fewer hall in lock 1",
        "leave lock 1 out",
    ];
    contradicts(&fleet, &Settings::default(), &too_few(), &repairs);
}
