//! Works: jobs paid once and shared by halls or sites.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::evidence::Evidence;
use super::ids::{HallId, SiteId, WorkId};
use crate::units::{GrossMw, Months, Usd};

/// A job paid once: a substation, fibre, firming, water, land, a longer lease.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Work {
    /// Unique: `<site>/<id>` for a site's own work, `<id>` for a shared one.
    pub id: WorkId,
    /// The site it belongs to; `None` for a shared one.
    pub site: Option<SiteId>,
    /// As printed.
    pub name: String,
    /// Length, at least one month.
    pub months: Months,
    /// Paid evenly over its months, in money of the price date; escalates like capex.
    pub cost: Usd,
    /// Category of its ledger lines.
    pub category: String,
    /// Works that must be finished before it starts, sorted.
    pub after: Vec<WorkId>,
    /// What it brings when it is finished, by site; at most one effect a site.
    pub adds: Vec<Effect>,
    /// The hosting that cannot be in service without it.
    pub needed_by: Option<NeededBy>,
    /// Where the figures come from.
    pub evidence: Evidence,
}

impl Work {
    /// What it brings to a site, if anything.
    #[must_use]
    pub fn effect_at(&self, site: &SiteId) -> Option<&Effect> {
        self.adds.iter().find(|effect| effect.site == *site)
    }

    /// Whether halls of a group need it.
    #[must_use]
    pub fn needed_at(&self, site: &SiteId, hall: &HallId) -> bool {
        self.needed_by.as_ref().is_some_and(|needed| needed.halls.iter().any(|(s, h)| s == site && h == hall))
    }
}

/// What a finished work brings to a site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Effect {
    /// Where.
    pub site: SiteId,
    /// Connection, from the first period that begins when it is finished.
    pub connection: GrossMw,
    /// Firm power, likewise.
    pub firm: GrossMw,
    /// Air-cooled racks outside the hall groups, likewise.
    pub racks: GrossMw,
    /// Last day of a leased site's lease once it is finished; later than without it.
    pub tenure_until: Option<Date>,
}

/// The hosting that needs a work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NeededBy {
    /// Hall groups, sorted.
    pub halls: Vec<(SiteId, HallId)>,
    /// Reserved gross power of halls in service in these groups that does without it.
    pub beyond: GrossMw,
}
