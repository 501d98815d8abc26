//! `planner schema`.

use anyhow::Result;
use planner_core::portfolio::schema::ALL;

use crate::args::Schema;
use crate::exit::Exit;
use crate::render::console::Console;

/// Prints a schema, or their names.
pub fn run(args: &Schema, console: &Console) -> Result<Exit> {
    let Some(name) = &args.name else {
        if console.json() {
            let list = ALL.iter().map(|schema| serde_json::json!({ "name": schema.name, "files": schema.files }));
            console.json_result(&list.collect::<Vec<_>>())?;
        } else {
            let lines: Vec<String> = ALL.iter().map(|schema| format!("{:10} {}", schema.name, schema.files)).collect();
            console.result(&lines.join("\n"))?;
        }
        return Ok(Exit::Done);
    };
    let Some(schema) = ALL.iter().find(|schema| schema.name == name) else {
        let names: Vec<&str> = ALL.iter().map(|schema| schema.name).collect();
        console.error(&format!("error: there is no schema `{name}`: expected {}", names.join(", ")));
        return Ok(Exit::Arguments);
    };
    console.result(schema.text)?;
    Ok(Exit::Done)
}
