//! Prices of `site_power` and `firm_power`: gross MW of a site in a period.

use super::prices::{Prices, Series, period_from, period_with};
use crate::audit::case::Case;
use crate::audit::column::Column;
use crate::audit::job::Job;
use crate::audit::site_power::contract_in;
use crate::domain::calendar::Period;
use crate::domain::site::Site;
use crate::units::GrossMw;

/// Prices of the power of one site.
pub(super) struct Power<'a> {
    case: &'a Case<'a>,
    site: &'a Site,
    connection: Series,
    firm: Series,
}

impl<'a> Power<'a> {
    pub(super) fn new(case: &'a Case<'a>, site: &'a Site, prices: &mut Prices) -> Self {
        let calendar = &case.fleet.calendar;
        let mut take = |family| Series::take(prices, calendar, family, |month| format!("{},{month}", site.id));
        Self { case, site, connection: take("site_power"), firm: take("firm_power") }
    }

    /// Price × limit; halls of mining customers draw of the connection until they are stripped.
    pub(super) fn limits(&self) -> f64 {
        let calendar = &self.case.fleet.calendar;
        let of = |period: Period| {
            let halls = self.site.halls.iter().filter(|hall| contract_in(self.case, hall, period));
            let customers: GrossMw = halls.map(|hall| hall.hall_power * f64::from(hall.count)).sum();
            let connection = self.site.power.connection_in(calendar, period) + GrossMw::ONE_KILOWATT - customers;
            let firm = self.site.power.firm_in(calendar, period) + GrossMw::ONE_KILOWATT;
            self.connection.at(period) * connection.get() + self.firm.at(period) * firm.get()
        };
        calendar.all_periods().map(of).sum()
    }

    /// What one hall pays.
    pub(super) fn of_hall(&self, column: &Column) -> f64 {
        let calendar = &self.case.fleet.calendar;
        let service = period_with(calendar, column.ready);
        let hosted = self.connection.from(service) + self.firm.from(service);
        let stripped = period_from(calendar, column.mining_off);
        let freed =
            calendar.all_periods().filter(|period| *period >= stripped && contract_in(self.case, column.hall, *period));
        let freed: f64 = freed.map(|period| self.connection.at(period)).sum();
        column.hall.reserved().get() * hosted - column.hall.hall_power.get() * freed
    }

    /// What a MW of machines that run pays.
    pub(super) fn of_run(&self, period: Period) -> f64 {
        self.connection.at(period)
    }

    /// What a work brings.
    pub(super) fn by_work(&self, job: &Job) -> f64 {
        let Some(effect) = job.work.effect_at(&self.site.id) else { return 0.0 };
        let from = period_from(&self.case.fleet.calendar, job.finish);
        effect.connection.get() * self.connection.from(from) + effect.firm.get() * self.firm.from(from)
    }
}
