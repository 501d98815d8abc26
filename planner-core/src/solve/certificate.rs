//! What a plan says about itself: value, bound, gap and status.

use super::twin::Found;
use super::{Answer, SolveError, highs, prices};
use crate::domain::Fleet;
use crate::plan::{AuditSummary, Plan, Provenance, SCHEMA_VERSION, Settings, Status, Twin};
use crate::plan::{identity::identity, ledger::present_value};
use crate::units::{Cents, Usd, UsdCents};

/// What a search has proved.
#[derive(Clone, Copy)]
pub(super) struct Proved {
    /// No plan is worth more.
    pub(super) bound_usd: f64,
    /// What to say where the gap is more than was asked for.
    pub(super) beyond: Status,
}

/// A plan with its certificate, not yet audited.
///
/// # Errors
/// When the plan is worth more than the solver's bound allows: one of the two is wrong.
pub(super) fn plan(
    fleet: &Fleet,
    settings: &Settings,
    answer: &Answer,
    twin: Found,
    proved: Proved,
    provenance: Provenance,
) -> Result<Plan, SolveError> {
    let npv = answer.npv.0;
    let twin_npv = present_value(&fleet.calendar, &twin.answer.ledger).0;
    let twin_bound = twin.bound.filter(|bound| (*bound - twin_npv).usd() > slack(twin_npv)).map(UsdCents);
    let twin = Twin { decisions: twin.answer.decisions, ledger: twin.answer.ledger };
    let bound_usd = proved.bound_usd;
    let bound = outward(bound_usd);
    if (npv - bound).usd() > slack(npv) {
        let message =
            format!("it found a plan worth {:.2} USD and says that none is worth more than {bound_usd:.2}", npv.usd());
        return Err(SolveError::Solver(message));
    }
    let (bound, rounding) = raised(bound, npv);
    let capital = -answer.ledger.iter().filter(|l| l.category.is_capital()).map(|l| l.amount_cents).sum::<Cents>();
    let (gap, uplift) = (bound - npv, npv - twin_npv);
    let gap_share = gap_share(gap, uplift, capital);
    Ok(Plan {
        schema_version: SCHEMA_VERSION,
        status: status(gap, npv, gap_share, settings, proved.beyond),
        npv_usd: UsdCents(npv),
        bound_usd: UsdCents(bound),
        rounding_usd: UsdCents(rounding),
        gap_usd: UsdCents(gap),
        gap_share,
        twin_npv_usd: UsdCents(twin_npv),
        twin_bound_usd: twin_bound,
        uplift_usd: UsdCents(uplift),
        capital_usd: UsdCents(capital),
        prices: vec![],
        lagrangian_bound_usd: UsdCents::default(),
        identity: identity(fleet),
        settings: settings.clone(),
        decisions: answer.decisions.clone(),
        ledger: answer.ledger.clone(),
        twin,
        sites_left: vec![],
        solver: highs::solver(),
        inputs: fleet.clone(),
        audit: AuditSummary::default(),
        provenance,
    })
}

/// The plan with another bound, and what follows from it.
pub(crate) fn bounded_by(plan: &mut Plan, bound: UsdCents) {
    let npv = plan.npv_usd.0;
    let (bound, rounding) = raised(bound.0, npv);
    let gap = bound - npv;
    (plan.bound_usd, plan.rounding_usd, plan.gap_usd) = (UsdCents(bound), UsdCents(rounding), UsdCents(gap));
    plan.gap_share = gap_share(gap, plan.uplift_usd.0, plan.capital_usd.0);
    let beyond = if plan.status.is_stopped() { plan.status } else { Status::RoundedBeyondGap };
    plan.status = status(gap, npv, plan.gap_share, &plan.settings, beyond);
    prices::prove(plan);
}

/// A bound that is no less than the NPV, and by how much it was raised: lines are cents and machines thousandths, so a plan
/// may beat the solver's bound by their rounding.
fn raised(bound: Cents, npv: Cents) -> (Cents, Cents) {
    let all = bound.max(npv);
    (all, all - bound)
}

/// What "proved" forgives: a dollar, or a millionth of the NPV.
fn slack(npv: Cents) -> f64 {
    f64::max(1.0, 1e-6 * npv.usd().abs())
}

/// Up to the next cent.
fn outward(bound_usd: f64) -> Cents {
    Usd::new((bound_usd * 100.0).ceil() / 100.0).to_cents()
}

/// The gap as a share of max(|uplift|, 1 % of capital); `None` when both are nil.
fn gap_share(gap: Cents, uplift: Cents, capital: Cents) -> Option<f64> {
    let base = uplift.usd().abs().max(capital.usd() / 100.0);
    (base > 0.0).then(|| gap.usd() / base)
}

fn status(gap: Cents, npv: Cents, gap_share: Option<f64>, settings: &Settings, beyond: Status) -> Status {
    if gap.usd() <= slack(npv) {
        Status::ProvedOptimal
    } else if gap_share.is_some_and(|share| share <= settings.gap.0) {
        Status::WithinGap
    } else {
        beyond
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Share;

    #[test]
    fn only_a_search_that_was_stopped_says_so() {
        let settings = Settings { gap: Share(0.001), ..Settings::default() };
        for beyond in [Status::TimeLimitFeasible, Status::WorkLimitFeasible, Status::RoundedBeyondGap] {
            let of = |gap: i64, share| status(Cents(gap), Cents(100_000_000), Some(share), &settings, beyond);
            assert_eq!(of(100, 0.5), Status::ProvedOptimal);
            assert_eq!(of(10_000, 0.001), Status::WithinGap);
            assert_eq!(of(10_000, 0.0011), beyond);
        }
    }

    #[test]
    fn a_bound_is_raised_to_the_plan_and_says_by_how_much() {
        assert_eq!(raised(Cents(900), Cents(1_000)), (Cents(1_000), Cents(100)));
        assert_eq!(raised(Cents(1_000), Cents(900)), (Cents(1_000), Cents::ZERO));
    }
}
