//! TOML and CSV text → checked facts.

mod asics;
mod deck;
mod delivery;
mod desk;
mod gather;
mod hall;
mod halving;
pub mod in_memory;
mod kinds;
mod later;
mod leaving;
mod lists;
mod locked;
mod locked_works;
mod locks;
mod machines;
mod monthly;
mod moves;
mod near;
mod offer;
mod offer_terms;
mod policies;
mod portfolio_file;
mod problem;
#[cfg(test)]
mod recorded;
mod resold;
mod retrofit;
mod rows;
pub mod schema;
mod site;
mod table;
#[cfg(test)]
mod tests;
mod together;
mod tree;
mod unread;
mod work;
mod worked;

use std::collections::BTreeMap;

use desk::Desk;

use crate::diagnostics::{Code, Diagnostic};
use crate::domain::Fleet;
use crate::units::Months;

/// The folder that holds a portfolio, as the reader sees it. Paths use `/`,
/// are relative to the portfolio folder and may begin with `..`.
pub trait Folder {
    /// The text of a file.
    ///
    /// # Errors
    /// When there is no such file, or it cannot be read.
    fn read(&self, path: &str) -> Result<String, FolderError>;
    /// Names (not paths) of what is in a folder, sorted; empty when there is none. The name of a folder ends with `/`,
    /// and that of the portfolio's own is `.`.
    ///
    /// # Errors
    /// When there is something by that name, but it cannot be listed: what it holds would be lost in silence.
    fn list(&self, dir: &str) -> Result<Vec<String>, FolderError>;
}

/// Why a file cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FolderError {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// It is larger than [`MAX_BYTES`].
    #[error("the file has {0} bytes; at most 64 MiB are read")]
    TooLarge(u64),
    /// Anything else, in the system's words.
    #[error("{0}")]
    Other(String),
}

/// Largest file of a portfolio that is read.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Most money one amount may be, in dollars: a trillion.
pub const MOST_USD: f64 = 1e12;

/// What reading a portfolio gives.
#[derive(Debug, Default)]
pub struct Checked {
    /// The facts; `None` when there is an error.
    pub fleet: Option<Fleet>,
    /// Everything that is wrong or doubtful, by file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// Every value that was not written down.
    pub defaults: Vec<DefaultUsed>,
    /// Text of every file read, by path: for rendering and provenance.
    pub sources: BTreeMap<String, String>,
}

/// A value that was not written down.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DefaultUsed {
    /// File whose table lacks the key.
    pub file: String,
    /// The key with its table: `power.firm_charge`.
    pub key: String,
    /// The value used, as it would be written.
    pub value: String,
}

/// Reads and checks the portfolio in a folder (`portfolio.toml` at its root).
///
/// Everything wrong is reported in one run. No input makes it panic.
#[must_use]
pub fn read(folder: &dyn Folder) -> Checked {
    read_longer(folder, Months(0))
}

/// The same with a horizon that is longer by so many months, in whole periods.
#[must_use]
pub fn read_longer(folder: &dyn Folder, more: Months) -> Checked {
    let desk = Desk::new(folder);
    let fleet = gather::fleet(&desk, more).filter(|_| !desk.has_errors());
    if fleet.is_none() && !desk.has_errors() {
        // Every reader reports why it gives nothing; should one forget, say at least this.
        let message = "the portfolio cannot be read, for a reason this version does not name";
        let diagnostic = Diagnostic::error(Code::Syntax, None, message);
        desk.report(diagnostic.help("please send the portfolio to the authors of the planner"));
    }
    let (diagnostics, defaults, sources) = desk.close();
    Checked { fleet, diagnostics, defaults, sources }
}
