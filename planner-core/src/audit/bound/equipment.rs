//! Prices of `long_lead`: a delivery of scarce equipment in a period.

use super::prices::{Prices, Series};
use super::worth::Worth;
use crate::audit::case::Case;
use crate::audit::long_lead::deposit_month;
use crate::audit::money::deposit;
use crate::domain::calendar::Period;
use crate::domain::delivery::LongLead;
use crate::plan::Reservation;

/// Prices of every item.
pub(super) struct Equipment<'a> {
    case: &'a Case<'a>,
    items: Vec<(&'a LongLead, Series)>,
}

impl<'a> Equipment<'a> {
    pub(super) fn new(case: &'a Case<'a>, prices: &mut Prices) -> Self {
        let calendar = &case.fleet.calendar;
        let take = |item: &'a LongLead| {
            (item, Series::take(prices, calendar, "long_lead", |month| format!("{},{month}", item.item)))
        };
        Self { case, items: case.fleet.long_lead.iter().map(take).collect() }
    }

    /// Price × limit.
    pub(super) fn limits(&self) -> f64 {
        self.items.iter().map(|(item, prices)| f64::from(item.per_period) * prices.from(Period(0))).sum()
    }

    /// What deliveries pay.
    pub(super) fn of(&self, deliveries: &[(&str, Period, u32)]) -> f64 {
        let price = |name: &str, period| {
            let prices = self.items.iter().find(|(item, _)| item.item == name);
            prices.map_or(0.0, |(_, prices)| prices.at(period))
        };
        deliveries.iter().map(|(item, period, count)| f64::from(*count) * price(item, *period)).sum()
    }

    /// The best reservations.
    pub(super) fn reserved(&self, worth: &Worth) -> f64 {
        let mut sum = 0.0;
        for (item, prices) in &self.items {
            let Some(reserve) = item.reserve else { continue };
            for period in self.case.fleet.calendar.all_periods() {
                let one = Reservation { item: item.item.clone(), period, count: 1 };
                let lines = deposit::tell(self.case, &one);
                if deposit_month(self.case, &one, &reserve).0 >= 0 && worth.paid_for(&lines) {
                    sum += f64::from(reserve.most) * (prices.at(period) + worth.of(&lines)).max(0.0);
                }
            }
        }
        sum
    }
}
