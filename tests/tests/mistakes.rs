//! Twenty seeded mistakes in `first-look`: each is reported with its place and
//! a fix, all in one run.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use planner_core::diagnostics::line_column;
use planner_core::portfolio::in_memory::InMemory;
use planner_tests::{planner, shipped};
use serde_json::Value;

/// File, right text, wrong text, the part of it that is pointed at, code, and what message and help must say.
type Seed = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const MAPLE: &str = "sites/maple-ridge.toml";
const CEDAR: &str = "sites/cedar-flat.toml";
const ANCHOR: &str = "offers/anchor-nnn-15y.toml";
const PILOT: &str = "offers/pilot-5y.toml";
const LIQUID: &str = "../library/retrofits/liquid-hpc.toml";

const SEEDS: &[Seed] = &[
    // Six in one file: two unknown keys and four others.
    (MAPLE, "firm_charge = \"500", "firm_charg = \"500", "firm_charg", "E101", "did you mean `firm_charge`"),
    (MAPLE, "uptime = \"95 %\"", "uptme = \"95 %\"", "uptme", "E101", "did you mean `uptime`"),
    (MAPLE, "hall_power = \"20 MW\"", "hall_power = \"20 MW-IT\"", "\"20 MW-IT\"", "E201", "20 MW"),
    (MAPLE, "hall_power = \"30 MW\"", "hall_power = \"-30 MW\"", "\"-30 MW\"", "E203", "MW"),
    (MAPLE, "cost_factor = \"98 %\"", "cost_factor = \"nan\"", "\"nan\"", "E201", "%"),
    (MAPLE, "use = \"pad\"", "use = \"pads\"", "\"pads\"", "E204", "write `use = \"pad\"`"),
    // Sites and halls.
    (CEDAR, "firm = \"40 MW\"", "firm = \"140 MW\"", "\"140 MW\"", "E304", "100 MW"),
    (CEDAR, "id = \"hydro\"", "id = \"rows\"", "\"rows\"", "E302", "rows"),
    (CEDAR, "energy_price = { deck = \"ercot\" }", "energy_price = 42", "42", "E201", "42 USD/MWh"),
    (CEDAR, "spare_racks = \"4 MW\"", "spare_racks = \"4\"", "\"4\"", "E201", "4 MW"),
    // Offers.
    (ANCHOR, "max = \"70 MW-IT\"", "max = \"70 MW\"", "\"70 MW\"", "E201", "70 MW-IT"),
    (
        ANCHOR,
        "ready_by = 2029-06-30",
        "ready_by = \"2029-06-31\"",
        "\"2029-06-31\"",
        "E202",
        "expected a date of the calendar",
    ),
    (
        ANCHOR,
        "rent = \"126 USD/kW-month\"",
        "rent = \"126 EUR/kW-month\"",
        "\"126 EUR/kW-month\"",
        "E201",
        "convert it",
    ),
    (PILOT, "long_stop = 2030-06-30", "long_stop = 2028-06-30", "2028-06-30", "E304", "2028-12-31"),
    (
        PILOT,
        "sites = [\"cedar-flat\"]",
        "sites = [\"ceder-flat\"]",
        "\"ceder-flat\"",
        "E301",
        "did you mean `cedar-flat`",
    ),
    (PILOT, "term = \"60 months\"", "term = \"60\"", "\"60\"", "E201", "60 months"),
    // The library: phases in a circle, and a number that is none.
    (
        LIQUID,
        "id = \"commissioning\"\nmonths = \"2 months\"\nafter = [\"fit-out\"]",
        "id = \"commissioning\"\nmonths = \"2 months\"\nafter = [\"commissioning\"]",
        "\"commissioning\"",
        "E303",
        "commissioning → commissioning",
    ),
    (LIQUID, "pue = 1.18", "pue = nan", "nan", "E103", "finite number"),
    // The portfolio, and machines at a site that is not there.
    ("portfolio.toml", "latest_start = 2030-12-31", "latest_start = 2040-12-31", "2040-12-31", "E305", "horizon"),
    (
        "machines.csv",
        "maple-ridge,Antminer T21",
        "mapel-ridge,Antminer T21",
        "mapel-ridge",
        "E301",
        "did you mean `maple-ridge`",
    ),
];

/// Writes a portfolio and its library side by side.
fn write(files: &InMemory, root: &Path) -> std::path::PathBuf {
    let portfolio = root.join("portfolio");
    std::fs::create_dir(&portfolio).unwrap();
    planner_tests::write(files, &portfolio);
    portfolio
}

fn check(files: &InMemory) -> Vec<Value> {
    let root = tempfile::tempdir().unwrap();
    let folder = write(files, root.path());
    let output = planner(&["check", "--format", "json"], &folder);
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    told.as_array().unwrap().clone()
}

/// Byte place of the part that is pointed at.
fn place(files: &InMemory, (path, _, wrong, part, ..): &Seed) -> usize {
    let text = &files.0[*path];
    let at = text.rfind(wrong).unwrap();
    at + wrong.find(part).unwrap()
}

fn assert_told(files: &InMemory, seed: &Seed, told: &[Value]) {
    let (path, _, wrong, _, code, says) = seed;
    let (line, column) = line_column(&files.0[*path], place(files, seed));
    let at = |d: &&Value| d["file"] == *path && d["line"] == line && d["column"] == column && d["code"] == *code;
    let Some(found) = told.iter().find(at) else {
        panic!("`{wrong}` is not told at {path}:{line}:{column} as {code}, but: {told:#?}");
    };
    let words = format!("{} {}", found["message"].as_str().unwrap(), found["help"].as_str().unwrap_or_default());
    assert!(words.contains(says), "`{wrong}`: `{words}` does not say `{says}`");
    // Out of bounds, the message itself says what may be written.
    let range = *code == "E203" && words.contains(": expected ");
    assert!(range || found["help"].is_string(), "`{wrong}`: no fix in {found:#?}");
}

fn planted(seeds: &[Seed]) -> InMemory {
    let mut files = shipped("first-look");
    for (path, right, wrong, ..) in seeds {
        planner_tests::small::change(&mut files, path, right, wrong);
    }
    files
}

#[test]
fn twenty_mistakes_are_told_in_one_run() {
    assert_eq!(SEEDS.len(), 20);
    let files = planted(SEEDS);
    let told = check(&files);
    for seed in SEEDS {
        assert_told(&files, seed, &told);
    }
    let errors = told.iter().filter(|d| d["severity"] == "error").count();
    assert!(errors <= SEEDS.len() + 1, "mistakes are told that were not made: {told:#?}");
}

#[test]
fn each_mistake_alone_is_told_alone() {
    for seed in SEEDS {
        let files = planted(std::slice::from_ref(seed));
        let told = check(&files);
        assert_told(&files, seed, &told);
        let errors: Vec<_> = told.iter().filter(|d| d["severity"] == "error").collect();
        // A key that is misspelt is also missing, where it is required.
        // A lock that names the offer cannot be met where the offer is broken.
        let most = if seed.1.starts_with("uptime") || (seed.0 == PILOT && seed.4 == "E301") { 2 } else { 1 };
        assert!(errors.len() <= most, "{}: {errors:#?}", seed.2);
    }
}

#[test]
fn people_see_file_line_column_a_caret_and_the_fix() {
    let files = planted(&SEEDS[2..3]);
    let root = tempfile::tempdir().unwrap();
    let folder = write(&files, root.path());
    let output = planner(&["check"], &folder);
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    for part in ["E201", "sites/maple-ridge.toml:30:14", "hall_power = \"20 MW-IT\"", "^^^^^^^", "20 MW"] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
}
