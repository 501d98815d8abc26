//! The decision page as text.

use anstyle::Style;
use planner_core::plan::Plan;
use planner_core::report::page::{Room, pages};
use planner_core::report::table::{Align, Block, Fact, Page, Section};

use super::format::{break_words, fact, words};
use super::table;

/// Columns of the page.
pub const WIDTH: usize = 100;
/// Lines of the page.
const LINES: usize = 45;
/// Where facts begin.
const INDENT: usize = 15;
/// Most rows of the lists of a page.
const FULL: Room = Room { sites: 24, lists: 5, next: 5 };
/// Rows of lists and next steps, the longest first, that give way to a row for every site.
const SHORTER: [(usize, usize); 8] = [(4, 5), (3, 5), (2, 5), (1, 5), (1, 4), (1, 3), (0, 5), (0, 3)];
/// Where there are more sites than fit: lists and next steps beside them, the longer ones if some sites have room.
const BESIDE_MANY: [(usize, usize); 3] = [(2, 5), (1, 3), (0, 3)];
/// Fewest rows of sites.
const FEWEST_SITES: usize = 4;

/// The page with every row and every word, however many lines they take.
pub fn full(plan: &Plan) -> String {
    page_lines(&unfolded(pages(plan)(Room::ALL))).join("\n")
}

/// The page, with as many rows as 45 lines hold: first of sites, then of the lists; then with what words they have room for.
pub fn text(plan: &Plan) -> String {
    let page = pages(plan);
    let lines = |room| page_lines(&page(room));
    let fits = |lines: &[String]| lines.len() <= LINES;
    let with = |(lists, next)| Room { lists, next, ..FULL };
    let shortest = SHORTER.last().map_or(FULL, |last| with(*last));
    if fits(&lines(shortest)) {
        let rooms = std::iter::once(FULL).chain(SHORTER.map(with));
        let forms = rooms.flat_map(|room| [page_lines(&unfolded(page(room))), lines(room)]);
        let longest = forms.into_iter().find(|lines| fits(lines));
        return longest.unwrap_or_default().join("\n");
    }
    let mut text = vec![];
    for (lists, next) in BESIDE_MANY {
        let room = |sites| Room { sites, lists, next };
        let rows: Vec<usize> = (FEWEST_SITES..=FULL.sites).collect();
        let fitting = rows.partition_point(|sites| fits(&lines(room(*sites))));
        text = lines(room(rows[fitting.saturating_sub(1)]));
        if fitting > 0 {
            break;
        }
    }
    text.join("\n")
}

/// The same page with every word of its tables.
fn unfolded(mut page: Page) -> Page {
    for section in &mut page.sections {
        let width = if section.title.is_empty() { WIDTH } else { WIDTH - INDENT };
        for block in &mut section.blocks {
            if let Block::Table(table) = block {
                *table = table::unfolded(table, width);
            }
        }
    }
    page
}

fn page_lines(page: &Page) -> Vec<String> {
    let bold = Style::new().bold();
    let mut lines = vec![format!("{bold}{}{bold:#}", words(&page.title))];
    let mut after_table = false;
    for section in &page.sections {
        if after_table && !section.title.is_empty() {
            lines.push(String::new());
        }
        after_table = section.title.is_empty();
        lines.extend(section_lines(section, WIDTH));
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
                lines.extend(table.notes.clone());
            }
            Block::Table(table) => {
                // Figures need their names, words speak for themselves.
                let header = table.columns.iter().any(|column| column.align == Align::Right);
                for line in table::lines(table, width - INDENT, header) {
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
        let text = anstream::adapter::strip_str(&text(plan)).to_string();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_dozen_sites_fit_a_page() {
        for sites in [1, 12, 40] {
            let mut plan = sample::with_sites(sites);
            plan.status = planner_core::plan::Status::WithinGap;
            let lines = plain(&plan);
            assert!(lines.len() <= LINES, "{sites} sites: {} lines", lines.len());
            let widest = lines.iter().map(|line| line.chars().count()).max();
            assert!(widest <= Some(WIDTH), "{sites} sites: {widest:?}\n{}", lines.join("\n"));
            if sites <= 12 {
                assert_eq!(lines.iter().filter(|line| line.starts_with("panther-creek-")).count(), sites as usize);
            }
        }
    }

    #[test]
    fn the_page_reads_as_agreed() {
        let lines = plain(&sample::plan());
        assert!(lines[1].starts_with("The ask"), "{}", lines[1]);
        let last = lines[lines.len() - 2..].join("\n");
        assert!(last.contains("audit passed\n") && last.contains("bound without a solver"), "{last}");
    }

    #[test]
    fn works_moves_and_sites_that_are_left_have_their_lines() {
        let page = plain(&sample::with_everything()).join("\n");
        assert!(
            page.contains(
                "\
Critical path  liquid at 2 sites, months: design 3 → transformer-order 12 → fit-out 3
Works [M$]     work        where             adds                            start    finish   cost
               fibre       2 sites           needed by 2 hall groups         2027-04  2027-07   6.0
               substation  panther-creek-01  MW: 40.0 connection, 40.0 firm  2027-04  2027-10  20.0
Sites          stoneridge mothballed from 2029-01 until 2029-10, saves 0.750 M$
               stoneridge sold in 2030-01 for 12.0 M$
"
            ),
            "{page}"
        );
        assert!(
            page.contains(
                "\
Moves [M$]     machines  model  from              to                when      cost  year's margin
                  1,000  S21    panther-creek-01  panther-creek-02  2028-04  0.049          0.499
                    500  S21    panther-creek-01  storage/east      2028-04  0.005              –
                    100  S21    storage/east      panther-creek-01  2028-07  0.003          0.050
"
            ),
            "{page}"
        );
        assert!(page.contains("moved 1,100 · stored 500 · at a cost of"), "{page}");
    }

    #[test]
    fn a_page_with_everything_many_times_is_still_a_page() {
        let mut plan = sample::everything_at(30);
        plan.status = planner_core::plan::Status::WithinGap;
        plan.inputs.offers[0].status = planner_core::domain::offer::OfferStatus::LetterOfIntent { plan_on: true };
        for _ in 0..3 {
            plan.decisions.works.extend(plan.decisions.works.clone());
            plan.decisions.machines.extend(plan.decisions.machines.clone());
            plan.decisions.sites.extend(plan.decisions.sites.clone());
        }
        for (index, conversion) in plan.decisions.conversions.iter_mut().enumerate() {
            conversion.phases.truncate(1 + index % 4);
        }
        let lines = plain(&plan);
        assert!(lines.len() <= LINES, "{} lines\n{}", lines.len(), lines.join("\n"));
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH), "{}", lines.join("\n"));
        assert!(lines.iter().any(|line| line.contains("export csv")));
    }
}
