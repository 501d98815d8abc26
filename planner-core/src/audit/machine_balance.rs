//! `machine_balance`: no machine appears or disappears.
//!
//! `stock_p = survivors(stock_{p−1}) − sold_p + bought_p`; what is sold is on
//! hand when the period starts, before purchases; `run_p ≤ stock_p`; machines
//! are bought only where the deck has a price that already holds.

use std::collections::BTreeSet;

use super::case::Case;
use super::findings::{Findings, when};
use crate::domain::Fleet;
use crate::domain::machine::MachineModel;
use crate::domain::site::Site;
use crate::plan::{Decisions, MachineAction, MachineDecision};
use crate::units::{GrossMw, MilliMachines, Share};

/// Conservation holds to one thousandth of a machine.
const ONE_THOUSANDTH: i64 = 1;

/// All machines of one model at one site.
pub(super) struct Herd<'a> {
    pub(super) site: &'a Site,
    pub(super) model: &'a MachineModel,
    /// By period.
    pub(super) rows: Vec<Row>,
    /// What is left at the horizon.
    pub(super) left: MilliMachines,
}

/// Machines of one period.
#[derive(Default, Clone, Copy)]
pub(super) struct Row {
    pub(super) bought: MilliMachines,
    pub(super) sold: MilliMachines,
    pub(super) run: MilliMachines,
    /// After failures, sales and purchases; never below nil.
    pub(super) stock: MilliMachines,
    /// On hand when the period starts, before sales and purchases.
    on_hand: MilliMachines,
}

impl Herd<'_> {
    /// Gross power of so many machines.
    pub(super) fn gross(&self, count: MilliMachines) -> GrossMw {
        self.model.power.gross(self.site.mining.overhead) * count.count()
    }
}

/// Follows every model at every site through the horizon.
pub(super) fn herds<'a>(fleet: &'a Fleet, decisions: &Decisions) -> Vec<Herd<'a>> {
    let pairs = fleet.sites.iter().flat_map(|site| fleet.models.iter().map(move |model| (site, model)));
    pairs.map(|(site, model)| herd(fleet, site, model, decisions)).collect()
}

fn herd<'a>(fleet: &'a Fleet, site: &'a Site, model: &'a MachineModel, decisions: &Decisions) -> Herd<'a> {
    let mut rows: Vec<Row> = fleet.calendar.all_periods().map(|_| Row::default()).collect();
    for decision in decisions.machines.iter().filter(|d| d.site == site.id && d.model == model.id) {
        let Some(row) = rows.get_mut(decision.period.index()) else { continue };
        let count = match decision.action {
            MachineAction::Run => &mut row.run,
            MachineAction::Buy => &mut row.bought,
            MachineAction::Sell => &mut row.sold,
            MachineAction::Move | MachineAction::Store | MachineAction::Ballast => continue,
        };
        count.0 = count.0.saturating_add(decision.count.0);
    }
    let lots = fleet.machines.iter().filter(|lot| lot.site == site.id && lot.model == model.id);
    let mut stock = MilliMachines(lots.fold(0_i64, |sum, lot| sum.saturating_add(lot.count.0)));
    // Nothing fails before the first period.
    let period_survival = Share(-model.failure.0).growth(fleet.calendar.period.months());
    let survivors = |stock: MilliMachines| MilliMachines::nearest(stock.count() * period_survival);
    for (at, row) in rows.iter_mut().enumerate() {
        row.on_hand = if at == 0 { stock } else { survivors(stock) };
        let balance = MilliMachines(row.on_hand.0.saturating_sub(row.sold.0).saturating_add(row.bought.0));
        row.stock = balance.max(MilliMachines::ZERO);
        stock = row.stock;
    }
    Herd { site, model, rows, left: survivors(stock) }
}

/// No machine appears or disappears.
pub(super) fn check(case: &Case, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for decision in &case.decisions.machines {
        stated(case.fleet, decision, found);
        if !seen.insert((&decision.site, &decision.model, decision.period, decision.action)) {
            found.add(name(case.fleet, decision), "it stands twice");
        }
    }
    let calendar = &case.fleet.calendar;
    for herd in &case.herds {
        for (period, row) in calendar.all_periods().zip(&herd.rows) {
            let line = || format!("{} {} in {}", herd.site.id, herd.model.id, when(calendar, period));
            // With counts that are not negative, the stock then is not either.
            if row.sold.0 > row.on_hand.0.saturating_add(ONE_THOUSANDTH) {
                found.add(line(), format!("{} machines are sold of {}", row.sold.count(), row.on_hand.count()));
            }
            if row.run.0 > row.stock.0.saturating_add(ONE_THOUSANDTH) {
                found.add(line(), format!("{} machines run of {}", row.run.count(), row.stock.count()));
            }
        }
    }
}

