//! What breaks a rule by itself is no choice: one hall that exceeds its offer, an offer that the halls of a site cannot
//! carry, a hall for which there is never the power.

use crate::audit::case::Case;
use crate::audit::column::Column;
use crate::audit::locks::started_locks;
use crate::domain::calendar::{Month, Period};
use crate::domain::offer::Offer;
use crate::domain::site::Site;
use crate::domain::work::{Effect, Work};
use crate::units::{GrossMw, ItMw};

/// Whether one hall keeps the rules if nothing else is done.
pub(super) fn possible(case: &Case, column: &Column) -> bool {
    column.offer.is_none_or(|offer| {
        let carried = offer.split || greatest(case, column.site, offer) + ItMw::ONE_KILOWATT >= offer.min;
        carried && column.hall_it() <= offer.max + ItMw::ONE_KILOWATT
    }) && powered(case, column)
}

/// The greatest load that a site may carry for an offer.
fn greatest(case: &Case, site: &Site, offer: &Offer) -> ItMw {
    let of_group = |hall: &crate::domain::site::HallGroup| {
        let retrofits = hall.retrofits.iter().filter_map(|id| case.fleet.retrofit(id));
        let loads = retrofits.filter(|retrofit| retrofit.class == offer.class);
        let load = loads.map(|retrofit| hall.critical_it(retrofit.gross_to_critical).get()).fold(0.0, f64::max);
        ItMw::new(load * f64::from(hall.count))
    };
    site.halls.iter().map(of_group).sum()
}

/// Whether connection and firm power carry the hall from its service on, with all that works may have added by then.
fn powered(case: &Case, column: &Column) -> bool {
    let (calendar, power) = (&case.fleet.calendar, &column.site.power);
    let added = |period: Period, of: fn(&Effect) -> GrossMw| -> GrossMw {
        let first = calendar.first_month(period);
        let finished = case.fleet.works.iter().filter(|work| earliest(case, work) <= first);
        finished.filter_map(|work| work.effect_at(&column.site.id)).map(of).sum()
    };
    let carried = |period: Period| {
        let connection = power.connection_in(calendar, period) + added(period, |effect| effect.connection);
        let firm = power.firm_in(calendar, period) + added(period, |effect| effect.firm);
        let reserved = column.hall.reserved();
        reserved <= connection + GrossMw::ONE_KILOWATT && reserved <= firm + GrossMw::ONE_KILOWATT
    };
    calendar.all_periods().filter(|period| column.in_service(case.fleet, *period)).all(carried)
}

/// The first month after a work, if it starts as soon as it may.
fn earliest(case: &Case, work: &Work) -> Month {
    let begun = started_locks(case.fleet).filter(|lock| lock.work.as_ref() == Some(&work.id));
    let begun = begun.filter_map(|lock| lock.start).map(|start| case.fleet.calendar.month_of(start));
    begun.chain([Month(0)]).min().unwrap_or(Month(0)).plus(work.months)
}
