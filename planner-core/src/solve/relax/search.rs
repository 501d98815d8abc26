//! What contradicts what: limits are lifted as long as there still is no plan.

use std::cell::Cell;

use super::case::Case;
use super::limit::{self, Limit};
use super::question::Asker;
use crate::solve::Run;

/// Limits that are lifted together to see whether any of them helps.
const TOGETHER: usize = 6;

/// Asks whether plans exist, and remembers plans and whether a question stayed open.
pub(super) struct Search<'a> {
    asker: Asker<'a>,
    open: Cell<bool>,
}

impl<'a> Search<'a> {
    pub(super) fn new(run: &'a Run<'a>) -> Self {
        Self { asker: Asker::new(run), open: Cell::new(false) }
    }

    /// Whether no question stayed open.
    pub(super) fn proved(&self) -> bool {
        !self.open.get()
    }

    pub(super) fn impossible(&self, case: &Case) -> bool {
        let answer = self.asker.possible(case);
        self.open.set(self.open.get() || answer.is_none());
        answer == Some(false)
    }

    pub(super) fn possible(&self, case: &Case) -> bool {
        let answer = self.asker.possible(case);
        self.open.set(self.open.get() || answer.is_none());
        answer == Some(true)
    }

    /// An irreducible conflict of facts that leave no plan. First come the limits without which alone there is a plan:
    /// they are in every explanation. What else it takes is looked for among the others, those of sites before those of
    /// offers, so that no site is named that an offer cannot use.
    pub(super) fn conflict(&self, case: &Case) -> Vec<Limit> {
        let demands = limit::demands(case);
        let mut found = self.irreducible(case, &demands);
        if self.asker.stopped() {
            return found;
        }
        let innocent = demands.iter().filter(|demand| !found.contains(demand));
        let case = case.lifted(innocent);
        let limits = limit::limits(&case);
        let decisive = self.decisive(&case, &limits);
        let (of_offers, of_sites): (Vec<_>, Vec<_>) =
            limits.iter().filter(|limit| !decisive.contains(limit)).cloned().partition(Limit::is_where);
        let others = self.irreducible(&case, &[of_sites, of_offers].concat());
        found.extend(limits.into_iter().filter(|limit| decisive.contains(limit) || others.contains(limit)));
        found
    }

    /// The limits without which, one at a time, there is a plan.
    fn decisive(&self, case: &Case, limits: &[Limit]) -> Vec<Limit> {
        let mut found = vec![];
        for some in limits.chunks(TOGETHER) {
            // Where all of them together do not help, none of them does.
            if !self.impossible(&case.lifted(some)) {
                found.extend(some.iter().filter(|limit| self.possible(&case.lifted([*limit]))).cloned());
            }
        }
        found
    }

    /// Of these limits those that are needed for the contradiction. Many are lifted at once as long as that goes well.
    fn irreducible(&self, case: &Case, limits: &[Limit]) -> Vec<Limit> {
        let (mut case, mut needed, mut rest) = (case.clone(), vec![], limits);
        // Without any of them there nearly always is a plan.
        let mut size = rest.len() / 2;
        while !rest.is_empty() && !self.asker.stopped() {
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
}
