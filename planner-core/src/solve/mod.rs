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
mod run;
mod sites_left;
#[cfg(test)]
pub(crate) mod tests;
mod twin;

use crate::domain::Fleet;
use crate::model::constraints::policy_mix;
use crate::model::{self, Model, Row, Variables, scale};
use crate::options::{Options, enumerate};
use crate::plan::ledger::{LedgerLine, present_value};
use crate::plan::read_back::read_back;
use crate::plan::{Decisions, Plan, Settings, Status};
use crate::units::{Cents, UsdCents};
pub use agreement::Misread;
pub(crate) use best::{Best, Beyond, best};
use certificate::Proved;
pub(crate) use certificate::bounded_by;
use highs::{End, Limits, Solved};
pub(crate) use known::answer_of;
use relax::{Diagnosis, diagnose};
pub use run::{Meter, Progress, Run};
use twin::Found;
pub(crate) use twin::without_commitment;

const ONE_DOLLAR: Cents = Cents(100);

/// In M$: what the rounding of machines may take from a policy.
const HALF_A_DOLLAR: f64 = 0.5e-6;

/// How often a plan is polished until its rounded machines keep the policies.
const ATTEMPTS: u32 = 3;

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
    improve(fleet, settings, &options, None, &run.within(settings.time_limit_seconds)).map(|(plan, _)| plan)
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
    let mut twin = twin::twin(fleet, settings, options, &model, run)?.ok_or_else(infeasible)?;
    if let Some(rows) = among {
        let further = rows(&model.variables);
        model.rows.extend(further);
    }
    // The twin keeps no policy, so it may not be a plan.
    let others = [known, Some(&twin.answer)].into_iter().flatten().filter(|other| model.satisfied_by(&other.values));
    let others: Vec<Answer> = others.cloned().collect();
    let start = others.iter().reduce(|a, b| if a.npv > b.npv { a } else { b });
    let solved = search(&model, settings, start, &twin, run)?;
    if solved.end == End::Infeasible {
        return Err(if among.is_some() { SolveError::NoneOfThese } else { infeasible() });
    }
    let found = solved.values.map(|values| polish(fleet, options, &model, &values, run)).transpose()?;
    let Some(mut best) = found.or_else(|| start.cloned()) else {
        // Nothing was found in time: perhaps there is nothing.
        let none = among.is_none() && highs::is_infeasible(&model, run.finishing());
        return Err(if none { infeasible() } else { SolveError::NoPlanFound });
    };
    for other in others {
        // Without a conversion of its own the plan is the twin, and to the cent.
        let alike = other.decisions.conversions == best.decisions.conversions;
        if other.npv > best.npv || (alike && best.npv.0 - other.npv.0 <= ONE_DOLLAR) {
            best = other;
        }
    }
    twin.improved_by(&best, &without_commitment(fleet, options, &model));
    run.stage("prices");
    let (prices, lagrangian) = prices::prices(fleet, settings, &model, run.finishing());
    // A search that was stopped before its first bound has none of its own.
    let bound_usd =
        if solved.bound.is_finite() { twin.reference.usd() + scale::dollars(solved.bound) } else { lagrangian.0.usd() };
    let beyond = match solved.end {
        End::WorkedOff => Status::WorkLimitFeasible,
        End::Stopped => Status::TimeLimitFeasible,
        End::Optimal | End::Infeasible => Status::RoundedBeyondGap,
    };
    let mut plan =
        certificate::plan(fleet, settings, &best, twin, Proved { bound_usd, beyond }, run.provenance.clone())?;
    (plan.prices, plan.lagrangian_bound_usd) = (prices, lagrangian);
    run.stage("sites left");
    plan.sites_left = sites_left::sites_left(fleet, settings, options, &plan, run);
    run.stage("auditing");
    plan.audit = crate::audit::audit(&plan);
    Ok((plan, best))
}

/// The search for the plan; what it finds is told as uplift over the twin.
fn search(
    model: &Model,
    settings: &Settings,
    start: Option<&Answer>,
    twin: &Found,
    run: &Run,
) -> Result<Solved, SolveError> {
    run.stage("plan");
    let stage = |uplift: Option<f64>, bound: Option<f64>| {
        let (uplift_usd, bound_usd) = (uplift.map(scale::dollars), bound.map(scale::dollars));
        (run.progress)(&Progress { stage: "plan", uplift_usd, bound_usd });
    };
    let work = settings.work_limit.map(|work| work.saturating_sub(twin.work));
    let limits = Limits {
        progress: &stage,
        // Rounding machines to thousandths may cost a few dollars of the gap.
        ..Limits::none_but(settings.gap.0 * 0.99, run.allowance().with_work(work))
    };
    let start = start.map(|start| start.values.as_slice());
    Ok(highs::solve(model, model.constant - scale::money(twin.reference), start, &limits)?)
}

/// Whether every committed offer has an option.
fn signed_can_be_served(fleet: &Fleet, options: &Options) -> bool {
    let has_option = |index| options.halls.iter().any(|option| option.offer == Some(index));
    fleet.offers.iter().enumerate().all(|(index, offer)| !fleet.committed(offer) || has_option(index))
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
    let limits = Limits::none_but(0.0, run.without_limit());
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
