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

/// Columns of every text but the decision page and its timings, where there is no terminal.
#[cfg(feature = "solver")]
pub const NARROW: usize = 80;

/// Columns of the terminal; what is given where there is none, so that files and pipes read alike on every machine.
pub fn columns(otherwise: usize) -> usize {
    /// Figures need so many; words are hard to read in lines of more.
    const SENSIBLE: std::ops::RangeInclusive<usize> = 60..=200;
    let size = terminal_size::terminal_size_of(std::io::stdout());
    size.map_or(otherwise, |(width, _)| usize::from(width.0).clamp(*SENSIBLE.start(), *SENSIBLE.end()))
}
