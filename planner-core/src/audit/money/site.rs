//! Lines of a site, whatever is hosted there: fixed cost and what mothballs save
//! of it, rent, mining customers, its sale, connection at the horizon.

use super::{Amounts, Head, Told, customer, units};
use crate::audit::case::Case;
use crate::domain::calendar::{Month, Period};
use crate::domain::money::Class;
use crate::domain::site::{Site, Tenure};
use crate::plan::ledger::Category;

/// All lines with the subject `site`, but the least bill.
pub(super) fn tell(case: &Case, site: &Site) -> Vec<Told> {
    let fleet = case.fleet;
    let calendar = &fleet.calendar;
    let mut amounts = Amounts::default();
    for period in calendar.all_periods().filter(|period| !case.sold_by(&site.id, *period)) {
        let held = |month: &Month| site.held_on(calendar.month_start(*month));
        for month in calendar.months_of(period).filter(held) {
            amounts.add(fleet, month, Category::MiningFixedCost, -site.mining.fixed_cost.per_month());
            if let Tenure::Leased { rent, .. } = site.tenure {
                amounts.add(fleet, month, Category::SiteRent, -rent.per_month());
            }
            if let Some(goes_on) = site.exit.mothball.filter(|_| case.mothballed(&site.id, period)) {
                let saved = site.mining.fixed_cost.per_month() * goes_on.rest();
                amounts.add(fleet, month, Category::MothballSaving, saved);
            }
        }
    }
    sale(case, site, &mut amounts);
    let horizon = calendar.horizon();
    if case.sold(&site.id).is_none() && site.held_on(calendar.period_start(horizon)) {
        let connection = site.power.connection_in(calendar, horizon);
        amounts.add_in(horizon, Category::SiteEndValue, fleet.deck.site_value * connection);
    }
    let head = |class| Head::new(fleet, &site.id, "site".to_owned(), class);
    let mut told = units(&head(Class::Corporate), amounts, |unit| unit);
    let mut customers = Amounts::default();
    customer::margins(fleet, site, &mut customers);
    told.extend(units(&head(Class::Mining), customers, |unit| unit));
    told
}

/// Its connection, sold with it.
fn sale(case: &Case, site: &Site, amounts: &mut Amounts) {
    let calendar = &case.fleet.calendar;
    let sold = case.sold(&site.id).filter(|period: &Period| *period < calendar.horizon());
    if let (Some(price), Some(period)) = (site.exit.sale, sold) {
        let connection = site.power.connection_in(calendar, period);
        amounts.add_in(period, Category::SiteSale, price * connection);
    }
}
