//! What is wrong with a value, in words.

use crate::diagnostics::Code;
use crate::units::UnitError;

/// What is wrong with a value. The message goes on after "`key` is `value`".
pub(super) struct Problem {
    pub code: Code,
    pub message: String,
    /// The corrected value, as a TOML file would have it.
    pub fix: Option<String>,
    /// Whether `fix` only shows the form.
    pub fix_is_example: bool,
    /// Dimension and unit, when the unit is what is wrong: a CSV column has it in its header.
    pub unit: Option<(&'static str, String)>,
}

impl Problem {
    pub fn new(code: Code, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { code, message: message.into(), fix: Some(fix.into()), fix_is_example: true, unit: None }
    }
}

impl Problem {
    /// Says that the value lies outside its bounds.
    pub fn bounds(message: impl Into<String>) -> Self {
        Self { code: Code::Bounds, message: message.into(), fix: None, fix_is_example: false, unit: None }
    }
}

/// A value of another type.
pub(super) fn wrong_type(expected: &str, example: &str) -> Problem {
    Problem::new(Code::WrongType, format!(": expected {expected}"), example)
}

pub(super) fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// A quantity that is none, or of another dimension.
pub(super) fn unit_problem(error: &UnitError, unit: &str) -> Problem {
    let (message, dimension) = match error {
        UnitError::Bare { dimension, .. } => (format!(", without a unit: expected {dimension}"), *dimension),
        UnitError::Dimension { found, dimension, .. } if found.starts_with("in ") => {
            (format!(", {found}: expected {dimension}"), *dimension)
        }
        UnitError::Dimension { found, dimension, .. } => {
            (format!(", which is {found}: expected {dimension}"), *dimension)
        }
        UnitError::Number { dimension, .. } => {
            let message = format!(": expected {dimension}, a number with its unit");
            return Problem::new(Code::Quantity, message, quoted(error.fix()));
        }
    };
    let fix = Some(quoted(error.fix()));
    Problem { code: Code::Quantity, message, fix, fix_is_example: false, unit: Some((dimension, unit.to_owned())) }
}
