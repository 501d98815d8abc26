//! What becomes of the machines.

use std::collections::BTreeMap;

use super::comparison::Comparison;
use super::moves::storage_region;
use super::table::{Cell, Fact, Section};
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::ids::{ModelId, SiteId};
use crate::mining::monthly_survival;
use crate::plan::ledger::{Category, LedgerLine};
use crate::plan::{Decisions, MachineAction, MachineDecision, Plan};
use crate::units::{Cents, MilliMachines, TeraHash};

/// Machines of one set of decisions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MachineFate {
    /// Machines sold, from sites and from storage.
    pub sold: MilliMachines,
    /// Of them from storage.
    pub sold_from_storage: MilliMachines,
    /// What their sale brought, less removal.
    pub proceeds: Cents,
    /// Machines bought.
    pub bought: MilliMachines,
    /// Machines that arrive at a site from another or from storage; one that moves twice counts twice.
    pub moved: MilliMachines,
    /// Machines that are stored, each time counted.
    pub stored: MilliMachines,
    /// What moves and storage cost.
    pub handling: Cents,
    /// Most machines on the slack of hosted load in a period.
    pub ballast: MilliMachines,
    /// What those earn after energy, in all periods.
    pub ballast_margin: Cents,
    /// Machines that still work at the horizon, at sites and in storage.
    pub left: MilliMachines,
    /// What those would bring at the horizon, less removal.
    pub left_value: Cents,
    /// Hashrate of running machines in the first period.
    pub first_period: TeraHash,
    /// Hashrate of running machines in the last period.
    pub last_period: TeraHash,
}

/// Book value of all machines at the start.
#[must_use]
pub fn book_value(fleet: &Fleet) -> Cents {
    fleet.machines.iter().map(|lot| lot.book.each().to_cents().times_machines(lot.count)).sum()
}

/// Hashrate of all machines at the start, running or not.
#[must_use]
pub fn hashrate_at_start(fleet: &Fleet) -> TeraHash {
    fleet.machines.iter().map(|lot| hashrate(fleet, &lot.model, lot.count)).sum()
}

fn hashrate(fleet: &Fleet, model: &ModelId, count: MilliMachines) -> TeraHash {
    fleet.model(model).map_or(TeraHash::ZERO, |model| model.hashrate * count.count())
}

/// What a set of decisions does with the machines.
#[must_use]
pub fn fate(fleet: &Fleet, decisions: &Decisions, ledger: &[LedgerLine]) -> MachineFate {
    let sum = |wanted: &dyn Fn(&MachineDecision) -> bool| {
        MilliMachines(decisions.machines.iter().filter(|decision| wanted(decision)).map(|d| d.count.0).sum())
    };
    let count = |action: MachineAction| sum(&|decision| decision.action == action);
    let cash = |categories: &[Category]| -> Cents {
        ledger.iter().filter(|line| categories.contains(&line.category)).map(|line| line.amount_cents).sum()
    };
    let ballast =
        |period: Period| sum(&|decision| decision.action == MachineAction::Ballast && decision.period == period);
    let running = |period: Option<u32>| -> TeraHash {
        decisions
            .machines
            .iter()
            .filter(|d| d.action == MachineAction::Run && Some(d.period.0) == period)
            .map(|d| hashrate(fleet, &d.model, d.count))
            .sum()
    };
    MachineFate {
        sold: count(MachineAction::Sell),
        sold_from_storage: sum(&|decision| {
            decision.action == MachineAction::Sell && storage_region(&decision.site).is_some()
        }),
        proceeds: cash(&[Category::MachineSale]),
        bought: count(MachineAction::Buy),
        moved: count(MachineAction::Move),
        stored: count(MachineAction::Store),
        handling: -cash(&[
            Category::MachineRemoval,
            Category::MachineFreight,
            Category::MachineInstallation,
            Category::MoveDowntime,
            Category::MachineStorage,
        ]),
        ballast: fleet.calendar.all_periods().map(ballast).max().unwrap_or_default(),
        ballast_margin: cash(&[Category::BallastRevenue, Category::BallastEnergy]),
        left: left(fleet, decisions),
        left_value: cash(&[Category::MachineEndValue]),
        first_period: running(Some(0)),
        last_period: running(fleet.calendar.periods.checked_sub(1)),
    }
}

