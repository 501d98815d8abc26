//! Figures as the report prints them.

pub use planner_core::report::text::millions;
use planner_core::units::{Cents, UsdCents};

use crate::render::format::{decimals, grouped};

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

/// Millions of dollars with a sign, as finely as the amount needs.
pub fn signed(cents: Cents) -> String {
    let sign = if cents > Cents::ZERO { "+" } else { "" };
    format!("{sign}{}", grouped(cents.usd() / 1e6, decimals(cents)))
}

/// The same of an amount in a file.
pub fn millions_of(amount: UsdCents) -> String {
    millions(amount.0)
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
}
