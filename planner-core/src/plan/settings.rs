//! What is asked of a plan.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::ids::{PotId, SiteId};
use crate::domain::money::Pot;
use crate::domain::{Fleet, work::Work};
use crate::units::{Share, Usd};

/// What was asked for; part of the plan, so thread counts are not in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Settings {
    /// Accepted gap, as a share of what `gap_share` says.
    pub gap: Share,
    /// One cap on all landlord-funded capital, in place of the pots.
    pub budget: Option<Usd>,
    /// Pots whose releases were scaled to another sum; the inputs hold the scaled releases.
    pub pots: Vec<(PotId, Usd)>,
    /// Letters of intent count in full.
    pub include_loi: bool,
    /// Seconds after which the best plan so far is taken.
    pub time_limit_seconds: Option<f64>,
    /// Simplex iterations after which the best plan so far is taken: the same one on every machine.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub work_limit: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            gap: Share(0.005),
            budget: None,
            pots: vec![],
            include_loi: false,
            time_limit_seconds: None,
            work_limit: None,
        }
    }
}

impl Settings {
    /// Whether any money may be spent at a site: there is one total, there are
    /// no pots, or a pot is eligible.
    #[must_use]
    pub fn funds(&self, fleet: &Fleet, site: &SiteId) -> bool {
        self.unlimited_or(fleet, fleet.pot_of(site))
    }

    /// The same for a work.
    #[must_use]
    pub fn funds_work(&self, fleet: &Fleet, work: &Work) -> bool {
        self.unlimited_or(fleet, fleet.pot_of_work(work))
    }

    /// The same for deposits on scarce equipment.
    #[must_use]
    pub fn funds_deposits(&self, fleet: &Fleet) -> bool {
        self.unlimited_or(fleet, fleet.pot_of_deposits())
    }

    fn unlimited_or(&self, fleet: &Fleet, pot: Option<&Pot>) -> bool {
        self.budget.is_some() || fleet.pots.is_empty() || pot.is_some()
    }
}
