//! Machines that change places: what a move costs, and what it earns.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::table::{Cell, Column, Table};
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::ids::{ModelId, SiteId};
use crate::mining::monthly_survival;
use crate::plan::ledger::{Category, LedgerLine};
use crate::plan::{Decisions, MachineAction, MachineDecision};
use crate::units::{Cents, MilliMachines, UsdPerMachine};

/// Machines of one model sent from one place to another on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct MachineMove {
    /// Moved to a site, or stored.
    pub action: MachineAction,
    /// Which model.
    pub model: ModelId,
    /// How many.
    pub count: MilliMachines,
    /// A site, or the storage of a region.
    pub from: SiteId,
    /// A site, or the storage of a region.
    pub to: SiteId,
    /// When.
    pub period: Period,
    /// First day of the period.
    pub date: Date,
    /// Taken off their racks.
    pub removal: Cents,
    /// Freight.
    pub freight: Cents,
    /// Put on racks.
    pub installation: Cents,
    /// Margin lost on the way.
    pub downtime: Cents,
    /// What they earn at a site in the twelve months from the move; `None` in storage.
    pub margin: Option<Cents>,
}

impl MachineMove {
    /// All that the move costs.
    #[must_use]
    pub fn cost(&self) -> Cents {
        self.removal + self.freight + self.installation + self.downtime
    }

    /// Whole machines, rounded down.
    #[must_use]
    pub const fn whole(&self) -> i64 {
        self.count.0.div_euclid(1000)
    }
}

/// The region of a storage, where a place is one.
#[must_use]
pub fn storage_region(place: &SiteId) -> Option<&str> {
    place.as_str().strip_prefix("storage/")
}

fn region<'a>(fleet: &'a Fleet, place: &'a SiteId) -> Option<&'a str> {
    storage_region(place).or_else(|| fleet.site(place).map(|site| site.location.region.as_str()))
}

/// The moves of a set of decisions by date, model, from and to.
#[must_use]
pub fn moves(fleet: &Fleet, decisions: &Decisions, ledger: &[LedgerLine]) -> Vec<MachineMove> {
    let sent = |decision: &&MachineDecision| matches!(decision.action, MachineAction::Move | MachineAction::Store);
    let sent: Vec<&MachineDecision> = decisions.machines.iter().filter(sent).collect();
    let there = There::of(&sent, decisions, ledger);
    let mut moves: Vec<MachineMove> =
        sent.into_iter().filter_map(|decision| machine_move(fleet, &there, decision)).collect();
    moves.sort_by(|a, b| (a.period, &a.model, &a.from, &a.to).cmp(&(b.period, &b.model, &b.from, &b.to)));
    moves
}

fn machine_move(fleet: &Fleet, there: &There, decision: &MachineDecision) -> Option<MachineMove> {
    let to = decision.to.clone()?;
    let (from, count, handling) = (&decision.site, decision.count, &fleet.handling);
    let paid = |price: UsdPerMachine| price.each().to_cents().times_machines(count);
    let (racked, stored) = (storage_region(from).is_none(), storage_region(&to).is_some());
    let same_region = region(fleet, from) == region(fleet, &to);
    // Storage in the region of a site costs no freight; from there on it is paid when the machines leave it.
    let freight = handling.moves.map_or(Cents::ZERO, |moves| match (stored, same_region) {
        (true, true) => Cents::ZERO,
        (true, false) => paid(moves.freight_other_region - moves.freight),
        (false, true) => paid(moves.freight),
        (false, false) => paid(moves.freight_other_region),
    });
    Some(MachineMove {
        action: decision.action,
        model: decision.model.clone(),
        count,
        from: from.clone(),
        period: decision.period,
        date: fleet.calendar.period_start(decision.period),
        removal: if racked { paid(handling.removal) } else { Cents::ZERO },
        freight,
        installation: if stored { Cents::ZERO } else { paid(handling.install) },
        downtime: there.downtime(decision, &to),
        margin: (!stored).then(|| there.margin(fleet, decision, &to)),
        to,
    })
}

type Place<'a> = (&'a str, &'a str, Period);

/// What machines of a model do at a site in a period, where any are sent.
#[derive(Default)]
struct Doing {
    arriving: i64,
    /// Positive.
    lost: Cents,
    working: i64,
    earned: Cents,
}

/// What is done, by site, model and period, at the places where machines are sent.
struct There<'a>(BTreeMap<Place<'a>, Doing>);

