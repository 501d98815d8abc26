//! `planner explain`.

use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::Result;
use planner_core::analysis::explain::{
    About, Alternatives, Binding, BreakEven, Explained, Explanation, Lever, explain,
};
use planner_core::audit::audit;
use planner_core::letters::canonical;
use planner_core::options::enumerate;
use planner_core::plan::Plan;
use planner_core::report::verdict::verdict;
use planner_core::solve::{Progress, Run};
use serde_json::{Value, json};

use super::audit::findings;
use super::solving;
use crate::args;
use crate::exit::{Exit, WrongArguments};
use crate::files;
use crate::render::console::Console;
use crate::render::explain::Teller;
use crate::render::progress::Line;

/// Explains a plan from its file alone.
pub fn run(args: &args::Explain, console: &Console) -> Result<Exit> {
    let (path, name) = args.parts(|word| files::is_file(Path::new(word)));
    let name = name.map(canonical);
    let name = name.as_deref();
    let Some(plan) = audited(&path, console)? else { return Ok(Exit::Audit) };
    if let Some(name) = name {
        known(&plan, &[("site, retrofit or offer", name)])?;
    }
    let about = name.map_or(About::Plan, About::Named);
    // Of a whole plan what two figures say; of one thing all that can be said.
    let levers: &[Lever] = if name.is_some() { &Lever::ALL } else { &[Lever::Rent, Lever::Capex] };
    let asked = Asked { plan: &plan, threads: args.threads, time_limit: args.time_limit };
    let (teller, failed) = (Mutex::new(Teller::new(&plan)), OnceLock::new());
    let found = ask(&asked, console, |run, line| {
        let tell = |one: &Explained| {
            let text = teller.lock().unwrap_or_else(PoisonError::into_inner).answer(one);
            if let Err(error) = line.aside(|| console.result(&text)) {
                // The first failure is told; a reader that is gone is none.
                let _ = failed.set(error);
            }
        };
        let quiet = |_: &Explained| {};
        explain(&plan, about, levers, run, if console.json() { &quiet } else { &tell })
    })??;
    if let Some(error) = failed.into_inner() {
        return Err(error);
    }
    if console.json() {
        console.json_result(&to_json(&plan, &found))?;
    } else {
        let end = teller.into_inner().unwrap_or_else(PoisonError::into_inner).end(&found);
        if !end.is_empty() {
            console.result(&end)?;
        }
    }
    Ok(if found.stopped { Exit::NoPlan } else { Exit::Done })
}

/// A plan that passes the audit: what is said of it rests on its figures.
pub fn audited(path: &Path, console: &Console) -> Result<Option<Plan>> {
    let plan = files::read_plan(path)?;
    let found = audit(&plan);
    if found.passed {
        return Ok(Some(plan));
    }
    console.error(&findings(&found));
    Ok(None)
}

/// Refuses names that no alternative has.
pub fn known(plan: &Plan, names: &[(&str, &str)]) -> Result<()> {
    let alternatives = Alternatives::of(plan, &enumerate(&plan.inputs, &plan.settings));
    let all = alternatives.names();
    for (what, name) in names {
        if !all.contains(name) {
            let list = all.iter().copied().collect::<Vec<_>>().join(", ");
            let message = format!("no {what} `{name}` takes part in any alternative of this plan: {list}");
            return Err(WrongArguments(message).into());
        }
    }
    Ok(())
}

/// What is asked of a plan, and what the answer may take.
pub struct Asked<'a> {
    /// Of which.
    pub plan: &'a Plan,
    /// Solves at a time.
    pub threads: Option<u32>,
    /// Seconds.
    pub time_limit: Option<f64>,
}

/// Runs a question about a plan, with progress.
pub fn ask<T>(asked: &Asked, console: &Console, question: impl FnOnce(&Run, &Line) -> T) -> Result<T> {
    solving::listen_for_ctrl_c()?;
    let line = Line::new(console);
    let show = |progress: &Progress| line.show(progress);
    let threads = asked.threads.unwrap_or_else(solving::all_threads);
    let run = solving::run(threads, &asked.plan.provenance, &show).within(asked.time_limit);
    Ok(question(&run, &line))
}

fn to_json(plan: &Plan, explanation: &Explanation) -> Value {
    let list = |list: &[Explained]| list.iter().map(entry).collect::<Vec<_>>();
    json!({
        "plan": verdict(plan),
        "chosen": list(&explanation.chosen),
        "rejected": list(&explanation.rejected),
        "stopped": explanation.stopped,
        "not_told": explanation.not_told,
    })
}

fn entry(one: &Explained) -> Value {
    json!({
        "site": one.alternative.site,
        "retrofit": one.alternative.retrofit,
        "offer": one.alternative.offer,
        "npv_change_usd": one.npv_change_usd,
        "gap_usd": one.gap_usd,
        "binding": one.binding.as_ref().map(binding),
        "break_even": one.break_even.iter().map(break_even).collect::<Vec<_>>(),
        "no_flip": one.no_flip,
        "decide_by": one.decide_by,
    })
}

fn binding(binding: &Binding) -> Value {
    match binding {
        Binding::Rule(found) => json!({ "rule": found.rule, "line": found.line, "message": found.message }),
        Binding::Worth => json!({ "rule": "worth" }),
        Binding::NoOption(reason) => json!({ "rule": "no-option", "message": reason }),
    }
}

fn break_even(found: &BreakEven) -> Value {
    let unit = match found.lever {
        Lever::Rent => "USD/kW-month",
        Lever::Capex => "factor",
        Lever::Slip => "months",
        Lever::Budget => "USD",
    };
    json!({
        "lever": found.lever,
        "unit": unit,
        "now": found.now,
        "value": found.value,
        "resolution": found.resolution,
    })
}
