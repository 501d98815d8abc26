//! Monthly margin of one machine at a site.

use crate::domain::calendar::{Calendar, Month};
use crate::domain::machine::MachineModel;
use crate::domain::market::{Deck, DeckMonth};
use crate::domain::money::Money;
use crate::domain::site::{EnergyPrice, Site};
use crate::units::{Share, Usd, UsdPerMwh};

use super::hashprice::hashprice;

/// A loss this small (in dollars) is float noise around nil, and a month at nil is on.
const NIL: f64 = 1e-9;

/// Revenue and energy of one machine in one month, both nil in a month that
/// would lose money.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonthlyMargin {
    /// After the pool's fee.
    pub revenue: Usd,
    /// Positive.
    pub energy: Usd,
}

/// Price of energy at a site in a month of the deck.
#[must_use]
pub fn energy_price(site: &Site, money: &Money, calendar: &Calendar, month: Month, of: &DeckMonth) -> UsdPerMwh {
    match &site.power.energy_price {
        EnergyPrice::Fixed(price) => {
            let since = month.0 - calendar.month_of(money.price_date).0;
            *price * money.power_escalation.growth(since)
        }
        EnergyPrice::Deck(name) => of.power.get(name).copied().unwrap_or(UsdPerMwh::ZERO),
    }
}

/// `HP · TH · days · uptime · (1 − fee) − kW · (1 + overhead) · hours · uptime · price`,
/// switched off when negative.
#[must_use]
pub fn monthly_margin(
    model: &MachineModel,
    site: &Site,
    deck: &Deck,
    money: &Money,
    calendar: &Calendar,
    month: Month,
    of: &DeckMonth,
) -> MonthlyMargin {
    let uptime = site.mining.uptime.0;
    let days = f64::from(calendar.days_in_month(month)) * uptime;
    let revenue = hashprice(deck, calendar, month, of).income(model.hashrate, days) * money.pool_fee.rest();
    let energy_drawn = model.power.gross(site.mining.overhead).energy(calendar.hours_in_month(month)) * uptime;
    let energy = energy_price(site, money, calendar, month, of) * energy_drawn;
    if revenue.get() < energy.get() - NIL {
        MonthlyMargin { revenue: Usd::ZERO, energy: Usd::ZERO }
    } else {
        MonthlyMargin { revenue, energy }
    }
}

/// Share of machines that outlive a month.
#[must_use]
pub fn monthly_survival(model: &MachineModel) -> Share {
    Share(libm::pow(model.failure.rest(), 1.0 / 12.0))
}
