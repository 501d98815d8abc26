//! `planner compare`.

use anyhow::Result;
use planner_core::analysis::frontier;
use planner_core::plan::Plan;
use planner_core::report::compare::{capital_by_year, sites_converted, table};
use planner_core::solve::Run;
use planner_core::units::Usd;

use super::audit::findings;
use super::solving::{self, INTERRUPT};
use crate::args::{self, file_stem};
use crate::exit::Exit;
use crate::files;
use crate::render::console::Console;
use crate::render::progress::Line;
use crate::render::{page, table as text};

/// Plans every budget and sets the plans side by side.
pub fn run(args: &args::Compare, console: &Console) -> Result<Exit> {
    let Some(loaded) = solving::load(&args.portfolio, &args.solve, console)? else { return Ok(Exit::Portfolio) };
    let settings = solving::settings(&args.solve);
    let budgets = &args.budgets.0;
    let paths: Vec<_> = match &args.out {
        Some(dir) => {
            files::make_folder(dir)?;
            budgets.iter().map(|budget| dir.join(format!("plan-{}.json", file_stem(*budget)))).collect()
        }
        None => vec![],
    };
    for path in &paths {
        files::may_save_plan(path, args.force)?;
    }

    solving::listen_for_ctrl_c()?;
    let line = Line::new(console);
    let run = Run {
        threads: loaded.threads,
        interrupt: &INTERRUPT,
        progress: &|progress| line.show(progress),
        provenance: loaded.provenance,
    };
    let solved = frontier::compare(&loaded.fleet, &settings, budgets, &run);
    drop(run);
    drop(line);
    let plans = solved?;

    for (path, plan) in paths.iter().zip(&plans) {
        files::save_plan(path, plan, args.force)?;
    }
    if console.json() {
        let points: Vec<_> = plans.iter().map(point).collect();
        console.json_result(&serde_json::json!({ "points": points }))?;
    } else {
        console.result(&human(&plans))?;
    }
    let mut exit = Exit::Done;
    for plan in plans.iter().filter(|plan| !plan.audit.passed) {
        console.error(&findings(&plan.audit));
        exit = Exit::Audit;
    }
    Ok(exit)
}

fn point(plan: &Plan) -> serde_json::Value {
    serde_json::json!({
        "budget_usd": plan.settings.budget.map(Usd::get),
        "npv_usd": plan.npv_usd,
        "uplift_usd": plan.uplift_usd,
        "gap_usd": plan.gap_usd,
        "capital_usd": plan.capital_usd,
        "sites": sites_converted(plan),
        "status": plan.status,
        "audit_passed": plan.audit.passed,
    })
}

fn human(plans: &[Plan]) -> String {
    let mut lines = Vec::new();
    for table in [table(plans), capital_by_year(plans)] {
        lines.push(table.title.clone());
        lines.extend(text::lines(&table, page::WIDTH, true));
        lines.extend(table.notes);
        lines.push(String::new());
    }
    lines.join("\n")
}