fn stated(fleet: &Fleet, decision: &MachineDecision, found: &mut Findings) {
    let line = || name(fleet, decision);
    if fleet.site(&decision.site).is_none() {
        found.add(line(), format!("there is no site `{}`", decision.site));
    }
    if fleet.model(&decision.model).is_none() {
        found.add(line(), format!("there is no machine model `{}`", decision.model));
    }
    if decision.period >= fleet.calendar.horizon() {
        found.add(line(), "the period lies after the horizon");
    }
    if decision.count.0 < 0 {
        found.add(line(), format!("{} machines are fewer than none", decision.count.count()));
    }
    if decision.action == MachineAction::Buy {
        let first = fleet.calendar.first_month(decision.period);
        let price = fleet.deck.machine_prices.iter().find(|price| price.model == decision.model);
        match price {
            None => found.add(line(), "the deck has no price of new machines of this model"),
            Some(price) if fleet.calendar.month_from(price.from) > first => {
                found.add(line(), format!("it can be bought from {} only", price.from));
            }
            Some(_) => {}
        }
    }
}

fn name(fleet: &Fleet, decision: &MachineDecision) -> String {
    let MachineDecision { site, model, period, action, .. } = decision;
    format!("{action:?} {site} {model} in {}", when(&fleet.calendar, *period))
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::{self, breaks};
    use crate::domain::calendar::Period;

    #[test]
    fn more_machines_run_than_there_are() {
        let found = breaks("machine_balance", |plan| plan.decisions.machines.last_mut().unwrap().count.0 = 4_984_102);
        assert_eq!(found, ["machine_balance: north s21 in period 7 (2028-10-01): 4984.102 machines run of 4984.1"]);
    }

    #[test]
    fn more_machines_are_sold_than_there_are() {
        let found = breaks("machine_balance", |plan| {
            let mut sale = plan.decisions.machines[1].clone();
            (sale.period, sale.count.0) = (Period(7), 5_000_000);
            plan.decisions.machines.retain(|d| d.period != Period(7));
            plan.decisions.machines.push(sale);
        });
        assert_eq!(found, ["machine_balance: north s21 in period 7 (2028-10-01): 5000 machines are sold of 4984.1"]);
    }

    #[test]
    fn machines_are_sold_in_the_period_in_which_they_are_bought() {
        let found = breaks("machine_balance", |plan| {
            let mut sale = plan.decisions.machines[1].clone();
            (sale.period, sale.count.0) = (Period(2), 5_304_132);
            plan.decisions.machines.push(sale);
            plan.decisions
                .machines
                .retain(|d| d.period <= Period(2) && (d.period < Period(2) || d.action != super::MachineAction::Run));
        });
        // 5,372.585 machines of period 1 fail at 5 % a year: 5,304.13 are left, and ten are bought.
        assert_eq!(
            found,
            ["machine_balance: north s21 in period 2 (2027-07-01): 5304.132 machines are sold of 5304.13"]
        );
    }

    #[test]
    fn machines_are_bought_before_they_have_a_price() {
        let found = breaks("machine_balance", |plan| plan.decisions.machines[2].period = Period(0));
        assert_eq!(
            found,
            ["machine_balance: Buy north s21 in period 0 (2027-01-01): it can be bought from 2027-02-15 only"]
        );
    }

    #[test]
    fn decisions_that_cannot_be() {
        let found = breaks("machine_balance", |plan| {
            let mut odd = plan.decisions.machines[2].clone();
            (odd.period, odd.count.0) = (Period(9), -1);
            plan.decisions.machines.push(odd.clone());
            odd.model = "s9".into();
            odd.period = Period(2);
            odd.count.0 = 0;
            plan.decisions.machines.push(odd.clone());
            plan.decisions.machines.push(odd);
        });
        assert_eq!(found.len(), 7, "{found:#?}");
        assert!(fixture::findings(&fixture::plan()).is_empty());
    }
}
