//! A collecting reader of one table: every key is asked for once, what is
//! wrong is reported, and what was never asked for is an unknown key.

mod finish;

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::desk::{At, Desk, Named, clip};
use super::kinds::{Kind, date, text, word};
use super::problem::Problem;
use super::rows;
use super::tree::{Entry, Node, Row, Table, Value};
use crate::diagnostics::{Code, Diagnostic};
use crate::domain::evidence::{Confidence, Evidence};
use crate::units;

/// Keys that every table may carry.
const EVERYWHERE: [&str; 4] = ["name", "source", "as_of", "confidence"];

/// Entries of one list: no site has as many halls, no pot as many releases.
const MOST_ITEMS: usize = 10_000;

const CONFIDENCE: &[(&str, Confidence)] =
    &[("sourced", Confidence::Sourced), ("estimated", Confidence::Estimated), ("assumed", Confidence::Assumed)];

/// The table being read.
pub(super) struct Fields<'a> {
    pub desk: &'a Desk<'a>,
    pub at: At,
    /// In words, for messages: "hall `north`".
    pub what: String,
    entries: &'a [Entry],
    row: Option<&'a Row>,
    /// Dotted path with a final dot, for the list of defaults.
    path: String,
    asked: RefCell<Vec<&'static str>>,
    /// Missing keys and how to add them.
    missing: RefCell<Vec<(String, String)>>,
    /// Kind of file and tables above, without names.
    #[cfg(test)]
    pub place: String,
}

/// Reports keys that the parser tells apart and nobody else does: the same letters, composed or not.
fn one_way(desk: &Desk<'_>, table: &Table) {
    let mut seen = BTreeSet::new();
    for entry in table.entries.iter().filter(|entry| !entry.key.is_ascii()) {
        if !seen.insert(&entry.key) {
            let message = format!("`{}` stands here twice, written in two ways", clip(&entry.key));
            desk.error(Code::DuplicateId, entry.at.clone(), message, "keep one of the two");
        }
    }
}

// Kinds are made where they are used, and given away there.
#[allow(clippy::needless_pass_by_value)]
impl<'a> Fields<'a> {
    pub fn new(desk: &'a Desk<'a>, table: &'a Table, what: impl Into<String>, path: impl Into<String>) -> Self {
        one_way(desk, table);
        Self {
            desk,
            at: table.at.clone(),
            what: what.into(),
            entries: &table.entries,
            row: table.row.as_ref(),
            path: path.into(),
            asked: RefCell::default(),
            missing: RefCell::default(),
            #[cfg(test)]
            place: super::recorded::kind_of(&table.at.file),
        }
    }

    /// A table below this one, whose key is a name.
    pub fn below(&self, table: &'a Table, what: impl Into<String>, path: impl Into<String>) -> Self {
        #[cfg(test)]
        self.recorded(|recorded, place| recorded.key(place, "*").table = true);
        Self {
            #[cfg(test)]
            place: format!("{}.*", self.place),
            ..Self::new(self.desk, table, what, path)
        }
    }

