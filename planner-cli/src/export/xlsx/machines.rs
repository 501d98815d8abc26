//! Sheet `Machines`: how many of each model are where, by period. What is done with them is the plan's decision; what is
//! left of them follows.

use std::collections::{BTreeMap, BTreeSet};

use planner_core::domain::Fleet;
use planner_core::domain::machine::storage_in;
use planner_core::plan::{Decisions, MachineAction, MachineDecision, Plan};

use super::assumptions::Assumptions;
use super::facts_of_sites::ModelFact;
use super::lines::{self, Case, Lines, Quantity};
use super::sheet::{Labels, Look, Row, Sheet, Shown};
use super::term::Term;
use super::timeline::Axis;

/// Machines of one model in one place, in one case.
pub struct Herd {
    pub case: Case,
    pub place: String,
    pub model: String,
    /// Whether they are off their racks.
    pub stored: bool,
    rows: BTreeMap<&'static str, Row>,
    /// After all that is done in a period.
    pub stock: Row,
    /// When a period begins, after failures; at the horizon, what is left.
    pub on_hand: Row,
}

impl Herd {
    /// A row of counts; `None` where nothing of the kind is done.
    pub fn row(&self, what: &str) -> Option<&Row> {
        self.rows.get(what)
    }

    /// Machines that arrive.
    pub fn arriving(&self, place: usize) -> Term {
        Term::sum([NEAR, FAR].iter().filter_map(|what| self.row(what)).map(|row| row.at(place)))
    }
}

/// Names of the rows.
pub const BOUGHT: &str = "bought";
/// Sold at the start of a period.
pub const SOLD: &str = "sold";
/// Moved or stored.
pub const SENT: &str = "sent away";
/// Arrived from the same region.
pub const NEAR: &str = "arrived from the region";
/// Arrived from another region.
pub const FAR: &str = "arrived from another region";
/// Run in months with a margin.
pub const RUN: &str = "run";
/// Run on the slack of hosted load.
pub const BALLAST: &str = "run as ballast";

/// Counts by row and period.
type Counts = BTreeMap<&'static str, Vec<f64>>;

fn region<'a>(fleet: &'a Fleet, place: &str) -> Option<&'a str> {
    let regions = || fleet.sites.iter().map(|site| site.location.region.as_str());
    let site = fleet.site(&place.into()).map(|site| site.location.region.as_str());
    site.or_else(|| regions().find(|region| storage_in(region).as_str() == place))
}

/// What decisions do, by place and model.
fn counts(fleet: &Fleet, decisions: &Decisions, places: usize) -> BTreeMap<(String, String), Counts> {
    let mut all: BTreeMap<(String, String), Counts> = BTreeMap::new();
    let mut add = |place: &str, one: &MachineDecision, what: &'static str| {
        let counts = all.entry((place.to_owned(), one.model.to_string())).or_default();
        let row = counts.entry(what).or_insert_with(|| vec![0.0; places]);
        if let Some(cell) = row.get_mut(one.period.index()) {
            // In thousandths, so that sums are exact.
            *cell += (one.count.count() * 1e3).round();
        }
    };
    for one in &decisions.machines {
        let what = match one.action {
            MachineAction::Run => RUN,
            MachineAction::Ballast => BALLAST,
            MachineAction::Buy => BOUGHT,
            MachineAction::Sell => SOLD,
            MachineAction::Move | MachineAction::Store => SENT,
        };
        add(one.site.as_str(), one, what);
        if let Some(to) = &one.to {
            let near = region(fleet, one.site.as_str()) == region(fleet, to.as_str());
            add(to.as_str(), one, if near { NEAR } else { FAR });
        }
    }
    all
}

/// The sheet and its rows.
pub fn sheet(plan: &Plan, facts: &Assumptions, axis: &Axis, lines: &mut Lines) -> (Sheet, Vec<Herd>) {
    let note = "Counts are the plan's decisions; survivors follow from failures, to the thousandth.";
    let mut sheet = Sheet::new("Machines", "Machines", note);
    lines::head(&mut sheet, axis);
    let fleet = &plan.inputs;
    let mut herds = vec![];
    for (case, decisions) in [(Case::Plan, &plan.decisions), (Case::Twin, &plan.twin.decisions)] {
        let all = counts(fleet, decisions, axis.places());
        let lots = fleet.machines.iter().map(|lot| (lot.site.to_string(), lot.model.to_string()));
        let keys: BTreeSet<(String, String)> = all.keys().cloned().chain(lots).collect();
        for (place, model) in keys {
            let known = fleet.models.iter().any(|own| own.id.as_str() == model) && region(fleet, &place).is_some();
            if known {
                let counts = all.get(&(place.clone(), model.clone())).cloned().unwrap_or_default();
                herds.push(herd(&mut sheet, plan, (facts, axis), (case, place, model), (&counts, lines)));
            }
        }
    }
    (sheet, herds)
}

fn herd(
    sheet: &mut Sheet,
    plan: &Plan,
    (facts, axis): (&Assumptions, &Axis),
    (case, place, model): (Case, String, String),
    (counts, lines): (&Counts, &mut Lines),
) -> Herd {
    let fleet = &plan.inputs;
    let stored = fleet.site(&place.as_str().into()).is_none();
    let labels = |what: &str| Labels(vec![case.name().to_owned(), place.clone(), model.clone(), what.to_owned()]);
    let mut rows = BTreeMap::new();
    for (what, counts) in counts {
        let counts = counts.iter().map(|count| count / 1e3);
        rows.insert(*what, sheet.figures(&labels(what), Look::Decision, Shown::Thousandths, counts));
    }
    let lots = fleet.machines.iter().filter(|lot| lot.site.as_str() == place && lot.model.as_str() == model);
    let start: f64 = lots.map(|lot| lot.count.count()).sum();
    let row = sheet.next;
    let start = sheet.number(row, 5, start, Look::Input, Shown::Thousandths);
    let failure = facts.places.models.get(&model, &ModelFact::FAILURES_PER_YEAR);
    let survival = facts.grow(&-failure, &facts.period_months);
    let first =
        |p: usize| Term::atom(format!("{}$4", super::sheet::letters(p)), f64::from(u32::try_from(p).unwrap_or(0)));
    let opening = |p: usize, before: &Term| {
        let left = if stored { before.clone() } else { (before * &survival).round(3) };
        Term::choose(&first(p).equals(&Term::whole(0)), &start, &left)
    };
    let change = |p: usize, mut stock: Term| {
        for what in [SOLD, SENT] {
            if let Some(row) = rows.get(what) {
                stock = stock - row.at(p);
            }
        }
        for what in [NEAR, FAR, BOUGHT] {
            if let Some(row) = rows.get(what) {
                stock = stock + row.at(p);
            }
        }
        // Sums of thousandths, without the noise of adding them.
        Term::whole(0).max(&stock.round(3))
    };
    let (look, shown) = (Look::Formula, Shown::Thousandths);
    let stock = sheet.series(&labels("stock"), look, shown, axis.places(), |p, before| change(p, opening(p, &before)));
    let on_hand = sheet
        .series(&labels("on hand when it begins"), look, shown, axis.places(), |p, _| opening(p, &stock.before(p)));
    if let Some(run) = rows.get(RUN) {
        let hashrate = facts.places.models.get(&model, &ModelFact::HASHRATE);
        let at = |p: usize| run.at(p) * &hashrate;
        lines.measure((&mut *sheet, axis), (case, &place, &model), Quantity::Hashrate, at);
    }
    sheet.next += 1;
    Herd { case, place, model, stored, rows, stock, on_hand }
}
