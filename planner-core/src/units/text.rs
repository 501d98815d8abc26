//! How a quantity is written: `"<number> <unit>"`, and why a text is none.

use super::{DIMENSIONS, Quantity};

/// Why a text is not a quantity of the expected dimension.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum UnitError {
    /// A bare number where a unit could be mistaken.
    #[error("`{text}` has no unit: expected {dimension}")]
    Bare {
        /// What was written.
        text: String,
        /// The dimension that was expected.
        dimension: &'static str,
        /// The text with the expected unit.
        fix: String,
    },
    /// A unit of another dimension, or one that is not known.
    #[error("`{text}` is {found}: expected {dimension}")]
    Dimension {
        /// What was written.
        text: String,
        /// What the unit measures, or that it is unknown.
        found: String,
        /// The dimension that was expected.
        dimension: &'static str,
        /// The text with the expected unit.
        fix: String,
    },
    /// Not a finite number followed by a unit.
    #[error("`{text}` is not a number with a unit: expected {dimension}")]
    Number {
        /// What was written.
        text: String,
        /// The dimension that was expected.
        dimension: &'static str,
        /// An example of a right text.
        fix: String,
    },
}

impl UnitError {
    /// The corrected text.
    #[must_use]
    pub fn fix(&self) -> &str {
        match self {
            Self::Bare { fix, .. } | Self::Dimension { fix, .. } | Self::Number { fix, .. } => fix,
        }
    }
}

/// Reads `"20 MW"` as a `Q`.
///
/// # Errors
/// When the text has no finite number, no unit, or a unit of another dimension.
pub fn parse<Q: Quantity>(text: &str) -> Result<Q, UnitError> {
    let not_a_number = || {
        let fix = format!("10 {}", Q::UNITS[0].0);
        UnitError::Number { text: text.to_owned(), dimension: Q::DIMENSION, fix }
    };
    let (number, unit) = number_and_unit(text);
    let value = finite(number).ok_or_else(not_a_number)?;
    // `30000 USD/MW` where `USD/MW-IT` belongs: the fix must keep the size.
    let near = Q::UNITS.iter().find(|(name, ..)| name.starts_with(unit) || unit.starts_with(name));
    let (near, mul, div) = near.unwrap_or(&Q::UNITS[0]);
    let number = if (value * mul / div).is_finite() { number } else { "10" };
    let fix = format!("{number} {near}");
    if unit.is_empty() {
        return Err(UnitError::Bare { text: text.to_owned(), dimension: Q::DIMENSION, fix });
    }
    match Q::UNITS.iter().find(|(name, ..)| *name == unit) {
        Some((_, mul, div)) => {
            let canonical = Some(value * mul / div).filter(|canonical| canonical.is_finite());
            canonical.map(Q::from_canonical).ok_or_else(not_a_number)
        }
        None => {
            Err(UnitError::Dimension { text: text.to_owned(), found: dimension_of(unit), dimension: Q::DIMENSION, fix })
        }
    }
}

/// A number of digits, signs and exponents, and what follows it.
pub(super) fn number_and_unit(text: &str) -> (&str, &str) {
    split(text, |c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | '_' | 'e' | 'E'))
}

/// Digits, and what follows them.
pub(super) fn whole_and_unit(text: &str) -> (&str, &str) {
    split(text, |c| c.is_ascii_digit())
}

fn split(text: &str, of_number: impl Fn(char) -> bool) -> (&str, &str) {
    let trimmed = text.trim();
    let end = trimmed.find(|c| !of_number(c)).unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(end);
    (number, unit.trim())
}

/// What the digits say, with `_` between them where it helps to read.
pub(super) fn finite(number: &str) -> Option<f64> {
    number.replace('_', "").parse().ok().filter(|value: &f64| value.is_finite())
}

/// What a unit measures, or that it is unknown.
pub(super) fn dimension_of(unit: &str) -> String {
    DIMENSIONS
        .iter()
        .find(|(_, units)| units.iter().any(|(name, ..)| *name == unit))
        .map_or_else(|| format!("in `{unit}`, which is not a known unit"), |(dimension, _)| (*dimension).to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::{GrossMw, ItMw, Months, Share, UsdPerKwIt, UsdPerKwMonth, UsdPerMwh};
    use super::*;

    #[test]
    fn units_of_one_dimension_convert() {
        assert_eq!(parse::<UsdPerKwMonth>("128 USD/kW-month"), Ok(UsdPerKwMonth(128.0)));
        assert_eq!(parse::<UsdPerKwIt>("9.6 MUSD/MW-IT"), Ok(UsdPerKwIt(9600.0)));
        assert_eq!(parse::<GrossMw>("330 MW"), Ok(GrossMw(330.0)));
        assert_eq!(parse::<GrossMw>("1.3 GW"), Ok(GrossMw(1300.0)));
        assert_eq!(Months::parse("10 years"), Ok(Months(120)));
        assert_eq!(Share::parse("8 %", false), Ok(Share(0.08)));
        assert_eq!(Share::parse("3 %/year", true), Ok(Share(0.03)));
        assert_eq!(Share::parse("0.98", false), Ok(Share(0.98)));
    }

    #[test]
    fn another_dimension_is_named_with_the_corrected_text() {
        let error = parse::<ItMw>("245 MW").unwrap_err();
        assert_eq!(error.to_string(), "`245 MW` is gross (utility) power: expected critical IT load");
        assert_eq!(error.fix(), "245 MW-IT");
        let error = parse::<GrossMw>("20").unwrap_err();
        assert_eq!(error.to_string(), "`20` has no unit: expected gross (utility) power");
        assert_eq!(error.fix(), "20 MW");
        let error = parse::<UsdPerKwIt>("1.5 MUSD/MW").unwrap_err();
        assert_eq!(error.fix(), "1.5 MUSD/MW-IT", "not USD/kW-IT, which is a thousand times less");
        let error = parse::<UsdPerMwh>("48 EUR/MWh").unwrap_err();
        assert_eq!(error.to_string(), "`48 EUR/MWh` is in `EUR/MWh`, which is not a known unit: expected energy price");
        let error = parse::<GrossMw>("1e308 gw").unwrap_err();
        assert_eq!(error.fix(), "1e308 MW");
        let error = parse::<GrossMw>("1e308 GWh").unwrap_err();
        assert_eq!(error.fix(), "10 GW", "what is written would be infinite");
        for bad in ["NaN MW", "inf MW", "MW", "", "1e400 MW", "--3 MW", "\u{202e}20 MW"] {
            assert!(parse::<GrossMw>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn text_form_round_trips() {
        for value in [0.1, 1.0 / 3.0, 128_000.0 / 1000.0, 1e15, 5e-324] {
            let text = GrossMw(value).to_string();
            assert_eq!(parse::<GrossMw>(&text), Ok(GrossMw(value)));
        }
    }
}
