//! Laws that hold whatever the figures are. Where two plans are compared, both are proved optimal.
//!
//! Long because it is a list of laws over the same two portfolios.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::ToSpan;
use jiff::civil::date;
use planner_core::domain::Fleet;
use planner_core::domain::calendar::Period;
use planner_core::domain::ids::SiteId;
use planner_core::domain::market::{Absorption, MerchantCurve};
use planner_core::domain::money::{Pot, Release};
use planner_core::domain::offer::{Advance, Offer, PaidOn, Prepayment};
use planner_core::domain::policy::{CapPolicy, HashratePolicy, Lock, LockKind, MixPolicy, Policies};
use planner_core::plan::{Conversion, PORTFOLIO, Plan, Settings, Status};
use planner_core::portfolio::in_memory::InMemory;
use planner_core::solve::{Progress, Run};
use planner_core::units::{
    Cents, ItMw, ItMwPerYear, Months, Share, TeraHash, Usd, UsdPerKwIt, UsdPerKwMonth, UsdPerTh,
};
use planner_tests::small::{self, ONE_HALL, TWO_HALLS, change};
use planner_tests::{fleet, plan, run, shipped};

/// One hall of 10 MW.
const HALF_HALL: &str = r#"
[[hall]]
id = "a"
use = "mining"
count = 1
hall_power = "10 MW"
retrofits = ["liquid"]
"#;

fn with_gap_nil(budget: Option<Usd>) -> Settings {
    Settings { gap: Share::NONE, budget, ..Settings::default() }
}

fn proved(fleet: &Fleet) -> Plan {
    let plan = plan(fleet, &with_gap_nil(None)).unwrap();
    assert_eq!(plan.status, Status::ProvedOptimal);
    plan
}

/// Two sites, a lease for one of them and one that may be split; dear money, two pots, and energy that differs, so
/// that no two plans are worth the same.
fn two_sites_named(east: &str, west: &str) -> Fleet {
    let mut files = small::portfolio("2028-01-01", 12, "2028-12-31", &[(east, ONE_HALL), (west, TWO_HALLS)]);
    change(&mut files, &format!("sites/{west}.toml"), "50 USD/MWh", "45 USD/MWh");
    change(&mut files, "portfolio.toml", "0 %/year", "10 %/year");
    change(&mut files, "offers/lease.toml", "100 USD/kW-month", "120 USD/kW-month");
    let split = files.0["offers/lease.toml"].replace("min = \"16 MW-IT\"", "min = \"8 MW-IT\"");
    let split = split.replace("120 USD", "110 USD").replace("12 months", "18 months") + "split = true\n";
    files.0.insert("offers/spread.toml".to_owned(), split);
    let pots = format!(
        r#"
[[pot]]
id = "{west}"
eligible = {{ sites = ["{west}"] }}
carry_over = false
release = [{{ from = 2028-01-01, amount = "9 MUSD" }}, {{ from = 2028-07-01, amount = "9 MUSD" }}]
[[pot]]
id = "all"
release = [{{ from = 2028-01-01, amount = "17 MUSD" }}]
"#
    );
    files.0.get_mut("portfolio.toml").unwrap().push_str(&pots);
    fleet(&files)
}

fn two_sites() -> Fleet {
    two_sites_named("east", "west")
}

/// With fewer starts, which is quicker.
fn first_look_files() -> InMemory {
    let mut files = shipped("first-look");
    change(&mut files, "portfolio.toml", "latest_start = 2030-12-31", "latest_start = 2027-06-30");
    files
}

fn first_look() -> Fleet {
    fleet(&first_look_files())
}

/// Both portfolios and their best plans, found once.
fn both() -> &'static [Plan] {
    static PLANS: OnceLock<Vec<Plan>> = OnceLock::new();
    PLANS.get_or_init(|| vec![proved(&two_sites()), proved(&first_look())])
}

fn close(a: Cents, b: Cents, share: f64) -> bool {
    (a.usd() - b.usd()).abs() <= share * a.usd().abs().max(b.usd().abs())
}

