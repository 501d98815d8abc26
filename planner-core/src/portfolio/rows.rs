//! CSV rows as the tree that the TOML readers walk: `power.firm [MW]` is the
//! key `firm` of the table `power`, its unit added to bare numbers.

use std::rc::Rc;

use super::desk::{At, Desk, Named, clip};
use super::tree::{Cell, Column, Entry, MOST_VALUES, Node, Row, Table, Value};
use crate::diagnostics::Code;
use crate::letters::{canonical, first_hidden};
use crate::units::bare_number;

/// Columns whose cell may list steps, `2027-01-01 50 MW; 2028-01-01 80 MW`,
/// and the two keys of a step.
const STEPS: [(&str, &str, &str); 3] =
    [("power.connection", "from", "power"), ("power.firm", "from", "power"), ("tranches", "by", "min")];

/// Columns of a file: beyond it, the text is hardly a table.
const MOST_COLUMNS: usize = 300;

/// Rows of a file: every row takes kilobytes until its facts are made.
const MOST_ROWS: usize = 100_000;

/// A CSV file: its columns and one table per row.
pub(super) struct Rows {
    pub columns: Rc<[Rc<Column>]>,
    pub rows: Vec<Table>,
}

impl Desk<'_> {
    /// Parses a CSV file, reporting what is not CSV, and keeps its text.
    pub fn csv(&self, path: &str, text: String) -> Rows {
        let file: Rc<str> = Rc::from(path);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut columns: Rc<[Rc<Column>]> = Rc::from([]);
        let mut rows = vec![];
        let mut record = csv::StringRecord::new();
        let mut first = true;
        let mut values = 0;
        while reader.read_record(&mut record).unwrap_or(false) {
            let start = record.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(0));
            let end = usize::try_from(reader.position().byte()).unwrap_or(text.len());
            if record.len() > MOST_COLUMNS {
                let message = format!("the row has {} cells: at most {MOST_COLUMNS} columns are read", record.len());
                self.error(Code::Syntax, At::new(&file, start, start), message, "one line of the file is one row");
                first = false;
                break;
            }
            let cells = cells(&file, &text, start, end, &record);
            if first {
                columns = cells.into_iter().map(|cell| Rc::new(column(cell))).collect();
                first = false;
                if !self.check_columns(&columns) {
                    break;
                }
            } else if let Some(row) = self.row(&columns, &cells) {
                rows.push(row);
                values += cells.len();
                if rows.len() > MOST_ROWS || values > MOST_VALUES {
                    let (most, what) =
                        if rows.len() > MOST_ROWS { (MOST_ROWS, "rows") } else { (MOST_VALUES, "values") };
                    self.too_many(&file, most, what);
                    rows.clear();
                    break;
                }
            }
        }
        if first {
            let help = "the first line names the columns";
            self.error(Code::Syntax, At::new(&file, 0, 0), "the file is empty: expected a line of column names", help);
        }
        self.keep_source(path, text);
        Rows { columns, rows }
    }

    /// Whether the header names columns at all; reports what is wrong with it.
    fn check_columns(&self, columns: &[Rc<Column>]) -> bool {
        if let [only] = columns
            && let Some(separator) = [';', '\t'].into_iter().find(|c| only.name.contains(*c))
        {
            let shown = if separator == ';' { "semicolons" } else { "tabs" };
            let message = format!("the columns are separated by {shown}: expected commas");
            self.error(Code::Syntax, only.at.clone(), message, "save the file as CSV with commas");
            return false;
        }
        for (index, column) in columns.iter().enumerate() {
            if column.name.is_empty() {
                let help = "name the column, or take it out";
                self.error(Code::Syntax, column.at.clone(), format!("column {} has no name", index + 1), help);
            } else if let Some((_, c)) = first_hidden(&column.name) {
                // Where it has no end, the rows are in it.
                let message = format!(
                    "the name of column {} has control or invisible characters, the first of them U+{:04X}",
                    index + 1,
                    u32::from(c)
                );
                self.error(Code::Syntax, column.at.clone(), message, "close the quote, and write the name on one line");
                return false;
            } else if columns.iter().take(index).any(|other| other.name == column.name) {
                let message = format!("there are two columns `{}`", clip(&column.name));
                self.error(Code::DuplicateId, column.at.clone(), message, "keep one of the two");
            }
        }
        true
    }

    fn row(&self, columns: &Rc<[Rc<Column>]>, cells: &[Named]) -> Option<Table> {
        let (first, last) = (cells.first()?, cells.last()?);
        if cells.iter().all(|cell| cell.name.trim().is_empty()) {
            return None;
        }
        let at = At::new(&first.at.file, first.at.start, last.at.end);
        if cells.len() != columns.len() {
            let message = format!("the row has {} cells; the header names {} columns", cells.len(), columns.len());
            self.error(Code::Syntax, at.clone(), message, "put quotes around a cell that contains a comma");
        }
        let row_of = |prefix: String| Some(Row { columns: Rc::clone(columns), prefix });
        let mut row = Table { at, entries: vec![], row: row_of(String::new()) };
        for (column, cell) in columns.iter().zip(cells) {
            if !cell.name.trim().is_empty() && !column.name.is_empty() {
                self.place(&mut row, column, cell);
            }
        }
        Some(row)
    }

    /// Puts a cell where its dotted column name says.
    fn place(&self, row: &mut Table, column: &Rc<Column>, cell: &Named) {
        let mut table = row;
        let mut path: Vec<&str> = column.name.split('.').collect();
        // Energy prices and bands of a deck have points in their names, and no tables.
        if column.name.contains(':') || path.len() > 8 {
            path = vec![&column.name];
        }
        let Some((key, tables)) = path.split_last() else { return };
        for name in tables {
            let position = table.entries.iter().position(|entry| entry.key == *name).unwrap_or_else(|| {
                let row = table
                    .row
                    .as_ref()
                    .map(|row| Row { columns: Rc::clone(&row.columns), prefix: format!("{}{name}.", row.prefix) });
                let inner = Value::Table(Table { at: table.at.clone(), entries: vec![], row });
                let node = Node { at: table.at.clone(), value: inner };
                table.entries.push(Entry { key: (*name).to_owned(), at: column.at.clone(), node });
                table.entries.len() - 1
            });
            match table.entries.get_mut(position).map(|entry| &mut entry.node.value) {
                Some(Value::Table(inner)) => table = inner,
                _ => return self.both_value_and_table(name, &cell.at),
            }
        }
        if table.entries.iter().any(|entry| entry.key == *key) {
            return self.both_value_and_table(key, &cell.at);
        }
        let node = cell_node(column, cell);
        table.entries.push(Entry { key: (*key).to_owned(), at: column.at.clone(), node });
    }

    fn both_value_and_table(&self, name: &str, at: &At) {
        let message = format!("`{}` is given twice in this row, once as a value and once with a dot", clip(name));
        self.error(Code::DuplicateId, at.clone(), message, "leave one of the two cells empty");
    }
}

