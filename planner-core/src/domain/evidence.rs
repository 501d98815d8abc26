//! Where a figure comes from.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far a figure may be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// A public source states it.
    Sourced,
    /// Derived from sources, or stated by one that could not be checked.
    Estimated,
    /// Chosen by the author of the portfolio.
    Assumed,
}

/// Source, date and confidence of a table of figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Where the figures come from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<String>,
    /// The date on which they were right.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub as_of: Option<Date>,
    /// How far they may be trusted; `None` counts as assumed in reports.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub confidence: Option<Confidence>,
}
