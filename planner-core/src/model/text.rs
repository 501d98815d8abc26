//! Columns and rows as text, one line each: for people, tests and reviews.

use std::fmt::Write as _;

use super::{Column, Model, Row, Variables};

impl Model {
    /// Every column and every row, and what is not decided.
    #[must_use]
    pub fn text(&self) -> String {
        let columns = self.variables.columns.iter().map(Column::text);
        let rows = self.rows.iter().map(|row| row.text(&self.variables));
        let constant = format!("not decided: {} M$", short(self.constant));
        let lines: Vec<String> = std::iter::once(constant).chain(columns).chain(rows).collect();
        lines.join("\n") + "\n"
    }
}

impl Column {
    /// `convert[north,a,liquid,ig,2027-01]: 12.5 M$, whole, 0 to 2`
    #[must_use]
    pub fn text(&self) -> String {
        let whole = if self.integer { ", whole" } else { "" };
        let (lower, upper) = (short(self.lower), short(self.upper));
        format!("{}: {} M${whole}, {lower} to {upper}", self.name, short(self.value))
    }
}

impl Row {
    /// `racks[north,air,2027-04]: 3.675 stock[…] + 20 convert[…] ≤ 41`
    #[must_use]
    pub fn text(&self, variables: &Variables) -> String {
        let mut text = format!("{}[{}]:", self.family, self.key);
        for (at, (column, coefficient)) in self.terms.iter().enumerate() {
            let sign = match (at, *coefficient < 0.0) {
                (0, false) => "",
                (0, true) => "−",
                (_, false) => "+ ",
                (_, true) => "− ",
            };
            let name = &variables.columns[column.0].name;
            // Writing to a String never fails.
            let _ = match short(coefficient.abs()).as_str() {
                "1" => write!(text, " {sign}{name}"),
                size => write!(text, " {sign}{size} {name}"),
            };
        }
        let _ = match (self.lower.is_finite(), self.upper.is_finite()) {
            (true, true) if self.lower.to_bits() == self.upper.to_bits() => write!(text, " = {}", short(self.upper)),
            (true, true) => write!(text, " from {} to {}", short(self.lower), short(self.upper)),
            (true, false) => write!(text, " ≥ {}", short(self.lower)),
            _ => write!(text, " ≤ {}", short(self.upper)),
        };
        text
    }
}

/// To nine digits, without trailing zeros.
fn short(value: f64) -> String {
    format!("{}", (value * 1e9).round() / 1e9 + 0.0)
}

#[cfg(test)]
mod tests {
    use super::super::ColumnId;
    use super::*;

    #[test]
    fn columns_and_rows_one_a_line() {
        let column =
            |name: &str, integer, upper, value| Column { name: name.to_owned(), integer, lower: 0.0, upper, value };
        let columns = vec![column("x[a]", true, 2.0, -1.0 / 3.0), column("y[b]", false, f64::INFINITY, -1e-12)];
        let variables = Variables { columns, ..Variables::default() };
        let terms = vec![(ColumnId(0), -1.0), (ColumnId(1), 0.5)];
        let range = Row { lower: -1.0, ..Row::at_most("racks", "b".to_owned(), vec![(ColumnId(1), 1.0)], 4.0) };
        let rows = vec![Row::equal("budget", "a".to_owned(), terms, 1.5), range];
        let expected = "\
not decided: -2.5 M$
x[a]: -0.333333333 M$, whole, 0 to 2
y[b]: 0 M$, 0 to inf
budget[a]: −x[a] + 0.5 y[b] = 1.5
racks[b]: y[b] from -1 to 4
";
        assert_eq!(Model { variables, rows, constant: -2.5 }.text(), expected);
    }
}
