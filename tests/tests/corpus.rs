//! What the fuzzers have kept goes in again, by the same ways, in every run of the tests.
#![allow(missing_docs, clippy::unwrap_used)]

use planner_tests::{entry, repository};

#[test]
fn what_fuzzers_found_keeps_its_promises() {
    for (name, entry) in entry::ALL {
        let corpus = std::fs::read_dir(repository().join("fuzz/corpus").join(name)).unwrap();
        let texts: Vec<String> = corpus.filter_map(|file| std::fs::read_to_string(file.unwrap().path()).ok()).collect();
        assert!(texts.len() >= 20, "{name} has {} texts", texts.len());
        for text in &texts {
            entry(text);
        }
    }
}
