//! `planner check`.

use anyhow::Result;
use planner_core::portfolio::Checked;
use planner_core::report::table::{Cell, Column, Table};

use super::portfolio;
use crate::args::Check;
use crate::exit::Exit;
use crate::render::console::Console;
use crate::render::format::words;
use crate::render::{diagnostics, table};

/// Validates a portfolio. Warnings do not fail.
pub fn run(args: &Check, console: &Console) -> Result<Exit> {
    let checked = portfolio::read(&args.portfolio)?;
    if console.json() {
        let records = diagnostics::records(&checked);
        if args.resolved {
            let all = serde_json::json!({ "diagnostics": records, "defaults": checked.defaults });
            console.json_result(&all)?;
        } else {
            console.json_result(&records)?;
        }
    } else {
        console.result(&human(&checked, args))?;
    }
    Ok(if checked.fleet.is_some() { Exit::Done } else { Exit::Portfolio })
}

fn human(checked: &Checked, args: &Check) -> String {
    let mut out = diagnostics::human(checked, &args.portfolio);
    if args.resolved && !checked.defaults.is_empty() {
        let rows = checked
            .defaults
            .iter()
            .map(|default| vec![Cell::text(&*default.file), Cell::text(&*default.key), Cell::text(&*default.value)]);
        let defaults = Table {
            title: String::new(),
            columns: vec![Column::words("file"), Column::words("key"), Column::words("default used")],
            rows: rows.collect(),
            notes: vec![],
        };
        out.push_str(&table::lines(&defaults, usize::MAX, true).join("\n"));
        out.push_str("\n\n");
    }
    let verdict = match &checked.fleet {
        Some(fleet) => format!(
            "{}: {} sites, {} offers, {} retrofits, {} machine models; {}, {} defaults used",
            words(&fleet.name),
            fleet.sites.len(),
            fleet.offers.len(),
            fleet.retrofits.len(),
            fleet.models.len(),
            diagnostics::count(checked),
            checked.defaults.len(),
        ),
        None => diagnostics::count(checked),
    };
    out + &verdict
}
