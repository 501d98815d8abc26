//! Counts of machines.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
