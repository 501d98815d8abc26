//! Spanned values: what a TOML file and a CSV row both become, so that every
//! reader is written once.

use std::collections::BTreeSet;
use std::rc::Rc;

use toml::de::{DeTable, DeValue};

use super::desk::{At, Desk, clip};
use crate::diagnostics::Code;
use crate::letters::{canonical, named};

/// Bytes of a file of which only the first syntax error is reported.
const LARGE: usize = 1024 * 1024;

/// Values of one file: a value takes far more memory than its text.
pub(super) const MOST_VALUES: usize = 3_000_000;

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub at: At,
    pub value: Value,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    /// A bare number as written (decimal).
    Number(String),
    /// A hexadecimal, octal or binary integer: no quantity of a portfolio is written so.
    Radix(String),
    Bool(bool),
    /// A date, or a date with time, as written.
    Date(String),
    Cell(Cell),
    List(Vec<Node>),
    Table(Table),
}

/// A filled cell of a CSV file; its type is what the reader asks for.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    /// With the column's unit, if the cell has none.
    pub text: String,
    /// As written.
    pub raw: String,
    pub column: Rc<Column>,
}

/// A column of a CSV file.
#[derive(Debug)]
pub(super) struct Column {
    pub name: String,
    pub unit: Option<String>,
    pub at: At,
}

/// Keys and values of a table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub at: At,
    pub entries: Vec<Entry>,
    /// Where the table comes from, if it is a row of a CSV file.
    pub row: Option<Row>,
}

/// A row, or the part of it whose columns begin with `prefix`.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub columns: Rc<[Rc<Column>]>,
    pub prefix: String,
}

impl Row {
    /// The column of a key, or one of those of its table.
    pub fn column(&self, key: &str) -> Option<&Column> {
        let name = format!("{}{key}", self.prefix);
        let is = |column: &Column| {
            column.name.strip_prefix(&name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.columns.iter().map(AsRef::as_ref).find(|column| is(column))
    }
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub key: String,
    pub at: At,
    pub node: Node,
}

impl Node {
    /// The value as a message shows it.
    pub fn shown(&self) -> String {
        match &self.value {
            Value::Text(text) | Value::Number(text) | Value::Radix(text) | Value::Date(text) => {
                format!("`{}`", clip(text))
            }
            Value::Cell(cell) => format!("`{}`", clip(&cell.raw)),
            Value::Bool(value) => format!("`{value}`"),
            Value::List(_) => "a list".to_owned(),
            Value::Table(_) => "a table".to_owned(),
        }
    }

    /// Text of a value that may stand for a quantity, a date or a word.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Cell(cell) => Some(&cell.text),
            _ => None,
        }
    }

    pub fn is_cell(&self) -> bool {
        matches!(self.value, Value::Cell(_))
    }
}

impl Desk<'_> {
    /// Refuses a file for the number of its values or rows; nothing else of it is reported.
    pub fn too_many(&self, file: &Rc<str>, most: usize, what: &str) {
        let message = format!("the file holds more than {most} {what}");
        self.syntax(Code::TooLarge, At::new(file, 0, 0), message, Some("leave out what is not needed".to_owned()));
    }

    /// Parses a TOML file, reporting every syntax error, and keeps its text.
    pub fn toml(&self, path: &str, text: String) -> Table {
        let file: Rc<str> = Rc::from(path);
        let ends = text.bytes().filter(|b| matches!(b, b',' | b'=' | b'\n' | b'.' | b'[' | b'{')).count();
        if ends > MOST_VALUES {
            self.too_many(&file, MOST_VALUES, "values");
            self.keep_source(path, text);
            return Table { at: At::new(&file, 0, 0), entries: vec![], row: None };
        }
        // A large file that is no TOML at all would have an error in every line.
        let (parsed, errors) = match DeTable::parse(&text) {
            Ok(parsed) => (parsed, vec![]),
            Err(error) if text.len() > LARGE => (toml::Spanned::new(0..0, DeTable::new()), vec![error]),
            Err(_) => DeTable::parse_recoverable(&text),
        };
        // Quotes that are none break a line in several places.
        let mut quoted = BTreeSet::new();
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            let at = At::new(&file, span.start, span.end);
            let message = error.message().lines().next().unwrap_or_default();
            let written = text.get(span.clone()).unwrap_or_default();
            let (start, line) = line_of(&text, span.start);
            if let Some(straight) = straight_quotes(line) {
                if quoted.insert(start) {
                    let help = format!("write straight quotes: `{}`", clip(straight.trim()));
                    self.syntax(Code::Syntax, at, format!("this is not TOML: {message}"), Some(help));
                } else {
                    self.broken_at(&at);
                }
            } else if message.starts_with("invalid date") {
                let shown = clip(written);
                self.syntax(Code::Date, at, format!("`{shown}` is not a date of the calendar: {message}"), None);
            } else {
                let help = syntax_help(message, text.get(span.start..).unwrap_or_default(), written);
                self.syntax(Code::Syntax, at, format!("this is not TOML: {message}"), help);
            }
        }
        let table = table(&file, At::new(&file, 0, 0), parsed.get_ref());
        self.keep_source(path, text);
        table
    }
}