/// Two proved optima of the same rules: each may lack its gap, at most a millionth.
fn same_npv(a: &Plan, b: &Plan) {
    assert!(close(a.npv_usd.0, b.npv_usd.0, 1e-6), "{} is not {}", a.npv_usd.0.usd(), b.npv_usd.0.usd());
}

/// No more than the gap less.
fn no_worse(better: &Plan, worse: &Plan) {
    let least = worse.npv_usd.0 - better.gap_usd.0;
    assert!(better.npv_usd.0 >= least, "{} is less than {}", better.npv_usd.0.usd(), worse.npv_usd.0.usd());
}

fn same_plan(a: &Plan, b: &Plan) {
    assert_eq!(a.npv_usd, b.npv_usd);
    assert_eq!(a.decisions.conversions, b.decisions.conversions);
    assert_eq!(a.decisions.machines, b.decisions.machines);
    assert_eq!(a.ledger, b.ledger);
}

#[test]
fn both_portfolios_leave_something_to_decide() {
    for plan in both() {
        assert!(plan.uplift_usd.0.0 > 0);
        assert!(plan.decisions.conversions.len() > 1, "{:#?}", plan.decisions.conversions);
    }
}

#[test]
fn a_pot_that_nobody_may_draw_on_changes_nothing() {
    for known in both() {
        for first in [true, false] {
            let mut fleet = known.inputs.clone();
            let nobody = Pot {
                works: None,
                id: "nobody".into(),
                release: vec![Release { from: fleet.calendar.start, amount: Usd::new(5e7) }],
                carry_over: true,
                sites: Some(vec![]),
                relieved_by: vec![],
            };
            let at = if first { 0 } else { fleet.pots.len() };
            fleet.pots.insert(at, nobody);
            same_plan(&proved(&fleet), known);
        }
    }
}

/// A pot for each site that releases in each period what the plan spends there then, to be spent then.
#[test]
fn splitting_the_pots_by_what_each_site_spent_leaves_the_plan() {
    for mut fleet in [two_sites(), first_look()] {
        // What a receipt pays for one site may be spent at another of its pot: no split keeps that.
        fleet.pots.iter_mut().for_each(|pot| pot.relieved_by.clear());
        let whole = proved(&fleet);
        let mut spent: BTreeMap<(&SiteId, u32), Cents> = BTreeMap::new();
        for line in whole.ledger.iter().filter(|line| line.category.is_capital()) {
            let sum = spent.entry((&line.site, line.period.0)).or_insert(Cents(0));
            *sum = *sum - line.amount_cents;
        }
        let release = |site: &SiteId| -> Vec<Release> {
            let amount = |period: u32| spent.get(&(site, period)).map_or(0.0, |cents| cents.usd());
            // Purchases stop a dollar short of a budget.
            let release = |period: Period| Release {
                from: fleet.calendar.period_start(period),
                amount: Usd::new(amount(period.0).max(0.0) + 1.0),
            };
            fleet.calendar.all_periods().map(release).collect()
        };
        let pots = fleet.sites.iter().map(|site| Pot {
            works: Some(vec![]),
            id: site.id.as_str().into(),
            release: release(&site.id),
            carry_over: false,
            sites: Some(vec![site.id.clone()]),
            relieved_by: vec![],
        });
        // What belongs to no site: shared works, and deposits until they are credited.
        let shared = Pot {
            id: "shared".into(),
            release: release(&PORTFOLIO.into()),
            carry_over: true,
            sites: None,
            works: None,
            relieved_by: vec![],
        };
        let mut split = fleet.clone();
        split.pots = pots.chain([shared]).collect();
        let split = proved(&split);
        same_npv(&split, &whole);
        assert_eq!(split.decisions.conversions, whole.decisions.conversions);
    }
}

