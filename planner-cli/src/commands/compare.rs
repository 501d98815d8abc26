//! `planner compare`.

use std::path::{Path, PathBuf};

use anyhow::Result;
use planner_core::analysis::frontier;
use planner_core::plan::Plan;
use planner_core::report::compare::{capital_by_year, sites_converted, table};
use planner_core::report::verdict::verdict;
use planner_core::solve::{Progress, SolveError};
use planner_core::units::Usd;

use super::audit::findings;
use super::frontier as range;
use super::solving;
use crate::args::{self, Budgets, file_stem};
use crate::exit::{Exit, WrongArguments};
use crate::files;
use crate::render::console::Console;
use crate::render::format::break_words;
use crate::render::progress::Line;
use crate::render::{NARROW, columns, table as text};

/// Plans every budget and sets the plans side by side.
pub fn run(args: &args::Compare, console: &Console) -> Result<Exit> {
    let budgets = match &args.budgets {
        Budgets::Range(from, to) => return range::run(args, (*from, *to), console),
        Budgets::List(_) if args.resolution.is_some() || args.base.is_some() => {
            let message = "--resolution and --base are about a range of budgets: \"0..1 BUSD\"";
            return Err(WrongArguments(message.to_owned()).into());
        }
        Budgets::List(budgets) => budgets,
    };
    let Some(loaded) = solving::load(&args.portfolio, &args.solve, console)? else { return Ok(Exit::Portfolio) };
    let settings = solving::settings(&args.solve);
    if let Some(dir) = &args.out {
        files::make_folder(dir)?;
        for budget in budgets {
            files::may_save_plan(&plan_path(dir, *budget), args.force)?;
        }
    }

    solving::listen_for_ctrl_c()?;
    let line = Line::new(console);
    let show = |progress: &Progress| line.show(progress);
    let run = solving::run(loaded.threads, &loaded.provenance, &show);
    let mut saved = Ok(());
    let points = frontier::compare(&loaded.fleet, &settings, budgets, &run, |(budget, plan)| {
        if let (Some(dir), Ok(plan), Ok(())) = (&args.out, plan, &saved) {
            saved = files::save_plan(&plan_path(dir, *budget), plan, args.force);
        }
    });
    drop(run);
    drop(line);
    if let Some(missing) = budgets.len().checked_sub(points.len()).filter(|missing| *missing > 0) {
        console.error(&format!("stopped: {missing} of {} budgets are not planned", budgets.len()));
    }
    for (budget, error) in points.iter().filter_map(|(budget, plan)| Some((budget, plan.as_ref().err()?))) {
        console.error(&format!("budget {:.1} MUSD: {error}", budget.get() / 1e6));
    }
    let told: Vec<_> = points.iter().map(|(budget, plan)| point(*budget, plan.as_ref())).collect();
    let mut plans = Vec::with_capacity(points.len());
    let mut failed = None;
    for (_, point) in points {
        match point {
            Ok(plan) => plans.push(plan),
            Err(error) => failed = Some(error),
        }
    }
    if let (true, Some(error)) = (plans.is_empty(), failed) {
        return Err(error.into());
    }
    if console.json() {
        console.json_result(&serde_json::json!({ "points": told }))?;
    } else {
        console.result(&human(&plans))?;
    }
    saved?;
    let mut exit = Exit::Done;
    for plan in plans.iter().filter(|plan| !plan.audit.passed) {
        console.error(&findings(&plan.audit));
        exit = Exit::Audit;
    }
    Ok(exit)
}

fn plan_path(dir: &Path, budget: Usd) -> PathBuf {
    dir.join(format!("plan-{}.json", file_stem(budget)))
}

fn point(budget: Usd, plan: Result<&Plan, &SolveError>) -> serde_json::Value {
    let plan = match plan {
        Ok(plan) => plan,
        Err(error) => return serde_json::json!({ "budget_usd": budget.get(), "error": error.to_string() }),
    };
    serde_json::json!({
        "budget_usd": budget.get(),
        "npv_usd": plan.npv_usd,
        "uplift_usd": plan.uplift_usd,
        "gap_usd": plan.gap_usd,
        "capital_usd": plan.capital_usd,
        "sites": sites_converted(plan),
        "answer": verdict(plan).is_answer,
        "verdict": verdict(plan).sentence,
        "status": plan.status,
        "audit_passed": plan.audit.passed,
    })
}

fn human(plans: &[Plan]) -> String {
    let width = columns(NARROW);
    let mut lines = Vec::new();
    for table in [table(plans), capital_by_year(plans)] {
        lines.push(table.title.clone());
        lines.extend(text::lines(&table, width, true));
        lines.extend(table.notes.iter().flat_map(|note| break_words(note, width)));
        lines.push(String::new());
    }
    lines.join("\n")
}
