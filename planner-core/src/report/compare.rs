//! Budgets side by side.

use std::collections::BTreeSet;

use super::ask::ask;
use super::comparison::Comparison;
use super::page::status_words;
use super::table::{Cell, Column, Table};
use super::text::amount;
use super::verdict::verdict;
use crate::plan::Plan;
use crate::units::Cents;

/// Critical IT load of a plan.
#[must_use]
pub fn critical_it(plan: &Plan) -> f64 {
    plan.decisions.conversions.iter().map(|conversion| conversion.critical_it.get()).sum()
}

/// Number of sites with a conversion.
#[must_use]
pub fn sites_converted(plan: &Plan) -> usize {
    plan.decisions.conversions.iter().map(|conversion| &conversion.site).collect::<BTreeSet<_>>().len()
}

/// NPV gained per further dollar of budget from one plan to the next; `None`
/// where either has no budget, or both have the same.
#[must_use]
pub fn marginal(before: &Plan, after: &Plan) -> Option<f64> {
    let budget = after.settings.budget?.get() - before.settings.budget?.get();
    (budget > 0.0).then(|| (after.npv_usd.0 - before.npv_usd.0).usd() / budget)
}

/// The budget of a plan in words.
fn budget(plan: &Plan) -> String {
    plan.settings.budget.map_or_else(|| "the pots".to_owned(), |budget| amount(budget.to_cents()))
}

/// Plans by budget: one row each, in the order given.
#[must_use]
pub fn table(plans: &[Plan]) -> Table {
    let mut rows = Vec::new();
    let mut before: Option<&Plan> = None;
    for plan in plans {
        rows.push(vec![
            Cell::some(plan.settings.budget, |budget| Cell::Money(budget.to_cents())),
            Cell::Money(plan.npv_usd.0),
            Cell::Money(plan.uplift_usd.0),
            Cell::Megawatts(critical_it(plan)),
            Cell::Count(i64::try_from(sites_converted(plan)).unwrap_or(i64::MAX)),
            Cell::Money(plan.capital_usd.0),
            Cell::some(before.and_then(|before| marginal(before, plan)), |usd| Cell::Number(usd, 2)),
            Cell::Dollars(plan.gap_usd.0),
            Cell::text(if plan.audit.passed { status_words(plan.status) } else { "AUDIT OBJECTS" }),
        ]);
        before = Some(plan);
    }
    let against = plans.first().map_or("keep mining", |plan| Comparison::of(plan).noun());
    let mut notes = vec![
        format!("uplift: over {against}."),
        "next $: NPV gained over the row above per further dollar of budget.".to_owned(),
    ];
    let stopped = plans.iter().filter(|plan| !verdict(plan).is_answer);
    notes.extend(stopped.map(|plan| format!("{}: {}.", budget(plan), verdict(plan).sentence)));
    if plans.iter().all(|plan| plan.audit.passed) {
        notes.push("The audit passed every plan.".to_owned());
    }
    Table {
        title: "Budgets side by side".to_owned(),
        columns: vec![
            Column::figures("budget", "M$"),
            Column::figures("NPV", "M$"),
            Column::figures("uplift", "M$"),
            Column::figures("load", "MW-IT"),
            Column::figures("sites", ""),
            Column::figures("capital", "M$"),
            Column::figures("next $", "$/$"),
            Column::figures("gap", "$"),
            Column::words("status"),
        ],
        rows,
        notes,
    }
}

/// Capital by year, one row per plan.
#[must_use]
pub fn capital_by_year(plans: &[Plan]) -> Table {
    let asks: Vec<_> = plans.iter().map(ask).collect();
    let years: BTreeSet<i16> = asks.iter().flat_map(|ask| ask.by_year.keys().copied()).collect();
    let mut columns = vec![Column::figures("budget", "M$")];
    columns.extend(years.iter().map(|year| Column::figures(year.to_string(), "M$")));
    let row = |(plan, ask): (&Plan, &super::ask::Ask)| {
        let mut row = vec![Cell::some(plan.settings.budget, |budget| Cell::Money(budget.to_cents()))];
        row.extend(years.iter().map(|year| Cell::Money(ask.by_year.get(year).copied().unwrap_or(Cents::ZERO))));
        row
    };
    let rows = plans.iter().zip(&asks).map(row).collect();
    Table { title: "Capital by year".to_owned(), columns, rows, notes: vec![] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::units::Usd;

    #[test]
    fn marginal_value_is_per_dollar_of_budget() {
        let mut small = sample::plan();
        let mut large = small.clone();
        small.settings.budget = Some(Usd::new(100e6));
        large.settings.budget = Some(Usd::new(150e6));
        large.npv_usd.0 += Cents(2_000_000_000);
        assert_eq!(marginal(&small, &large), Some(0.4));
        assert_eq!(marginal(&large, &small), None);
        let mut plans = [small, large];
        let passed = table(&plans);
        assert_eq!(passed.rows[0][6], Cell::Nothing);
        assert_eq!(passed.rows[1][6], Cell::Number(0.4, 2));
        plans[1].audit.passed = false;
        let objected = table(&plans);
        assert_eq!(objected.rows[1].last(), Some(&Cell::text("AUDIT OBJECTS")));
        assert_eq!((passed.notes.len(), objected.notes.len()), (3, 2), "passed all of them");
        plans[0].status = crate::plan::Status::TimeLimitFeasible;
        assert!(table(&plans).notes[2].starts_with("100.0 M$: NOT AN ANSWER"), "{:?}", table(&plans).notes);
        assert!(capital_by_year(&plans).rows.iter().all(|row| row.len() == capital_by_year(&plans).columns.len()));
    }
}
