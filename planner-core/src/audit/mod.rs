//! The second opinion: every rule and every cent told again from the inputs
//! and the decisions, without the code that made the plan.
//!
//! Nothing here may panic, whatever a plan file says: what cannot be
//! understood is a finding like any other.

mod ballast;
mod bound;
mod budget;
mod case;
mod certificate;
mod column;
mod conversions;
mod crews;
mod dates;
mod findings;
mod firm_power;
mod hall_count;
mod herd;
mod identity;
mod job;
mod ledger;
mod locks;
mod long_lead;
mod machine_balance;
mod minimum_bill;
mod money;
mod npv;
mod offer_choice;
mod offer_size;
mod policy_hashrate;
mod policy_mix;
mod policy_region;
mod policy_tenant;
mod racks;
mod schedule;
mod site_power;
mod site_setup;
mod site_state;
mod sites_left;
mod speculation;
mod storage;
mod tenure;
mod twin;
mod works_before_service;
mod works_order;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod fixture_leaving;
#[cfg(test)]
mod fixture_works;
#[cfg(test)]
mod tampering;

use crate::domain::Fleet;
use crate::domain::ids::SiteId;
use crate::domain::offer::Offer;
use crate::plan::ledger::LedgerLine;
use crate::plan::{AuditSummary, Conversion, Decisions, Finding, OfferDecision, Plan, Settings};
use crate::units::ItMw;
pub use bound::{Bound, bound};
use case::Case;
use column::Column;
use findings::Findings;

/// Judges one set of decisions.
type Rule = fn(&Case, &mut Findings);
/// Judges the head of a plan by its own case and its twin's.
type HeadRule = fn(&Plan, &Case, &Case, &mut Findings);

/// What one set of decisions must keep, in reading order. The plan and its twin
/// are judged alike.
const RULES: &[(&str, Rule)] = &[
    ("conversions", conversions::check),
    ("dates", dates::check),
    ("hall_count", hall_count::check),
    ("site_power", site_power::check),
    ("firm_power", firm_power::check),
    ("racks", racks::check),
    ("machine_balance", machine_balance::check),
    ("ballast", ballast::check),
    ("site_state", site_state::check),
    ("works_order", works_order::check),
    ("works_before_service", works_before_service::check),
    ("crews", crews::check),
    ("long_lead", long_lead::check),
    ("locks", locks::check),
    ("offer_size", offer_size::check),
    ("offer_choice", offer_choice::check),
    ("speculation", speculation::check),
    ("policy_mix", policy_mix::check),
    ("policy_hashrate", policy_hashrate::check),
    ("policy_tenant", policy_tenant::check),
    ("policy_region", policy_region::check),
    ("budget", budget::check),
    ("site_setup", site_setup::check),
    ("minimum_bill", minimum_bill::check),
    ("ledger", ledger::check),
];

/// What the head of a plan must say about its two ledgers.
const HEAD: &[(&str, HeadRule)] = &[
    ("npv", npv::check),
    ("certificate", certificate::check),
    ("prices", bound::check),
    ("twin", twin::check),
    ("sites_left", sites_left::check),
];

/// Fields of a plan file that no audit can judge in full, as JSON pointers, and why.
pub const NOT_JUDGED: &[(&str, &str)] = &[
    ("/schema_version", "a file of another layout is refused before it is audited"),
    (
        "/bound_usd",
        "the solver's proof is its word: only a bound below the plan is found, and a gap or status that does not follow",
    ),
    ("/rounding_usd", "by how much the solver's bound was raised, up to what a proof forgives"),
    ("/status", "whether a limit or thousandths of machines left more than the gap"),
    (
        "/prices",
        "any price from zero on proves a bound: what is found is a stated bound that does not follow from them",
    ),
    (
        "/sites_left",
        "the solver's words: what is found is a site that is not left, and a reason that the inputs contradict",
    ),
    ("/settings/gap", "a wish: a plan within half a percent is within one percent too"),
    ("/settings/time_limit_seconds", "a wish: a plan that was found in a minute is one of an hour too"),
    ("/settings/budget", "a wish: a plan of 100 M$ keeps a cap of 200 M$ too"),
    ("/settings/include_loi", "a wish: a plan without letters of intent is one where they count, too"),
    ("/provenance", "where the plan comes from, with the hashes of its files: no part of it"),
    ("/solver", "the solver's name"),
    ("/audit", "what a file says of its own audit does not count"),
];

