//! What the market pays in a month: hashprice, energy, used machines, and
//! capacity let without a contract.

use jiff::civil::Date;

use crate::domain::Fleet;
use crate::domain::calendar::Month;
use crate::domain::machine::MachineModel;
use crate::domain::market::{Deck, DeckMonth, MerchantCurve};
use crate::domain::retrofit::Retrofit;
use crate::domain::site::{EnergyPrice, Site};
use crate::units::{Btc, UsdPerKwMonth, UsdPerMwh, UsdPerTh};

/// Blocks of a day.
const BLOCKS_PER_DAY: f64 = 144.0;

/// The deck of a month; after its last month, that of the last.
fn deck_month(deck: &Deck, month: Month) -> Option<&DeckMonth> {
    let at = usize::try_from(month.0).ok()?;
    deck.months.get(at).or_else(|| deck.months.last())
}

/// Price of energy at a site.
pub(super) fn price(fleet: &Fleet, site: &Site, month: Month) -> UsdPerMwh {
    match &site.power.energy_price {
        EnergyPrice::Fixed(price) => *price * fleet.money.power_escalation.growth(super::since(fleet, month)),
        EnergyPrice::Deck(name) => {
            deck_month(&fleet.deck, month).and_then(|deck| deck.power.get(name)).copied().unwrap_or(UsdPerMwh::ZERO)
        }
    }
}

/// Rents of capacity let without a contract, for the site's market and the retrofit's class.
pub(in crate::audit) fn curve<'a>(fleet: &'a Fleet, site: &Site, retrofit: &Retrofit) -> Option<&'a MerchantCurve> {
    fleet.deck.merchant.iter().find(|curve| curve.market == site.location.market && curve.class == retrofit.class)
}

/// `curve(m) = rent · grow(growth, m − month(from))`.
pub(super) fn merchant_rent(fleet: &Fleet, curve: &MerchantCurve, month: Month) -> UsdPerKwMonth {
    curve.rent * curve.growth.growth(month.0.saturating_sub(fleet.calendar.month_of(curve.from).0))
}

/// `HP = BTC · (144 · subsidy + fees per day) / network TH`, in dollars per TH
/// and day, for every month of the horizon.
pub(in crate::audit) fn hashprices(fleet: &Fleet) -> Vec<UsdPerTh> {
    let months = (0..fleet.calendar.horizon_month().0).map(Month);
    months
        .map(|month| {
            deck_month(&fleet.deck, month).map_or(UsdPerTh::ZERO, |deck| {
                let coins = subsidy(fleet, month) * BLOCKS_PER_DAY + deck.fees_per_day;
                UsdPerTh::new(deck.btc_price.get() * coins.get() / deck.hashrate.get())
            })
        })
        .collect()
}

/// The subsidy of a block, averaged over the days of a month.
fn subsidy(fleet: &Fleet, month: Month) -> Btc {
    let first = fleet.calendar.month_start(month);
    let days = first.days_in_month();
    let on = |day: Date| {
        let halved = fleet.deck.halvings.iter().rev().find(|halving| halving.date <= day);
        halved.map_or(fleet.deck.subsidy_at_start, |halving| halving.subsidy)
    };
    let sum: Btc = (1..=days).filter_map(|day| first.with().day(day).build().ok()).map(on).sum();
    sum * (1.0 / f64::from(days))
}

/// Resale price of a model; `None` in no band.
pub(super) fn resale(fleet: &Fleet, model: &MachineModel, month: Month) -> Option<UsdPerTh> {
    let efficiency = model.power.joule_per_th(model.hashrate);
    let band = fleet.deck.resale_bands.iter().position(|band| band.contains(efficiency))?;
    deck_month(&fleet.deck, month)?.resale.get(band).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::fixture;

    #[test]
    fn the_subsidy_of_a_halving_month_is_averaged_over_its_days() {
        let fleet = fixture::fleet();
        // February 2028 has 29 days; the halving of the fixture is on the 11th: 10 days before, 19 after.
        let expected = (10.0 * 3.125 + 19.0 * 1.5625) / 29.0;
        assert!((subsidy(&fleet, Month(13)).get() - expected).abs() < 1e-12);
        assert!((subsidy(&fleet, Month(12)).get() - 3.125).abs() < 1e-12);
        assert!((subsidy(&fleet, Month(14)).get() - 1.5625).abs() < 1e-12);
    }

    #[test]
    fn hashprice_is_dollars_per_terahash_and_day() {
        // 100,000 USD · (144 · 3.125 + 10) BTC / 1e9 TH = 0.046 USD.
        let prices = hashprices(&fixture::fleet());
        assert!((prices[0].get() - 0.046).abs() < 1e-15);
    }

    #[test]
    fn the_last_price_of_the_deck_holds_after_it() {
        let mut fleet = fixture::fleet();
        fleet.sites[0].power.energy_price = EnergyPrice::Deck("grid".to_owned());
        for (at, month) in fleet.deck.months.iter_mut().enumerate() {
            month.power.insert("grid".to_owned(), UsdPerMwh::new(if at == 23 { 70.0 } else { 50.0 }));
        }
        assert_eq!(price(&fleet, &fleet.sites[0], Month(22)), UsdPerMwh::new(50.0));
        assert_eq!(price(&fleet, &fleet.sites[0], Month(40)), UsdPerMwh::new(70.0));
    }
}
