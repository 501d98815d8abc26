//! The only file that names HiGHS.
//!
//! The model is stated through `good_lp` as a minimisation; the inner `highs`
//! model is then taken out, because only it tells bound, gap and limits, and
//! because `good_lp` drops the objective's constant. All unsafe calls are here.

#![allow(unsafe_code)]

use ::highs::HighsModelStatus;
use good_lp::solvers::highs::highs;
use good_lp::{Expression, ProblemVariables, SolverModel, Variable, constraint, variable};
use std::ffi::{c_char, c_int, c_void};

use super::run::Allowance;
use crate::model::{ColumnId, Model, Row};

/// Name and version of the solver, as plans name it.
pub fn solver() -> String {
    // SAFETY: HiGHS returns a static, NUL-terminated text.
    let version = unsafe { std::ffi::CStr::from_ptr(highs_sys::Highs_version()) };
    format!("HiGHS {}", version.to_string_lossy())
}

/// How one solve is run.
pub struct Limits<'a> {
    /// Stop when `(bound − value) / |value| ≤ gap`.
    pub relative_gap: f64,
    /// Nodes of the search: a limit that does not depend on the machine.
    pub nodes: Option<i32>,
    /// Until when it may go on.
    pub allowance: Allowance<'a>,
    /// Told the best value and the bound (M$) now and then.
    pub progress: &'a (dyn Fn(Option<f64>, Option<f64>) + Sync),
    /// Whether a value and a bound (M$) are all that is asked for; then the solve stops.
    pub enough: &'a (dyn Fn(f64, f64) -> bool + Sync),
}

impl<'a> Limits<'a> {
    /// None but the gap and what is allowed.
    pub fn none_but(relative_gap: f64, allowance: Allowance<'a>) -> Self {
        Self { relative_gap, nodes: None, allowance, progress: &|_, _| {}, enough: &|_, _| false }
    }
}

/// What a solve found. Values are in M$, of a maximisation, constant included.
#[derive(Debug, Clone, PartialEq)]
pub struct Solved {
    /// By column; `None` when nothing feasible was found.
    pub values: Option<Vec<f64>>,
    /// No solution is worth more. Infinite where it was stopped before any bound was known.
    pub bound: f64,
    /// How it ended.
    pub end: End,
    /// Simplex iterations of a search among whole numbers.
    pub work: u64,
}

/// How a solve ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Within the gap asked for.
    Optimal,
    /// A limit or the user stopped it.
    Stopped,
    /// It has done all the work that it may.
    WorkedOff,
    /// No solution exists.
    Infeasible,
}

/// The solver gave up without an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("HiGHS ended with {0}")]
pub struct Failed(pub String);

/// Solves a model, from a start if one is given. `offset` (M$) is added to the
/// value, so that the relative gap refers to what the reader sees.
///
/// # Errors
/// When the solver ends without saying anything about the model.
pub fn solve(model: &Model, offset: f64, start: Option<&[f64]>, limits: &Limits) -> Result<Solved, Failed> {
    if model.variables.columns.is_empty() {
        // A row without terms may still ask for something.
        let kept = model.satisfied_by(&[]);
        let end = if kept { End::Optimal } else { End::Infeasible };
        return Ok(Solved { values: kept.then(Vec::new), bound: offset, end, work: 0 });
    }
    let stopped = Solved { values: None, bound: f64::INFINITY, end: End::Stopped, work: 0 };
    if limits.allowance.is_used_up() {
        return Ok(stopped);
    }
    if has_whole_numbers(model) && limits.allowance.is_worked_off(0) {
        return Ok(Solved { end: End::WorkedOff, ..stopped });
    }
    if let Some(name) = no_number(model) {
        return Err(Failed(format!("no answer: a figure of {name} is no number")));
    }
    let mut inner = state(model)?;
    configure(&mut inner, limits);
    // SAFETY: the pointer is the live HiGHS object that `inner` owns.
    unsafe {
        highs_sys::Highs_changeObjectiveOffset(inner.as_mut_ptr(), -offset);
    }
    if let Some(start) = start {
        let failed = |status| Failed(format!("{status:?} on its start"));
        inner.try_set_solution(Some(start), None, None, None).map_err(failed)?;
    }
    let meter = limits.allowance.count();
    let mut watch = Watch { limits, work: 0, worked_off: false };
    // SAFETY: `watch` outlives the solve below, and HiGHS calls back only while it runs, from its one thread.
    unsafe {
        let watch = (&raw mut watch).cast::<c_void>();
        highs_sys::Highs_setCallback(inner.as_mut_ptr(), Some(called_back), watch);
        highs_sys::Highs_startCallback(inner.as_mut_ptr(), highs_sys::kHighsCallbackMipInterrupt);
        highs_sys::Highs_startCallback(inner.as_mut_ptr(), highs_sys::kHighsCallbackSimplexInterrupt);
    }
    let solved = inner.try_solve().map_err(|status| Failed(format!("{status:?}")))?;
    let read = read(model, &solved)?;
    meter.add(watch.work);
    let end = if watch.worked_off && read.end == End::Stopped { End::WorkedOff } else { read.end };
    Ok(Solved { end, work: watch.work, ..read })
}

