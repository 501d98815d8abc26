//! What it costs to stop mining in a hall.

use super::hall::Conversion;
use super::lines::Months;
use crate::domain::money::Class;
use crate::domain::site::HallUse;
use crate::plan::ledger::Category;
use crate::units::Usd;

// ANCHOR: exit
/// `− exit_cost − fee` in the month in which mining stops; the fee where a customer's contract still runs then.
// ANCHOR_END: exit
pub(super) fn exit_cost(of: &Conversion, months: &mut Months) {
    let Some(off) = of.dates.mining_off else { return };
    let fee = match of.hall.hall_use {
        HallUse::ThirdParty(customer) if off < of.fleet.calendar.month_after(customer.until) => customer.fee,
        _ => Usd::ZERO,
    };
    months.add(off, Category::Capex("exit".to_owned()), Class::Corporate, -(of.hall.exit_cost + fee));
}
