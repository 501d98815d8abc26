//! Shares of a whole, and growth by them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text::{UnitError, dimension_of, finite, number_and_unit};

/// A share of a whole, `0.08` for 8 %.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Share(pub f64);

impl Share {
    /// Everything.
    pub const ALL: Self = Self(1.0);
    /// Nothing.
    pub const NONE: Self = Self(0.0);

    /// Reads `"8 %"`, `"8 %/year"` when `per_year`, or a bare number.
    ///
    /// # Errors
    /// When the text is no finite number, or carries another unit.
    pub fn parse(text: &str, per_year: bool) -> Result<Self, UnitError> {
        let dimension = if per_year { "a share per year" } else { "a share" };
        let unit = if per_year { "%/year" } else { "%" };
        let (number, suffix) = number_and_unit(text);
        match (finite(number), suffix) {
            (Some(value), "") => Ok(Self(value)),
            (Some(value), "%") => Ok(Self(value / 100.0)),
            (Some(value), "%/year") if per_year => Ok(Self(value / 100.0)),
            (Some(_), _) => Err(UnitError::Dimension {
                text: text.to_owned(),
                found: dimension_of(suffix),
                dimension,
                fix: format!("{number} {unit}"),
            }),
            (None, _) => Err(UnitError::Number { text: text.to_owned(), dimension, fix: format!("8 {unit}") }),
        }
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

impl fmt::Display for Share {
    /// In per cent, as short as it round-trips to nine digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = (self.0 * 100.0 * 1e9).round() / 1e9;
        write!(f, "{percent} %")
    }
}
