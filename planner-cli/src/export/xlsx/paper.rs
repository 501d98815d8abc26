//! How sheets lie on paper: landscape, with heads and labels on every page.

use anyhow::Result;
use rust_xlsxwriter::Worksheet;

use super::sheet::{FIRST, Print, Sheet};

const A3: u8 = 8;
const A4: u8 = 9;
/// Periods that can be read side by side on A3.
const PERIODS: u16 = 26;
/// Months that paper has; calculations by month are for the screen.
const MONTHS: u16 = 24;
pub const FOOTER: &str = "&L&F: &A&RPage &P of &N";
const FOOTER_OF_MONTHS: &str = "&L&F: &A, the first 24 months&RPage &P of &N";

/// Sets up the pages of a sheet.
pub fn lay_out(page: &mut Worksheet, sheet: &Sheet) -> Result<()> {
    let last = sheet.cells.iter().map(|cell| cell.row).max().unwrap_or(0);
    if sheet.frozen != (0, 0) {
        page.set_freeze_panes(sheet.frozen.0, sheet.frozen.1)?;
        page.set_repeat_rows(0, sheet.frozen.0.saturating_sub(1).max(3))?;
        page.set_repeat_columns(0, sheet.frozen.1.saturating_sub(1))?;
    }
    page.set_landscape().set_paper_size(if sheet.print == Print::Wide && sheet.frozen == (0, 0) { A4 } else { A3 });
    page.set_footer(FOOTER);
    // Keys stand behind the axis and are not for paper.
    let up_to = |columns: u16| FIRST.saturating_add(columns).saturating_sub(1);
    match sheet.print {
        Print::Wide => page.set_print_fit_to_pages(1, 0),
        Print::Periods(periods) => {
            let pages = periods.div_ceil(PERIODS).max(1);
            page.set_print_area(0, 0, last, up_to(periods))?.set_print_fit_to_pages(pages, 0)
        }
        Print::Months(months) => {
            let footer = if months > MONTHS { FOOTER_OF_MONTHS } else { FOOTER };
            let area = page.set_print_area(0, 0, last, up_to(months.min(MONTHS)))?;
            area.set_footer(footer).set_print_fit_to_pages(1, 0)
        }
    };
    Ok(())
}
