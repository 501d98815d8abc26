//! Budgets side by side.

use crate::domain::Fleet;
use crate::options::enumerate;
use crate::plan::{Plan, Settings};
use crate::solve::{Answer, Run, SolveError, improve};
use crate::units::Usd;

/// One audited plan per budget, smallest first. A smaller budget's plan is
/// start and lower bound for the next, so NPV never falls.
///
/// # Errors
/// As [`crate::solve::plan`].
pub fn compare(fleet: &Fleet, settings: &Settings, budgets: &[Usd], run: &Run) -> Result<Vec<Plan>, SolveError> {
    let mut budgets = budgets.to_vec();
    budgets.sort_by(|a, b| a.get().total_cmp(&b.get()));
    // A budget never changes what an option is or costs, only how many fit.
    let any = Settings { budget: budgets.last().copied(), ..settings.clone() };
    let options = enumerate(fleet, &any);
    let mut known: Option<Answer> = None;
    let mut plans = Vec::with_capacity(budgets.len());
    for budget in budgets {
        let settings = Settings { budget: Some(budget), ..settings.clone() };
        let (plan, answer) = improve(fleet, &settings, &options, known.as_ref(), run)?;
        plans.push(plan);
        known = Some(answer);
    }
    Ok(plans)
}
