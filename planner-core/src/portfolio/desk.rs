//! Where the readers put what they find: diagnostics, defaults, sources.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::{DefaultUsed, Folder, FolderError, MAX_BYTES};
use crate::diagnostics::{Code, Diagnostic, Severity, Span, is_hidden};

/// Diagnostics kept of one run: beyond it, a broken export would bury its cause.
const MOST: usize = 1000;

/// Names among which the nearest is looked for: so that a search cannot take long.
const MOST_NAMES: usize = 2000;

/// A place in a file, cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub file: Rc<str>,
    pub start: usize,
    pub end: usize,
}

impl At {
    pub fn new(file: &Rc<str>, start: usize, end: usize) -> Self {
        Self { file: Rc::clone(file), start, end }
    }

    /// The beginning of a file: for what is wrong with all of it.
    pub fn top(file: &str) -> Self {
        Self { file: Rc::from(file), start: 0, end: 0 }
    }
}

impl From<At> for Option<Span> {
    fn from(at: At) -> Self {
        Some(Span { file: at.file.to_string(), start: at.start, end: at.end })
    }
}

/// A name as a file spells it, and where.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub name: String,
    pub at: At,
}

/// Collects what the readers find. Shared by all of them, hence the cells.
pub(super) struct Desk<'f> {
    folder: &'f dyn Folder,
    diagnostics: RefCell<Vec<Diagnostic>>,
    seen: RefCell<BTreeSet<(Option<Span>, String)>>,
    more: RefCell<usize>,
    defaults: RefCell<Vec<DefaultUsed>>,
    sources: RefCell<BTreeMap<String, String>>,
    /// Every key that a reader asked for, to compare with the data reference.
    #[cfg(test)]
    pub asked: RefCell<BTreeSet<&'static str>>,
    /// Every table with its keys and what they may hold, for the schemas.
    #[cfg(test)]
    pub recorded: RefCell<super::recorded::Recorded>,
    /// Syntax errors by file: what the parser made up there is not reported again.
    broken: RefCell<BTreeMap<String, Vec<(usize, usize)>>>,
}

impl<'f> Desk<'f> {
    pub fn new(folder: &'f dyn Folder) -> Self {
        Self {
            folder,
            diagnostics: RefCell::default(),
            seen: RefCell::default(),
            more: RefCell::default(),
            defaults: RefCell::default(),
            sources: RefCell::default(),
            #[cfg(test)]
            asked: RefCell::default(),
            #[cfg(test)]
            recorded: RefCell::default(),
            broken: RefCell::default(),
        }
    }

    /// Keeps a diagnostic, unless it repeats another or follows from a syntax error.
    pub fn report(&self, mut diagnostic: Diagnostic) {
        // A file that is too large is the cause of a flood, and must not drown in it.
        if self.is_full() && diagnostic.code != Code::TooLarge {
            *self.more.borrow_mut() += 1;
            return;
        }
        if diagnostic.span.as_ref().is_some_and(|span| self.follows_from_syntax(diagnostic.code, span)) {
            return;
        }
        diagnostic.message = printable(&diagnostic.message);
        diagnostic.help = diagnostic.help.as_deref().map(printable);
        if self.seen.borrow_mut().insert((diagnostic.span.clone(), diagnostic.message.clone())) {
            self.diagnostics.borrow_mut().push(diagnostic);
        }
    }

    /// Whether more would only be counted.
    pub fn is_full(&self) -> bool {
        self.diagnostics.borrow().len() >= MOST
    }

    pub fn error(&self, code: Code, at: At, message: impl Into<String>, help: impl Into<String>) {
        self.report(Diagnostic::error(code, at, message).help(help));
    }

    pub fn warning(&self, code: Code, at: At, message: impl Into<String>, help: impl Into<String>) {
        self.report(Diagnostic::warning(code, at, message).help(help));
    }

