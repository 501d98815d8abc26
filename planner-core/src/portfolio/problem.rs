//! What is wrong with a value, in words.

use crate::diagnostics::Code;
use crate::units::{Accepted, Remedy, UnitError, Why, bare_number};

/// What is wrong with a value. The message goes on after "`key` is `value`".
pub(super) struct Problem {
    pub code: Code,
    pub message: String,
    /// How to mend it; its texts are values as a TOML file would have them.
    pub remedy: Option<Remedy>,
    /// What was expected, when the unit is what is wrong: a CSV column has it in its header.
    pub unit: Option<Accepted>,
}

impl Problem {
    /// With a value that only shows the form.
    pub fn new(code: Code, message: impl Into<String>, example: impl Into<String>) -> Self {
        let remedy = Some(Remedy::Example(example.into()));
        Self { code, message: message.into(), remedy, unit: None }
    }

    /// Says that the value lies outside its bounds.
    pub fn bounds(message: impl Into<String>) -> Self {
        Self { code: Code::Bounds, message: message.into(), remedy: None, unit: None }
    }

    /// Says what was expected in place of a word, and the word that was probably meant.
    pub fn word(message: impl Into<String>, meant: Option<String>) -> Self {
        Self { code: Code::Word, message: message.into(), remedy: meant.map(Remedy::certain), unit: None }
    }
}

/// A value of another type.
pub(super) fn wrong_type(expected: &str, example: &str) -> Problem {
    Problem::new(Code::WrongType, format!(": expected {expected}"), example)
}

/// A text that is no bare number; what it says as one, where the reader takes that.
pub(super) fn no_number(expected: &str, example: &str, text: &str, reads: impl Fn(&str) -> bool) -> Problem {
    let fix = bare_number(text).filter(|fix| reads(&fix.text));
    let remedy = fix.map_or_else(|| Remedy::Example(example.to_owned()), Remedy::write);
    Problem { remedy: Some(remedy), ..wrong_type(expected, example) }
}

pub(super) fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// A quantity that is none, or of another dimension.
pub(super) fn unit_problem(error: UnitError, accepted: Accepted) -> Problem {
    let dimension = error.dimension;
    let message = match &error.why {
        Why::Bare => format!(", without a unit: expected {dimension}"),
        Why::Dimension(found) if found.starts_with("in ") => format!(", {found}: expected {dimension}"),
        Why::Dimension(found) => format!(", which is {found}: expected {dimension}"),
        Why::Number if dimension.starts_with("a whole") => format!(": expected {dimension}"),
        Why::Number => format!(": expected {dimension}, a number with its unit"),
    };
    let unit = Some(accepted).filter(|_| error.why != Why::Number);
    Problem { code: Code::Quantity, message, remedy: Some(error.remedy.map(quoted)), unit }
}
