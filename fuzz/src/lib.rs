//! The entries of the tests and the portfolios they begin with, without the solver.

use planner_core::domain::Fleet;
use planner_core::portfolio::{self, in_memory::InMemory};

#[path = "../../tests/src/entry.rs"]
pub mod entry;
#[path = "../../tests/src/reviewed.rs"]
pub mod reviewed;
#[path = "../../tests/src/small.rs"]
pub mod small;

/// The facts of a portfolio without errors.
///
/// # Panics
/// When it has errors.
#[must_use]
pub fn fleet(files: &InMemory) -> Fleet {
    let checked = portfolio::read(files);
    checked.fleet.unwrap_or_else(|| panic!("the portfolio has errors: {:#?}", checked.diagnostics))
}
