//! Plans of many budgets, solved in rounds. A round's budgets are solved at the same time, each from the best plan of a
//! smaller budget that an earlier round has found: the number of threads changes nothing.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Point, Range};
use crate::audit::audit;
use crate::domain::Fleet;
use crate::domain::ids::PotId;
use crate::options::{Options, enumerate};
use crate::plan::identity::identity;
use crate::plan::ledger::LedgerLine;
use crate::plan::{Plan, Settings};
use crate::solve::{Run, SolveError, answer_of, bounded_by, improve};
use crate::units::{Cents, Usd, UsdCents};

/// How a budget limits capital.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// One total over the whole horizon, in place of the pots.
    Total,
    /// The portfolio's own pots, their releases scaled to this sum.
    Phased,
}

/// Where solved plans are kept, so that an interrupted run can go on.
#[derive(Clone, Copy)]
pub struct Shelf<'a> {
    /// A plan that was kept, if there is one. Whether it is of use is judged here.
    pub find: &'a (dyn Fn(Line, Cents) -> Option<Plan> + Sync),
    /// Told each plan that a search has ended with.
    pub keep: &'a (dyn Fn(Line, Cents, &Plan) + Sync),
}

/// Plans of one line by budget.
pub(super) struct Solved<'a> {
    line: Line,
    fleet: &'a Fleet,
    settings: &'a Settings,
    /// The same for every budget: it never changes what an option is or costs, only how many fit.
    options: Options,
    shelf: &'a Shelf<'a>,
    run: &'a Run<'a>,
    plans: BTreeMap<Cents, Result<Plan, SolveError>>,
}

/// A plan and the least budget that pays for it and its twin.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) needs: Cents,
    pub(super) plan: &'a Plan,
}

impl<'a> Solved<'a> {
    pub(super) fn new(
        line: Line,
        fleet: &'a Fleet,
        settings: &'a Settings,
        shelf: &'a Shelf<'a>,
        run: &'a Run<'a>,
    ) -> Self {
        let budget = (line == Line::Total).then_some(Usd::ZERO);
        let options = enumerate(fleet, &Settings { budget, ..settings.clone() });
        Self { line, fleet, settings, options, shelf, run, plans: BTreeMap::new() }
    }

    pub(super) const fn options(&self) -> &Options {
        &self.options
    }

    pub(super) fn interrupted(&self) -> bool {
        self.run.stopped()
    }

    /// How many budgets have been solved.
    pub(super) fn count(&self) -> usize {
        self.plans.len()
    }

    /// Budgets that have been solved, rising.
    pub(super) fn budgets(&self) -> Vec<Cents> {
        self.plans.keys().copied().collect()
    }

    /// Budgets without a plan.
    pub(super) fn without_plan(&self) -> Vec<(Cents, SolveError)> {
        self.plans.iter().filter_map(|(budget, plan)| Some((*budget, plan.as_ref().err()?.clone()))).collect()
    }

    /// What was found for a budget.
    pub(super) fn take(&mut self, budget: Cents) -> Option<Result<Plan, SolveError>> {
        self.plans.remove(&budget)
    }

    /// A plan that was found elsewhere for the budget in its settings. It has a bound of that budget.
    pub(super) fn learn(&mut self, plan: Plan) {
        let budget = plan.settings.budget.map_or(Cents::ZERO, Usd::to_cents);
        self.plans.insert(budget, Ok(plan));
    }

