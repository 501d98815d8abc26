//! `planner export`.

use std::collections::BTreeSet;

use anyhow::Result;

use planner_core::audit::audit;

use super::audit::findings;
use crate::args::{Export, Target};
use crate::exit::Exit;
use crate::export::{csv, ics, json, md, mps, mspdi, svg};
use crate::files;
use crate::render::console::Console;

/// Writes files made from a plan alone.
pub fn run(args: &Export, console: &Console) -> Result<Exit> {
    let plan = files::read_plan(&args.plan)?;
    let audit = audit(&plan);
    let mut made = Vec::new();
    for target in args.to.iter().collect::<BTreeSet<_>>() {
        made.extend(match target {
            Target::Csv => csv::files(&plan)?,
            Target::Ics => ics::files(&plan, files::text_if_there(&args.out.join(ics::NAME)).as_deref())?,
            Target::Json => json::files(&plan)?,
            Target::Md => md::files(&plan, &audit),
            Target::Mps => mps::files(&plan, &audit)?,
            Target::Mspdi => mspdi::files(&plan)?,
            Target::Svg => svg::files(&plan),
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
