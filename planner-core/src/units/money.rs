//! Exact money: whole cents.

use std::ops::{Add, AddAssign, Neg, Sub};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MilliMachines, Usd};

impl Usd {
    /// A ten-thousandth of a cent: what lies so close to half a cent counts as that half.
    pub const HALF_CENT_BAND: Self = Self::new(1e-6);

    /// Whole cents, half away from zero, as spreadsheets round.
    ///
    /// A value within [`Self::HALF_CENT_BAND`] of a half counts as that half, so
    /// that two right calculations in floating point cannot differ.
    #[must_use]
    pub fn to_cents(self) -> Cents {
        let cents = (self.0 + Self::HALF_CENT_BAND.0.copysign(self.0)) * 100.0;
        // Beyond the integers a float holds exactly, nothing is a valid amount: saturate.
        #[allow(clippy::cast_possible_truncation)]
        Cents(cents.round() as i64)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_cent_is_a_ten_thousandth_of_a_cent_wide_on_each_side() {
        // Halves of all sizes; a hundred-thousandth of a cent inside and outside the edge of the band.
        for whole in [0_u32, 1, 12, 99, 100_000, 123_456_789] {
            let cents = f64::from(whole);
            let at = |from_half: f64| Usd((cents + 0.5 + from_half) / 100.0);
            let (below, above) = (Cents(i64::from(whole)), Cents(i64::from(whole) + 1));
            for (from_half, expected) in
                [(-1.1e-4, below), (-0.9e-4, above), (-0.6e-4, above), (0.0, above), (0.9e-4, above), (1.1e-4, above)]
            {
                assert_eq!(at(from_half).to_cents(), expected, "{whole} and a half, {from_half}");
                assert_eq!((-at(from_half)).to_cents(), -expected, "−{whole} and a half, {from_half}");
            }
        }
        assert_eq!(Usd(0.0).to_cents(), Cents::ZERO);
        assert_eq!(Usd(f64::NAN).to_cents(), Cents::ZERO);
        assert_eq!(Usd(f64::MAX).to_cents(), Cents(i64::MAX));
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
}
