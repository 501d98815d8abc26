//! The quantities, their text form, and the only arithmetic between them.
//!
//! Every physical or money quantity of a portfolio is one of these types. A
//! quantity is written as `"<number> <unit>"`; any unit of the same dimension
//! is converted to the canonical one (the first in its list), and a unit of
//! another dimension is an error that names the expected unit and shows a
//! corrected text. Gross (utility) power and critical IT load are different
//! types; [`GrossMw::critical_it`] is the only way from one to the other.
//!
//! One file, although long: only here does one quantity become another.
//!
//! Money is exact: [`Cents`] is an integer, and [`Usd::to_cents`] is the only
//! place where an amount is rounded.

use std::fmt;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A unit: its spelling, and `value · mul / div` in the canonical unit.
pub type Unit = (&'static str, f64, f64);

/// A number with a dimension.
pub trait Quantity: Sized + Copy {
    /// What is measured, in words: `"critical IT load"`.
    const DIMENSION: &'static str;
    /// Accepted units, the canonical one first.
    const UNITS: &'static [Unit];
    /// From a value in the canonical unit.
    fn from_canonical(value: f64) -> Self;
    /// The value in the canonical unit.
    fn canonical(self) -> f64;
}

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
    let trimmed = text.trim();
    let canonical_unit = Q::UNITS[0].0;
    let end = trimmed
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | '_' | 'e' | 'E')))
        .unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(end);
    let unit = unit.trim();
    let value = number.replace('_', "").parse::<f64>().ok().filter(|v| v.is_finite()).ok_or_else(|| {
        UnitError::Number { text: text.to_owned(), dimension: Q::DIMENSION, fix: format!("10 {canonical_unit}") }
    })?;
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
            let canonical = value * mul / div;
            if canonical.is_finite() {
                Ok(Q::from_canonical(canonical))
            } else {
                Err(UnitError::Number {
                    text: text.to_owned(),
                    dimension: Q::DIMENSION,
                    fix: format!("10 {canonical_unit}"),
                })
            }
        }
        None => {
            Err(UnitError::Dimension { text: text.to_owned(), found: dimension_of(unit), dimension: Q::DIMENSION, fix })
        }
    }
}

fn dimension_of(unit: &str) -> String {
    DIMENSIONS
        .iter()
        .find(|(_, units)| units.iter().any(|(name, ..)| *name == unit))
        .map_or_else(|| format!("in `{unit}`, which is not a known unit"), |(dimension, _)| (*dimension).to_owned())
}

/// The JSON Schema of what is written as a text.
macro_rules! text_schema {
    ($name:ident, $about:expr, $pattern:expr) => {
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": $about, "pattern": $pattern })
            }
        }
    };
}

/// The JSON Schema of what is written as a number.
macro_rules! number_schema {
    ($name:ident, $about:literal) => {
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "number", "description": $about })
            }
        }
    };
}

macro_rules! quantities {
    ($( $(#[$doc:meta])* $name:ident: $dimension:literal = [ $( $unit:literal * $mul:literal / $div:literal ),+ $(,)? ]; )+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
            pub struct $name(f64);

            impl Quantity for $name {
                const DIMENSION: &'static str = $dimension;
                const UNITS: &'static [Unit] = &[ $( ($unit, $mul as f64, $div as f64) ),+ ];
                fn from_canonical(value: f64) -> Self { Self(value) }
                fn canonical(self) -> f64 { self.0 }
            }

            impl $name {
                /// Nothing.
                pub const ZERO: Self = Self(0.0);
                /// From a value in the canonical unit.
                #[must_use]
                pub const fn new(value: f64) -> Self { Self(value) }
                /// The value in the canonical unit.
                #[must_use]
                pub const fn get(self) -> f64 { self.0 }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, "{} {}", self.0, Self::UNITS[0].0)
                }
            }

            impl Add for $name { type Output = Self; fn add(self, other: Self) -> Self { Self(self.0 + other.0) } }
            impl Sub for $name { type Output = Self; fn sub(self, other: Self) -> Self { Self(self.0 - other.0) } }
            impl Neg for $name { type Output = Self; fn neg(self) -> Self { Self(-self.0) } }
            impl AddAssign for $name { fn add_assign(&mut self, other: Self) { self.0 += other.0; } }
            impl Mul<f64> for $name { type Output = Self; fn mul(self, factor: f64) -> Self { Self(self.0 * factor) } }
            impl std::iter::Sum for $name { fn sum<I: Iterator<Item = Self>>(iter: I) -> Self { iter.fold(Self(0.0), Add::add) } }

            text_schema!($name, format!("{}: a number and {}", $dimension, Self::UNITS[0].0), format!("^-?[0-9.]+ {}$", Self::UNITS[0].0));

            impl Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(self) }
            }
            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                    let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                    parse(&text).map_err(serde::de::Error::custom)
                }
            }
        )+
        /// Every dimension with its units, to name the dimension of a foreign unit.
        pub const DIMENSIONS: &[(&str, &[Unit])] = &[ $( ($dimension, $name::UNITS) ),+ ];
    };
}

