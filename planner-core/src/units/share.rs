//! Shares of a whole, and growth by them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Unit;
use super::meant::{Accepted, Remedy};
use super::text::{UnitError, Why, finite, number_and_unit, wrong_unit};

/// A share of a whole, `0.08` for 8 %.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Share(pub f64);

impl Share {
    /// Everything.
    pub const ALL: Self = Self(1.0);
    /// Nothing.
    pub const NONE: Self = Self(0.0);

    /// What [`Share::parse`] takes.
    #[must_use]
    pub const fn accepted(per_year: bool) -> Accepted {
        // A share per year may do without saying so.
        const PLAIN: &[Unit] = &[("%", 1.0, 100.0)];
        const PER_YEAR: &[Unit] = &[("%/year", 1.0, 100.0), ("%", 1.0, 100.0)];
        if per_year { ("a share per year", PER_YEAR) } else { ("a share", PLAIN) }
    }

    /// Reads `"8 %"`, `"8 %/year"` when `per_year`, or a bare number.
    ///
    /// # Errors
    /// When the text is no finite number, or carries another unit.
    pub fn parse(text: &str, per_year: bool) -> Result<Self, UnitError> {
        strict(text, per_year).map_err(|why| {
            let unit = if per_year { "%/year" } else { "%" };
            let accepted = [Self::accepted(per_year)];
            let reads = |text: &str| strict(text, per_year).is_ok();
            let error = UnitError::new(text, why, &accepted, &format!("8 {unit}"), reads);
            UnitError { remedy: without_doubt(error.remedy, unit), ..error }
        })
    }

    /// `(1 + self)^(months / 12)`: growth over whole months.
    #[must_use]
    pub fn growth(self, months: i32) -> f64 {
        libm::pow(1.0 + self.0, f64::from(months) / 12.0)
    }

    /// What is left after this share is taken.
    #[must_use]
    pub fn rest(self) -> f64 {
        1.0 - self.0
    }
}

fn strict(text: &str, per_year: bool) -> Result<Share, Why> {
    let (number, unit) = number_and_unit(text);
    let value = finite(number).ok_or(Why::Number)?;
    match unit {
        "" => Ok(Share(value)),
        "%" => Ok(Share(value / 100.0)),
        "%/year" if per_year => Ok(Share(value / 100.0)),
        unit => Err(wrong_unit(unit)),
    }
}

/// A number without a unit is a share as it stands, so that its text in per cent is no guess: `0,08` is `0.08`.
fn without_doubt(remedy: Remedy, unit: &str) -> Remedy {
    let Remedy::Write(fix) = remedy else { return remedy };
    let bare = fix.if_it_is.as_deref() == Some(format!("in {unit}").as_str());
    let number = number_and_unit(&fix.text).0.to_owned();
    match finite(&number) {
        Some(value) if bare && value.abs() <= 1.0 => Remedy::certain(number),
        _ => Remedy::Write(fix),
    }
}

impl fmt::Display for Share {
    /// In per cent, as short as it round-trips to nine digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = (self.0 * 100.0 * 1e9).round() / 1e9;
        write!(f, "{percent} %")
    }
}