fn column(cell: Named) -> Column {
    let text = cell.name.trim();
    let (name, unit) = match text.strip_suffix(']').and_then(|text| text.rsplit_once('[')) {
        Some((name, unit)) => (name.trim(), Some(unit.trim().to_owned())),
        None => (text, None),
    };
    Column { name: canonical(name), unit, at: cell.at }
}

fn cell_node(column: &Rc<Column>, cell: &Named) -> Node {
    let steps = STEPS.iter().find(|(name, ..)| *name == column.name);
    if let Some((_, date, amount)) = steps.filter(|_| starts_with_date(&cell.name)) {
        let items = parts(cell).into_iter().map(|part| step(column, &part, date, amount)).collect();
        return Node { at: cell.at.clone(), value: Value::List(items) };
    }
    value(column, cell)
}

fn value(column: &Rc<Column>, cell: &Named) -> Node {
    let raw = cell.name.trim().to_owned();
    let text = match &column.unit {
        // A number with a slip in it has the column's unit too: `1,300` in `[kW]` is `1300 kW`.
        Some(unit) if raw.parse::<f64>().is_ok() || bare_number(&raw).is_some() => format!("{raw} {unit}"),
        _ => raw.clone(),
    };
    Node { at: cell.at.clone(), value: Value::Cell(Cell { text, raw, column: Rc::clone(column) }) }
}

fn starts_with_date(text: &str) -> bool {
    let text = text.trim_start().as_bytes();
    text.len() > 10 && text.get(4) == Some(&b'-') && text.get(7) == Some(&b'-')
}

/// The parts of a cell between semicolons.
fn parts(cell: &Named) -> Vec<Named> {
    let mut start = cell.at.start;
    let mut parts = vec![];
    for part in cell.name.split(';') {
        let at = At::new(&cell.at.file, start, start + part.len());
        start += part.len() + 1;
        if !part.trim().is_empty() {
            parts.push(Named { name: part.trim().to_owned(), at });
        }
    }
    parts
}

fn step(column: &Rc<Column>, part: &Named, date: &str, amount: &str) -> Node {
    let (from, power) = part.name.split_once([' ', ':']).unwrap_or((&part.name, ""));
    let entry = |key: &str, text: &str| Entry {
        key: key.to_owned(),
        at: part.at.clone(),
        node: value(column, &Named { name: text.to_owned(), at: part.at.clone() }),
    };
    let mut entries = vec![entry(date, from)];
    if !power.trim().is_empty() {
        entries.push(entry(amount, power));
    }
    Node { at: part.at.clone(), value: Value::Table(Table { at: part.at.clone(), entries, row: None }) }
}

/// The items of a cell that holds a list, separated by semicolons.
pub(super) fn items(cell: &Cell, at: &At) -> Vec<Node> {
    let named = Named { name: cell.raw.clone(), at: at.clone() };
    parts(&named).iter().map(|part| value(&cell.column, part)).collect()
}

/// The cells of a record with their places: the csv crate gives the record's.
fn cells(file: &Rc<str>, text: &str, start: usize, end: usize, record: &csv::StringRecord) -> Vec<Named> {
    let bytes = text.as_bytes();
    let mut at = start;
    while matches!(bytes.get(at), Some(b'\r' | b'\n')) {
        at += 1;
    }
    let end = end.min(bytes.len());
    let mut cells = Vec::with_capacity(record.len());
    for field in record {
        at = at.min(end);
        let from = at;
        // As in the csv crate, only a cell that begins with a quote is quoted, up to the quote that is not doubled.
        let mut quoted = bytes.get(at) == Some(&b'"');
        at += usize::from(quoted);
        while at < end {
            match bytes.get(at) {
                Some(b'"') if quoted && bytes.get(at + 1) == Some(&b'"') => at += 1,
                Some(b'"') => quoted = false,
                Some(b',' | b'\r' | b'\n') if !quoted => break,
                _ => {}
            }
            at += 1;
        }
        let inset = usize::from(bytes.get(from) == Some(&b'"') && at > from + 1);
        cells.push(Named { name: field.to_owned(), at: At::new(file, from + inset, at - inset) });
        at += 1;
    }
    cells
}
