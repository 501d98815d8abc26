//! Sheets as bytes of a workbook.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use rust_xlsxwriter::{
    Chart, Color, ConditionalFormatCell, ConditionalFormatCellRule, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, FormatUnderline, Formula, Url, Workbook, Worksheet,
};

use super::sheet::{Cell, Content, FIRST, Look, Sheet, Shown, prefix};
use super::{charts, inputs, paper};
use crate::render::format::cut;

const INPUT: u32 = 0x00_00_FF;
/// What must not be changed.
const FIXED: u32 = 0x00_00_00;
const DECISION: u32 = 0x00_70_30;
/// A cell holds no more letters than this.
const LONGEST_TEXT: usize = 32_000;
/// Width of a letter of words, in those of figures.
const LETTER_WIDTH: f64 = 0.9;
/// Width of a letter of a head, with what is lost where words part.
const HEAD_LETTER: f64 = 1.1;
/// Height of a line of words.
const LINE: f64 = 12.5;
/// No column of words is wider.
const WIDEST: f64 = 70.0;
/// Width of a column of the time axis, for a thousand million dollars.
const AXIS_WIDTH: f64 = 13.0;

/// A chart and where it stands.
pub struct Placed {
    pub chart: Chart,
    pub row: u32,
}

fn format(look: Look, shown: Shown) -> Format {
    let format = Format::new().set_font_name("Arial").set_font_size(9);
    let format = match shown {
        Shown::Plain => format,
        Shown::Dollars => format.set_num_format("#,##0;[Red]-#,##0;\"-\""),
        Shown::Cents => format.set_num_format("#,##0.00;[Red]-#,##0.00;\"-\""),
        Shown::Share | Shown::Portion => format.set_num_format("0.00%"),
        Shown::Factor => format.set_num_format("0.000000"),
        Shown::Day => format.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Right),
        Shown::Whole | Shown::Month | Shown::Flag | Shown::Term => format.set_num_format("0"),
        Shown::Thousandths => format.set_num_format("#,##0.000;-#,##0.000;\"-\""),
    };
    match look {
        Look::Title => format.set_font_size(16).set_bold(),
        Look::Section => format.set_bold().set_font_color(Color::RGB(0x1F_3864)),
        Look::Head => {
            let format = format.set_bold().set_background_color(Color::RGB(0xD9_E1F2));
            format.set_border_bottom(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::Top)
        }
        Look::Input => {
            format.set_unlocked().set_font_color(Color::RGB(INPUT)).set_background_color(Color::RGB(0xFF_FFE5))
        }
        Look::Fixed => format.set_font_color(Color::RGB(FIXED)).set_background_color(Color::RGB(0xF2_F2F2)),
        Look::Decision => format.set_font_color(Color::RGB(DECISION)).set_background_color(Color::RGB(0xE2_EFDA)),
        Look::Record => format.set_font_color(Color::RGB(0x59_5959)).set_background_color(Color::RGB(0xED_EDED)),
        Look::Text | Look::Formula => format,
        Look::Total => format.set_bold().set_border_top(FormatBorder::Thin),
        Look::Check | Look::Deviation => format.set_italic(),
        Look::Link => format.set_font_color(Color::RGB(0x05_63C1)).set_underline(FormatUnderline::Single),
        Look::Key => format.set_font_color(Color::RGB(0xA6_A6A6)),
    }
}

/// The bytes.
///
/// # Errors
/// When a sheet cannot be written, as when it has more rows or columns than a spreadsheet.
pub fn bytes(sheets: &[Sheet], names: &[(&str, String)], charts: &[Placed]) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    // No clock: the same plan makes the same file.
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&day));
    let mut formats: BTreeMap<(Look, Shown), Format> = BTreeMap::new();
    for sheet in sheets {
        let page = book.add_worksheet();
        write(page, sheet, &mut formats).with_context(|| format!("the sheet {} cannot be written", sheet.name))?;
        if sheet.name == "Returns" {
            let page = book.add_worksheet();
            page.set_name("Charts")?.set_landscape().set_print_scale(70).set_footer(paper::FOOTER);
            page.set_page_breaks(&[2 * charts::ROWS, 4 * charts::ROWS])?;
            for Placed { chart, row } in charts {
                page.insert_chart(*row, 0, chart)?;
            }
        }
    }
    for (name, cell) in names {
        book.define_name(*name, &format!("={cell}"))?;
    }
    Ok(book.save_to_buffer()?)
}

