//! A list of budgets, side by side.

use crate::domain::Fleet;
use crate::options::enumerate;
use crate::plan::{Plan, Settings};
use crate::solve::{Answer, Run, SolveError, improve};
use crate::units::Usd;

/// What a budget buys, or why there is no plan within it.
pub type Budgeted = (Usd, Result<Plan, SolveError>);

/// One audited plan per budget, smallest first, each told to `done` as it
/// comes. A smaller budget's plan is start and lower bound for the next, so NPV
/// never falls. A limit or an interrupt ends the list with the budget it found.
pub fn compare(
    fleet: &Fleet,
    settings: &Settings,
    budgets: &[Usd],
    run: &Run,
    mut done: impl FnMut(&Budgeted),
) -> Vec<Budgeted> {
    let run = &run.within(settings.time_limit_seconds);
    let mut budgets = budgets.to_vec();
    budgets.sort_by(|a, b| a.get().total_cmp(&b.get()));
    // A budget never changes what an option is or costs, only how many fit.
    let any = Settings { budget: budgets.last().copied(), ..settings.clone() };
    let options = enumerate(fleet, &any);
    let mut known: Option<Answer> = None;
    let mut points = Vec::with_capacity(budgets.len());
    for budget in budgets {
        if run.stopped() {
            break;
        }
        let settings = Settings { budget: Some(budget), ..settings.clone() };
        let point = match improve(fleet, &settings, &options, known.as_ref(), run) {
            Ok((plan, answer)) => {
                known = Some(answer);
                (budget, Ok(plan))
            }
            Err(error) => (budget, Err(error)),
        };
        done(&point);
        points.push(point);
    }
    points
}
