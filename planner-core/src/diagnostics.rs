//! What is wrong with an input, as data. Collected by the readers, rendered
//! once by the command line (human, json).

use serde::Serialize;

use crate::letters::shown;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The portfolio cannot be planned.
    Error,
    /// It can, but the author should know.
    Warning,
}

/// A place in a file: byte offsets into its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// Path as the reader opened it, relative to the portfolio folder.
    pub file: String,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// One thing that is wrong, where, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Stable code; the book's error index explains each.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// Where; `None` when there is no file to point at.
    pub span: Option<Span>,
    /// What is wrong, with what was expected.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    #[must_use]
    pub fn error(code: Code, span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, span: span.into(), message: message.into(), help: None }
    }

    /// A warning at a place.
    #[must_use]
    pub fn warning(code: Code, span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    /// With the way to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

macro_rules! codes {
    ($( $variant:ident = $code:literal, $about:literal; )+) => {
        /// Every diagnostic code. The texts are the book's error index.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $( #[doc = $about] $variant, )+ }

        impl Code {
            /// All codes, for the error index.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];
            /// The code as printed.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $( Self::$variant => $code ),+ } }
            /// One line on what it means.
            #[must_use]
            pub const fn about(self) -> &'static str { match self { $( Self::$variant => $about ),+ } }
        }
    };
}

codes! {
    Syntax = "E001", "The file is not valid TOML or CSV.";
    UnreadableFile = "E002", "A file of the portfolio cannot be read.";
    MissingFile = "E003", "A file that the portfolio needs is not there.";
    TooLarge = "E004", "The file is larger than 64 MiB.";
    Format = "E005", "The portfolio's `format` is not one this version reads.";
    UnknownKey = "E101", "The key does not exist here.";
    MissingKey = "E102", "A required key is missing.";
    WrongType = "E103", "The value has another type than the key takes.";
    LaterKey = "E104", "The key belongs to a part of the model that this version does not plan yet.";
    Quantity = "E201", "The text is not a quantity of the expected dimension.";
    Date = "E202", "The value is not a date of the civil calendar.";
    Bounds = "E203", "The value lies outside its bounds.";
    Word = "E204", "The word is not one of those the key takes.";
    UnknownId = "E301", "The name refers to nothing.";
    DuplicateId = "E302", "The name is used twice.";
    Cycle = "E303", "Phases or works wait for one another in a circle.";
    Contradiction = "E304", "Two values contradict each other.";
    Horizon = "E305", "A series or date does not cover the horizon.";
    Unused = "W401", "The thing is defined, but nothing can use it.";
    Doubtful = "W402", "The value is allowed, but unusual enough to look at.";
    Arbitrage = "W403", "The deck sells used machines dearer than it buys new ones.";
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

/// Line and column (both from 1, columns in characters) of a byte offset.
#[must_use]
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    (line, column)
}

/// Longest text of a file, between ticks, that a message repeats.
const MOST_REPEATED: usize = 80;

/// Longest message.
pub const MOST_CHARACTERS: usize = 1000;

/// A message as it may be printed: nothing from a file steers a terminal or floods it.
#[must_use]
pub fn printable(message: &str) -> String {
    let parts: Vec<String> = message.split('`').map(|part| cut(part, MOST_REPEATED * 5)).collect();
    // Every second part stands between ticks.
    let parts: Vec<String> = parts
        .iter()
        .zip(0..)
        .map(|(part, n)| if n % 2 == 1 { cut(part, MOST_REPEATED) } else { part.clone() })
        .collect();
    cut(&shown(&parts.join("`")), MOST_CHARACTERS)
}

/// At most so many characters of a text, the last of them dots when some are missing.
#[must_use]
pub fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some(_) => text.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique() {
        let mut codes: Vec<_> = Code::ALL.iter().map(|c| c.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Code::ALL.len());
    }

    #[test]
    fn no_message_is_longer_than_a_screen() {
        let long = "x".repeat(5000);
        let said = printable(&format!("`count` is `{long}`: expected {long}"));
        assert!(said.starts_with(&format!("`count` is `{}…`: expected xx", "x".repeat(79))), "{said}");
        assert_eq!(said.chars().count(), 2 + 5 + 6 + 80 + 1 + 400 - 1);
        for text in [&long, &"`".repeat(5000), &"a`".repeat(5000), &"é\u{202e}".repeat(5000)] {
            assert!(printable(text).chars().count() <= MOST_CHARACTERS);
        }
        assert_eq!(cut("panther-creek", 8), "panther…");
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(line_column("a\nüb = 1", 4), (2, 2));
        assert_eq!(line_column("", 99), (1, 1));
    }
}
