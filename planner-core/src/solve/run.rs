//! How a command's solves are run, until when they may go on, and what they have taken.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::plan::Provenance;

/// What finishing a plan may take once a search was stopped: the bound and the prices of what was found.
const GRACE: Duration = Duration::from_secs(1);

/// How solves are run; none of it changes a plan whose search was not stopped.
pub struct Run<'a> {
    /// Small solves at a time; each of them has one thread.
    pub threads: u32,
    /// Set to end all solves with what is known by then.
    pub interrupt: &'a AtomicBool,
    /// When all solves end with what is known by then.
    pub deadline: Option<Instant>,
    /// Counts what is solved.
    pub meter: &'a Meter,
    /// Called now and then with what is known.
    pub progress: &'a (dyn Fn(&Progress) + Sync),
    /// Where the plan comes from.
    pub provenance: Provenance,
}

impl<'a> Run<'a> {
    /// A stage begins, and nothing more is known.
    pub(crate) fn stage(&self, stage: &'static str) {
        (self.progress)(&Progress { stage, uplift_usd: None, bound_usd: None });
    }

    /// The same, to be ended after so many seconds unless it is to be ended at some time already: a limit holds for
    /// all of a command, however many plans it makes.
    #[must_use]
    pub fn within(&self, seconds: Option<f64>) -> Self {
        let end = seconds.and_then(|seconds| Instant::now().checked_add(Duration::try_from_secs_f64(seconds).ok()?));
        Run { provenance: self.provenance.clone(), deadline: self.deadline.or(end), ..*self }
    }

    /// The same without progress and with one thread, for one of many questions at a time.
    pub(crate) fn quiet(&self) -> Self {
        Run { threads: 1, progress: &|_| {}, provenance: self.provenance.clone(), ..*self }
    }

    /// Whether everything is to end with what is known.
    #[must_use]
    pub fn stopped(&self) -> bool {
        self.allowance().is_used_up()
    }

    /// What a search may take.
    pub(crate) const fn allowance(&self) -> Allowance<'a> {
        Allowance { interrupt: Some(self.interrupt), deadline: self.deadline, work: None, meter: self.meter }
    }

    /// What may be taken to finish what was found: a second where the run is stopped already.
    pub(crate) fn finishing(&self) -> Allowance<'a> {
        let grace = Instant::now().checked_add(GRACE);
        let interrupt = (!self.interrupt.load(Ordering::Relaxed)).then_some(self.interrupt);
        let deadline = if interrupt.is_some() { self.deadline.and_then(|end| Some(end.max(grace?))) } else { grace };
        Allowance { interrupt, deadline, ..self.allowance() }
    }

    /// What must be solved for there to be anything to tell.
    pub(crate) const fn without_limit(&self) -> Allowance<'a> {
        Allowance { interrupt: None, deadline: None, ..self.allowance() }
    }
}

/// Until when one solve may go on.
#[derive(Clone, Copy)]
pub(crate) struct Allowance<'a> {
    interrupt: Option<&'a AtomicBool>,
    deadline: Option<Instant>,
    /// Simplex iterations of a search: the same limit on every machine.
    work: Option<u64>,
    meter: &'a Meter,
}

impl<'a> Allowance<'a> {
    /// The same, with so much work at most.
    pub(crate) const fn with_work(self, work: Option<u64>) -> Self {
        Self { work, ..self }
    }

    /// Half of what is left: time and work.
    pub(crate) fn half(self) -> Self {
        let now = Instant::now();
        let half = |end: Instant| now + end.saturating_duration_since(now) / 2;
        Self { deadline: self.deadline.map(half), work: self.work.map(|work| work / 2), ..self }
    }

    /// Whether it is to end now.
    pub(crate) fn is_used_up(&self) -> bool {
        self.interrupt.is_some_and(|interrupt| interrupt.load(Ordering::Relaxed))
            || self.deadline.is_some_and(|end| Instant::now() >= end)
    }

    /// Whether so much work is all that it may take.
    pub(crate) fn is_worked_off(&self, work: u64) -> bool {
        self.work.is_some_and(|most| work >= most)
    }

    /// Seconds that are left.
    pub(crate) fn seconds(&self) -> Option<f64> {
        self.deadline.map(|end| end.saturating_duration_since(Instant::now()).as_secs_f64())
    }

    /// Counts a solve.
    pub(crate) fn count(&self) -> &'a Meter {
        self.meter.solves.fetch_add(1, Ordering::Relaxed);
        self.meter
    }
}

/// What solves have taken so far.
#[derive(Debug, Default)]
pub struct Meter {
    solves: AtomicU64,
    iterations: AtomicU64,
}

impl Meter {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { solves: AtomicU64::new(0), iterations: AtomicU64::new(0) }
    }

    /// How often the solver was called.
    pub fn solves(&self) -> u64 {
        self.solves.load(Ordering::Relaxed)
    }

    /// Simplex iterations of all searches among whole numbers.
    pub fn iterations(&self) -> u64 {
        self.iterations.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self, iterations: u64) {
        self.iterations.fetch_add(iterations, Ordering::Relaxed);
    }
}

/// What is known while a solve runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// What is being done: `pricing`, `building`, `twin`, `plan`, `polish`, `prices`, `sites left` or `auditing`.
    pub stage: &'static str,
    /// Best uplift so far, in dollars.
    pub uplift_usd: Option<f64>,
    /// Proven bound on the uplift, in dollars.
    pub bound_usd: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(interrupt: &AtomicBool) -> Run<'_> {
        static METER: Meter = Meter::new();
        let progress = &|_: &Progress| {};
        Run { threads: 1, interrupt, deadline: None, meter: &METER, progress, provenance: Provenance::default() }
    }

    #[test]
    fn the_first_limit_on_time_holds_for_all_that_follows() {
        let go_on = AtomicBool::new(false);
        let limited = run(&go_on).within(Some(3600.0));
        assert_eq!(limited.within(Some(1.0)).deadline, limited.deadline);
        assert!(!limited.stopped() && run(&go_on).within(None).deadline.is_none());
        assert!(run(&go_on).within(Some(0.0)).stopped());
        // More seconds than a clock can count are no limit.
        assert!(run(&go_on).within(Some(1e300)).deadline.is_none());
    }

    #[test]
    fn what_was_stopped_is_finished_for_a_while_and_what_is_needed_for_ever() {
        let stop = AtomicBool::new(true);
        let stopped = run(&stop);
        assert!(stopped.stopped() && !stopped.finishing().is_used_up());
        assert!(stopped.finishing().seconds().unwrap() <= 1.0);
        assert_eq!(stopped.without_limit().seconds(), None);
        let go_on = AtomicBool::new(false);
        assert_eq!(run(&go_on).finishing().seconds(), None);
    }

    #[test]
    fn half_of_the_work_is_left_over() {
        let go_on = AtomicBool::new(false);
        let half = run(&go_on).allowance().with_work(Some(11)).half();
        assert!(half.is_worked_off(5) && !half.is_worked_off(4));
        assert!(!run(&go_on).allowance().is_worked_off(u64::MAX));
    }
}
