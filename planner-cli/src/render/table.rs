//! Tables as text.

use anstyle::Style;
use comfy_table::{CellAlignment, ContentArrangement};
use planner_core::report::table::{Align, Cell, Column, Table};
use planner_core::units::Cents;

use super::format::{decimals, in_column, wrapped};

/// Space between columns.
const GUTTER: usize = 2;
/// A column of words is not made narrower than this.
const NARROWEST: usize = 6;

/// Lines of a table, `width` characters wide where its figures allow: words go on in further lines, nothing is cut.
pub fn lines(table: &Table, width: usize, header: bool) -> Vec<String> {
    let tall = head_height(table) > 1;
    let mut heads: Vec<String> = table.columns.iter().map(|column| head(column, tall)).collect();
    let mut rows = text_rows(table);
    fit(table, &mut heads, &mut rows, width);

    let head_lines = if header { heads.iter().map(|head| head.lines().count()).max().unwrap_or(0) } else { 0 };
    let mut text = comfy_table::Table::new();
    text.load_style(comfy_table::presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    if header {
        text.set_header(heads);
    }
    text.add_rows(rows);
    let columns = table.columns.len();
    for (index, column) in text.column_iter_mut().enumerate() {
        // Two columns of figures stand two apart; the last column needs no space after it.
        column.set_padding((0, if index + 1 < columns { 2 } else { 0 }));
        if table.columns[index].align == Align::Right {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let bold = Style::new().bold();
    text.lines()
        .map(|line| line.trim_end().to_owned())
        .enumerate()
        .map(|(index, line)| if index < head_lines { format!("{bold}{line}{bold:#}") } else { line })
        .collect()
}

/// Whether a column holds words, which may go on in further lines; dates and figures may not.
fn holds_words(table: &Table, index: usize) -> bool {
    let text = |cell: Option<&Cell>| matches!(cell, None | Some(Cell::Text(_) | Cell::Nothing));
    table.columns[index].align == Align::Left && table.rows.iter().all(|row| text(row.get(index)))
}

/// A table of a few rows of figures with its columns as rows, for where it is too wide.
pub fn turned(table: &Table) -> Table {
    let mut columns: Vec<Column> =
        table.columns.iter().take(1).map(|column| Column::words(column.unit.unwrap_or_default())).collect();
    let texts = text_rows(table);
    columns.extend(texts.iter().filter_map(|row| row.first()).map(Column::measures));
    let row = |index: usize| {
        let cells = texts.iter().filter_map(move |row| row.get(index)).map(Cell::text);
        std::iter::once(Cell::text(table.columns[index].name.as_str())).chain(cells).collect()
    };
    Table { columns, rows: (1..table.columns.len()).map(row).collect(), ..table.clone() }
}

/// Name over unit; where the header has two lines anyway, two words take both.
fn head(column: &Column, tall: bool) -> String {
    match column.unit {
        Some(unit) if !unit.is_empty() => format!("{}\n{unit}", column.name),
        None if tall => column.name.replacen(' ', "\n", 1),
        _ => column.name.clone(),
    }
}

fn head_height(table: &Table) -> usize {
    if table.columns.iter().any(|column| column.unit.is_some_and(|unit| !unit.is_empty())) { 2 } else { 1 }
}

/// Cells as text; the money of a column has the decimals of its largest amount.
pub fn text_rows(table: &Table) -> Vec<Vec<String>> {
    let places: Vec<usize> = (0..table.columns.len())
        .map(|index| {
            let largest = table.rows.iter().filter_map(|row| match row.get(index) {
                Some(Cell::Money(cents)) => Some(Cents(cents.0.saturating_abs())),
                _ => None,
            });
            decimals(largest.max().unwrap_or_default()).max(1)
        })
        .collect();
    table
        .rows
        .iter()
        .map(|row| row.iter().zip(&places).map(|(cell, places)| in_column(cell, *places)).collect())
        .collect()
}

/// Breaks the words of the widest column, again and again, until all columns fit: first between pieces of words, then inside.
fn fit(table: &Table, heads: &mut [String], rows: &mut [Vec<String>], width: usize) {
    let length = |text: &str| text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    let piece =
        |text: &str| text.split([' ', '-', '/', '\n']).map(|piece| piece.chars().count() + 1).max().unwrap_or(0);
    let mut widths: Vec<usize> = heads.iter().map(|head| length(head)).collect();
    let mut pieces: Vec<usize> = heads.iter().map(|head| piece(head)).collect();
    for row in rows.iter() {
        for (index, cell) in row.iter().enumerate() {
            widths[index] = widths[index].max(length(cell));
            pieces[index] = pieces[index].max(piece(cell));
        }
    }
    let room = width.saturating_sub(GUTTER * table.columns.len().saturating_sub(1));
    for least in [pieces, vec![NARROWEST; widths.len()]] {
        while widths.iter().sum::<usize>() > room {
            let words = |index: &usize| holds_words(table, *index);
            let wide = |index: &usize| widths[*index] > least[*index].max(NARROWEST);
            let Some(widest) = (0..widths.len()).filter(words).filter(wide).max_by_key(|index| widths[*index]) else {
                break;
            };
            widths[widest] -= 1;
        }
    }
    let broken =
        |text: &str, width: usize| text.lines().flat_map(|line| wrapped(line, width)).collect::<Vec<_>>().join("\n");
    for (index, width) in widths.iter().enumerate() {
        heads[index] = broken(&heads[index], *width);
        for row in rows.iter_mut() {
            row[index] = broken(&row[index], *width);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_on_in_further_lines_and_figures_stay() {
        let table = Table {
            title: String::new(),
            columns: vec![Column::words("site"), Column::figures("capex", "M$")],
            rows: vec![vec![Cell::text("a-site-with-a-long-name"), Cell::Money(Cents(123_456_789_000))]],
            notes: vec![],
        };
        let lines = lines(&table, 20, true);
        assert_eq!(lines[2..], ["a-site-    1,234.6", "with-a-", "long-name"]);
        assert!(lines[0].contains("site") && lines[1].contains("M$"));
    }

    #[test]
    fn no_word_is_lost_at_any_width() {
        let words = "Panther Creek (panther-creek) sign two offers";
        let table = Table {
            title: String::new(),
            columns: vec![Column::words("by"), Column::words("what"), Column::figures("cost", "M$")],
            rows: vec![vec![Cell::text("2027-01"), Cell::text(words), Cell::Money(Cents(100))]],
            notes: vec![],
        };
        for width in 10..90 {
            let text = lines(&table, width, false).join(" ");
            let letters = |text: &str| {
                let mut letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
                letters.sort_unstable();
                letters
            };
            assert_eq!(letters(&text), letters(&format!("2027-01{words}0.000")), "{width}: {text}");
        }
    }
}