/// Every quantity in dollars, whatever it is per, is written as such in plan.json.
fn doubled(fleet: &Fleet) -> Fleet {
    fn double(value: &mut serde_json::Value, changed: &mut usize) {
        match value {
            serde_json::Value::String(text) => {
                if let Some((Ok(number), unit)) = text.split_once(' ').map(|(n, unit)| (n.parse::<f64>(), unit))
                    && unit.split('/').next() == Some("USD")
                {
                    *text = format!("{} {unit}", number * 2.0);
                    *changed += 1;
                }
            }
            serde_json::Value::Array(values) => values.iter_mut().for_each(|value| double(value, changed)),
            serde_json::Value::Object(fields) => fields.values_mut().for_each(|value| double(value, changed)),
            _ => {}
        }
    }
    let (mut value, mut changed) = (serde_json::to_value(fleet).unwrap(), 0);
    double(&mut value, &mut changed);
    assert!(changed > 50, "only {changed} amounts");
    serde_json::from_value(value).unwrap()
}

#[test]
fn twice_the_money_is_twice_the_npv() {
    for known in both() {
        let fleet = doubled(&known.inputs);
        assert!(
            (fleet.deck.months[0].btc_price.get() / known.inputs.deck.months[0].btc_price.get() - 2.0).abs() < 1e-12
        );
        assert!((fleet.offers[0].rent.get() / known.inputs.offers[0].rent.get() - 2.0).abs() < 1e-12);
        let plan = proved(&fleet);
        let twice = Cents(known.npv_usd.0.0 * 2);
        assert!(close(plan.npv_usd.0, twice, 1e-6), "{} is not {}", plan.npv_usd.0.usd(), twice.usd());
        assert_eq!(plan.decisions.conversions, known.decisions.conversions);
    }
}

/// Nobody takes it: it pays nothing until after the horizon.
#[test]
fn an_offer_that_pays_nothing_changes_nothing() {
    for known in both() {
        for rent in [0.0, 0.01] {
            let mut fleet = known.inputs.clone();
            let from = fleet.offers.iter().find(|offer| offer.split).unwrap();
            let tiny = Offer {
                id: "aaa".into(),
                rent: UsdPerKwMonth::new(rent),
                term: Months(360),
                advance: None,
                tenant_funded: Offer::clone(&known.inputs.offers[0]).tenant_funded,
                ..from.clone()
            };
            fleet.offers.insert(0, tiny);
            same_plan(&proved(&fleet), known);
        }
    }
}

#[test]
fn a_higher_rent_never_hurts() {
    for known in both() {
        for index in 0..known.inputs.offers.len() {
            let mut fleet = known.inputs.clone();
            fleet.offers[index].rent = fleet.offers[index].rent * 1.1;
            no_worse(&proved(&fleet), known);
        }
    }
}

#[test]
fn a_later_long_stop_never_hurts() {
    let mut tight = two_sites();
    tight.offers.iter_mut().for_each(|offer| offer.long_stop = Some(date(2028, 5, 1)));
    for fleet in [tight, first_look()] {
        let mut last = None;
        for months in [0, 3, 9] {
            let mut fleet = fleet.clone();
            for offer in &mut fleet.offers {
                offer.long_stop = offer.long_stop.map(|day| day.checked_add(months.months()).unwrap());
            }
            let plan = proved(&fleet);
            if let Some(last) = &last {
                no_worse(&plan, last);
            }
            last = Some(plan);
        }
    }
}

#[test]
fn a_bigger_budget_never_hurts() {
    let cases = [(two_sites(), [0.0, 7.0, 8.0, 17.0, 40.0]), (first_look(), [60.0, 90.0, 150.0, 300.0, 900.0])];
    for (mut fleet, millions) in cases {
        fleet.policies = Policies::default();
        let plans = millions.map(|millions| plan(&fleet, &with_gap_nil(Some(Usd::new(millions * 1e6)))).unwrap());
        for pair in plans.windows(2) {
            no_worse(&pair[1], &pair[0]);
        }
        assert!(plans[4].npv_usd > plans[0].npv_usd);
    }
}

