//! The report: one self-contained HTML page, for a screen, a phone and paper. It asks nothing of a network, runs no
//! script, and every word of a portfolio in it is escaped.

mod book;
mod capital;
mod certificate;
mod curves;
pub mod drawing;
mod figures;
pub mod frontier;
mod glance;
mod money;
mod sheet;
mod steps;

use anyhow::Result;
use askama::Template;
use planner_core::plan::{AuditSummary, Finding, Plan};
use planner_core::report::bridge::bridge;
use planner_core::report::comparison::Comparison;
use planner_core::report::table::{Block, Fact, Section, Table};
use planner_core::report::verdict::verdict;
use planner_core::report::waterfall::waterfall;
use planner_core::report::{
    conversions, critical_path, evidence, headline_section, machines, market, moves, next, offers, rules, site_states,
    sites_left, works,
};

use self::drawing::Drawing;
use self::frontier::Frontier;
use self::glance::Glance;
use self::sheet::{Piece, Sheet};
use self::steps::Titles;
use crate::export::svg;
use crate::render::format::{cut, value, words};

/// Conversions beyond this many have the largest of them before the folded table of all.
const MANY: usize = 40;
/// The largest conversions.
const LARGEST: usize = 20;

/// Objections of the audit that are listed; `audit` lists all.
const MOST_OBJECTIONS: usize = 12;
/// Characters of an objection.
const LONGEST_OBJECTION: usize = 300;

/// A chart, and its figures as a table beside it.
pub struct Chart {
    drawing: Drawing,
    sheet: Sheet,
}

impl Chart {
    fn of(steps: &[planner_core::report::waterfall::Step], titles: &Titles) -> Self {
        Self { drawing: steps::drawing(steps, titles), sheet: steps::sheet(steps, titles) }
    }
}

/// A labelled figure.
struct Labelled {
    label: String,
    value: String,
}

#[derive(Template)]
#[template(path = "sheet.html")]
struct SheetPage<'a> {
    sheet: &'a Sheet,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Report {
    name: String,
    status: &'static str,
    is_answer: bool,
    verdict: String,
    over: String,
    from: &'static str,
    start: String,
    horizon: String,
    objections: Vec<String>,
    more_objections: usize,
    glance: Glance,
    largest: Option<Sheet>,
    decisions: Sheet,
    left: Sheet,
    returns: Vec<Sheet>,
    returns_said: Vec<Labelled>,
    gantt: String,
    critical: Vec<Labelled>,
    works: Sheet,
    states: Vec<Labelled>,
    next: Sheet,
    sources: Sheet,
    uses: Sheet,
    by_year: Sheet,
    cash_flow: Sheet,
    charts: Vec<Chart>,
    capital: Vec<Chart>,
    frontier: Option<Chart>,
    offers: Sheet,
    machines: Vec<Labelled>,
    moves: Sheet,
    market: Vec<Labelled>,
    evidence: Vec<Labelled>,
    weight: Sheet,
    book: Sheet,
    certificate: Sheet,
    audit_passed: bool,
    made_from: Vec<(&'static str, String)>,
    files: Sheet,
}

impl Report {
    /// A table as HTML.
    fn table(sheet: &Sheet) -> askama::Result<String> {
        SheetPage { sheet }.render()
    }
}

/// `report.html`.
///
/// # Errors
/// When the page cannot be put together.
pub fn files(plan: &Plan, audit: &AuditSummary, frontier: Option<&Frontier>) -> Result<Vec<(String, Vec<u8>)>> {
    let page = report(plan, audit, frontier).render()?;
    Ok(vec![("report.html".to_owned(), page.into_bytes())])
}

