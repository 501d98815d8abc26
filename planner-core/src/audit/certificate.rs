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
    let all = capital(own, |_| true, |_| true);
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
    status(plan, gap, share, found);
}

fn status(plan: &Plan, gap: Cents, share: Option<f64>, found: &mut Findings) {
    let proved = gap.usd() <= (1e-6 * plan.npv_usd.0.usd().abs()).max(1.0);
    match plan.status {
        Status::ProvedOptimal if !proved => {
            found.add("status", format!("proved_optimal with a gap of {}", dollars(gap)));
        }
        // Where nothing measures the gap, only a proof is inside it.
        Status::WithinGap if !share.map_or(proved, |share| share <= plan.settings.gap.0 + SHARE_NOISE) => {
            found.add("status", format!("within_gap with a gap of {share:?}, asked was {}", plan.settings.gap));
        }
        Status::Infeasible | Status::NoPlanFound => {
            found.add("status", "it says that there is no plan, yet here is one");
        }
        Status::ProvedOptimal | Status::WithinGap | Status::TimeLimitFeasible => {}
    }
}
