//! The text of a cell: M$, MW, per cent, dates.

use planner_core::diagnostics;
use planner_core::letters::shown;
use planner_core::report::table::{Cell, Fact};
pub use planner_core::report::text::{decimals, grouped};

/// Words without the characters that would steer a terminal or deceive a reader.
pub fn words(text: &str) -> String {
    shown(text)
}

/// A cell as it stands in a column; money with these decimals.
#[allow(clippy::cast_precision_loss)]
pub fn in_column(cell: &Cell, money_decimals: usize) -> String {
    match cell {
        Cell::Text(text) => words(text),
        Cell::Money(cents) => grouped(cents.usd() / 1e6, money_decimals),
        Cell::Dollars(cents) => grouped(cents.usd(), 0),
        Cell::Megawatts(load) => grouped(*load, 1),
        Cell::Share(share) => format!("{} %", grouped(share * 100.0, 1)),
        Cell::Date(day) => day.to_string(),
        Cell::Month(day) => format!("{:04}-{:02}", day.year(), day.month()),
        Cell::Days(days) => grouped(f64::from(*days), 0),
        Cell::Count(count) => grouped(*count as f64, 0),
        Cell::Number(number, decimals) => grouped(*number, *decimals),
        Cell::Nothing => "–".to_owned(),
    }
}

/// A fact: label, value, unit.
pub fn fact(fact: &Fact) -> String {
    let parts = [words(&fact.label), value(fact)];
    parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The value of a fact, with its unit.
pub fn value(fact: &Fact) -> String {
    let value = match &fact.value {
        Cell::Nothing => String::new(),
        Cell::Money(cents) => format!("{} M$", in_column(&fact.value, decimals(*cents))),
        Cell::Dollars(_) => format!("{} $", in_column(&fact.value, 0)),
        value => in_column(value, 1),
    };
    let parts = [value.as_str(), fact.unit];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Lines of whole words.
pub fn break_words(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(last) if last.chars().count() + 1 + word.chars().count() <= width => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Lines of at most so many characters: whole words, and pieces of a word that is longer, parted where it has a mark.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let pieces = |line: String| {
        let mut rest: Vec<char> = line.chars().collect();
        let mut pieces = vec![];
        while rest.len() > width.max(1) {
            let marked = rest[..width.max(1)].iter().rposition(|c| "-/,·(".contains(*c));
            let at = marked.map_or(width.max(1), |mark| mark + 1);
            pieces.push(rest.drain(..at).collect());
        }
        pieces.push(rest.into_iter().collect::<String>());
        pieces
    };
    break_words(text, width).into_iter().flat_map(pieces).collect()
}

/// At most so many characters, the last of them an ellipsis when some are missing.
pub fn cut(text: &str, width: usize) -> String {
    diagnostics::cut(text, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_are_not_steered_by_names() {
        assert_eq!(words("a\u{1b}[2Jb\nc"), "a\u{fffd}[2Jb\u{fffd}c");
        assert_eq!(words("pa\u{200b}nther\u{2067}"), "pa\u{fffd}nther\u{fffd}");
        assert_eq!(cut("panther-creek", 8), "panther…");
    }

    #[test]
    fn nothing_is_lost_where_lines_are_broken() {
        assert_eq!(wrapped("panther-creek is far", 9), ["panther-", "creek", "is far"].map(str::to_owned).to_vec());
        for width in 1..30 {
            let text = "moses-lake framework-quebec-10y supercalifragilistic a/b → c";
            let lines = wrapped(text, width);
            assert!(lines.iter().all(|line| line.chars().count() <= width), "{width}: {lines:?}");
            let bare = |text: &str| text.replace(' ', "");
            assert_eq!(bare(&lines.concat()), bare(text), "{width}");
        }
    }
}
