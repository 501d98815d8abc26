//! One set of decisions to be judged, the plan's or its twin's, with what
//! follows from it.

use super::column::Column;
use super::machine_balance::{Herd, herds};
use super::money;
use crate::domain::Fleet;
use crate::domain::policy::Policies;
use crate::plan::ledger::LedgerLine;
use crate::plan::{Decisions, Settings};

/// Decisions and what follows from them.
pub(super) struct Case<'a> {
    pub(super) fleet: &'a Fleet,
    pub(super) settings: &'a Settings,
    pub(super) decisions: &'a Decisions,
    /// What these decisions must heed of policies; the twin knows none.
    pub(super) policies: Policies,
    /// Whether forced conversions are demanded of them.
    pub(super) forced: bool,
    /// The ledger as the plan states it.
    pub(super) stated: &'a [LedgerLine],
    /// Conversions whose names resolve, in the order of the decisions.
    pub(super) columns: Vec<Column<'a>>,
    /// Machines by site and model.
    pub(super) herds: Vec<Herd<'a>>,
    /// The ledger told again, in its defined order.
    pub(super) ledger: Vec<LedgerLine>,
}

impl<'a> Case<'a> {
    /// Tells everything that follows from the decisions.
    pub(super) fn new(
        fleet: &'a Fleet,
        settings: &'a Settings,
        decisions: &'a Decisions,
        stated: &'a [LedgerLine],
    ) -> Self {
        let columns: Vec<Column> =
            decisions.conversions.iter().filter_map(|conversion| Column::resolve(fleet, conversion).ok()).collect();
        let herds = herds(fleet, decisions);
        let ledger = money::ledger(fleet, &columns, &herds, stated);
        Self { fleet, settings, decisions, policies: fleet.policies, forced: true, stated, columns, herds, ledger }
    }

    /// The same as a twin, which commits to nothing new.
    pub(super) fn without_policies(self) -> Self {
        Self { policies: Policies::default(), forced: false, ..self }
    }
}
