//! The model in free-format MPS, for other solvers.
//!
//! MPS minimises, so the objective row `minus_npv` holds minus the value of each column, in M$. By the format's convention
//! an objective is its row *minus* its right-hand side: the right-hand side of `minus_npv` is the value of what is not
//! decided, and the net present value is minus the objective. Every upper bound of a whole column is written, because
//! readers differ on what is meant without one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Column, Model, Row};

/// The objective row; rows of the model have brackets in their names.
const OBJECTIVE: &str = "minus_npv";

impl Model {
    /// The model as the text of an MPS file, in the order of columns and rows.
    #[must_use]
    pub fn mps(&self, name: &str) -> String {
        let rows = unique(self.rows.iter().map(|row| format!("{}[{}]", row.family, row.key)));
        let columns = unique(self.variables.columns.iter().map(|column| column.name.clone()));
        let mut text = String::from(
            "* Minimises minus the net present value, in millions of dollars.\n\
             * Objective = row minus_npv, less its right-hand side.\n",
        );
        line(&mut text, format_args!("NAME {}", plain(name)));
        line(&mut text, format_args!("ROWS\n N {OBJECTIVE}"));
        for (row, name) in self.rows.iter().zip(&rows) {
            line(&mut text, format_args!(" {} {name}", sense(row)));
        }
        self.write_columns(&columns, &rows, &mut text);
        line(&mut text, format_args!("RHS"));
        if self.constant != 0.0 {
            line(&mut text, format_args!(" rhs {OBJECTIVE} {}", number(self.constant)));
        }
        for (row, name) in self.rows.iter().zip(&rows) {
            let side = if row.upper.is_finite() { row.upper } else { row.lower };
            if side.is_finite() && side != 0.0 {
                line(&mut text, format_args!(" rhs {name} {}", number(side)));
            }
        }
        let ranged: Vec<_> = self.rows.iter().zip(&rows).filter(|(row, _)| is_range(row)).collect();
        if !ranged.is_empty() {
            line(&mut text, format_args!("RANGES"));
        }
        for (row, name) in ranged {
            line(&mut text, format_args!(" range {name} {}", number(row.upper - row.lower)));
        }
        line(&mut text, format_args!("BOUNDS"));
        for (column, name) in self.variables.columns.iter().zip(&columns) {
            bounds(column, name, &mut text);
        }
        line(&mut text, format_args!("ENDATA"));
        text
    }

    fn write_columns(&self, columns: &[String], rows: &[String], text: &mut String) {
        // A column may stand in a row more than once; MPS names each pair once.
        let mut entries: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); columns.len()];
        for (at, row) in self.rows.iter().enumerate() {
            for (column, coefficient) in &row.terms {
                *entries[column.0].entry(at).or_default() += coefficient;
            }
        }
        line(text, format_args!("COLUMNS"));
        let (mut whole, mut markers) = (false, 0);
        let mut mark = |now: bool, text: &mut String| {
            if now != whole {
                let kind = if now { "INTORG" } else { "INTEND" };
                line(text, format_args!(" marker{markers} 'MARKER' '{kind}'"));
                (whole, markers) = (now, markers + 1);
            }
        };
        for ((column, name), entries) in self.variables.columns.iter().zip(columns).zip(entries) {
            mark(column.integer, text);
            // A column without any entry has to be named all the same.
            if column.value != 0.0 || entries.is_empty() {
                line(text, format_args!(" {name} {OBJECTIVE} {}", number(-column.value)));
            }
            for (row, coefficient) in entries {
                line(text, format_args!(" {name} {} {}", rows[row], number(coefficient)));
            }
        }
        mark(false, text);
    }
}

fn is_range(row: &Row) -> bool {
    row.lower.is_finite() && row.upper.is_finite() && row.lower.to_bits() != row.upper.to_bits()
}

fn sense(row: &Row) -> char {
    match (row.lower.is_finite(), row.upper.is_finite()) {
        (true, true) if !is_range(row) => 'E',
        (_, true) => 'L',
        (true, false) => 'G',
        (false, false) => 'N',
    }
}

