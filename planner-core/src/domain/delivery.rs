//! What conversions compete for beside money and power: crews and scarce equipment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ids::{CrewId, SiteId};
use super::site::Site;
use crate::units::{ItMwPerYear, Months, Usd};

/// People who convert halls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Crew {
    /// Unique.
    pub id: CrewId,
    /// Where they work.
    pub scope: Scope,
    /// Most halls with on-site phases in one period.
    pub halls: Option<u32>,
    /// Most critical IT load that becomes ready for service in a calendar year.
    pub energised: Option<ItMwPerYear>,
}

/// A part of the portfolio.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// All sites.
    Portfolio,
    /// Sites of a region.
    Region(String),
    /// One site.
    Site(SiteId),
}

impl Scope {
    /// Whether a site is in it.
    #[must_use]
    pub fn contains(&self, site: &Site) -> bool {
        match self {
            Self::Portfolio => true,
            Self::Region(region) => site.location.region == *region,
            Self::Site(id) => site.id == *id,
        }
    }
}

/// Equipment with few deliveries: transformers, switchgear, chillers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LongLead {
    /// As the cost lines of retrofits name it; unique.
    pub item: String,
    /// Deliveries in one period.
    pub per_period: u32,
    /// Further deliveries that a deposit reserves.
    pub reserve: Option<Reserve>,
}

/// Further deliveries in a period, for a deposit paid before and credited on delivery.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reserve {
    /// Most in one period.
    pub most: u32,
    /// For each.
    pub deposit: Usd,
    /// How long before the period of delivery it is paid.
    pub lead: Months,
}
