//! The models of small portfolios, column by column and row by row, as reviewed.
//!
//! A change that is wanted is written with `make bless` (`BLESS=1` for this test) and reviewed as a difference of
//! `tests/snapshots/`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;

use planner_core::model::{self, CONSTRAINTS, Model};
use planner_core::options::enumerate;
use planner_core::plan::Settings;
use planner_tests::{repository, reviewed};

/// Families that no snapshot shows as yet.
const LATER: &[&str] = &[];

fn models() -> Vec<(&'static str, Model)> {
    let settings = Settings::default();
    let model = |fleet| model::build(&fleet, &settings, &enumerate(&fleet, &settings));
    reviewed::ALL.iter().map(|(name, fleet)| (*name, model(fleet()))).collect()
}

#[test]
fn the_models_are_as_reviewed() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut changed = vec![];
    for (name, model) in models() {
        let path = repository().join(format!("tests/snapshots/{name}.txt"));
        let (text, reviewed) = (model.text(), std::fs::read_to_string(&path).unwrap_or_default());
        if text == reviewed {
            continue;
        }
        if bless {
            std::fs::write(&path, text).unwrap();
            continue;
        }
        let (now, then): (BTreeSet<&str>, BTreeSet<&str>) = (text.lines().collect(), reviewed.lines().collect());
        let gone = then.difference(&now).map(|line| format!("- {line}"));
        let come = now.difference(&then).map(|line| format!("+ {line}"));
        let lines: Vec<String> = gone.chain(come).take(40).collect();
        changed.push(format!(
            "{name}: the first of what differs (nothing, where only the order does)\n{}",
            lines.join("\n")
        ));
    }
    assert!(changed.is_empty(), "{}\n`make bless` writes tests/snapshots; review its difference", changed.join("\n"));
}

#[test]
fn every_family_is_in_a_snapshot() {
    let models = models();
    let shown: BTreeSet<&str> = models.iter().flat_map(|(_, model)| &model.rows).map(|row| row.family).collect();
    for family in CONSTRAINTS {
        let later = LATER.contains(&family.name);
        assert!(
            shown.contains(family.name) != later,
            "{}: add it to planner_tests::reviewed, or to LATER",
            family.name
        );
    }
}