/// What differs from `0 ≤ x`, and every bound of a whole column.
fn bounds(column: &Column, name: &str, text: &mut String) {
    let mut bound = |kind: &str, value: Option<f64>| {
        let value = value.map(|value| format!(" {}", number(value))).unwrap_or_default();
        line(text, format_args!(" {kind} bound {name}{value}"));
    };
    match (column.lower.is_finite(), column.upper.is_finite()) {
        (true, true) if column.lower.to_bits() == column.upper.to_bits() => return bound("FX", Some(column.upper)),
        (false, false) => return bound("FR", None),
        (false, true) => bound("MI", None),
        (true, _) if column.lower != 0.0 => bound("LO", Some(column.lower)),
        (true, _) => {}
    }
    if column.upper.is_finite() {
        bound("UP", Some(column.upper));
    } else if column.integer {
        bound("PL", None);
    }
}

/// The shortest digits that are read back as the same number, never `-0`.
fn number(value: f64) -> String {
    format!("{}", value + 0.0)
}

/// A name without anything that a reader of MPS may stumble over: spaces, what is no ASCII, and great length.
fn plain(name: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-.,+/:[]".contains(c);
    name.chars().take(LONGEST_NAME).map(|c| if allowed(c) { c } else { '_' }).collect()
}

/// Readers take names of up to 255 characters; this leaves room for what tells two apart.
const LONGEST_NAME: usize = 240;

/// Plain names of bounded length; the second one that reads alike ends in `~2`.
fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let name = |name: String| {
        let name = plain(&name);
        let count = seen.entry(name.clone()).and_modify(|count| *count += 1).or_insert(1);
        if *count == 1 { name } else { format!("{name}~{count}") }
    };
    let names: Vec<String> = names.map(name).collect();
    debug_assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    names
}

