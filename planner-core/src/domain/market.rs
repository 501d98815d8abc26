//! The market deck: prices and network, month by month.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::evidence::Evidence;
use super::ids::ModelId;
use crate::units::{Btc, TeraHash, Usd, UsdPerKw, UsdPerMwh, UsdPerTh};

/// Prices and network over the horizon. Series start with the portfolio's
/// start month and cover its horizon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deck {
    /// As printed.
    pub name: String,
    /// Block subsidy before the first halving of the list.
    pub subsidy_at_start: Btc,
    /// Halvings, dates rising.
    pub halvings: Vec<Halving>,
    /// By month.
    pub months: Vec<DeckMonth>,
    /// Resale bands by efficiency, rising, not overlapping.
    pub resale_bands: Vec<ResaleBand>,
    /// New machines that can be bought.
    pub machine_prices: Vec<MachinePrice>,
    /// End value of connection that no running lease uses.
    pub site_value: UsdPerKw,
    /// Where the figures come from.
    pub evidence: Evidence,
}

/// A halving of the block subsidy.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Halving {
    /// Block height.
    pub height: u32,
    /// First day with the new subsidy.
    pub date: Date,
    /// Subsidy from then on.
    pub subsidy: Btc,
}

/// One month of the deck.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MachinePrice {
    /// Which model.
    pub model: ModelId,
    /// Price on `from`.
    pub price: UsdPerTh,
    /// From when it can be bought.
    pub from: Date,
    /// Change per year from `from`, compounded monthly.
    pub growth: crate::units::Share,
}
