//! Why no plan exists: what contradicts what, and the least repairs.
//!
//! A conflict is found by lifting limits: first what is wanted (signed offers, locks, policies), then what stands in
//! its way. A limit without which there still is no plan is innocent and stays lifted; what is left is irreducible. A
//! repair changes one limit and keeps all others, by the least amount with which a plan exists.
//!
//! Every question is put to the model built from changed facts, so that options refused under the old facts count.

mod case;
mod limit;
mod repair;

use std::cell::Cell;
use std::fmt;

use serde::Serialize;

use super::Run;
use crate::domain::Fleet;
use crate::domain::ids::{OfferId, SiteId};
use crate::options::enumerate;
use crate::plan::Settings;
use case::Case;
pub use limit::Limit;
use repair::Unit;
pub use repair::{Change, Repair};

/// Contradictions of one portfolio that are told apart.
const MOST_CONFLICTS: usize = 5;

/// Why no plan exists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// Each needs a repair of its own. Empty where the search was interrupted before it found any.
    pub conflicts: Vec<Conflict>,
    /// Whether every limit named is proved to be needed for its conflict.
    pub proved: bool,
}

/// Limits that cannot all be kept, though any but one of them could.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The limits, with their figures in words.
    pub limits: Vec<(Limit, String)>,
    /// Each alone resolves it.
    pub repairs: Vec<Repair>,
}

impl fmt::Display for Diagnosis {
    /// One line; [`Diagnosis::lines`] says all of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limits = |conflict: &Conflict| {
            let texts: Vec<&str> = conflict.limits.iter().map(|(_, text)| text.as_str()).collect();
            texts.join("; ")
        };
        let conflicts: Vec<String> = self.conflicts.iter().map(limits).collect();
        if conflicts.is_empty() {
            f.write_str("the rules contradict one another")
        } else {
            f.write_str(&conflicts.join(" / "))
        }
    }
}

impl Diagnosis {
    /// The whole of it, a line each.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec!["no plan exists".to_owned()];
        for conflict in &self.conflicts {
            lines.push("these contradict one another:".to_owned());
            lines.extend(conflict.limits.iter().map(|(_, text)| format!("  * {text}")));
            if conflict.repairs.is_empty() {
                lines.push("no single change of these resolves it".to_owned());
                continue;
            }
            lines.push("any one of these resolves it:".to_owned());
            lines.extend(conflict.repairs.iter().map(|repair| format!("  * {}", repair.text)));
        }
        match self.conflicts.len() {
            0 => lines.push("the search for what contradicts what was not finished".to_owned()),
            1 => {}
            _ => lines.push("each contradiction needs a repair of its own".to_owned()),
        }
        if !self.proved && !self.conflicts.is_empty() {
            lines.push("the search ended early: not all of what is named need be to blame".to_owned());
        }
        lines
    }

    /// As data, for scripts.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        #[derive(Serialize)]
        struct Told<'a, T> {
            text: &'a str,
            #[serde(flatten)]
            what: &'a T,
            #[serde(skip_serializing_if = "Option::is_none")]
            amount: Option<u32>,
        }
        let conflict = |conflict: &Conflict| {
            let limits = conflict.limits.iter().map(|(what, text)| Told { text, what, amount: None });
            let repairs = conflict.repairs.iter();
            let repairs = repairs.map(|r| Told { text: &r.text, what: &r.change, amount: Some(r.amount) });
            serde_json::json!({
                "limits": limits.collect::<Vec<_>>(),
                "repairs": repairs.collect::<Vec<_>>(),
            })
        };
        serde_json::json!({
            "error": "no plan exists",
            "conflicts": self.conflicts.iter().map(conflict).collect::<Vec<_>>(),
            "proved": self.proved,
        })
    }
}

/// Finds what contradicts what in facts that leave no plan.
#[must_use]
pub fn diagnose(fleet: &Fleet, settings: &Settings, run: &Run) -> Diagnosis {
    (run.progress)(&super::Progress { stage: "why there is no plan", uplift_usd: None, bound_usd: None });
    let search = Search { run, open: Cell::new(false) };
    let start = Case::new(fleet, settings);
    let (mut case, mut found) = (start.clone(), vec![]);
    while found.len() < MOST_CONFLICTS && search.impossible(&case) {
        let limits = search.conflict(&case);
        if limits.is_empty() {
            break;
        }
        case = case.lifted(&limits);
        found.push(limits);
    }
    let conflicts = found.iter().enumerate().map(|(at, limits)| {
        let others = found.iter().enumerate().filter(|(other, _)| *other != at).flat_map(|(_, limits)| limits);
        let base = start.lifted(others);
        let named = limits.iter().map(|limit| (limit.clone(), named(limit, &start))).collect();
        Conflict { limits: named, repairs: search.repairs(base, limits) }
    });
    Diagnosis { conflicts: conflicts.collect(), proved: !search.open.get() }
}

