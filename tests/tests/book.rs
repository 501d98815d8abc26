//! The book's links and includes lead somewhere.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

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

#[test]
fn every_page_is_in_the_summary_and_every_link_leads_somewhere() {
    let root = repository().join("docs/src");
    let summary = std::fs::read_to_string(root.join("SUMMARY.md")).unwrap();
    let mut all = pages(&root);
    for page in &all {
        let name = page.strip_prefix(&root).unwrap().display().to_string();
        assert!(name == "SUMMARY.md" || summary.contains(&format!("({name})")), "{name} is not in the summary");
    }
    all.extend(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(|name| repository().join(name)));
    for page in all {
        let text = std::fs::read_to_string(&page).unwrap();
        let folder = page.parent().unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap();
            let here = !link.contains("://") && !file.is_empty();
            assert!(!here || folder.join(file).exists(), "{} links to {link}", page.display());
        }
        for include in text.split("{{#include ").skip(1).filter_map(|rest| rest.split("}}").next()) {
            let file = include.split(':').next().unwrap();
            assert!(folder.join(file).exists(), "{} includes {include}", page.display());
        }
    }
}