/// The line of a place, and where it begins.
fn line_of(text: &str, place: usize) -> (usize, &str) {
    let (before, after) = (text.get(..place).unwrap_or_default(), text.get(place..).unwrap_or_default());
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = place + after.find('\n').unwrap_or(after.len());
    (start, text.get(start..end).unwrap_or_default())
}

/// A line with straight quotes in the place of those of a word processor; `None` when it has none outside of texts.
fn straight_quotes(line: &str) -> Option<String> {
    const DOUBLE: &str = "“”„‟«»＂″〝〞";
    const SINGLE: &str = "‘’‚‛‹›＇′";
    let mut straight = String::with_capacity(line.len());
    let (mut inside, mut found) = (None, false);
    for (at, c) in line.char_indices() {
        match inside {
            None if c == '#' => {
                straight.push_str(line.get(at..).unwrap_or_default());
                break;
            }
            None if c == '"' || c == '\'' => inside = Some(c),
            Some(quote) if quote == c => inside = None,
            _ => {}
        }
        let quote = if DOUBLE.contains(c) { '"' } else { '\'' };
        let is_quote = inside.is_none() && (DOUBLE.contains(c) || SINGLE.contains(c));
        found |= is_quote;
        straight.push(if is_quote { quote } else { c });
    }
    found.then_some(straight)
}

fn syntax_help(message: &str, rest: &str, written: &str) -> Option<String> {
    let strange = rest.chars().next().filter(|c| !c.is_ascii());
    if let Some(c) = strange.filter(|_| message.contains("unquoted key")) {
        Some(format!("a key without quotes has plain letters; here stands {}", named(c)))
    } else if message.contains("must be quoted") && written.trim().is_empty() {
        Some("a value is missing after `=`".to_owned())
    } else if message.contains("must be quoted") {
        Some(format!("put quotes around the value: \"{}\"", clip(written.trim())))
    } else if message.contains("duplicate key") {
        Some("keep one of the two".to_owned())
    } else {
        None
    }
}

fn table(file: &Rc<str>, at: At, parsed: &DeTable<'_>) -> Table {
    let entries = parsed
        .iter()
        .map(|(key, value)| Entry {
            key: canonical(key.get_ref()),
            at: At::new(file, key.span().start, key.span().end),
            node: node(file, value),
        })
        .collect();
    Table { at, entries, row: None }
}

// The parser has limited the depth of nesting.
fn node(file: &Rc<str>, parsed: &toml::Spanned<DeValue<'_>>) -> Node {
    let at = At::new(file, parsed.span().start, parsed.span().end);
    let value = match parsed.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) if integer.radix() != 10 => Value::Radix(integer.to_string()),
        DeValue::Integer(integer) => Value::Number(integer.as_str().to_owned()),
        DeValue::Float(float) => Value::Number(float.as_str().to_owned()),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(|item| node(file, item)).collect()),
        DeValue::Table(entries) => Value::Table(table(file, at.clone(), entries)),
    };
    Node { at, value }
}