/// A limit in words; with what keeps a signed offer from every hall, where no hall can serve it.
fn named(limit: &Limit, case: &Case) -> String {
    let text = limit.text(case);
    let Limit::Signed { offer } = limit else { return text };
    let options = enumerate(&case.facts(), &case.settings);
    if options.halls.iter().any(|option| option.offer.is_some_and(|at| case.fleet.offers[at].id == *offer)) {
        return text;
    }
    let refused = options.refused.iter().filter(|refusal| refusal.offer == *offer);
    let mut why: Vec<String> =
        refused.map(|refusal| format!("{} at `{}`", refusal.reason.clause(), refusal.site)).collect();
    why.sort();
    why.dedup();
    let why = if why.is_empty() { "no hall allows a retrofit".to_owned() } else { why.join("; ") };
    format!("{text}, and no hall can serve it: {why}")
}

/// Facts to repair.
struct Base {
    /// With all but other conflicts.
    full: Case,
    /// With the demands of this conflict alone: quicker to ask, and what is too little here is too little for all.
    small: Case,
}

/// Asks whether plans exist, and remembers whether a question stayed open.
struct Search<'a> {
    run: &'a Run<'a>,
    open: Cell<bool>,
}

impl Search<'_> {
    fn impossible(&self, case: &Case) -> bool {
        let answer = case.possible(self.run);
        self.open.set(self.open.get() || answer.is_none());
        answer == Some(false)
    }

    fn possible(&self, case: &Case) -> bool {
        let answer = case.possible(self.run);
        self.open.set(self.open.get() || answer.is_none());
        answer == Some(true)
    }

    /// An irreducible conflict of facts that leave no plan.
    fn conflict(&self, case: &Case) -> Vec<Limit> {
        let demands = limit::demands(case);
        let mut found = self.irreducible(case, &demands);
        let innocent = demands.iter().filter(|demand| !found.contains(demand));
        let case = case.lifted(innocent);
        let limits = limit::limits(&case);
        found.extend(self.irreducible(&case, &limits));
        found
    }

    /// Of these limits those that are needed for the contradiction. Many are lifted at once as long as that goes well.
    fn irreducible(&self, case: &Case, limits: &[Limit]) -> Vec<Limit> {
        let (mut case, mut needed, mut rest) = (case.clone(), vec![], limits);
        let mut size = rest.len();
        while !rest.is_empty() {
            size = size.clamp(1, rest.len());
            let (some, others) = rest.split_at(size);
            let without = case.lifted(some);
            if self.impossible(&without) {
                (case, rest, size) = (without, others, size * 2);
            } else if size == 1 {
                needed.extend(some.iter().cloned());
                (rest, size) = (others, others.len());
            } else {
                size /= 2;
            }
        }
        needed
    }

    /// The least change of each limit that resolves a conflict alone: money, time, power, sizes, and last what to do
    /// without.
    fn repairs(&self, full: Case, limits: &[Limit]) -> Vec<Repair> {
        let others: Vec<Limit> = limit::demands(&full).into_iter().filter(|demand| !limits.contains(demand)).collect();
        let base = &Base { small: full.lifted(&others), full };
        let mut found: Vec<Repair> = vec![];
        for limit in limits.iter().rev() {
            for repair in self.repairs_of(base, limit) {
                if !found.iter().any(|other| other.change == repair.change) {
                    found.push(repair);
                }
            }
        }
        found
    }

    fn repairs_of(&self, base: &Base, limit: &Limit) -> Vec<Repair> {
        match limit {
            Limit::Pot { pot } => self.of_pot(base, pot),
            Limit::NoPot { site } => {
                let pots = base.full.fleet.pots.iter();
                let pay = pots.map(|pot| Change::PayFor { pot: pot.id.clone(), site: site.clone() });
                let found: Vec<Repair> = pay.filter_map(|change| self.least(base, &change)).collect();
                if found.is_empty() { self.each(base, [Change::Fund { site: site.clone() }]) } else { found }
            }
            Limit::FirmPower { site } => self.of_power(base, site, false),
            Limit::Connection { site } => self.of_power(base, site, true),
            Limit::LongStop { offer } | Limit::Tranches { offer } => self.of_deadlines(base, offer, limit),
            Limit::Eligible { offer } => {
                let sites = base
                    .full
                    .fleet
                    .sites
                    .iter()
                    .filter(|site| base.full.fleet.offer(offer).is_some_and(|offer| !offer.eligible_at(site)));
                let serve = sites.map(|site| Change::ServeAt { offer: offer.clone(), site: site.id.clone() });
                self.each(base, serve)
            }
            Limit::Asked { offer } => {
                let mut classes: Vec<&String> =
                    base.full.fleet.retrofits.iter().map(|retrofit| &retrofit.class).collect();
                classes.sort();
                classes.dedup();
                let accept = classes.into_iter();
                self.each(base, accept.map(|class| Change::Accept { offer: offer.clone(), class: class.clone() }))
            }
            Limit::Lock { lock } => self.of_lock(base, *lock),
            Limit::Crew { crew } => {
                self.each(base, [Change::CrewHalls { crew: crew.clone() }, Change::CrewLoad { crew: crew.clone() }])
            }
            simple => simple.change().into_iter().filter_map(|change| self.least(base, &change)).collect(),
        }
    }

    fn each(&self, base: &Base, changes: impl IntoIterator<Item = Change>) -> Vec<Repair> {
        changes.into_iter().filter_map(|change| self.least(base, &change)).collect()
    }

    /// With carry-over, the latest day by which the least amount must be there; without, the release that costs least.
    fn of_pot(&self, base: &Base, id: &crate::domain::ids::PotId) -> Vec<Repair> {
        let Some(pot) = base.full.fleet.pots.iter().find(|pot| pot.id == *id) else { return vec![] };
        let start = base.full.fleet.calendar.start;
        let raise = |from, lapses| Change::Pot { pot: id.clone(), from, lapses };
        if pot.carry_over {
            let Some(first) = self.least(base, &raise(start, false)) else { return vec![] };
            return vec![self.latest(base, &first, |from| raise(from, false))];
        }
        let mut days: Vec<_> = pot.release.iter().map(|release| release.from).collect();
        if days.first().is_none_or(|first| *first > start) {
            days.insert(0, start);
        }
        let windows = days.into_iter().filter_map(|day| self.least(base, &raise(day, true)));
        let mut found: Vec<Repair> = windows.min_by_key(|repair| repair.amount).into_iter().collect();
        found.extend(self.least(base, &Change::CarryOver { pot: id.clone() }));
        found
    }

    /// One of connection and firm power alone, or else both.
    fn of_power(&self, base: &Base, site: &SiteId, grid: bool) -> Vec<Repair> {
        let start = base.full.fleet.calendar.start;
        for (connection, firm) in [(grid, !grid), (true, true)] {
            let more = |from| Change::Power { site: site.clone(), connection, firm, from };
            if let Some(first) = self.least(base, &more(start)) {
                return vec![self.latest(base, &first, more)];
            }
        }
        vec![]
    }

    /// The deadline alone, or else all of the offer's.
    fn of_deadlines(&self, base: &Base, offer: &OfferId, limit: &Limit) -> Vec<Repair> {
        let offer = || offer.clone();
        let mut found = match limit {
            Limit::LongStop { .. } => self.each(base, [Change::LongStop { offer: offer() }]),
            _ => self.each(base, [Change::Tranches { offer: offer() }]),
        };
        if found.is_empty() {
            found = self.each(base, [Change::Deadlines { offer: offer() }]);
        }
        if matches!(limit, Limit::Tranches { .. }) {
            found.extend(self.least(base, &Change::TrancheLoad { offer: offer() }));
        }
        found
    }

    /// Fewer halls where some are left, or none at all; what has started is a fact.
    fn of_lock(&self, base: &Base, lock: usize) -> Vec<Repair> {
        use crate::domain::policy::LockKind;
        let Some(locked) = lock.checked_sub(1).and_then(|at| base.full.fleet.locks.get(at)) else { return vec![] };
        if locked.kind == LockKind::Started {
            return vec![];
        }
        let mut found = vec![];
        if locked.kind == LockKind::Force && locked.work.is_none() && locked.halls > 1 {
            found.extend(self.least(base, &Change::LockHalls { lock }).filter(|fewer| fewer.amount < locked.halls));
        }
        found.extend(self.least(base, &Change::LeaveOut { lock }));
        found
    }

    /// The same repair from the latest period on from which it still is one.
    fn latest(&self, base: &Base, first: &Repair, change: impl Fn(jiff::civil::Date) -> Change) -> Repair {
        let calendar = &base.full.fleet.calendar;
        let at = |period| {
            let from = calendar.period_start(crate::domain::calendar::Period(period));
            change(from).by(first.amount, &base.full.fleet)
        };
        let among = |case: &Case, periods: u32| {
            let (mut good, mut bad) = (0, periods);
            while bad - good > 1 {
                let middle = u32::midpoint(good, bad);
                if self.possible(&case.repaired(&at(middle))) { good = middle } else { bad = middle }
            }
            good
        };
        let latest = among(&base.small, calendar.periods);
        let enough = latest == 0 || self.possible(&base.full.repaired(&at(latest)));
        at(if enough { latest } else { among(&base.full, latest) })
    }

    /// The least amount of a change with which a plan exists.
    fn least(&self, base: &Base, change: &Change) -> Option<Repair> {
        let fleet = &base.full.fleet;
        let by = |amount| change.clone().by(amount, fleet);
        let least = |case: &Case, above: u32| {
            let good = |amount| self.possible(&case.repaired(&by(amount)));
            let most = most(&base.full, change);
            if most <= above || !good(most) {
                return None;
            }
            // Go up in growing steps until it is enough, then halve.
            let step = if change.unit() == Unit::Money { 1024 } else { 8 };
            let (mut short, mut enough) = (above, most.min(above.saturating_add(step)));
            while enough < most && !good(enough) {
                (short, enough) = (enough, enough.saturating_mul(4).min(most));
            }
            while enough - short > 1 {
                let middle = u32::midpoint(short, enough);
                if good(middle) { enough = middle } else { short = middle }
            }
            Some(enough)
        };
        let amount = least(&base.small, 0)?;
        let enough = self.possible(&base.full.repaired(&by(amount)));
        let amount = if enough { amount } else { least(&base.full, amount)? };
        Some(by(amount))
    }
}

