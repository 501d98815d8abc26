//! Lines of a hall that is built without a contract: rent at the market's
//! curve, operating cost and firm charge from service to the horizon.

use super::contract::{OPEX, Running};
use super::{Amounts, market};
use crate::audit::column::Column;
use crate::domain::Fleet;
use crate::domain::calendar::Month;
use crate::plan::ledger::Category;

/// All lines of class merchant of one hall.
pub(super) fn lines(fleet: &Fleet, column: &Column) -> Amounts {
    let curve = market::curve(fleet, column.site, column.retrofit);
    let mut amounts = Amounts::default();
    for month in (column.ready.0.max(0)..fleet.calendar.horizon_month().0).map(Month) {
        let running = Running::of(fleet, column, month);
        for (category, cost) in OPEX.into_iter().zip(running.opex) {
            amounts.add(fleet, month, category, -cost);
        }
        amounts.add(fleet, month, Category::FirmCharge, -running.firm);
        if let Some(curve) = curve {
            // Months in service after the downtime; none before.
            let age = i64::from(month.0) - i64::from(column.ready.0) - i64::from(curve.downtime.0);
            let let_out = usize::try_from(age).map_or(0.0, |age| curve.occupancy.get(age).map_or(1.0, |share| share.0));
            let rent = market::merchant_rent(fleet, curve, month) * column.hall_it() * let_out;
            amounts.add(fleet, month, Category::MerchantRent, rent);
        }
    }
    amounts
}
