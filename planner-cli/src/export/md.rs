//! The decision as Markdown (GitHub's tables), for a mail or a repository: a page as long as there are no more than a dozen
//! conversions, and never less than all that decides.

use planner_core::plan::{AuditSummary, Plan};
use planner_core::report::memo::memo;
use planner_core::report::table::{Align, Block, Fact, Page, Table};

use crate::render::format::{fact, words};
use crate::render::table::text_rows;

/// What would be markup.
const MARKS: &str = "\\`*_{}[]<>|#&~";

/// `memo.md`.
pub fn files(plan: &Plan, audit: &AuditSummary) -> Vec<(String, Vec<u8>)> {
    vec![("memo.md".to_owned(), text(&memo(plan, audit)).into_bytes())]
}

fn text(page: &Page) -> String {
    let mut text = format!("# {}\n", plain(&page.title));
    for section in &page.sections {
        text.extend(["\n## ", &plain(&section.title), "\n\n"]);
        let mut before_table = false;
        for block in &section.blocks {
            match block {
                Block::Facts(facts) => {
                    if before_table {
                        text.push('\n');
                    }
                    text.extend(["- ", &line(facts), "\n"]);
                    before_table = false;
                }
                Block::Table(table) => {
                    rows(&mut text, table);
                    before_table = true;
                }
            }
        }
    }
    text
}

/// Facts on one line.
fn line(facts: &[Fact]) -> String {
    let all: Vec<String> = facts.iter().map(fact).collect();
    plain(&all.join(" · "))
}

fn rows(text: &mut String, table: &Table) {
    let head = table.columns.iter().map(|column| match column.unit {
        Some(unit) if !unit.is_empty() => plain(&format!("{} [{unit}]", column.name)),
        _ => plain(&column.name),
    });
    let rule = table.columns.iter().map(|column| match column.align {
        Align::Left => "---".to_owned(),
        Align::Right => "---:".to_owned(),
    });
    let mut row = |cells: Vec<String>, space: &str| {
        text.extend(["|", space, &cells.join(&format!("{space}|{space}")), space, "|\n"]);
    };
    row(head.collect(), " ");
    row(rule.collect(), "");
    for cells in text_rows(table) {
        row(cells.iter().map(|cell| plain(cell)).collect(), " ");
    }
    for note in &table.notes {
        text.extend(["\n", &plain(note), "\n"]);
    }
}

/// Words that are no markup, wherever they stand.
fn plain(text: &str) -> String {
    let text = words(text);
    let list = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let at = text.len() - list.len();
    let mark = list.starts_with(['-', '+']) && at == 0 || list.starts_with(['.', ')']) && at > 0;
    let is_item = mark && list.chars().nth(1).is_none_or(char::is_whitespace);
    let mut out = String::with_capacity(text.len());
    for (index, c) in text.char_indices() {
        if MARKS.contains(c) || (is_item && index == at) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn written(plan: &Plan) -> String {
        String::from_utf8(files(plan, &plan.audit).remove(0).1).unwrap()
    }

    #[test]
    fn every_site_is_in_it_however_many_there_are() {
        for sites in [1, 12, 300] {
            let plan = sample::with_sites(sites);
            let text = written(&plan);
            assert!(plan.inputs.sites.iter().all(|site| text.contains(&site.name)), "{text}");
            assert!(!text.contains('…') && !text.contains(" more:"), "{text}");
        }
    }

    #[test]
    fn a_stopped_search_says_first_that_it_is_no_answer() {
        let mut plan = sample::plan();
        plan.status = planner_core::plan::Status::TimeLimitFeasible;
        let text = written(&plan);
        assert!(text.find("NOT AN ANSWER").unwrap() < text.find("## The ask").unwrap(), "{text}");
    }

    #[test]
    fn its_figures_are_those_of_the_plan() {
        let plan = sample::plan();
        let text = written(&plan);
        assert!(text.contains("ask 120,000,000.00 USD · NPV "), "{text}");
        for title in
            ["The ask", "The decision", "What is left, and why", "Returns", "What ends the gain", "Certificate"]
        {
            assert!(text.contains(&format!("\n## {title}\n")), "{title}");
        }
        assert!(text.contains("| site | load \\[MW-IT\\] |") && text.contains("|---|---:|"), "{text}");
    }

    #[test]
    fn names_are_no_markup() {
        assert_eq!(plain("a|b*c_d <x> [y](z)"), "a\\|b\\*c\\_d \\<x\\> \\[y\\](z)");
        assert_eq!(
            (plain("1. x"), plain("- x"), plain("2027-01")),
            ("1\\. x".into(), "\\- x".into(), "2027-01".into())
        );
        let mut plan = sample::plan();
        plan.inputs.name = "x\n# y".to_owned();
        assert!(written(&plan).starts_with("# x\u{fffd}\\# y\n"));
    }
}