/// Whether the model has no solution even without integrality; `false` where that is not known in the time allowed.
pub fn is_infeasible(model: &Model, allowance: Allowance) -> bool {
    let limits = Limits::none_but(0.0, allowance);
    solve(&without_whole_numbers(model), 0.0, None, &limits).is_ok_and(|solved| solved.end == End::Infeasible)
}

fn has_whole_numbers(model: &Model) -> bool {
    model.variables.columns.iter().any(|column| column.integer)
}

/// The first column or row with a figure that is no number, which HiGHS would pass over.
fn no_number(model: &Model) -> Option<String> {
    let mut columns = model.variables.columns.iter();
    let column = columns.find(|column| !column.value.is_finite() || column.lower.is_nan() || column.upper.is_nan());
    let lacks = |row: &&Row| {
        row.lower.is_nan() || row.upper.is_nan() || row.terms.iter().any(|(_, coefficient)| !coefficient.is_finite())
    };
    let row = || model.rows.iter().find(lacks).map(|row| format!("{}[{}]", row.family, row.key));
    column.map(|column| column.name.clone()).or_else(row)
}

fn without_whole_numbers(model: &Model) -> Model {
    let mut relaxed = model.clone();
    relaxed.variables.columns.iter_mut().for_each(|column| column.integer = false);
    relaxed
}

/// What a unit more of each row's limit is worth in the model without whole numbers, in M$; never below nil.
///
/// # Errors
/// When the solver does not solve it in the time that is allowed.
pub fn duals(model: &Model, allowance: Allowance) -> Result<Vec<f64>, Failed> {
    if model.variables.columns.is_empty() {
        return Ok(model.rows.iter().map(|_| 0.0).collect());
    }
    let mut inner = state(&without_whole_numbers(model))?;
    allowance.count();
    configure(&mut inner, &Limits::none_but(0.0, allowance));
    let solved = inner.try_solve().map_err(|status| Failed(format!("{status:?}")))?;
    if solved.status() != HighsModelStatus::Optimal {
        return Err(Failed(format!("{:?} without whole numbers", solved.status())));
    }
    let solution = solved.get_solution();
    let duals = model.rows.iter().zip(solution.dual_rows());
    // HiGHS minimises cost: more of a greatest value lowers it, more of a least value raises it.
    Ok(duals.map(|(row, dual)| if row.upper.is_finite() { (-dual).max(0.0) } else { dual.max(0.0) }).collect())
}

/// States the model through `good_lp`.
fn state(model: &Model) -> Result<::highs::Model, Failed> {
    let mut problem = ProblemVariables::new();
    let columns: Vec<Variable> = model
        .variables
        .columns
        .iter()
        .map(|column| {
            let bounded = variable().name(&column.name).min(column.lower).max(column.upper);
            problem.add(if column.integer { bounded.integer() } else { bounded })
        })
        .collect();
    let expression = |terms: &[(ColumnId, f64)]| -> Expression {
        terms.iter().map(|(column, coefficient)| *coefficient * columns[column.0]).sum()
    };
    let cost: Expression =
        model.variables.columns.iter().zip(&columns).map(|(column, variable)| -column.value * *variable).sum();
    let mut stated = problem.minimise(cost).using(highs);
    for row in &model.rows {
        if row.lower.to_bits() == row.upper.to_bits() {
            stated.add_constraint(constraint::eq(expression(&row.terms), row.upper));
            continue;
        }
        if row.upper.is_finite() {
            stated.add_constraint(constraint::leq(expression(&row.terms), row.upper));
        }
        if row.lower.is_finite() {
            stated.add_constraint(constraint::geq(expression(&row.terms), row.lower));
        }
    }
    stated.try_into_inner().map_err(|error| Failed(error.to_string()))
}

