//! Hours, months and days.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text::{UnitError, dimension_of, whole_and_unit};

/// Hours.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Hours(pub f64);

/// Whole months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Months(pub u32);

impl Months {
    /// Reads `"14 months"` or `"10 years"`.
    ///
    /// # Errors
    /// When the text is not a whole number of months or years.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let (number, unit) = whole_and_unit(text);
        let dimension = "a whole number of months";
        let Ok(value) = number.parse::<u32>() else {
            return Err(UnitError::Number { text: text.to_owned(), dimension, fix: "14 months".to_owned() });
        };
        let fix = format!("{number} months");
        let factor = match unit {
            "months" | "month" => 1,
            "years" | "year" => 12,
            "" => return Err(UnitError::Bare { text: text.to_owned(), dimension, fix }),
            other => {
                return Err(UnitError::Dimension { text: text.to_owned(), found: dimension_of(other), dimension, fix });
            }
        };
        value.checked_mul(factor).map(Self).ok_or(UnitError::Number { text: text.to_owned(), dimension, fix })
    }
}

impl fmt::Display for Months {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} months", self.0)
    }
}

text_schema!(Months, "whole months", "^[0-9]+ months$");

impl Serialize for Months {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Months {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Whole days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Days(pub u32);

impl Days {
    /// Reads `"30 days"`.
    ///
    /// # Errors
    /// When the text is not a whole number of days.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let (number, unit) = whole_and_unit(text);
        let dimension = "a whole number of days";
        let Ok(value) = number.parse::<u32>() else {
            return Err(UnitError::Number { text: text.to_owned(), dimension, fix: "30 days".to_owned() });
        };
        let fix = format!("{number} days");
        match unit {
            "days" | "day" => Ok(Self(value)),
            "" => Err(UnitError::Bare { text: text.to_owned(), dimension, fix }),
            other => Err(UnitError::Dimension { text: text.to_owned(), found: dimension_of(other), dimension, fix }),
        }
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} days", self.0)
    }
}

text_schema!(Days, "whole days", "^[0-9]+ days$");

impl Serialize for Days {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Days {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
