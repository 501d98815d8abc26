//! `twin`: the plan without any new commitment converts for signed offers and
//! where it has started only, carries out no work and reserves no equipment that
//! these do not need, and no plan that is near its bound is worth less.

use std::collections::BTreeSet;

use super::case::Case;
use super::column::name;
use super::findings::{Findings, dollars};
use super::job;
use super::locks::{self, has_started, started};
use crate::domain::Fleet;
use crate::domain::ids::{OfferId, WorkId};
use crate::domain::policy::{LockKind, Policies};
use crate::domain::site::Site;
use crate::domain::work::Work;
use crate::plan::{Plan, Status};
use crate::units::Cents;

/// The twin commits to nothing new and is not worth more.
pub(super) fn check(plan: &Plan, _own: &Case, twin: &Case, found: &mut Findings) {
    let fleet = &plan.inputs;
    let signed = |id: &OfferId| fleet.offer(id).is_some_and(|offer| locks::signed(fleet, offer));
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
    for job in twin.jobs.iter().filter(|job| !job.started && !needed(fleet, job.work)) {
        found.add(format!("twin: {}", job::name(job.decision)), "nothing that is signed or has started needs it");
    }
    let started = |lock: &crate::domain::policy::Lock| lock.kind == LockKind::Started;
    let committed = fleet.locks.iter().any(started) || fleet.offers.iter().any(|offer| locks::signed(fleet, offer));
    for reservation in twin.decisions.reservations.iter().filter(|_| !committed) {
        let line = format!("twin: reservation of {}", reservation.item);
        found.add(line, "nothing is signed or has started that needs it");
    }
    let uplift = plan.npv_usd.0 - plan.twin_npv_usd.0;
    // What only the plan keeps may cost more than everything new earns.
    let forced = fleet.locks.iter().any(|lock| lock.kind == LockKind::Force);
    let dearer = forced || fleet.policies != Policies::default();
    if uplift < Cents::ZERO && !dearer && matches!(plan.status, Status::ProvedOptimal | Status::WithinGap) {
        found.add("uplift_usd", format!("{}: doing nothing new is worth more", dollars(uplift)));
    }
}

/// Whether conversions of the twin may need a work: it has an effect or is needed where they may be, or such a
/// work comes after it.
fn needed(fleet: &Fleet, work: &Work) -> bool {
    let mut needed: BTreeSet<&WorkId> = fleet.works.iter().filter(|work| serves(fleet, work)).map(|w| &w.id).collect();
    // A chain of predecessors is no longer than there are works.
    for _ in &fleet.works {
        let before = fleet.works.iter().filter(|later| needed.contains(&later.id)).flat_map(|later| &later.after);
        let before: Vec<&WorkId> = before.collect();
        needed.extend(before);
    }
    needed.contains(&work.id)
}

/// Whether a work has an effect or is needed at a site that a conversion of the twin may use.
fn serves(fleet: &Fleet, work: &Work) -> bool {
    let needed = work.needed_by.iter().flat_map(|needed| needed.halls.iter().map(|(site, _)| site));
    let mut sites = work.adds.iter().map(|effect| &effect.site).chain(needed);
    sites.any(|id| has_started(fleet, |site| site == id) || fleet.site(id).is_some_and(|site| may_host(fleet, site)))
}

/// Whether a signed offer may be served in some hall of a site.
fn may_host(fleet: &Fleet, site: &Site) -> bool {
    let retrofits = || site.halls.iter().flat_map(|hall| &hall.retrofits).filter_map(|id| fleet.retrofit(id));
    let signed = fleet.offers.iter().filter(|offer| locks::signed(fleet, offer) && offer.eligible_at(site));
    signed.into_iter().any(|offer| retrofits().any(|retrofit| offer.accepts(retrofit)))
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::{self, breaks};
    use crate::audit::fixture_works;
    use crate::domain::offer::{Eligible, OfferStatus};
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
    fn the_twin_prepares_for_what_it_does_not_do() {
        let prepares = |plan: &mut crate::plan::Plan| {
            *plan = fixture_works::plan();
            plan.twin.decisions.works.clone_from(&plan.decisions.works);
            plan.twin.decisions.reservations.clone_from(&plan.decisions.reservations);
        };
        let found = breaks("twin", prepares);
        let needless = "nothing that is signed or has started needs it";
        assert_eq!(
            found,
            [
                format!("twin: twin: work land: {needless}"),
                format!("twin: twin: work south/lease: {needless}"),
                format!("twin: twin: work substation: {needless}"),
                "twin: twin: reservation of transformer: nothing is signed or has started that needs it".to_owned(),
            ]
        );
        // Signed for north alone: the substation serves it, and the land comes before that.
        let found = breaks("twin", |plan| {
            prepares(plan);
            plan.inputs.offers[0].status = OfferStatus::Signed;
            plan.inputs.offers[0].eligible = Eligible::Sites(vec!["north".into()]);
            let works = plan.twin.decisions.works.clone();
            plan.twin.decisions = plan.decisions.clone();
            plan.twin.decisions.works = works;
        });
        assert_eq!(found, [format!("twin: twin: work south/lease: {needless}")]);
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
