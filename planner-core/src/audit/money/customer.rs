//! Mining customers: what their halls bring, what a conversion takes of it, and
//! what it costs to end their contracts.

use super::Amounts;
use crate::audit::column::Column;
use crate::domain::Fleet;
use crate::domain::calendar::Month;
use crate::domain::site::{HallGroup, HallUse, Site};
use crate::plan::ledger::Category;
use crate::units::Usd;

/// What the halls of all customers of a site bring if none is converted.
pub(super) fn margins(fleet: &Fleet, site: &Site, amounts: &mut Amounts) {
    for hall in &site.halls {
        let each = margin(hall);
        for month in months(fleet, site, hall, Month(0)) {
            amounts.add(fleet, month, Category::ThirdPartyMargin, each * f64::from(hall.count));
        }
    }
}

/// What one hall no longer brings from the month on in which it is stripped.
pub(super) fn lost(fleet: &Fleet, column: &Column) -> Amounts {
    let mut amounts = Amounts::default();
    for month in months(fleet, column.site, column.hall, column.mining_off) {
        amounts.add(fleet, month, Category::ThirdPartyMargin, -margin(column.hall));
    }
    amounts
}

/// What ending a customer's contract early and clearing a hall cost, when mining stops.
pub(super) fn exit(fleet: &Fleet, column: &Column, amounts: &mut Amounts) {
    if column.hall.hall_use == HallUse::Pad {
        return;
    }
    let category = || Category::Capex("exit".to_owned());
    let early = |until| column.mining_off < fleet.calendar.month_after(until);
    if let Some(customer) = column.customer().filter(|customer| early(customer.until)) {
        amounts.add(fleet, column.mining_off, category(), -customer.fee);
    }
    amounts.add(fleet, column.mining_off, category(), -column.hall.exit_cost);
}

fn margin(hall: &HallGroup) -> Usd {
    match hall.hall_use {
        HallUse::ThirdParty(customer) => customer.margin * hall.hall_power,
        HallUse::Mining | HallUse::Pad => Usd::ZERO,
    }
}

/// Months of the horizon from one on that begin while the contract runs and the site is ours.
fn months<'a>(
    fleet: &'a Fleet,
    site: &'a Site,
    hall: &HallGroup,
    from: Month,
) -> impl Iterator<Item = Month> + use<'a> {
    let end = match hall.hall_use {
        HallUse::ThirdParty(customer) => fleet.calendar.month_after(customer.until),
        HallUse::Mining | HallUse::Pad => Month(0),
    };
    let end = end.min(fleet.calendar.horizon_month());
    (from.0.max(0)..end.0).map(Month).filter(|month| site.held_on(fleet.calendar.month_start(*month)))
}
