//! The book's pages, links and formulas. `BLESS=1` writes the formulas anew.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use planner_tests::repository;

fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(pages(&path)),
            path if path.extension().is_some_and(|e| e == "md") => found.push(path),
            _ => {}
        }
    }
    found
}

fn book() -> Vec<PathBuf> {
    pages(&repository().join("docs/src"))
}

/// The anchors of a page's headings, as GitHub and mdBook make them.
fn anchors(text: &str) -> Vec<String> {
    let heading = |line: &str| line.starts_with('#').then(|| line.trim_start_matches('#').trim().to_lowercase());
    let anchor = |heading: String| {
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    text.lines().filter_map(heading).map(anchor).collect()
}

#[test]
fn every_page_is_in_the_summary_and_every_link_leads_somewhere() {
    let root = repository().join("docs/src");
    let summary = std::fs::read_to_string(root.join("SUMMARY.md")).unwrap();
    let mut all = book();
    for page in &all {
        let name = page.strip_prefix(&root).unwrap().display().to_string();
        assert!(name == "SUMMARY.md" || summary.contains(&format!("({name})")), "{name} is not in the summary");
    }
    all.extend(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(|name| repository().join(name)));
    all.extend(pages(&repository().join("site-data")));
    for page in all {
        let text = std::fs::read_to_string(&page).unwrap();
        assert!(!text.contains("{{#"), "{}: a directive of mdBook shows nothing to who reads the file", page.display());
        let folder = page.parent().unwrap();
        for link in
            text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter(|link| !link.contains("://"))
        {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { page.clone() } else { folder.join(file) };
            assert!(target.exists(), "{} links to {link}", page.display());
            if !anchor.is_empty() {
                let there = anchors(&std::fs::read_to_string(&target).unwrap());
                assert!(there.iter().any(|known| known == anchor), "{} links to {link}", page.display());
            }
        }
    }
}

/// The comment that a page shows: the head of a file, or what stands at an anchor.
fn formula(place: &str) -> String {
    let (file, anchor) = place.split_once(':').unwrap_or((place, ""));
    let text = std::fs::read_to_string(repository().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let lines: Vec<&str> = if anchor.is_empty() {
        text.lines().take_while(|line| line.starts_with("//!")).collect()
    } else {
        let ends = [format!("// ANCHOR: {anchor}"), format!("// ANCHOR_END: {anchor}")];
        let inside = text.lines().skip_while(|line| line.trim() != ends[0]).skip(1);
        inside.take_while(|line| line.trim() != ends[1]).map(str::trim_start).collect()
    };
    let bare = |line: &&str| {
        line.trim_start_matches("//!").trim_start_matches("///").trim_start_matches("//").trim().to_owned()
    };
    assert!(!lines.is_empty(), "{place} is empty");
    lines.iter().map(bare).collect::<Vec<_>>().join("\n")
}

#[test]
fn formulas_stand_in_the_book_as_beside_the_code() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut formulas = 0;
    for page in book() {
        let text = std::fs::read_to_string(&page).unwrap();
        let mut parts = text.split("<!-- from ");
        let mut told = parts.next().unwrap().to_owned();
        for part in parts {
            let (place, rest) = part.split_once(" -->\n").unwrap();
            let (_, after) = rest.split_once("<!-- end -->").unwrap_or_else(|| panic!("{place} has no end"));
            write!(told, "<!-- from {place} -->\n\n{}\n\n<!-- end -->{after}", formula(place)).unwrap();
            formulas += 1;
        }
        if bless && told != text {
            std::fs::write(&page, told).unwrap();
        } else {
            assert!(
                told == text,
                "{}: formulas stand otherwise beside the code; `make bless` mends it",
                page.display()
            );
        }
    }
    assert!(formulas >= 30, "{formulas} formulas");
}