fn report(plan: &Plan, audit: &AuditSummary, frontier: Option<&Frontier>) -> Report {
    let calendar = &plan.inputs.calendar;
    let (verdict, comparison) = (verdict(plan), Comparison::of(plan));
    let returns = headline_section::section(plan);
    let many = conversions::merged(plan).len() > MANY;
    let moved = moves::moves(&plan.inputs, &plan.decisions, &plan.ledger);
    let (sources, uses) = money::both(plan);
    let said = |found: &Finding| format!("{}: {}: {}", rules::named(&found.rule), found.line, found.message);
    let objections = audit.findings.iter().take(MOST_OBJECTIONS).map(said);
    Report {
        name: words(&plan.inputs.name),
        status: planner_core::report::page::status_words(plan.status),
        is_answer: verdict.is_answer,
        verdict: words(&verdict.sentence),
        over: format!("over {}", comparison.noun()),
        from: comparison.name(),
        start: calendar.start.to_string(),
        horizon: calendar.period_start(calendar.horizon()).to_string(),
        objections: objections.map(|text| cut(&words(&text), LONGEST_OBJECTION)).collect(),
        more_objections: audit.findings.len().saturating_sub(MOST_OBJECTIONS),
        glance: glance::glance(plan),
        largest: many.then(|| Sheet::of("The largest conversions", &conversions::largest(plan, LARGEST))),
        decisions: Sheet::of("Conversions", &conversions::table(plan)),
        left: Sheet::of("Sites left", &sites_left::table(plan)),
        returns: sheets(&returns),
        returns_said: facts(&returns),
        gantt: svg::gantt(plan),
        critical: critical_path::section(plan).iter().flat_map(facts).collect(),
        works: in_millions("Works", works::table(plan), &["cost"]),
        states: site_states::section(plan).iter().flat_map(facts).collect(),
        next: Sheet::of("Next steps by date", &next::table(plan)),
        sources,
        uses,
        by_year: money::by_year(plan),
        cash_flow: money::cash_flow(plan),
        charts: step_charts(plan),
        capital: capital::s_curve(plan).into_iter().chain(capital::commitment_curve(plan)).collect(),
        frontier: frontier.and_then(|frontier| frontier.chart(plan)),
        offers: Sheet::of("Offers", &offers::table(plan)),
        machines: facts(&machines::section(plan)),
        moves: in_millions("Machine moves", moves::table(&plan.inputs, &moved), &["cost", "year's margin"]),
        market: facts(&market::section(plan)),
        evidence: facts(&evidence::section(plan)),
        weight: book::weight(plan),
        book: book::book(plan),
        certificate: certificate::certificate(plan, audit),
        audit_passed: audit.passed,
        made_from: certificate::made_from(plan).into_iter().map(|(name, said)| (name, words(&said))).collect(),
        files: certificate::files(plan),
    }
}

fn step_charts(plan: &Plan) -> Vec<Chart> {
    let mines_on = !Comparison::of(plan).has_commitments();
    let bridged = Titles {
        id: "bridge-chart",
        title: if mines_on {
            "NPV bridge from keep mining to the plan"
        } else {
            "NPV bridge to the plan from the case without new commitments"
        },
        start: Some(if mines_on { "Keep mining" } else { "No new commitments" }),
        end: "Plan",
    };
    let fallen =
        Titles { id: "waterfall-chart", title: "Cash-flow waterfall of the plan", start: None, end: "Net cash" };
    vec![Chart::of(&bridge(plan), &bridged), Chart::of(&waterfall(plan), &fallen)]
}

/// A table whose title holds the unit of columns that say none.
fn in_millions(caption: &str, mut table: Table, columns: &[&str]) -> Sheet {
    for column in table.columns.iter_mut().filter(|column| columns.contains(&column.name.as_str())) {
        column.unit = Some("M$");
    }
    Sheet::of(caption, &table)
}

/// The tables of a section, in its order.
fn sheets(section: &Section) -> Vec<Sheet> {
    let of = |block: &Block| match block {
        Block::Facts(_) => None,
        Block::Table(table) => Some(Sheet::of(&section.title, table)),
    };
    section.blocks.iter().filter_map(of).collect()
}