    /// The value of a key, if it is there.
    pub fn node(&self, key: &'static str) -> Option<&'a Node> {
        self.asked.borrow_mut().push(key);
        #[cfg(test)]
        self.recorded(|recorded, place| _ = recorded.key(place, key));
        #[cfg(test)]
        if self.desk.recorded.borrow().is_hidden(&self.place, key) {
            return None;
        }
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    pub fn has(&self, key: &'static str) -> bool {
        self.node(key).is_some()
    }

    /// Where a key's value is; the table itself without it.
    pub fn at(&self, key: &str) -> At {
        let entry = self.entries.iter().find(|entry| entry.key == key);
        entry.map_or_else(|| self.at.clone(), |entry| entry.node.at.clone())
    }

    /// All entries, for tables whose keys are names; no unknown keys are reported.
    pub fn entries(&self) -> &'a [Entry] {
        self.entries
    }

    pub fn error(&self, code: Code, key: &str, message: impl Into<String>, help: impl Into<String>) {
        self.desk.error(code, self.at(key), message, help);
    }

    pub fn warning(&self, code: Code, key: &str, message: impl Into<String>, help: impl Into<String>) {
        self.desk.warning(code, self.at(key), message, help);
    }

    /// A required value; `None` when it is missing or wrong, which is reported.
    pub fn required<T>(&self, key: &'static str, kind: Kind<impl Fn(&Node) -> Result<T, Problem>>) -> Option<T> {
        #[cfg(test)]
        self.note(key, &kind.form, false);
        let Some(node) = self.node(key) else {
            self.missing(key, &self.how_to_add(key, &kind.example));
            return None;
        };
        self.read(key, node, &kind)
    }

    /// A value with a default; `None` when it is wrong, which is reported.
    pub fn or<T>(
        &self,
        key: &'static str,
        kind: Kind<impl Fn(&Node) -> Result<T, Problem>>,
        default: T,
        written: &str,
    ) -> Option<T> {
        #[cfg(test)]
        self.note(key, &kind.form, false);
        let Some(node) = self.node(key) else {
            self.default_used(key, written);
            return Some(default);
        };
        self.read(key, node, &kind)
    }

    /// A value that may be absent; the outer `None` when it is wrong, which is reported.
    #[allow(clippy::option_option)]
    pub fn optional<T>(
        &self,
        key: &'static str,
        kind: Kind<impl Fn(&Node) -> Result<T, Problem>>,
    ) -> Option<Option<T>> {
        #[cfg(test)]
        self.note(key, &kind.form, false);
        match self.node(key) {
            Some(node) => self.read(key, node, &kind).map(Some),
            None => Some(None),
        }
    }

    /// [`Fields::optional`], noting what its absence means.
    #[allow(clippy::option_option)]
    pub fn optional_or<T>(
        &self,
        key: &'static str,
        kind: Kind<impl Fn(&Node) -> Result<T, Problem>>,
        written: &str,
    ) -> Option<Option<T>> {
        if !self.has(key) {
            self.default_used(key, written);
        }
        self.optional(key, kind)
    }

    pub fn read<T>(&self, key: &str, node: &Node, kind: &Kind<impl Fn(&Node) -> Result<T, Problem>>) -> Option<T> {
        #[cfg(test)]
        {
            let own = self.entries.iter().any(|entry| entry.key == key && std::ptr::eq(&raw const entry.node, node));
            self.note(if self.asked.borrow().contains(&key) { key } else { "*" }, &kind.form, !own);
        }
        (kind.read)(node).map_err(|problem| self.problem(key, node, problem)).ok()
    }

    /// Reports what is wrong with a value.
    pub fn problem(&self, key: &str, node: &Node, problem: Problem) {
        // A wrong unit of a CSV column is one mistake, in its header.
        if let (Value::Cell(cell), Some(accepted)) = (&node.value, problem.unit)
            && cell.raw.parse::<f64>().is_ok()
        {
            let column = &cell.column;
            let found = column.unit.as_ref().map_or("no unit".to_owned(), |unit| format!("the unit `{}`", clip(unit)));
            let message = format!("the column `{}` has {found}: expected {}", clip(&column.name), accepted.0);
            let help = units::header(&clip(&column.name), column.unit.as_deref(), accepted);
            self.desk.error(problem.code, column.at.clone(), message, help);
            return;
        }
        let shown = match &node.value {
            // The quotes are what is wrong.
            Value::Text(text) if problem.code == Code::WrongType => format!("`\"{}\"`", clip(text)),
            _ => node.shown(),
        };
        let message = format!("`{key}` is {shown}{}", problem.message);
        let mut diagnostic = Diagnostic::error(problem.code, node.at.clone(), message);
        if let Some(remedy) = problem.remedy {
            let written = |value: &str| {
                if node.is_cell() { value.trim_matches('"').to_owned() } else { format!("{key} = {value}") }
            };
            diagnostic = diagnostic.help(remedy.map(written).help());
        }
        self.desk.report(diagnostic);
    }

    fn how_to_add(&self, key: &str, example: &str) -> String {
        let example_cell = example.trim_matches('"');
        match (self.row, example_cell.split_once(' ')) {
            (None, _) => format!("add `{key} = {example}`"),
            (Some(row), _) if row.column(key).is_some() => format!("fill the cell, for instance with `{example_cell}`"),
            (Some(row), Some((_, unit))) => format!("add the column `{}{key} [{unit}]`", row.prefix),
            (Some(row), None) => format!("add the column `{}{key}`", row.prefix),
        }
    }

    pub fn default_used(&self, key: &str, written: &str) {
        self.desk.default_used(&self.at.file, format!("{}{key}", self.path), written);
    }

    /// A table that must be there.
    pub fn table(&self, key: &'static str, what: &str) -> Option<Fields<'a>> {
        if !self.has(key) {
            let help = match self.row {
                Some(row) => format!("add columns that begin with `{}{key}.`", row.prefix),
                None => format!("add the table `[{key}]`"),
            };
            self.missing(key, &help);
            return None;
        }
        self.table_if_there(key, what)
    }

    /// A table that may be absent; `None` too when it is no table, which is reported.
    pub fn table_if_there(&self, key: &'static str, what: &str) -> Option<Fields<'a>> {
        #[cfg(test)]
        self.recorded(|recorded, place| recorded.key(place, key).table = true);
        let node = self.node(key)?;
        let Value::Table(table) = &node.value else {
            let message = format!("`{key}` is {}: expected a table of {what}", node.shown());
            self.error(Code::WrongType, key, message, format!("write `{key} = {{ … }}` or begin a section `[{key}]`"));
            return None;
        };
        let what = format!("{what} of {}", self.what);
        Some(Fields {
            at: table.at.clone(),
            #[cfg(test)]
            place: format!("{}.{key}", self.place),
            ..Fields::new(self.desk, table, what, format!("{}{key}.", self.path))
        })
    }

    /// A table of which every key has a default: empty when absent.
    pub fn table_or_empty(&self, key: &'static str, what: &str) -> Fields<'a> {
        self.table_if_there(key, what).unwrap_or_else(|| Fields {
            desk: self.desk,
            at: self.at.clone(),
            what: what.to_owned(),
            entries: &[],
            row: self.row,
            path: format!("{}{key}.", self.path),
            asked: RefCell::default(),
            missing: RefCell::default(),
            #[cfg(test)]
            place: format!("{}.{key}", self.place),
        })
    }

    /// The tables of a list; what is no table is reported.
    pub fn tables(&self, key: &'static str, what: &str) -> Vec<Fields<'a>> {
        #[cfg(test)]
        self.recorded(|recorded, place| recorded.key(place, key).tables = true);
        let Some(node) = self.node(key) else { return vec![] };
        let nodes = match &node.value {
            Value::List(nodes) => nodes.as_slice(),
            // A row of a CSV file has at most one.
            Value::Table(_) if self.is_row() => std::slice::from_ref(node),
            _ => {
                let message = format!("`{key}` is {}: expected a list of tables, each {what}", node.shown());
                let help = format!("begin each of them with `[[{key}]]`, or write `{key} = [{{ … }}, …]`");
                self.error(Code::WrongType, key, message, help);
                &[]
            }
        };
        let mut tables = vec![];
        if self.too_many(key, nodes.len()) {
            return tables;
        }
        for node in nodes {
            if let Value::Table(table) = &node.value {
                let what = format!("{what} of {}", self.what);
                tables.push(Fields {
                    #[cfg(test)]
                    place: format!("{}.{key}[]", self.place),
                    ..Fields::new(self.desk, table, what, format!("{}{key}.", self.path))
                });
            } else {
                let message = format!("`{key}` holds {}: expected {what}, a table", node.shown());
                self.desk.error(Code::WrongType, node.at.clone(), message, format!("write `{key} = [{{ … }}]`"));
            }
        }
        tables
    }

    fn too_many(&self, key: &str, count: usize) -> bool {
        if count > MOST_ITEMS {
            let message = format!("`{key}` has {count} entries: expected at most {MOST_ITEMS}");
            self.error(Code::Bounds, key, message, "split it into several things, or leave some out");
        }
        count > MOST_ITEMS
    }

    /// Whether the table is a row of a CSV file.
    pub fn is_row(&self) -> bool {
        self.row.is_some()
    }

    /// Names the table by its own id, in messages and in the list of defaults.
    pub fn named(&mut self, what: &str, id: Option<&str>) {
        if let Some(id) = id {
            self.what = format!("{what} `{}`", clip(id));
            self.path = format!("{}{id}.", self.path);
        }
    }

    /// The items of a list; `None` when the key is absent or no list.
    pub fn items(&self, key: &'static str, of: &str) -> Option<Vec<Node>> {
        let node = self.node(key)?;
        match &node.value {
            Value::List(items) if self.too_many(key, items.len()) => None,
            Value::List(items) => Some(items.clone()),
            Value::Cell(cell) => Some(rows::items(cell, &node.at)),
            _ => {
                let message = format!("`{key}` is {}: expected a list of {of}", node.shown());
                let fix = node.text().map_or("[\"…\"]".to_owned(), |text| format!("[\"{}\"]", clip(text)));
                self.error(Code::WrongType, key, message, format!("write `{key} = {fix}`"));
                None
            }
        }
    }

    /// Whether a key holds a list without items.
    pub fn is_empty_list(&self, key: &'static str) -> bool {
        matches!(self.node(key).map(|node| &node.value), Some(Value::List(items)) if items.is_empty())
    }

    /// A list of names. Wrong ones are reported and left out; repeated ones are errors.
    pub fn names(&self, key: &'static str, of: &str) -> Vec<Named> {
        #[cfg(test)]
        self.note(key, &text().form, true);
        let mut seen = BTreeSet::new();
        let mut names = vec![];
        for node in self.items(key, of).unwrap_or_default() {
            let Some(name) = self.read(key, &node, &text()) else { continue };
            if seen.insert(name.clone()) {
                names.push(Named { name, at: node.at });
            } else {
                let message = format!("`{}` stands twice in `{key}`", clip(&name));
                self.desk.error(Code::DuplicateId, node.at, message, "keep one of the two");
            }
        }
        names
    }

    /// Source, date and confidence of the table.
    pub fn evidence(&self) -> Evidence {
        Evidence {
            source: self.optional("source", text()).flatten(),
            as_of: self.optional("as_of", date()).flatten(),
            confidence: self.optional("confidence", word(CONFIDENCE)).flatten(),
        }
    }
}
