//! The solver against every plan there is: small portfolios drawn at random, enumerated, judged by the auditor.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use planner_core::audit;
use planner_core::domain::Fleet;
use planner_core::plan::{Plan, Settings};
use planner_core::units::{GrossMw, ItMw, Share};
use planner_tests::draw::{self, Draw};
use planner_tests::{any_prices, fleet, oracle, plan};

fn proved(fleet: &Fleet) -> Plan {
    plan(fleet, &Settings { gap: Share::NONE, ..Settings::default() }).unwrap()
}

/// A limit taken away.
type Relaxed = (&'static str, fn(&mut Fleet));

const LIMITS: &[Relaxed] = &[
    ("budget", |fleet| fleet.pots.clear()),
    ("offers", |fleet| {
        for offer in &mut fleet.offers {
            (offer.min, offer.max) = (ItMw::ZERO, ItMw::new(1_000.0));
            (offer.split, offer.exclusive_group) = (true, None);
        }
    }),
    ("crews", |fleet| fleet.crews.clear()),
    ("power", |fleet| {
        for site in &mut fleet.sites {
            for step in site.power.firm.iter_mut().chain(&mut site.power.connection) {
                step.power = GrossMw::new(100.0);
            }
        }
    }),
];

/// Which limits bind: without it the plan is worth more.
fn binding(fleet: &Fleet, best: &Plan) -> Vec<&'static str> {
    let worth_more = |(_, relax): &&Relaxed| {
        let mut free = fleet.clone();
        relax(&mut free);
        proved(&free).npv_usd.0.0 > best.npv_usd.0.0 + 100
    };
    LIMITS.iter().filter(worth_more).map(|(name, _)| *name).collect()
}

/// The bound without a solver holds for the plan's own prices, for none, and for any on any rows of the model.
fn never_below(fleet: &Fleet, settings: &Settings, found: &Plan, best: f64, seed: u64) {
    let mut draw = Draw::new(seed);
    let mut vectors = vec![found.prices.clone(), vec![]];
    vectors.extend((0..4).map(|_| any_prices(fleet, settings, &mut draw)));
    for prices in vectors {
        let bound = audit::bound(fleet, settings, &prices).usd.0.usd();
        assert!(bound >= best, "seed {seed}: {bound} USD by {prices:#?}, yet a plan is worth {best} USD");
    }
}

/// Draws until so many portfolios have between a thousand and two hundred thousand plans.
fn agree(cases: usize, first_seed: u64) {
    let (mut met, mut two_bind, mut plans) = (0, 0, 0);
    let mut mix = std::collections::BTreeMap::<&str, usize>::new();
    let settings = Settings { gap: Share::NONE, ..Settings::default() };
    for seed in first_seed.. {
        if met == cases {
            break;
        }
        let fleet = fleet(&draw::portfolio(seed));
        if !(1_000..=200_000).contains(&oracle::plans(&fleet, &settings)) {
            continue;
        }
        let best = oracle::best(&fleet, &settings).unwrap();
        let found = proved(&fleet);
        let apart = (best.npv.0.usd() - found.npv_usd.0.usd()).abs();
        assert!(
            apart <= 1.0,
            "seed {seed}: the oracle finds {} USD with {:#?}, the solver {} USD with {:#?}",
            best.npv.0.usd(),
            best.decisions.conversions,
            found.npv_usd.0.usd(),
            found.decisions.conversions
        );
        never_below(&fleet, &settings, &found, best.npv.0.usd(), seed);
        let binds = binding(&fleet, &found);
        for name in &binds {
            *mix.entry(name).or_default() += 1;
        }
        two_bind += usize::from(binds.len() >= 2);
        (met, plans) = (met + 1, plans + best.plans);
    }
    eprintln!("{cases} portfolios, {plans} plans; binding: {mix:?}; two or more in {two_bind}");
    assert!(2 * two_bind >= cases, "in {two_bind} of {cases} at least two limits bind");
    assert_eq!(mix.len(), LIMITS.len(), "each limit binds somewhere: {mix:?}");
}

#[test]
fn the_solver_finds_what_the_oracle_finds() {
    agree(60, 1);
}

#[test]
#[ignore = "minutes: make test-long"]
fn the_solver_finds_what_the_oracle_finds_in_three_hundred() {
    agree(300, 10_000);
}
