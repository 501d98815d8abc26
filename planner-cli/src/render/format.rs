//! The text of a cell: M$, MW, per cent, dates.

use planner_core::diagnostics;
use planner_core::letters::shown;
use planner_core::report::table::{Cell, Fact};
use planner_core::units::Cents;

/// Decimals at which millions of dollars up to this size are read.
pub const fn decimals(largest: Cents) -> usize {
    const MILLION: u64 = 100_000_000;
    match largest.0.unsigned_abs() {
        0 => 0,
        1..MILLION => 3,
        MILLION..1_000_000_000 => 2,
        _ => 1,
    }
}

/// A number with thousands separators.
pub fn grouped(number: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", number.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut out = String::new();
    if number < 0.0 && text.bytes().any(|b| matches!(b, b'1'..=b'9')) {
        out.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

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

/// At most so many characters, the last of them an ellipsis when some are missing.
pub fn cut(text: &str, width: usize) -> String {
    diagnostics::cut(text, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_separators_and_sensible_decimals() {
        let text = |usd: i64| fact(&Fact::new("", Cell::Money(Cents(usd * 100))));
        assert_eq!(text(1_234_567_890), "1,234.6 M$");
        assert_eq!(text(-3_210_000), "-3.21 M$");
        assert_eq!(text(45_600), "0.046 M$");
        assert_eq!(text(0), "0 M$");
        assert_eq!(grouped(-0.04, 1), "0.0", "no negative nothing");
        assert_eq!(grouped(999_999.96, 1), "1,000,000.0");
        assert_eq!(grouped(123.0, 0), "123");
    }

    #[test]
    fn terminals_are_not_steered_by_names() {
        assert_eq!(words("a\u{1b}[2Jb\nc"), "a\u{fffd}[2Jb\u{fffd}c");
        assert_eq!(words("pa\u{200b}nther\u{2067}"), "pa\u{fffd}nther\u{fffd}");
        assert_eq!(cut("panther-creek", 8), "panther…");
    }
}
