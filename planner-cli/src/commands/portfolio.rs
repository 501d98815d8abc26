//! Reading a portfolio, with its diagnostics.

use std::path::Path;

use anyhow::Result;
use planner_core::portfolio::{self, Checked};

use crate::files::DiskFolder;

/// What is read from a folder.
pub fn read(root: &Path) -> Result<Checked> {
    Ok(portfolio::read(&DiskFolder::open(root)?))
}
