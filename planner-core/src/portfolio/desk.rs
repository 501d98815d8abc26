//! Where the readers put what they find: diagnostics, defaults, sources.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::near::{one_of, suggestion};
use super::{DefaultUsed, Folder, FolderError, MAX_BYTES, unread};
use crate::diagnostics::{Code, Diagnostic, Severity, Span, cut, printable};

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

/// What is wrong, apart from where: the same in other rows of a list, or of a name that is missing anywhere, is one mistake.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cause {
    code: Code,
    message: String,
    file: Option<String>,
    place: Option<Span>,
}

impl Cause {
    fn of(diagnostic: &Diagnostic) -> Self {
        let Diagnostic { code, message, span, .. } = diagnostic;
        if *code == Code::UnknownId {
            return Self::of_name(message.clone());
        }
        let list = span
            .as_ref()
            .map(|span| &span.file)
            .filter(|file| file.rsplit_once('.').is_some_and(|(_, kind)| kind == "csv"))
            .cloned();
        let place = span.clone().filter(|_| list.is_none());
        Self { code: *code, message: message.clone(), file: list, place }
    }

    /// That of a name that refers to nothing.
    fn of_name(message: String) -> Self {
        Self { code: Code::UnknownId, message, file: None, place: None }
    }
}

/// A diagnostic and every place that has its cause.
#[derive(Debug)]
struct Found {
    diagnostic: Diagnostic,
    places: BTreeSet<Option<Span>>,
}

impl Found {
    /// The first place is the one that is shown.
    fn add(&mut self, place: Option<Span>) {
        if place < self.diagnostic.span {
            self.diagnostic.span.clone_from(&place);
        }
        self.places.insert(place);
    }

    /// The diagnostic, with the number of its places.
    fn counted(self) -> Diagnostic {
        let Self { mut diagnostic, places } = self;
        if places.len() > 1 {
            diagnostic.message = format!("{} (in {} places)", diagnostic.message, places.len());
        }
        diagnostic
    }
}

/// Whether a code says that a file cannot be read as it stands: the cause of what follows.
fn is_of_the_file(code: Code) -> bool {
    matches!(code, Code::Syntax | Code::UnreadableFile | Code::MissingFile | Code::TooLarge | Code::Format)
}

