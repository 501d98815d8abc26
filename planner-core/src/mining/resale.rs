//! What a machine fetches, and what a new one costs.

use crate::domain::calendar::{Calendar, Month};
use crate::domain::machine::MachineModel;
use crate::domain::market::{Deck, DeckMonth, MachinePrice, ResaleBand};
use crate::units::{UsdPerMachine, UsdPerTh};

/// Resale price of one machine by its efficiency band; nil in no band.
#[must_use]
pub fn resale_price(model: &MachineModel, deck: &Deck, of: &DeckMonth) -> UsdPerMachine {
    let efficiency = model.power.joule_per_th(model.hashrate);
    resale_in(efficiency, &deck.resale_bands, of).map_or(UsdPerMachine::ZERO, |price| price * model.hashrate)
}

/// What an efficiency (J/TH) fetches in a month; `None` in no band.
#[must_use]
pub fn resale_in(efficiency: f64, bands: &[ResaleBand], of: &DeckMonth) -> Option<UsdPerTh> {
    let band = bands.iter().position(|band| band.contains(efficiency))?;
    of.resale.get(band).copied()
}

/// Price of a new machine in a month; `None` when it cannot be bought then.
#[must_use]
pub fn purchase_price(model: &MachineModel, deck: &Deck, calendar: &Calendar, month: Month) -> Option<UsdPerMachine> {
    let listed = deck.machine_prices.iter().find(|price| price.model == model.id)?;
    price_in(listed, calendar, month).map(|price| price * model.hashrate)
}

/// A price in a month; `None` before it begins.
#[must_use]
pub fn price_in(listed: &MachinePrice, calendar: &Calendar, month: Month) -> Option<UsdPerTh> {
    let since = month.0 - calendar.month_of(listed.from).0;
    (month >= calendar.month_from(listed.from)).then(|| listed.price * listed.growth.growth(since))
}
