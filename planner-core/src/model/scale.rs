//! The only place where a quantity becomes a coefficient: M$, MW and thousands
//! of machines, so that coefficients are of order one.

use crate::domain::calendar::Calendar;
use crate::options::{UnitLine, present_value_usd};
use crate::units::{Cents, GrossMw, ItMw, ItMwPerYear, MilliMachines, TeraHash, Usd};

/// Machines in one unit of a machine column.
pub const MACHINES: f64 = 1000.0;

/// Gross MW.
#[must_use]
pub const fn power(power: GrossMw) -> f64 {
    power.get()
}

/// Gross MW of one unit of a machine column.
#[must_use]
pub const fn machine_power(one: GrossMw) -> f64 {
    one.get() * MACHINES
}

/// MW of critical IT load.
#[must_use]
pub const fn load(load: ItMw) -> f64 {
    load.get()
}

/// What a row grants beyond an agreed load: the kilowatt to which it holds, less the watt that the solver forgives on
/// top, so that the audit accepts what the solver accepts.
const GRANTED: f64 = ItMw::ONE_KILOWATT.get() - ItMw::ONE_WATT.get();

/// MW of critical IT load that a row takes where so much is agreed at most.
#[must_use]
pub const fn most_load(most: ItMw) -> f64 {
    load(most) + GRANTED
}

/// The same where so much is agreed at least.
#[must_use]
pub const fn least_load(least: ItMw) -> f64 {
    load(least) - GRANTED
}

/// MW of critical IT load added in so many years.
#[must_use]
pub const fn load_growth(growth: ItMwPerYear, years: f64) -> f64 {
    growth.get() * years
}

/// EH/s.
#[must_use]
pub const fn hashrate(hashrate: TeraHash) -> f64 {
    hashrate.get() / 1e6
}

/// EH/s of one unit of a machine column.
#[must_use]
pub const fn machine_hashrate(one: TeraHash) -> f64 {
    hashrate(one) * MACHINES
}

/// M$.
#[must_use]
pub fn money(cents: Cents) -> f64 {
    cents.usd() / 1e6
}

/// M$ of one unit of a machine column.
#[must_use]
pub fn machine_money(one: Cents) -> f64 {
    money(one) * MACHINES
}

/// One unit of money.
pub const MILLION: Usd = Usd::new(1e6);

/// M$ of an amount that is not rounded.
#[must_use]
pub const fn amount(amount: Usd) -> f64 {
    amount.get() / MILLION.get()
}

/// The same for one unit of a machine column.
#[must_use]
pub const fn machine_amount(one: Usd) -> f64 {
    amount(one) * MACHINES
}

/// Present value in M$ of one unit of a decision.
#[must_use]
pub fn value(calendar: &Calendar, lines: &[UnitLine]) -> f64 {
    present_value_usd(calendar, lines) / 1e6
}

/// Present value in M$ of one unit of a machine column.
#[must_use]
pub fn machine_value(calendar: &Calendar, lines: &[UnitLine]) -> f64 {
    value(calendar, lines) * MACHINES
}

/// Units of a machine column.
#[must_use]
pub fn machines(count: MilliMachines) -> f64 {
    count.count() / MACHINES
}

/// Machines of a machine column's value.
#[must_use]
pub fn machine_count(value: f64) -> f64 {
    value * MACHINES
}

/// Dollars of a value in M$.
#[must_use]
pub fn dollars(millions: f64) -> f64 {
    millions * 1e6
}
