//! The decision page as text.

use anstyle::Style;
use planner_core::plan::Plan;
use planner_core::report::page::{Lists, pages};
use planner_core::report::table::{Align, Block, Fact, Page, Section};

use super::format::{break_words, fact, words, wrapped};
use super::table;

/// Columns of the page where there is no terminal.
pub const WIDTH: usize = 100;
/// Lines of a printed page: lists beside the decision are counted where they do not fit.
const LINES: usize = 66;
/// Where facts begin.
const INDENT: usize = 15;

/// The page with every list, however many lines they take.
pub fn full(plan: &Plan, width: usize) -> String {
    page_lines(&pages(plan)(Lists::Full), width).join("\n")
}

/// The page: all that decides, and the lists beside it where a printed page has room for them.
pub fn text(plan: &Plan, width: usize) -> String {
    let page = pages(plan);
    let shown = page_lines(&page(Lists::Shown), width);
    let lines = if shown.len() <= LINES { shown } else { page_lines(&page(Lists::Counted), width) };
    lines.join("\n")
}

fn page_lines(page: &Page, width: usize) -> Vec<String> {
    let bold = Style::new().bold();
    let mut lines = vec![format!("{bold}{}{bold:#}", words(&page.title))];
    let mut after_table = false;
    for section in &page.sections {
        if after_table && !section.title.is_empty() {
            lines.push(String::new());
        }
        after_table = section.title.is_empty();
        lines.extend(section_lines(section, width));
    }
    lines
}

/// Titled sections hang in a gutter; tables without a title stand on their own.
pub fn section_lines(section: &Section, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut title = section.title.as_str();
    for block in &section.blocks {
        match block {
            Block::Facts(facts) => {
                for line in wrap(facts, width - INDENT) {
                    lines.push(hang(&mut title, &line));
                }
            }
            Block::Table(table) if section.title.is_empty() => {
                lines.push(String::new());
                lines.extend(table::lines(table, width, true));
                lines.extend(table.notes.iter().flat_map(|note| wrapped(&words(note), width)));
            }
            Block::Table(table) => {
                // Figures need their names, words speak for themselves.
                let header = table.columns.iter().any(|column| column.align == Align::Right);
                let mut lines_of_it = table::lines(table, width - INDENT, header);
                let too_wide =
                    |line: &String| anstream::adapter::strip_str(line).to_string().chars().count() > width - INDENT;
                if lines_of_it.iter().any(too_wide) {
                    lines_of_it = table::lines(&table::turned(table), width - INDENT, header);
                }
                for line in lines_of_it {
                    lines.push(hang(&mut title, &line));
                }
            }
        }
    }
    lines
}

fn hang(title: &mut &str, line: &str) -> String {
    let bold = Style::new().bold();
    let space = " ".repeat(INDENT.saturating_sub(title.chars().count()));
    let head = if title.is_empty() { String::new() } else { format!("{bold}{title}{bold:#}") };
    *title = "";
    format!("{head}{space}{line}")
}

/// Facts joined by dots, broken between facts, and inside one only where it must be.
fn wrap(facts: &[Fact], width: usize) -> Vec<String> {
    const DOT: &str = " · ";
    let mut lines: Vec<String> = Vec::new();
    for text in facts.iter().map(fact) {
        let length = text.chars().count();
        match lines.last_mut() {
            Some(last) if last.chars().count() + DOT.chars().count() + length <= width => {
                last.push_str(DOT);
                last.push_str(&text);
            }
            _ => lines.extend(break_words(&text, width)),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn plain(plan: &Plan) -> Vec<String> {
        let text = anstream::adapter::strip_str(&text(plan, WIDTH)).to_string();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn every_site_is_on_the_page_and_no_word_is_cut() {
        for sites in [1, 12, 40] {
            let mut plan = sample::with_sites(sites);
            plan.status = planner_core::plan::Status::WithinGap;
            for width in [80, WIDTH, 140] {
                let page = anstream::adapter::strip_str(&text(&plan, width)).to_string();
                let widest = page.lines().map(|line| line.chars().count()).max();
                assert!(widest <= Some(width), "{sites} sites: {widest:?}\n{page}");
                assert!(!page.contains('…'), "{page}");
            }
            let rows = plain(&plan).iter().filter(|line| line.starts_with("panther-creek-")).count();
            assert_eq!(rows, sites as usize);
        }
    }

    #[test]
    fn the_page_reads_as_agreed() {
        let lines = plain(&sample::plan());
        assert!(lines[1].starts_with("Answer         proved optimal: no plan is worth more than 1 $"), "{}", lines[1]);
        assert!(lines[2].starts_with("The ask"), "{}", lines[2]);
        let last = lines[lines.len() - 2..].join("\n");
        assert!(last.contains("audit passed\n") && last.contains("bound without a solver"), "{last}");
    }

    #[test]
    fn works_moves_and_sites_that_are_left_have_their_lines() {
        let page = plain(&sample::with_everything()).join("\n");
        for said in [
            "Critical path  liquid at panther-creek-01, panther-creek-02, months: design 3",
            "Sites          stoneridge mothballed from 2029-01 until 2029-10, saves 0.750 M$",
            "stoneridge sold in 2030-01 for 12.0 M$",
            "moved 1,100 · stored 500 · at a cost of",
        ] {
            assert!(page.contains(said), "no {said} in {page}");
        }
        for row in [
            ["A fibre", "needed by 2 hall", "2027-04  2027-07   6.0"],
            ["A substation  panther-creek-01", "MW: 40.0 connection", "2027-04  2027-10  20.0"],
            ["1,000  S21", "panther-creek-01  panther-creek-02", "2028-04  0.049          0.499"],
            ["500  S21", "panther-creek-01  storage east", "2028-04  0.005              –"],
        ] {
            assert!(page.lines().any(|line| row.iter().all(|cell| line.contains(cell))), "no {row:?} in {page}");
        }
    }

    #[test]
    fn lists_that_do_not_fit_a_printed_page_are_counted_and_stand_in_full() {
        let plan = sample::everything_at(30);
        let page = plain(&plan).join("\n");
        assert!(page.contains("critical paths: 30 · works: 2"), "{page}");
        let full = anstream::adapter::strip_str(&full(&plan, WIDTH)).to_string();
        assert!(full.contains("Critical path") && full.contains("Commitment") && !full.contains('…'));
        assert!(full.lines().all(|line| line.chars().count() <= WIDTH), "{full}");
    }
}
