//! The shapes reports come in: typed cells in tables and labelled facts.

use jiff::civil::Date;

use crate::units::Cents;

/// A value as it is known; a renderer chooses the text.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// Money, read in millions of dollars.
    Money(Cents),
    /// Money, read in whole dollars.
    Dollars(Cents),
    /// Megawatts, gross or IT as the unit says.
    Megawatts(f64),
    /// A share of a whole or a rate, `0.08` for 8 %.
    Share(f64),
    /// A day.
    Date(Date),
    /// A month, by one of its days.
    Month(Date),
    /// Days; negative is late.
    Days(i32),
    /// Things counted.
    Count(i64),
    /// A number with so many decimals.
    Number(f64, usize),
    /// Nothing to say here.
    Nothing,
}

impl Cell {
    /// Words.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A value, or nothing.
    #[must_use]
    pub fn some<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Nothing, cell)
    }
}

/// Where a column's cells stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// A column: name, unit, alignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// As printed.
    pub name: String,
    /// Unit of all its cells, where they have one.
    pub unit: Option<&'static str>,
    /// Where its cells stand.
    pub align: Align,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn words(name: impl Into<String>) -> Self {
        Self { name: name.into(), unit: None, align: Align::Left }
    }

    /// A column of figures.
    #[must_use]
    pub fn figures(name: impl Into<String>, unit: &'static str) -> Self {
        Self { name: name.into(), unit: Some(unit), align: Align::Right }
    }

    /// A column of figures each of which says its unit, or whose row does.
    #[must_use]
    pub fn measures(name: impl Into<String>) -> Self {
        Self { name: name.into(), unit: None, align: Align::Right }
    }
}

/// A named table. Every row has a cell for every column.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// As printed.
    pub title: String,
    /// Left to right.
    pub columns: Vec<Column>,
    /// Top to bottom.
    pub rows: Vec<Vec<Cell>>,
    /// What a reader must know to read it right.
    pub notes: Vec<String>,
}

/// A labelled value.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// How much; [`Cell::Nothing`] when the label says it all.
    pub value: Cell,
    /// Unit after the value, where the cell has none of its own.
    pub unit: &'static str,
}

impl Fact {
    /// A labelled value whose cell says its unit.
    #[must_use]
    pub fn new(label: impl Into<String>, value: Cell) -> Self {
        Self { label: label.into(), value, unit: "" }
    }

    /// A labelled value with a unit.
    #[must_use]
    pub fn with_unit(label: impl Into<String>, value: Cell, unit: &'static str) -> Self {
        Self { label: label.into(), value, unit }
    }

    /// A sentence.
    #[must_use]
    pub fn sentence(text: impl Into<String>) -> Self {
        Self::new(text, Cell::Nothing)
    }
}

/// What a section holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Facts in reading order; a renderer may put several on one line.
    Facts(Vec<Fact>),
    /// A table.
    Table(Table),
}

/// A titled part of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// As printed.
    pub title: String,
    /// What it holds, top to bottom.
    pub blocks: Vec<Block>,
}

impl Section {
    /// A section of facts, each group on its own line.
    #[must_use]
    pub fn facts(title: impl Into<String>, groups: Vec<Vec<Fact>>) -> Self {
        let blocks = groups.into_iter().filter(|group| !group.is_empty()).map(Block::Facts).collect();
        Self { title: title.into(), blocks }
    }

    /// A section that is one table.
    #[must_use]
    pub fn table(title: impl Into<String>, table: Table) -> Self {
        Self { title: title.into(), blocks: vec![Block::Table(table)] }
    }
}

/// Sections in reading order.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// As printed.
    pub title: String,
    /// In reading order.
    pub sections: Vec<Section>,
}
