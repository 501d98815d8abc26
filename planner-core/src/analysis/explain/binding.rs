//! The first rule that keeps an alternative out: it is put beside what the plan does, at the start at which it earns most,
//! and the audit says what that breaks. Machines are left out of account, and with them the rules about them.

use serde::Serialize;

use super::alternative::Alternative;
use crate::audit::{judge, settled};
use crate::domain::Fleet;
use crate::model::scale;
use crate::options::{HallOption, Options};
use crate::plan::{Conversion, Decisions, Finding, Plan};

/// Rules in the order in which they are named.
const RULES: &[&str] = &[
    "locks",
    "hall_count",
    "offer_size",
    "offer_choice",
    "speculation",
    "budget",
    "crews",
    "long_lead",
    "works_before_service",
    "conversions",
    "firm_power",
    "site_power",
    "policy_mix",
    "policy_tenant",
    "policy_region",
];

/// What keeps an alternative out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// A rule, by its one name; whom it concerns and when; what it allows.
    Rule(Finding),
    /// No rule: it earns less than mining and what it displaces.
    Worth,
    /// No option exists: why the one that came closest does not.
    NoOption(String),
}

/// The first rule that an alternative with options breaks beside the plan's own decisions.
pub(crate) fn binding(plan: &Plan, options: &Options, of: &Alternative) -> Binding {
    let fleet = &plan.inputs;
    let mut own = plan.decisions.clone();
    own.machines.clear();
    let before = judge(fleet, &plan.settings, &own).findings;
    let after = judge(fleet, &plan.settings, &settled(fleet, &beside(fleet, options, own, of))).findings;
    let new = after.into_iter().filter(|finding| !before.contains(finding));
    let ranked = new.filter_map(|finding| Some((RULES.iter().position(|rule| *rule == finding.rule)?, finding)));
    // The audit tells periods in order: the first of a rule is the earliest.
    let first = ranked.min_by_key(|(rank, _)| *rank);
    first.map_or(Binding::Worth, |(_, finding)| Binding::Rule(finding))
}

/// Decisions with as many halls as the offer asks for at least, or as there are, at the start at which a hall earns most.
fn beside(fleet: &Fleet, options: &Options, mut decisions: Decisions, of: &Alternative) -> Decisions {
    let worth = |option: &HallOption| scale::value(&fleet.calendar, &option.lines);
    let mut here: Vec<&HallOption> =
        options.halls.iter().filter(|option| Alternative::of_option(fleet, option) == *of).collect();
    here.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    let mut missing = fleet.offer(&of.offer).map_or(0.0, |offer| offer.min.get());
    let mut taken: Vec<usize> = vec![];
    for option in here {
        if taken.contains(&option.hall) || (missing <= 1e-6 && !taken.is_empty()) {
            continue;
        }
        taken.push(option.hall);
        let hall = &fleet.sites[option.site].halls[option.hall];
        let of_one = option.critical_it.get();
        // Counts are small.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let wanted = ((missing / of_one - 1e-9).ceil().max(1.0) as u32).min(hall.count);
        missing -= of_one * f64::from(wanted);
        let day = |month| fleet.calendar.month_start(month);
        let same = |one: &&mut Conversion| {
            Alternative::of(one) == *of && one.hall == hall.id && one.start == day(option.start)
        };
        if let Some(known) = decisions.conversions.iter_mut().find(same) {
            known.halls += wanted;
            continue;
        }
        decisions.conversions.push(Conversion {
            site: of.site.clone(),
            hall: hall.id.clone(),
            retrofit: of.retrofit.clone(),
            offer: option.offer.map(|_| of.offer.clone()),
            halls: wanted,
            start: day(option.start),
            mining_off: None,
            ready: day(option.dates.ready),
            commencement: day(option.dates.commencement),
            term_end: day(option.dates.term_end),
            critical_it: option.critical_it,
            phases: vec![],
        });
    }
    decisions
}
