//! The same models, solved by other engines.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::process::Command;
use std::time::Instant;

use microlp::SolveOptions;
use planner_core::domain::Fleet;
use planner_core::domain::site::Exit;
use planner_core::model::{self, Model};
use planner_core::options::enumerate;
use planner_core::plan::{Plan, Settings, Status};
use planner_core::units::Share;
use planner_tests::second_engine::stated;
use planner_tests::{case, fleet, plan, repository, reviewed, shipped};

fn settings() -> Settings {
    Settings { gap: Share::NONE, ..Settings::default() }
}

fn built(fleet: &Fleet, settings: &Settings) -> Model {
    model::build(fleet, settings, &enumerate(fleet, settings))
}

/// The best value that the second engine finds, in dollars. It leaves whole columns within a tolerance of whole numbers
/// and counts what that is worth (2.19 $ in `budgets`), so they are made whole and the rest is solved once more.
fn second(name: &str, model: &Model) -> f64 {
    let solve = |model: &Model| {
        let (problem, columns) = stated(model, true);
        let mut options = SolveOptions::default();
        // Not by the clock: a busy computer must not fail the test.
        options.node_limit = Some(100_000);
        options.tolerances.feasibility = 1e-9;
        let outcome = problem.solve_with(options).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(outcome.is_optimal(), "{name}: {:?}", outcome.termination_reason());
        let solution = outcome.into_solution().unwrap();
        let values: Vec<f64> = columns.iter().map(|column| solution.var_value(*column)).collect();
        (values, solution.objective())
    };
    let (values, _) = solve(model);
    let mut fixed = model.clone();
    for (column, value) in fixed.variables.columns.iter_mut().zip(values).filter(|(column, _)| column.integer) {
        (column.lower, column.upper) = (value.round(), value.round());
    }
    let (_, objective) = solve(&fixed);
    (objective + model.constant) * 1e6
}

/// Both engines find the same value, to the dollar. What the first one found is the bound of its plan; the plan itself
/// counts machines in thousandths, which may cost or bring some dollars.
fn agree(name: &str, fleet: &Fleet) {
    let first: Plan = plan(fleet, &settings()).unwrap();
    assert_eq!(first.status, Status::ProvedOptimal);
    let model = built(fleet, &settings());
    let whole = model.variables.columns.iter().filter(|column| column.integer).count();
    let started = Instant::now();
    let second = second(name, &model);
    let (npv, bound) = (first.npv_usd.0.usd(), first.bound_usd.0.usd());
    eprintln!(
        "{name}: {} rows, {} columns, {whole} whole; {bound:.2} $, {:+.2} $ by the second engine in {:.1} s; rounded {:+.2} $",
        model.rows.len(),
        model.variables.columns.len(),
        second - bound,
        started.elapsed().as_secs_f64(),
        npv - bound,
    );
    assert!((second - bound).abs() <= 1.0, "{name}: {bound} is not {second}");
}

#[test]
fn small_portfolios() {
    for (name, fleet) in reviewed::ALL {
        agree(name, &fleet());
    }
}

#[test]
fn cases_with_published_answers() {
    for name in ["v1-river-bend", "v2-cb-3-4", "v4-riot-amd", "v5-core-scientific", "slips"] {
        agree(name, &fleet(&case(name)));
    }
}

/// With machines that do not fail: those that do leave fractions of machines, and where a plan rounds them up it may be
/// worth some dollars more than any solution of the model (9.06 $ in first-look), and its bound with it.
fn scaled_down(name: &str, latest_start: &str, quarters: u32) {
    let mut fleet = fleet(&shipped(name));
    fleet.calendar.latest_start = latest_start.parse().unwrap();
    fleet.calendar.periods = quarters;
    fleet.models.iter_mut().for_each(|model| model.failure = Share::NONE);
    // Machines that may change place, and sites that may be left, are more than it can do; they are in `small_portfolios`.
    (fleet.handling.moves, fleet.handling.storage) = (None, None);
    fleet.sites.iter_mut().for_each(|site| site.exit = Exit::default());
    agree(&format!("{name}, starts until {latest_start}, {quarters} quarters"), &fleet);
}

/// Starts make a search long. Measured for the second engine: 7 s with a year of starts over three years of horizon,
/// 43 s with half a year of them over all ten years, no proof within a minute with two years of them.
#[test]
fn shipped_portfolios_with_few_starts() {
    scaled_down("first-look", "2027-01-01", 20);
    scaled_down("keel-2026", "2027-01-01", 20);
    scaled_down("core-scientific-2026", "2027-01-01", 20);
}

/// In processes of their own, from the file.
#[test]
#[ignore = "installs two solvers from PyPI, and takes a minute"]
fn engines_that_read_the_exported_file() {
    let folder = tempfile::tempdir().unwrap();
    let first_look = ("first-look", fleet(&shipped("first-look")), Settings::default());
    let small = reviewed::ALL.map(|(name, fleet)| (name, fleet(), settings()));
    for (name, fleet, settings) in small.into_iter().chain([first_look]) {
        let plan = plan(&fleet, &settings).unwrap();
        let (saved, model) = (folder.path().join("plan.json"), folder.path().join("model.mps"));
        std::fs::write(&saved, serde_json::to_string(&plan).unwrap()).unwrap();
        std::fs::write(&model, built(&plan.inputs, &plan.settings).mps(&plan.inputs.name)).unwrap();
        let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
        let script = Command::new(python)
            .arg(repository().join("tests/engines/mps.py"))
            .args([&saved, &model])
            .arg("--venv")
            .arg(repository().join("target/engines"))
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&script.stdout) + String::from_utf8_lossy(&script.stderr);
        eprintln!("{name}:\n{told}");
        assert!(script.status.success(), "{name}:\n{told}");
    }
}
