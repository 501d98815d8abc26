//! What a policy or a lock costs: the plan with it beside the plan without it.

use std::fmt;
use std::str::FromStr;

use crate::domain::Fleet;
use crate::domain::policy::{LockKind, Policies};
use crate::options::enumerate;
use crate::plan::{Plan, Settings};
use crate::solve::{Run, SolveError, improve};
use crate::units::{Cents, UsdCents};

/// A rule that can be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// `policy_mix`
    Mix,
    /// `policy_hashrate`
    Hashrate,
    /// `policy_tenant`
    Tenant,
    /// `policy_region`
    Region,
    /// `locks`: every lock but what has started.
    Locks,
    /// `lock:2`: the second lock of the file.
    Lock(usize),
}

const NAMES: &[(Rule, &str)] = &[
    (Rule::Mix, "policy_mix"),
    (Rule::Hashrate, "policy_hashrate"),
    (Rule::Tenant, "policy_tenant"),
    (Rule::Region, "policy_region"),
    (Rule::Locks, "locks"),
];

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lock(number) => write!(f, "lock:{number}"),
            named => f.pad(NAMES.iter().find(|(rule, _)| rule == named).map_or("", |(_, name)| name)),
        }
    }
}

impl FromStr for Rule {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let lock = text.strip_prefix("lock:").and_then(|number| number.parse().ok());
        let named = || NAMES.iter().find(|(_, name)| *name == text).map(|(rule, _)| *rule);
        lock.map(Self::Lock).or_else(named).ok_or_else(|| {
            let known: Vec<&str> = NAMES.iter().map(|(_, name)| *name).collect();
            format!("`{text}` is none of {}, lock:<number>", known.join(", "))
        })
    }
}

impl Rule {
    /// The facts without the rule; `None` when they have no such rule. What has started is a fact, not a rule.
    #[must_use]
    pub fn left_out_of(self, fleet: &Fleet) -> Option<Fleet> {
        let mut without = fleet.clone();
        let ruled = |policies: &mut Policies| match self {
            Self::Mix => policies.mix.take().is_some(),
            Self::Hashrate => policies.hashrate.take().is_some(),
            Self::Tenant => policies.tenant.take().is_some(),
            Self::Region => policies.region.take().is_some(),
            Self::Locks | Self::Lock(_) => false,
        };
        if ruled(&mut without.policies) {
            return Some(without);
        }
        let mut number = 0;
        without.locks.retain(|lock| {
            number += 1;
            let named = self == Self::Locks || self == Self::Lock(number);
            !named || lock.kind == LockKind::Started
        });
        (without.locks.len() < fleet.locks.len()).then_some(without)
    }
}

/// The plan with a rule beside the plan without it.
#[derive(Debug, Clone)]
pub struct Price {
    /// Which rule.
    pub rule: Rule,
    /// The plan that keeps it.
    pub with: Plan,
    /// The plan that need not.
    pub without: Plan,
}

impl Price {
    /// What the rule costs: NPV without it less NPV with it.
    #[must_use]
    pub fn cost(&self) -> UsdCents {
        UsdCents(self.without.npv_usd.0 - self.with.npv_usd.0)
    }

    /// The true cost lies between these two, by the gaps of both plans.
    #[must_use]
    pub fn between(&self) -> (UsdCents, UsdCents) {
        // Leaving a rule out never makes the best plan worse.
        let least = Cents(i64::max(self.without.npv_usd.0.0 - self.with.bound_usd.0.0, 0));
        (UsdCents(least), UsdCents(self.without.bound_usd.0 - self.with.npv_usd.0))
    }
}

/// Why a rule has no price.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoPrice {
    /// The portfolio has no such rule.
    #[error("the portfolio has no `{0}` that could be left out")]
    NoSuchRule(Rule),
    /// There is no plan with the rule.
    #[error("with `{0}`: {1}")]
    With(Rule, SolveError),
    /// There is no plan without the rule.
    #[error("without `{0}`: {1}")]
    Without(Rule, SolveError),
}

/// Plans with and without a rule. The plan with it is start and lower bound of
/// the other, so that no rule earns money.
///
/// # Errors
/// When there is no such rule, or one of the two plans does not exist or was not found.
pub fn price_of(fleet: &Fleet, settings: &Settings, rule: Rule, run: &Run) -> Result<Price, NoPrice> {
    let free = rule.left_out_of(fleet).ok_or(NoPrice::NoSuchRule(rule))?;
    let run = &run.within(settings.time_limit_seconds);
    if run.stopped() {
        return Err(NoPrice::With(rule, SolveError::NoPlanFound));
    }
    // Policies and locks on what may start never change what an option is or costs.
    let options = enumerate(fleet, settings);
    let (with, known) = improve(fleet, settings, &options, None, run).map_err(|error| NoPrice::With(rule, error))?;
    let (without, _) =
        improve(&free, settings, &options, Some(&known), run).map_err(|error| NoPrice::Without(rule, error))?;
    Ok(Price { rule, with, without })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture;
    use crate::domain::policy::{HashratePolicy, Lock};
    use crate::units::{TeraHash, Usd};

    #[test]
    fn rules_round_trip() {
        for (rule, name) in NAMES {
            assert_eq!((rule.to_string().as_str(), name.parse()), (*name, Ok(*rule)));
        }
        assert_eq!((Rule::Lock(2).to_string().as_str(), "lock:2".parse()), ("lock:2", Ok(Rule::Lock(2))));
        let known = "policy_mix, policy_hashrate, policy_tenant, policy_region, locks, lock:<number>";
        for wrong in ["lock", "lock:", "lock:x", "budget"] {
            assert_eq!(wrong.parse::<Rule>(), Err(format!("`{wrong}` is none of {known}")));
        }
    }

    #[test]
    fn a_rule_is_left_out_alone_and_what_has_started_stays() {
        let mut fleet = fixture::fleet();
        let (from, to) = (fleet.calendar.start, fleet.calendar.latest_start);
        fleet.policies.hashrate = Some(HashratePolicy { floor: TeraHash::ZERO, from, to });
        let (site, hall, retrofit, offer, start) = (None, None, None, None, None);
        let force =
            Lock { kind: LockKind::Force, site, hall, retrofit, offer, start, halls: 1, work: None, spent: Usd::ZERO };
        let started = Lock { kind: LockKind::Started, ..force.clone() };
        fleet.locks = vec![started.clone(), force.clone(), force.clone()];
        let locks = |rule: Rule| rule.left_out_of(&fleet).map(|without| without.locks);
        assert_eq!(locks(Rule::Lock(3)), Some(vec![started.clone(), force]));
        assert_eq!(locks(Rule::Locks), Some(vec![started]));
        assert_eq!(locks(Rule::Lock(1)), None, "a start is a fact");
        assert_eq!((locks(Rule::Lock(4)), locks(Rule::Mix)), (None, None));
        let without = Rule::Hashrate.left_out_of(&fleet);
        assert_eq!(without.map(|without| (without.policies, without.locks.len())), Some((Policies::default(), 3)));
    }
}