/// The greatest amount of a change that has a meaning.
fn most(case: &Case, change: &Change) -> u32 {
    // Amounts are small and positive.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let tenths = |load: f64| ((load * 10.0).ceil() as u32).saturating_sub(1);
    let fleet = &case.fleet;
    match change {
        // Something of the size is left.
        Change::LeastSize { offer } => fleet.offer(offer).map_or(0, |offer| tenths(offer.min.get())),
        Change::TrancheLoad { offer } => {
            let last = fleet.offer(offer).and_then(|offer| offer.tranches.last());
            last.map_or(0, |tranche| tenths(tranche.min.get()))
        }
        Change::HashrateFloor => fleet.policies.hashrate.map_or(0, |policy| tenths(policy.floor.get() / 1e5)),
        Change::MixShare => fleet.policies.mix.map_or(0, |policy| tenths(policy.share.0 * 100.0)),
        Change::LockHalls { lock } => fleet.locks.get(lock.saturating_sub(1)).map_or(0, |lock| lock.halls),
        Change::Halls { .. } | Change::CrewHalls { .. } | Change::Deliveries { .. } => 200,
        Change::Horizon => 60 / u32::try_from(fleet.calendar.period.months()).unwrap_or(1),
        _ => match change.unit() {
            Unit::Money => 1_000_000_000,
            Unit::Power => 100_000,
            Unit::Whole => 1_500,
            Unit::Once => 1,
            Unit::Hashrate | Unit::Share => 0,
        },
    }
}

