//! What the tests share: portfolios in memory, plans that must pass the audit,
//! and the `planner` binary.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::AtomicBool;

use planner_core::domain::Fleet;
use planner_core::generate::{self, Request};
use planner_core::model;
use planner_core::options::enumerate;
use planner_core::plan::{Plan, Price, Provenance, Settings};
use planner_core::portfolio::{self, in_memory::InMemory};
use planner_core::solve::{self, Meter, Run, SolveError};
use planner_core::units::Usd;

pub mod alternatives;
pub mod draw;
pub mod draw_herds;
pub mod entry;
pub mod flow;
pub mod oracle;
pub mod printed;
pub mod retold;
pub mod reviewed;
pub mod second_engine;
pub mod slips;
pub mod small;
pub mod tampering;

/// The folder of the repository.
///
/// # Panics
/// When the crate does not lie in the repository.
#[must_use]
#[allow(clippy::expect_used)]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the repository").to_owned()
}

/// A shipped portfolio, with the price library.
#[must_use]
pub fn shipped(name: &str) -> InMemory {
    let data = repository().join("site-data");
    let mut files = InMemory::default();
    take(&mut files, &data.join(name), "");
    take(&mut files, &data.join("library"), "../library/");
    files
}

/// A portfolio under `tests/cases`, with the library they share.
#[must_use]
pub fn case(name: &str) -> InMemory {
    let cases = repository().join("tests/cases");
    let mut files = InMemory::default();
    take(&mut files, &cases.join(name), "");
    take(&mut files, &cases.join("library"), "../library/");
    files
}

/// A generated portfolio, with the price library.
#[must_use]
pub fn generated(request: &Request) -> InMemory {
    let mut files = InMemory(generate::portfolio(request));
    take(&mut files, &repository().join("site-data/library"), "library/");
    files
}

/// A generated portfolio over a shorter time, for plans that take seconds: four years in quarters, starts in the first.
///
/// # Panics
/// When the generator no longer writes such a horizon.
#[must_use]
pub fn generated_short(sites: u32, seed: u64) -> InMemory {
    let mut files = generated(&Request { sites, seed, extras: 0 });
    small::change(&mut files, "portfolio.toml", "periods = 60", "periods = 16");
    small::change(&mut files, "portfolio.toml", "latest_start = 2030-12-31", "latest_start = 2027-12-31");
    files
}

fn take(files: &mut InMemory, folder: &Path, prefix: &str) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            take(files, &entry.path(), &format!("{name}/"));
        } else if let Ok(text) = std::fs::read_to_string(entry.path()) {
            files.0.insert(name, text);
        }
    }
}

/// Writes files into a folder.
///
/// # Panics
/// When one cannot be written.
#[allow(clippy::expect_used)]
pub fn write(files: &InMemory, folder: &Path) {
    for (path, text) in &files.0 {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(folder)).expect("the folder can be made");
        std::fs::write(path, text).expect("the file can be written");
    }
}

/// The facts of a portfolio without errors.
///
/// # Panics
/// When it has errors.
#[must_use]
#[allow(clippy::panic)]
pub fn fleet(files: &InMemory) -> Fleet {
    let checked = portfolio::read(files);
    checked.fleet.unwrap_or_else(|| panic!("the portfolio has errors: {:#?}", checked.diagnostics))
}

/// A price from nil on for about every third row of the model, of any size.
#[must_use]
pub fn any_prices(fleet: &Fleet, settings: &Settings, draw: &mut draw::Draw) -> Vec<Price> {
    let rows = model::build(fleet, settings, &enumerate(fleet, settings)).rows;
    let scale = f64::from(*draw.pick(&[1, 100, 10_000, 1_000_000]));
    let drawn = rows.into_iter().filter(|_| draw.chance(33)).collect::<Vec<_>>();
    let price = |row: model::Row| {
        let usd = scale * f64::from(draw.between(0, 1_000)) / 1_000.0;
        Price { family: row.family.to_owned(), key: row.key, usd }
    };
    drawn.into_iter().map(price).collect()
}

/// How tests run solves.
pub static GO_ON: AtomicBool = AtomicBool::new(false);

/// Counts what tests solve.
static METER: Meter = Meter::new();

/// A quiet run.
#[must_use]
pub fn run() -> Run<'static> {
    let (deadline, provenance) = (None, Provenance::default());
    Run { threads: 1, interrupt: &GO_ON, deadline, meter: &METER, progress: &|_| {}, provenance }
}

/// A plan that passes the audit.
///
/// # Errors
/// As [`solve::plan`].
///
/// # Panics
/// When the audit objects.
pub fn plan(fleet: &Fleet, settings: &Settings) -> Result<Plan, SolveError> {
    let plan = solve::plan(fleet, settings, &run())?;
    assert!(plan.audit.passed, "the audit objects: {:#?}", plan.audit.findings);
    Ok(plan)
}

/// Settings with one total budget.
#[must_use]
pub fn budget(amount: Usd) -> Settings {
    Settings { budget: Some(amount), ..Settings::default() }
}

/// Runs the binary that `make build` leaves.
///
/// # Panics
/// When it is not there.
#[must_use]
#[allow(clippy::panic)]
pub fn planner(arguments: &[&str], folder: &Path) -> Output {
    let binary = repository().join("target/release/planner");
    Command::new(&binary)
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}; `make build` makes it", binary.display()))
}

/// What a command says, given how it ends.
///
/// # Panics
/// When it ends otherwise.
#[track_caller]
#[expect(clippy::must_use_candidate, reason = "the code is asserted, whoever reads the rest")]
pub fn told(output: &Output, code: i32) -> String {
    let told = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat();
    assert_eq!(output.status.code(), Some(code), "{told}");
    told
}

/// That a part is in what was told.
///
/// # Panics
/// When it is not, with the beginning of what was told.
#[track_caller]
pub fn says(told: &str, part: &str) {
    assert!(told.contains(part), "no `{part}` in\n{}", told.chars().take(4000).collect::<String>());
}
