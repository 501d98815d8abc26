//! A sheet in the making: cells with their looks, and rows along a time axis.

use std::rc::Rc;

use rust_xlsxwriter::utility::column_number_to_name;

use super::term::Term;

/// Where the time axis of every sheet begins; labels and totals stand before it.
pub const FIRST: u16 = 9;
/// Rows above the first of a sheet with a time axis.
pub const HEAD: u32 = 6;

/// What a cell is, which sets its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// Name of a sheet.
    Title,
    /// Head of a block of rows.
    Section,
    /// Head of a column.
    Head,
    /// Words.
    Text,
    /// A fact of the portfolio: may be changed.
    Input,
    /// A fact that must stay as it is: the workbook is made for it.
    Fixed,
    /// A decision of the plan: may be changed.
    Decision,
    /// What the plan says of itself, for comparison.
    Record,
    /// A formula.
    Formula,
    /// A formula that adds up others.
    Total,
    /// A formula that must be nil.
    Check,
    /// A formula that is zero until something is changed.
    Deviation,
    /// A number by which formulas find a row.
    Key,
    /// The way to another sheet.
    Link,
}

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// As it is.
    Plain,
    /// Whole dollars.
    Dollars,
    /// Dollars and cents.
    Cents,
    /// Per cent.
    Share,
    /// Six decimals.
    Factor,
    /// A day.
    Day,
    /// A whole number.
    Whole,
    /// A month, counted from the start.
    Month,
    /// Yes or no: 1 or 0.
    Flag,
    /// Months of a contract, of which the workbook has no more.
    Term,
    /// Per cent, from none to all.
    Portion,
    /// Three decimals.
    Thousandths,
}

/// What stands in a cell.
#[derive(Debug, Clone)]
pub enum Content {
    /// Words.
    Text(String),
    /// A number.
    Number(f64),
    /// A formula with its result.
    Formula(Term),
    /// The way to a sheet of this name.
    Link(&'static str),
}

/// How a sheet lies on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Print {
    /// On pages as wide as the sheet.
    Wide,
    /// So many periods: as many side by side as can be read.
    Periods(u16),
    /// So many months, of which paper has the first.
    Months(u16),
}

/// A cell.
#[derive(Debug, Clone)]
pub struct Cell {
    pub row: u32,
    pub column: u16,
    pub content: Content,
    pub look: Look,
    pub shown: Shown,
}

/// A row along the time axis, with its figures.
#[derive(Debug, Clone)]
pub struct Row {
    sheet: &'static str,
    /// Counted from one.
    number: u32,
    values: Rc<[f64]>,
}

impl Row {
    /// Its cell at a place of the axis.
    pub fn at(&self, place: usize) -> Term {
        let text = format!("{}{}{}", prefix(self.sheet), letters(place), self.number);
        Term::atom(text, self.values.get(place).copied().unwrap_or(0.0))
    }

    /// One cell of it, wherever it is asked from.
    pub fn fixed(&self, place: usize) -> Term {
        let text = format!("{}${}${}", prefix(self.sheet), letters(place), self.number);
        Term::atom(text, self.values.get(place).copied().unwrap_or(0.0))
    }

    /// The cell before a place; before the first stands nothing.
    pub fn before(&self, place: usize) -> Term {
        if let Some(before) = place.checked_sub(1) {
            return self.at(before);
        }
        let text = format!("{}{}{}", prefix(self.sheet), column_number_to_name(FIRST - 1), self.number);
        Term::atom(text, 0.0)
    }

    /// All its cells.
    pub fn range(&self) -> String {
        let last = letters(self.values.len().saturating_sub(1));
        format!("{}${}${row}:${last}${row}", prefix(self.sheet), letters(0), row = self.number)
    }

    /// Its figures.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The sum of all its cells.
    pub fn total(&self) -> Term {
        Term::atom(format!("SUM({})", self.range()), self.values.iter().sum())
    }
}

/// The sheet's name as formulas write it.
pub fn prefix(sheet: &str) -> String {
    if sheet.contains(' ') { format!("'{sheet}'!") } else { format!("{sheet}!") }
}

/// Letters of a place of the axis.
pub fn letters(place: usize) -> String {
    column_number_to_name(column_of(place))
}

/// Column of a place of the axis.
pub fn column_of(place: usize) -> u16 {
    FIRST.saturating_add(u16::try_from(place).unwrap_or(u16::MAX))
}

/// What stands before the time axis in a row of figures.
#[derive(Debug, Clone, Default)]
pub struct Labels(pub Vec<String>);

