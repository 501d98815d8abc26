//! Why no plan exists: what contradicts what, and the least repairs.
//!
//! A conflict is found by lifting limits: first what is wanted (signed offers, locks, policies), then what stands in
//! its way. A limit without which there still is no plan is innocent and stays lifted; what is left is irreducible. A
//! repair changes one limit and keeps all others, by the least amount with which a plan exists.
//!
//! Every question is put to the model built from changed facts, so that options refused under the old facts count; see
//! `question` for what may be left out of it. What is there only to earn or to save is no member of any conflict:
//! mothballs, sale of a site, least bills for energy. Crews do not work on works, so works and crews conflict only
//! through the conversions that need both.

mod apply;
mod case;
mod least;
mod lift;
mod limit;
mod limit_text;
mod question;
mod repair;
mod repair_text;
mod search;

use std::fmt;

use serde::Serialize;

use super::Run;
use crate::domain::Fleet;
use crate::domain::loads::misfit;
use crate::options::enumerate_capital;
use crate::plan::Settings;
use case::Case;
pub use limit::Limit;
pub use repair::{Change, Repair};
use search::Search;

/// The stage of looking for the reason.
const STAGE: &str = "why there is no plan";

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
                let none = if self.proved { "resolves it" } else { "is known to resolve it" };
                lines.push(format!("no single change of these {none}"));
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
            let early = "the search ended early: not all that is named need be to blame, and more may be";
            lines.push(early.to_owned());
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
    run.stage(STAGE);
    let search = Search::new(run);
    let start = Case::new(fleet, settings);
    let (mut case, mut found) = (start.clone(), vec![]);
    while found.len() < MOST_CONFLICTS && search.impossible(&case) {
        let limits = search.conflict(&case);
        let resolved = resolved(&case, &limits);
        if resolved.is_empty() {
            break;
        }
        case = case.lifted(&resolved);
        found.push((limits, resolved));
    }
    let conflicts = found.iter().enumerate().map(|(at, (limits, _))| {
        let others = found.iter().enumerate().filter(|(other, _)| *other != at);
        let base = start.lifted(others.flat_map(|(_, (_, resolved))| resolved));
        let named = limits.iter().map(|limit| (limit.clone(), named(limit, &start))).collect();
        Conflict { limits: named, repairs: search.repairs(base, limits) }
    });
    Diagnosis { conflicts: conflicts.collect(), proved: search.proved() && !run.stopped() }
}

/// The member that is lifted to see what else contradicts, with what its repair changes too: just one, since another
/// contradiction may share the rest. What is wanted goes last, and before it sizes, because without them nothing else may
/// be wrong any more.
fn resolved(case: &Case, limits: &[Limit]) -> Vec<Limit> {
    let demands = limit::demands(case);
    let rank = |limit: &&Limit| (!demands.contains(limit), !limit.is_size());
    let Some(member) = limits.iter().max_by_key(rank) else { return vec![] };
    [member.clone()].into_iter().chain(member.changed_with()).collect()
}

/// A limit in words; with what keeps a signed offer from every hall, where no hall can serve it.
fn named(limit: &Limit, case: &Case) -> String {
    let text = limit.text(case);
    let Limit::Signed { offer } = limit else { return text };
    let facts = case.facts();
    let (sites, retrofits): (Vec<_>, Vec<_>) = (facts.sites.iter().collect(), facts.retrofits.iter().collect());
    let nearest =
        facts.offer(offer).and_then(|offer| misfit(offer, &sites, &retrofits)).map_or_else(String::new, |to| {
            let place = to.site.map_or_else(|| "all its sites".to_owned(), |site| format!("`{site}`"));
            let load = limit_text::figure(to.load.get(), 6);
            format!("; the load nearest to its size that whole halls carry is {load} MW-IT at {place}")
        });
    let options = enumerate_capital(&facts, &case.settings);
    if options.halls.iter().any(|option| option.offer.is_some_and(|at| facts.offers[at].id == *offer)) {
        return text + &nearest;
    }
    let refused = options.refused.iter().filter(|refusal| refusal.offer == *offer);
    let mut why: Vec<String> =
        refused.map(|refusal| format!("{} at `{}`", refusal.reason.clause(), refusal.site)).collect();
    why.sort();
    why.dedup();
    let why = if why.is_empty() { "no hall allows a retrofit".to_owned() } else { why.join("; ") };
    format!("{text}, and no hall can serve it: {why}{nearest}")
}
