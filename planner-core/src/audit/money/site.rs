//! Lines of a site, whatever is hosted there: fixed cost and what mothballs save
//! of it, rent, mining customers, its sale, connection at the horizon.

use super::{Amounts, Head, Told, customer, units};
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::money::Class;
use crate::domain::site::{Site, Tenure};
use crate::plan::SiteDecision;
use crate::plan::ledger::Category;

/// All lines with the subject `site`, but the least bill. A site without a state works throughout.
pub(in crate::audit) fn tell(fleet: &Fleet, site: &Site, state: Option<&SiteDecision>) -> Vec<Told> {
    let calendar = &fleet.calendar;
    let sold = state.and_then(|state| state.sold);
    let mothballed = |period: &Period| state.is_some_and(|state| state.mothballed.contains(period));
    let mut amounts = Amounts::default();
    for period in calendar.all_periods().filter(|period| sold.is_none_or(|sold| *period < sold)) {
        let held = |month: &Month| site.held_on(calendar.month_start(*month));
        for month in calendar.months_of(period).filter(held) {
            amounts.add(fleet, month, Category::MiningFixedCost, -site.mining.fixed_cost.per_month());
            if let Tenure::Leased { rent, .. } = site.tenure {
                amounts.add(fleet, month, Category::SiteRent, -rent.per_month());
            }
            if let Some(goes_on) = site.exit.mothball.filter(|_| mothballed(&period)) {
                let saved = site.mining.fixed_cost.per_month() * goes_on.rest();
                amounts.add(fleet, month, Category::MothballSaving, saved);
            }
        }
    }
    sale(fleet, site, sold, &mut amounts);
    let horizon = calendar.horizon();
    if sold.is_none() && site.held_on(calendar.period_start(horizon)) {
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
fn sale(fleet: &Fleet, site: &Site, sold: Option<Period>, amounts: &mut Amounts) {
    let calendar = &fleet.calendar;
    let sold = sold.filter(|period: &Period| *period < calendar.horizon());
    if let (Some(price), Some(period)) = (site.exit.sale, sold) {
        let connection = site.power.connection_in(calendar, period);
        amounts.add_in(period, Category::SiteSale, price * connection);
    }
}
