//! The quantities, their text form, and the only arithmetic between them.
//!
//! Every physical or money quantity of a portfolio is one of these types. A
//! quantity is written as `"<number> <unit>"`; any unit of the same dimension
//! is converted to the canonical one (the first in its list), and a unit of
//! another dimension is an error that names the expected unit and shows a
//! corrected text. Gross (utility) power and critical IT load are different
//! types; [`GrossMw::critical_it`] is the only way from one to the other.
//!
//! Money is exact: [`Cents`] is an integer, and [`Usd::to_cents`] is the only
//! place where an amount is rounded.

use std::fmt;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

mod machines;
mod meant;
mod money;
mod share;
mod text;
mod time;

pub use machines::MilliMachines;
pub use meant::{Accepted, Fix, Remedy, bare_number, header, remedy};
pub use money::{Cents, UsdCents};
pub use share::Share;
pub use text::{UnitError, Why, parse, unit_of};
pub use time::{Days, Hours, Months};

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

/// What is measured, as a value: to name the dimension of a unit, and to try every reader.
#[derive(Debug, Clone, Copy)]
pub struct Dimension {
    /// In words.
    pub name: &'static str,
    /// Accepted units, the canonical one first.
    pub units: &'static [Unit],
    /// Reads a text, as a value in the canonical unit.
    pub read: fn(&str) -> Result<f64, UnitError>,
}

/// A number as a person reads it, in `{:#}` of a quantity: to a thousandth, small ones to four digits.
fn person(number: f64) -> String {
    let places = match number.abs() {
        size if size >= 1.0 || size == 0.0 => 3,
        size => (3..=9).find(|places| size * 10f64.powi(places - 3) >= 1.0).unwrap_or(9),
    };
    let text = format!("{number:.0$}", usize::try_from(places).unwrap_or(3));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
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
                    let unit = Self::UNITS[0].0;
                    if f.alternate() { write!(f, "{} {unit}", person(self.0)) } else { write!(f, "{} {unit}", self.0) }
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
        /// Every dimension of these.
        pub const DIMENSIONS: &[Dimension] = &[ $( Dimension {
            name: $dimension,
            units: $name::UNITS,
            read: |text| parse::<$name>(text).map(Quantity::canonical),
        } ),+ ];
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
    /// Bitcoin per day.
    BtcPerDay: "bitcoin per day" = ["BTC/day" * 1 / 1];
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

macro_rules! tolerances {
    ($($name:ident)+) => { $(
        impl $name {
            /// Rows of megawatts hold to this: published figures are round.
            pub const ONE_KILOWATT: Self = Self(1e-3);
            /// Figures so close are one: float noise, and what the solver itself forgives.
            pub const ONE_WATT: Self = Self(1e-6);
        }
    )+ };
}

tolerances! { GrossMw ItMw }

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

impl BtcPerDay {
    /// The bitcoin of one day.
    #[must_use]
    pub const fn each(self) -> Btc {
        Btc(self.0)
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

/// A pure number: a power ratio.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Ratio(pub f64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_reads_a_quantity_to_a_thousandth_and_a_file_has_all_of_it() {
        let load = ItMw(21.739_130_434_782_61);
        assert_eq!((format!("{load:#}"), load.to_string()), ("21.739 MW-IT".into(), "21.73913043478261 MW-IT".into()));
        let texts = [0.0, 16.0, 14.8, -0.5, 0.046_123_4, 0.000_123_456, 1e-12, 801_001.0].map(person);
        assert_eq!(texts, ["0", "16", "14.8", "-0.5", "0.04612", "0.0001235", "0", "801001"]);
        for number in (23..2000).map(|n| f64::from(n) / 23.0) {
            assert!(person(number).split('.').nth(1).is_none_or(|decimals| decimals.len() <= 3), "{number}");
        }
    }

    #[test]
    fn gross_power_becomes_critical_it_only_through_the_ratio() {
        let it = GrossMw(330.0).critical_it(Ratio(330.0 / 245.0));
        assert!((it.get() - 245.0).abs() < 1e-9);
    }
}
