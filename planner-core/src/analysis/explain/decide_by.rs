//! The last start at which a conversion keeps its offer, and what waiting costs.

use jiff::civil::Date;
use serde::Serialize;

use super::alternative::Alternative;
use super::question::Questions;
use crate::domain::ids::HallId;
use crate::domain::policy::{Lock, LockKind};
use crate::options::{HallOption, Options};
use crate::plan::Conversion;
use crate::solve::SolveError;
use crate::units::{ItMw, UsdCents};

/// How long a conversion can wait.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DecideBy {
    /// Which hall group.
    pub hall: HallId,
    /// Halls that the plan converts so.
    pub halls: u32,
    /// First of their starts in the plan.
    pub start: Date,
    /// Last start at which the offer is kept, by dates alone.
    pub last_start: Date,
    /// Why it cannot start later.
    pub then: String,
    /// NPV lost when none of them starts before the next period; `None` where no plan does that.
    pub waiting_usd: Option<UsdCents>,
    /// The loss may be so much greater or less, by the gaps of both plans.
    pub gap_usd: UsdCents,
}

impl Questions<'_> {
    /// How long each hall group of a chosen alternative can wait; what has started is left out.
    pub(crate) fn decide_by(&self, options: &Options, of: &Alternative) -> Result<Vec<DecideBy>, SolveError> {
        let calendar = &self.plan.inputs.calendar;
        let own: Vec<&Conversion> =
            self.plan.decisions.conversions.iter().filter(|one| Alternative::of(one) == *of).collect();
        let mut halls: Vec<&HallId> = own.iter().map(|one| &one.hall).collect();
        halls.dedup();
        let mut found = vec![];
        for hall in halls {
            let group: Vec<&Conversion> =
                own.iter().filter(|one| one.hall == *hall && one.start >= calendar.start).copied().collect();
            let Some(start) = group.iter().map(|one| one.start).min() else { continue };
            let count = group.iter().map(|one| one.halls).sum();
            let Some((last_start, then)) = self.last_start(options, of, hall) else { continue };
            let (waiting_usd, gap_usd) = self.waiting(of, hall, count, start)?;
            found.push(DecideBy { hall: hall.clone(), halls: count, start, last_start, then, waiting_usd, gap_usd });
        }
        Ok(found)
    }

    /// By dates alone; and why not later.
    fn last_start(&self, options: &Options, of: &Alternative, hall: &HallId) -> Option<(Date, String)> {
        let (fleet, calendar) = (&self.plan.inputs, &self.plan.inputs.calendar);
        let of_hall = |option: &&HallOption| {
            Alternative::of_option(fleet, option) == *of && fleet.sites[option.site].halls[option.hall].id == *hall
        };
        let tranche = self.needed_by(of, hall);
        let mut starts: Vec<&HallOption> = options.halls.iter().filter(of_hall).collect();
        starts.sort_by_key(|option| option.start);
        let in_time =
            |option: &&&HallOption| tranche.is_none_or(|by| calendar.month_start(option.dates.commencement) <= by);
        let last = starts.iter().rev().find(in_time)?;
        let refused = options.refused.iter().filter(|refusal| {
            (&refusal.site, &refusal.retrofit, &refusal.offer, &refusal.hall)
                == (&of.site, &of.retrofit, &of.offer, hall)
        });
        let mut later =
            refused.filter(|refusal| refusal.start.is_some_and(|start| calendar.first_month(start) > last.start));
        let then = if let Some(by) = tranche.filter(|_| starts.last().is_some_and(|latest| latest.start > last.start)) {
            format!("the offer's load must have commenced by {by}")
        } else if let Some(refusal) = later.next() {
            refusal.reason.clause().to_owned()
        } else {
            "the portfolio starts nothing later".to_owned()
        };
        Some((calendar.month_start(last.start), then))
    }

    /// The first date by which the offer lacks load without these halls.
    fn needed_by(&self, of: &Alternative, hall: &HallId) -> Option<Date> {
        let others = |by: Date| -> ItMw {
            let all = self.plan.decisions.conversions.iter();
            let others = all.filter(|one| one.offer_name() == of.offer.as_str() && one.commencement <= by);
            others.filter(|one| Alternative::of(one) != *of || one.hall != *hall).map(|one| one.critical_it).sum()
        };
        let tranches = &self.plan.inputs.offer(&of.offer)?.tranches;
        tranches.iter().find(|tranche| others(tranche.by) + ItMw::ONE_KILOWATT < tranche.min).map(|tranche| tranche.by)
    }

    /// What is lost when as many halls start, but none before the next period.
    fn waiting(
        &self,
        of: &Alternative,
        hall: &HallId,
        halls: u32,
        start: Date,
    ) -> Result<(Option<UsdCents>, UsdCents), SolveError> {
        let mut fleet = self.plan.inputs.clone();
        let calendar = fleet.calendar.clone();
        let lock = |kind, start| Lock { hall: Some(hall.clone()), start, halls, ..of.lock(kind) };
        fleet.locks.push(lock(LockKind::Force, None));
        let early = calendar.start_periods().map(|period| calendar.period_start(period)).filter(|day| *day <= start);
        fleet.locks.extend(early.map(|day| lock(LockKind::Forbid, Some(day))));
        let later = self.best(&fleet, &self.plan.settings, None, None)?;
        let Some(later) = later else { return Ok((None, UsdCents::default())) };
        let gap = self.plan.gap_usd.0 + (later.bound - later.npv);
        Ok((Some(UsdCents(self.plan.npv_usd.0 - later.npv)), UsdCents(gap)))
    }
}