/// The twin keeps no policy and no forced lock: where they cost more than all conversions bring, the plan is worth
/// less than the twin, and is the best plan all the same.
#[test]
fn a_policy_may_cost_more_than_the_plan_brings() {
    let mut fleet = fleet(&small::portfolio("2028-01-01", 8, "2028-07-01", &[("plains", ONE_HALL)]));
    // 1.92 M$ of rent on 16 M$ of capex.
    fleet.offers[0].rent = fleet.offers[0].rent * 0.1;
    fleet.locks.push(lock(LockKind::Force, 1));
    let plan = proved(&fleet);
    assert_eq!(plan.decisions.conversions.len(), 1);
    assert!(plan.npv_usd < plan.twin_npv_usd);
}

/// The sites in reverse order, under other names.
fn relabelled(mut files: InMemory, names: &[(&str, &str)]) -> InMemory {
    let renamed = |text: &str| names.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    files.0 = files.0.iter().map(|(path, text)| (renamed(path), renamed(text))).collect();
    files
}

#[test]
fn names_and_order_of_sites_do_not_matter() {
    same_npv(&proved(&two_sites_named("ypsilon", "alpha")), &both()[0]);
    let names = [("cedar-flat", "zulu"), ("maple-ridge", "yankee"), ("stone-quay", "xray"), ("willow-bend", "whisky")];
    let plan = proved(&fleet(&relabelled(first_look_files(), &names)));
    assert_eq!(plan.inputs.sites[0].id.as_str(), "whisky");
    same_npv(&plan, &both()[1]);
}

/// Two halls of 10 MW, one in Texas and one in Québec, 3,000 km apart, and a lease that wants both.
#[test]
fn sites_far_apart_never_share_an_offer_that_may_not_be_split() {
    let mut files = small::portfolio("2028-01-01", 8, "2028-07-01", &[("north", HALF_HALL), ("south", HALF_HALL)]);
    change(
        &mut files,
        "sites/north.toml",
        "market = \"ERCOT\", region = \"west\"",
        "market = \"HQ\", region = \"quebec\"",
    );
    let mut fleet = fleet(&files);
    for split in [false, true] {
        fleet.offers[0].split = split;
        let plan = proved(&fleet);
        let sites: BTreeSet<_> = plan.decisions.conversions.iter().map(|c| c.site.as_str()).collect();
        assert_eq!(sites.len(), if split { 2 } else { 0 }, "{:#?}", plan.decisions.conversions);
        let lease = &plan.decisions.offers[0];
        assert_eq!((lease.accepted, lease.sites.len()), (split, sites.len()));
    }
    // With room for both halls at each site it is served at one of them.
    let halls = [("north", TWO_HALLS), ("south", TWO_HALLS)];
    let plan = proved(&planner_tests::fleet(&small::portfolio("2028-01-01", 8, "2028-07-01", &halls)));
    assert_eq!(plan.decisions.offers[0].sites.len(), 1);
}

fn lock(kind: LockKind, halls: u32) -> Lock {
    Lock { kind, site: None, hall: None, retrofit: None, offer: None, start: None, halls, work: None, spent: Usd::ZERO }
}

#[test]
fn a_policy_never_raises_npv() {
    let none = Policies::default();
    let cap = CapPolicy { cap: Share(0.6), free: ItMw::new(8.0) };
    let mix = MixPolicy { share: Share(0.5), from: date(2029, 1, 1) };
    let hashrate = HashratePolicy { floor: TeraHash::new(3e5), from: date(2028, 1, 1), to: date(2028, 12, 31) };
    let policies = [
        Policies { mix: Some(mix), ..none },
        Policies { hashrate: Some(hashrate), ..none },
        Policies { tenant: Some(cap), ..none },
        Policies { region: Some(cap), ..none },
    ];
    for mut fleet in [two_sites(), first_look()] {
        fleet.policies = none;
        let free = proved(&fleet);
        for policies in policies {
            fleet.policies = policies;
            no_worse(&free, &proved(&fleet));
        }
    }
}