/// Every rule by its one name.
pub fn rule_names() -> impl Iterator<Item = &'static str> {
    let (rules, head) = (RULES.iter().map(|(name, _)| *name), HEAD.iter().map(|(name, _)| *name));
    std::iter::once("identity").chain(rules).chain(head)
}

/// What decisions bring, and what stands against them.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Every line that follows from them.
    pub ledger: Vec<LedgerLine>,
    /// Rules that they break.
    pub findings: Vec<Finding>,
}

/// Judges decisions that nobody has priced: their ledger is told from the inputs alone.
#[must_use]
pub fn judge(fleet: &Fleet, settings: &Settings, decisions: &Decisions) -> Judgement {
    let ledger = priced(fleet, settings, decisions);
    let mut found = Findings::default();
    rules(&Case::new(fleet, settings, decisions, &ledger), "", &mut found);
    Judgement { ledger, findings: found.into_summary().findings }
}

/// The ledger that follows from decisions, told from the inputs alone.
#[must_use]
pub fn priced(fleet: &Fleet, settings: &Settings, decisions: &Decisions) -> Vec<LedgerLine> {
    Case::new(fleet, settings, decisions, &[]).ledger
}

/// A conversion with the dates and the load that follow from its start.
///
/// # Errors
/// With what it names that is not there, in words.
pub fn dated(fleet: &Fleet, conversion: &Conversion) -> Result<Conversion, String> {
    Ok(dates::dated(&fleet.calendar, &Column::resolve(fleet, conversion)?))
}

/// Decisions with the dates of their conversions and the offers that they serve told again.
#[must_use]
pub fn settled(fleet: &Fleet, decisions: &Decisions) -> Decisions {
    let told = |conversion: &Conversion| dated(fleet, conversion).unwrap_or_else(|_| conversion.clone());
    let conversions: Vec<Conversion> = decisions.conversions.iter().map(told).collect();
    let offer = |offer: &Offer| {
        let own: Vec<&Conversion> = conversions.iter().filter(|one| one.offer.as_ref() == Some(&offer.id)).collect();
        let mut sites: Vec<SiteId> = own.iter().map(|one| one.site.clone()).collect();
        sites.sort();
        sites.dedup();
        let critical_it: ItMw = own.iter().map(|one| one.critical_it).sum();
        OfferDecision { offer: offer.id.clone(), accepted: !own.is_empty(), sites, critical_it }
    };
    let offers = fleet.offers.iter().map(offer).collect();
    Decisions { conversions, offers, ..decisions.clone() }
}

fn rules(case: &Case, scope: &'static str, found: &mut Findings) {
    for (rule, check) in RULES {
        found.begin(rule, scope);
        check(case, found);
    }
}

/// Checks a plan against its own inputs.
#[must_use]
pub fn audit(plan: &Plan) -> AuditSummary {
    let mut found = Findings::default();
    found.begin("identity", "");
    identity::check(plan, &mut found);
    // Without a usable calendar and deck no later rule can be told.
    if identity::usable(&plan.inputs, &mut found) {
        let own = Case::new(&plan.inputs, &plan.settings, &plan.decisions, &plan.ledger);
        let twin = Case::new(&plan.inputs, &plan.settings, &plan.twin.decisions, &plan.twin.ledger).without_policies();
        rules(&own, "", &mut found);
        rules(&twin, "twin: ", &mut found);
        for (rule, check) in HEAD {
            found.begin(rule, "");
            check(plan, &own, &twin, &mut found);
        }
    }
    found.into_summary()
}