impl Limit {
    /// The change of this limit, where there is just one kind.
    fn change(&self) -> Option<Change> {
        Some(match self.clone() {
            Self::PolicyMix => Change::MixShare,
            Self::PolicyHashrate => Change::HashrateFloor,
            Self::PolicyTenant => Change::TenantFree,
            Self::PolicyRegion => Change::RegionFree,
            Self::Signed { offer } => Change::DoWithout { offer },
            Self::Horizon => Change::Horizon,
            Self::LatestStart => Change::LatestStart,
            Self::OneSite { offer } => Change::Split { offer },
            Self::GreatestSize { offer } => Change::GreatestSize { offer },
            Self::LeastSize { offer } => Change::LeastSize { offer },
            Self::Earliest { offer } => Change::Earliest { offer },
            Self::Letter { offer } => Change::PlanOn { offer },
            Self::Group { group } => Change::Group { group },
            Self::ExclusiveSite { site } => Change::NotExclusive { site },
            Self::Racks { site } => Change::Racks { site },
            Self::Lease { site } => Change::Lease { site },
            Self::Halls { site, hall } => Change::Halls { site, hall },
            Self::Budget => Change::Budget,
            Self::MerchantCap => Change::MerchantCap,
            Self::Absorption { market } => Change::Absorption { market },
            Self::LongLead { item } => Change::Deliveries { item },
            _ => return None,
        })
    }
}
