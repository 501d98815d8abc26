//! Documents print what the binary says. `BLESS=1` writes it into them.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use planner_tests::printed::Document;
use planner_tests::repository;

/// Documents that print commands.
const DOCUMENTS: [&str; 8] = [
    "README.md",
    "docs/src/tutorial.md",
    "docs/src/reference/commands.md",
    "docs/src/model/certificate.md",
    "site-data/first-look/README.md",
    "site-data/keel-2026/README.md",
    "site-data/core-scientific-2026/README.md",
    "site-data/cleanspark-2026/README.md",
];

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        match entry.path() {
            path if path.is_dir() && name != "target" && !name.starts_with('.') => found.extend(documents(&path)),
            path if path.extension().is_some_and(|e| e == "md") => found.push(path),
            _ => {}
        }
    }
    found
}

fn parsed(path: &Path) -> Document {
    let text = fs::read_to_string(path).unwrap();
    let document = Document::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(document.text(), text, "{}", path.display());
    document
}

fn judge(name: &str, long: bool) {
    let path = repository().join(name);
    let bless = std::env::var_os("BLESS").is_some();
    let mut document = parsed(&path);
    let mut compared = document.compare(long, bless).unwrap_or_else(|error| panic!("{name}: {error}"));
    let missing = if name.starts_with("docs/src/reference") { vec![] } else { document.figures(&mut compared, bless) };
    if bless {
        fs::write(&path, document.text()).unwrap();
    }
    let differences = compared.differences.join("\n");
    assert!(bless || differences.is_empty(), "{name} prints otherwise; `make bless` mends it\n{differences}");
    assert!(missing.is_empty(), "{name}: no command says\n{}", missing.join("\n"));
}

#[test]
fn every_document_that_prints_commands_is_looked_at() {
    for path in documents(&repository()) {
        let name = path.strip_prefix(repository()).unwrap().to_str().unwrap().to_owned();
        let (runs, _) = parsed(&path).runs();
        assert_eq!(runs, DOCUMENTS.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn readme() {
    judge("README.md", false);
}

#[test]
fn tutorial() {
    judge("docs/src/tutorial.md", false);
}

#[test]
fn commands() {
    judge("docs/src/reference/commands.md", false);
}

#[test]
fn certificate() {
    judge("docs/src/model/certificate.md", false);
}

#[test]
fn first_look() {
    judge("site-data/first-look/README.md", false);
}

#[test]
fn keel() {
    judge("site-data/keel-2026/README.md", false);
}

#[test]
fn core_scientific() {
    judge("site-data/core-scientific-2026/README.md", false);
}

#[test]
fn cleanspark() {
    judge("site-data/cleanspark-2026/README.md", false);
}

#[test]
#[ignore = "the frontier, bids and horizons of the documents: ten CPU minutes"]
fn long() {
    for name in DOCUMENTS {
        if parsed(&repository().join(name)).runs().1 {
            judge(name, true);
        }
    }
}