impl Labels {
    /// A row of a calculation: what it is, of what, in which unit.
    pub fn of(subject: impl Into<String>, what: &str, unit: &str) -> Self {
        Self(vec![String::new(), String::new(), subject.into(), what.to_owned(), unit.to_owned()])
    }
}

/// A sheet in the making.
#[derive(Debug)]
pub struct Sheet {
    pub name: &'static str,
    pub cells: Vec<Cell>,
    /// The next free row.
    pub next: u32,
    /// Rows and columns that stay in view.
    pub frozen: (u32, u16),
    /// Column widths, from the first on: at least so much.
    pub widths: Vec<f64>,
    pub print: Print,
}

impl Sheet {
    /// An empty sheet with a title and what it says.
    pub fn new(name: &'static str, title: &str, note: &str) -> Self {
        let mut sheet = Self { name, cells: vec![], next: 3, frozen: (0, 0), widths: vec![], print: Print::Wide };
        sheet.words(0, 0, title, Look::Title);
        sheet.words(1, 0, note, Look::Text);
        sheet
    }

    /// Words in a cell.
    pub fn words(&mut self, row: u32, column: u16, text: &str, look: Look) {
        if !text.is_empty() {
            self.cells.push(Cell { row, column, content: Content::Text(text.to_owned()), look, shown: Shown::Plain });
        }
    }

    /// The way to a sheet.
    pub fn link(&mut self, row: u32, column: u16, to: &'static str) {
        self.cells.push(Cell { row, column, content: Content::Link(to), look: Look::Link, shown: Shown::Plain });
    }

    /// A number in a cell, to be referred to.
    pub fn number(&mut self, row: u32, column: u16, value: f64, look: Look, shown: Shown) -> Term {
        // No spreadsheet knows a number that is none.
        let value = if value.is_finite() { value } else { 0.0 };
        self.cells.push(Cell { row, column, content: Content::Number(value), look, shown });
        self.reference(row, column, value)
    }

    /// A formula in a cell, to be referred to.
    pub fn formula(&mut self, row: u32, column: u16, term: &Term, look: Look, shown: Shown) -> Term {
        // No engine knows a nil below nil.
        let mut term = term.clone();
        term.value += 0.0;
        let content = Content::Formula(term.clone());
        self.cells.push(Cell { row, column, content, look, shown });
        self.reference(row, column, term.value)
    }

    fn reference(&self, row: u32, column: u16, value: f64) -> Term {
        let text = format!("{}${}${}", prefix(self.name), column_number_to_name(column), row + 1);
        Term::atom(text, value)
    }

    /// A head of a block.
    pub fn section(&mut self, text: &str) {
        self.next += 1;
        self.words(self.next, 0, text, Look::Section);
        self.next += 1;
    }

    /// Heads of columns in the next row.
    pub fn heads(&mut self, texts: &[&str]) {
        for (column, text) in (0..).zip(texts) {
            self.words(self.next, column, text, Look::Head);
        }
        self.next += 1;
    }

    fn label(&mut self, labels: &Labels) -> u32 {
        for (column, text) in (0..).zip(&labels.0) {
            self.words(self.next, column, text, Look::Text);
        }
        self.next += 1;
        self.next - 1
    }

    /// A row of given figures.
    pub fn figures(&mut self, labels: &Labels, look: Look, shown: Shown, values: impl IntoIterator<Item = f64>) -> Row {
        let row = self.label(labels);
        let mut column = FIRST;
        let mut kept = vec![];
        for value in values {
            kept.push(self.number(row, column, value, look, shown).value);
            column = column.saturating_add(1);
        }
        Row { sheet: self.name, number: row + 1, values: kept.into() }
    }

    /// A row of one formula. It is handed its place, and the cell before it in the same row.
    pub fn series(
        &mut self,
        labels: &Labels,
        look: Look,
        shown: Shown,
        places: usize,
        at: impl Fn(usize, Term) -> Term,
    ) -> Row {
        let row = self.label(labels);
        let mut values = Vec::with_capacity(places);
        for place in 0..places {
            let column = column_of(place);
            let before = format!("{}{}{}", prefix(self.name), column_number_to_name(column - 1), row + 1);
            let before = Term::atom(before, values.last().copied().unwrap_or(0.0));
            values.push(self.formula(row, column, &at(place, before), look, shown).value);
        }
        Row { sheet: self.name, number: row + 1, values: values.into() }
    }
}
