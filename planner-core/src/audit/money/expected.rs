//! Expectations beside a contract, per hall: renewals, halls let again, and
//! what running them costs. They are of class merchant and never mixed into
//! contract lines.

use super::contract::{Contract, Running};
use super::{Amounts, market};
use crate::domain::calendar::Month;
use crate::domain::offer::Bearer;
use crate::plan::ledger::Category;
use crate::units::Usd;

/// Expected lines of class merchant inside the horizon. The size of a term is
/// its size at a mass of one.
pub(super) fn lines(contract: &Contract) -> Amounts {
    let Contract { fleet, column, offer, term, masses, .. } = contract;
    let curve = market::curve(fleet, column.site, column.retrofit);
    let horizon = fleet.calendar.horizon_month();
    let mut amounts = Amounts::default();
    for (at, (month, masses)) in (column.commencement.0..horizon.0).map(Month).zip(masses).enumerate() {
        // A site that is no longer ours lets nothing.
        if month.0 < 0 || !column.held_on(fleet.calendar.month_start(month)) {
            continue;
        }
        let mut add = |category: Category, mass: f64, amount: Usd| {
            let size = if mass == 0.0 { Usd::ZERO } else { amount };
            amounts.add_sized(fleet, month, category, amount * mass, size);
        };
        if let Some(curve) = curve {
            add(
                Category::MerchantExpected,
                masses.relet,
                market::merchant_rent(fleet, curve, month) * column.hall_it(),
            );
        }
        let running = Running::of(fleet, column, month);
        let sum = |by: Bearer| running.borne(offer.costs, by).map(|(_, cost)| cost).sum::<Usd>();
        let (ours, theirs) = (sum(Bearer::Landlord), sum(Bearer::Tenant));
        if at < *term {
            add(Category::OperatingExpected, masses.relet, -theirs);
            continue;
        }
        if let Some(renewal) = offer.renewal {
            let factor = libm::pow(renewal.rent_factor.0, f64::from(masses.begun));
            add(Category::RenewalExpected, masses.paying, contract.escalated(at) * factor);
        }
        let (energy, demand) = contract.power(month);
        add(Category::OperatingExpected, masses.paying, -(ours + energy + demand + running.firm));
        add(Category::OperatingExpected, masses.relet, -(ours + theirs + running.firm));
    }
    amounts
}
