//! Rates, escalation and capital budgets.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ids::{PotId, SiteId, WorkId};
use crate::units::{Share, Usd};

/// Class of a ledger line: it sets the discount rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Mining income and machines.
    Mining,
    /// Rent and running cost under a contract.
    Contracted,
    /// Capacity without a contract.
    Merchant,
    /// Capital, works, site cost, tax.
    Corporate,
}

/// Nominal effective yearly rate per class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DiscountRates {
    /// Class mining.
    pub mining: Share,
    /// Class contracted, unless the offer has its own.
    pub contracted: Share,
    /// Class merchant.
    pub merchant: Share,
    /// Class corporate.
    pub corporate: Share,
}

impl DiscountRates {
    /// The rate of a class.
    #[must_use]
    pub const fn of(&self, class: Class) -> Share {
        match class {
            Class::Mining => self.mining,
            Class::Contracted => self.contracted,
            Class::Merchant => self.merchant,
            Class::Corporate => self.corporate,
        }
    }
}

/// What a contract that outlives the horizon is worth at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EndValue {
    /// The remaining contract cash of the initial term.
    RunOff,
    /// Nothing.
    None,
}

/// Rates and escalation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    /// The single rate beside which the uplift is also shown.
    pub discount_rate: Share,
    /// Rates by class.
    pub rates: DiscountRates,
    /// End value of contracts.
    pub end_value: EndValue,
    /// Money day of capex, opex and fixed energy prices.
    pub price_date: Date,
    /// Of capex, per year from the price date.
    pub capex_escalation: Share,
    /// Of fixed energy prices, per year from the price date.
    pub power_escalation: Share,
    /// Of gross mining revenue.
    pub pool_fee: Share,
}

/// Money released to a pot on a date.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Release {
    /// Usable in periods that begin on or after this day.
    pub from: Date,
    /// How much.
    pub amount: Usd,
}

/// A capital budget. A site's conversions have one pot: the first eligible.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Pot {
    /// Unique.
    pub id: PotId,
    /// Releases, dates rising.
    pub release: Vec<Release>,
    /// Whether unspent money stays; otherwise each release lasts until the next.
    pub carry_over: bool,
    /// Sites that may draw on it, sorted; `None` is every site.
    pub sites: Option<Vec<SiteId>>,
    /// Shared works that may draw on it, sorted; `None` is every one.
    pub works: Option<Vec<WorkId>>,
    /// Receipts that reduce what is charged to it, sorted.
    pub relieved_by: Vec<Relief>,
}

impl Pot {
    /// Whether a site may draw on it.
    #[must_use]
    pub fn eligible(&self, site: &SiteId) -> bool {
        self.sites.as_ref().is_none_or(|sites| sites.contains(site))
    }

    /// Whether a shared work may draw on it.
    #[must_use]
    pub fn eligible_work(&self, work: &WorkId) -> bool {
        self.works.as_ref().is_none_or(|works| works.contains(work))
    }
}

/// A receipt that may relieve a pot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relief {
    /// Advances of tenants.
    Advance,
    /// Prepayments of tenants.
    Prepayment,
}
