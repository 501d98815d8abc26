//! What the commands that solve share: a fleet, settings, and a run.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use planner_core::domain::Fleet;
use planner_core::plan::{Provenance, Settings};
use planner_core::portfolio::Checked;
use planner_core::solve::{Meter, Progress, Run};

use super::portfolio;
use crate::args::Solve;
use crate::files::sha256;
use crate::render::console::Console;
use crate::render::diagnostics;

/// Set by Ctrl-C.
static INTERRUPT: AtomicBool = AtomicBool::new(false);

/// What the command's solves have taken.
pub static METER: Meter = Meter::new();

/// A fleet to plan, and where it comes from.
pub struct Loaded {
    /// The facts.
    pub fleet: Fleet,
    /// File names and tool build.
    pub provenance: Provenance,
    /// Threads to use.
    pub threads: u32,
}

/// Reads a portfolio and shows what is wrong with it. `None` when it has errors.
pub fn load(root: &Path, args: &Solve, console: &Console) -> Result<Option<Loaded>> {
    let checked = portfolio::read(root)?;
    show(&checked, root, console)?;
    let threads = args.threads.unwrap_or_else(all_threads);
    let provenance = Provenance {
        tool: format!("planner {}", env!("CARGO_PKG_VERSION")),
        files: checked.sources.iter().map(|(path, text)| (path.clone(), sha256(text))).collect(),
        threads,
    };
    Ok(checked.fleet.map(|fleet| Loaded { fleet, provenance, threads }))
}

/// Diagnostics on stderr: errors always, warnings alone unless quiet.
fn show(checked: &Checked, root: &Path, console: &Console) -> Result<()> {
    if checked.diagnostics.is_empty() {
        return Ok(());
    }
    let text = if console.json() {
        serde_json::to_string_pretty(&diagnostics::records(checked))?
    } else {
        format!("{}{}", diagnostics::human(checked, root), diagnostics::count(checked))
    };
    if checked.fleet.is_none() {
        console.error(&text);
    } else {
        console.note(&text);
    }
    Ok(())
}

/// As many as there are cores.
pub fn all_threads() -> u32 {
    std::thread::available_parallelism().ok().and_then(|n| u32::try_from(n.get()).ok()).unwrap_or(1)
}

/// A run with a number of threads that Ctrl-C ends.
pub fn run<'a>(threads: u32, provenance: &Provenance, progress: &'a (dyn Fn(&Progress) + Sync)) -> Run<'a> {
    Run { threads, interrupt: &INTERRUPT, deadline: None, meter: &METER, progress, provenance: provenance.clone() }
}

/// Settings without a budget.
pub fn settings(args: &Solve) -> Settings {
    Settings {
        gap: args.gap,
        budget: None,
        pots: vec![],
        include_loi: args.include_loi,
        time_limit_seconds: args.time_limit,
        work_limit: args.work_limit,
    }
}

/// The first Ctrl-C ends the command with what is known by then, a second one the program.
pub fn listen_for_ctrl_c() -> Result<()> {
    ctrlc::set_handler(|| {
        if INTERRUPT.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    })
    .context("cannot listen for Ctrl-C")
}
