//! Facts with some limits lifted.

use std::collections::BTreeSet;

use super::limit::Limit;
use super::question;
use super::repair::{Change, Repair};
use crate::domain::Fleet;
use crate::domain::ids::{OfferId, RetrofitId};
use crate::domain::policy::{Lock, LockKind};
use crate::options::RefusalReason;
use crate::plan::Settings;

/// Facts with some limits lifted.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) fleet: Fleet,
    pub(super) settings: Settings,
    /// Locks left out, by number: those that stay keep theirs.
    pub(super) left_out: BTreeSet<usize>,
    /// Retrofits that are others in a form that an offer accepts.
    pub(super) forms: Vec<Form>,
}

/// A retrofit in a form that just one offer takes.
#[derive(Clone)]
pub(super) struct Form {
    /// Its own id.
    pub(super) id: RetrofitId,
    /// What it is, to locks and as a first conversion of its kind at a site.
    pub(super) of: RetrofitId,
    /// Who takes it.
    pub(super) offer: OfferId,
}

impl Case {
    pub(super) fn new(fleet: &Fleet, settings: &Settings) -> Self {
        Self { fleet: fleet.clone(), settings: settings.clone(), left_out: BTreeSet::new(), forms: vec![] }
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
        self.with_locks(|number, _| !self.left_out.contains(&number))
    }

    /// The facts with everything that has started, also under a lock that is left out: to lift it takes no option
    /// away. With the numbers, in these facts, of such locks.
    pub(super) fn with_starts(&self) -> (Fleet, Vec<usize>) {
        let stays = |number: usize, lock: &Lock| !self.left_out.contains(&number) || lock.kind == LockKind::Started;
        let numbered = (1..).zip(&self.fleet.locks).filter(|(number, lock)| stays(*number, lock));
        let free = (1..).zip(numbered).filter(|(_, (number, _))| self.left_out.contains(number));
        let free = free.map(|(at, _)| at).collect();
        (self.with_locks(stays), free)
    }

    fn with_locks(&self, stays: impl Fn(usize, &Lock) -> bool) -> Fleet {
        let mut fleet = self.fleet.clone();
        let mut number = 0;
        fleet.locks.retain(|lock| {
            number += 1;
            stays(number, lock)
        });
        fleet
    }

    /// Whether an option of what is wanted is refused for a reason.
    pub(super) fn refuses(&self, reason: RefusalReason) -> bool {
        question::options(self).refused.iter().any(|refusal| refusal.reason == reason)
    }
}