quantities! {
    /// Gross (utility) power.
    GrossMw: "gross (utility) power" = ["MW" * 1 / 1, "kW" * 1 / 1000, "GW" * 1000 / 1];
    /// Critical IT load.
    ItMw: "critical IT load" = ["MW-IT" * 1 / 1, "kW-IT" * 1 / 1000, "GW-IT" * 1000 / 1];
    /// Energy.
    Mwh: "energy" = ["MWh" * 1 / 1, "GWh" * 1000 / 1, "kWh" * 1 / 1000];
    /// Power of one machine at the wall.
    Watts: "power of a machine" = ["W" * 1 / 1];
    /// Hashrate.
    TeraHash: "hashrate" = ["TH/s" * 1 / 1, "PH/s" * 1000 / 1, "EH/s" * 1_000_000 / 1];
    /// Money.
    Usd: "money" = ["USD" * 1 / 1, "kUSD" * 1000 / 1, "MUSD" * 1_000_000 / 1, "BUSD" * 1_000_000_000 / 1];
    /// Money per year.
    UsdPerYear: "money per year" = ["USD/year" * 1 / 1, "kUSD/year" * 1000 / 1, "MUSD/year" * 1_000_000 / 1, "USD/month" * 12 / 1, "MUSD/month" * 12_000_000 / 1];
    /// Energy price.
    UsdPerMwh: "energy price" = ["USD/MWh" * 1 / 1, "USD/kWh" * 1000 / 1];
    /// Rent per month of critical IT load.
    UsdPerKwMonth: "rent per kW of critical IT load and month" = ["USD/kW-month" * 1 / 1, "USD/MW-month" * 1 / 1000, "USD/kW-year" * 1 / 12];
    /// Charge per month of gross power.
    UsdPerMwMonth: "charge per MW and month" = ["USD/MW-month" * 1 / 1, "MUSD/MW-year" * 1_000_000 / 12];
    /// Damages per day of delay.
    UsdPerMwDay: "damages per MW of critical IT load and day" = ["USD/MW-day" * 1 / 1, "USD/kW-day" * 1000 / 1];
    /// Power density of a rack.
    KwPerRack: "power of a rack" = ["kW/rack" * 1 / 1];
    /// Critical IT load per year.
    ItMwPerYear: "critical IT load per year" = ["MW-IT/year" * 1 / 1, "GW-IT/year" * 1000 / 1];
    /// Cost per critical IT load.
    UsdPerKwIt: "cost per critical IT load" = ["USD/kW-IT" * 1 / 1, "USD/MW-IT" * 1 / 1000, "MUSD/MW-IT" * 1000 / 1];
    /// Cost per gross power.
    UsdPerKw: "cost per gross power" = ["USD/kW" * 1 / 1, "MUSD/MW" * 1000 / 1, "USD/MW" * 1 / 1000];
    /// Cost of one hall.
    UsdPerHall: "cost per hall" = ["USD/hall" * 1 / 1, "MUSD/hall" * 1_000_000 / 1];
    /// Cost paid once at a site.
    UsdPerSite: "cost per site" = ["USD/site" * 1 / 1, "MUSD/site" * 1_000_000 / 1];
    /// Running cost per critical IT load.
    UsdPerKwItYear: "yearly cost per critical IT load" = ["USD/kW-IT-year" * 1 / 1, "USD/MW-IT-year" * 1 / 1000, "MUSD/MW-IT-year" * 1000 / 1];
    /// Price of a machine, by hashrate.
    UsdPerTh: "price per TH/s" = ["USD/TH" * 1 / 1];
    /// Storage of a machine.
    UsdPerMachineMonth: "amount per machine and month" = ["USD/machine-month" * 1 / 1];
    /// Hours of each year.
    HoursPerYear: "hours per year" = ["hours/year" * 1 / 1, "hours/month" * 12 / 1];
    /// Price or cost of a machine.
    UsdPerMachine: "amount per machine" = ["USD/machine" * 1 / 1];
    /// Bitcoin.
    Btc: "bitcoin" = ["BTC" * 1 / 1];
}

