//! The market deck: prices and network, month by month.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calendar::Month;
use super::evidence::Evidence;
use super::ids::ModelId;
use crate::units::{
    Btc, ItMw, ItMwPerYear, Months, Share, TeraHash, Usd, UsdPerKw, UsdPerKwMonth, UsdPerMwh, UsdPerTh,
};

/// Prices and network. Series start with the portfolio's start month, cover its
/// horizon and go on as far as the deck does: contracts outlive the horizon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Deck {
    /// As printed.
    pub name: String,
    /// Block subsidy before the first halving of the list.
    pub subsidy_at_start: Btc,
    /// Halvings, dates rising.
    pub halvings: Vec<Halving>,
    /// By month, from the portfolio's start to the end of the deck.
    pub months: Vec<DeckMonth>,
    /// Resale bands by efficiency, rising, not overlapping.
    pub resale_bands: Vec<ResaleBand>,
    /// New machines that can be bought.
    pub machine_prices: Vec<MachinePrice>,
    /// Rents of capacity let without a contract, by market and class.
    pub merchant: Vec<MerchantCurve>,
    /// What a market takes at once.
    pub absorption: Vec<Absorption>,
    /// End value of connection that no running lease uses.
    pub site_value: UsdPerKw,
    /// Where the figures come from.
    pub evidence: Evidence,
}

impl Deck {
    /// The deck of a month; `None` before its first and after its last.
    #[must_use]
    pub fn month(&self, month: Month) -> Option<&DeckMonth> {
        self.months.get(usize::try_from(month.0).ok()?)
    }

    /// Rents of capacity let without a contract, in a market and of a class of retrofit.
    #[must_use]
    pub fn curve(&self, market: &str, class: &str) -> Option<&MerchantCurve> {
        self.merchant.iter().find(|curve| curve.market == market && curve.class == class)
    }
}

/// A halving of the block subsidy.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Halving {
    /// Block height.
    pub height: u32,
    /// First day with the new subsidy.
    pub date: Date,
    /// Subsidy from then on.
    pub subsidy: Btc,
}

/// One month of the deck.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeckMonth {
    /// Price of one bitcoin.
    pub btc_price: Usd,
    /// Network hashrate.
    pub hashrate: TeraHash,
    /// Fees of a day of blocks.
    pub fees_per_day: Btc,
    /// Energy prices by name.
    pub power: BTreeMap<String, UsdPerMwh>,
    /// Resale price by band, in the order of [`Deck::resale_bands`].
    pub resale: Vec<UsdPerTh>,
}

/// A band of machine efficiency, lower end included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ResaleBand {
    /// From this many J/TH.
    pub from_joule_per_th: f64,
    /// To below this many J/TH.
    pub to_joule_per_th: f64,
}

impl ResaleBand {
    /// Whether a machine of this efficiency is in the band.
    #[must_use]
    pub fn contains(&self, joule_per_th: f64) -> bool {
        self.from_joule_per_th <= joule_per_th && joule_per_th < self.to_joule_per_th
    }
}

/// Price of a new machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MachinePrice {
    /// Which model.
    pub model: ModelId,
    /// Price on `from`.
    pub price: UsdPerTh,
    /// From when it can be bought.
    pub from: Date,
    /// Change per year from `from`, compounded monthly.
    pub growth: Share,
}

/// Rent of capacity let without a contract, for blocks of that size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MerchantCurve {
    /// Power market.
    pub market: String,
    /// Retrofit class.
    pub class: String,
    /// Rent on `from`; the landlord bears operating cost, the tenant buys its energy.
    pub rent: UsdPerKwMonth,
    /// Date of `rent`.
    pub from: Date,
    /// Change per year from `from`, compounded monthly.
    pub growth: Share,
    /// Months until empty capacity is let.
    pub downtime: Months,
    /// Share let in months 1, 2, … after that; then all of it.
    pub occupancy: Vec<Share>,
}

/// Merchant capacity that a market takes: a stock, not a flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Absorption {
    /// Power market.
    pub market: String,
    /// At the start of the horizon.
    pub amount: ItMw,
    /// Added per year.
    pub growth: ItMwPerYear,
}
