//! Published deals (V1, V2, V4, V5) and a table of slips, planned from the portfolios under
//! `tests/cases`, which a user can plan too. `expected.toml` beside each is worked out by hand.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use planner_core::domain::Fleet;
use planner_core::domain::ids::PhaseId;
use planner_core::plan::ledger::{Category, LedgerLine};
use planner_core::plan::{Plan, Settings};
use planner_core::report::irr::{Flow, Irr, irr};
use planner_core::report::returns::{difference, irr_of, stabilised};
use planner_core::units::{Months, Share, UsdCents};
use planner_tests::{case, fleet, plan};
use toml::{Table, Value};

fn expected(name: &str) -> Table {
    let path = planner_tests::repository().join("tests/cases").join(name).join("expected.toml");
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

fn proved(fleet: &Fleet) -> Plan {
    plan(fleet, &Settings { gap: Share::NONE, ..Settings::default() }).unwrap()
}

/// Dollars of the lines of some categories, in all periods or in one.
fn usd(plan: &Plan, wanted: impl Fn(&LedgerLine) -> bool) -> f64 {
    plan.ledger.iter().filter(|line| wanted(line)).map(|line| line.amount_cents.usd()).sum()
}

fn one(irr: &Irr) -> f64 {
    match irr {
        Irr::One(rate) => *rate,
        other => panic!("no single IRR: {other:?}"),
    }
}

/// Years after the works until the undiscounted sum is back at nil, evenly within a year.
fn payback(plan: &Plan) -> f64 {
    let mut sum = 0.0;
    for (period, cents) in difference(plan, |_| true) {
        if sum < 0.0 && sum + cents.usd() >= 0.0 {
            return f64::from(period.0) - 1.0 - sum / cents.usd();
        }
        sum += cents.usd();
    }
    panic!("never paid back")
}

/// Years in which an advance is used up: whole years of equal credits and the rest.
fn advance_used_up(plan: &Plan) -> f64 {
    let credits: Vec<f64> = plan
        .ledger
        .iter()
        .filter(|line| line.category == Category::RentCredit)
        .map(|line| -line.amount_cents.usd())
        .collect();
    credits.iter().sum::<f64>() / credits[0]
}

fn figure(plan: &Plan, name: &str) -> f64 {
    let rent = usd(plan, |line| line.category == Category::Rent);
    let noi = usd(plan, |line| line.category.is_operating());
    let capital = plan.capital_usd.0.usd();
    let kw = plan.decisions.conversions.iter().map(|c| c.critical_it.get()).sum::<f64>() * 1000.0;
    let months = f64::from(plan.decisions.conversions[0].terms(&plan.inputs).unwrap().term.0);
    let cash = difference(plan, |_| true);
    match name {
        "rent over the term" => rent,
        "average rent" => rent / months / kw,
        "rent of the first year" => usd(plan, |line| line.category == Category::Rent && line.period.0 == 1) / 1e6,
        "average NOI" => noi / (months / 12.0) / 1e6,
        "margin" => noi / rent,
        "capital" => capital / 1e6,
        "capital per MW" => capital / 1e6 / (kw / 1000.0),
        "yield on cost, average" => noi / (months / 12.0) / capital,
        "yield on cost, first full year" => stabilised(plan).unwrap().yield_on_cost.unwrap(),
        "payback" => payback(plan),
        "advance used up" => advance_used_up(plan),
        "IRR, yearly" => {
            let flows: Vec<Flow> =
                cash.iter().map(|(period, cents)| Flow { years: f64::from(period.0), usd: cents.usd() }).collect();
            one(&irr(&flows))
        }
        "IRR, dated" => one(&irr_of(plan, &cash)),
        "NPV" => plan.npv_usd.0.usd(),
        other => panic!("`{other}` is no figure of a plan"),
    }
}

fn number(value: &Value) -> f64 {
    value.as_float().or_else(|| value.as_integer().map(|i| f64::from(i32::try_from(i).unwrap()))).unwrap()
}

fn holds(name: &str) {
    let (expected, plan) = (expected(name), proved(&fleet(&case(name))));
    for value in expected["value"].as_array().unwrap() {
        let label = value["name"].as_str().unwrap();
        let (found, tolerance) = (figure(&plan, label), number(&value["tolerance"]));
        for answer in ["expected", "published"] {
            if let Some(answer) = value.get(answer) {
                let off = found / number(answer) - 1.0;
                assert!(off.abs() <= tolerance, "{name}, {label}: {found} is {off:+.5} off {answer}");
            }
        }
    }
    for entry in expected["ledger"].as_array().unwrap() {
        let (offer, category) = (entry["offer"].as_str().unwrap(), entry["category"].as_str().unwrap());
        let first = u32::try_from(entry["first_period"].as_integer().unwrap()).unwrap();
        for (period, cents) in (first..).zip(entry["cents"].as_array().unwrap()) {
            let found: i64 = plan
                .ledger
                .iter()
                .filter(|line| line.period.0 == period && line.category.to_string() == category)
                .filter(|line| line.subject.contains(&format!("/{offer}@")))
                .map(|line| line.amount_cents.0)
                .sum();
            assert_eq!(found, cents.as_integer().unwrap(), "{name}, {offer}, {category}, period {period}");
        }
    }
}

#[test]
fn v1_river_bend() {
    holds("v1-river-bend");
}

#[test]
fn v2_terawulf_cb_3_4() {
    holds("v2-cb-3-4");
}

#[test]
fn v4_riot_amd() {
    holds("v4-riot-amd");
}

#[test]
fn v5_core_scientific() {
    holds("v5-core-scientific");
}

/// V1, V2 and V4 use the same operating cost and differ in offer and capex only.
#[test]
fn the_deals_share_one_operating_cost() {
    let opex = |name| fleet(&case(name)).retrofits[0].opex;
    assert_eq!(opex("v1-river-bend"), opex("v2-cb-3-4"));
    assert_eq!(opex("v1-river-bend"), opex("v4-riot-amd"));
}

/// Damages begin after the grace, stop at the cap, and the planner declines exactly where the lease
/// no longer pays; past the long stop it does not exist.
#[test]
fn a_table_of_slips_equals_hand_arithmetic() {
    for slip in expected("slips")["slip"].as_array().unwrap() {
        let mut fleet = fleet(&case("slips"));
        let build = Months::parse(slip["build"].as_str().unwrap()).unwrap();
        for phase in &mut fleet.sites[0].overrides[0].phases {
            if phase.0 == PhaseId::from("build") {
                phase.1 = build;
            }
        }
        let plan = proved(&fleet);
        let usd_of = |key: &str| UsdCents(planner_core::units::Usd::new(number(&slip[key])).to_cents());
        assert_eq!(plan.npv_usd, usd_of("plan_npv_usd"), "{slip}");
        let accepted = slip["outcome"].as_str() == Some("accepted");
        assert_eq!(plan.decisions.conversions.len(), usize::from(accepted), "{slip}");
        if accepted {
            assert_eq!(plan.decisions.conversions[0].ready.to_string(), slip["ready"].to_string());
            let damages = usd(&plan, |line| line.category == Category::DelayDamages);
            assert!((damages + number(&slip["damages_usd"])).abs() < 0.005, "{slip}: {damages}");
        }
    }
}
