//! Machines that change places: what a move costs, and what it earns.

use jiff::civil::Date;

use super::table::{Cell, Column, Table, left_out};
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
    let mut moves: Vec<MachineMove> = decisions
        .machines
        .iter()
        .filter(|decision| matches!(decision.action, MachineAction::Move | MachineAction::Store))
        .filter_map(|decision| machine_move(fleet, decisions, ledger, decision))
        .collect();
    moves.sort_by(|a, b| (a.period, &a.model, &a.from, &a.to).cmp(&(b.period, &b.model, &b.from, &b.to)));
    moves
}

fn machine_move(
    fleet: &Fleet,
    decisions: &Decisions,
    ledger: &[LedgerLine],
    decision: &MachineDecision,
) -> Option<MachineMove> {
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
        downtime: downtime(decisions, ledger, decision),
        margin: (!stored).then(|| margin(fleet, decisions, ledger, decision, &to)),
        to,
    })
}

/// Its share of what all machines of the model that arrive there on that day lose on the way.
fn downtime(decisions: &Decisions, ledger: &[LedgerLine], decision: &MachineDecision) -> Cents {
    let arriving: i64 = decisions
        .machines
        .iter()
        .filter(|other| other.action == MachineAction::Move)
        .filter(|other| (other.period, &other.model, &other.to) == (decision.period, &decision.model, &decision.to))
        .map(|other| other.count.0)
        .sum();
    let lost: Cents = ledger
        .iter()
        .filter(|line| line.category == Category::MoveDowntime && line.period == decision.period)
        .filter(|line| Some(&line.site) == decision.to.as_ref() && line.subject == decision.model.as_str())
        .map(|line| -line.amount_cents)
        .sum();
    share(lost, decision.count.0, arriving)
}

/// Income less energy of the machines of a model that work at a site in the periods that begin in the twelve months
/// from the move, per working machine, times the machines moved that are left.
fn margin(
    fleet: &Fleet,
    decisions: &Decisions,
    ledger: &[LedgerLine],
    decision: &MachineDecision,
    site: &SiteId,
) -> Cents {
    let months = fleet.calendar.period.months();
    let survival =
        fleet.model(&decision.model).map_or(1.0, |model| libm::pow(monthly_survival(model).0, f64::from(months)));
    let year = u32::try_from(12 / months).unwrap_or(1);
    let mut left = decision.count;
    let mut sum = Cents::ZERO;
    for period in (decision.period.0..decision.period.0.saturating_add(year)).map(Period) {
        let working: i64 = decisions
            .machines
            .iter()
            .filter(|at| matches!(at.action, MachineAction::Run | MachineAction::Ballast))
            .filter(|at| (at.period, &at.site, &at.model) == (period, site, &decision.model))
            .map(|at| at.count.0)
            .sum();
        let earned: Cents = ledger
            .iter()
            .filter(|line| line.period == period && line.site == *site && line.subject == decision.model.as_str())
            .filter(|line| is_margin(&line.category))
            .map(|line| line.amount_cents)
            .sum();
        sum += share(earned, left.0.min(working), working);
        left = MilliMachines::nearest(left.count() * survival);
    }
    sum
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

/// The largest moves of whole machines, at most `limit` rows by date, the last one for all others.
#[must_use]
pub fn table(moves: &[MachineMove], limit: usize) -> Table {
    let mut largest: Vec<usize> = (0..moves.len()).filter(|index| moves[*index].whole() > 0).collect();
    largest.sort_by_key(|index| std::cmp::Reverse(moves[*index].count));
    let shown = if moves.len() > limit { limit.saturating_sub(1) } else { moves.len() };
    largest.truncate(shown);
    largest.sort_unstable();
    let mut rows: Vec<Vec<Cell>> = largest.iter().map(|index| cells(&moves[*index])).collect();
    let more = moves.len() - rows.len();
    if more > 0 {
        let mut row = vec![Cell::text(""); COLUMNS];
        row[2] = Cell::text(left_out(more, moves.len() - more));
        rows.push(row);
    }
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
        rows,
        notes: vec![],
    }
}

const COLUMNS: usize = 7;

fn cells(of: &MachineMove) -> Vec<Cell> {
    vec![
        Cell::Count(of.whole()),
        Cell::text(of.model.as_str()),
        Cell::text(of.from.as_str()),
        Cell::text(of.to.as_str()),
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
    fn the_largest_moves_are_shown_and_the_others_counted() {
        let moves = found(&sample::with_everything());
        let cut = table(&moves, 2);
        assert_eq!(cut.rows.len(), 2);
        assert_eq!(cut.rows[0][0], Cell::Count(1000), "rounded down, in the list alone");
        assert_eq!(cut.rows[1][2], Cell::text("2 more: export csv"));
        assert!(table(&moves, 5).rows.iter().all(|row| row.len() == COLUMNS));
    }
}
