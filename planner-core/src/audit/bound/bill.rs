//! Prices of `minimum_bill`: a dollar of energy of a site in a month.
//!
//! What is not used of a least bill `b` costs `factor · max(0, b − energy)`, which is at least `price · (b − energy)` for
//! every price from nil to the discount factor, and no other.

use super::prices::Prices;
use super::worth::Worth;
use crate::audit::case::Case;
use crate::audit::column::Column;
use crate::audit::herd::Herd;
use crate::audit::money::{Use, contract_energy, machine_energy};
use crate::domain::calendar::{Month, Period};
use crate::domain::money::Class;
use crate::domain::site::Site;
use crate::units::{Usd, UsdPerTh};

/// Prices are stated to a millionth of a dollar.
const ROUNDING: f64 = 1e-6;

/// Prices of the energy of one site.
pub(super) struct Bill<'a> {
    case: &'a Case<'a>,
    /// A twelfth of the least bill.
    least: Usd,
    /// By month of the bill.
    prices: Vec<(Month, f64)>,
    /// What its lines may gain by rounding.
    rounding: f64,
}

impl<'a> Bill<'a> {
    pub(super) fn new(case: &'a Case<'a>, site: &Site, worth: &Worth, prices: &mut Prices) -> Self {
        let calendar = &case.fleet.calendar;
        let mut own = Self { case, least: Usd::ZERO, prices: vec![], rounding: 0.0 };
        let Some(bill) = site.power.minimum_bill else { return own };
        own.least = bill.amount.per_month();
        for period in calendar.all_periods() {
            let factor = worth.factor(Class::Corporate, period);
            let before = own.prices.len();
            for month in calendar.months_of(period) {
                let first_day = calendar.month_start(month);
                if first_day <= bill.until && site.held_on(first_day) {
                    let key = format!("{},{}", site.id, first_day.strftime("%Y-%m"));
                    let price = prices.take_up_to(factor + ROUNDING, "minimum_bill", &key);
                    own.prices.push((month, price.min(factor)));
                }
            }
            own.rounding += if own.prices.len() > before { 0.005 * factor } else { 0.0 };
        }
        own
    }

    /// Price × limit: energy is to be at least the bill.
    pub(super) fn limits(&self) -> f64 {
        self.rounding - self.from(Month(0))
    }

    /// What the bill is worth from a month on.
    fn from(&self, month: Month) -> f64 {
        let prices = self.prices.iter().filter(|(of, _)| *of >= month);
        self.least.get() * prices.map(|(_, price)| price).sum::<f64>()
    }

    /// What one hall brings.
    pub(super) fn by_hall(&self, column: &Column) -> f64 {
        let energy = |month| contract_energy(self.case.fleet, column, month).get();
        self.prices.iter().map(|(month, price)| price * energy(*month)).sum()
    }

    /// What one machine brings.
    pub(super) fn by_machine(&self, herd: &Herd, usage: Use, period: Period, hashprices: &[UsdPerTh]) -> f64 {
        let fleet = self.case.fleet;
        let first = fleet.calendar.first_month(period).0;
        let of_period = |(month, _): &&(Month, f64)| fleet.calendar.period_of(*month) == Some(period);
        let energy = |month: Month| machine_energy(fleet, herd, usage, (month.0 - first, month), hashprices).get();
        self.prices.iter().filter(of_period).map(|(month, price)| price * energy(*month)).sum()
    }

    /// What the sale of the site brings: nothing is owed from then on.
    pub(super) fn by_sale(&self, period: Period) -> f64 {
        self.from(self.case.fleet.calendar.first_month(period))
    }
}
