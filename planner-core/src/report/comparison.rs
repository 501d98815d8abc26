//! What a plan is compared with: its twin, by the name that fits what the twin holds.

use crate::plan::Plan;
use crate::plan::ledger::Category;
use crate::units::{Cents, ItMw};

/// The case that a plan is compared with: the best plan without any new commitment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Critical IT load that is committed already: signed or started.
    pub load: ItMw,
    /// Capital that is committed already.
    pub capital: Cents,
    /// Neither halls nor works are committed: the case mines on.
    mines_on: bool,
}

impl Comparison {
    /// What a plan is compared with.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let twin = &plan.twin;
        let capex = twin.ledger.iter().filter(|line| matches!(line.category, Category::Capex(_)));
        Self {
            load: twin.decisions.conversions.iter().map(|one| one.critical_it).sum(),
            capital: capex.map(|line| -line.amount_cents).sum(),
            mines_on: twin.decisions.conversions.is_empty() && twin.decisions.works.is_empty(),
        }
    }

    /// The case by name: `keep mining` only where nothing at all is committed.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        if self.mines_on { "keep mining" } else { "without new commitments" }
    }

    /// Beside a preposition: `over keep mining`, `over the case without new commitments`.
    #[must_use]
    pub const fn noun(&self) -> &'static str {
        if self.mines_on { "keep mining" } else { "the case without new commitments" }
    }

    /// Whether anything is committed.
    #[must_use]
    pub const fn has_commitments(&self) -> bool {
        !self.mines_on
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn it_is_keep_mining_only_where_nothing_is_committed() {
        let mut plan = sample::with_everything();
        assert_eq!((Comparison::of(&plan).name(), Comparison::of(&plan).has_commitments()), ("keep mining", false));
        plan.twin.decisions.works = plan.decisions.works.clone();
        assert_eq!(Comparison::of(&plan).name(), "without new commitments", "a work that has started");
        plan.twin.decisions.works.clear();
        plan.twin.decisions.conversions = plan.decisions.conversions.clone();
        plan.twin.ledger.clone_from(&plan.ledger);
        let comparison = Comparison::of(&plan);
        assert_eq!((comparison.name(), comparison.load.get()), ("without new commitments", 64.0));
        assert!(comparison.capital > Cents::ZERO);
    }
}
