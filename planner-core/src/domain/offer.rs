//! Offers: hosting contracts that can be accepted or declined.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::evidence::Evidence;
use super::ids::{OfferId, SiteId};
use super::retrofit::{Redundancy, Retrofit};
use super::site::Site;
use crate::units::{Days, ItMw, KwPerRack, Months, Share, UsdPerKwIt, UsdPerKwMonth, UsdPerMwDay};

/// A hosting contract that can be accepted or declined.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Offer {
    /// The stem of its file.
    pub id: OfferId,
    /// Kind of tenant, as printed.
    pub tenant: String,
    /// How far it is agreed.
    pub status: OfferStatus,
    /// How likely a lease follows a letter of intent, as printed; it weighs nothing.
    pub probability: Option<Share>,
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
    /// Damages for delay.
    pub late: Option<Late>,
    /// Rent paid in advance.
    pub prepayment: Option<Prepayment>,
    /// Money lent by the tenant for the works, credited against rent.
    pub advance: Option<Advance>,
    /// Part of the capex that the tenant pays.
    pub tenant_funded: TenantFunded,
    /// Default risk of the tenant.
    pub credit: Option<Credit>,
    /// The tenant's option to stay on.
    pub renewal: Option<Renewal>,
    /// Warrants or equity given for it: counted in NPV, not in budget or cash.
    pub give_up: UsdPerKwIt,
    /// Least rack density of a retrofit it accepts.
    pub density: Option<KwPerRack>,
    /// Least redundancy of a retrofit it accepts.
    pub redundancy: Option<Redundancy>,
    /// At most one offer of a group is accepted.
    pub exclusive_group: Option<String>,
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

    /// Whether a hall converted this way is what the offer asks for: its class, and
    /// at least its density and redundancy. A retrofit that states none has none.
    #[must_use]
    pub fn accepts(&self, retrofit: &Retrofit) -> bool {
        self.class == retrofit.class
            && self.density.is_none_or(|least| retrofit.density.is_some_and(|density| density >= least))
            && self.redundancy.is_none_or(|least| retrofit.redundancy.is_some_and(|given| given >= least))
    }
}

/// How far an offer is agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tranche {
    /// Deadline.
    pub by: Date,
    /// Cumulative critical IT load.
    pub min: ItMw,
}

/// Where an offer may be served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bearer {
    /// We do.
    Landlord,
    /// The tenant does: nil in our ledger.
    Tenant,
}

/// Who bears which operating cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CostBearers {
    /// Operations.
    pub operations: Bearer,
    /// Property tax.
    pub property_tax: Bearer,
    /// Insurance.
    pub insurance: Bearer,
}

/// Who buys the energy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PowerTerms {
    /// The tenant pays for it: nil in our ledger.
    PassedThrough,
    /// It is included in the rent.
    Included,
}

/// Damages for a hall that is ready after `ready_by`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Late {
    /// Days after `ready_by` that cost nothing.
    pub grace: Days,
    /// Per day after that.
    pub damages: UsdPerMwDay,
    /// At most so much per critical IT load.
    pub cap: Option<UsdPerKwIt>,
}

/// When a tenant's money is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PaidOn {
    /// At the start of the conversion.
    Start,
    /// At commencement.
    Commencement,
    /// In the month of a date, but not before the start.
    Date(Date),
}

/// Months of first-year rent paid in advance and credited against bills.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Prepayment {
    /// How many months of rent.
    pub months: Months,
    /// When.
    pub paid: PaidOn,
    /// Share of each bill that is credited until it is used up.
    pub credited: Share,
}

/// Money lent by the tenant for the works and credited against bills.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Advance {
    /// How much.
    pub amount: UsdPerKwIt,
    /// When.
    pub paid: PaidOn,
    /// Share of each bill that is credited until it is used up.
    pub credited: Share,
}

/// Part of the per-hall capex that the tenant pays: never ours, never a pot's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TenantFunded {
    /// A share of every line, contingency and escalation included.
    Share(Share),
    /// An amount, at most the whole, taken from every line alike.
    Amount(UsdPerKwIt),
}

/// Default risk of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Credit {
    /// Chance of default, per year.
    pub default: Share,
    /// Share of the rent that a backstop pays on after a default, to the end of the initial term.
    pub backstop: Share,
}

/// The tenant's option to stay on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Renewal {
    /// Chance that it is taken, each time.
    pub probability: Share,
    /// Length of one renewal.
    pub term: Months,
    /// Of the rent then in force.
    pub rent_factor: Share,
    /// How many follow one another.
    pub count: u32,
}