    /// A name that refers to nothing, with the nearest one that exists.
    pub fn unknown_id<'n>(&self, what: &str, named: &Named, known: impl IntoIterator<Item = &'n str>) {
        if self.is_full() {
            *self.more.borrow_mut() += 1;
            return;
        }
        let known: Vec<&str> = known.into_iter().take(MOST_NAMES).collect();
        // A bare name where one with its site is meant.
        let with_site = |known: &&str| known.rsplit_once('/').is_some_and(|(_, name)| name == named.name);
        let near = known.iter().copied().find(with_site).or_else(|| nearest(&named.name, known.iter().copied()));
        let help = near.map_or_else(
            || match known.as_slice() {
                [] => format!("there is no {what} at all"),
                some => format!("there is {}", one_of(some)),
            },
            |near| format!("did you mean `{near}`?"),
        );
        self.error(Code::UnknownId, named.at.clone(), format!("there is no {what} `{}`", clip(&named.name)), help);
    }

    /// A syntax error, remembered so that its consequences stay quiet.
    pub fn syntax(&self, code: Code, at: At, message: String, help: Option<String>) {
        let place = (at.start, at.end.max(at.start));
        let file = at.file.to_string();
        let diagnostic = Diagnostic { help, ..Diagnostic::error(code, at, message) };
        self.report(diagnostic);
        let mut broken = self.broken.borrow_mut();
        let places = broken.entry(file).or_default();
        if places.len() < MOST {
            places.push(place);
        }
    }

    fn follows_from_syntax(&self, code: Code, span: &Span) -> bool {
        let broken = self.broken.borrow();
        let Some(places) = broken.get(&span.file) else { return false };
        match code {
            Code::Syntax => false,
            // The key may stand in the very line that could not be read.
            Code::MissingKey => true,
            _ => places.iter().any(|(start, end)| span.start <= *end && *start <= span.end),
        }
    }

    pub fn default_used(&self, file: &str, key: String, value: &str) {
        self.defaults.borrow_mut().push(DefaultUsed { file: file.to_owned(), key, value: value.to_owned() });
    }

    /// The text of a file that must be there.
    pub fn open(&self, path: &str, asked_by: &At, why: &str) -> Option<String> {
        match self.folder.read(path) {
            Err(FolderError::Missing) => {
                self.error(
                    Code::MissingFile,
                    asked_by.clone(),
                    format!("there is no file `{}`: {why}", clip(path)),
                    format!("add the file `{}`", clip(path)),
                );
                None
            }
            other => self.accept(path, other),
        }
    }

    /// The text of a file that need not be there.
    pub fn open_if_there(&self, path: &str) -> Option<String> {
        match self.folder.read(path) {
            Err(FolderError::Missing) => None,
            other => self.accept(path, other),
        }
    }

    /// The text of a file that its folder lists.
    pub fn open_listed(&self, path: &str) -> Option<String> {
        match self.folder.read(path) {
            Err(FolderError::Missing) => {
                let message = format!("`{}` has gone: its folder lists it, but it is not there", clip(path));
                self.error(
                    Code::MissingFile,
                    At::top(path),
                    message,
                    "check again, when nothing else writes the folder",
                );
                None
            }
            other => self.accept(path, other),
        }
    }

    /// Names in a folder that need not be there.
    pub fn list(&self, folder: &str) -> Vec<String> {
        self.folder.list(folder).unwrap_or_else(|error| {
            let message = format!("`{}` cannot be listed: {error}", clip(folder));
            self.error(Code::UnreadableFile, At::top(folder), message, "it must be a folder that you may read");
            vec![]
        })
    }

    fn accept(&self, path: &str, read: Result<String, FolderError>) -> Option<String> {
        let too_large = |bytes: u64| {
            self.report(
                Diagnostic::error(
                    Code::TooLarge,
                    At::top(path),
                    format!("the file has {bytes} bytes; at most 64 MiB are read"),
                )
                .help("split it, or leave out columns that are not needed"),
            );
        };
        match read {
            Ok(text) if text.len() as u64 > MAX_BYTES => {
                too_large(text.len() as u64);
                None
            }
            Ok(text) => Some(text),
            Err(FolderError::TooLarge(bytes)) => {
                too_large(bytes);
                None
            }
            Err(error) => {
                self.report(
                    Diagnostic::error(
                        Code::UnreadableFile,
                        At::top(path),
                        format!("`{}` cannot be read: {error}", clip(path)),
                    )
                    .help("the file must be text in UTF-8 that you may read"),
                );
                None
            }
        }
    }

    pub fn keep_source(&self, path: &str, text: String) {
        self.sources.borrow_mut().insert(path.to_owned(), text);
    }

    pub fn has_errors(&self) -> bool {
        self.diagnostics.borrow().iter().any(|d| d.severity == Severity::Error)
    }

    /// Everything found, sorted by place.
    pub fn close(self) -> (Vec<Diagnostic>, Vec<DefaultUsed>, BTreeMap<String, String>) {
        let mut diagnostics = self.diagnostics.into_inner();
        diagnostics.sort_by(|a, b| (&a.span, a.code, &a.message).cmp(&(&b.span, b.code, &b.message)));
        let more = self.more.into_inner();
        if more > 0 {
            let text = format!("{more} further problems are not shown");
            diagnostics.push(Diagnostic::error(Code::Syntax, None, text).help("mend the first ones and check again"));
        }
        let mut defaults = self.defaults.into_inner();
        defaults.sort_by(|a, b| (&a.file, &a.key).cmp(&(&b.file, &b.key)));
        (diagnostics, defaults, self.sources.into_inner())
    }
}

/// The known name that a misspelt one was probably meant to be.
pub(super) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    if name.len() > 64 {
        return None;
    }
    let lower = name.to_lowercase();
    let scored = known.into_iter().map(|k| (strsim::damerau_levenshtein(&lower, &k.to_lowercase()), k));
    let (distance, near) = scored.min()?;
    (distance * 2 <= lower.chars().count().max(2)).then_some(near)
}

/// "`a`, `b` or `c`", shortened when there are many.
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().take(12).map(|w| format!("`{}`", clip(w))).collect();
    match quoted.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., _] if words.len() > 12 => format!("{}, …", first.join(", ")),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// A text short enough for a message.
pub(super) fn clip(text: &str) -> String {
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(57).chain("…".chars()).collect() }
}

/// Nothing from a file may steer a terminal.
fn printable(text: &str) -> String {
    text.chars().take(1000).map(|c| if is_hidden(c) { '\u{fffd}' } else { c }).collect()
}
