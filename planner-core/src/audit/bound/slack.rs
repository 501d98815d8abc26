//! Prices of `ballast`: gross MW of slack of hosted load at a site in a period.

use super::prices::{Prices, Series};
use crate::audit::case::Case;
use crate::audit::column::Column;
use crate::domain::calendar::Period;
use crate::domain::site::Site;
use crate::units::GrossMw;

/// Prices of slack at one site; none where the site does not allow its use.
pub(super) struct Slack<'a> {
    case: &'a Case<'a>,
    price: Option<Series>,
}

impl<'a> Slack<'a> {
    pub(super) fn new(case: &'a Case<'a>, site: &Site, prices: &mut Prices) -> Self {
        let calendar = &case.fleet.calendar;
        let take = |_| Series::take(prices, calendar, "ballast", |month| format!("{},{month}", site.id));
        Self { case, price: site.power.ballast.map(take) }
    }

    /// Price × limit: there is no slack without halls.
    pub(super) fn limits(&self) -> f64 {
        GrossMw::ONE_KILOWATT.get() * self.price.as_ref().map_or(0.0, |price| price.from(Period(0)))
    }

    /// What one hall brings.
    pub(super) fn by_hall(&self, column: &Column) -> f64 {
        let Some(price) = &self.price else { return 0.0 };
        let calendar = &self.case.fleet.calendar;
        let under_contract = |period: &Period| {
            calendar.months_of(*period).all(|month| column.commencement <= month && month < column.term_end)
        };
        let slack = column.hall.reserved().get() * column.load_factor().rest();
        slack * calendar.all_periods().filter(under_contract).map(|period| price.at(period)).sum::<f64>()
    }

    /// What a MW of machines on slack pays; `None` where none may run on it.
    pub(super) fn of_machines(&self, period: Period) -> Option<f64> {
        Some(self.price.as_ref()?.at(period))
    }
}
