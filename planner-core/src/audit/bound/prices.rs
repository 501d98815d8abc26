//! The prices that a plan states, by family and limit, and prices of one limit by period.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::calendar::{Calendar, Month, Period};
use crate::plan::Price;

/// Stated prices that nobody has asked for yet.
pub(super) struct Prices<'a> {
    left: BTreeMap<&'a str, BTreeMap<&'a str, f64>>,
    wrong: Vec<(Price, &'static str)>,
}

impl<'a> Prices<'a> {
    /// Sorts out what is no price.
    pub(super) fn new(stated: &'a [Price]) -> Self {
        let mut prices = Self { left: BTreeMap::new(), wrong: vec![] };
        let mut seen = BTreeSet::new();
        for price in stated {
            if !seen.insert((&price.family, &price.key)) {
                prices.wrong.push((price.clone(), "it stands twice"));
            } else if price.usd.is_finite() && price.usd >= 0.0 {
                prices.left.entry(&price.family).or_default().insert(&price.key, price.usd);
            } else {
                prices.wrong.push((price.clone(), "a price is a number from nil on"));
            }
        }
        prices
    }

    /// The price of a limit; nil where none is stated.
    pub(super) fn take(&mut self, family: &str, key: &str) -> f64 {
        self.left.get_mut(family).and_then(|keys| keys.remove(key)).unwrap_or(0.0)
    }

    /// The same, but nil and an objection where it is more than the limit can be worth.
    pub(super) fn take_up_to(&mut self, most: f64, family: &str, key: &str) -> f64 {
        let usd = self.take(family, key);
        if usd <= most {
            return usd;
        }
        let price = Price { family: family.to_owned(), key: key.to_owned(), usd };
        self.wrong.push((price, "it is more than the limit can be worth"));
        0.0
    }

    /// What is no price, and what is the price of no limit.
    pub(super) fn objections(self) -> Vec<(Price, &'static str)> {
        let left = self.left.into_iter().flat_map(|(family, keys)| {
            let price = move |(key, usd): (&str, f64)| Price { family: family.to_owned(), key: key.to_owned(), usd };
            keys.into_iter().map(move |left| (price(left), "there is no such limit"))
        });
        self.wrong.into_iter().chain(left).collect()
    }
}

/// Prices of one limit by period, with their sums from a period on.
#[derive(Default)]
pub(super) struct Series {
    at: Vec<f64>,
    from: Vec<f64>,
}

impl Series {
    pub(super) fn new(at: Vec<f64>) -> Self {
        let mut from = at.clone();
        let mut sum = 0.0;
        for price in from.iter_mut().rev() {
            sum += *price;
            *price = sum;
        }
        Self { at, from }
    }

    /// The prices of a family whose keys end with the month in which a period begins.
    pub(super) fn take(prices: &mut Prices, calendar: &Calendar, family: &str, key: impl Fn(&str) -> String) -> Self {
        let price = |period: Period| prices.take(family, &key(&month(calendar, period)));
        Self::new(calendar.all_periods().map(price).collect())
    }

    /// The price in a period.
    pub(super) fn at(&self, period: Period) -> f64 {
        self.at.get(period.index()).copied().unwrap_or(0.0)
    }

    /// The sum of prices from a period on.
    pub(super) fn from(&self, period: Period) -> f64 {
        self.from.get(period.index()).copied().unwrap_or(0.0)
    }
}

/// A period as the names of limits say it.
pub(super) fn month(calendar: &Calendar, period: Period) -> String {
    calendar.period_start(period).strftime("%Y-%m").to_string()
}

/// The period of a month; the first one for a month before the horizon.
pub(super) fn period_with(calendar: &Calendar, month: Month) -> Period {
    Period(u32::try_from(month.0.div_euclid(calendar.period.months())).unwrap_or(0))
}

/// The first period that begins in a month or after it.
pub(super) fn period_from(calendar: &Calendar, month: Month) -> Period {
    period_with(calendar, Month(month.0.saturating_add(calendar.period.months() - 1)))
}
