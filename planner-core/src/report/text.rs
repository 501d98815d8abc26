//! Figures as a person reads them: one text for each kind of figure, wherever it stands.

use jiff::civil::Date;

use crate::units::Cents;

/// Decimals at which millions of dollars up to this size are read.
#[must_use]
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
#[must_use]
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

/// Millions of dollars with the unit, as finely as the amount needs.
#[must_use]
pub fn millions(cents: Cents) -> String {
    format!("{} M$", grouped(cents.usd() / 1e6, decimals(cents)))
}

/// An amount with its unit: whole dollars below a million, millions from there on.
#[must_use]
pub fn amount(cents: Cents) -> String {
    if cents.0.unsigned_abs() < 100_000_000 { format!("{} $", grouped(cents.usd(), 0)) } else { millions(cents) }
}

/// A share or a rate: `15.7 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{} %", grouped(share * 100.0, 1))
}

/// Megawatts of critical IT load.
#[must_use]
pub fn load(megawatts: f64) -> String {
    format!("{} MW-IT", grouped(megawatts, 1))
}

/// The month of a day: `2028-07`.
#[must_use]
pub fn month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_separators_and_sensible_decimals() {
        let text = |usd: i64| millions(Cents(usd * 100));
        assert_eq!(text(1_234_567_890), "1,234.6 M$");
        assert_eq!(text(-3_210_000), "-3.21 M$");
        assert_eq!(text(45_600), "0.046 M$");
        assert_eq!(text(0), "0 M$");
        assert_eq!((amount(Cents(90_804_649)), amount(Cents(-556_613_412))), ("908,046 $".into(), "-5.57 M$".into()));
        assert_eq!(grouped(-0.04, 1), "0.0", "no negative nothing");
        assert_eq!(grouped(999_999.96, 1), "1,000,000.0");
        assert_eq!(grouped(123.0, 0), "123");
        assert_eq!((percent(0.157), load(21.739_13)), ("15.7 %".to_owned(), "21.7 MW-IT".to_owned()));
    }
}
