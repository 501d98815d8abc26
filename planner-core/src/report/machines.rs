//! What becomes of the machines.

use std::collections::BTreeMap;

use super::table::{Cell, Fact, Section};
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::ids::{ModelId, SiteId};
use crate::mining::monthly_survival;
use crate::plan::ledger::{Category, LedgerLine};
use crate::plan::{Decisions, MachineAction, Plan};
use crate::units::{Cents, MilliMachines, TeraHash};

/// Machines of one set of decisions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MachineFate {
    /// Machines sold.
    pub sold: MilliMachines,
    /// What their sale brought, less removal.
    pub proceeds: Cents,
    /// Machines bought.
    pub bought: MilliMachines,
    /// Machines that still work at the horizon.
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
    let count = |action: MachineAction| {
        MilliMachines(decisions.machines.iter().filter(|d| d.action == action).map(|d| d.count.0).sum())
    };
    let cash =
        |category: &Category| ledger.iter().filter(|l| l.category == *category).map(|l| l.amount_cents).sum::<Cents>();
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
        proceeds: cash(&Category::MachineSale),
        bought: count(MachineAction::Buy),
        left: left(fleet, decisions),
        left_value: cash(&Category::MachineEndValue),
        first_period: running(Some(0)),
        last_period: running(fleet.calendar.periods.checked_sub(1)),
    }
}

/// Machines that still work at the horizon: the stock of each period is what
/// survived the one before, less sales, plus purchases.
fn left(fleet: &Fleet, decisions: &Decisions) -> MilliMachines {
    let mut stock: BTreeMap<(&SiteId, &ModelId), BTreeMap<Period, i64>> = BTreeMap::new();
    for lot in &fleet.machines {
        *stock.entry((&lot.site, &lot.model)).or_default().entry(Period(0)).or_default() += lot.count.0;
    }
    for decision in &decisions.machines {
        let change = match decision.action {
            MachineAction::Run | MachineAction::Ballast | MachineAction::Move | MachineAction::Store => continue,
            MachineAction::Buy => decision.count.0,
            MachineAction::Sell => -decision.count.0,
        };
        *stock.entry((&decision.site, &decision.model)).or_default().entry(decision.period).or_default() += change;
    }
    let mut total = 0;
    for ((_, model), changes) in stock {
        let survival = fleet
            .model(model)
            .map_or(1.0, |model| libm::pow(monthly_survival(model).0, f64::from(fleet.calendar.period.months())));
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
    let beside = |ours: TeraHash, twin: TeraHash| Cell::text(format!("{:.2} (twin {:.2})", exa(ours), exa(twin)));
    let facts = vec![
        Fact::new("book value at start", Cell::Money(book_value(fleet))),
        Fact::new("sold", whole(planned.sold)),
        Fact::new("for", Cell::Money(planned.proceeds)),
        Fact::new("bought", whole(planned.bought)),
        Fact::new("left at the horizon", whole(planned.left)),
        Fact::new("worth", Cell::Money(planned.left_value)),
        Fact::with_unit("hashrate owned at start", Cell::Number(exa(hashrate_at_start(fleet)), 2), "EH/s"),
        Fact::with_unit("running in the first period", beside(planned.first_period, twin.first_period), "EH/s"),
        Fact::with_unit("in the last", beside(planned.last_period, twin.last_period), "EH/s"),
    ];
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
}
