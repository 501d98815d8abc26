//! Prices of `crews`: a hall on site in a period, and IT MW energised in a year.

use super::prices::{Prices, Series};
use crate::audit::case::Case;
use crate::audit::column::Column;
use crate::audit::crews::occupied;
use crate::domain::calendar::Period;
use crate::domain::delivery::Crew;
use crate::units::ItMw;

/// Prices of one crew.
pub(super) struct Priced<'a> {
    case: &'a Case<'a>,
    crew: &'a Crew,
    halls: Series,
    /// By calendar year.
    energised: Vec<(i16, f64)>,
}

impl<'a> Priced<'a> {
    pub(super) fn new(case: &'a Case<'a>, crew: &'a Crew, prices: &mut Prices) -> Self {
        let calendar = &case.fleet.calendar;
        let halls = crew.halls.map_or_else(Series::default, |_| {
            Series::take(prices, calendar, "crews", |month| format!("{},{month}", crew.id))
        });
        let year = |day: jiff::civil::Date| day.year();
        let years = year(calendar.start)..=year(calendar.period_start(calendar.horizon()));
        let years = years.filter(|_| crew.energised.is_some());
        let energised = years.map(|year| (year, prices.take("crews", &format!("{},energised,{year}", crew.id))));
        Self { case, crew, halls, energised: energised.collect() }
    }

    /// Price × limit.
    pub(super) fn limits(&self) -> f64 {
        let halls = self.crew.halls.map_or(0.0, f64::from) * self.halls.from(Period(0));
        let most = self.crew.energised.map_or(0.0, |most| most.get() + ItMw::ONE_KILOWATT.get());
        halls + most * self.energised.iter().map(|(_, price)| price).sum::<f64>()
    }

    /// What one hall pays.
    pub(super) fn of_hall(&self, column: &Column) -> f64 {
        if !self.crew.scope.contains(column.site) {
            return 0.0;
        }
        let calendar = &self.case.fleet.calendar;
        let busy = calendar.all_periods().filter(|period| occupied(self.case, column, *period));
        let on_site: f64 = busy.map(|period| self.halls.at(period)).sum();
        let ready = calendar.month_start(column.ready).year();
        let of_year = self.energised.iter().find(|(year, _)| column.ready.0 >= 0 && *year == ready);
        on_site + column.hall_it().get() * of_year.map_or(0.0, |(_, price)| *price)
    }
}
