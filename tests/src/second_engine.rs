//! Models as a second engine reads them: microlp, in Rust alone.

use std::collections::BTreeMap;

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};
use planner_core::model::Model;

/// A model as the second engine states it, with or without whole numbers.
///
/// # Panics
/// When whole columns have bounds that are none.
#[must_use]
pub fn stated(model: &Model, whole: bool) -> (Problem, Vec<Variable>) {
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let columns = model.variables.columns.iter().map(|column| {
        if whole && column.integer {
            #[allow(clippy::cast_possible_truncation)]
            let (lower, upper) = (column.lower as i32, column.upper as i32);
            assert_eq!((f64::from(lower), f64::from(upper)), (column.lower, column.upper));
            problem.add_integer_var(column.value, (lower, upper))
        } else {
            problem.add_var(column.value, (column.lower, column.upper))
        }
    });
    let columns: Vec<Variable> = columns.collect();
    for row in &model.rows {
        let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
        for (column, coefficient) in &row.terms {
            *sums.entry(column.0).or_default() += coefficient;
        }
        let terms: Vec<_> = sums.into_iter().map(|(column, sum)| (columns[column], sum)).collect();
        if row.lower.to_bits() == row.upper.to_bits() {
            problem.add_constraint(&terms, ComparisonOp::Eq, row.upper);
            continue;
        }
        if row.upper.is_finite() {
            problem.add_constraint(&terms, ComparisonOp::Le, row.upper);
        }
        if row.lower.is_finite() {
            problem.add_constraint(&terms, ComparisonOp::Ge, row.lower);
        }
    }
    (problem, columns)
}

/// What the model is worth without whole numbers, in dollars.
///
/// # Panics
/// When the engine finds no best value.
#[must_use]
#[expect(clippy::panic)]
pub fn relaxed(model: &Model) -> f64 {
    let (problem, _) = stated(model, false);
    let outcome = problem.solve_with(SolveOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    let solution = outcome.into_solution().unwrap_or_else(|_| panic!("no best value"));
    (solution.objective() + model.constant) * 1e6
}
