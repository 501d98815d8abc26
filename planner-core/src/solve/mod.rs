//! Fleet → plan: the twin, the plan, its polish and its certificate.

mod agreement;
mod best;
mod certificate;
mod highs;
mod known;
#[cfg(test)]
mod machine_tests;
mod prices;
pub mod relax;
mod sites_left;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::Fleet;
use crate::domain::calendar::Month;
use crate::domain::policy::LockKind;
use crate::model::constraints::policy_mix;
use crate::model::{self, Model, Row, Variables, scale};
use crate::options::{HallOption, Options, enumerate};
use crate::plan::ledger::{LedgerLine, present_value};
use crate::plan::read_back::read_back;
use crate::plan::{Decisions, Plan, Provenance, Settings, Twin};
use crate::units::{Cents, UsdCents};
use crate::works;
pub use agreement::Misread;
pub(crate) use best::{Best, Beyond, best};
pub(crate) use certificate::bounded_by;
use highs::{End, Limits};
pub(crate) use known::answer_of;
use relax::{Diagnosis, diagnose};

const ONE_DOLLAR: Cents = Cents(100);

/// In M$: what the rounding of machines may take from a policy.
const HALF_A_DOLLAR: f64 = 0.5e-6;

/// How often a plan is polished until its rounded machines keep the policies.
const ATTEMPTS: u32 = 3;

/// How a solve is run; none of it changes the plan.
pub struct Run<'a> {
    /// Small solves at a time; each of them has one thread.
    pub threads: u32,
    /// Set to end the solve with the best plan so far.
    pub interrupt: &'a AtomicBool,
    /// Called now and then with what is known.
    pub progress: &'a (dyn Fn(&Progress) + Sync),
    /// Where the plan comes from.
    pub provenance: Provenance,
}

impl Run<'_> {
    /// A stage begins, and nothing more is known.
    fn stage(&self, stage: &'static str) {
        (self.progress)(&Progress { stage, uplift_usd: None, bound_usd: None });
    }
}

/// What is known while a solve runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// What is being done: `pricing`, `building`, `twin`, `plan`, `polish`, `prices`, `sites left` or `auditing`.
    pub stage: &'static str,
    /// Best uplift so far, in dollars.
    pub uplift_usd: Option<f64>,
    /// Proven bound on the uplift, in dollars.
    pub bound_usd: Option<f64>,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SolveError {
    /// No plan exists.
    #[error("no plan exists: {0}")]
    Infeasible(Box<Diagnosis>),
    /// A limit was reached before any plan was found.
    #[error("a limit was reached before any plan was found")]
    NoPlanFound,
    /// No plan exists that keeps what was asked for beyond the portfolio's own rules.
    #[error("no plan exists among those that were asked for")]
    NoneOfThese,
    /// The solver failed.
    #[error("the solver failed: {0}")]
    Solver(String),
    /// What is written is not worth what was solved: a mistake of the planner.
    #[error("{0}")]
    Misread(Misread),
}

impl From<highs::Failed> for SolveError {
    fn from(failed: highs::Failed) -> Self {
        Self::Solver(failed.to_string())
    }
}

/// The best plan of a fleet, audited.
///
/// # Errors
/// When no plan exists, none was found in time, or the solver failed.
pub fn plan(fleet: &Fleet, settings: &Settings, run: &Run) -> Result<Plan, SolveError> {
    run.stage("pricing");
    let options = enumerate(fleet, settings);
    improve(fleet, settings, &options, None, run).map(|(plan, _)| plan)
}

/// Decisions with their value, as the solver's columns and in domain words.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// By column of the model.
    pub(crate) values: Vec<f64>,
    decisions: Decisions,
    ledger: Vec<LedgerLine>,
    npv: UsdCents,
}

/// The best plan over priced options, never worth less than `known`, an answer
/// to the same options under tighter limits.
pub(crate) fn improve(
    fleet: &Fleet,
    settings: &Settings,
    options: &Options,
    known: Option<&Answer>,
    run: &Run,
) -> Result<(Plan, Answer), SolveError> {
    improve_among(fleet, settings, options, known, None, run)
}

/// Further rows of a plan's model.
pub(crate) type Rows<'a> = &'a dyn Fn(&Variables) -> Vec<Row>;

