//! Tables of the report.

use planner_core::report::table::{Align, Cell, Table};

use crate::render::format::words;
use crate::render::table::text_rows;

/// A table longer than this is folded under a line that counts its rows.
const LONG: usize = 40;

/// A piece of a cell: words, or the address of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// As printed.
    Words(String),
    /// An address that a reader may follow; nothing is read from it.
    Link(String),
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Field {
    /// As printed, where there are no pieces.
    pub text: String,
    /// Stands to the right.
    pub right: bool,
    /// Words with addresses among them.
    pub pieces: Vec<Piece>,
    /// How it is told apart, beside its words.
    pub class: &'static str,
}

impl Field {
    /// Words of the portfolio or the planner.
    pub fn words(text: &str) -> Self {
        Self { text: words(text), ..Self::default() }
    }

    /// A figure.
    pub fn figure(text: impl Into<String>) -> Self {
        Self { text: text.into(), right: true, ..Self::default() }
    }

    /// Words with the addresses among them made into links.
    pub fn sourced(text: &str) -> Self {
        let mut pieces: Vec<Piece> = vec![];
        for word in words(text).split_inclusive(' ') {
            let bare = word.trim_end_matches([' ', ';', ',', ')', '.']);
            let (address, rest) = word.split_at(bare.len());
            let begins = address.find("https://").or_else(|| address.find("http://"));
            let Some(begins) = begins else {
                add(&mut pieces, word);
                continue;
            };
            let (before, address) = address.split_at(begins);
            add(&mut pieces, before);
            pieces.push(Piece::Link(address.to_owned()));
            add(&mut pieces, rest);
        }
        Self { pieces, ..Self::default() }
    }
}

/// Words go on with the words before.
fn add(pieces: &mut Vec<Piece>, more: &str) {
    match pieces.last_mut() {
        _ if more.is_empty() => {}
        Some(Piece::Words(words)) => words.push_str(more),
        _ => pieces.push(Piece::Words(more.to_owned())),
    }
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// As printed.
    pub name: String,
    /// Of all its cells, where they have one.
    pub unit: String,
    /// Stands to the right.
    pub right: bool,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What it holds.
    pub caption: String,
    /// Left to right.
    pub heads: Vec<Head>,
    /// Top to bottom; the first cell names its row.
    pub rows: Vec<Vec<Field>>,
    /// Sums.
    pub foot: Option<Vec<Field>>,
    /// What a reader must know to read it right.
    pub notes: Vec<String>,
}

impl Sheet {
    /// A table without rows; columns with a unit hold figures.
    pub fn new(caption: &str, columns: &[(&str, &str)]) -> Self {
        let head = |(name, unit): &(&str, &str)| Head {
            name: (*name).to_owned(),
            unit: (*unit).to_owned(),
            right: !unit.is_empty(),
        };
        let heads = columns.iter().map(head).collect();
        Self { caption: caption.to_owned(), heads, rows: vec![], foot: None, notes: vec![] }
    }

    /// A table of a report.
    pub fn of(caption: &str, table: &Table) -> Self {
        let right: Vec<bool> = table.columns.iter().map(|column| column.align == Align::Right).collect();
        let heads = table.columns.iter().map(|column| Head {
            name: words(&column.name),
            unit: column.unit.unwrap_or_default().to_owned(),
            right: column.align == Align::Right,
        });
        let field = |((text, cell), right): ((String, &Cell), &bool)| Field {
            text,
            right: *right,
            class: if matches!(cell, Cell::Date(_) | Cell::Month(_)) { "date" } else { "" },
            ..Field::default()
        };
        let rows = text_rows(table).into_iter().zip(&table.rows);
        let rows = rows.map(|(texts, cells)| texts.into_iter().zip(cells).zip(&right).map(field).collect());
        Self {
            caption: caption.to_owned(),
            heads: heads.collect(),
            rows: rows.collect(),
            foot: None,
            notes: table.notes.iter().map(|note| words(note)).collect(),
        }
    }

    /// Whether it is folded until somebody asks for it.
    pub const fn is_long(&self) -> bool {
        self.rows.len() > LONG
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_among_words_are_links_and_nothing_else_is() {
        let field = Field::sourced("PUE: https://a.org/x?y=1 ; (http://b.org/z), javascript:alert(1) assumed");
        assert_eq!(
            field.pieces,
            [
                Piece::Words("PUE: ".to_owned()),
                Piece::Link("https://a.org/x?y=1".to_owned()),
                Piece::Words(" ; (".to_owned()),
                Piece::Link("http://b.org/z".to_owned()),
                Piece::Words("), javascript:alert(1) assumed".to_owned()),
            ]
        );
        assert_eq!(Field::sourced("").pieces, []);
    }
}
