//! `machine_balance`: no machine appears or disappears.
//!
//! `stock_p = survivors(stock_{p−1}) − sold_p − sent_p + received_p + bought_p`;
//! what is sold and sent is on hand when the period starts, before purchases and
//! arrivals; `run_p ≤ stock_p`; what leaves a storage was there before; machines
//! are bought only where the deck has a price that already holds, and move only
//! from one known place to another. Over all places, stocks change by failures,
//! sales and purchases alone.

use std::collections::BTreeSet;

use super::case::Case;
use super::findings::{Findings, when};
use super::herd::{Herd, Row, less, plus};
use super::storage::{Stored, is_storage};
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::ids::{ModelId, SiteId};
use crate::domain::machine::MachineModel;
use crate::plan::{MachineAction, MachineDecision};
use crate::units::MilliMachines;

/// Conservation holds to one thousandth of a machine.
pub(super) const ONE_THOUSANDTH: MilliMachines = MilliMachines(1);

/// No machine appears or disappears.
pub(super) fn check(case: &Case, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for decision in &case.decisions.machines {
        let line = name(case.fleet, decision);
        stated(case.fleet, decision, &line, found);
        if let Err(message) = possible(case.fleet, decision) {
            found.add(&line, message);
        }
        if !seen.insert((&decision.site, &decision.model, decision.period, decision.action, &decision.to)) {
            found.add(&line, "it stands twice");
        }
    }
    for herd in &case.herds {
        at_site(case, herd, found);
    }
    for stored in &case.stored {
        in_storage(case, stored, found);
    }
    for model in &case.fleet.models {
        conserved(case, model, found);
    }
}

fn at_site(case: &Case, herd: &Herd, found: &mut Findings) {
    let calendar = &case.fleet.calendar;
    for (period, row) in calendar.all_periods().zip(&herd.rows) {
        let line = || format!("{} {} in {}", herd.site.id, herd.model.id, when(calendar, period));
        // With counts that are not negative, the stock then is not either.
        if plus(row.sold, row.sent) > plus(row.on_hand, ONE_THOUSANDTH) {
            found.add(line(), format!("{} of {}", leaving(row.sold, row.sent), row.on_hand.count()));
        }
        if row.run > plus(row.stock, ONE_THOUSANDTH) {
            found.add(line(), format!("{} machines run of {}", row.run.count(), row.stock.count()));
        }
        if let Some(message) = both_ways(row) {
            found.add(line(), message);
        }
    }
}

/// What comes is not what goes: a site does one of them with a model in a period.
fn both_ways(row: &Row) -> Option<String> {
    let (sent, received) = (row.sent.count(), row.received().count());
    let both = sent > 0.0 && received > 0.0;
    both.then(|| format!("{sent} machines are sent and {received} received in one period"))
}

fn leaving(sold: MilliMachines, sent: MilliMachines) -> String {
    if sent == MilliMachines::ZERO {
        format!("{} machines are sold", sold.count())
    } else {
        format!("{} machines are sold and {} sent", sold.count(), sent.count())
    }
}

fn in_storage(case: &Case, stored: &Stored, found: &mut Findings) {
    let calendar = &case.fleet.calendar;
    for (period, row) in calendar.all_periods().zip(&stored.rows) {
        if plus(row.sold, row.sent) > plus(row.before, ONE_THOUSANDTH) {
            let line = format!("{} {} in {}", stored.place, stored.model.id, when(calendar, period));
            found.add(line, format!("{} of {}", leaving(row.sold, row.sent), row.before.count()));
        }
    }
}

/// Over all sites and storages, a model loses failures and sales and gains
/// purchases. Each place may round a thousandth away.
fn conserved(case: &Case, model: &MachineModel, found: &mut Findings) {
    let calendar = &case.fleet.calendar;
    let herds: Vec<&Herd> = case.herds.iter().filter(|herd| herd.model.id == model.id).collect();
    let stores: Vec<&Stored> = case.stored.iter().filter(|stored| stored.model.id == model.id).collect();
    let noise = i64::try_from(herds.len().saturating_add(stores.len())).unwrap_or(i64::MAX);
    for period in calendar.all_periods() {
        let at = period.index();
        let sites = || herds.iter().filter_map(|herd| herd.rows.get(at));
        let storages = || stores.iter().filter_map(|stored| stored.rows.get(at));
        let stock = total(sites().map(|row| row.stock).chain(storages().map(|row| row.stock)));
        let before = total(sites().map(|row| row.on_hand).chain(storages().map(|row| row.before)));
        let decided = |action| {
            let decisions = case.decisions.machines.iter();
            let of = decisions.filter(|d| d.model == model.id && d.period == period && d.action == action);
            total(of.map(|decision| decision.count))
        };
        let expected = plus(less(before, decided(MachineAction::Sell)), decided(MachineAction::Buy));
        if less(stock, expected).0.saturating_abs() > noise {
            let line = format!("{} in {}", model.id, when(calendar, period));
            found.add(line, format!("{} machines in all, expected {}", stock.count(), expected.count()));
        }
    }
}

