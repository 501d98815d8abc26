//! One row per site that is not converted: the first reason.

use super::table::{Cell, Column, Table};
use super::text::month;
use super::verdict::{reason_detail, reason_words};
use crate::plan::{Plan, SiteLeft};

/// What becomes of a site that is sold, and the reason in full.
fn detail(plan: &Plan, left: &SiteLeft) -> String {
    let sold = plan.decisions.sites.iter().find(|decision| decision.site == left.site).and_then(|one| one.sold);
    let Some(period) = sold else { return reason_detail(plan, left) };
    let sold = month(plan.inputs.calendar.period_start(period));
    format!("sold in {sold} · {}", reason_detail(plan, left))
}

/// The sites left, all of them: those left for the same reason in one row.
#[must_use]
pub fn table(plan: &Plan) -> Table {
    let mut reasons: Vec<(&'static str, String, Vec<String>)> = vec![];
    for left in &plan.sites_left {
        let (reason, detail) = (reason_words(left.reason), detail(plan, left));
        match reasons.iter_mut().find(|known| (known.0, &known.1) == (reason, &detail)) {
            Some((_, _, sites)) => sites.push(plan.inputs.place(&left.site)),
            None => reasons.push((reason, detail, vec![plan.inputs.place(&left.site)])),
        }
    }
    let row = |(reason, detail, sites): (&'static str, String, Vec<String>)| {
        vec![Cell::text(sites.join(", ")), Cell::text(reason), Cell::text(detail)]
    };
    let rows = reasons.into_iter().map(row).collect();
    Table {
        title: "Sites left".to_owned(),
        columns: vec![Column::words("site left"), Column::words("first reason"), Column::words("detail")],
        rows,
        notes: vec![],
    }
}