/// Machines that still work at the horizon: the stock of each period is what survived the one before, less what is
/// sold or sent away, plus what is bought or received. Nothing fails in storage.
fn left(fleet: &Fleet, decisions: &Decisions) -> MilliMachines {
    let mut stock: BTreeMap<(&SiteId, &ModelId), BTreeMap<Period, i64>> = BTreeMap::new();
    let mut change = |place, model, period, count: i64| {
        *stock.entry((place, model)).or_default().entry(period).or_default() += count;
    };
    for lot in &fleet.machines {
        change(&lot.site, &lot.model, Period(0), lot.count.0);
    }
    for decision in &decisions.machines {
        let MachineDecision { site, model, period, count, .. } = decision;
        match decision.action {
            MachineAction::Run | MachineAction::Ballast => {}
            MachineAction::Buy => change(site, model, *period, count.0),
            MachineAction::Sell => change(site, model, *period, -count.0),
            MachineAction::Move | MachineAction::Store => {
                change(site, model, *period, -count.0);
                if let Some(to) = &decision.to {
                    change(to, model, *period, count.0);
                }
            }
        }
    }
    let mut total = 0;
    for ((place, model), changes) in stock {
        let fails = fleet.model(model).filter(|_| storage_region(place).is_none());
        let survival =
            fails.map_or(1.0, |model| libm::pow(monthly_survival(model).0, f64::from(fleet.calendar.period.months())));
        let mut count = MilliMachines::ZERO;
        for period in fleet.calendar.all_periods() {
            // Rounding may leave a thousandth too few: that is none.
            count = MilliMachines(count.0.saturating_add(changes.get(&period).copied().unwrap_or(0)).max(0));
            count = MilliMachines::nearest(count.count() * survival);
        }
        total += count.0;
    }
    MilliMachines(total)
}

const TH_PER_EH: f64 = 1e6;

/// The machines as a section of the page.
#[must_use]
pub fn section(plan: &Plan) -> Section {
    let fleet = &plan.inputs;
    let planned = fate(fleet, &plan.decisions, &plan.ledger);
    let twin = fate(fleet, &plan.twin.decisions, &plan.twin.ledger);
    // Whole machines, rounded down.
    let whole = |count: MilliMachines| Cell::Count(count.0.div_euclid(1000));
    let exa = |hashrate: TeraHash| hashrate.get() / TH_PER_EH;
    let against = Comparison::of(plan).name();
    let beside = |ours: TeraHash, twin: TeraHash| Cell::text(format!("{:.2} ({against} {:.2})", exa(ours), exa(twin)));
    let any = |count: MilliMachines| count > MilliMachines::ZERO;
    let mut facts =
        vec![Fact::new("book value at start", Cell::Money(book_value(fleet))), Fact::new("sold", whole(planned.sold))];
    if any(planned.sold_from_storage) {
        facts.push(Fact::new("of them from storage", whole(planned.sold_from_storage)));
    }
    facts.push(Fact::new("for", Cell::Money(planned.proceeds)));
    facts.push(Fact::new("bought", whole(planned.bought)));
    if any(planned.moved) || any(planned.stored) {
        facts.push(Fact::new("moved", whole(planned.moved)));
        facts.push(Fact::new("stored", whole(planned.stored)));
        facts.push(Fact::new("at a cost of", Cell::Money(planned.handling)));
    }
    if any(planned.ballast) {
        facts.push(Fact::new("on slack at most", whole(planned.ballast)));
        facts.push(Fact::new("earning", Cell::Money(planned.ballast_margin)));
    }
    facts.extend([
        Fact::new("left at the horizon", whole(planned.left)),
        Fact::new("worth", Cell::Money(planned.left_value)),
        Fact::with_unit("hashrate owned at start", Cell::Number(exa(hashrate_at_start(fleet)), 2), "EH/s"),
        Fact::with_unit("run in the first period", beside(planned.first_period, twin.first_period), "EH/s"),
        Fact::with_unit("in the last", beside(planned.last_period, twin.last_period), "EH/s"),
    ]);
    Section::facts("Machines", vec![facts])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn machines_are_followed_to_the_horizon() {
        let plan = sample::plan();
        let planned = fate(&plan.inputs, &plan.decisions, &plan.ledger);
        assert_eq!(planned.sold, MilliMachines(4_000_000));
        assert_eq!(planned.left, MilliMachines(6_000_000), "no failures in the sample");
        assert_eq!(fate(&plan.inputs, &plan.twin.decisions, &plan.twin.ledger).left, MilliMachines(10_000_000));
        assert_eq!(book_value(&plan.inputs), Cents(1_000_000_000));
        assert!((hashrate_at_start(&plan.inputs).get() - 2e6).abs() < 1e-9);
    }

    #[test]
    fn what_is_left_follows_moves_and_storage() {
        let mut plan = sample::with_everything();
        let planned = fate(&plan.inputs, &plan.decisions, &plan.ledger);
        assert_eq!((planned.moved, planned.stored), (MilliMachines(1_100_500), MilliMachines(500_000)));
        assert_eq!((planned.sold, planned.sold_from_storage), (MilliMachines(8_200_000), MilliMachines(200_000)));
        assert_eq!(planned.left, MilliMachines(11_800_000), "20 000 less what is sold: none is lost on the way");
        assert_eq!((planned.ballast, planned.ballast_margin), (MilliMachines(50_000), Cents(5_000)));
        // Half of what fails, fails only where it is not stored.
        plan.inputs.models[0].failure = crate::units::Share(0.5);
        plan.decisions.machines.retain(|decision| decision.action == MachineAction::Store);
        let months = f64::from(plan.inputs.calendar.horizon_month().0);
        let all = fate(&plan.inputs, &plan.decisions, &plan.ledger).left.count();
        assert!(all > 500.0 && all < 500.0 + 20_000.0 * libm::pow(0.5, months / 12.0), "{all}");
    }
}