fn total(counts: impl Iterator<Item = MilliMachines>) -> MilliMachines {
    counts.fold(MilliMachines::ZERO, plus)
}

fn stated(fleet: &Fleet, decision: &MachineDecision, line: &str, found: &mut Findings) {
    if fleet.model(&decision.model).is_none() {
        found.add(line, format!("there is no machine model `{}`", decision.model));
    }
    if decision.period >= fleet.calendar.horizon() {
        found.add(line, "the period lies after the horizon");
    }
    if decision.count.0 < 0 {
        found.add(line, format!("{} machines are fewer than none", decision.count.count()));
    }
}

/// Whether there is such a decision at all.
///
/// # Errors
/// With the reason why not.
fn possible(fleet: &Fleet, decision: &MachineDecision) -> Result<(), String> {
    let MachineDecision { site, to, action, .. } = decision;
    let is_site = |place: &SiteId| fleet.site(place).is_some();
    let may_leave_storage = matches!(action, MachineAction::Sell | MachineAction::Move);
    let from_known = is_site(site) || (may_leave_storage && is_storage(fleet, site));
    if !from_known {
        return Err(format!("there is no site `{site}`"));
    }
    match (action, to) {
        (MachineAction::Move, Some(to)) if !is_site(to) || to == site => Err(format!("nothing is moved to `{to}`")),
        (MachineAction::Move, Some(_)) if fleet.handling.moves.is_none() => Err("machines are never moved".to_owned()),
        (MachineAction::Store, Some(to)) if !is_storage(fleet, to) => Err(format!("there is no storage `{to}`")),
        (MachineAction::Store, Some(_)) if fleet.handling.storage.is_none() || fleet.handling.moves.is_none() => {
            Err("machines are never stored".to_owned())
        }
        (MachineAction::Move | MachineAction::Store, None) => Err("it does not say where they go".to_owned()),
        (MachineAction::Move | MachineAction::Store, Some(_)) => Ok(()),
        (_, Some(to)) => Err(format!("nothing goes to `{to}`")),
        (MachineAction::Buy, None) => for_sale(fleet, &decision.model, decision.period),
        (_, None) => Ok(()),
    }
}

/// Whether a machine can be bought.
///
/// # Errors
/// With the reason why not.
pub(super) fn for_sale(fleet: &Fleet, model: &ModelId, period: Period) -> Result<(), String> {
    let first = fleet.calendar.first_month(period);
    let price = fleet.deck.machine_prices.iter().find(|price| price.model == *model);
    match price {
        None => Err("the deck has no price of new machines of this model".to_owned()),
        Some(price) if fleet.calendar.month_from(price.from) > first => {
            Err(format!("it can be bought from {} only", price.from))
        }
        Some(_) => Ok(()),
    }
}