#[test]
fn a_lock_never_raises_npv() {
    for known in both() {
        for conversion in &known.decisions.conversions {
            let at = |kind| Lock {
                site: Some(conversion.site.clone()),
                offer: Some(conversion.offer_name().into()),
                start: Some(conversion.start),
                ..lock(kind, 1)
            };
            let mut fleet = known.inputs.clone();
            fleet.locks.push(at(LockKind::Force));
            same_npv(&proved(&fleet), known);
            // What has started cannot be forbidden.
            if conversion.start >= fleet.calendar.start {
                *fleet.locks.last_mut().unwrap() = at(LockKind::Forbid);
                no_worse(known, &proved(&fleet));
            }
        }
        for site in &known.inputs.sites {
            let mut fleet = known.inputs.clone();
            fleet.locks.push(Lock { site: Some(site.id.clone()), ..lock(LockKind::Force, 1) });
            // Some sites cannot be converted at all; why is told elsewhere, and takes its time.
            let stop = AtomicBool::new(false);
            let progress = |progress: &Progress| {
                stop.fetch_or(progress.stage == "why there is no plan", Ordering::Relaxed);
            };
            let run = Run { interrupt: &stop, progress: &progress, ..run() };
            if let Ok(forced) = planner_core::solve::plan(&fleet, &with_gap_nil(None), &run) {
                assert!(forced.audit.passed, "{:#?}", forced.audit.findings);
                no_worse(known, &forced);
            }
        }
    }
}

#[test]
fn with_everything_forbidden_the_plan_is_the_twin() {
    let mut fleet = two_sites();
    fleet.locks.push(lock(LockKind::Forbid, 0));
    let plan = proved(&fleet);
    assert!(plan.decisions.conversions.is_empty());
    assert_eq!(
        (plan.npv_usd, &plan.decisions, &plan.ledger),
        (plan.twin_npv_usd, &plan.twin.decisions, &plan.twin.ledger)
    );
    assert_eq!(plan.twin_npv_usd, both()[0].twin_npv_usd);
}

#[test]
fn of_a_group_one_offer_is_accepted() {
    let mut fleet = fleet(&small::portfolio("2028-01-01", 8, "2028-07-01", &[("east", ONE_HALL), ("west", ONE_HALL)]));
    let rent = fleet.offers[0].rent * 1.1;
    let second = Offer { id: "second".into(), rent, ..fleet.offers[0].clone() };
    fleet.offers.push(second);
    let accepted = |plan: &Plan| -> Vec<String> {
        plan.decisions.offers.iter().filter(|o| o.accepted).map(|o| o.offer.to_string()).collect()
    };
    assert_eq!(accepted(&proved(&fleet)), ["lease", "second"]);
    fleet.offers.iter_mut().for_each(|offer| offer.exclusive_group = Some("campus".to_owned()));
    assert_eq!(accepted(&proved(&fleet)), ["second"], "the better one");
}

fn merchant(plan: &Plan) -> Vec<&Conversion> {
    plan.decisions.conversions.iter().filter(|c| c.offer.is_none()).collect()
}

/// Four halls of 8 MW-IT that may be let by the month, and no other offer.
fn to_let() -> Fleet {
    let mut fleet =
        fleet(&small::portfolio("2028-01-01", 12, "2029-12-31", &[("east", TWO_HALLS), ("west", TWO_HALLS)]));
    fleet.offers[0].rent = UsdPerKwMonth::ZERO;
    fleet.deck.merchant = vec![MerchantCurve {
        market: "ERCOT".to_owned(),
        class: "liquid".to_owned(),
        rent: UsdPerKwMonth::new(150.0),
        from: date(2028, 1, 1),
        growth: Share::NONE,
        downtime: Months(1),
        occupancy: vec![Share(0.5)],
    }];
    let (market, amount, growth) = ("ERCOT".to_owned(), ItMw::new(10.0), ItMwPerYear::new(10.0));
    fleet.deck.absorption = vec![Absorption { market, amount, growth }];
    // A lease that ends inside the horizon would be let again, which is no merchant capacity.
    fleet.offers[0].term = Months(360);
    fleet
}

