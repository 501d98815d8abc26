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
