//! Hashprice: what one TH/s earns in a day.

use std::fmt;

use crate::domain::calendar::{Calendar, Month};
use crate::domain::market::{Deck, DeckMonth};
use crate::units::{Btc, GrossMw, Hours, TeraHash, Usd, UsdPerMwh};

/// Blocks that the network finds in a day.
const BLOCKS_PER_DAY: f64 = 144.0;

/// Dollars per TH/s and day.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Hashprice(pub f64);

impl Hashprice {
    /// In the field's usual unit, dollars per PH/s and day.
    #[must_use]
    pub fn usd_per_ph_day(self) -> f64 {
        self.0 * 1000.0
    }

    /// Income of a hashrate over days.
    #[must_use]
    pub fn income(self, hashrate: TeraHash, days: f64) -> Usd {
        Usd::new(self.0 * hashrate.get() * days)
    }

    /// `BTC · (144 · subsidy + fees per day) / network TH`.
    #[must_use]
    pub fn of(btc_price: Usd, subsidy: Btc, fees_per_day: Btc, network: TeraHash) -> Self {
        Self(btc_price.get() * (BLOCKS_PER_DAY * subsidy.get() + fees_per_day.get()) / network.get())
    }
}

impl fmt::Display for Hashprice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} USD/PH/day", self.usd_per_ph_day())
    }
}

/// Network hashrate at which blocks of this difficulty come every ten minutes:
/// `difficulty · 2³² / 600` hashes per second.
#[must_use]
pub fn network_of_difficulty(difficulty: f64) -> TeraHash {
    TeraHash::new(difficulty * 4_294_967_296.0 / 600.0 / 1e12)
}

/// Hashprice at which a machine of this efficiency only pays for its energy.
#[must_use]
pub fn break_even_hashprice(joule_per_th: f64, energy: UsdPerMwh) -> Hashprice {
    let mwh_per_day = GrossMw::new(joule_per_th / 1e6).energy(Hours(24.0));
    Hashprice((energy * mwh_per_day).get())
}

/// Price of bitcoin at which the network pays this hashprice.
#[must_use]
pub fn btc_price_at(hashprice: Hashprice, network: TeraHash, subsidy: Btc, fees_per_day: Btc) -> Usd {
    Usd::new(hashprice.0 * network.get() / (BLOCKS_PER_DAY * subsidy.get() + fees_per_day.get()))
}

/// Block subsidy of a month, averaged over its days.
#[must_use]
pub fn subsidy(deck: &Deck, calendar: &Calendar, month: Month) -> Btc {
    let days = calendar.days_in_month(month);
    let first = calendar.days_from_start(calendar.month_start(month));
    let mut sum = 0.0;
    let mut before = deck.subsidy_at_start;
    let mut from = 0;
    for halving in &deck.halvings {
        let day = (calendar.days_from_start(halving.date) - first).clamp(0, days);
        sum += f64::from(day - from) * before.get();
        (from, before) = (day, halving.subsidy);
    }
    sum += f64::from(days - from) * before.get();
    Btc::new(sum / f64::from(days))
}

/// Bitcoin that a hashrate finds in days of a month of the deck, before the pool's fee: `TH · days · (144 · subsidy + fees per day) /
/// network TH`.
#[must_use]
pub fn bitcoin(deck: &Deck, calendar: &Calendar, month: Month, of: &DeckMonth, hashrate: TeraHash, days: f64) -> Btc {
    let found = BLOCKS_PER_DAY * subsidy(deck, calendar, month).get() + of.fees_per_day.get();
    Btc::new(found / of.hashrate.get() * hashrate.get() * days)
}

/// Hashprice of a month of the deck.
#[must_use]
pub fn hashprice(deck: &Deck, calendar: &Calendar, month: Month, of: &DeckMonth) -> Hashprice {
    Hashprice::of(of.btc_price, subsidy(deck, calendar, month), of.fees_per_day, of.hashrate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::PeriodLength;
    use crate::domain::evidence::Evidence;
    use crate::domain::market::Halving;
    use crate::units::UsdPerKw;
    use jiff::civil::date;

    fn deck() -> Deck {
        Deck {
            name: String::new(),
            subsidy_at_start: Btc::new(3.125),
            halvings: vec![Halving { height: 1_050_000, date: date(2028, 4, 13), subsidy: Btc::new(1.5625) }],
            months: vec![],
            resale_bands: vec![],
            machine_prices: vec![],
            merchant: vec![],
            absorption: vec![],
            site_value: UsdPerKw::ZERO,
            evidence: Evidence::default(),
        }
    }

    #[test]
    fn the_month_of_a_halving_has_both_subsidies_by_days() {
        let calendar = Calendar {
            start: date(2028, 1, 1),
            period: PeriodLength::Quarter,
            periods: 4,
            latest_start: date(2028, 1, 1),
        };
        let of = |month| subsidy(&deck(), &calendar, Month(month)).get();
        assert_eq!((of(2), of(4)), (3.125, 1.5625));
        assert!((of(3) - (12.0 * 3.125 + 18.0 * 1.5625) / 30.0).abs() < 1e-12);
    }

    #[test]
    fn a_known_day_gives_the_published_hashprice() {
        // 2023-01: 20,251 USD, 273.1 EH/s, subsidy 6.25: 70.74 USD/PH/day without fees
        // counts the blocks really found; at 144 a day it is 66.74.
        let hp = Hashprice::of(Usd::new(20_251.0), Btc::new(6.25), Btc::ZERO, TeraHash::new(273.1e6));
        assert!((hp.usd_per_ph_day() - 66.74).abs() < 0.01);
    }
}
