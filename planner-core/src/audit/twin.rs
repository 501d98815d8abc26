//! `twin`: the plan without any new commitment converts for signed offers and
//! where it has started only, and no plan that is near its bound is worth less.

use super::case::Case;
use super::column::name;
use super::findings::{Findings, dollars};
use super::locks::{signed, started};
use crate::domain::ids::OfferId;
use crate::domain::policy::{LockKind, Policies};
use crate::plan::{Plan, Status};
use crate::units::Cents;

/// The twin commits to nothing new and is not worth more.
pub(super) fn check(plan: &Plan, _own: &Case, twin: &Case, found: &mut Findings) {
    let fleet = &plan.inputs;
    let signed = |id: &OfferId| fleet.offer(id).is_some_and(|offer| signed(fleet, offer));
    for conversion in twin.decisions.conversions.iter().filter(|conversion| !started(fleet, conversion)) {
        match &conversion.offer {
            Some(offer) if signed(offer) => {}
            Some(_) => found.add(format!("twin: {}", name(conversion)), "its offer is not signed"),
            None => found.add(format!("twin: {}", name(conversion)), "it is merchant capacity that has not started"),
        }
    }
    for decision in twin.decisions.offers.iter().filter(|d| d.accepted && !signed(&d.offer)) {
        found.add(format!("twin: offer {}", decision.offer), "it is accepted without being signed");
    }
    let uplift = plan.npv_usd.0 - plan.twin_npv_usd.0;
    // What only the plan keeps may cost more than everything new earns.
    let forced = fleet.locks.iter().any(|lock| lock.kind == LockKind::Force);
    let dearer = forced || fleet.policies != Policies::default();
    if uplift < Cents::ZERO && !dearer && matches!(plan.status, Status::ProvedOptimal | Status::WithinGap) {
        found.add("uplift_usd", format!("{}: doing nothing new is worth more", dollars(uplift)));
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::{self, breaks};
    use crate::domain::policy::CapPolicy;
    use crate::plan::identity::identity;
    use crate::units::{ItMw, Share};

    #[test]
    fn the_twin_commits_to_an_offer() {
        let found = breaks("twin", |plan| plan.twin.decisions = plan.decisions.clone());
        assert_eq!(
            found,
            [
                "twin: twin: conversion north a/liquid/ig@2027-04: its offer is not signed",
                "twin: twin: offer ig: it is accepted without being signed"
            ]
        );
    }

    #[test]
    fn the_twin_builds_without_a_contract() {
        let found = breaks("twin", |plan| {
            *plan = fixture::with_merchant();
            plan.twin.decisions.conversions = vec![fixture::merchant()];
            plan.twin.decisions.machines.clone_from(&plan.decisions.machines);
        });
        let message = "it is merchant capacity that has not started";
        assert_eq!(found, [format!("twin: twin: conversion north a/liquid/merchant@2027-01: {message}")]);
    }

    #[test]
    fn a_plan_near_its_bound_is_worth_less_than_its_twin() {
        let mut plan = fixture::plan();
        assert!(fixture::findings(&plan).is_empty(), "a time limit excuses it");
        plan.status = super::Status::WithinGap;
        plan.settings.gap.0 = 1.0;
        assert_eq!(fixture::findings(&plan), ["twin: uplift_usd: -50,541,314.53 USD: doing nothing new is worth more"]);
        plan.inputs.policies.tenant = Some(CapPolicy { cap: Share(1.0), free: ItMw::ZERO });
        plan.identity = identity(&plan.inputs);
        assert!(fixture::findings(&plan).is_empty(), "a policy may cost more than the plan earns");
    }
}
