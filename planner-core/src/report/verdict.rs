//! Whether a plan is an answer: the first thing that every rendering says of it.

use serde::Serialize;

use super::text::{amount, percent};
use crate::plan::{LeftReason, Plan, SiteLeft, Status};
use crate::units::Cents;

/// Whether a plan settles what was asked, and in which words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The gap is no larger than was asked for, so the plan may be acted on.
    pub is_answer: bool,
    /// In one sentence, with the gap.
    pub sentence: String,
}

/// The verdict on a plan. What the audit finds stands beside it.
#[must_use]
pub fn verdict(plan: &Plan) -> Verdict {
    let gap = amount(plan.gap_usd.0);
    let sentence = match plan.status {
        Status::ProvedOptimal => format!("proved optimal: no plan is worth more than {gap} above this one"),
        Status::WithinGap => {
            format!("within the gap asked for: no plan is worth more than {gap} above this one{}", share(plan))
        }
        Status::RoundedBeyondGap => format!(
            "searched to the end; thousandths of machines leave a gap of {gap}, so much more a plan may be worth at most{}",
            share(plan)
        ),
        Status::TimeLimitFeasible | Status::WorkLimitFeasible => format!(
            "NOT AN ANSWER: the search was stopped, and a plan may be worth up to {gap} more than this one{}{}",
            share(plan),
            if commits_anew(plan) { "" } else { "; that nothing new is converted here says nothing" }
        ),
        Status::Infeasible | Status::NoPlanFound => "NOT AN ANSWER: there is no plan".to_owned(),
    };
    Verdict {
        is_answer: matches!(plan.status, Status::ProvedOptimal | Status::WithinGap | Status::RoundedBeyondGap),
        sentence,
    }
}

/// The gap as a share of the uplift beside what was asked for; nothing where an uplift is too small to measure it.
fn share(plan: &Plan) -> String {
    let of_uplift = plan.uplift_usd.0.usd().abs() >= plan.capital_usd.0.usd() / 100.0;
    let share = plan.gap_share.filter(|_| of_uplift);
    let asked = percent(plan.settings.gap.0);
    share.map_or_else(String::new, |share| format!(" ({} of the uplift, {asked} asked for)", percent(share)))
}

/// Whether a plan converts what the case without new commitments does not.
#[must_use]
pub fn commits_anew(plan: &Plan) -> bool {
    let twins = &plan.twin.decisions.conversions;
    plan.decisions.conversions.iter().any(|one| !twins.contains(one))
}

/// Whether it is settled that nothing is gained over the case without new commitments.
#[must_use]
pub fn gains_nothing(plan: &Plan) -> bool {
    verdict(plan).is_answer && plan.uplift_usd.0 <= Cents::ZERO
}

/// The reason why a site is left in a few words, no more than the gap supports.
#[must_use]
pub const fn reason_words(reason: LeftReason) -> &'static str {
    match reason {
        LeftReason::NoEligibleOffer => "no eligible offer",
        LeftReason::FirmPower => "firm power",
        LeftReason::Tenure => "tenure",
        LeftReason::Timing => "timing",
        LeftReason::NoPot => "no pot",
        LeftReason::EarnsLessThanMining => "earns less than mining",
        LeftReason::Budget => "budget",
        LeftReason::OffersTaken => "offers taken",
        LeftReason::OtherRule => "another rule",
        LeftReason::WithinGap | LeftReason::Unsettled => "not settled",
    }
}

/// The reason in full; where the gap leaves it open, with the gap.
#[must_use]
pub fn reason_detail(plan: &Plan, left: &SiteLeft) -> String {
    match left.reason {
        LeftReason::WithinGap => format!("{} (gap {})", left.detail, amount(plan.gap_usd.0)),
        _ => left.detail.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::units::UsdCents;

    #[test]
    fn every_status_says_whether_it_is_an_answer_and_how_large_the_gap_is() {
        let mut plan = sample::plan();
        plan.gap_usd = UsdCents(Cents(21_180_032_200));
        plan.gap_share = Some(0.806);
        let statuses = [
            (Status::ProvedOptimal, true),
            (Status::WithinGap, true),
            (Status::RoundedBeyondGap, true),
            (Status::TimeLimitFeasible, false),
            (Status::WorkLimitFeasible, false),
            (Status::Infeasible, false),
            (Status::NoPlanFound, false),
        ];
        for (status, is_answer) in statuses {
            plan.status = status;
            let verdict = verdict(&plan);
            assert_eq!(verdict.is_answer, is_answer, "{status:?}");
            assert_eq!(verdict.sentence.contains("NOT AN ANSWER"), !is_answer, "{status:?}");
            let found = !matches!(status, Status::Infeasible | Status::NoPlanFound);
            assert_eq!(verdict.sentence.contains("211.8 M$"), found, "{}", verdict.sentence);
        }
    }

    #[test]
    fn a_stopped_search_settles_nothing() {
        let mut plan = sample::plan();
        plan.decisions = plan.twin.decisions.clone();
        plan.uplift_usd = UsdCents(Cents::ZERO);
        assert!(gains_nothing(&plan));
        plan.status = Status::TimeLimitFeasible;
        assert!(!gains_nothing(&plan));
        assert!(verdict(&plan).sentence.ends_with("says nothing"));
    }
}
