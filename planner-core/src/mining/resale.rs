//! What a machine fetches, and what a new one costs.

use crate::domain::calendar::{Calendar, Month};
use crate::domain::machine::MachineModel;
use crate::domain::market::{Deck, DeckMonth};
use crate::units::UsdPerMachine;

/// Resale price of one machine by its efficiency band; nil in no band.
#[must_use]
pub fn resale_price(model: &MachineModel, deck: &Deck, of: &DeckMonth) -> UsdPerMachine {
    let efficiency = model.power.joule_per_th(model.hashrate);
    deck.resale_bands
        .iter()
        .position(|band| band.contains(efficiency))
        .and_then(|band| of.resale.get(band))
        .map_or(UsdPerMachine::ZERO, |price| *price * model.hashrate)
}

/// Price of a new machine in a month; `None` when it cannot be bought then.
#[must_use]
pub fn purchase_price(model: &MachineModel, deck: &Deck, calendar: &Calendar, month: Month) -> Option<UsdPerMachine> {
    let listed = deck.machine_prices.iter().find(|price| price.model == model.id)?;
    let since = month.0 - calendar.month_of(listed.from).0;
    (month >= calendar.month_from(listed.from)).then(|| listed.price * listed.growth.growth(since) * model.hashrate)
}