impl<'a> There<'a> {
    fn of(sent: &[&'a MachineDecision], decisions: &'a Decisions, ledger: &'a [LedgerLine]) -> Self {
        let mut there = BTreeMap::<Place, Doing>::new();
        let goals: BTreeSet<(&str, &str)> = sent
            .iter()
            .filter_map(|decision| Some((decision.to.as_ref()?.as_str(), decision.model.as_str())))
            .collect();
        for decision in sent.iter().filter(|decision| decision.action == MachineAction::Move) {
            if let Some(to) = &decision.to {
                let at = (to.as_str(), decision.model.as_str(), decision.period);
                there.entry(at).or_default().arriving += decision.count.0;
            }
        }
        for decision in &decisions.machines {
            let (site, model) = (decision.site.as_str(), decision.model.as_str());
            let works = matches!(decision.action, MachineAction::Run | MachineAction::Ballast);
            if works && goals.contains(&(site, model)) {
                there.entry((site, model, decision.period)).or_default().working += decision.count.0;
            }
        }
        for line in ledger.iter().filter(|line| is_margin(&line.category) || line.category == Category::MoveDowntime) {
            let (site, model) = (line.site.as_str(), line.subject.as_str());
            if goals.contains(&(site, model)) {
                let doing = there.entry((site, model, line.period)).or_default();
                match line.category {
                    Category::MoveDowntime => doing.lost += -line.amount_cents,
                    _ => doing.earned += line.amount_cents,
                }
            }
        }
        Self(there)
    }

    /// Its share of what all machines of the model that arrive there on that day lose on the way.
    fn downtime(&self, decision: &MachineDecision, site: &SiteId) -> Cents {
        let at = (site.as_str(), decision.model.as_str(), decision.period);
        self.0.get(&at).map_or(Cents::ZERO, |doing| share(doing.lost, decision.count.0, doing.arriving))
    }

    /// Income less energy of the machines of a model that work at a site in the periods that begin in the twelve months
    /// from the move, per working machine, times the machines moved that are left.
    fn margin(&self, fleet: &Fleet, decision: &MachineDecision, site: &SiteId) -> Cents {
        let months = fleet.calendar.period.months();
        let survival =
            fleet.model(&decision.model).map_or(1.0, |model| libm::pow(monthly_survival(model).0, f64::from(months)));
        let year = u32::try_from(12 / months).unwrap_or(1);
        let mut left = decision.count;
        let mut sum = Cents::ZERO;
        for period in (decision.period.0..decision.period.0.saturating_add(year)).map(Period) {
            if let Some(doing) = self.0.get(&(site.as_str(), decision.model.as_str(), period)) {
                sum += share(doing.earned, left.0.min(doing.working), doing.working);
            }
            left = MilliMachines::nearest(left.count() * survival);
        }
        sum
    }
}

const fn is_margin(category: &Category) -> bool {
    matches!(
        category,
        Category::MiningRevenue
            | Category::MiningEnergy
            | Category::DemandResponse
            | Category::BallastRevenue
            | Category::BallastEnergy
    )
}

/// The part of an amount that falls to so many of all.
fn share(amount: Cents, part: i64, all: i64) -> Cents {
    if all <= 0 {
        return Cents::ZERO;
    }
    let product = i128::from(amount.0) * i128::from(part);
    // A part of an amount is no larger than the amount.
    Cents(i64::try_from(product / i128::from(all)).unwrap_or(amount.0))
}

/// The moves of whole machines by date.
#[must_use]
pub fn table(fleet: &Fleet, moves: &[MachineMove]) -> Table {
    let whole = moves.iter().filter(|one| one.whole() > 0);
    Table {
        title: "Moves [M$]".to_owned(),
        columns: vec![
            Column::figures("machines", ""),
            Column::words("model"),
            Column::words("from"),
            Column::words("to"),
            Column::words("when"),
            Column::figures("cost", ""),
            Column::figures("year's margin", ""),
        ],
        rows: whole.map(|one| cells(fleet, one)).collect(),
        notes: vec![],
    }
}

fn cells(fleet: &Fleet, of: &MachineMove) -> Vec<Cell> {
    vec![
        Cell::Count(of.whole()),
        Cell::text(of.model.as_str()),
        Cell::text(fleet.place(&of.from)),
        Cell::text(fleet.place(&of.to)),
        Cell::Month(of.date),
        Cell::Money(of.cost()),
        Cell::some(of.margin, Cell::Money),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;
    use crate::report::sample;

    fn found(plan: &Plan) -> Vec<MachineMove> {
        moves(&plan.inputs, &plan.decisions, &plan.ledger)
    }

    #[test]
    fn costs_of_moves_add_up_to_the_ledger() {
        let plan = sample::with_everything();
        let moves = found(&plan);
        let booked = |category: &Category| -> Cents {
            plan.ledger.iter().filter(|line| line.category == *category).map(|line| -line.amount_cents).sum()
        };
        let all = |cost: fn(&MachineMove) -> Cents| moves.iter().map(cost).sum::<Cents>();
        assert_eq!(all(|m| m.removal), booked(&Category::MachineRemoval));
        assert_eq!(all(|m| m.freight), booked(&Category::MachineFreight));
        assert_eq!(all(|m| m.installation), booked(&Category::MachineInstallation));
        assert_eq!(all(|m| m.downtime), booked(&Category::MoveDowntime));
    }

    #[test]
    fn a_move_earns_a_year_of_margin_where_it_goes_and_storage_nothing() {
        let moves = found(&sample::with_everything());
        let told: Vec<_> = moves.iter().map(|m| (m.from.as_str(), m.to.as_str(), m.whole(), m.margin)).collect();
        // 125 $ a machine and quarter; in the last one 50 of 6050 work on slack and earn a dollar each.
        let last = 1_000_500 * (75_000_000 + 5_000) / 6_050_000;
        assert_eq!(
            told,
            [
                ("panther-creek-01", "panther-creek-02", 1000, Some(Cents(1_000_500 * 3 * 125 / 10 + last))),
                ("panther-creek-01", "storage/east", 500, None),
                ("storage/east", "panther-creek-01", 100, Some(Cents(100_000 * 50))),
            ]
        );
        assert_eq!(moves[1].cost(), Cents(500 * 1000), "removal alone in the same region");
    }

    #[test]
    fn every_move_of_whole_machines_has_a_row() {
        let plan = sample::with_everything();
        let all = table(&plan.inputs, &found(&plan));
        assert_eq!(all.rows.len(), 3);
        assert_eq!(all.rows[0][0], Cell::Count(1000), "rounded down, in the list alone");
        assert_eq!(all.rows[1][3], Cell::text("storage east"));
        assert!(all.rows.iter().all(|row| row.len() == all.columns.len()));
    }
}
