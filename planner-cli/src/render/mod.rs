//! Everything that becomes text for a person.

#[cfg(feature = "solver")]
pub mod chart;
pub mod console;
pub mod diagnostics;
#[cfg(feature = "solver")]
pub mod explain;
pub mod format;
pub mod page;
#[cfg(feature = "solver")]
pub mod progress;
pub mod table;

/// Columns of every screen but the decision page and its timings: those of a narrow terminal.
#[cfg(feature = "solver")]
pub const NARROW: usize = 80;