/// Collects what the readers find. Shared by all of them, hence the cells.
pub(super) struct Desk<'f> {
    folder: &'f dyn Folder,
    found: RefCell<Vec<Found>>,
    /// Which of them has a cause.
    causes: RefCell<BTreeMap<Cause, usize>>,
    more: RefCell<usize>,
    /// Kinds of things of which some could not be read: that one is missing is no news.
    incomplete: RefCell<BTreeSet<String>>,
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
            found: RefCell::default(),
            causes: RefCell::default(),
            more: RefCell::default(),
            incomplete: RefCell::default(),
            defaults: RefCell::default(),
            sources: RefCell::default(),
            #[cfg(test)]
            asked: RefCell::default(),
            #[cfg(test)]
            recorded: RefCell::default(),
            broken: RefCell::default(),
        }
    }

    /// Keeps a diagnostic, unless it has the cause of another, which then counts it, or follows from a syntax error.
    pub fn report(&self, mut diagnostic: Diagnostic) {
        if diagnostic.span.as_ref().is_some_and(|span| self.follows_from_syntax(diagnostic.code, span)) {
            return;
        }
        diagnostic.message = printable(&diagnostic.message);
        diagnostic.help = diagnostic.help.as_deref().map(printable);
        let cause = Cause::of(&diagnostic);
        if let Some(found) = self.causes.borrow().get(&cause) {
            if let Some(found) = self.found.borrow_mut().get_mut(*found) {
                found.add(diagnostic.span);
            }
            return;
        }
        // A file that is too large is the cause of a flood, and must not drown in it.
        if self.is_full() && diagnostic.code != Code::TooLarge {
            *self.more.borrow_mut() += 1;
            return;
        }
        let mut found = self.found.borrow_mut();
        self.causes.borrow_mut().insert(cause, found.len());
        found.push(Found { places: BTreeSet::from([diagnostic.span.clone()]), diagnostic });
    }

    /// Whether more would only be counted.
    pub fn is_full(&self) -> bool {
        self.found.borrow().len() >= MOST
    }

    /// Notes that some things of a kind could not be read, which is reported: none is said to be missing.
    pub fn incomplete(&self, what: &str) {
        self.incomplete.borrow_mut().insert(what.to_owned());
    }

    pub fn is_incomplete(&self, what: &str) -> bool {
        self.incomplete.borrow().contains(what)
    }

    /// Whether a file could not be read as it stands, in whole or in part.
    pub fn is_broken(&self, file: &str) -> bool {
        self.found.borrow().iter().any(|found| {
            is_of_the_file(found.diagnostic.code) && found.places.iter().flatten().any(|place| place.file == file)
        })
    }

    pub fn error(&self, code: Code, at: At, message: impl Into<String>, help: impl Into<String>) {
        self.report(Diagnostic::error(code, at, message).help(help));
    }

    pub fn warning(&self, code: Code, at: At, message: impl Into<String>, help: impl Into<String>) {
        self.report(Diagnostic::warning(code, at, message).help(help));
    }

    /// A name that refers to nothing, with the nearest one that exists.
    pub fn unknown_id<'n>(&self, what: &str, named: &Named, known: impl IntoIterator<Item = &'n str>) {
        if self.is_incomplete(what) {
            return;
        }
        let known: Vec<&str> = known.into_iter().take(MOST_NAMES).collect();
        // A bare name where one with its site is meant.
        let with_site = |known: &&str| known.rsplit_once('/').is_some_and(|(_, name)| name == named.name);
        let near = known.iter().copied().find(with_site).map(|near| format!("did you mean `{}`?", clip(near)));
        // To look for the nearest name takes long: once for each name.
        let message = format!("there is no {what} `{}`", clip(&named.name));
        let again = self.causes.borrow().contains_key(&Cause::of_name(printable(&message)));
        let search = || if again || self.is_full() { None } else { suggestion(&named.name, known.iter().copied()) };
        let help = near.or_else(search).unwrap_or_else(|| match known.as_slice() {
            [] => format!("there is no {what} at all"),
            some => format!("there is {}", one_of(some)),
        });
        self.error(Code::UnknownId, named.at.clone(), message, help);
    }

    /// A syntax error, remembered so that its consequences stay quiet.
    pub fn syntax(&self, code: Code, at: At, message: String, help: Option<String>) {
        let place = at.clone();
        self.report(Diagnostic { help, ..Diagnostic::error(code, at, message) });
        self.broken_at(&place);
    }

    /// Remembers a place that could not be read, so that its consequences stay quiet.
    pub fn broken_at(&self, at: &At) {
        let (place, file) = ((at.start, at.end.max(at.start)), at.file.to_string());
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
                let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
                let help = unread::in_the_place_of(&self.folder.list(folder).unwrap_or_default(), name);
                self.error(
                    Code::MissingFile,
                    asked_by.clone(),
                    format!("there is no file `{}`: {why}", clip(path)),
                    help.unwrap_or_else(|| format!("add the file `{}`", clip(path))),
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
                self.syntax(
                    Code::MissingFile,
                    At::top(path),
                    message,
                    Some("check again, when nothing else writes the folder".to_owned()),
                );
                None
            }
            other => self.accept(path, other),
        }
    }

    /// Whether there is a file that can be read.
    pub fn is_there(&self, path: &str) -> bool {
        self.folder.read(path).is_ok()
    }

    /// Names in a folder that need not be there.
    pub fn list(&self, folder: &str) -> Vec<String> {
        self.folder.list(folder).unwrap_or_else(|error| {
            let message = format!("`{}` cannot be listed: {error}", clip(folder));
            self.error(Code::UnreadableFile, At::top(folder), message, "it must be a folder that you may read");
            vec![]
        })
    }

    /// What is wrong with all of a file is the cause of whatever else may be said of it.
    fn accept(&self, path: &str, read: Result<String, FolderError>) -> Option<String> {
        let (code, message, help) = match read {
            Ok(text) if text.len() as u64 <= MAX_BYTES && !text.contains('\0') => return Some(unix_lines(text)),
            Ok(text) if text.contains('\0') => {
                let message = format!("`{}` cannot be read: it has NUL bytes, so it is no text", clip(path));
                (Code::UnreadableFile, message, "save it as text in UTF-8")
            }
            Ok(text) => too_large(text.len() as u64),
            Err(FolderError::TooLarge(bytes)) => too_large(bytes),
            Err(error) => (
                Code::UnreadableFile,
                format!("`{}` cannot be read: {error}", clip(path)),
                "the file must be text in UTF-8 that you may read; a spreadsheet saves it as CSV UTF-8",
            ),
        };
        self.syntax(code, At::top(path), message, Some(help.to_owned()));
        None
    }

    pub fn keep_source(&self, path: &str, text: String) {
        self.sources.borrow_mut().insert(path.to_owned(), text);
    }

    pub fn has_errors(&self) -> bool {
        self.found.borrow().iter().any(|found| found.diagnostic.severity == Severity::Error)
    }

    /// Everything found: what is wrong with whole files first, then by place.
    pub fn close(self) -> (Vec<Diagnostic>, Vec<DefaultUsed>, BTreeMap<String, String>) {
        let mut diagnostics: Vec<_> = self.found.into_inner().into_iter().map(Found::counted).collect();
        let rank = |one: &Diagnostic| (!is_of_the_file(one.code), one.span.clone(), one.code, one.message.clone());
        diagnostics.sort_by_cached_key(rank);
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

fn too_large(bytes: u64) -> (Code, String, &'static str) {
    let message = format!("the file has {bytes} bytes; at most 64 MiB are read");
    (Code::TooLarge, message, "split it, or leave out columns that are not needed")
}

/// A text without the mark that some programs begin it with, and with lines that end as the parsers know them: a carriage
/// return alone ends a line too. Places stay the same.
fn unix_lines(text: String) -> String {
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    let is_alone = |at: usize| text.as_bytes().get(at + 1) != Some(&b'\n');
    if !text.match_indices('\r').any(|(at, _)| is_alone(at)) {
        return text;
    }
    text.char_indices().map(|(at, c)| if c == '\r' && is_alone(at) { '\n' } else { c }).collect()
}

/// A text short enough for a message.
pub(super) fn clip(text: &str) -> String {
    cut(text, 60)
}
