//! A work that is carried out, with the facts it names and its months.

use super::case::Case;
use super::locks::work_started;
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::site::Site;
use crate::domain::work::{Effect, Work};
use crate::plan;
use crate::units::GrossMw;

/// A work whose name resolves.
pub(super) struct Job<'a> {
    pub(super) decision: &'a plan::Work,
    pub(super) work: &'a Work,
    /// Its first month.
    pub(super) start: Month,
    /// `f`: the first month after it.
    pub(super) finish: Month,
    /// It has started before the horizon, as a lock says.
    pub(super) started: bool,
}

impl<'a> Job<'a> {
    /// Looks up what a decision names; `None` when there is no such work.
    pub(super) fn resolve(fleet: &'a Fleet, decision: &'a plan::Work) -> Option<Self> {
        let work = fleet.work(&decision.work)?;
        let start = fleet.calendar.month_of(decision.start);
        let finish = start.plus(work.months);
        Some(Self { decision, work, start, finish, started: work_started(fleet, decision) })
    }
}

impl Case<'_> {
    /// Whether a work is finished when a month begins.
    pub(super) fn finished_by(&self, work: &Work, month: Month) -> bool {
        self.jobs.iter().any(|job| job.work.id == work.id && job.finish <= month)
    }

    /// What finished works add at a site in a period.
    pub(super) fn added(&self, site: &Site, period: Period, of: impl Fn(&Effect) -> GrossMw) -> GrossMw {
        let first = self.fleet.calendar.first_month(period);
        let finished = self.jobs.iter().filter(|job| job.finish <= first);
        finished.filter_map(|job| job.work.effect_at(&site.id)).map(of).sum()
    }
}

/// A work as a finding names it.
pub(super) fn name(decision: &plan::Work) -> String {
    format!("work {}", decision.work)
}
