//! The bound without a solver, worked by hand on the cases of `hand_worked.rs`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use planner_core::audit::bound;
use planner_core::domain::Fleet;
use planner_core::model;
use planner_core::options::enumerate;
use planner_core::plan::Settings;
use planner_core::portfolio::in_memory::InMemory;
use planner_tests::second_engine::relaxed;
use planner_tests::small::{self, ONE_HALL};
use planner_tests::{draw, fleet, generated_short, plan, reviewed};

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
