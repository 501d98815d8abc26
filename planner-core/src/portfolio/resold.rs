//! Machines that a deck sells dearer than it buys them: a plan would buy machines only to sell them.

use super::deck::DeckFile;
use super::desk::{Desk, Named, clip};
use super::gather::Gathered;
use crate::diagnostics::Code;
use crate::domain::calendar::{Calendar, Month};
use crate::domain::machine::MachineModel;
use crate::domain::market::MachinePrice;
use crate::mining::{price_in, resale_in};
use crate::units::UsdPerTh;

/// Warns of each model that fetches more in some month of the horizon than a new one costs.
pub(super) fn check(desk: &Desk<'_>, gathered: &Gathered) {
    let (Some(market), Some(models), Some(calendar)) = (&gathered.deck, &gathered.models, &gathered.head.calendar)
    else {
        return;
    };
    for (named, price) in priced(market) {
        let Some(model) = models.get(&named.name).and_then(Option::as_ref) else { continue };
        let Some((month, resale, new)) = first(gathered, calendar, model, price) else { continue };
        let message = format!(
            "a used `{}` fetches {:.2} USD/TH in {}, more than a new one costs, {:.2} USD/TH",
            clip(&named.name),
            resale.get(),
            calendar.month_start(month).strftime("%Y-%m"),
            new.get()
        );
        let help =
            "the plan may buy machines only to sell them; correct `price`, `growth` or the `resale` of its efficiency";
        desk.warning(Code::Arbitrage, named.at.clone(), message, help);
    }
}

/// Prices of the deck with the place of their model.
fn priced(deck: &DeckFile) -> impl Iterator<Item = (&Named, &MachinePrice)> {
    let prices = deck.machine_prices.iter().flatten();
    prices.filter_map(|price| Some((deck.models.iter().find(|named| named.name == price.model.as_str())?, price)))
}

/// The first month of the horizon in which a used machine fetches more than a new one costs, with both.
fn first(
    gathered: &Gathered,
    calendar: &Calendar,
    model: &MachineModel,
    price: &MachinePrice,
) -> Option<(Month, UsdPerTh, UsdPerTh)> {
    let monthly = gathered.monthly.as_ref()?;
    let efficiency = model.power.joule_per_th(model.hashrate);
    let months = (0..calendar.horizon_month().0).map(Month).zip(monthly.months.iter().flatten());
    let both = months.filter_map(|(month, of)| {
        let resale = resale_in(efficiency, &monthly.bands, of)?;
        Some((month, resale, price_in(price, calendar, month)?))
    });
    both.into_iter().find(|(_, resale, new)| resale > new)
}
