//! `certificate`: capital, bound, gap and status say the same thing.

use super::budget::capital;
use super::case::Case;
use super::findings::{Findings, dollars};
use crate::plan::{Plan, Status};
use crate::units::{Cents, UsdCents};

/// Shares are compared to this much.
const SHARE_NOISE: f64 = 1e-9;

/// Capital, bound, gap and status say the same thing.
pub(super) fn check(plan: &Plan, own: &Case, _twin: &Case, found: &mut Findings) {
    let all = capital(own, |_| true);
    if plan.capital_usd != UsdCents(all) {
        found.add("capital_usd", format!("{}, expected {}", dollars(plan.capital_usd.0), dollars(all)));
    }
    let gap = plan.bound_usd.0 - plan.npv_usd.0;
    if plan.gap_usd != UsdCents(gap) {
        found.add("gap_usd", format!("{}, expected {}", dollars(plan.gap_usd.0), dollars(gap)));
    }
    if gap < Cents::ZERO {
        let (bound, npv) = (dollars(plan.bound_usd.0), dollars(plan.npv_usd.0));
        found.add("bound_usd", format!("no plan is worth more than {bound}, yet this one is worth {npv}"));
    }
    if let Some(most) = plan.twin_bound_usd.filter(|most| *most < plan.twin_npv_usd) {
        let (most, npv) = (dollars(most.0), dollars(plan.twin_npv_usd.0));
        found.add("twin_bound_usd", format!("no twin is worth more than {most}, yet this one is worth {npv}"));
    }
    let measure = (plan.npv_usd.0 - plan.twin_npv_usd.0).usd().abs().max(all.usd() / 100.0);
    let share = (measure > 0.0).then(|| gap.usd() / measure);
    let same = match (plan.gap_share, share) {
        (None, None) => true,
        (Some(stated), Some(share)) => (stated - share).abs() <= SHARE_NOISE * share.abs().max(1.0),
        _ => false,
    };
    if !same {
        found.add("gap_share", format!("{:?}, expected {share:?}", plan.gap_share));
    }
    rounding(plan, gap, found);
    status(plan, gap, share, found);
}

/// A bound that rounding has raised is the NPV, and was raised by no more than a proof forgives.
fn rounding(plan: &Plan, gap: Cents, found: &mut Findings) {
    let raised = plan.rounding_usd.0;
    if raised < Cents::ZERO || raised.usd() > forgiven(plan) || (raised > Cents::ZERO && gap != Cents::ZERO) {
        let message =
            format!("{} where the gap is {}: only a bound below the plan is raised", dollars(raised), dollars(gap));
        found.add("rounding_usd", message);
    }
}

/// What a proof forgives: a dollar, or a millionth of the NPV.
fn forgiven(plan: &Plan) -> f64 {
    (1e-6 * plan.npv_usd.0.usd().abs()).max(1.0)
}

fn status(plan: &Plan, gap: Cents, share: Option<f64>, found: &mut Findings) {
    // A bound below the plan is a finding already, and no status follows from it.
    if gap < Cents::ZERO {
        return;
    }
    let proved = gap.usd() <= forgiven(plan);
    let asked = plan.settings.gap;
    // Where nothing measures the gap, only a proof is inside it.
    let within = |noise: f64| share.map_or(proved, |share| share <= asked.0 + noise);
    match plan.status {
        Status::ProvedOptimal if !proved => {
            found.add("status", format!("proved_optimal with a gap of {}", dollars(gap)));
        }
        Status::WithinGap if proved => {
            found.add("status", format!("within_gap with a gap of {}, which is a proof", dollars(gap)));
        }
        Status::WithinGap if !within(SHARE_NOISE) => {
            found.add("status", format!("within_gap with a gap of {share:?}, asked was {asked}"));
        }
        Status::TimeLimitFeasible | Status::WorkLimitFeasible | Status::RoundedBeyondGap
            if proved || within(-SHARE_NOISE) =>
        {
            found.add("status", format!("beyond the gap with one of {share:?}, asked was {asked}"));
        }
        Status::Infeasible | Status::NoPlanFound => {
            found.add("status", "it says that there is no plan, yet here is one");
        }
        Status::WorkLimitFeasible if plan.settings.work_limit.is_none() => {
            found.add("status", "work_limit_feasible, yet no limit on work was asked for");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture;

    use super::Status;

    fn found(change: impl FnOnce(&mut crate::plan::Plan)) -> Vec<String> {
        let mut plan = fixture::plan();
        change(&mut plan);
        // The fixture is worth less than its twin, which a proof does not forgive: another rule's finding.
        let found: Vec<_> = fixture::findings(&plan).into_iter().filter(|f| !f.starts_with("twin: uplift")).collect();
        assert!(found.iter().all(|finding| finding.starts_with("certificate: ")), "{found:?}");
        found
    }

    #[test]
    fn a_status_that_the_gap_does_not_bear_out() {
        // The gap of the fixture is 10,000 USD.
        let proved = found(|plan| plan.status = Status::ProvedOptimal);
        assert_eq!(proved, ["certificate: status: proved_optimal with a gap of 10,000.00 USD"]);
        let within = found(|plan| {
            plan.status = Status::WithinGap;
            plan.settings.gap.0 = 1e-6;
        });
        assert_eq!(within.len(), 1);
        assert_eq!(found(|plan| plan.status = Status::Infeasible).len(), 1);
    }

    #[test]
    fn a_status_that_says_less_than_the_gap_does() {
        for status in [Status::TimeLimitFeasible, Status::WorkLimitFeasible, Status::RoundedBeyondGap] {
            let beyond = found(|plan| (plan.status, plan.settings.gap.0) = (status, 0.5));
            assert!(beyond[0].starts_with("certificate: status: beyond the gap with one of "), "{beyond:?}");
        }
        let proved = found(|plan| {
            plan.bound_usd = plan.npv_usd;
            (plan.gap_usd.0.0, plan.gap_share, plan.status) = (0, Some(0.0), Status::WithinGap);
        });
        assert_eq!(proved, ["certificate: status: within_gap with a gap of 0.00 USD, which is a proof"]);
    }

    #[test]
    fn a_bound_is_raised_by_rounding_only_where_it_is_the_plans_worth() {
        let raised = |cents, bound: bool| {
            found(|plan| {
                plan.rounding_usd.0.0 = cents;
                if bound {
                    plan.bound_usd = plan.npv_usd;
                    (plan.gap_usd.0.0, plan.gap_share, plan.status) = (0, Some(0.0), Status::ProvedOptimal);
                }
            })
        };
        assert_eq!(raised(50, true), [""; 0]);
        for (cents, bound) in [(50, false), (-1, true), (1_000_000_000, true)] {
            assert!(raised(cents, bound)[0].starts_with("certificate: rounding_usd: "), "{cents}");
        }
    }

    #[test]
    fn figures_of_the_head_that_do_not_follow() {
        assert!(found(|plan| plan.capital_usd.0.0 -= 1)[0].starts_with("certificate: capital_usd: "));
        assert!(found(|plan| plan.gap_usd.0.0 -= 1)[0].starts_with("certificate: gap_usd: "));
        assert!(found(|plan| plan.gap_share = None)[0].starts_with("certificate: gap_share: None"));
    }

    #[test]
    fn a_bound_below_the_plan() {
        let found = found(|plan| {
            let under = plan.npv_usd.0.0 - 100;
            plan.gap_share = plan.gap_share.map(|share| -share / 10_000.0);
            (plan.bound_usd.0.0, plan.gap_usd.0.0) = (under, -100);
        });
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("certificate: bound_usd: no plan is worth more than"));
    }
}
