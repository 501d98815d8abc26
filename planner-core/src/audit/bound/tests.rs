//! What the audit says of prices and of the bound that rests on them.

use super::bound;
use crate::audit::fixture::{self, fleet, plan, settle};
use crate::audit::{audit, fixture_leaving, fixture_works};
use crate::plan::{Plan, Price, Settings};
use crate::units::{Cents, UsdPerKwMonth};

fn price(family: &str, key: &str, usd: f64) -> Price {
    Price { family: family.to_owned(), key: key.to_owned(), usd }
}

#[test]
fn another_bound_than_follows_from_the_prices_is_found() {
    let mut plan = plan();
    plan.lagrangian_bound_usd.0 += Cents(1);
    let found = audit(&plan).findings;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].rule.as_str(), found[0].line.as_str()), ("prices", "lagrangian_bound_usd"));
}

#[test]
fn a_changed_price_is_another_bound() {
    let mut plan = plan();
    plan.prices = vec![price("firm_power", "north,2027-10", 1_000.0)];
    settle(&mut plan);
    assert!(audit(&plan).passed);
    plan.prices[0].usd += 0.01;
    assert_eq!(audit(&plan).findings[0].line, "lagrangian_bound_usd");
}

#[test]
fn a_price_is_a_number_from_nil_on_of_a_limit_that_is_there_and_stands_once() {
    let cases = [
        (vec![price("firm_power", "north,2027-10", -1.0)], "a price is a number from nil on"),
        (vec![price("firm_power", "north,2027-10", f64::NAN)], "a price is a number from nil on"),
        (vec![price("firm_power", "atlantis,2027-10", 1.0)], "there is no such limit"),
        (vec![price("firm_power", "north,2027-10", 1.0), price("firm_power", "north,2027-10", 1.0)], "it stands twice"),
    ];
    for (prices, expected) in cases {
        let family = prices[0].clone();
        let found = fixture::breaks("prices", |plan| plan.prices = prices);
        assert_eq!(found, [format!("prices: price of {} {}: {expected}", family.family, family.key)]);
    }
}

/// A dollar of energy that is not used costs a discounted dollar, so no price of it is more.
#[test]
fn a_price_of_a_least_bill_is_at_most_a_discounted_dollar() {
    for (usd, passes) in [(0.9, true), (1.1, false)] {
        let mut plan = fixture_leaving::plan();
        let site = plan.inputs.sites.iter().find(|site| site.power.minimum_bill.is_some()).unwrap().id.clone();
        plan.prices = vec![price("minimum_bill", &format!("{site},2027-01"), usd)];
        settle(&mut plan);
        assert_eq!(audit(&plan).passed, passes, "{usd}");
    }
}

/// A plan that breaks no rule is worth no more, whatever the prices.
#[test]
fn prices_of_every_family_leave_the_bound_above_a_plan() {
    for plan in [plan(), fixture::with_everything(), fixture_works::plan(), fixture_leaving::plan()] {
        above(&plan);
    }
}

fn above(plan: &Plan) {
    let months = || (0..12).map(|month| format!("{}-{:02}", 2027 + month / 4, 1 + 3 * (month % 4)));
    let sites = || plan.inputs.sites.iter().map(|site| site.id.to_string());
    for usd in [0.5, 1.0, 1_000.0, 1_000_000.0] {
        let mut prices = vec![];
        for family in ["site_power", "firm_power", "ballast", "minimum_bill"] {
            prices.extend(sites().flat_map(|site| months().map(move |m| price(family, &format!("{site},{m}"), usd))));
        }
        prices.extend(sites().flat_map(|site| months().map(move |m| price("racks", &format!("{site},air,{m}"), usd))));
        let pots = plan.inputs.pots.iter().flat_map(|pot| months().map(move |m| format!("{},{m}", pot.id)));
        prices.extend(pots.map(|key| price("budget", &key, usd)));
        let bound = bound(&plan.inputs, &plan.settings, &prices).usd;
        assert!(bound >= plan.npv_usd, "{bound:?} with prices of {usd} USD, yet a plan is worth {:?}", plan.npv_usd);
    }
}

#[test]
fn a_bound_is_never_below_that_of_fewer_choices() {
    let (mut fleet, settings) = (fleet(), Settings::default());
    fleet.offers[0].rent = UsdPerKwMonth::new(500.0);
    let all = bound(&fleet, &settings, &[]).usd;
    fleet.offers.clear();
    assert!(bound(&fleet, &settings, &[]).usd < all);
}
