//! The bound without a solver, worked by hand on the cases of `hand_worked.rs`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;

use planner_core::audit::bound;
use planner_core::domain::Fleet;
use planner_core::model::{self, Row};
use planner_core::options::enumerate;
use planner_core::plan::{Price, Settings};
use planner_core::portfolio::in_memory::InMemory;
use planner_core::units::Usd;
use planner_tests::draw::{self, Draw};
use planner_tests::second_engine::relaxed;
use planner_tests::small::{self, ONE_HALL, change};
use planner_tests::{any_prices, budget, fleet, generated_short, plan, reviewed};

/// What the audit forgives (a kilowatt, a dollar, thousandths of machines) is worth less than this here.
const FORGIVEN: f64 = 2_000.0;

/// The bound without prices and with those of the plan, in dollars, and what the plan is worth.
fn bounds(files: &InMemory) -> (f64, f64, f64) {
    let fleet = fleet(files);
    let settings = Settings { gap: planner_core::units::Share::NONE, ..Settings::default() };
    let plan = plan(&fleet, &settings).unwrap();
    let of = |prices: &[_]| bound(&fleet, &settings, prices).usd;
    assert_eq!(of(&plan.prices), plan.lagrangian_bound_usd);
    (of(&[]).0.usd(), of(&plan.prices).0.usd(), plan.npv_usd.0.usd())
}

fn near(bound: f64, expected: f64) {
    assert!((expected..expected + FORGIVEN).contains(&bound), "{bound} where {expected} is expected");
}

/// A hall hosted from 2028-01-01 brings 3.2 M$, its machines on racks 1,911,000 + 225,000 USD. Without a price of racks
/// both count; racks that are lost cost the hall what its machines would have earned.
#[test]
fn a_price_of_racks_keeps_a_hall_from_being_mined_and_hosted_at_once() {
    let files = small::portfolio("2028-01-01", 8, "2028-01-01", &[("plains", ONE_HALL)]);
    let (without, with, npv) = bounds(&files);
    near(without, 3_200_000.0 + 2_136_000.0);
    near(with, 3_200_000.0);
    assert!((npv - 3_200_000.0).abs() < 0.01);
}

/// Two sites of 2,136,000 USD of mining may serve the one offer of 3.2 M$ from July on, when no machine earns. Without a
/// price of the offer each does.
#[test]
fn a_price_of_an_offer_keeps_two_sites_from_serving_it() {
    let files = small::portfolio("2028-01-01", 8, "2028-07-01", &[("hills", ONE_HALL), ("plains", ONE_HALL)]);
    let (without, with, npv) = bounds(&files);
    near(without, 2.0 * (3_200_000.0 + 2_136_000.0));
    near(with, 3_200_000.0 + 2.0 * 2_136_000.0);
    assert!((npv - 7_472_000.0).abs() < 0.01);
}

/// 2,000 of 4,000 machines may run on 10 MW: 5.25 USD for 730 days are 7.665 M$. A line for the others, of 1 M$, is ready
/// after the first quarter; they earn 6.72 M$ in the 640 days that are left. Without a price of the connection all of them run from the first day.
#[test]
fn a_price_of_the_connection_is_what_a_work_brings_to_mining() {
    let mut files = small::portfolio("2026-01-01", 8, "2026-01-01", &[("plains", ONE_HALL)]);
    change(&mut files, "offers/lease.toml", "100 USD/kW-month", "0 USD/kW-month");
    change(&mut files, "sites/plains.toml", "\"20 MW\"\nfirm = \"20 MW\"", "\"10 MW\"\nfirm = \"10 MW\"");
    let line = "[[work]]\nid = \"line\"\nmonths = \"3 months\"\ncost = \"1 MUSD\"\nadds = { connection = \"10 MW\" }\n";
    files.0.entry("sites/plains.toml".to_owned()).and_modify(|site| site.push_str(line));
    let (without, with, npv) = bounds(&files);
    let best = 7_665_000.0 + 6_720_000.0 - 1_000_000.0;
    near(without, 2.0 * 7_665_000.0);
    near(with, best);
    assert!((npv - best).abs() < 0.01);
}

/// A machine costs 500 USD and earns 5.25 USD for 730 days. 1,000 are there, and racks for 3,000 more.
#[test]
fn a_price_of_racks_keeps_machines_from_being_bought_in_every_quarter() {
    let files = buying();
    let (without, with, npv) = bounds(&files);
    let best = 1_000.0 * 3_832.5 + 3_000.0 * 3_332.5;
    assert!(without > 2.0 * best, "{without}");
    near(with, best);
    assert!((npv - best).abs() < 0.01);
}

