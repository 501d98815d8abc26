//! One set of decisions to be judged, the plan's or its twin's, with what
//! follows from it.

use super::column::Column;
use super::herd::{Herd, herds};
use super::job::Job;
use super::money;
use super::storage::{Stored, stored};
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::ids::SiteId;
use crate::domain::policy::Policies;
use crate::plan::ledger::LedgerLine;
use crate::plan::{Decisions, Settings, SiteDecision};

/// Decisions and what follows from them.
pub(super) struct Case<'a> {
    pub(super) fleet: &'a Fleet,
    pub(super) settings: &'a Settings,
    pub(super) decisions: &'a Decisions,
    /// What these decisions must heed of policies; the twin knows none.
    pub(super) policies: Policies,
    /// Whether forced conversions and works are demanded of them.
    pub(super) forced: bool,
    /// The ledger as the plan states it.
    pub(super) stated: &'a [LedgerLine],
    /// Conversions whose names resolve, in the order of the decisions.
    pub(super) columns: Vec<Column<'a>>,
    /// Works whose names resolve, in the order of the decisions.
    pub(super) jobs: Vec<Job<'a>>,
    /// Machines by site and model.
    pub(super) herds: Vec<Herd<'a>>,
    /// Machines in storage, by region and model.
    pub(super) stored: Vec<Stored<'a>>,
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
        let conversions = decisions.conversions.iter();
        let mut case = Self {
            fleet,
            settings,
            decisions,
            policies: fleet.policies,
            forced: true,
            stated,
            columns: conversions.filter_map(|conversion| Column::resolve(fleet, conversion).ok()).collect(),
            jobs: decisions.works.iter().filter_map(|work| Job::resolve(fleet, work)).collect(),
            herds: herds(fleet, decisions),
            stored: stored(fleet, decisions),
            ledger: vec![],
        };
        case.ledger = money::ledger(&case);
        case
    }

    /// The same as a twin, which commits to nothing new.
    pub(super) fn without_policies(self) -> Self {
        Self { policies: Policies::default(), forced: false, ..self }
    }

    /// What is decided about a site.
    pub(super) fn state(&self, site: &SiteId) -> Option<&SiteDecision> {
        self.decisions.sites.iter().find(|decision| decision.site == *site)
    }

    /// Whether a site is sold in or before a period.
    pub(super) fn sold_by(&self, site: &SiteId, period: Period) -> bool {
        self.sold(site).is_some_and(|sold| sold <= period)
    }

    /// The period in which a site is sold.
    pub(super) fn sold(&self, site: &SiteId) -> Option<Period> {
        self.state(site)?.sold
    }
}
