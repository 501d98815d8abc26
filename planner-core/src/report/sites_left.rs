//! One row per site that is not converted: the first reason.

use super::table::{Cell, Column, Table};
use crate::plan::{LeftReason, Plan, SiteLeft};

/// The reason in a few words.
#[must_use]
pub const fn words(reason: LeftReason) -> &'static str {
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
        LeftReason::WithinGap => "pays less than the gap",
        LeftReason::Unsettled => "not settled",
    }
}

/// What becomes of a site that is sold, and the reason in full.
fn detail(plan: &Plan, left: &SiteLeft) -> String {
    let sold = plan.decisions.sites.iter().find(|decision| decision.site == left.site).and_then(|one| one.sold);
    let Some(period) = sold else { return left.detail.clone() };
    let day = plan.inputs.calendar.period_start(period);
    format!("sold in {:04}-{:02} · {}", day.year(), day.month(), left.detail)
}

/// The sites left, at most `limit` of them and a row that counts the others.
#[must_use]
pub fn table(plan: &Plan, limit: usize) -> Table {
    let left = &plan.sites_left;
    let shown = if left.len() > limit { limit.saturating_sub(1) } else { left.len() };
    let mut rows: Vec<Vec<Cell>> = left[..shown]
        .iter()
        .map(|site| {
            vec![Cell::text(site.site.as_str()), Cell::text(words(site.reason)), Cell::text(detail(plan, site))]
        })
        .collect();
    if shown < left.len() {
        rows.push(vec![Cell::text(format!("{} more", left.len() - shown)), Cell::Nothing, Cell::Nothing]);
    }
    Table {
        title: "Sites left".to_owned(),
        columns: vec![Column::words("site left"), Column::words("first reason"), Column::words("detail")],
        rows,
        notes: vec![],
    }
}
