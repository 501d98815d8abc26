//! Figures as the report prints them.

use planner_core::units::{Cents, UsdCents};

use crate::render::format::{decimals, grouped, words};

/// Dollars and cents, exact, with separators: `-1,234,567.89`.
pub fn exact(cents: Cents) -> String {
    let whole = cents.0.unsigned_abs();
    let digits = (whole / 100).to_string();
    let mut text = if cents.0 < 0 { "-".to_owned() } else { String::new() };
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{text}.{:02}", whole % 100)
}

/// Millions of dollars with the unit, as finely as the amount needs.
pub fn millions(cents: Cents) -> String {
    format!("{} M$", grouped(cents.usd() / 1e6, decimals(cents)))
}

/// Millions of dollars with a sign, as finely as the amount needs.
pub fn signed(cents: Cents) -> String {
    let sign = if cents > Cents::ZERO { "+" } else { "" };
    format!("{sign}{}", grouped(cents.usd() / 1e6, decimals(cents)))
}

/// The same of an amount in a file.
pub fn millions_of(amount: UsdCents) -> String {
    millions(amount.0)
}

/// A list of names, at most so many of them, and the number of the others.
pub fn names<'a>(all: impl IntoIterator<Item = &'a str>, most: usize) -> (Vec<String>, usize) {
    let all: Vec<&str> = all.into_iter().collect();
    let shown = if all.len() > most { most.saturating_sub(1) } else { all.len() };
    (all[..shown].iter().map(|name| words(name)).collect(), all.len() - shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_are_exact() {
        assert_eq!(exact(Cents(-123_456_789)), "-1,234,567.89");
        assert_eq!(exact(Cents(5)), "0.05");
        assert_eq!(exact(Cents(-5)), "-0.05");
        assert_eq!(exact(Cents(i64::MIN)), "-92,233,720,368,547,758.08");
        assert_eq!(signed(Cents(12_345_678_900)), "+123.5");
        assert_eq!(millions(Cents(-12_345_678_900)), "-123.5 M$");
    }

    #[test]
    fn long_lists_are_counted() {
        assert_eq!(names(["a", "b"], 2), (vec!["a".to_owned(), "b".to_owned()], 0));
        assert_eq!(names(["a", "b", "c"], 2), (vec!["a".to_owned()], 2));
    }
}
