//! What may be entered in a cell of facts or decisions: nothing that the formulas could only misread.

use anyhow::Result;
use rust_xlsxwriter::{DataValidation, DataValidationRule, ProtectionOptions, Worksheet};

use super::sheet::{Cell, Content, Look, Sheet, Shown};

/// Figures that a cell takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Allowed {
    pub least: f64,
    pub most: f64,
    pub whole: bool,
    /// In words, for whoever enters something else.
    said: &'static str,
}

/// 1 January 1990 and 31 December 2199, in days since the spreadsheet's first.
const DAYS: (f64, f64) = (32_874.0, 109_573.0);
/// A thousand years of months.
const MONTHS: f64 = 12_000.0;
/// A million million.
const MOST: f64 = 1e12;

/// What a cell of facts or decisions takes, by what it shows.
pub fn allowed(shown: Shown, value: f64) -> Allowed {
    let of = |least, most, whole, said| Allowed { least, most, whole, said };
    match shown {
        Shown::Flag => of(0.0, 1.0, true, "1 for yes, 0 for no."),
        Shown::Portion => of(0.0, 1.0, false, "A share from 0 % to 100 %."),
        Shown::Share => of(-1.0, 10.0, false, "A share or a rate from -100 % to 1000 %."),
        Shown::Day => of(DAYS.0, DAYS.1, true, "A day from 1990 to 2199."),
        Shown::Month => of(-MONTHS, MONTHS, true, "A month, counted from the start: a whole number."),
        Shown::Term => of(
            1.0,
            value.max(1.0),
            true,
            "Whole months, and no more than the plan's: the workbook has no columns for more.",
        ),
        Shown::Whole => of(0.0, 1e9, true, "A whole number from 0 on."),
        Shown::Plain | Shown::Thousandths | Shown::Factor => of(0.0, MOST, false, "A number from 0 on."),
        Shown::Dollars | Shown::Cents => of(-MOST, MOST, false, "An amount in dollars: a number."),
    }
}

impl Allowed {
    fn validation(self) -> Result<DataValidation> {
        let rule =
            DataValidation::new().set_error_title("The workbook cannot read this")?.set_error_message(self.said)?;
        Ok(match (self.least, self.most) {
            (least, most) if self.whole && (least, most) == (0.0, 1.0) => rule.allow_list_strings(&["0", "1"])?,
            #[allow(clippy::cast_possible_truncation)]
            (least, most) if self.whole => {
                rule.allow_whole_number(DataValidationRule::Between(least as i32, most as i32))
            }
            (least, most) => rule.allow_decimal_number(DataValidationRule::Between(least, most)),
        })
    }
}

fn number(cell: &Cell) -> Option<(Shown, f64)> {
    match (&cell.content, cell.look) {
        (Content::Number(value), Look::Input | Look::Decision) => Some((cell.shown, *value)),
        _ => None,
    }
}

/// Rules for all cells that may be changed, a rule for each run of like cells in a row; and locks on what must stay.
pub fn guard(page: &mut Worksheet, sheet: &Sheet) -> Result<()> {
    let mut run: Option<(u32, u16, u16, Allowed)> = None;
    for cell in &sheet.cells {
        let Some((shown, value)) = number(cell) else { continue };
        let rule = allowed(shown, value);
        match &mut run {
            Some((row, _, last, same)) if *row == cell.row && *last + 1 == cell.column && *same == rule => *last += 1,
            _ => {
                finish(page, run)?;
                run = Some((cell.row, cell.column, cell.column, rule));
            }
        }
    }
    finish(page, run)?;
    if sheet.cells.iter().any(|cell| cell.look == Look::Fixed) {
        page.protect_with_options(&ProtectionOptions {
            format_cells: true,
            format_columns: true,
            ..Default::default()
        });
    }
    Ok(())
}

fn finish(page: &mut Worksheet, run: Option<(u32, u16, u16, Allowed)>) -> Result<()> {
    if let Some((row, first, last, rule)) = run {
        page.add_data_validation(row, first, row, last, &rule.validation()?)?;
    }
    Ok(())
}