fn buying() -> InMemory {
    let mut files = small::portfolio("2026-01-01", 8, "2026-01-01", &[("plains", ONE_HALL)]);
    change(&mut files, "offers/lease.toml", "100 USD/kW-month", "0 USD/kW-month");
    change(&mut files, "machines.csv", ",4000,", ",1000,");
    let price = "[[machine_price]]\nmodel = \"round\"\nprice = \"2 USD/TH\"\nfrom = 2026-01-01\n";
    files.0.entry("library/decks/flat/deck.toml".to_owned()).and_modify(|deck| deck.push_str(price));
    files
}

/// A lease of 57.6 M$ that needs a work of 9 MUSD.
fn needing() -> InMemory {
    let mut files = small::portfolio("2026-01-01", 8, "2026-12-31", &[("plains", ONE_HALL)]);
    change(&mut files, "offers/lease.toml", "100 USD/kW-month", "300 USD/kW-month");
    let work =
        "[[work]]\nid = \"substation\"\nmonths = \"3 months\"\ncost = \"9 MUSD\"\nneeded_by = { halls = [\"a\"] }\n";
    files.0.entry("sites/plains.toml".to_owned()).and_modify(|site| site.push_str(work));
    files
}

/// One family of rows at a time, each at the same high price.
fn dear_families(fleet: &Fleet, settings: &Settings) -> Vec<Vec<Price>> {
    let rows = model::build(fleet, settings, &enumerate(fleet, settings)).rows;
    let families: BTreeSet<&str> = rows.iter().map(|row| row.family).collect();
    let price = |row: &Row| Price { family: row.family.to_owned(), key: row.key.clone(), usd: 1e7 };
    families.iter().map(|family| rows.iter().filter(|row| row.family == *family).map(price).collect()).collect()
}

/// No plan is worth more, whatever the prices.
#[test]
fn no_price_brings_it_below_the_best_plan() {
    let reviewed = reviewed::ALL.iter().map(|(name, fleet)| ((*name).to_owned(), fleet()));
    let own = [("buying", buying()), ("needing", needing())].map(|(name, files)| (name.to_owned(), fleet(&files)));
    let generated = (0..4).map(|seed| (format!("generated {seed}"), fleet(&generated_short(3, seed))));
    for (name, fleet) in reviewed.chain(own).chain(generated) {
        for settings in [Settings::default(), budget(Usd::new(20e6))] {
            let Ok(plan) = plan(&fleet, &settings) else { continue };
            let mut draw = Draw::new(11);
            let drawn: Vec<_> = (0..20).map(|_| any_prices(&fleet, &settings, &mut draw)).collect();
            for prices in drawn.into_iter().chain(dear_families(&fleet, &settings)) {
                let bound = bound(&fleet, &settings, &prices).usd;
                assert!(
                    bound >= plan.npv_usd,
                    "{name}: {bound:?} by {prices:#?}, yet a plan is worth {:?}",
                    plan.npv_usd
                );
            }
        }
    }
}

/// By how much the bound at the solver's prices exceeds what the model is worth without whole numbers, by another engine.
fn over_the_relaxation(fleet: &Fleet) -> f64 {
    let settings = Settings::default();
    let plan = plan(fleet, &settings).unwrap();
    let options = enumerate(fleet, &settings);
    let relaxed = relaxed(&model::tighten(model::build(fleet, &settings, &options), fleet, &options));
    plan.lagrangian_bound_usd.0.usd() - relaxed
}

/// It is never below it. Where every row has a price and no site is left, it is as good.
#[test]
fn at_the_solvers_prices_it_is_that_of_the_relaxation() {
    let reviewed = reviewed::ALL.iter().map(|(name, fleet)| ((*name).to_owned(), fleet()));
    let drawn = (0..6).map(|seed| (format!("drawn {seed}"), fleet(&draw::portfolio(seed))));
    let generated = (0..6).map(|seed| (format!("generated {seed}"), fleet(&generated_short(3, seed))));
    let exact = ["offers", "budgets", "machines", "works", "drawn 0", "drawn 4", "drawn 5"];
    let mut seen = 0;
    for (name, fleet) in reviewed.chain(drawn).chain(generated) {
        let over = over_the_relaxation(&fleet);
        assert!(over > -1.0, "{name}: {over} $ below the relaxation");
        if exact.contains(&name.as_str()) {
            assert!(over < FORGIVEN, "{name}: {over} $ above the relaxation");
            seen += 1;
        }
    }
    assert_eq!(seen, exact.len());
}
