//! The twin: the best plan without any new commitment, against which every figure of the plan is measured.

use super::highs::{self, End, Limits};
use super::run::Run;
use super::{Answer, SolveError, polish};
use crate::audit::bound;
use crate::domain::Fleet;
use crate::domain::calendar::Month;
use crate::domain::policy::{LockKind, Policies};
use crate::model::{Model, Row, scale};
use crate::options::{HallOption, Options};
use crate::plan::Settings;
use crate::units::{Cents, Usd};
use crate::works;

/// To a ten-millionth: what "solved to its end" means.
const GAP: f64 = 1e-7;

/// A twin, and how sure it is that there is no better one.
pub(super) struct Found {
    pub(super) answer: Answer,
    /// What it was worth when the search for the plan began.
    pub(super) reference: Cents,
    /// No twin is worth more; `None` where it was solved to its end.
    pub(super) bound: Option<Cents>,
    /// Simplex iterations that it took.
    pub(super) work: u64,
}

impl Found {
    /// Takes a plan in its place that is worth more and commits to nothing: the twin was not solved to its end.
    pub(super) fn improved_by(&mut self, plan: &Answer, restricted: &Model) {
        if self.bound.is_some() && plan.npv > self.answer.npv && restricted.satisfied_by(&plan.values) {
            self.answer = plan.clone();
        }
    }
}

/// The best plan without any new commitment, as values of the plan's columns; `None` where there is none. Where time or
/// work is limited it takes no more than half of it, so that the other half is left for the plan.
pub(super) fn twin(
    fleet: &Fleet,
    settings: &Settings,
    options: &Options,
    model: &Model,
    run: &Run,
) -> Result<Option<Found>, SolveError> {
    run.stage("twin");
    let restricted = without_commitment(fleet, options, model);
    let allowance = run.allowance().with_work(settings.work_limit).half();
    let solved = highs::solve(&restricted, model.constant, None, &Limits::none_but(GAP, allowance))?;
    if solved.end == End::Infeasible {
        return Ok(None);
    }
    let answer = match &solved.values {
        Some(values) => polish(fleet, options, &restricted, values, run)?,
        None => match simplest(fleet, options, &restricted, run)? {
            Some(answer) => answer,
            None if highs::is_infeasible(&restricted, run.finishing()) => return Ok(None),
            None => return Err(SolveError::NoPlanFound),
        },
    };
    let bound = (solved.end != End::Optimal).then(|| {
        let known = Usd::new(scale::dollars(solved.bound)).to_cents();
        if solved.bound.is_finite() { known } else { without_solver(fleet, settings) }.max(answer.npv.0)
    });
    Ok(Some(Found { reference: answer.npv.0, answer, bound, work: solved.work }))
}

/// A twin without a search: no whole decision is taken but what has started; or else any twin that is soon found.
fn simplest(fleet: &Fleet, options: &Options, restricted: &Model, run: &Run) -> Result<Option<Answer>, SolveError> {
    let nothing: Vec<f64> = restricted.variables.columns.iter().map(|column| column.lower.max(0.0)).collect();
    if let Ok(answer) = polish(fleet, options, restricted, &nothing, run) {
        return Ok(Some(answer));
    }
    let mut any = restricted.clone();
    any.variables.columns.iter_mut().for_each(|column| column.value = 0.0);
    let found = highs::solve(&any, 0.0, None, &Limits::none_but(1.0, run.finishing()))?.values;
    found.map(|values| polish(fleet, options, restricted, &values, run)).transpose()
}

/// What no twin is worth more than, without a solver: no plan of the facts that a twin keeps is.
fn without_solver(fleet: &Fleet, settings: &Settings) -> Cents {
    let mut kept = fleet.clone();
    kept.policies = Policies::default();
    kept.locks.retain(|lock| lock.kind != LockKind::Force);
    bound(&kept, settings, &[]).usd.0
}

/// The same model without policies and forced locks, in which only signed offers can be served, and what has
/// started goes on: the offer that it is for counts as signed. Only works that this may need are done, and equipment is
/// reserved only where there is something that may need it.
pub(crate) fn without_commitment(fleet: &Fleet, options: &Options, model: &Model) -> Model {
    let mut restricted = model.clone();
    restricted.rows.retain(Row::in_twin);
    let signed = |offer: usize| fleet.committed(&fleet.offers[offer]);
    let goes_on = |option: &HallOption| option.offer.map_or(option.start < Month(0), signed);
    let halls = options.halls.iter().map(goes_on).zip(&model.variables.halls);
    let accepted = model.variables.accept.iter().map(|accept| (signed(accept.offer), &accept.column));
    let needed = works::committed(fleet);
    let works = options.works.iter().map(|option| needed.contains(&option.work)).zip(&model.variables.works);
    let anything = fleet.offers.iter().any(|offer| fleet.committed(offer))
        || fleet.locks.iter().any(|lock| lock.kind == LockKind::Started);
    let reserved = model.variables.reservations.iter().map(|column| (anything, column));
    for (_, column) in halls.chain(accepted).chain(works).chain(reserved).filter(|(stays, _)| !stays) {
        restricted.variables.columns[column.0].upper = 0.0;
    }
    restricted
}