fn configure(inner: &mut ::highs::Model, limits: &Limits) {
    inner.make_quiet();
    // One thread inside a solve, so that the number of threads never changes a plan.
    inner.set_option("threads", 1);
    inner.set_option("parallel", "off");
    inner.set_option("random_seed", 0);
    inner.set_option("mip_rel_gap", limits.relative_gap);
    // One dollar: what "proved optimal" means.
    inner.set_option("mip_abs_gap", 1e-6);
    inner.set_option("mip_feasibility_tolerance", 1e-7);
    // The first solution is good already: what is left is the proof, to which these only add time.
    for waste in ["mip_allow_restart", "mip_heuristic_run_rens", "mip_heuristic_run_rins"] {
        inner.set_option(waste, false);
    }
    // Where the solver does not ask, it keeps the time itself.
    if let Some(seconds) = limits.allowance.seconds() {
        inner.set_option("time_limit", seconds);
    }
    if let Some(nodes) = limits.nodes {
        inner.set_option("mip_max_nodes", nodes);
    }
}

fn read(model: &Model, solved: &::highs::SolvedModel) -> Result<Solved, Failed> {
    let end = match solved.status() {
        HighsModelStatus::Optimal | HighsModelStatus::ModelEmpty => End::Optimal,
        HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible => End::Infeasible,
        HighsModelStatus::ReachedTimeLimit
        | HighsModelStatus::ReachedIterationLimit
        | HighsModelStatus::ReachedSolutionLimit
        | HighsModelStatus::ReachedInterrupt
        | HighsModelStatus::Unknown => End::Stopped,
        other => return Err(Failed(format!("{other:?}"))),
    };
    // 2 is `kHighsSolutionStatusFeasible`; the safe getter panics on a status it does not know.
    let feasible = solved.int_info_value(c"primal_solution_status").is_ok_and(|status| status == 2);
    let values = (feasible && end != End::Infeasible).then(|| solved.get_solution().columns().to_vec());
    let bound = if has_whole_numbers(model) {
        // HiGHS minimises, so its dual bound is a lower bound on the cost.
        -solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::NEG_INFINITY)
    } else if end == End::Optimal {
        -solved.objective_value()
    } else {
        f64::INFINITY
    };
    Ok(Solved { values, bound, end, work: 0 })
}

struct Watch<'a> {
    limits: &'a Limits<'a>,
    /// Simplex iterations so far.
    work: u64,
    worked_off: bool,
}

/// HiGHS asks whether to go on.
unsafe extern "C" fn called_back(
    kind: c_int,
    _message: *const c_char,
    out: *const highs_sys::HighsCallbackDataOut,
    answer: *mut highs_sys::HighsCallbackDataIn,
    watch: *mut c_void,
) {
    // SAFETY: `watch` is the `Watch` registered in `solve`, which is alive, and HiGHS has one thread; it passes valid data.
    let watch = unsafe { &mut *watch.cast::<Watch>() };
    let limits = watch.limits;
    let mut stop = limits.allowance.is_used_up();
    if kind == highs_sys::kHighsCallbackMipInterrupt
        && let Some(out) = unsafe { out.as_ref() }
    {
        let known = |cost: f64| (cost.abs() < 1e20).then_some(-cost);
        let (value, bound) = (known(out.mip_primal_bound), known(out.mip_dual_bound));
        (limits.progress)(value, bound);
        stop |= value.zip(bound).is_some_and(|(value, bound)| (limits.enough)(value, bound));
        watch.work = u64::try_from(out.mip_total_lp_iterations).unwrap_or_default();
        watch.worked_off = limits.allowance.is_worked_off(watch.work);
        stop |= watch.worked_off;
    }
    if stop && let Some(answer) = unsafe { answer.as_mut() } {
        answer.user_interrupt = 1;
    }
}
