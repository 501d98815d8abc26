//! `planner export`.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use planner_core::audit::audit;
use planner_core::plan::Plan;

use super::audit::findings;
use crate::args::{Export, Target};
use crate::exit::{Exit, WrongArguments};
use crate::export::html::frontier::Frontier;
use crate::export::{csv, html, ics, json, md, mps, mspdi, svg, xlsx};
use crate::files;
use crate::render::console::Console;

/// Writes files made from a plan alone.
pub fn run(args: &Export, console: &Console) -> Result<Exit> {
    let plan = files::read_plan(&args.plan)?;
    let audit = audit(&plan);
    let frontier = frontier(args, &plan)?;
    let mut made = Vec::new();
    for target in args.to.iter().collect::<BTreeSet<_>>() {
        made.extend(match target {
            Target::Csv => csv::files(&plan)?,
            Target::Ics => {
                let before = files::text_if_there(&args.out.join(ics::NAME));
                ics::files(&plan, before.as_deref(), files::written_at(&args.plan))?
            }
            Target::Html => html::files(&plan, &audit, frontier.as_ref())?,
            Target::Json => json::files(&plan)?,
            Target::Md => md::files(&plan, &audit),
            Target::Mps => mps::files(&plan, &audit)?,
            Target::Mspdi => mspdi::files(&plan)?,
            Target::Svg => svg::files(&plan),
            Target::Xlsx => xlsx::files(&plan)?,
        });
    }
    files::write_all(&args.out, &made, args.force)?;
    let paths: Vec<String> = made.iter().map(|(name, _)| args.out.join(name).display().to_string()).collect();
    let lost = if args.to.contains(&Target::Mspdi) { mspdi::lost(&plan) } else { vec![] };
    if console.json() {
        console.json_result(&serde_json::json!({ "files": paths, "lost": lost }))?;
    } else {
        console.result(&paths.join("\n"))?;
        if !lost.is_empty() {
            console.note(&format!("schedule.xml cannot say:\n  * {}", lost.join("\n  * ")));
        }
    }
    if audit.passed {
        return Ok(Exit::Done);
    }
    console.error(&format!("the files are written, but the audit objects to the plan\n{}", findings(&audit)));
    Ok(Exit::Audit)
}

/// The frontier that the report is to show.
fn frontier(args: &Export, plan: &Plan) -> Result<Option<Frontier>> {
    let Some(path) = &args.frontier else { return Ok(None) };
    if !args.to.contains(&Target::Html) {
        return Err(WrongArguments("--frontier goes with --to html".to_owned()).into());
    }
    let text = files::read_text(path)?;
    let read = || format!("cannot show {}", path.display());
    Frontier::read(&text, plan).map(Some).with_context(read)
}
