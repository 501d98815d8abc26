//! Prices of `works_before_service`: gross MW of halls that are ready by a month without a work that they need.

use super::prices::Prices;
use crate::audit::case::Case;
use crate::audit::column::Column;
use crate::audit::job::Job;
use crate::audit::tenure::extension;
use crate::domain::calendar::Month;
use crate::domain::site::{HallGroup, Site};
use crate::domain::work::Work;
use crate::units::GrossMw;

/// Months before the horizon in which what has started may be ready.
const BEFORE: i32 = 120;

/// Halls that need a work.
struct Need<'a> {
    work: &'a Work,
    /// The site whose longer lease it brings; `None` for the hall groups that it names.
    lease: Option<&'a Site>,
    /// MW that do without it.
    without: f64,
    /// MW of all halls that need it.
    greatest: f64,
    /// By month of service, where it is not nil.
    prices: Vec<(Month, f64)>,
}

/// Prices of all needs.
pub(super) struct Needs<'a>(Vec<Need<'a>>);

impl<'a> Needs<'a> {
    pub(super) fn new(case: &'a Case<'a>, prices: &mut Prices) -> Self {
        let (fleet, calendar) = (case.fleet, &case.fleet.calendar);
        let mut needs = vec![];
        let mut take = |key: &str| -> Vec<(Month, f64)> {
            let months = (-BEFORE..calendar.horizon_month().0).map(Month);
            let price = |month: Month| {
                let day = calendar.month_start(month).strftime("%Y-%m");
                (month, prices.take("works_before_service", &format!("{key},{day}")))
            };
            months.map(price).filter(|(_, price)| *price > 0.0).collect()
        };
        let power = |halls: &mut dyn Iterator<Item = &HallGroup>| -> f64 {
            halls.map(|hall| hall.reserved().get() * f64::from(hall.count)).sum()
        };
        for work in &fleet.works {
            if let Some(needed) = &work.needed_by {
                let mut halls = needed.halls.iter().filter_map(|(site, hall)| fleet.site(site)?.hall(hall));
                let (without, greatest) = ((needed.beyond + GrossMw::ONE_KILOWATT).get(), power(&mut halls));
                needs.push(Need { work, lease: None, without, greatest, prices: take(work.id.as_str()) });
            }
        }
        for site in &fleet.sites {
            if let Some(longer) = extension(fleet, site) {
                let prices = take(&format!("{},lease,{}", longer.work.id, site.id));
                let greatest = power(&mut site.halls.iter());
                needs.push(Need { work: longer.work, lease: Some(site), without: 0.0, greatest, prices });
            }
        }
        Self(needs)
    }

    /// Price × limit.
    pub(super) fn limits(&self) -> f64 {
        self.0.iter().map(|need| need.without * need.from(Month(-BEFORE))).sum()
    }

    /// What one hall pays.
    pub(super) fn of_hall(&self, column: &Column) -> f64 {
        let needs = |need: &&Need| match need.lease {
            None => need.work.needed_at(&column.site.id, &column.hall.id),
            Some(site) => site.id == column.site.id && column.extension.is_some(),
        };
        let prices: f64 = self.0.iter().filter(needs).map(|need| need.from(column.ready)).sum();
        column.hall.reserved().get() * prices
    }

    /// What a work brings: with it all halls may be ready.
    pub(super) fn by_work(&self, job: &Job) -> f64 {
        let needs = self.0.iter().filter(|need| need.work.id == job.work.id);
        needs.map(|need| (need.greatest - need.without).max(0.0) * need.from(job.finish)).sum()
    }
}

impl Need<'_> {
    /// The prices of a month and of those after it.
    fn from(&self, month: Month) -> f64 {
        self.prices.iter().filter(|(of, _)| *of >= month).map(|(_, price)| price).sum()
    }
}
