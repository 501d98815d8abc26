//! Whether facts leave any plan at all.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use super::limit::{Limit, merchant_wanted, wanted};
use super::repair::{Change, Repair};
use crate::domain::Fleet;
use crate::model::{self, Model};
use crate::options::{RefusalReason, enumerate};
use crate::plan::Settings;
use crate::solve::highs::{self, End, Limits};
use crate::solve::{Run, signed_can_be_served, without_commitment};

/// Nodes after which a question stays open: a limit that does not depend on the machine.
const PATIENCE: i32 = 2000;

/// Facts with some limits lifted.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) fleet: Fleet,
    pub(super) settings: Settings,
    /// Locks left out, by number: those that stay keep theirs.
    pub(super) left_out: BTreeSet<usize>,
}

impl Case {
    pub(super) fn new(fleet: &Fleet, settings: &Settings) -> Self {
        Self { fleet: fleet.clone(), settings: settings.clone(), left_out: BTreeSet::new() }
    }

    /// Without these limits.
    pub(super) fn lifted<'a>(&self, limits: impl IntoIterator<Item = &'a Limit>) -> Self {
        let mut case = self.clone();
        limits.into_iter().for_each(|limit| limit.lift(&mut case));
        case
    }

    /// With a repair.
    pub(super) fn repaired(&self, repair: &Repair) -> Self {
        let mut case = self.clone();
        if let Change::LeaveOut { lock } = repair.change {
            case.left_out.insert(lock);
        } else {
            repair.apply(&mut case.fleet, &mut case.settings);
        }
        case
    }

    /// The facts without the locks that are left out.
    pub(super) fn facts(&self) -> Fleet {
        let mut fleet = self.fleet.clone();
        let mut number = 0;
        fleet.locks.retain(|_| {
            number += 1;
            !self.left_out.contains(&number)
        });
        fleet
    }

    /// Whether an option of what is wanted is refused for a reason.
    pub(super) fn refuses(&self, reason: RefusalReason) -> bool {
        enumerate(&needed(self.facts()), &self.settings).refused.iter().any(|refusal| refusal.reason == reason)
    }

    /// Whether any plan exists; `None` where the search ended before that was known.
    pub(super) fn possible(&self, run: &Run) -> Option<bool> {
        if run.interrupt.load(Ordering::Relaxed) {
            return None;
        }
        let fleet = needed(self.facts());
        let options = enumerate(&fleet, &self.settings);
        if !signed_can_be_served(&fleet, &options) {
            return Some(false);
        }
        let mut model = model::build(&fleet, &self.settings, &options);
        model.variables.columns.iter_mut().for_each(|column| column.value = 0.0);
        let possible = has_solution(&model, run)?;
        // Money of an offer that is not signed may be what keeps a pot: the twin does not have it.
        let relieved = self.settings.budget.is_none() && fleet.pots.iter().any(|pot| !pot.relieved_by.is_empty());
        if possible && relieved {
            return has_solution(&without_commitment(&fleet, &options, &model), run);
        }
        Some(possible)
    }
}

fn has_solution(model: &Model, run: &Run) -> Option<bool> {
    let nodes = Some(PATIENCE);
    let limits = Limits { relative_gap: 1.0, time_limit: None, nodes, interrupt: run.interrupt, progress: &|_, _| {} };
    let solved = highs::solve(model, 0.0, None, &limits).ok()?;
    match (solved.values, solved.end) {
        (Some(_), _) => Some(true),
        (None, End::Infeasible) => Some(false),
        _ => None,
    }
}

/// Without what can neither hinder nor help: offers that nothing asks for, and machines where no policy does (they can
/// always be sold).
fn needed(mut fleet: Fleet) -> Fleet {
    let policies = &fleet.policies;
    if policies.mix.is_none() && policies.hashrate.is_none() {
        fleet.machines.clear();
        fleet.models.clear();
    }
    let kept: Vec<bool> = fleet.offers.iter().map(|offer| wanted(&fleet, offer)).collect();
    let relieved = fleet.pots.iter().any(|pot| !pot.relieved_by.is_empty());
    if !relieved {
        let mut kept = kept.into_iter();
        fleet.offers.retain(|_| kept.next().unwrap_or(true));
    }
    if !merchant_wanted(&fleet) {
        fleet.merchant = None;
    }
    fleet
}
