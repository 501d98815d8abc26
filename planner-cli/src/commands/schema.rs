//! `planner schema`.

use anyhow::Result;
use planner_core::plan;
use planner_core::portfolio::schema::ALL;

use crate::args::Schema;
use crate::exit::Exit;
use crate::render::console::Console;

/// The schema of what the planner writes itself.
const PLAN: (&str, &str) = ("plan", "plan.json");

/// Prints a schema, or their names.
pub fn run(args: &Schema, console: &Console) -> Result<Exit> {
    let inputs = ALL.iter().map(|schema| (schema.name, schema.files));
    let all: Vec<(&str, &str)> = inputs.chain([PLAN]).collect();
    let Some(name) = &args.name else {
        if console.json() {
            let list = all.iter().map(|(name, files)| serde_json::json!({ "name": name, "files": files }));
            console.json_result(&list.collect::<Vec<_>>())?;
        } else {
            let lines: Vec<String> = all.iter().map(|(name, files)| format!("{name:10} {files}")).collect();
            console.result(&lines.join("\n"))?;
        }
        return Ok(Exit::Done);
    };
    if name == PLAN.0 {
        console.json_result(&plan::schema::schema())?;
    } else if let Some(schema) = ALL.iter().find(|schema| schema.name == name) {
        console.result(schema.text)?;
    } else {
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        console.error(&format!("error: there is no schema `{name}`: expected {}", names.join(", ")));
        return Ok(Exit::Arguments);
    }
    Ok(Exit::Done)
}
