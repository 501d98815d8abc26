//! Lines of a site, whatever is done there: fixed cost, rent, connection at
//! the horizon.

use super::{Amounts, Head, Told, units};
use crate::domain::Fleet;
use crate::domain::calendar::Month;
use crate::domain::money::Class;
use crate::domain::site::{Site, Tenure};
use crate::plan::ledger::Category;

/// All lines with the subject `site`.
pub(super) fn tell(fleet: &Fleet, site: &Site) -> Vec<Told> {
    let calendar = &fleet.calendar;
    let mut amounts = Amounts::default();
    let held = |month: &Month| site.held_on(calendar.month_start(*month));
    for month in (0..calendar.horizon_month().0).map(Month).filter(held) {
        amounts.add(fleet, month, Category::MiningFixedCost, -site.mining.fixed_cost.per_month());
        if let Tenure::Leased { rent, .. } = site.tenure {
            amounts.add(fleet, month, Category::SiteRent, -rent.per_month());
        }
    }
    let horizon = calendar.horizon();
    if site.held_on(calendar.period_start(horizon)) {
        let connection = site.power.connection_in(calendar, horizon);
        amounts.add_in(horizon, Category::SiteEndValue, fleet.deck.site_value * connection);
    }
    units(&Head::new(fleet, site, "site".to_owned(), Class::Corporate), amounts, |unit| unit)
}
