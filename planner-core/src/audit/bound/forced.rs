//! Prices of `locks` of the kind `force`: a hall of those that a lock names, or the work. What is forbidden is no choice.

use super::prices::Prices;
use crate::audit::case::Case;
use crate::audit::job::Job;
use crate::audit::locks::names;
use crate::domain::policy::{Lock, LockKind};
use crate::plan::Conversion;

/// Locks that force, with their prices, and those that forbid.
pub(super) struct Forced<'a> {
    force: Vec<(&'a Lock, f64)>,
    forbid: Vec<&'a Lock>,
}

impl<'a> Forced<'a> {
    pub(super) fn new(case: &'a Case<'a>, prices: &mut Prices) -> Self {
        let locks = || case.fleet.locks.iter();
        let numbered = (1..).zip(locks()).filter(|(_, lock)| lock.kind == LockKind::Force);
        let force = numbered.map(|(number, lock)| (lock, prices.take("locks", &format!("force,{number}"))));
        Self { force: force.collect(), forbid: locks().filter(|lock| lock.kind == LockKind::Forbid).collect() }
    }

    /// Price × limit: so many halls at least, or the work.
    pub(super) fn limits(&self) -> f64 {
        let asked = |lock: &Lock| if lock.work.is_some() { 1.0 } else { f64::from(lock.halls) };
        -self.force.iter().map(|(lock, price)| price * asked(lock)).sum::<f64>()
    }

    /// What one hall brings; `None` where it is forbidden.
    pub(super) fn by_hall(&self, conversion: &Conversion) -> Option<f64> {
        if self.forbid.iter().any(|lock| names(lock, conversion)) {
            return None;
        }
        Some(self.force.iter().filter(|(lock, _)| names(lock, conversion)).map(|(_, price)| price).sum())
    }

    /// What a work brings; `None` where it is forbidden.
    pub(super) fn by_work(&self, job: &Job) -> Option<f64> {
        let names = |lock: &Lock| {
            lock.work.as_ref() == Some(&job.work.id) && lock.start.is_none_or(|start| start == job.decision.start)
        };
        if self.forbid.iter().any(|lock| names(lock)) {
            return None;
        }
        Some(self.force.iter().filter(|(lock, _)| names(lock)).map(|(_, price)| price).sum())
    }
}