macro_rules! products {
    ($( $a:ident * $b:ident = $out:ident, $factor:literal; )+) => { $(
        impl Mul<$b> for $a { type Output = $out; fn mul(self, other: $b) -> $out { $out(self.0 * other.0 * f64::from($factor)) } }
    )+ };
}

products! {
    UsdPerKwIt * ItMw = Usd, 1000;
    UsdPerKw * GrossMw = Usd, 1000;
    UsdPerKwMonth * ItMw = Usd, 1000;
    UsdPerMwMonth * GrossMw = Usd, 1;
    UsdPerMwDay * ItMw = Usd, 1;
    UsdPerKwItYear * ItMw = UsdPerYear, 1000;
    UsdPerMwh * Mwh = Usd, 1;
    UsdPerTh * TeraHash = UsdPerMachine, 1;
}

impl UsdPerYear {
    /// A twelfth of the yearly amount.
    #[must_use]
    pub fn per_month(self) -> Usd {
        Usd(self.0 / 12.0)
    }
}

impl UsdPerMachineMonth {
    /// The amount for one machine over months.
    #[must_use]
    pub fn over(self, months: Months) -> Usd {
        Usd(self.0 * f64::from(months.0))
    }
}

impl HoursPerYear {
    /// As a share of all hours, those of a year of 365 days.
    #[must_use]
    pub fn share(self) -> Share {
        Share(self.0 / 8760.0)
    }
}

impl UsdPerMachine {
    /// The amount for one machine.
    #[must_use]
    pub const fn each(self) -> Usd {
        Usd(self.0)
    }
}

impl UsdPerHall {
    /// The amount for one hall.
    #[must_use]
    pub const fn each(self) -> Usd {
        Usd(self.0)
    }
}

impl UsdPerSite {
    /// The amount for one site.
    #[must_use]
    pub const fn each(self) -> Usd {
        Usd(self.0)
    }
}

impl GrossMw {
    /// Critical IT load that this gross power carries.
    #[must_use]
    pub fn critical_it(self, gross_to_critical: Ratio) -> ItMw {
        ItMw(self.0 / gross_to_critical.0)
    }

    /// Energy drawn at full load.
    #[must_use]
    pub fn energy(self, hours: Hours) -> Mwh {
        Mwh(self.0 * hours.0)
    }
}

impl ItMw {
    /// Power at the meter of this load running at `pue` (energy, not capacity).
    #[must_use]
    pub fn metered(self, pue: Ratio) -> GrossMw {
        GrossMw(self.0 * pue.0)
    }
}

impl Watts {
    /// Gross power of `1` machine with `overhead` for cooling and losses.
    #[must_use]
    pub fn gross(self, overhead: Share) -> GrossMw {
        GrossMw(self.0 * (1.0 + overhead.0) / 1e6)
    }

    /// Efficiency in J/TH, the field's measure of an ASIC.
    #[must_use]
    pub fn joule_per_th(self, hashrate: TeraHash) -> f64 {
        self.0 / hashrate.0
    }
}

impl Usd {
    /// Whole cents, half away from zero, as spreadsheets round.
    ///
    /// A value within a ten-thousandth of a cent of a half counts as that
    /// half, so that two right calculations in floating point cannot differ.
    #[must_use]
    pub fn to_cents(self) -> Cents {
        let snapped = (self.0 * 1e6).round() / 1e4;
        // Beyond the integers a float holds exactly, nothing is a valid amount: saturate.
        #[allow(clippy::cast_possible_truncation)]
        Cents(snapped.round() as i64)
    }
}

