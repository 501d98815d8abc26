//! Tables as text.

use anstyle::Style;
use comfy_table::{CellAlignment, ContentArrangement};
use planner_core::report::table::{Align, Cell, Column, Table};
use planner_core::units::Cents;

use super::format::{break_words, cut, decimals, in_column};

/// Space between columns.
const GUTTER: usize = 2;
/// A column of words is not cut below this.
const NARROWEST: usize = 6;

/// Lines of a table, at most `width` characters wide: long words are cut, never figures.
pub fn lines(table: &Table, width: usize, header: bool) -> Vec<String> {
    let tall = head_height(table) > 1;
    let mut heads: Vec<String> = table.columns.iter().map(|column| head(column, tall)).collect();
    let mut rows = text_rows(table);
    shrink(table, &mut heads, &mut rows, width);

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
    let head_lines = if header { head_height(table) } else { 0 };
    text.lines()
        .map(|line| line.trim_end().to_owned())
        .enumerate()
        .map(|(index, line)| if index < head_lines { format!("{bold}{line}{bold:#}") } else { line })
        .collect()
}

/// The same table with rows of their own for what the last column, if it is of words, has no room for.
pub fn unfolded(table: &Table, width: usize) -> Table {
    let Some(last) = table.columns.len().checked_sub(1) else { return table.clone() };
    if table.columns[last].align == Align::Right {
        return table.clone();
    }
    let texts = text_rows(table);
    let heads: Vec<String> = table.columns.iter().map(|column| head(column, head_height(table) > 1)).collect();
    let of_column = |index: usize| texts.iter().map(move |row| row[index].as_str()).chain(heads[index].lines());
    let others: usize = (0..last).filter_map(|index| of_column(index).map(|text| text.chars().count()).max()).sum();
    let room = width.saturating_sub(others + GUTTER * last).max(NARROWEST);
    let lines = |(row, texts): (&Vec<Cell>, &Vec<String>)| {
        let mut lead = row[..last].to_vec();
        let lines = break_words(&texts[last], room).into_iter().map(|line| {
            let lead = std::mem::replace(&mut lead, vec![Cell::text(""); last]);
            lead.into_iter().chain([Cell::text(line)]).collect()
        });
        lines.collect::<Vec<_>>()
    };
    Table { rows: table.rows.iter().zip(&texts).flat_map(lines).collect(), ..table.clone() }
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

/// Cuts the widest column of words, again and again, until all columns fit.
fn shrink(table: &Table, heads: &mut [String], rows: &mut [Vec<String>], width: usize) {
    let length = |text: &str| text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    let mut widths: Vec<usize> = heads.iter().map(|head| length(head)).collect();
    for row in rows.iter() {
        for (cell, width) in row.iter().zip(&mut widths) {
            *width = (*width).max(length(cell));
        }
    }
    let gutters = GUTTER * table.columns.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gutters > width {
        let widest = (0..widths.len())
            .filter(|index| table.columns[*index].align == Align::Left && widths[*index] > NARROWEST)
            .max_by_key(|index| widths[*index]);
        let Some(widest) = widest else { break };
        widths[widest] -= 1;
    }
    for (index, width) in widths.iter().enumerate() {
        heads[index] = heads[index].lines().map(|line| cut(line, *width)).collect::<Vec<_>>().join("\n");
        for row in rows.iter_mut() {
            row[index] = cut(&row[index], *width);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_and_figures_are_not() {
        let table = Table {
            title: String::new(),
            columns: vec![Column::words("site"), Column::figures("capex", "M$")],
            rows: vec![vec![Cell::text("a-site-with-a-long-name"), Cell::Money(Cents(123_456_789_000))]],
            notes: vec![],
        };
        let lines = lines(&table, 20, true);
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[2], "a-site-wit…  1,234.6");
        assert!(lines[0].contains("site") && lines[1].contains("M$"));
    }

    #[test]
    fn words_that_have_no_room_get_rows() {
        let table = Table {
            title: String::new(),
            columns: vec![Column::words("by"), Column::words("what")],
            rows: vec![
                vec![Cell::text("2027-01"), Cell::text("sign two offers")],
                vec![Cell::text("2027-04"), Cell::text("wait")],
            ],
            notes: vec![],
        };
        let rows = unfolded(&table, 19);
        assert_eq!(lines(&rows, 19, false), ["2027-01  sign two", "         offers", "2027-04  wait"]);
    }
}
