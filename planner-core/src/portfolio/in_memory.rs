//! A portfolio folder held in memory: for tests and for files not written yet.

use std::collections::{BTreeMap, BTreeSet};

use super::{Folder, FolderError};

/// Files by path, relative to the portfolio folder (`../library/asics.csv`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InMemory(pub BTreeMap<String, String>);

impl Folder for InMemory {
    fn read(&self, path: &str) -> Result<String, FolderError> {
        self.0.get(path).cloned().ok_or(FolderError::Missing)
    }

    fn list(&self, dir: &str) -> Result<Vec<String>, FolderError> {
        let prefix = if dir == "." { String::new() } else { format!("{dir}/") };
        let below = self.0.keys().filter_map(|path| path.strip_prefix(&prefix)).filter(|path| !path.starts_with("../"));
        let names = below.map(|path| path.split_inclusive('/').next().unwrap_or(path).to_owned());
        Ok(names.collect::<BTreeSet<_>>().into_iter().collect())
    }
}
