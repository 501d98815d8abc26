//! Offers: hosting contracts that can be accepted or declined.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::evidence::Evidence;
use super::ids::{OfferId, SiteId};
use super::site::Site;
use crate::units::{ItMw, Months, Share, UsdPerKwMonth};

/// A hosting contract that can be accepted or declined.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// The stem of its file.
    pub id: OfferId,
    /// Kind of tenant, as printed.
    pub tenant: String,
    /// How far it is agreed.
    pub status: OfferStatus,
    /// Least critical IT load of an accepted offer.
    pub min: ItMw,
    /// Greatest critical IT load.
    pub max: ItMw,
    /// Load that must have commenced by a date (cumulative), dates and loads rising.
    pub tranches: Vec<Tranche>,
    /// May be served by several sites.
    pub split: bool,
    /// Initial term, from commencement.
    pub term: Months,
    /// Rent of the first contract year.
    pub rent: UsdPerKwMonth,
    /// On each anniversary of commencement.
    pub escalator: Share,
    /// Share billed in months 1, 2, …; then all of it.
    pub ramp: Vec<Share>,
    /// Retrofit class it accepts.
    pub class: String,
    /// Where it may be served.
    pub eligible: Eligible,
    /// Commencement not before.
    pub earliest: Option<Date>,
    /// When the tenant wants the load.
    pub ready_by: Option<Date>,
    /// Not ready by then, the tenant walks: the option does not exist.
    pub long_stop: Option<Date>,
    /// Who bears which operating cost.
    pub costs: CostBearers,
    /// Who buys the energy.
    pub power: PowerTerms,
    /// Share of the reserved load that is drawn.
    pub load_factor: Share,
    /// Rate of its contracted lines; the class rate when absent.
    pub discount_rate: Option<Share>,
    /// Where the figures come from.
    pub evidence: Evidence,
}

impl Offer {
    /// Whether the offer may be served at a site.
    #[must_use]
    pub fn eligible_at(&self, site: &Site) -> bool {
        match &self.eligible {
            Eligible::Anywhere => true,
            Eligible::Sites(sites) => sites.contains(&site.id),
            Eligible::Markets(markets) => markets.contains(&site.location.market),
        }
    }
}

/// How far an offer is agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OfferStatus {
    /// In every plan and in the twin.
    Signed,
    /// Open for decision.
    Offered,
    /// Left out unless asked for.
    LetterOfIntent {
        /// Counts in full without being asked for.
        plan_on: bool,
    },
}

/// Load that must have commenced by a date.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tranche {
    /// Deadline.
    pub by: Date,
    /// Cumulative critical IT load.
    pub min: ItMw,
}

/// Where an offer may be served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Eligible {
    /// At any site.
    Anywhere,
    /// At these sites, sorted.
    Sites(Vec<SiteId>),
    /// At sites in these markets, sorted.
    Markets(Vec<String>),
}

/// Who bears a cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bearer {
    /// We do.
    Landlord,
    /// The tenant does: nil in our ledger.
    Tenant,
}

/// Who bears which operating cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostBearers {
    /// Operations.
    pub operations: Bearer,
    /// Property tax.
    pub property_tax: Bearer,
    /// Insurance.
    pub insurance: Bearer,
}

/// Who buys the energy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PowerTerms {
    /// The tenant pays for it: nil in our ledger.
    PassedThrough,
    /// It is included in the rent.
    Included,
}
