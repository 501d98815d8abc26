//! How a quantity is written: `"<number> <unit>"`, and why a text is none.

use super::meant::{Accepted, Remedy, remedy};
use super::{DIMENSIONS, Days, Months, Quantity, Share};

/// Why a text is not a quantity of the expected dimension.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` {why}: expected {dimension}")]
pub struct UnitError {
    /// What was written.
    pub text: String,
    /// What is wrong with it.
    pub why: Why,
    /// The dimension that was expected.
    pub dimension: &'static str,
    /// How to mend it.
    pub remedy: Remedy,
}

/// What is wrong with a text that should be a quantity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// A bare number where a unit could be mistaken.
    #[error("has no unit")]
    Bare,
    /// A unit of another dimension: what it measures, or that it is unknown.
    #[error("is {0}")]
    Dimension(String),
    /// Not a finite number followed by a unit.
    #[error("is not a number with a unit")]
    Number,
}

impl UnitError {
    /// Of a text that `reads` refuses; `accepted` are the dimension and what else may be written for it.
    pub(super) fn new(
        text: &str,
        why: Why,
        accepted: &[Accepted],
        example: &str,
        reads: impl Fn(&str) -> bool,
    ) -> Self {
        let dimension = accepted.first().map_or("", |(dimension, _)| dimension);
        let remedy = remedy(text, accepted, example, reads);
        Self { text: text.to_owned(), why, dimension, remedy }
    }
}

/// Reads `"20 MW"` as a `Q`.
///
/// # Errors
/// When the text has no finite number, no unit, or a unit of another dimension.
pub fn parse<Q: Quantity>(text: &str) -> Result<Q, UnitError> {
    strict(text).map_err(|why| {
        let example = format!("10 {}", Q::UNITS[0].0);
        UnitError::new(text, why, &[(Q::DIMENSION, Q::UNITS)], &example, |text| strict::<Q>(text).is_ok())
    })
}

fn strict<Q: Quantity>(text: &str) -> Result<Q, Why> {
    let (number, unit) = number_and_unit(text);
    let value = finite(number).ok_or(Why::Number)?;
    let found = Q::UNITS.iter().find(|(name, ..)| *name == unit);
    let (_, mul, div) = found.ok_or_else(|| wrong_unit(unit))?;
    let canonical = Some(value * mul / div).filter(|canonical| canonical.is_finite());
    canonical.map(Q::from_canonical).ok_or(Why::Number)
}

/// The unit of a quantity as it is written.
#[must_use]
pub fn unit_of(text: &str) -> &str {
    number_and_unit(text).1
}

/// A number of digits, signs and exponents, and what follows it.
pub(super) fn number_and_unit(text: &str) -> (&str, &str) {
    let trimmed = text.trim();
    let digits = |text: &str| text.find(|c: char| !(c.is_ascii_digit() || c == '_')).unwrap_or(text.len());
    let signed = |text: &str| usize::from(text.starts_with(['-', '+']));
    let mut end =
        trimmed.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | '_'))).unwrap_or(trimmed.len());
    // The `E` of `20EH/s` is no exponent.
    if let Some(power) = trimmed[end..].strip_prefix(['e', 'E']) {
        let sign = signed(power);
        let count = digits(&power[sign..]);
        end += if count > 0 { 1 + sign + count } else { 0 };
    }
    let (number, unit) = trimmed.split_at(end);
    (number, unit.trim())
}

/// Digits, and what follows them.
pub(super) fn whole_and_unit(text: &str) -> (&str, &str) {
    let trimmed = text.trim();
    let end = trimmed.find(|c: char| !c.is_ascii_digit()).unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(end);
    (number, unit.trim())
}

/// What the digits say, with `_` between them where it helps to read.
pub(super) fn finite(number: &str) -> Option<f64> {
    number.replace('_', "").parse().ok().filter(|value: &f64| value.is_finite())
}

/// Why a unit is not the expected one.
pub(super) fn wrong_unit(unit: &str) -> Why {
    if unit.is_empty() {
        return Why::Bare;
    }
    // What follows the number belongs to it: `30,5 MW`.
    if unit.contains(char::is_numeric) {
        return Why::Number;
    }
    let others = [Months::ACCEPTED, Days::ACCEPTED, Share::accepted(false), Share::accepted(true)];
    let mut known = DIMENSIONS.iter().map(|known| (known.name, known.units)).chain(others);
    let known = known.find(|(_, units)| units.iter().any(|(name, ..)| *name == unit));
    Why::Dimension(known.map_or_else(|| format!("in `{unit}`, which is not a known unit"), |(name, _)| name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::{GrossMw, ItMw, TeraHash, UsdPerKwIt, UsdPerKwMonth, UsdPerMwh};
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
    fn another_dimension_is_named_with_how_to_mend_it() {
        fn told<Q: Quantity + std::fmt::Debug>(text: &str) -> String {
            let error = parse::<Q>(text).unwrap_err();
            format!("{error}: {}", error.remedy.help())
        }
        assert_eq!(
            told::<ItMw>("245 MW"),
            "`245 MW` is gross (utility) power: expected critical IT load: write `245 MW-IT`, if it is critical IT load"
        );
        let bare = "`20` has no unit: expected gross (utility) power: write `20 MW`, if it is in MW";
        assert_eq!(told::<GrossMw>("20"), bare);
        let not_a_thousandth = "write `1.5 MUSD/MW-IT`, if it is cost per critical IT load";
        assert!(told::<UsdPerKwIt>("1.5 MUSD/MW").ends_with(not_a_thousandth));
        assert_eq!(
            told::<UsdPerMwh>("48 EUR/MWh"),
            "`48 EUR/MWh` is in `EUR/MWh`, which is not a known unit: expected energy price: amounts are in US dollars: \
             convert it, and name the rate in `source`"
        );
        assert!(told::<GrossMw>("1e308 mw").ends_with("write `1e308 MW`"));
        assert!(told::<GrossMw>("1e308 GWh").ends_with("for example `10 MW`"));
        for bad in ["NaN MW", "inf MW", "MW", "", "1e400 MW", "--3 MW", "\u{202e}20 MW"] {
            assert!(parse::<GrossMw>(bad).is_err(), "{bad}");
        }
        assert_eq!(parse::<TeraHash>("20EH/s"), Ok(TeraHash(2e7)), "E is the unit's");
    }

    #[test]
    fn text_form_round_trips() {
        for value in [0.1, 1.0 / 3.0, 128_000.0 / 1000.0, 1e15, 5e-324] {
            let text = GrossMw(value).to_string();
            assert_eq!(parse::<GrossMw>(&text), Ok(GrossMw(value)));
        }
    }
}
