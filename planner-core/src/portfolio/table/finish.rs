//! What a table lacks, and what it has that nobody asked for.

use super::{EVERYWHERE, Fields, MOST_ITEMS};
use crate::diagnostics::Code;
use crate::portfolio::desk::{At, clip};
use crate::portfolio::kinds::text;
use crate::portfolio::later::is_later;
use crate::portfolio::near::{nearest, suggestion};
use crate::portfolio::tree::Entry;

impl Fields<'_> {
    /// Notes a missing key; [`Fields::finish`] reports it.
    pub fn missing(&self, key: &str, help: &str) {
        self.missing.borrow_mut().push((key.to_owned(), help.to_owned()));
    }

    /// Reports the missing keys, except those of which a misspelt form is there.
    pub fn report_missing(&self, unknown: &[&str]) {
        for (key, help) in self.missing.borrow_mut().drain(..) {
            if unknown.iter().any(|name| nearest(name, [key.as_str()]).is_some()) {
                continue;
            }
            let column = self.row.filter(|row| row.column(&key).is_none());
            let header = column.and_then(|row| Some((row, row.columns.first()?, row.columns.last()?)));
            if let Some((row, first, last)) = header {
                // A missing column is one mistake, not one in each row.
                let at = At::new(&first.at.file, first.at.start, last.at.end);
                let message = format!("there is no column `{}{key}`", row.prefix);
                self.desk.error(Code::MissingKey, at, message, help);
            } else {
                let message = format!("`{key}` is missing in {}", self.what);
                self.desk.error(Code::MissingKey, self.at.clone(), message, help);
            }
        }
    }

    /// [`Fields::finish`] for a table some of whose keys begin with a word and
    /// are read by name.
    pub fn finish_but(self, prefixes: &[&str]) {
        let named = |entry: &Entry| prefixes.iter().any(|prefix| entry.key.starts_with(prefix));
        let entries: Vec<Entry> = self.entries.iter().filter(|entry| !named(entry)).cloned().collect();
        Fields { entries: &entries, ..self }.finish(&[]);
    }

    /// Reports every key that was not asked for. `later` are keys of the full model that this version does not plan, and
    /// that only this table would have.
    pub fn finish(self, later: &[&str]) {
        #[cfg(test)]
        self.recorded(|recorded, place| *recorded.tables.entry(place.to_owned()).or_default() += 1);
        let asked = self.asked.borrow().clone();
        #[cfg(test)]
        self.desk.asked.borrow_mut().extend(asked.iter().copied());
        let unknown = |key: &str| !asked.contains(&key);
        if EVERYWHERE.iter().any(|key| unknown(key) && self.entries.iter().any(|entry| entry.key == *key)) {
            let _ = self.evidence();
            let _ = self.optional("name", text());
        }
        let strange = |entry: &&Entry| unknown(&entry.key) && !EVERYWHERE.contains(&entry.key.as_str());
        let is_later = |key: &str| later.contains(&key) || is_later(key);
        let strange_keys = self.entries.iter().filter(strange).map(|entry| entry.key.as_str());
        let misspelt: Vec<&str> = strange_keys.filter(|key| !is_later(key)).take(50).collect();
        self.report_missing(&misspelt);
        for entry in self.entries.iter().filter(strange).take(MOST_ITEMS) {
            let key = clip(&entry.key);
            if is_later(&entry.key) {
                self.later(&entry.key, &entry.at);
            } else {
                let known = asked.iter().copied().chain(EVERYWHERE);
                let help = suggestion(&entry.key, known);
                let help = help.unwrap_or_else(|| "remove it, or see the data reference for the keys".to_owned());
                // A column is one mistake, whatever its rows are about.
                let message = match self.row {
                    Some(row) => format!("there is no column `{}{key}` in `{}`", row.prefix, clip(&self.at.file)),
                    None => format!("there is no key `{key}` in {}", self.what),
                };
                self.desk.error(Code::UnknownKey, entry.at.clone(), message, help);
            }
        }
    }

    /// A key or word of the model that this version does not plan.
    pub fn later(&self, key: &str, at: &At) {
        let message = format!("`{key}` belongs to a part of the model that this version does not plan yet");
        self.desk.error(Code::LaterKey, at.clone(), message, "remove it");
    }
}
