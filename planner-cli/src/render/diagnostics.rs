//! Diagnostics as text with the source line and a caret, and as JSON.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use planner_core::diagnostics::{Diagnostic, Severity, line_column};
use planner_core::letters::shown_source as shown;
use planner_core::portfolio::Checked;
use serde::Serialize;

use super::format::words;

/// All diagnostics for a person; colours are stripped later where unwanted.
pub fn human(checked: &Checked, root: &Path) -> String {
    let renderer = Renderer::styled();
    let mut out = String::new();
    for diagnostic in &checked.diagnostics {
        out.push_str(&renderer.render(&[group(diagnostic, &checked.sources, root)]));
        out.push_str("\n\n");
    }
    out
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a BTreeMap<String, String>, root: &Path) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(words(&diagnostic.message)).id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    if let Some(span) = &diagnostic.span {
        let path = words(&shown_path(root, &span.file));
        // A file that could not be read has no text to show: its path alone.
        let text = sources.get(&span.file).map_or("", String::as_str);
        let lines = lines(text, span.start, span.end);
        let snippet = Snippet::source(lines.text).line_start(lines.first).path(path);
        group = group.element(snippet.annotation(AnnotationKind::Primary.span(lines.span)));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(words(help)));
    }
    group
}

/// The path as the user would open it.
fn shown_path(root: &Path, file: &str) -> String {
    if root == Path::new(".") { file.to_owned() } else { root.join(file).display().to_string() }
}

/// Most that is shown of a text from the beginning of a span on: a file may be one line, and a cell a book.
const MOST_SHOWN: usize = 100;

/// The lines of a text that a span lies in.
#[derive(Debug, PartialEq)]
struct Lines {
    /// As it may be shown.
    text: String,
    /// Number of the first.
    first: usize,
    /// The span in these lines.
    span: Range<usize>,
}

/// The renderer reads all that it is given: of a large file, only these lines.
fn lines(text: &str, start: usize, end: usize) -> Lines {
    let (start, end) = inside(text, start, end.min(start.saturating_add(MOST_SHOWN)));
    let (before, after) = (&text[..start], &text[end..]);
    let from = before.rfind('\n').map_or(0, |at| at + 1);
    let (_, to) = inside(text, end, end + after.find('\n').unwrap_or(after.len()).min(MOST_SHOWN));
    let (before_span, span) = (shown(&text[from..start]), shown(&text[start..end]));
    Lines {
        span: before_span.len()..before_span.len() + span.len(),
        text: before_span + &span + &shown(&text[end..to]),
        first: before.matches('\n').count() + 1,
    }
}

/// A span that lies inside a text, on character boundaries.
fn inside(text: &str, start: usize, end: usize) -> (usize, usize) {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(start);
    (start, floor(end).max(start))
}

/// A diagnostic as JSON.
#[derive(Debug, Serialize)]
pub struct Record<'a> {
    code: &'static str,
    severity: Severity,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    message: &'a str,
    help: Option<&'a str>,
}

/// All diagnostics for a program. Files are relative to the portfolio folder.
pub fn records(checked: &Checked) -> Vec<Record<'_>> {
    checked
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let span = diagnostic.span.as_ref();
            let place = span.map(|span| {
                let text = checked.sources.get(&span.file).map_or("", String::as_str);
                line_column(text, span.start)
            });
            Record {
                code: diagnostic.code.as_str(),
                severity: diagnostic.severity,
                file: span.map(|span| span.file.as_str()),
                line: place.map(|(line, _)| line),
                column: place.map(|(_, column)| column),
                message: &diagnostic.message,
                help: diagnostic.help.as_deref(),
            }
        })
        .collect()
}

/// `2 errors, 1 warning`.
pub fn count(checked: &Checked) -> String {
    let of = |severity| checked.diagnostics.iter().filter(|d| d.severity == severity).count();
    let words = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    format!("{}, {}", words(of(Severity::Error), "error"), words(of(Severity::Warning), "warning"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use planner_core::diagnostics::{Code, Span};

    fn checked() -> Checked {
        let span = Span { file: "sites/a.toml".to_owned(), start: 17, end: 24 };
        let lost = Span { file: "gone.toml".to_owned(), start: 0, end: 0 };
        Checked {
            diagnostics: vec![
                Diagnostic::error(Code::Quantity, span, "`20 MWh` is energy: expected power").help("write `20 MW`"),
                Diagnostic::warning(Code::MissingFile, lost, "there is no such file"),
                Diagnostic::error(Code::Cycle, None, "phases wait for one another"),
            ],
            sources: BTreeMap::from([("sites/a.toml".to_owned(), "name = \"A\"\nfirm= \"20 MWh\"\n".to_owned())]),
            ..Checked::default()
        }
    }

    #[test]
    fn the_source_line_is_shown_with_a_caret() {
        let text = anstream::adapter::strip_str(&human(&checked(), Path::new("fleet"))).to_string();
        assert!(text.contains("error[E201]: `20 MWh` is energy: expected power"), "{text}");
        assert!(text.contains("fleet/sites/a.toml:2:7"), "{text}");
        assert!(text.contains("firm= \"20 MWh\""), "{text}");
        assert!(text.contains("^^^^^^^"), "{text}");
        assert!(text.contains("help: write `20 MW`"), "{text}");
        assert!(text.contains("gone.toml"), "{text}");
        assert_eq!(count(&checked()), "2 errors, 1 warning");
    }

    #[test]
    fn records_have_lines_and_columns() {
        let checked = checked();
        let json = serde_json::to_value(records(&checked)).unwrap();
        assert_eq!(json[0]["line"], 2);
        assert_eq!(json[0]["column"], 7);
        assert_eq!(json[0]["code"], "E201");
        assert_eq!(json[0]["severity"], "error");
        assert_eq!(json[2]["file"], serde_json::Value::Null);
    }

    #[test]
    fn a_span_outside_its_text_does_no_harm() {
        assert_eq!(inside("aé", 2, 99), (1, 3));
        assert_eq!(inside("", 5, 3), (0, 0));
        assert_eq!(lines("aé\nb", 2, 99), Lines { text: "aé\nb".to_owned(), first: 1, span: 1..5 });
        assert_eq!(lines("", 5, 3), Lines { text: String::new(), first: 1, span: 0..0 });
    }

    #[test]
    fn only_the_lines_of_a_span_are_rendered() {
        let text = format!("{}bad = 1, 2\nlast\n", "ok = 1\n".repeat(9));
        assert_eq!(lines(&text, 69, 70), Lines { text: "bad = 1, 2".to_owned(), first: 10, span: 6..7 });
        assert_eq!(lines("a\u{ad} = \u{200b}1", 6, 10).text, "a\u{fffd} = \u{fffd}1");
        assert_eq!(lines("a\u{ad} = \u{200b}1", 6, 10).span, 7..11, "places move with what is shown");
        let long = "é".repeat(5000);
        let shown = lines(&long, 4, 10_000);
        assert_eq!((shown.text.len(), shown.span), (204, 4..104));
    }
}