#[test]
fn merchant_capacity_stays_within_its_cap_and_what_the_market_takes() {
    let mut fleet = to_let();
    for cap in [None, Some(ItMw::ZERO), Some(ItMw::new(7.9))] {
        fleet.merchant = cap;
        let plan = proved(&fleet);
        assert!(plan.decisions.conversions.is_empty(), "with a cap of {cap:?}");
        assert_eq!(plan.npv_usd, plan.twin_npv_usd);
    }
    let mut npv = None;
    for (cap, halls) in [(8.0, 1), (20.0, 2), (24.0, 3), (100.0, 3)] {
        fleet.merchant = Some(ItMw::new(cap));
        let plan = proved(&fleet);
        let built = merchant(&plan);
        let load: f64 = built.iter().map(|c| c.critical_it.get()).sum();
        assert!(load <= cap + 1e-6, "{load} is over {cap}");
        assert_eq!(built.iter().map(|c| c.halls).sum::<u32>(), halls, "with a cap of {cap}");
        for period in fleet.calendar.all_periods() {
            let day = fleet.calendar.period_start(period);
            let next = fleet.calendar.period_start(Period(period.0 + 1));
            let in_service: f64 = built.iter().filter(|c| c.ready < next).map(|c| c.critical_it.get()).sum();
            let taken = 10.0 + 10.0 * f64::from(fleet.calendar.days_from_start(day)) / 365.0;
            assert!(in_service <= taken + 1e-3, "{in_service} in service on {day}, when the market takes {taken}");
        }
        assert!(npv.is_none_or(|npv| npv <= plan.npv_usd), "more room never hurts");
        npv = Some(plan.npv_usd);
    }
}

#[test]
fn merchant_capacity_of_first_look_stays_within_its_cap() {
    let known = &both()[1];
    let cap = known.inputs.merchant.unwrap();
    assert!(merchant(known).iter().map(|c| c.critical_it.get()).sum::<f64>() <= cap.get() + 1e-6);
    for merchant_cap in [None, Some(ItMw::ZERO)] {
        let mut fleet = known.inputs.clone();
        fleet.merchant = merchant_cap;
        let plan = proved(&fleet);
        assert!(merchant(&plan).is_empty());
        no_worse(known, &plan);
    }
}

/// Money now and less later: nothing at a rate of nil, something at any other.
#[test]
fn money_of_the_tenant_counts_by_its_date_only() {
    let advance = Advance { amount: UsdPerKwIt::new(500.0), paid: PaidOn::Start, credited: Share(0.5) };
    let prepayment = Prepayment { months: Months(3), paid: PaidOn::Start, credited: Share(0.25) };
    for (advance, prepayment) in [(Some(advance), None), (None, Some(prepayment)), (Some(advance), Some(prepayment))] {
        for rate in [0.0, 0.08] {
            let mut fleet = fleet(&small::portfolio("2028-01-01", 8, "2028-07-01", &[("east", TWO_HALLS)]));
            fleet.money.rates.contracted = Share(rate);
            let plain = proved(&fleet);
            (fleet.offers[0].advance, fleet.offers[0].prepayment) = (advance, prepayment);
            let paid = proved(&fleet);
            assert!(!plain.decisions.conversions.is_empty());
            if rate > 0.0 {
                assert!(
                    paid.npv_usd.0.usd() > plain.npv_usd.0.usd() + 1e5,
                    "{:?} and {:?}",
                    paid.npv_usd,
                    plain.npv_usd
                );
            } else {
                assert_eq!(paid.npv_usd, plain.npv_usd);
            }
        }
    }
}

#[test]
fn dearer_old_machines_never_hurt() {
    for known in both() {
        let mut fleet = known.inputs.clone();
        for month in &mut fleet.deck.months {
            month.resale.iter_mut().for_each(|price| *price += UsdPerTh::new(1.0));
        }
        no_worse(&proved(&fleet), known);
    }
}