/// The facts of a section, in its order.
fn facts(section: &Section) -> Vec<Labelled> {
    let labelled = |fact: &Fact| Labelled { label: words(&fact.label), value: value(fact) };
    let of = |block: &Block| match block {
        Block::Facts(facts) => facts.iter().map(labelled).collect(),
        Block::Table(_) => vec![],
    };
    section.blocks.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn page(plan: &Plan) -> String {
        String::from_utf8(files(plan, &plan.audit, None).unwrap().remove(0).1).unwrap()
    }

    #[test]
    fn it_is_one_page_that_asks_nothing_of_a_network() {
        let plan = sample::with_everything();
        let page = page(&plan);
        assert_eq!(page, self::page(&plan), "the same bytes each time");
        assert!(page.starts_with("<!doctype html>"));
        for asks in ["<script", "<img", "<iframe", "src=", "@import", "url(", "<link rel=\"style"] {
            assert!(!page.contains(asks), "{asks}");
        }
        for id in page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
        }
        for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(page.contains(&format!(" id=\"{target}\"")), "{target}");
        }
    }

    #[test]
    fn words_of_a_portfolio_are_words() {
        let mut plan = sample::plan();
        let hostile = "<script>alert(1)</script>\" onload=\"x";
        plan.inputs.name = format!("{hostile}\u{202e}");
        plan.sites_left[0].site = hostile.into();
        plan.sites_left[0].detail = hostile.to_owned();
        plan.decisions.conversions[0].site = hostile.into();
        plan.inputs.offers[0].tenant = hostile.to_owned();
        plan.inputs.offers[0].evidence.source = Some("https://a.org/\"><script>x</script>".to_owned());
        plan.provenance.files = vec![(hostile.to_owned(), hostile.to_owned())];
        let page = page(&plan);
        assert!(!page.contains("<script") && !page.contains("\" onload") && !page.contains('\u{202e}'));
        assert!(page.contains("&#60;script&#62;alert(1)"));
    }

    #[test]
    fn what_the_audit_objects_to_stands_first() {
        let mut plan = sample::plan();
        let found = Finding { rule: "budget".to_owned(), line: "pot a".to_owned(), message: "too much".to_owned() };
        plan.audit = AuditSummary { passed: false, findings: vec![found] };
        let page = page(&plan);
        assert!(page.find("the budget (budget): pot a: too much").unwrap() < page.find("id=\"ask\"").unwrap());
    }

    #[test]
    fn whether_it_is_an_answer_stands_before_the_ask() {
        let mut plan = sample::plan();
        plan.status = planner_core::plan::Status::TimeLimitFeasible;
        let page = page(&plan);
        assert!(page.find("NOT AN ANSWER").unwrap() < page.find("id=\"ask\"").unwrap());
    }

    #[test]
    fn keep_mining_is_named_only_where_nothing_is_committed() {
        let mut plan = sample::with_sites(2);
        assert!(page(&plan).contains("eep mining"));
        plan.twin.decisions.conversions = plan.decisions.conversions.clone();
        plan.twin.ledger.clone_from(&plan.ledger);
        assert!(!page(&plan).contains("eep mining"), "{}", page(&plan));
    }

    #[test]
    fn five_hundred_sites_make_one_page_of_folded_tables() {
        let plan = sample::everything_at(500);
        let page = page(&plan);
        assert!(page.len() < 8_000_000, "{} bytes", page.len());
        assert!(page.contains("<details"), "long tables are folded");
    }

    #[test]
    fn plans_without_conversions_or_money_have_a_page() {
        let mut plan = sample::plan();
        plan.decisions = planner_core::plan::Decisions::default();
        plan.ledger.clear();
        plan.twin.ledger.clear();
        plan.sites_left.clear();
        assert!(page(&plan).contains("nothing is converted"));
    }
}