fn name(fleet: &Fleet, decision: &MachineDecision) -> String {
    let MachineDecision { site, model, period, action, to, .. } = decision;
    let to = to.as_ref().map_or_else(String::new, |to| format!(" to {to}"));
    format!("{action:?} {site} {model}{to} in {}", when(&fleet.calendar, *period))
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::{self, breaks};
    use crate::audit::fixture_leaving;
    use crate::domain::calendar::Period;
    use crate::plan::MachineAction;

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
        assert_eq!(
            found,
            [
                "machine_balance: north s21 in period 7 (2028-10-01): 5000 machines are sold of 4984.1",
                "machine_balance: s21 in period 7 (2028-10-01): 0 machines in all, expected -15.9"
            ]
        );
    }

    #[test]
    fn machines_are_sold_in_the_period_in_which_they_are_bought() {
        let found = breaks("machine_balance", |plan| {
            let mut sale = plan.decisions.machines[1].clone();
            (sale.period, sale.count.0) = (Period(2), 5_304_132);
            plan.decisions.machines.push(sale);
            plan.decisions
                .machines
                .retain(|d| d.period <= Period(2) && (d.period < Period(2) || d.action != MachineAction::Run));
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

    /// The plan with moves and storage in which, at first, nothing moves.
    fn still(plan: &mut crate::plan::Plan) {
        *plan = fixture_leaving::plan();
        let still = |d: &super::MachineDecision| d.to.is_none() && fixture::fleet().site(&d.site).is_some();
        plan.decisions.machines.retain(|d| still(d) && matches!(d.action, MachineAction::Sell));
        for site in &mut plan.inputs.sites {
            site.mining.spare_racks = crate::units::GrossMw::new(100.0);
        }
    }

    fn going(from: &str, to: &str, period: u32, action: MachineAction, count: i64) -> super::MachineDecision {
        let count = crate::units::MilliMachines(count);
        let to = (!to.is_empty()).then(|| to.into());
        super::MachineDecision { site: from.into(), model: "s21".into(), period: Period(period), action, count, to }
    }

    #[test]
    fn machines_go_where_nobody_can_send_them() {
        use MachineAction::{Move, Run, Store};
        let found = breaks("machine_balance", |plan| {
            still(plan);
            plan.decisions.machines = vec![
                going("north", "north", 0, Move, 0),
                going("north", "storage/west", 0, Move, 0),
                going("north", "", 0, Move, 0),
                going("north", "south", 0, Store, 0),
                going("storage/west", "storage/east", 0, Store, 0),
                going("storage/west", "", 0, Run, 0),
                going("north", "south", 0, Run, 0),
                going("north", "south", 1, Move, 1000),
                going("north", "south", 1, Move, 1000),
            ];
        });
        assert_eq!(
            found,
            [
                "Move north s21 to north in period 0 (2027-01-01): nothing is moved to `north`",
                "Move north s21 to storage/west in period 0 (2027-01-01): nothing is moved to `storage/west`",
                "Move north s21 in period 0 (2027-01-01): it does not say where they go",
                "Store north s21 to south in period 0 (2027-01-01): there is no storage `south`",
                "Store storage/west s21 to storage/east in period 0 (2027-01-01): there is no site `storage/west`",
                "Run storage/west s21 in period 0 (2027-01-01): there is no site `storage/west`",
                "Run north s21 to south in period 0 (2027-01-01): nothing goes to `south`",
                "Move north s21 to south in period 1 (2027-04-01): it stands twice",
            ]
            .map(|message| format!("machine_balance: {message}"))
        );
    }

    #[test]
    fn machines_are_sent_that_are_not_there() {
        use MachineAction::{Move, Sell, Store};
        let found = breaks("machine_balance", |plan| {
            still(plan);
            plan.decisions.machines = vec![
                going("north", "south", 0, Move, 9_000_000),
                going("north", "storage/west", 0, Store, 1_500_000),
                going("storage/west", "south", 0, Move, 1_000),
                going("storage/west", "", 1, Sell, 1_499_002),
            ];
        });
        assert_eq!(
            found,
            [
                "north s21 in period 0 (2027-01-01): 0 machines are sold and 10500 sent of 10000",
                "storage/west s21 in period 0 (2027-01-01): 0 machines are sold and 1 sent of 0",
                "storage/west s21 in period 1 (2027-04-01): 1499.002 machines are sold of 1499",
                "s21 in period 0 (2027-01-01): 10500 machines in all, expected 10000",
            ]
            .map(|message| format!("machine_balance: {message}"))
        );
    }

    #[test]
    fn machines_come_and_go_in_one_period() {
        use MachineAction::{Buy, Move, Store};
        let found = breaks("machine_balance", |plan| {
            still(plan);
            plan.decisions.machines = vec![
                going("north", "south", 0, Move, 1000),
                going("north", "storage/west", 1, Store, 1000),
                going("south", "north", 1, Move, 500),
                going("south", "", 2, Buy, 10),
                going("south", "north", 2, Move, 10),
            ];
        });
        assert_eq!(
            found,
            ["machine_balance: north s21 in period 1 (2027-04-01): 1 machines are sent and 0.5 received in one period"],
            "buying and sending in one period is no matter"
        );
    }

    #[test]
    fn nothing_moves_where_nothing_is_said_about_it() {
        use MachineAction::{Move, Store};
        let found = breaks("machine_balance", |plan| {
            still(plan);
            (plan.inputs.handling.moves, plan.inputs.handling.storage) = (None, None);
            plan.decisions.machines =
                vec![going("north", "south", 0, Move, 1), going("north", "storage/west", 0, Store, 1)];
        });
        assert_eq!(
            found,
            [
                "Move north s21 to south in period 0 (2027-01-01): machines are never moved",
                "Store north s21 to storage/west in period 0 (2027-01-01): machines are never stored",
            ]
            .map(|message| format!("machine_balance: {message}"))
        );
    }

    #[test]
    fn a_move_to_nowhere_is_missed_over_all_sites() {
        let found = breaks("machine_balance", |plan| {
            still(plan);
            plan.decisions.machines = vec![going("north", "atlantis", 0, MachineAction::Move, 5_000)];
        });
        assert_eq!(
            found[0],
            "machine_balance: Move north s21 to atlantis in period 0 (2027-01-01): nothing is moved to `atlantis`"
        );
        assert_eq!(found[1], "machine_balance: s21 in period 0 (2027-01-01): 9995 machines in all, expected 10000");
        assert_eq!(found.len(), 2);
    }
}
