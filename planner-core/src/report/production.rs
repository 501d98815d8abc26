//! Bitcoin mined and energy drawn by calendar year, of the decisions and at the prices that make the ledger.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::Fleet;
use crate::domain::calendar::Month;
use crate::domain::offer::PowerTerms;
use crate::mining::Miner;
use crate::options::months_ours;
use crate::plan::ledger::{Category, LedgerLine};
use crate::plan::{Conversion, Decisions, MachineAction, MachineDecision};
use crate::units::{Cents, UsdCents};

/// Energy that is ours to pay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Energy {
    /// At the meter.
    pub mwh: f64,
    /// What the ledger says it costs, above zero.
    pub cost_usd: UsdCents,
}

impl Energy {
    /// The average price; `None` without energy.
    #[must_use]
    pub fn usd_per_mwh(&self) -> Option<f64> {
        (self.mwh > 0.0).then(|| self.cost_usd.0.usd() / self.mwh)
    }
}

/// A calendar year. A period counts for the year in which it begins, as in the ledger's other sums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Year {
    /// Which.
    pub year: i16,
    /// After the pool's fee, of machines that run and of those on the slack of hosted load.
    pub btc_mined: f64,
    /// What the ledger says it is sold for.
    pub revenue_usd: UsdCents,
    /// Of these machines.
    pub mining: Energy,
    /// Of halls whose contracts include power.
    pub hosting: Energy,
}

/// Every year of the horizon, in order.
#[must_use]
pub fn years(fleet: &Fleet, decisions: &Decisions, ledger: &[LedgerLine]) -> Vec<Year> {
    let calendar = &fleet.calendar;
    let year_of = |period| calendar.period_start(period).year();
    let mut years: BTreeMap<i16, Year> = calendar
        .all_periods()
        .map(|period| (year_of(period), Year { year: year_of(period), ..Year::default() }))
        .collect();
    for one in &decisions.machines {
        if let (Some(year), Some((bitcoin, drawn))) = (years.get_mut(&year_of(one.period)), mined(fleet, one)) {
            year.btc_mined += bitcoin;
            year.mining.mwh += drawn;
        }
    }
    for one in &decisions.conversions {
        for (month, drawn) in hosted(fleet, one) {
            let period = calendar.period_of(month).map(year_of);
            if let Some(year) = period.and_then(|year| years.get_mut(&year)) {
                year.hosting.mwh += drawn;
            }
        }
    }
    for line in ledger {
        let Some(year) = years.get_mut(&year_of(line.period)) else { continue };
        let (sum, amount) = match line.category {
            Category::MiningRevenue | Category::BallastRevenue => (&mut year.revenue_usd, line.amount_cents),
            Category::MiningEnergy | Category::BallastEnergy => (&mut year.mining.cost_usd, -line.amount_cents),
            Category::HostingEnergy => (&mut year.hosting.cost_usd, -line.amount_cents),
            _ => continue,
        };
        *sum = UsdCents(sum.0 + amount);
    }
    years.into_values().collect()
}

/// Bitcoin and MWh of machines that run for a period; `None` of what else is done with them.
fn mined(fleet: &Fleet, one: &MachineDecision) -> Option<(f64, f64)> {
    if !matches!(one.action, MachineAction::Run | MachineAction::Ballast) {
        return None;
    }
    let (site, model) = (fleet.site(&one.site)?, fleet.model(&one.model)?);
    let miner = Miner { model, site, deck: &fleet.deck, money: &fleet.money, calendar: &fleet.calendar };
    let months = months_ours(fleet, site, model, one.period).map(|(month, of, surviving)| {
        let on_slack = one.action == MachineAction::Ballast;
        let margin = if on_slack { miner.on_slack(month, of) } else { miner.running(month, of) };
        (margin.bitcoin.get() * surviving, margin.drawn.get() * surviving)
    });
    let (bitcoin, drawn) = months.fold((0.0, 0.0), |sum, month| (sum.0 + month.0, sum.1 + month.1));
    Some((bitcoin * one.count.count(), drawn * one.count.count()))
}

/// MWh of the months in which a contract includes power.
fn hosted<'a>(fleet: &'a Fleet, one: &Conversion) -> impl Iterator<Item = (Month, f64)> + use<'a> {
    let calendar = &fleet.calendar;
    let offer = one.terms(fleet).filter(|offer| offer.power == PowerTerms::Included);
    let served = offer.zip(fleet.retrofit(&one.retrofit));
    let (from, to) =
        (calendar.month_of(one.commencement), calendar.month_of(one.term_end).min(calendar.horizon_month()));
    let load = one.critical_it;
    served.into_iter().flat_map(move |(offer, retrofit)| {
        let metered = load.metered(retrofit.pue);
        let drawn = move |month| metered.energy(calendar.hours_in_month(month)).get() * offer.load_factor.0;
        (from.0.max(0)..to.0).map(Month).map(move |month| (month, drawn(month)))
    })
}

