//! The only place that prints: results to stdout, the rest to stderr.

use std::io::{ErrorKind, Write};

use anstream::AutoStream;
use anyhow::Context;

use crate::args::{Color, Format};

/// Where a command's output goes.
pub struct Console {
    format: Format,
    color: anstream::ColorChoice,
    quiet: bool,
}

impl Console {
    /// As the arguments say.
    pub const fn new(format: Format, color: Color, quiet: bool) -> Self {
        let color = match color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::AlwaysAnsi,
            Color::Never => anstream::ColorChoice::Never,
        };
        Self { format, color, quiet }
    }

    /// Before any arguments are known.
    pub const fn plain() -> Self {
        Self::new(Format::Human, Color::Never, false)
    }

    /// Whether results are JSON.
    pub fn json(&self) -> bool {
        self.format == Format::Json
    }

    /// Whether progress and notes are unwanted.
    #[cfg(feature = "solver")]
    pub const fn quiet(&self) -> bool {
        self.quiet
    }

    /// A result, to stdout. A reader that closed the pipe has read enough.
    pub fn result(&self, text: &str) -> anyhow::Result<()> {
        let mut out = AutoStream::new(std::io::stdout(), self.color);
        match writeln!(out, "{}", text.trim_end_matches('\n')).and_then(|()| out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("cannot write the result"),
            _ => Ok(()),
        }
    }

    /// A result as JSON, to stdout.
    pub fn json_result(&self, value: &impl serde::Serialize) -> anyhow::Result<()> {
        self.result(&serde_json::to_string_pretty(value)?)
    }

    /// A note, to stderr, unless quiet.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.error(text);
        }
    }

    /// What went wrong, to stderr.
    pub fn error(&self, text: &str) {
        let mut err = AutoStream::new(std::io::stderr(), self.color);
        let _ = writeln!(err, "{}", text.trim_end_matches('\n'));
    }
}
