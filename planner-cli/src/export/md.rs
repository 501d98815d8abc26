//! The decision as one page of Markdown (GitHub's tables), for a mail or a repository.

use planner_core::plan::{AuditSummary, Plan};
use planner_core::report::memo::{self, Rows};
use planner_core::report::table::{Align, Block, Fact, Page, Table};

use crate::render::format::{fact, words};
use crate::render::table::text_rows;

/// Lines of a printed page, and letters of a line at the size at which a table of ten columns is read.
const LINES: usize = 54;
const WIDTH: usize = 110;
/// Rows of the tables, the most first: the first that fit a page are taken.
const ROOMS: [Rows; 6] = [
    Rows { conversions: 16, left: 12, next: 5 },
    Rows { conversions: 14, left: 8, next: 5 },
    Rows { conversions: 12, left: 6, next: 5 },
    Rows { conversions: 10, left: 4, next: 4 },
    Rows { conversions: 8, left: 4, next: 3 },
    Rows { conversions: 5, left: 3, next: 3 },
];
/// What would be markup.
const MARKS: &str = "\\`*_{}[]<>|#&~";

/// `memo.md`.
pub fn files(plan: &Plan, audit: &AuditSummary) -> Vec<(String, Vec<u8>)> {
    let texts = ROOMS.iter().map(|rows| text(&memo::memo(plan, audit, *rows)));
    let mut shortest = String::new();
    for text in texts {
        let fits = printed_lines(&text) <= LINES;
        shortest = text;
        if fits {
            break;
        }
    }
    vec![("memo.md".to_owned(), shortest.into_bytes())]
}

/// Lines that the text takes on paper: a heading two, with the space around it.
fn printed_lines(text: &str) -> usize {
    let lines = text.lines().filter(|line| !line.starts_with("|--"));
    let printed = |line: &str| match line.chars().filter(|c| *c != '\\').count() {
        _ if line.starts_with('#') => 2,
        letters => letters.div_ceil(WIDTH),
    };
    lines.map(printed).sum()
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

    fn memo(plan: &Plan) -> String {
        String::from_utf8(files(plan, &plan.audit).remove(0).1).unwrap()
    }

    #[test]
    fn it_is_one_page_however_much_there_is() {
        for sites in [1, 12, 300] {
            let text = memo(&sample::with_sites(sites));
            assert!(printed_lines(&text) <= LINES, "{sites} sites: {} lines\n{text}", printed_lines(&text));
        }
        let text = memo(&sample::everything_at(30));
        assert!(printed_lines(&text) <= LINES, "{text}");
    }

    #[test]
    fn its_figures_are_those_of_the_plan() {
        let plan = sample::plan();
        let text = memo(&plan);
        assert!(text.contains("ask 120,000,000.00 USD · NPV "), "{text}");
        for title in ["The ask", "The decision", "What is left, and why", "Returns", "Keep mining if", "Certificate"] {
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
        assert!(memo(&plan).starts_with("# x\u{fffd}\\# y\n"));
    }
}