fn line(text: &mut String, line: std::fmt::Arguments) {
    // Writing to a String never fails.
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use crate::model::{Column, ColumnId, Model, Row, Variables};

    const INFINITY: f64 = f64::INFINITY;

    fn model(columns: &[(&str, bool, f64, f64, f64)], rows: Vec<Row>, constant: f64) -> Model {
        let column = |(name, integer, lower, upper, value): &(&str, bool, f64, f64, f64)| Column {
            name: (*name).to_owned(),
            integer: *integer,
            lower: *lower,
            upper: *upper,
            value: *value,
        };
        let variables = Variables { columns: columns.iter().map(column).collect(), ..Variables::default() };
        Model { variables, rows, constant }
    }

    fn section<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
        let lines = text.lines().skip_while(|line| *line != name).skip(1);
        lines.take_while(|line| line.starts_with(' ')).map(str::trim).collect()
    }

    #[test]
    fn a_tiny_model_literally() {
        let columns = [
            ("convert[north,a]", true, 0.0, 2.0, 12.5),
            ("accept[lease]", true, 0.0, 1.0, 0.0),
            ("run[north,Antminer S19 XP+,2027-01]", false, 0.0, INFINITY, 0.1),
            ("buy[north,Antminer S19 XP+,2027-01]", false, 0.0, 4.5, -1.0 / 3.0),
        ];
        let [convert, accept, run, buy] = [0, 1, 2, 3].map(ColumnId);
        let rows = vec![
            Row::at_most("racks", "north,Air,2027-01".to_owned(), vec![(run, 3.675), (convert, 20.0)], 41.0),
            Row::equal("offer_size", "lease,one".to_owned(), vec![(convert, 1.0), (accept, -2.0)], 0.0),
            Row { lower: -1.0, ..Row::at_most("budget", "total".to_owned(), vec![(buy, 1.0), (convert, 16.0)], 8.0) },
            Row::at_least("locks", "force,1".to_owned(), vec![(convert, 1.0)], 1.0),
        ];
        let expected = "\
* Minimises minus the net present value, in millions of dollars.
* Objective = row minus_npv, less its right-hand side.
NAME First_look
ROWS
 N minus_npv
 L racks[north,Air,2027-01]
 E offer_size[lease,one]
 L budget[total]
 G locks[force,1]
COLUMNS
 marker0 'MARKER' 'INTORG'
 convert[north,a] minus_npv -12.5
 convert[north,a] racks[north,Air,2027-01] 20
 convert[north,a] offer_size[lease,one] 1
 convert[north,a] budget[total] 16
 convert[north,a] locks[force,1] 1
 accept[lease] offer_size[lease,one] -2
 marker1 'MARKER' 'INTEND'
 run[north,Antminer_S19_XP+,2027-01] minus_npv -0.1
 run[north,Antminer_S19_XP+,2027-01] racks[north,Air,2027-01] 3.675
 buy[north,Antminer_S19_XP+,2027-01] minus_npv 0.3333333333333333
 buy[north,Antminer_S19_XP+,2027-01] budget[total] 1
RHS
 rhs minus_npv -7.25
 rhs racks[north,Air,2027-01] 41
 rhs budget[total] 8
 rhs locks[force,1] 1
RANGES
 range budget[total] 9
BOUNDS
 UP bound convert[north,a] 2
 UP bound accept[lease] 1
 UP bound buy[north,Antminer_S19_XP+,2027-01] 4.5
ENDATA
";
        assert_eq!(model(&columns, rows, -7.25).mps("First look"), expected);
    }

    #[test]
    fn every_kind_of_bound_and_a_column_in_no_row() {
        let columns = [
            ("fixed", true, 3.0, 3.0, 0.0),
            ("nil", false, 0.0, 0.0, 0.0),
            ("free", false, -INFINITY, INFINITY, 0.0),
            ("below", false, -INFINITY, 2.0, 0.0),
            ("from", false, 0.5, INFINITY, 0.0),
            ("between", false, -1.5, 1.5, 0.0),
            ("unbounded", true, 0.0, INFINITY, 0.0),
            ("usual", false, 0.0, INFINITY, 0.0),
        ];
        let text = model(&columns, vec![], 0.0).mps("bounds");
        let expected = [
            "FX bound fixed 3",
            "FX bound nil 0",
            "FR bound free",
            "MI bound below",
            "UP bound below 2",
            "LO bound from 0.5",
            "LO bound between -1.5",
            "UP bound between 1.5",
            "PL bound unbounded",
        ];
        assert_eq!(section(&text, "BOUNDS"), expected);
        assert!(section(&text, "COLUMNS").contains(&"usual minus_npv 0"));
        assert_eq!(section(&text, "RHS"), [""; 0]);
        assert!(!text.contains("RANGES"));
    }

    #[test]
    fn no_name_is_longer_than_readers_take() {
        let long = "界".repeat(400);
        let names = [format!("{long}a"), format!("{long}b"), "x".repeat(240), "x".repeat(241), "x".repeat(3000)];
        let columns: Vec<_> = names.iter().map(|name| (name.as_str(), false, 0.0, 1.0, 1.0)).collect();
        let rows = names.iter().map(|name| Row::at_most("x", name.clone(), vec![(ColumnId(0), 1.0)], 1.0)).collect();
        let text = model(&columns, rows, 0.0).mps(&long);
        let mut seen = std::collections::BTreeSet::new();
        for line in section(&text, "ROWS") {
            assert!(seen.insert(line.split_once(' ').unwrap().1), "{line}");
        }
        for line in section(&text, "BOUNDS") {
            assert!(seen.insert(line.split(' ').nth(2).unwrap()), "{line}");
        }
        assert_eq!(seen.len(), 1 + 2 * names.len());
        assert!(text.is_ascii() && text.split([' ', '\n']).all(|word| word.len() <= 255));
    }

    #[test]
    fn names_stay_apart_and_terms_of_one_column_add_up() {
        let columns = [("a b", false, 0.0, 1.0, 0.0), ("a_b", false, 0.0, 1.0, 0.0), ("é~2", false, 0.0, 1.0, 0.0)];
        let (twice, again) = (vec![(ColumnId(0), 1.0), (ColumnId(0), 0.25)], vec![(ColumnId(2), -1.0)]);
        let rows = vec![Row::at_most("x", "é".to_owned(), twice, 1.0), Row::at_most("x", "è".to_owned(), again, 1.0)];
        let text = model(&columns, rows, 0.0).mps("");
        assert_eq!(section(&text, "ROWS"), ["N minus_npv", "L x[_]", "L x[_]~2"]);
        let expected = ["a_b x[_] 1.25", "a_b~2 minus_npv 0", "__2 x[_]~2 -1"];
        assert_eq!(section(&text, "COLUMNS"), expected);
    }
}
