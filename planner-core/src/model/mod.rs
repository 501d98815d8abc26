//! The mixed-integer linear model, as data: columns, rows, and nothing of the solver.
//!
//! [`CONSTRAINTS`] is the table of contents: one family a file, in reading order.

pub mod constraints;
mod objective;
pub mod scale;
mod text;
mod variables;

use crate::domain::Fleet;
use crate::options::Options;
use crate::plan::Settings;
pub use variables::{Acceptance, Column, ColumnId, TrackColumns, Variables};

/// One linear row: `lower ≤ Σ coefficient · column ≤ upper`.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The family it belongs to.
    pub family: &'static str,
    /// Which row of the family: `panther-creek,2027-04`.
    pub key: String,
    /// Coefficients.
    pub terms: Vec<(ColumnId, f64)>,
    /// Least value.
    pub lower: f64,
    /// Greatest value.
    pub upper: f64,
}

impl Row {
    /// `Σ terms ≤ upper`.
    #[must_use]
    pub fn at_most(family: &'static str, key: String, terms: Vec<(ColumnId, f64)>, upper: f64) -> Self {
        Self { family, key, terms, lower: f64::NEG_INFINITY, upper }
    }

    /// `Σ terms ≥ lower`.
    #[must_use]
    pub fn at_least(family: &'static str, key: String, terms: Vec<(ColumnId, f64)>, lower: f64) -> Self {
        Self { family, key, terms, lower, upper: f64::INFINITY }
    }

    /// `Σ terms = value`.
    #[must_use]
    pub fn equal(family: &'static str, key: String, terms: Vec<(ColumnId, f64)>, value: f64) -> Self {
        Self { family, key, terms, lower: value, upper: value }
    }
}

/// What a family's rows depend on.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The facts.
    pub fleet: &'a Fleet,
    /// What was asked for.
    pub settings: &'a Settings,
    /// What can be decided.
    pub options: &'a Options,
    /// The columns that decide it.
    pub variables: &'a Variables,
}

/// The rows of one family.
pub type Family = fn(Facts) -> Vec<Row>;

/// Every constraint family by its one name, in reading order.
pub const CONSTRAINTS: &[(&str, Family)] = &[
    (constraints::hall_count::NAME, constraints::hall_count::rows),
    (constraints::site_setup::NAME, constraints::site_setup::rows),
    (constraints::site_power::NAME, constraints::site_power::rows),
    (constraints::firm_power::NAME, constraints::firm_power::rows),
    (constraints::racks::NAME, constraints::racks::rows),
    (constraints::machine_balance::NAME, constraints::machine_balance::rows),
    (constraints::offer_size::NAME, constraints::offer_size::rows),
    (constraints::budget::NAME, constraints::budget::rows),
];

/// The model of a fleet: maximise the value of its columns plus `constant`.
#[derive(Debug, Clone)]
pub struct Model {
    /// Columns with bounds and value in M$.
    pub variables: Variables,
    /// Rows, family by family.
    pub rows: Vec<Row>,
    /// Value in M$ of what is not decided.
    pub constant: f64,
}

/// Builds the model over priced options.
#[must_use]
pub fn build(fleet: &Fleet, settings: &Settings, options: &Options) -> Model {
    let variables = variables::variables(fleet, options);
    let facts = Facts { fleet, settings, options, variables: &variables };
    let rows = CONSTRAINTS.iter().flat_map(|(_, family)| family(facts)).collect();
    Model { rows, constant: objective::constant(fleet, options), variables }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture;
    use crate::options::enumerate;

    /// Rows of the tiny portfolio, after a change to it, whose text begins so.
    pub(super) fn rows_that_begin(with: &str, change: impl FnOnce(&mut Fleet, &mut Settings)) -> Vec<String> {
        let (mut fleet, mut settings) = (fixture::fleet(), Settings::default());
        change(&mut fleet, &mut settings);
        let model = build(&fleet, &settings, &enumerate(&fleet, &settings));
        let texts = model.rows.iter().map(|row| row.text(&model.variables));
        texts.filter(|text| text.starts_with(with)).collect()
    }

    #[test]
    fn coefficients_are_of_order_one() {
        let (fleet, settings) = (fixture::fleet(), Settings::default());
        let model = build(&fleet, &settings, &enumerate(&fleet, &settings));
        for row in &model.rows {
            for (_, coefficient) in &row.terms {
                assert!((1e-3..1e3).contains(&coefficient.abs()), "{}", row.text(&model.variables));
            }
        }
    }
}
