//! Guards of the house: what may import what, and the one list of families.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use planner_core::model::CONSTRAINTS;
use planner_tests::repository;

fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            found.extend(sources(&entry.path()));
        } else {
            found.push((entry.path().display().to_string(), std::fs::read_to_string(entry.path()).unwrap()));
        }
    }
    found
}

#[test]
fn the_audit_never_hears_of_the_code_that_made_the_plan() {
    for (path, text) in sources(&repository().join("planner-core/src/audit")) {
        for module in ["options", "model", "solve", "works", "mining", "analysis", "portfolio", "report"] {
            let import = format!("crate::{module}");
            assert!(!text.contains(&import), "{path} imports {import}");
        }
        assert!(!text.contains("plan::read_back"), "{path} imports read_back");
    }
}

#[test]
fn only_one_file_names_the_solver() {
    for crate_name in ["planner-core", "planner-cli"] {
        for (path, text) in sources(&repository().join(crate_name).join("src")) {
            let named = ["highs_sys", "good_lp", " ::highs::", "(::highs::"].iter().any(|name| text.contains(name));
            assert!(!named || path.ends_with("solve/highs.rs"), "{path} names the solver");
        }
    }
}

/// Names of all crates that a build depends on.
fn crates(name: &str, more: &[&str]) -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut tree = Command::new(cargo);
    tree.args(["tree", "--offline", "--locked", "-e", "no-dev", "--prefix", "none", "--format", "{p}", "-p", name]);
    let output = tree.args(more).current_dir(repository()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn a_build_without_the_solver_depends_on_none() {
    for name in ["planner-core", "planner-cli"] {
        let (with, without) = (crates(name, &[]), crates(name, &["--no-default-features"]));
        assert!(without.contains("planner-core") && without.contains("serde"), "{without:?}");
        for solver in ["good_lp", "highs", "highs-sys"] {
            assert!(with.contains(solver), "{name} has no {solver}: the name is wrong");
        }
        let solvers = ["highs", "good_lp", "microlp", "cbc", "clarabel", "scip", "glpk", "ipopt", "minilp"];
        let is_solver = |name: &&String| solvers.iter().any(|solver| name.contains(solver));
        assert_eq!(without.iter().find(is_solver), None, "{name} without the solver");
    }
}

#[test]
fn only_the_rim_touches_files() {
    for (path, text) in sources(&repository().join("planner-core/src")) {
        if path.contains("/tests/") {
            continue;
        }
        assert!(!text.contains("std::fs") && !text.contains("println!"), "{path} does input or output");
    }
    for (path, text) in sources(&repository().join("planner-cli/src")) {
        assert!(!text.contains("std::fs") || path.ends_with("files.rs"), "{path} uses std::fs");
    }
}

#[test]
fn every_family_has_its_file_its_audit_and_its_section() {
    let core = repository().join("planner-core/src");
    let stems = |folder: &str| -> BTreeSet<String> {
        let files = std::fs::read_dir(core.join(folder)).unwrap().flatten();
        files
            .map(|file| file.path().file_stem().unwrap().to_string_lossy().into_owned())
            .filter(|s| s != "mod")
            .collect()
    };
    let listed: BTreeSet<String> = CONSTRAINTS.iter().map(|family| family.name.to_owned()).collect();
    assert_eq!(listed.len(), CONSTRAINTS.len(), "a family is listed twice");
    assert_eq!(stems("model/constraints"), listed);
    let audited = stems("audit");
    let page = std::fs::read_to_string(repository().join("docs/src/model/families.md")).unwrap();
    for family in listed {
        assert!(audited.contains(&family), "no audit of {family}");
        assert!(page.contains(&format!("## {family}\n")), "no section on {family}");
    }
}
