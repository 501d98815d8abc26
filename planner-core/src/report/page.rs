//! The decision page: whether it is an answer, what to ask for, what is decided, what is left and why, what it brings.

use super::market::accepted;
use super::table::{Block, Cell, Fact, Page, Section, Table};
use super::verdict::verdict;
use super::{
    ask, break_even, commitment, conversions, critical_path, evidence, headline_section, machines, market, moves, next,
    rules, site_states, sites_left, works,
};
use crate::domain::offer::OfferStatus;
use crate::plan::{AuditSummary, Plan, Status};
use crate::units::Cents;

/// How much of the lists beside the decision stands on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lists {
    /// All of them, the commitment curve too.
    Full,
    /// Critical paths, works, sites in mothballs or sold, and moves.
    Shown,
    /// Counted in a line.
    Counted,
}

/// The page of a plan, with lists as there is room for. What takes long is worked out once.
pub fn pages(plan: &Plan) -> impl Fn(Lists) -> Page {
    let returns = headline_section::section(plan);
    let ends = break_even::section(plan);
    move |lists| page(plan, lists, returns.clone(), ends.clone())
}

/// The page in the order in which a board reads it. Nothing that decides is left out, however long it becomes.
fn page(plan: &Plan, lists: Lists, returns: Section, ends: Option<Section>) -> Page {
    let mut sections = vec![answer(plan), ask::section(plan)];
    let conversions = conversions::table(plan);
    if conversions.rows.is_empty() {
        sections.push(Section::facts("Conversions", vec![vec![Fact::sentence("none")]]));
    } else {
        sections.push(Section::table("", conversions));
    }
    let left = sites_left::table(plan);
    if !left.rows.is_empty() {
        sections.push(Section::table("", left));
    }
    let moved = moves::moves(&plan.inputs, &plan.decisions, &plan.ledger);
    if lists != Lists::Counted {
        sections.extend(critical_path::section(plan));
        sections.extend(listed(works::table(plan)));
        sections.extend(site_states::section(plan));
    }
    if lists == Lists::Full {
        sections.extend(listed(commitment::table(plan)));
    }
    sections.push(returns);
    sections.push(machines::section(plan));
    if lists == Lists::Counted {
        sections.push(counted(plan, moved.len()));
    } else {
        sections.extend(listed(moves::table(&plan.inputs, &moved)));
    }
    sections.extend(ends);
    sections.push(Section { title: "Next".to_owned(), blocks: next_steps(plan) });
    sections.push(market::section(plan));
    sections.push(evidence::section(plan));
    sections.extend(letters_of_intent(plan));
    sections.push(status(plan, &plan.audit));
    Page { title: plan.inputs.name.clone(), sections }
}

/// Whether the plan is an answer.
pub(super) fn answer(plan: &Plan) -> Section {
    Section::facts("Answer", vec![vec![Fact::sentence(verdict(plan).sentence)]])
}

/// What to do first, and whether that may be acted on.
pub(super) fn next_steps(plan: &Plan) -> Vec<Block> {
    let sentence = |text: &str| Block::Facts(vec![Fact::sentence(text)]);
    let warning =
        (!verdict(plan).is_answer).then(|| sentence("of a plan that is not an answer: nothing to sign or order on it"));
    let steps = next::table(plan);
    let steps = match steps.rows.as_slice() {
        [] => sentence("nothing to sign or order in six months"),
        _ => Block::Table(steps),
    };
    warning.into_iter().chain([steps]).collect()
}

