//! The decision page.

use super::conversions;
use super::market::accepted;
use super::table::{Cell, Fact, Page, Section, Table};
use super::{
    ask, commitment, critical_path, evidence, keep_mining, machines, market, moves, next, returns, site_states,
    sites_left, works,
};
use crate::domain::offer::OfferStatus;
use crate::plan::{AuditSummary, Plan, Status};
use crate::units::Cents;

/// Rows for sites left, when conversions want all the room.
const LEAST_LEFT_ROWS: usize = 4;

/// How many rows the lists of a page may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Conversions and sites left together.
    pub sites: usize,
    /// Critical paths, works, sites in mothballs or sold, and moves: each. Without any they are counted in a line.
    pub lists: usize,
    /// Next steps.
    pub next: usize,
}

impl Room {
    /// All there is.
    pub const ALL: Self = Self { sites: usize::MAX, lists: usize::MAX, next: usize::MAX };
}

/// The page of a plan for any room. What takes long is worked out once.
pub fn pages(plan: &Plan) -> impl Fn(Room) -> Page {
    let keep_mining = keep_mining::section(plan);
    move |room| page(plan, room, keep_mining.clone())
}

/// The page in the order in which a board reads it.
fn page(plan: &Plan, room: Room, keep_mining: Option<Section>) -> Page {
    let left_rows = plan.sites_left.len().min(LEAST_LEFT_ROWS).min(room.sites / 2);
    let conversions = conversions::table(plan, room.sites - left_rows);
    let left = sites_left::table(plan, room.sites - conversions.rows.len().min(room.sites - left_rows));

    let mut sections = vec![ask::section(plan)];
    if conversions.rows.is_empty() {
        sections.push(Section::facts("Conversions", vec![vec![Fact::sentence("none")]]));
    } else {
        sections.push(Section::table("", conversions));
    }
    if !left.rows.is_empty() {
        sections.push(Section::table("", left));
    }
    let moved = moves::moves(&plan.inputs, &plan.decisions, &plan.ledger);
    if room.lists > 0 {
        sections.extend(critical_path::section(plan, room.lists));
        sections.extend(listed(works::table(plan, room.lists)));
        sections.extend(site_states::section(plan, room.lists));
    }
    if room == Room::ALL {
        sections.extend(listed(commitment::table(plan)));
    }
    sections.push(returns::section(plan));
    sections.push(machines::section(plan));
    if room.lists > 0 {
        sections.extend(listed(moves::table(&moved, room.lists)));
    } else {
        sections.push(counted(plan, moved.len()));
    }
    sections.extend(keep_mining);
    let next = next::table(plan, room.next);
    if next.rows.is_empty() {
        sections.push(Section::facts("Next", vec![vec![Fact::sentence("nothing to sign or order in six months")]]));
    } else {
        sections.push(Section::table("Next", next));
    }
    sections.push(market::section(plan));
    sections.push(evidence::section(plan));
    sections.extend(letters_of_intent(plan));
    sections.push(status(plan, &plan.audit));
    Page { title: plan.inputs.name.clone(), sections }
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
        Status::TimeLimitFeasible => "stopped by a limit",
        Status::WorkLimitFeasible => "stopped by the limit on work",
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
            format!("AUDIT OBJECTS: {} findings, the first: {}: {}", rest.len() + 1, first.rule, first.message)
        }
    };
    certainty.push(Fact::sentence(audit));
    let (slack, share) = plan.slack();
    let mut proved = vec![
        Fact::new("bound without a solver", Cell::Money(plan.lagrangian_bound_usd.0)),
        Fact::new("slack", Cell::Dollars(slack.0)),
    ];
    proved.extend(share.map(|share| Fact::with_unit("", Cell::Share(share), "of the NPV")));
    let mut groups = vec![certainty, proved];
    if plan.status != Status::ProvedOptimal {
        let nothing = plan.status.is_stopped() && plan.decisions.conversions.is_empty();
        groups.push(vec![Fact::sentence(if nothing {
            "No conversion was found before the search ended: this is mining on, not an answer."
        } else {
            "Not proved optimal: other plans lie within the gap."
        })]);
    }
    groups.extend(twin_not_proved(plan));
    Section::facts("Status", groups)
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

    const ROOM: Room = Room { sites: 17, lists: 5, next: 5 };

    fn page(plan: &Plan, room: Room) -> Page {
        pages(plan)(room)
    }

    fn texts(page: &Page) -> Vec<String> {
        let facts = page.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Facts(facts) => Some(facts),
            Block::Table(_) => None,
        });
        facts.flatten().map(|fact| fact.label.clone()).collect()
    }

    #[test]
    fn the_page_ends_with_the_status_and_says_when_it_is_not_proved() {
        let mut plan = sample::plan();
        let proved = page(&plan, ROOM);
        assert_eq!(proved.sections.last().unwrap().title, "Status");
        assert!(!texts(&proved).iter().any(|text| text.contains("within the gap")));
        plan.status = Status::WithinGap;
        assert!(texts(&page(&plan, ROOM)).iter().any(|text| text.contains("other plans")));
        assert!(
            !texts(&page(&plan, ROOM)).iter().any(|text| text.contains("proved optimal") && !text.starts_with("Not"))
        );
    }

    #[test]
    fn letters_of_intent_are_named_with_what_rests_on_them() {
        let mut plan = sample::plan();
        plan.inputs.offers[0].status = OfferStatus::LetterOfIntent { plan_on: true };
        let page = page(&plan, ROOM);
        assert!(page.sections.iter().any(|section| section.title == "Intent letters"));
    }

    #[test]
    fn a_plan_without_conversions_has_a_page() {
        let mut plan = sample::plan();
        plan.decisions = plan.twin.decisions.clone();
        plan.ledger.clone_from(&plan.twin.ledger);
        assert!(page(&plan, ROOM).sections.len() > 5);
    }

    #[test]
    fn the_rows_fit_the_page_however_many_sites_there_are() {
        let page = page(&sample::with_sites(40), ROOM);
        let rows: usize = page
            .sections
            .iter()
            .flat_map(|section| &section.blocks)
            .map(|block| if let Block::Table(table) = block { table.rows.len() } else { 0 })
            .sum();
        assert!(rows <= ROOM.sites + ROOM.next, "{rows}");
    }
}
