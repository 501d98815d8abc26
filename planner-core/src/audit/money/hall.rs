//! Lines of a conversion, per hall: capital, rent, operating cost, power, and
//! what is left of the contract at the horizon.

use super::{Amounts, Head, Told, capex, market, since, units};
use crate::audit::column::{Column, subject};
use crate::domain::Fleet;
use crate::domain::calendar::{Month, days_between};
use crate::domain::money::{Class, EndValue};
use crate::domain::offer::{Bearer, PowerTerms};
use crate::domain::retrofit::CostBasis;
use crate::plan::ledger::Category;
use crate::units::{Share, Usd, UsdPerKwItYear};

/// All lines of a conversion.
pub(super) fn tell(fleet: &Fleet, column: &Column) -> Vec<Told> {
    let halls = column.conversion.halls;
    if halls == 0 {
        return vec![];
    }
    let horizon = fleet.calendar.horizon();
    let head = |class| Head::new(fleet, column.site, subject(column.conversion), class);

    let mut corporate = capex(fleet, column, |basis| match basis {
        CostBasis::ItLoad(amount) => Some(amount * column.hall_it()),
        CostBasis::GrossPower(amount) => Some(amount * column.hall.reserved()),
        CostBasis::Hall(amount) => Some(amount.each()),
        CostBasis::Site(_) => None,
    });
    // Connection under a running lease is worth nothing to another buyer.
    if column.term_end > fleet.calendar.horizon_month() {
        corporate.add_in(horizon, Category::SiteEndValue, -(fleet.deck.site_value * column.hall.reserved()));
    }

    let contracted_head = Head { rate: rate(fleet, column), ..head(Class::Contracted) };
    let mut told = units(&head(Class::Corporate), corporate, |unit| unit.times(halls));
    told.extend(units(&contracted_head, contract(fleet, column), |unit| unit.times(halls)));
    told
}

fn rate(fleet: &Fleet, column: &Column) -> Share {
    column.offer.discount_rate.unwrap_or_else(|| fleet.money.rates.of(Class::Contracted))
}

/// Contracted lines inside the horizon and the run-off after it.
fn contract(fleet: &Fleet, column: &Column) -> Amounts {
    let calendar = &fleet.calendar;
    let horizon = calendar.horizon_month();
    let last = if fleet.money.end_value == EndValue::RunOff { column.term_end } else { column.term_end.min(horizon) };
    let mut amounts = Amounts::default();
    for month in (column.ready.0..last.0).map(Month) {
        let factor = (month >= horizon).then(|| {
            let first = calendar.month_start(month);
            let days = f64::from(days_between(calendar.month_start(horizon), first));
            let middle = days + f64::from(first.days_in_month()) / 2.0;
            libm::pow(1.0 + rate(fleet, column).0, -middle / 365.0)
        });
        for (category, amount) in bill(fleet, column, month) {
            match factor {
                None => amounts.add(fleet, month, category, amount),
                Some(factor) => amounts.add_in(calendar.horizon(), Category::ContractEndValue, amount * factor),
            }
        }
    }
    amounts
}

/// What one hall brings and costs under its contract in a month from `k0` to `E`.
fn bill(fleet: &Fleet, column: &Column, month: Month) -> Vec<(Category, Usd)> {
    let Column { site, retrofit, offer, .. } = column;
    let load = column.hall_it();
    let yearly = |bearer: Bearer, amount: UsdPerKwItYear| match bearer {
        Bearer::Landlord => -((amount * load).per_month() * retrofit.opex.escalation.growth(since(fleet, month))),
        Bearer::Tenant => Usd::ZERO,
    };
    let mut lines = vec![
        (Category::Operations, yearly(offer.costs.operations, retrofit.opex.operations)),
        (Category::PropertyTax, yearly(offer.costs.property_tax, retrofit.opex.property_tax)),
        (Category::Insurance, yearly(offer.costs.insurance, retrofit.opex.insurance)),
        (Category::FirmCharge, -(site.power.firm_charge * column.hall.reserved())),
    ];
    if month >= column.commencement {
        let billed = month.0 - column.commencement.0;
        let ramp = usize::try_from(billed).ok().and_then(|at| offer.ramp.get(at)).map_or(1.0, |share| share.0);
        let escalated = libm::pow(1.0 + offer.escalator.0, f64::from(billed.div_euclid(12)));
        lines.push((Category::Rent, offer.rent * load * escalated * ramp));
        if offer.power == PowerTerms::Included {
            let metered = load.metered(retrofit.pue);
            let energy = market::price(fleet, site, month) * metered.energy(fleet.calendar.hours_in_month(month));
            lines.push((Category::HostingEnergy, -(energy * offer.load_factor.0)));
            lines.push((Category::DemandCharge, -(site.power.demand_charge * metered)));
        }
    }
    lines
}