fn write(page: &mut Worksheet, sheet: &Sheet, formats: &mut BTreeMap<(Look, Shown), Format>) -> Result<()> {
    page.set_name(sheet.name)?;
    let own = prefix(sheet.name);
    for Cell { row, column, content, look, shown } in &sheet.cells {
        let format = formats.entry((*look, *shown)).or_insert_with(|| format(*look, *shown));
        match content {
            Content::Text(text) => page.write_string_with_format(*row, *column, cut(text, LONGEST_TEXT), format)?,
            Content::Number(number) => page.write_number_with_format(*row, *column, *number, format)?,
            Content::Formula(term) => {
                let text = format!("={}", term.text().replace(&own, ""));
                let value = if term.value.is_finite() { term.value } else { 0.0 };
                page.write_formula_with_format(*row, *column, Formula::new(text).set_result(value.to_string()), format)?
            }
            Content::Link(to) => {
                let place = Url::new(format!("internal:'{to}'!A1")).set_text(*to);
                page.write_url_with_format(*row, *column, place, format)?
            }
        };
    }
    let widths = columns(page, sheet)?;
    heads(page, sheet, &widths)?;
    paper::lay_out(page, sheet)?;
    inputs::guard(page, sheet)?;
    colour(page, sheet, Look::Check, [0xFF_C7CE, 0xC6_EFCE])?;
    colour(page, sheet, Look::Deviation, [0xFF_EB9C, 0xC6_EFCE])
}

/// As wide as asked for, and as the words that stand there need where the next column would cut them.
fn columns(page: &mut Worksheet, sheet: &Sheet) -> Result<Vec<f64>> {
    let mut widths = vec![];
    let widest = sheet.cells.iter().map(|cell| cell.column).max().unwrap_or(0);
    let axis = sheet.frozen.1 == 4 && widest >= FIRST;
    if axis {
        page.set_column_range_width(FIRST, widest, AXIS_WIDTH)?;
    }
    let mut last: BTreeMap<u32, u16> = BTreeMap::new();
    for cell in &sheet.cells {
        let last = last.entry(cell.row).or_default();
        *last = cell.column.max(*last);
    }
    let is_followed = |cell: &Cell| last.get(&cell.row).is_some_and(|last| *last > cell.column);
    for (column, width) in (0..).zip(&sheet.widths) {
        let words = sheet.cells.iter().filter(|cell| cell.column == column && cell.look == Look::Text);
        let longest = words.filter(|cell| cell.row > 1 && is_followed(cell)).filter_map(|cell| match &cell.content {
            Content::Text(text) => u16::try_from(text.chars().count()).ok(),
            _ => None,
        });
        let needed = longest.max().map_or(0.0, |letters| f64::from(letters) * LETTER_WIDTH + 1.0);
        widths.push(width.max(needed.min(WIDEST)));
        page.set_column_width(column, width.max(needed.min(WIDEST)))?;
    }
    Ok(widths)
}

/// Heads are as high as their words need: not every program finds that out for itself.
fn heads(page: &mut Worksheet, sheet: &Sheet, widths: &[f64]) -> Result<()> {
    let mut lines: BTreeMap<u32, f64> = BTreeMap::new();
    for cell in sheet.cells.iter().filter(|cell| cell.look == Look::Head) {
        let Content::Text(text) = &cell.content else { continue };
        let width = widths.get(usize::from(cell.column)).copied().unwrap_or(AXIS_WIDTH);
        let letters = f64::from(u16::try_from(text.chars().count()).unwrap_or(u16::MAX));
        let own = lines.entry(cell.row).or_insert(1.0);
        *own = own.max((letters * HEAD_LETTER / width).ceil());
    }
    for (row, lines) in lines.into_iter().filter(|(_, lines)| *lines > 1.0) {
        page.set_row_height(row, lines * LINE)?;
    }
    Ok(())
}

/// Two colours for cells of a look: where they are not zero, and where they are.
fn colour(page: &mut Worksheet, sheet: &Sheet, look: Look, colours: [u32; 2]) -> Result<()> {
    let cells = || sheet.cells.iter().filter(|cell| cell.look == look);
    let rows = cells().map(|cell| cell.row).collect::<BTreeSet<_>>();
    let Some(last) = cells().map(|cell| cell.column).max() else { return Ok(()) };
    let rule = |rule, colour| {
        let format = Format::new().set_background_color(Color::RGB(colour));
        ConditionalFormatCell::new().set_rule(rule).set_format(format)
    };
    for row in rows {
        let first = cells().filter(|cell| cell.row == row).map(|cell| cell.column).min().unwrap_or(last);
        let last = cells().filter(|cell| cell.row == row).map(|cell| cell.column).max().unwrap_or(last);
        for (when, colour) in [ConditionalFormatCellRule::NotEqualTo(0.0), ConditionalFormatCellRule::EqualTo(0.0)]
            .into_iter()
            .zip(colours)
        {
            page.add_conditional_format(row, first, row, last, &rule(when, colour))?;
        }
    }
    Ok(())
}
