//! Hours, months and days.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Unit;
use super::meant::Accepted;
use super::text::{UnitError, Why, whole_and_unit, wrong_unit};

/// Hours.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Hours(pub f64);

/// Whole months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Months(pub u32);

impl Months {
    const UNITS: &'static [Unit] =
        &[("months", 1.0, 1.0), ("month", 1.0, 1.0), ("years", 12.0, 1.0), ("year", 12.0, 1.0)];
    /// What [`Months::parse`] takes.
    pub const ACCEPTED: Accepted = ("a whole number of months", Self::UNITS);

    /// Reads `"14 months"` or `"10 years"`.
    ///
    /// # Errors
    /// When the text is not a whole number of months or years.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        strict(text, Self::UNITS).map(Self).map_err(|why| {
            UnitError::new(text, why, &[Self::ACCEPTED], "14 months", |text| strict(text, Self::UNITS).is_ok())
        })
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
    const UNITS: &'static [Unit] = &[("days", 1.0, 1.0), ("day", 1.0, 1.0)];
    /// What [`Days::parse`] takes.
    pub const ACCEPTED: Accepted = ("a whole number of days", Self::UNITS);

    /// Reads `"30 days"`.
    ///
    /// # Errors
    /// When the text is not a whole number of days.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        strict(text, Self::UNITS).map(Self).map_err(|why| {
            UnitError::new(text, why, &[Self::ACCEPTED], "30 days", |text| strict(text, Self::UNITS).is_ok())
        })
    }
}

/// A whole number of the first unit.
fn strict(text: &str, units: &[Unit]) -> Result<u32, Why> {
    let (number, unit) = whole_and_unit(text);
    let value: u32 = number.parse().map_err(|_| Why::Number)?;
    let found = units.iter().find(|(name, ..)| *name == unit);
    let (_, factor, _) = found.ok_or_else(|| wrong_unit(unit))?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    value.checked_mul(*factor as u32).ok_or(Why::Number)
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
