//! What capital budgets buy: a list of budgets side by side, or the frontier of a range.
//!
//! `adaptive` finds the budgets at which the plan changes, `nested` the programme in which each cut only drops or delays.

mod adaptive;
mod nested;
mod side_by_side;
mod solved;

pub use side_by_side::{Budgeted, compare};
pub use solved::{Line, Shelf};

use crate::domain::Fleet;
use crate::plan::{Plan, Settings};
use crate::solve::{Run, SolveError};
use crate::units::{Cents, Usd, UsdCents};
use solved::Solved;

/// What of the range is wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Least budget.
    pub from: Usd,
    /// Greatest budget.
    pub to: Usd,
    /// No search goes on between two budgets that lie no further apart.
    pub resolution: Usd,
    /// Where the nested programme starts; else the sum of the portfolio's pots, where it lies in the range, else `to`.
    pub base: Option<Usd>,
}

impl Range {
    /// Budgets are whole thousands of dollars where the resolution is much coarser, else whole cents.
    fn grain(&self) -> Cents {
        let thousand = Usd::new(1000.0).to_cents();
        if self.resolution.to_cents() < thousand.times(10) { Cents(1) } else { thousand }
    }
}

/// A budget at which the best plan changes by more than its gap.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The least budget that pays for the plan and its twin, as fine as budgets are; the plan is that of this budget.
    pub budget: Cents,
    /// The best plan with one total of this budget. Its gap is that to the best plan of this budget, as far as is known.
    pub plan: Plan,
    /// No plan is worth more by more than this of any budget up to the next point less the resolution, or to the end of the
    /// range: what a breakpoint that is not claimed may gain. `None` where a run was interrupted before it was known.
    pub gap_to_next: Option<UsdCents>,
    /// The best plan when the portfolio's own releases are scaled to this sum; `None` where it has no pots, or the run
    /// was interrupted.
    pub phased: Option<Result<Plan, SolveError>>,
    /// The best plan that is nested in its neighbour on the side of the base; `None` after an interrupt.
    pub nested: Option<Result<Nested, SolveError>>,
}

/// A plan of the nested programme. Its bound is that of all plans of its budget, so its gap holds the price of nesting.
#[derive(Debug, Clone, PartialEq)]
pub struct Nested {
    /// The plan.
    pub plan: Plan,
    /// No nested plan is worth more by more than this.
    pub gap: UsdCents,
}

/// The best plan of every budget in a range, to a resolution.
#[derive(Debug, Clone, PartialEq)]
pub struct Frontier {
    /// What was asked for.
    pub range: Range,
    /// Budgets rising, and NPV with them. Each plan is the best from its budget on, until that of the next point.
    pub points: Vec<Point>,
    /// Index of the point at which the nested programme is the frontier: the last that the base pays for.
    pub base: usize,
    /// Budgets of the range without a plan, and why.
    pub none: Vec<(Cents, SolveError)>,
    /// How many budgets were solved with one total.
    pub solved: usize,
    /// Whether the search was finished: otherwise it was interrupted.
    pub finished: bool,
}

/// The frontier of a range.
///
/// # Errors
/// When no budget of the range has a plan: why the greatest has none.
pub fn frontier(
    fleet: &Fleet,
    settings: &Settings,
    range: Range,
    shelf: &Shelf,
    run: &Run,
) -> Result<Frontier, SolveError> {
    let run = &run.within(settings.time_limit_seconds);
    let released = fleet.released();
    let own = (range.from.get()..=range.to.get()).contains(&released.get()).then_some(released);
    let base = range.base.or(own).unwrap_or(range.to).to_cents();
    let mut total = Solved::new(Line::Total, fleet, settings, shelf, run);
    adaptive::solve(&mut total, range, base);
    let interrupted = || run.stopped();
    let mut points = total.points(range);
    let base_of = |points: &[Point]| points.partition_point(|point| point.budget <= base).saturating_sub(1);
    while !interrupted() && !points.is_empty() {
        let base = base_of(&points);
        nested::programme(&mut points, base, fleet, settings, total.options(), run);
        if interrupted() {
            // A programme that was cut short would say that nesting costs more than it does.
            for point in &mut points {
                point.nested = None;
            }
            break;
        }
        // A nested plan may beat the best plan known, within its gap: then it is the best known.
        let nested = points.iter().filter_map(|point| Some((point, point.nested.as_ref()?.as_ref().ok()?)));
        let better: Vec<Plan> = nested
            .filter(|(point, nested)| nested.plan.npv_usd > point.plan.npv_usd)
            .map(|(_, nested)| nested.plan.clone())
            .collect();
        if better.is_empty() {
            break;
        }
        for plan in better {
            total.learn(plan);
        }
        points = total.points(range);
    }
    if released > Usd::ZERO && !interrupted() {
        let mut phased = Solved::new(Line::Phased, fleet, settings, shelf, run);
        let budgets: Vec<Cents> = points.iter().map(|point| point.budget).collect();
        phased.solve_all(&budgets);
        for point in points.iter_mut().filter(|_| !interrupted()) {
            point.phased = phased.take(point.budget);
        }
    }
    let (solved, none) = (total.count(), total.without_plan());
    if let (true, Some((_, error))) = (points.is_empty(), none.last()) {
        return Err(error.clone());
    }
    if points.is_empty() {
        return Err(SolveError::NoPlanFound);
    }
    Ok(Frontier { range, base: base_of(&points), points, none, solved, finished: !interrupted() })
}
