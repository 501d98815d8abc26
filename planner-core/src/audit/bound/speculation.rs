//! Prices of `speculation`: IT MW without a contract, over the whole plan and in service in a market and period.

use std::collections::BTreeMap;

use super::prices::{Prices, Series, period_with};
use crate::audit::case::Case;
use crate::audit::column::Column;
use crate::audit::speculation::absorption;
use crate::units::ItMw;

/// Prices of capacity without a contract.
pub(super) struct Speculation<'a> {
    case: &'a Case<'a>,
    cap: f64,
    markets: BTreeMap<&'a str, Series>,
}

impl<'a> Speculation<'a> {
    pub(super) fn new(case: &'a Case<'a>, prices: &mut Prices) -> Self {
        let calendar = &case.fleet.calendar;
        let mut own = Self { case, cap: prices.take("speculation", "cap"), markets: BTreeMap::new() };
        for site in &case.fleet.sites {
            let market = site.location.market.as_str();
            own.markets
                .entry(market)
                .or_insert_with(|| Series::take(prices, calendar, "speculation", |month| format!("{market},{month}")));
        }
        own
    }

    /// Price × limit.
    pub(super) fn limits(&self) -> f64 {
        let cap = self.case.fleet.merchant.unwrap_or(ItMw::ZERO) + ItMw::ONE_KILOWATT;
        let of = |(market, prices): (&&str, &Series)| -> f64 {
            let periods = self.case.fleet.calendar.all_periods();
            periods.map(|at| prices.at(at) * (absorption(self.case, market, at) + ItMw::ONE_KILOWATT).get()).sum()
        };
        self.cap * cap.get() + self.markets.iter().map(of).sum::<f64>()
    }

    /// What one hall pays.
    pub(super) fn of_hall(&self, column: &Column) -> f64 {
        if column.offer.is_some() {
            return 0.0;
        }
        let service = period_with(&self.case.fleet.calendar, column.ready);
        let market = self.markets.get(column.site.location.market.as_str());
        column.hall_it().get() * (self.cap + market.map_or(0.0, |prices| prices.from(service)))
    }
}
