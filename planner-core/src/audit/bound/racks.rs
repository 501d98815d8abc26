//! Prices of `racks`: gross MW of racks of a site, by kind of cooling and period.

use super::prices::{Prices, Series, month, period_from, period_with};
use crate::audit::case::Case;
use crate::audit::column::Column;
use crate::audit::job::Job;
use crate::audit::tenure::{Extension, extension};
use crate::domain::calendar::Period;
use crate::domain::machine::Cooling;
use crate::domain::site::Site;
use crate::units::GrossMw;

/// Every kind of racks.
pub(super) const KINDS: [Cooling; 3] = [Cooling::Air, Cooling::Hydro, Cooling::Immersion];

/// Prices of the racks of one kind at one site.
pub(super) struct Racks<'a> {
    case: &'a Case<'a>,
    site: &'a Site,
    cooling: Cooling,
    longer: Option<Extension<'a>>,
    /// Of racks in periods in which the site is, or may be, ours.
    row: Series,
    /// Of all racks in periods after the lease.
    lease: Series,
}

impl<'a> Racks<'a> {
    pub(super) fn new(case: &'a Case<'a>, site: &'a Site, cooling: Cooling, prices: &mut Prices) -> Self {
        let calendar = &case.fleet.calendar;
        let mut racks = Self {
            case,
            site,
            cooling,
            longer: extension(case.fleet, site),
            row: Series::default(),
            lease: Series::default(),
        };
        let kind = format!("{cooling:?}").to_lowercase();
        let key = |period| format!("{},{kind},{}", site.id, month(calendar, period));
        let (mut row, mut lease) = (vec![], vec![]);
        for period in calendar.all_periods() {
            let held = racks.held(period);
            row.push(if held || racks.longer_in(period) { prices.take("racks", &key(period)) } else { 0.0 });
            lease.push(if held { 0.0 } else { prices.take("racks", &format!("{},lease", key(period))) });
        }
        (racks.row, racks.lease) = (Series::new(row), Series::new(lease));
        racks
    }

    fn held(&self, period: Period) -> bool {
        self.site.held_on(self.case.fleet.calendar.period_start(period))
    }

    /// Whether a work may make the site ours in a period.
    fn longer_in(&self, period: Period) -> bool {
        let first = self.case.fleet.calendar.first_month(period);
        self.longer.is_some_and(|longer| longer.contains(first))
    }

    /// Racks before anything is stripped or added.
    fn base(&self) -> GrossMw {
        let spare = if self.cooling == Cooling::Air { self.site.mining.spare_racks } else { GrossMw::ZERO };
        let halls = self.site.halls.iter().filter(|hall| hall.cooling == self.cooling);
        spare + halls.map(|hall| hall.racks() * f64::from(hall.count)).sum()
    }

    /// Racks with everything that works may add.
    pub(super) fn most(&self) -> GrossMw {
        let effects = self.case.fleet.works.iter().filter_map(|work| work.effect_at(&self.site.id));
        self.base() + effects.filter(|_| self.cooling == Cooling::Air).map(|effect| effect.racks).sum()
    }

    /// The most that may stand there in a period.
    pub(super) fn most_in(&self, period: Period) -> GrossMw {
        if self.held(period) || self.longer_in(period) { self.most() } else { GrossMw::ZERO }
    }

    /// Price × limit.
    pub(super) fn limits(&self) -> f64 {
        let row = (self.base() + GrossMw::ONE_KILOWATT).get() * self.row.from(Period(0));
        row + GrossMw::ONE_KILOWATT.get() * self.lease.from(Period(0))
    }

    /// What one hall pays for the racks that it takes away.
    pub(super) fn of_hall(&self, column: &Column) -> f64 {
        if column.hall.cooling != self.cooling {
            return 0.0;
        }
        column.hall.racks().get() * self.row.from(period_with(&self.case.fleet.calendar, column.mining_off))
    }

    /// What a MW of machines pays.
    pub(super) fn of_machines(&self, period: Period) -> f64 {
        self.row.at(period) + self.lease.at(period)
    }

    /// What a work brings.
    pub(super) fn by_work(&self, job: &Job) -> f64 {
        let Some(effect) = job.work.effect_at(&self.site.id) else { return 0.0 };
        let from = period_from(&self.case.fleet.calendar, job.finish);
        let added = if self.cooling == Cooling::Air { effect.racks.get() * self.row.from(from) } else { 0.0 };
        let longer = self.longer.filter(|longer| longer.work.id == job.work.id).map_or(0.0, |_| {
            let periods = self.case.fleet.calendar.all_periods();
            let periods = periods.filter(|period| *period >= from && self.longer_in(*period));
            self.most().get() * periods.map(|period| self.lease.at(period)).sum::<f64>()
        });
        added + longer
    }

    /// What the sale of the site pays: all racks go.
    pub(super) fn of_sale(&self, period: Period) -> f64 {
        self.base().get() * self.row.from(period)
    }
}
