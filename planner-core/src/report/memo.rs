//! The decision as a memo: what a board decides on, and nothing else.

use super::comparison::Comparison;
use super::page::{answer, letters_of_intent, next_steps, status};
use super::table::{Block, Cell, Fact, Page, Section};
use super::{ask, break_even, conversions, evidence, headline_section, market, sites_left};
use crate::plan::{AuditSummary, Plan};
use crate::units::UsdCents;

/// The memo of a plan, with what an audit of it has found: whether it is an answer, the ask, what is decided, what is left and why, what it brings and
/// what ends it, what comes next, what rests on assumptions, and how sure all of it is.
#[must_use]
pub fn memo(plan: &Plan, audit: &AuditSummary) -> Page {
    let none = |text: &str| vec![Block::Facts(vec![Fact::sentence(text)])];
    let table = |table: super::table::Table, otherwise| match table.rows.as_slice() {
        [] => none(otherwise),
        _ => vec![Block::Table(table)],
    };
    let ends =
        break_even::section(plan).map_or_else(|| none("nothing that a single figure tells"), |section| section.blocks);
    let mut assumed = evidence::section(plan).blocks;
    assumed.extend(market::section(plan).blocks);
    assumed.extend(letters_of_intent(plan).into_iter().flat_map(|section| section.blocks));
    let mut certificate = status(plan, audit).blocks;
    certificate.push(Block::Facts(exact(plan)));
    let sections = [
        ("Is this an answer", answer(plan).blocks),
        ("The ask", ask::section(plan).blocks),
        ("The decision", table(conversions::table(plan), "no conversion")),
        ("What is left, and why", table(sites_left::table(plan), "no site")),
        ("Returns", headline_section::section(plan).blocks),
        ("What ends the gain", ends),
        ("Next steps", next_steps(plan)),
        ("What rests on assumptions", assumed),
        ("Certificate", certificate),
    ];
    let section = |(title, blocks): (&str, Vec<Block>)| Section { title: title.to_owned(), blocks };
    Page { title: plan.inputs.name.clone(), sections: sections.into_iter().map(section).collect() }
}

/// The head of the plan to the cent, and the inputs it belongs to.
fn exact(plan: &Plan) -> Vec<Fact> {
    let dollars = |label: &str, amount: UsdCents| Fact::with_unit(label, Cell::Number(amount.0.usd(), 2), "USD");
    vec![
        dollars("to the cent: ask", plan.capital_usd),
        dollars("NPV", plan.npv_usd),
        dollars(&format!("uplift over {}", Comparison::of(plan).noun()), plan.uplift_usd),
        Fact::sentence(format!("inputs {}", plan.identity.chars().take(12).collect::<String>())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_memo_has_its_sections_whatever_the_plan() {
        let mut plan = sample::plan();
        let titles = |plan: &Plan| memo(plan, &plan.audit).sections.into_iter().map(|s| s.title).collect::<Vec<_>>();
        let whole = titles(&plan);
        assert_eq!(whole.len(), 9);
        plan.decisions = plan.twin.decisions.clone();
        plan.ledger.clone_from(&plan.twin.ledger);
        assert_eq!(titles(&plan), whole);
    }

    #[test]
    fn it_says_what_the_audit_found_and_not_what_the_plan_claims() {
        let plan = sample::plan();
        assert!(plan.audit.passed);
        let refused = AuditSummary { passed: false, findings: vec![] };
        let said = format!("{:?}", memo(&plan, &refused));
        assert!(said.contains("audit not passed") && !said.contains("audit passed"));
    }
}
