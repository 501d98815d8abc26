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

/// In M$: more than rounding machines costs.
const MARGIN: f64 = 1e-4;

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

/// Two worths between which a plan is asked to be placed: the search ends when it is proved to lie beyond one of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beyond {
    pub(crate) below: Cents,
    pub(crate) above: Cents,
}

/// The best plan, or one that is far enough `beyond`; `None` where there is none. The accepted gap is a share of what it is
/// worth beyond `reference`, the NPV of the twin; `start` is used where it keeps every row.
pub(crate) fn best(
    fleet: &Fleet,
    settings: &Settings,
    reference: Cents,
    start: Option<&Best>,
    beyond: Option<Beyond>,
    run: &Run,
) -> Result<Option<Best>, SolveError> {
    let options = enumerate(fleet, settings);
    if !signed_can_be_served(fleet, &options) {
        return Ok(None);
    }
    let model = model::tighten(model::build(fleet, settings, &options), fleet, &options);
    let start = start.map(|start| start.values.as_slice()).filter(|values| model.satisfied_by(values));
    // What is rounded afterwards may cost some dollars.
    let money = |npv: Cents| scale::money(npv - reference);
    let enough = |value: f64, bound: f64| {
        beyond.is_some_and(|beyond| value > money(beyond.above) + MARGIN || bound < money(beyond.below) - MARGIN)
    };
    let limits = Limits {
        enough: &enough,
        ..Limits::none_but(settings.gap.0 * 0.99, run.allowance().with_work(settings.work_limit))
    };
    let solved = highs::solve(&model, model.constant - scale::money(reference), start, &limits)?;
    let values = match (solved.values, solved.end) {
        (_, End::Infeasible) => return Ok(None),
        (Some(values), _) if solved.bound.is_finite() => values,
        _ => return Err(SolveError::NoPlanFound),
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