/// What there is no room to list.
fn counted(plan: &Plan, moves: usize) -> Section {
    let states = site_states::states(&plan.inputs, &plan.decisions, &plan.ledger).len();
    let counts = [
        (plan.decisions.conversions.len(), "critical paths"),
        (plan.decisions.works.len(), "works"),
        (states, "sites in mothballs or sold"),
        (moves, "moves"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{what}: {count}"));
    let all = counts.chain(["commitment curve".to_owned()]).map(Fact::sentence).collect();
    Section::facts("With --full", vec![all])
}

/// A table under its own title, if it has a row.
fn listed(table: Table) -> Option<Section> {
    (!table.rows.is_empty()).then(|| Section::table(table.title.clone(), table))
}

/// A status in a reader's words.
#[must_use]
pub const fn status_words(status: Status) -> &'static str {
    match status {
        Status::ProvedOptimal => "proved optimal",
        Status::WithinGap => "within the gap",
        Status::RoundedBeyondGap => "searched to the end; thousandths of machines leave more than the gap",
        Status::TimeLimitFeasible => "stopped: not an answer",
        Status::WorkLimitFeasible => "stopped by the limit on work: not an answer",
        Status::Infeasible => "infeasible",
        Status::NoPlanFound => "no plan found",
    }
}

/// What rests on letters of intent; nothing when none is used.
pub(super) fn letters_of_intent(plan: &Plan) -> Option<Section> {
    let letters: Vec<_> =
        accepted(plan).filter(|offer| matches!(offer.status, OfferStatus::LetterOfIntent { .. })).collect();
    if letters.is_empty() {
        return None;
    }
    let rows = conversions::rows(plan);
    let rows = rows.iter().filter(|row| letters.iter().any(|offer| offer.id == row.offer));
    let (mut load, mut capex, mut value) = (0.0, Cents::ZERO, Cents::ZERO);
    for row in rows {
        load += row.critical_it.get();
        capex += row.capex;
        value += row.present_value.0;
    }
    let names: Vec<&str> = letters.iter().map(|offer| offer.id.as_str()).collect();
    let facts = vec![
        Fact::new(names.join(", "), Cell::Nothing),
        Fact::with_unit("carry", Cell::Megawatts(load), "MW-IT"),
        Fact::new("capital at risk if they fall away", Cell::Money(capex)),
        Fact::new("PV of their cash", Cell::Money(value)),
    ];
    Some(Section::facts("Intent letters", vec![facts]))
}

/// How sure the plan is, with what an audit of it has found.
pub(super) fn status(plan: &Plan, audit: &AuditSummary) -> Section {
    let mut certainty = vec![
        Fact::sentence(status_words(plan.status)),
        Fact::new("bound", Cell::Money(plan.bound_usd.0)),
        Fact::new("gap", Cell::Dollars(plan.gap_usd.0)),
    ];
    if let Some(share) = plan.gap_share {
        certainty.push(Fact::new("gap share", Cell::Share(share)));
    }
    if plan.rounding_usd.0 != Cents::ZERO {
        certainty.push(Fact::new("bound raised by rounding", Cell::Dollars(plan.rounding_usd.0)));
    }
    let audit = match audit.findings.as_slice() {
        _ if audit.passed => "audit passed".to_owned(),
        [] => "audit not passed".to_owned(),
        [first, rest @ ..] => {
            let rule = rules::named(&first.rule);
            format!("AUDIT OBJECTS: {} findings, the first: {rule}: {}: {}", rest.len() + 1, first.line, first.message)
        }
    };
    certainty.push(Fact::sentence(audit));
    let (slack, share) = plan.slack();
    let mut proved = vec![
        Fact::new("bound without a solver", Cell::Money(plan.lagrangian_bound_usd.0)),
        Fact::new("slack", Cell::Dollars(slack.0)),
    ];
    proved.extend(share.map(|share| Fact::with_unit("", Cell::Share(share), "of the NPV")));
    Section::facts("Status", [certainty, proved].into_iter().chain(twin_not_proved(plan)).collect())
}

/// What is known of the uplift where a limit stopped the search for the twin.
fn twin_not_proved(plan: &Plan) -> Option<Vec<Fact>> {
    let most = plan.twin_bound_usd?;
    Some(vec![
        Fact::sentence("A limit stopped the search for the twin, too"),
        Fact::new("no twin is worth more than", Cell::Money(most.0)),
        Fact::new("the uplift is at least", Cell::Money(plan.npv_usd.0 - most.0)),
        Fact::new("and at most", Cell::Money(plan.uplift_usd.0)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::report::table::Block;

    fn page(plan: &Plan) -> Page {
        pages(plan)(Lists::Shown)
    }

    fn texts(page: &Page) -> Vec<String> {
        let facts = page.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Facts(facts) => Some(facts),
            Block::Table(_) => None,
        });
        facts.flatten().map(|fact| fact.label.clone()).collect()
    }

    #[test]
    fn the_page_begins_with_the_answer_and_ends_with_the_status() {
        let mut plan = sample::plan();
        let proved = page(&plan);
        assert_eq!(
            (proved.sections[0].title.as_str(), proved.sections.last().unwrap().title.as_str()),
            ("Answer", "Status")
        );
        assert!(!texts(&proved).iter().any(|text| text.contains("not an answer")));
        plan.status = Status::TimeLimitFeasible;
        assert_eq!(texts(&page(&plan)).iter().filter(|text| text.to_lowercase().contains("not an answer")).count(), 3);
    }

    #[test]
    fn letters_of_intent_are_named_with_what_rests_on_them() {
        let mut plan = sample::plan();
        plan.inputs.offers[0].status = OfferStatus::LetterOfIntent { plan_on: true };
        let page = page(&plan);
        assert!(page.sections.iter().any(|section| section.title == "Intent letters"));
    }

    #[test]
    fn a_plan_without_conversions_has_a_page() {
        let mut plan = sample::plan();
        plan.decisions = plan.twin.decisions.clone();
        plan.ledger.clone_from(&plan.twin.ledger);
        assert!(page(&plan).sections.len() > 5);
    }

    #[test]
    fn every_site_is_on_the_page_however_many_there_are() {
        let plan = sample::with_sites(40);
        for lists in [Lists::Counted, Lists::Shown, Lists::Full] {
            let said = format!("{:?}", pages(&plan)(lists));
            assert!(plan.inputs.sites.iter().all(|site| said.contains(&site.name)), "{lists:?}");
        }
    }
}
