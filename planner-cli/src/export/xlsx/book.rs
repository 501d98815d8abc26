//! Sheets as bytes of a workbook.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use rust_xlsxwriter::{
    Chart, Color, ConditionalFormatCell, ConditionalFormatCellRule, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Formula, Workbook, Worksheet,
};

use super::sheet::{Cell, Content, FIRST, Look, Sheet, Shown, prefix};

const INPUT: u32 = 0x00_00_FF;
/// What must not be changed.
const FIXED: u32 = 0x00_00_00;
const DECISION: u32 = 0x00_70_30;
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
            format.set_bold().set_background_color(Color::RGB(0xD9_E1F2)).set_border_bottom(FormatBorder::Thin)
        }
        Look::Input => format.set_font_color(Color::RGB(INPUT)).set_background_color(Color::RGB(0xFF_FFE5)),
        Look::Fixed => format.set_font_color(Color::RGB(FIXED)).set_background_color(Color::RGB(0xF2_F2F2)),
        Look::Decision => format.set_font_color(Color::RGB(DECISION)).set_background_color(Color::RGB(0xE2_EFDA)),
        Look::Record => format.set_font_color(Color::RGB(0x59_5959)).set_background_color(Color::RGB(0xED_EDED)),
        Look::Text | Look::Formula => format,
        Look::Total => format.set_bold().set_border_top(FormatBorder::Thin),
        Look::Check => format.set_italic(),
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
            page.set_name("Charts")?.set_landscape().set_print_fit_to_pages(1, 0);
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
    let mut last = (0, 0);
    for Cell { row, column, content, look, shown } in &sheet.cells {
        let format = formats.entry((*look, *shown)).or_insert_with(|| format(*look, *shown));
        match content {
            Content::Text(text) => page.write_string_with_format(*row, *column, text, format)?,
            Content::Number(number) => page.write_number_with_format(*row, *column, *number, format)?,
            Content::Formula(term) => {
                let text = format!("={}", term.text().replace(&own, ""));
                let value = if term.value.is_finite() { term.value } else { 0.0 };
                page.write_formula_with_format(*row, *column, Formula::new(text).set_result(value.to_string()), format)?
            }
        };
        if *look == Look::Check {
            last = (last.0.max(*row), last.1.max(*column));
        }
    }
    for (column, width) in (0..).zip(&sheet.widths) {
        page.set_column_width(column, *width)?;
    }
    let widest = sheet.cells.iter().map(|cell| cell.column).max().unwrap_or(0);
    if sheet.frozen.1 == 4 && widest >= FIRST {
        page.set_column_range_width(FIRST, widest, AXIS_WIDTH)?;
    }
    if sheet.frozen != (0, 0) {
        page.set_freeze_panes(sheet.frozen.0, sheet.frozen.1)?;
        page.set_repeat_rows(3, sheet.frozen.0.saturating_sub(1).max(3))?;
        page.set_repeat_columns(0, sheet.frozen.1.saturating_sub(1))?;
    }
    page.set_landscape().set_paper_size(8).set_print_scale(60);
    page.set_footer("&L&A&RPage &P of &N");
    if last != (0, 0) {
        let rule = |rule, colour| {
            ConditionalFormatCell::new()
                .set_rule(rule)
                .set_format(Format::new().set_background_color(Color::RGB(colour)))
        };
        let (from_row, from_column) = if sheet.name == "Checks" { (5, 8) } else { (last.0, last.1) };
        for (when, colour) in [
            (ConditionalFormatCellRule::NotEqualTo(0.0), 0xFF_C7CE),
            (ConditionalFormatCellRule::EqualTo(0.0), 0xC6_EFCE),
        ] {
            page.add_conditional_format(from_row, from_column, last.0, last.1, &rule(when, colour))?;
        }
    }
    Ok(())
}
