//! The shipped portfolios, each solved once and shared by the tests of this binary.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use planner_core::plan::{Plan, Settings};
use planner_tests::{fleet, plan, planner, repository, shipped, told};

mod figures;
mod memo;
mod report;
mod schedules;
mod schemas;
mod workbook;

const NAMES: [&str; 4] = ["cleanspark-2026", "core-scientific-2026", "first-look", "keel-2026"];

fn at(name: &str) -> usize {
    NAMES.iter().position(|known| *known == name).unwrap()
}

fn plan_of(name: &str) -> &'static Plan {
    static PLANS: [OnceLock<Plan>; NAMES.len()] = [const { OnceLock::new() }; NAMES.len()];
    PLANS[at(name)].get_or_init(|| plan(&fleet(&shipped(name)), &Settings::default()).unwrap())
}

fn plans() -> impl Iterator<Item = &'static Plan> {
    NAMES.into_iter().map(plan_of)
}

/// A shipped plan's plan.json, in a folder of its own where exports of it may be put.
fn written(name: &str) -> &'static Path {
    static PATHS: [OnceLock<PathBuf>; NAMES.len()] = [const { OnceLock::new() }; NAMES.len()];
    PATHS[at(name)].get_or_init(|| {
        let folder = repository().join("target/tmp/shipped").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("plan.json");
        std::fs::write(&path, serde_json::to_vec(plan_of(name)).unwrap()).unwrap();
        path
    })
}

#[test]
fn the_binary_accepts_them_as_they_are_written() {
    for name in NAMES {
        told(&planner(&["audit", "plan.json"], written(name).parent().unwrap()), 0);
    }
}