/// A pure number: a power ratio.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Ratio(pub f64);

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
        let trimmed = text.trim();
        let end = trimmed
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | '_' | 'e' | 'E')))
            .unwrap_or(trimmed.len());
        let (number, suffix) = trimmed.split_at(end);
        let value = number.replace('_', "").parse::<f64>().ok().filter(|v| v.is_finite());
        let suffix = suffix.trim();
        match (value, suffix) {
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
        let trimmed = text.trim();
        let end = trimmed.find(|c: char| !c.is_ascii_digit()).unwrap_or(trimmed.len());
        let (number, unit) = trimmed.split_at(end);
        let dimension = "a whole number of months";
        let Ok(value) = number.parse::<u32>() else {
            return Err(UnitError::Number { text: text.to_owned(), dimension, fix: "14 months".to_owned() });
        };
        let fix = format!("{number} months");
        let factor = match unit.trim() {
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
        let trimmed = text.trim();
        let end = trimmed.find(|c: char| !c.is_ascii_digit()).unwrap_or(trimmed.len());
        let (number, unit) = trimmed.split_at(end);
        let dimension = "a whole number of days";
        let Ok(value) = number.parse::<u32>() else {
            return Err(UnitError::Number { text: text.to_owned(), dimension, fix: "30 days".to_owned() });
        };
        let fix = format!("{number} days");
        match unit.trim() {
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

/// Exact money: integer cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Cents(pub i64);

impl Cents {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The amount in dollars, for printing and for discounting.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn usd(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// Unit cents × a whole count.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self(self.0.saturating_mul(i64::from(count)))
    }

    /// Unit cents × a count of machines, rounded half away from zero.
    #[must_use]
    pub fn times_machines(self, count: MilliMachines) -> Self {
        let product = i128::from(self.0) * i128::from(count.0);
        let half = if product < 0 { -500 } else { 500 };
        #[allow(clippy::cast_possible_truncation)]
        Self(((product + half) / 1000).clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
    }
}

impl Add for Cents {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Cents {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Cents {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Cents {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl std::iter::Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

/// Dollars and cents in JSON (`123456.78`), exact cents in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct UsdCents(pub Cents);

number_schema!(UsdCents, "dollars, with at most two decimals");

impl Serialize for UsdCents {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_f64(self.0.usd())
    }
}

impl<'de> Deserialize<'de> for UsdCents {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(Self(Usd(f64::deserialize(d)?).to_cents()))
    }
}

/// A count of machines to a thousandth: failures are expected values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct MilliMachines(pub i64);

impl MilliMachines {
    /// None.
    pub const ZERO: Self = Self(0);

    /// The nearest thousandth.
    #[must_use]
    pub fn nearest(count: f64) -> Self {
        #[allow(clippy::cast_possible_truncation)]
        Self((count * 1000.0).round() as i64)
    }

    /// The thousandth below, forgiving a millionth of float noise.
    #[must_use]
    pub fn below(count: f64) -> Self {
        #[allow(clippy::cast_possible_truncation)]
        Self((count * 1000.0 + 1e-3).floor() as i64)
    }

    /// As a real number of machines.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn count(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

number_schema!(MilliMachines, "machines, to a thousandth");

impl Serialize for MilliMachines {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_f64(self.count())
    }
}

impl<'de> Deserialize<'de> for MilliMachines {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(Self::nearest(f64::deserialize(d)?))
    }
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn cents_round_half_away_from_zero_and_forgive_float_noise() {
        assert_eq!(Usd(0.125).to_cents(), Cents(13));
        assert_eq!(Usd(-0.125).to_cents(), Cents(-13));
        assert_eq!(Usd(1.005).to_cents(), Cents(101), "1.005 is stored below its half");
        assert_eq!(Usd(0.1249).to_cents(), Cents(12));
        assert_eq!(Cents(333).times_machines(MilliMachines(1500)), Cents(500));
        assert_eq!(Cents(-333).times_machines(MilliMachines(1500)), Cents(-500));
    }

    #[test]
    fn gross_power_becomes_critical_it_only_through_the_ratio() {
        let it = GrossMw(330.0).critical_it(Ratio(330.0 / 245.0));
        assert!((it.get() - 245.0).abs() < 1e-9);
    }
}
