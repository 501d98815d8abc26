//! Each reason why a site is left is true: it is asked again, of the site alone, with the public planner.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use planner_core::audit::{judge, settled};
use planner_core::domain::Fleet;
use planner_core::domain::ids::{OfferId, SiteId};
use planner_core::domain::offer::OfferStatus;
use planner_core::domain::policy::Policies;
use planner_core::generate::Request;
use planner_core::options::enumerate;
use planner_core::plan::{LeftReason, Plan, Settings, SiteLeft};
use planner_core::units::{ItMw, Share};
use planner_tests::draw::Draw;
use planner_tests::{fleet, generated, plan};

/// In dollars: what rounding may cost, and what nobody calls a gain.
const LITTLE: f64 = 5.0;

/// A site alone with money, where offers are taken for what they pay.
fn alone(plan: &Plan, site: &SiteId, without: &[OfferId]) -> Plan {
    let mut fleet = plan.inputs.clone();
    fleet.sites.retain(|one| one.id == *site);
    fleet.machines.retain(|lot| lot.site == *site);
    (fleet.pots, fleet.merchant, fleet.policies, fleet.locks) = (vec![], None, Policies::default(), vec![]);
    fleet.works.clear();
    fleet.offers.retain(|offer| fleet.sites.iter().any(|one| offer.eligible_at(one)) && !without.contains(&offer.id));
    for offer in &mut fleet.offers {
        if matches!(offer.status, OfferStatus::Signed) {
            offer.status = OfferStatus::Offered;
        }
        if offer.split {
            (offer.min, offer.tranches) = (ItMw::ZERO, vec![]);
        }
    }
    planner_tests::plan(&fleet, &Settings { budget: None, gap: Share(1e-4), ..plan.settings.clone() }).unwrap()
}

fn is_served(plan: &Plan) -> Vec<OfferId> {
    plan.decisions.offers.iter().filter(|offer| offer.accepted).map(|offer| offer.offer.clone()).collect()
}

fn has_options(plan: &Plan, site: &SiteId) -> bool {
    let options = enumerate(&plan.inputs, &plan.settings);
    options.halls.iter().any(|option| plan.inputs.sites[option.site].id == *site && option.offer.is_some())
}

fn check(plan: &Plan, left: &SiteLeft) {
    let told = format!("{left:?} with a gap of {}", plan.gap_usd.0.usd());
    let gap = plan.gap_usd.0.usd().max(1.0) + LITTLE;
    let uplift = |without: &[OfferId]| alone(plan, &left.site, without).uplift_usd.0.usd();
    match left.reason {
        LeftReason::Unsettled => assert!(plan.status.is_stopped() || left.detail.contains("not finished"), "{told}"),
        _ if !has_options(plan, &left.site) => assert!(
            matches!(
                left.reason,
                LeftReason::NoEligibleOffer
                    | LeftReason::FirmPower
                    | LeftReason::Tenure
                    | LeftReason::Timing
                    | LeftReason::NoPot
            ),
            "{told}"
        ),
        LeftReason::EarnsLessThanMining => assert!(uplift(&[]) <= LITTLE, "{told}"),
        LeftReason::WithinGap => assert!(uplift(&[]) <= gap, "{told}"),
        LeftReason::OffersTaken => {
            let (all, rest) = (uplift(&[]), uplift(&is_served(plan)));
            assert!(all > rest && rest <= gap, "{told}: {all} with them, {rest} without");
        }
        LeftReason::Budget | LeftReason::OtherRule => {
            let best = alone(plan, &left.site, &is_served(plan));
            assert!(best.uplift_usd.0.usd() > 0.0, "{told}");
            let mut both = plan.decisions.clone();
            both.machines.clear();
            let before = judge(&plan.inputs, &plan.settings, &both).findings;
            both.conversions.extend(best.decisions.conversions);
            let after = judge(&plan.inputs, &plan.settings, &settled(&plan.inputs, &both)).findings;
            let new: Vec<_> = after.into_iter().filter(|finding| !before.contains(finding)).collect();
            let named =
                |rule: &str| if left.reason == LeftReason::Budget { rule == "budget" } else { told.contains(rule) };
            assert!(new.iter().any(|finding| named(&finding.rule)), "{told}: {new:#?}");
        }
        // Where there are options, these say that alone, too, none of the offers can be served.
        LeftReason::NoEligibleOffer | LeftReason::FirmPower | LeftReason::Timing => {
            assert!(uplift(&[]) <= LITTLE, "{told}");
            let dated = plan.inputs.offers.iter().any(|offer| !offer.tranches.is_empty());
            assert!(left.reason != LeftReason::Timing || dated, "{told}: no offer has dates");
        }
        LeftReason::Tenure | LeftReason::NoPot => panic!("{told}, yet there are options"),
    }
}

/// A drawn portfolio of which the offers that its best plan takes may be signed, and money may be short.
fn portfolio(seed: u64, extras: u32) -> (Fleet, Settings) {
    let mut draw = Draw::new(seed);
    let mut fleet = fleet(&generated(&Request { sites: draw.between(3, 6), seed, extras }));
    (fleet.policies, fleet.locks) = (Policies::default(), vec![]);
    let first = plan(&fleet, &Settings::default()).unwrap();
    for offer in fleet.offers.iter_mut().filter(|offer| is_served(&first).contains(&offer.id)) {
        if draw.chance(50) {
            offer.status = OfferStatus::Signed;
        }
    }
    let share = f64::from(draw.between(40, 120)) / 100.0;
    let needed = first.capital_usd.0.usd();
    let budget = draw.chance(50).then(|| planner_core::units::Usd::new((needed * share / 1e6).ceil() * 1e6));
    (fleet, Settings { budget, ..Settings::default() })
}

fn reasons(seeds: std::ops::Range<u64>) -> Vec<LeftReason> {
    let mut seen = vec![];
    for seed in seeds {
        let (fleet, settings) = portfolio(seed, if seed % 5 == 0 { 50 } else { 0 });
        // Too little money for what is signed is another matter.
        let Ok(plan) = planner_core::solve::plan(&fleet, &settings, &planner_tests::run()) else { continue };
        for left in &plan.sites_left {
            check(&plan, left);
            if !seen.contains(&left.reason) {
                seen.push(left.reason);
            }
        }
    }
    seen
}

#[test]
fn every_reason_that_is_told_is_true() {
    let seen = reasons(1..4);
    assert!(!seen.is_empty(), "no site was left");
}

#[test]
#[ignore = "minutes"]
fn every_reason_that_is_told_of_sixty_portfolios_is_true() {
    let seen = reasons(4..64);
    assert!(seen.len() > 4, "{seen:?}");
}