/// The best of the plans that keep further rows, which the twin need not keep. Bound and gap are theirs.
pub(crate) fn improve_among(
    fleet: &Fleet,
    settings: &Settings,
    options: &Options,
    known: Option<&Answer>,
    among: Option<Rows>,
    run: &Run,
) -> Result<(Plan, Answer), SolveError> {
    let infeasible = || SolveError::Infeasible(Box::new(diagnose(fleet, settings, run)));
    if !signed_can_be_served(fleet, options) {
        return Err(infeasible());
    }
    run.stage("building");
    let mut model = model::tighten(model::build(fleet, settings, options), fleet, options);
    let twin = twin(fleet, options, &model, run)?.ok_or_else(infeasible)?;
    if let Some(rows) = among {
        let further = rows(&model.variables);
        model.rows.extend(further);
    }
    let offset = model.constant - scale::money(twin.npv.0);
    let stage = |uplift: Option<f64>, bound: Option<f64>| {
        let (uplift_usd, bound_usd) = (uplift.map(scale::dollars), bound.map(scale::dollars));
        (run.progress)(&Progress { stage: "plan", uplift_usd, bound_usd });
    };
    let limits = Limits {
        // Rounding machines to thousandths may cost a few dollars of the gap.
        time_limit: settings.time_limit_seconds,
        progress: &stage,
        ..Limits::none_but(settings.gap.0 * 0.99, run.interrupt)
    };
    // The twin keeps no policy, so it may not be a plan.
    let others = [known, Some(&twin)].into_iter().flatten().filter(|other| model.satisfied_by(&other.values));
    let others: Vec<&Answer> = others.collect();
    let start = others.iter().copied().reduce(|a, b| if a.npv > b.npv { a } else { b });
    if start.is_none() && run.interrupt.load(Ordering::Relaxed) {
        return Err(SolveError::NoPlanFound);
    }
    run.stage("plan");
    let solved = highs::solve(&model, offset, start.map(|start| start.values.as_slice()), &limits)?;
    if solved.end == End::Infeasible {
        return Err(if among.is_some() { SolveError::NoneOfThese } else { infeasible() });
    }
    let found = solved.values.map(|values| polish(fleet, options, &model, &values, run)).transpose()?;
    let mut best = found.or_else(|| start.cloned()).ok_or(SolveError::NoPlanFound)?;
    for other in others {
        // Without a conversion of its own the plan is the twin, and to the cent.
        let alike = other.decisions.conversions == best.decisions.conversions;
        if other.npv > best.npv || (alike && best.npv.0 - other.npv.0 <= ONE_DOLLAR) {
            best = other.clone();
        }
    }
    let bound_usd = twin.npv.0.usd() + scale::dollars(solved.bound);
    let twin = Twin { decisions: twin.decisions, ledger: twin.ledger };
    let mut plan = certificate::plan(fleet, settings, &best, twin, (bound_usd, solved.end), run.provenance.clone())?;
    run.stage("prices");
    (plan.prices, plan.lagrangian_bound_usd) = prices::prices(fleet, settings, &model);
    run.stage("sites left");
    plan.sites_left = sites_left::sites_left(fleet, settings, options, &plan, run);
    run.stage("auditing");
    plan.audit = crate::audit::audit(&plan);
    Ok((plan, best))
}

/// Whether every committed offer has an option.
fn signed_can_be_served(fleet: &Fleet, options: &Options) -> bool {
    let has_option = |index| options.halls.iter().any(|option| option.offer == Some(index));
    fleet.offers.iter().enumerate().all(|(index, offer)| !fleet.committed(offer) || has_option(index))
}

/// The best plan without any new commitment, as values of the plan's columns; `None` where there is none.
fn twin(fleet: &Fleet, options: &Options, model: &Model, run: &Run) -> Result<Option<Answer>, SolveError> {
    run.stage("twin");
    let restricted = without_commitment(fleet, options, model);
    // Not to be limited or interrupted: every figure of the plan is measured against it.
    let go_on = AtomicBool::new(false);
    let limits = Limits::none_but(1e-7, &go_on);
    let solved = highs::solve(&restricted, model.constant, None, &limits)?;
    match (solved.values, solved.end) {
        (Some(values), _) => polish(fleet, options, &restricted, &values, run).map(Some),
        (None, End::Infeasible) => Ok(None),
        (None, _) => Err(SolveError::NoPlanFound),
    }
}

/// The same model without policies and forced locks, in which only signed offers can be served, and what has
/// started goes on: the offer that it is for counts as signed. Only works that this may need are done, and equipment is
/// reserved only where there is something that may need it.
fn without_commitment(fleet: &Fleet, options: &Options, model: &Model) -> Model {
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

/// Fixes whole decisions at whole numbers and solves what is left once more,
/// so that no solver tolerance hides in the machines.
fn polish(fleet: &Fleet, options: &Options, model: &Model, values: &[f64], run: &Run) -> Result<Answer, SolveError> {
    let mut fixed = model.clone();
    for (column, value) in fixed.variables.columns.iter_mut().zip(values) {
        if column.integer {
            let whole = value.round();
            (column.integer, column.lower, column.upper) = (false, whole, whole);
        }
    }
    for row in fixed.rows.iter_mut().filter(|row| row.family == model::constraints::budget::NAME) {
        // Purchases stop a dollar short of a budget, so that no rounding oversteps it.
        let whole: f64 = row.terms.iter().map(|(id, size)| size * fixed.variables.columns[id.0].lower).sum();
        row.upper = f64::max(row.upper - 1e-6, whole);
    }
    // Not to be interrupted: a plan that was found is always finished.
    let go_on = AtomicBool::new(false);
    let limits = Limits::none_but(0.0, &go_on);
    run.stage("polish");
    let mut best = None;
    for _ in 0..ATTEMPTS {
        let Some(values) = highs::solve(&fixed, model.constant, None, &limits)?.values else { break };
        let (decisions, ledger) = read_back(fleet, options, &model.variables, &values);
        let npv = present_value(&fleet.calendar, &ledger);
        agreement::check(model, &values, npv)?;
        let kept = make_up(fleet, &mut fixed, &ledger);
        best = Some(Answer { values, decisions, ledger, npv });
        if kept {
            break;
        }
    }
    best.ok_or_else(|| {
        SolveError::Solver("a solution within tolerance is none when its decisions are made whole".to_owned())
    })
}

/// Whether hosting is its share of revenue once machines are rounded; where it is not, the row is tightened by what is
/// missing, twice.
fn make_up(fleet: &Fleet, fixed: &mut Model, ledger: &[LedgerLine]) -> bool {
    let mut kept = true;
    for row in fixed.rows.iter_mut().filter(|row| row.family == policy_mix::NAME) {
        let missing = -policy_mix::surplus(fleet, &row.key, ledger);
        if missing > HALF_A_DOLLAR {
            row.lower += 2.0 * missing;
            kept = false;
        }
    }
    kept
}
