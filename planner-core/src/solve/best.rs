//! The best plan under changed facts, for questions about a plan: neither twin nor reasons, but audited all the same.

use super::highs::{self, End, Limits};
use super::{Run, SolveError, polish, signed_can_be_served};
use crate::audit::judge;
use crate::domain::Fleet;
use crate::model::{self, scale};
use crate::options::enumerate;
use crate::plan::ledger::present_value;
use crate::plan::{Decisions, Settings};
use crate::units::Cents;

/// The best decisions found.
#[derive(Debug, Clone)]
pub(crate) struct Best {
    /// What to do; the audit has nothing against it.
    pub(crate) decisions: Decisions,
    /// Present value of its audited ledger.
    pub(crate) npv: Cents,
    /// Nothing is worth more.
    pub(crate) bound: Cents,
    /// By column of the model: a start for the next question.
    values: Vec<f64>,
}

/// The best plan; `None` where there is none. The accepted gap is a share of what it is worth beyond `reference`, the
/// NPV of the twin; `start` is used where it keeps every row.
pub(crate) fn best(
    fleet: &Fleet,
    settings: &Settings,
    reference: Cents,
    start: Option<&Best>,
    run: &Run,
) -> Result<Option<Best>, SolveError> {
    let options = enumerate(fleet, settings);
    if !signed_can_be_served(fleet, &options) {
        return Ok(None);
    }
    let model = model::tighten(model::build(fleet, settings, &options), fleet, &options);
    let start = start.map(|start| start.values.as_slice()).filter(|values| model.satisfied_by(values));
    let limits = Limits {
        relative_gap: settings.gap.0 * 0.99,
        time_limit: settings.time_limit_seconds,
        nodes: None,
        interrupt: run.interrupt,
        progress: &|_, _| {},
    };
    let solved = highs::solve(&model, model.constant - scale::money(reference), start, &limits)?;
    let values = match (solved.values, solved.end) {
        (_, End::Infeasible) => return Ok(None),
        (Some(values), _) => values,
        (None, _) => return Err(SolveError::NoPlanFound),
    };
    let answer = polish(fleet, &options, &model, &values, run)?;
    let judgement = judge(fleet, settings, &answer.decisions);
    if let Some(finding) = judgement.findings.first() {
        let message = format!("the audit objects to an answer: {} {}: {}", finding.rule, finding.line, finding.message);
        return Err(SolveError::Solver(message));
    }
    let npv = present_value(&fleet.calendar, &judgement.ledger).0;
    let bound = crate::units::Usd::new(scale::dollars(solved.bound)).to_cents() + reference;
    Ok(Some(Best { decisions: answer.decisions, npv, bound: bound.max(npv), values: answer.values }))
}