    /// One round.
    pub(super) fn solve(&mut self, budgets: &[Cents]) {
        let threads = usize::try_from(self.run.threads).unwrap_or(1);
        let solve = |budget: &Cents| (!self.interrupted()).then(|| (*budget, self.kept_or_solved(*budget)));
        let found: Vec<_> = match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
            Ok(pool) => pool.install(|| budgets.par_iter().filter_map(solve).collect()),
            Err(_) => budgets.iter().filter_map(solve).collect(),
        };
        self.plans.extend(found);
    }

    /// Rising budgets in rounds, every eighth first, so that most start from a neighbour. Afterwards no plan is worth
    /// less than that of a smaller budget.
    pub(super) fn solve_all(&mut self, budgets: &[Cents]) {
        for step in [8, 4, 2, 1] {
            let missing = budgets.iter().step_by(step).filter(|budget| !self.plans.contains_key(budget));
            let round: Vec<Cents> = missing.copied().collect();
            self.solve(&round);
        }
        for budget in budgets {
            let least = self.best_below(*budget).map(|plan| plan.npv_usd);
            let worse = self.plans.get(budget).and_then(|plan| Some(Some(plan.as_ref().ok()?.npv_usd) < least));
            if worse == Some(true) && !self.interrupted() {
                let again = self.solved(*budget);
                self.plans.insert(*budget, again);
            }
        }
    }

    fn kept_or_solved(&self, budget: Cents) -> Result<Plan, SolveError> {
        let (fleet, settings) = self.at(budget);
        let kept = (self.shelf.find)(self.line, budget).filter(|plan| {
            // Where a limit or the user ended a search, it goes on.
            !plan.status.is_stopped()
                && plan.settings == settings
                && plan.identity == identity(&fleet)
                && audit(plan).passed
        });
        if let Some(plan) = kept {
            return Ok(plan);
        }
        let plan = self.solved(budget)?;
        (self.shelf.keep)(self.line, budget, &plan);
        Ok(plan)
    }

    fn solved(&self, budget: Cents) -> Result<Plan, SolveError> {
        let (fleet, settings) = self.at(budget);
        let known =
            self.best_below(budget).and_then(|plan| answer_of(&fleet, &settings, &self.options, plan, self.run));
        let run = Run { threads: 1, provenance: self.run.provenance.clone(), ..*self.run };
        improve(&fleet, &settings, &self.options, known.as_ref(), &run).map(|(plan, _)| plan)
    }

    /// The best plan of a smaller budget.
    fn best_below(&self, budget: Cents) -> Option<&Plan> {
        let below = self.plans.range(..budget).filter_map(|(_, plan)| plan.as_ref().ok());
        below.max_by_key(|plan| plan.npv_usd)
    }

    /// The facts and settings of a budget.
    fn at(&self, budget: Cents) -> (Fleet, Settings) {
        let amount = Usd::new(budget.usd());
        match self.line {
            Line::Total => (self.fleet.clone(), Settings { budget: Some(amount), ..self.settings.clone() }),
            Line::Phased => {
                let (fleet, pots) = scaled(self.fleet, amount);
                (fleet, Settings { pots, ..self.settings.clone() })
            }
        }
    }

    /// Every plan that is better than all that need less, by what it needs: the best known for each budget.
    pub(super) fn best(&self, range: Range) -> Vec<Known<'_>> {
        let (least, grain) = (range.from.to_cents(), range.grain());
        let plans = self.plans.iter().filter_map(|(budget, plan)| Some((*budget, plan.as_ref().ok()?)));
        let needs = |budget: Cents, plan: &Plan| round_up(needs(plan), grain).max(least).min(budget);
        let mut known: Vec<Known> = plans.map(|(budget, plan)| Known { needs: needs(budget, plan), plan }).collect();
        known.sort_by(|a, b| (a.needs, b.plan.npv_usd).cmp(&(b.needs, a.plan.npv_usd)));
        let mut best: Vec<Known> = vec![];
        for one in known {
            if best.last().is_none_or(|last| one.plan.npv_usd > last.plan.npv_usd) {
                best.push(one);
            }
        }
        best
    }

    /// No plan of a budget is worth more: the least bound of it and all greater ones.
    pub(super) fn bound(&self, budget: Cents) -> Option<UsdCents> {
        self.plans.range(budget..).filter_map(|(_, plan)| Some(plan.as_ref().ok()?.bound_usd)).min()
    }

    /// The best plans that gain more than their gap over the one before.
    pub(super) fn points(&self, range: Range) -> Vec<Point> {
        let mut points: Vec<Point> = vec![];
        for known in self.best(range) {
            let bound = self.bound(known.needs).unwrap_or(known.plan.bound_usd);
            let gain = points.last().map(|last| known.plan.npv_usd.0 - last.plan.npv_usd.0);
            if gain.is_none_or(|gain| gain > unclaimed(known.plan, bound)) {
                let plan = restated(known, bound);
                points.push(Point { budget: known.needs, plan, gap_to_next: None, phased: None, nested: None });
            }
        }
        let next: Vec<Cents> = points.iter().skip(1).map(|point| point.budget - range.resolution.to_cents()).collect();
        for (point, last) in points.iter_mut().zip(next.into_iter().chain([range.to.to_cents()])) {
            let gap = |bound: UsdCents| UsdCents((bound.0 - point.plan.npv_usd.0).max(point.plan.gap_usd.0));
            point.gap_to_next = self.bound(last.max(point.budget)).map(gap);
        }
        points
    }
}

/// A gain that is not claimed: the gap, or what a proof forgives.
pub(super) fn unclaimed(plan: &Plan, bound: UsdCents) -> Cents {
    let forgiven = Usd::new(f64::max(1.0, 1e-6 * plan.npv_usd.0.usd().abs())).to_cents();
    (bound.0 - plan.npv_usd.0).max(forgiven)
}

/// To whole grains.
pub(super) const fn round_up(budget: Cents, grain: Cents) -> Cents {
    Cents((budget.0 + grain.0 - 1).div_euclid(grain.0) * grain.0)
}

/// The least budget that pays for a plan and its twin.
fn needs(plan: &Plan) -> Cents {
    let capital = |ledger: &[LedgerLine]| -> Cents {
        -ledger.iter().filter(|line| line.category.is_capital()).map(|line| line.amount_cents).sum::<Cents>()
    };
    capital(&plan.ledger).max(capital(&plan.twin.ledger))
}

/// The plan of a greater budget as that of the budget it needs: there, too, nothing better is known.
fn restated(known: Known, bound: UsdCents) -> Plan {
    let mut plan = known.plan.clone();
    plan.settings.budget = Some(Usd::new(known.needs.usd()));
    bounded_by(&mut plan, bound);
    plan.audit = audit(&plan);
    plan
}

/// The facts with every release scaled, so that all of them sum to an amount; the new sum of each pot.
fn scaled(fleet: &Fleet, amount: Usd) -> (Fleet, Vec<(PotId, Usd)>) {
    let mut fleet = fleet.clone();
    let factor = amount.get() / fleet.released().get();
    let mut pots = vec![];
    for pot in &mut fleet.pots {
        pot.release.iter_mut().for_each(|release| release.amount = release.amount * factor);
        pots.push((pot.id.clone(), pot.release.iter().map(|release| release.amount).sum()));
    }
    (fleet, pots)
}
