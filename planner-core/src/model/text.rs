//! Rows as text, one line each: for people, tests and reviews.

use std::fmt::Write as _;

use super::{Row, Variables};

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
            (true, true) => write!(text, " = {}", short(self.upper)),
            (true, false) => write!(text, " ≥ {}", short(self.lower)),
            _ => write!(text, " ≤ {}", short(self.upper)),
        };
        text
    }
}

/// To nine digits, without trailing zeros.
fn short(value: f64) -> String {
    format!("{}", (value * 1e9).round() / 1e9)
}