/// All years together.
#[must_use]
pub fn total(years: &[Year]) -> Year {
    let energy = |of: fn(&Year) -> Energy| Energy {
        mwh: years.iter().map(|year| of(year).mwh).sum(),
        cost_usd: UsdCents(years.iter().map(|year| of(year).cost_usd.0).sum::<Cents>()),
    };
    Year {
        year: 0,
        btc_mined: years.iter().map(|year| year.btc_mined).sum(),
        revenue_usd: UsdCents(years.iter().map(|year| year.revenue_usd.0).sum::<Cents>()),
        mining: energy(|year| year.mining),
        hosting: energy(|year| year.hosting),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::judge;
    use crate::domain::site::EnergyPrice;
    use crate::plan::Plan;
    use crate::report::sample;
    use crate::units::{Share, Usd, UsdPerMwh};

    /// The sample at one price of bitcoin and one of energy, with the ledger that its decisions come to.
    fn valued(change: impl FnOnce(&mut Plan)) -> Plan {
        let mut plan = sample::with_everything();
        for month in &mut plan.inputs.deck.months {
            month.btc_price = Usd::new(100_000.0);
        }
        plan.inputs.money.power_escalation = Share::NONE;
        for site in &mut plan.inputs.sites {
            site.power.energy_price = EnergyPrice::Fixed(UsdPerMwh::new(40.0));
        }
        change(&mut plan);
        plan.ledger = judge(&plan.inputs, &plan.settings, &plan.decisions).ledger;
        plan.twin.ledger = judge(&plan.inputs, &plan.settings, &plan.twin.decisions).ledger;
        plan
    }

    /// What the ledger says, in dollars: each line is rounded to half a cent for each machine or hall.
    fn close(quantity: f64, price: f64, amount: UsdCents) -> bool {
        (quantity * price - amount.0.usd()).abs() < 1e-4 * amount.0.usd().abs().max(1.0)
    }

    #[test]
    fn bitcoin_at_its_price_is_the_revenue_and_energy_at_its_price_the_bill() {
        let plan = valued(|plan| {
            plan.inputs.offers.iter_mut().for_each(|offer| offer.power = PowerTerms::Included);
        });
        let mut hosted = 0;
        for (decisions, ledger) in [(&plan.decisions, &plan.ledger), (&plan.twin.decisions, &plan.twin.ledger)] {
            let years = years(&plan.inputs, decisions, ledger);
            assert!(years.iter().any(|year| year.btc_mined > 1.0));
            for year in &years {
                assert!(close(year.btc_mined, 100_000.0, year.revenue_usd), "{year:?}");
                assert!(close(year.mining.mwh, 40.0, year.mining.cost_usd), "{year:?}");
                assert!(close(year.hosting.mwh, 40.0, year.hosting.cost_usd), "{year:?}");
                assert!(year.mining.usd_per_mwh().is_none_or(|price| (price - 40.0).abs() < 0.01), "{year:?}");
                hosted += usize::from(year.hosting.mwh > 0.0);
            }
            let all = total(&years);
            assert!(
                close(all.btc_mined, 100_000.0, all.revenue_usd) && close(all.mining.mwh, 40.0, all.mining.cost_usd)
            );
        }
        assert!(hosted > 0, "a contract includes power");
    }

    #[test]
    fn a_fee_takes_bitcoin_and_power_that_is_passed_through_is_not_ours() {
        let mined = |fee: f64| {
            let plan = valued(|plan| plan.inputs.money.pool_fee = Share(fee));
            total(&years(&plan.inputs, &plan.decisions, &plan.ledger)).btc_mined
        };
        assert!((mined(0.02) / mined(0.0) - 0.98).abs() < 1e-9);
        let plan =
            valued(|plan| plan.inputs.offers.iter_mut().for_each(|offer| offer.power = PowerTerms::PassedThrough));
        let all = total(&years(&plan.inputs, &plan.decisions, &plan.ledger));
        assert_eq!((all.hosting, all.hosting.usd_per_mwh()), (Energy::default(), None));
    }

    #[test]
    fn every_year_of_the_horizon_is_there() {
        let plan = sample::with_everything();
        let found: Vec<i16> = years(&plan.inputs, &Decisions::default(), &[]).iter().map(|year| year.year).collect();
        assert_eq!(found.first(), Some(&plan.inputs.calendar.start.year()));
        assert!(found.windows(2).all(|pair| pair[1] == pair[0] + 1));
    }
}
