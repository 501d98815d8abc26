//! Lines of one model at one site: mining, sales, purchases, and what the
//! machines are worth at the horizon.

use super::{Amounts, Head, Told, market, units};
use crate::audit::machine_balance::Herd;
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::money::Class;
use crate::plan::ledger::Category;
use crate::units::{Share, Usd, UsdPerTh};

/// A margin this little below nil is nil: two right calculations must agree on
/// whether a month is on.
const NIL_MARGIN: Usd = Usd::new(-1e-9);

/// All lines of one model at one site.
pub(super) fn tell(fleet: &Fleet, herd: &Herd, hashprices: &[UsdPerTh]) -> Vec<Told> {
    let calendar = &fleet.calendar;
    let mining = Head::new(fleet, herd.site, herd.model.id.to_string(), Class::Mining);
    let corporate = Head::new(fleet, herd.site, herd.model.id.to_string(), Class::Corporate);
    let mut told = Vec::new();
    for (period, row) in calendar.all_periods().zip(&herd.rows) {
        if row.run.0 != 0 {
            told.extend(units(&mining, income(fleet, herd, period, hashprices), |unit| unit.times_machines(row.run)));
        }
        if row.sold.0 != 0 {
            told.extend(units(&mining, sale(fleet, herd, period), |unit| unit.times_machines(row.sold)));
        }
        if row.bought.0 != 0 {
            told.extend(units(&corporate, purchase(fleet, herd, period), |unit| unit.times_machines(row.bought)));
        }
    }
    let last = Month(calendar.horizon_month().0 - 1);
    if let Some(resale) = market::resale(fleet, herd.model, last).filter(|_| herd.left.0 != 0) {
        // Nobody pays to take off a machine that fetches less.
        let worth = (resale * herd.model.hashrate - fleet.handling.removal).each().get().max(0.0);
        let mut amounts = Amounts::default();
        amounts.add_in(calendar.horizon(), Category::MachineEndValue, Usd::new(worth));
        told.extend(units(&mining, amounts, |unit| unit.times_machines(herd.left)));
    }
    told
}

/// Whether a machine has a margin in some month of a period.
pub(in crate::audit) fn earns(fleet: &Fleet, herd: &Herd, period: Period, hashprices: &[UsdPerTh]) -> bool {
    !income(fleet, herd, period, hashprices).0.is_empty()
}

/// Revenue and energy of one machine in the months of a period that earn.
fn income(fleet: &Fleet, herd: &Herd, period: Period, hashprices: &[UsdPerTh]) -> Amounts {
    let Herd { site, model, .. } = herd;
    let uptime = site.mining.uptime.0;
    let mut amounts = Amounts::default();
    for (at, month) in (0_i32..).zip(fleet.calendar.months_of(period)) {
        let hashprice = usize::try_from(month.0).ok().and_then(|at| hashprices.get(at)).copied().unwrap_or_default();
        let alive = Share(-model.failure.0).growth(at);
        let days = f64::from(fleet.calendar.days_in_month(month));
        let revenue = (hashprice * model.hashrate).each() * (days * uptime * fleet.money.pool_fee.rest() * alive);
        let drawn = model.power.gross(site.mining.overhead).energy(fleet.calendar.hours_in_month(month));
        let energy = -(market::price(fleet, site, month) * drawn * (uptime * alive));
        if revenue + energy >= NIL_MARGIN && site.held_on(fleet.calendar.month_start(month)) {
            amounts.add(fleet, month, Category::MiningRevenue, revenue);
            amounts.add(fleet, month, Category::MiningEnergy, energy);
        }
    }
    amounts
}

/// One machine sold at the start of a period. In no band it brings nothing,
/// and its removal is paid.
fn sale(fleet: &Fleet, herd: &Herd, period: Period) -> Amounts {
    let first = fleet.calendar.first_month(period);
    let resale = market::resale(fleet, herd.model, first).unwrap_or(UsdPerTh::ZERO);
    let mut amounts = Amounts::default();
    amounts.add(fleet, first, Category::MachineSale, (resale * herd.model.hashrate).each());
    amounts.add(fleet, first, Category::MachineSale, -fleet.handling.removal.each());
    amounts
}

/// One machine bought at the start of a period; nothing where it has no price.
fn purchase(fleet: &Fleet, herd: &Herd, period: Period) -> Amounts {
    let calendar = &fleet.calendar;
    let first = calendar.first_month(period);
    let mut amounts = Amounts::default();
    let Some(new) = fleet.deck.machine_prices.iter().find(|price| price.model == herd.model.id) else {
        return amounts;
    };
    let age = first.0.saturating_sub(calendar.month_of(new.from).0);
    let price = (new.price * new.growth.growth(age) * herd.model.hashrate).each();
    amounts.add(fleet, first, Category::MachinePurchase, -price);
    amounts.add(fleet, first, Category::MachinePurchase, -fleet.handling.install.each());
    amounts
}
