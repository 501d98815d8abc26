//! `planner compare` over a range of budgets: the frontier.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::Result;
use planner_core::analysis::frontier::{self, Frontier, Line as Kind, Point, Range, Shelf};
use planner_core::plan::{Plan, Provenance};
use planner_core::report::frontier::{Row, buys, costs, first_out, in_and_out, rows, summary, unsettled};
use planner_core::solve::{Progress, SolveError};
use planner_core::units::{Cents, Usd};

use super::audit::findings;
use super::solving;
use crate::args::{self, file_stem};
use crate::exit::{Exit, WrongArguments};
use crate::export::frontier as export;
use crate::files;
use crate::render::chart::chart;
use crate::render::console::Console;
use crate::render::format::break_words;
use crate::render::page::section_lines;
use crate::render::progress::Line;
use crate::render::table as text;
use crate::render::{NARROW, columns};

/// Resolution, as a share of the range.
const RESOLUTION: f64 = 0.01;

/// Finds the frontier of a range, prints it, and keeps its plans.
pub fn run(args: &args::Compare, (from, to): (Usd, Usd), console: &Console) -> Result<Exit> {
    let range = range(args, from, to)?;
    let Some(loaded) = solving::load(&args.portfolio, &args.solve, console)? else { return Ok(Exit::Portfolio) };
    let settings = solving::settings(&args.solve);
    if let Some(dir) = &args.out {
        files::make_folder(&solved_folder(dir))?;
        files::may_write(dir, &export::NAMES, args.force)?;
        files::may_put_files(dir)?;
    }

    solving::listen_for_ctrl_c()?;
    let line = Line::new(console);
    let show = |progress: &Progress| line.show(progress);
    let run = solving::run(loaded.threads, &loaded.provenance, &show);
    let saved = Mutex::new(Ok(()));
    let path = |kind, budget| args.out.as_ref().map(|dir| solved_folder(dir).join(solved_name(kind, budget)));
    let find = |kind, budget| path(kind, budget).and_then(|path| files::read_plan(&path).ok());
    let keep = |kind, budget, plan: &Plan| {
        if let (Some(path), Ok(mut saved)) = (path(kind, budget), saved.lock())
            && saved.is_ok()
        {
            *saved = files::save_plan(&path, plan, args.force);
        }
    };
    let found = frontier::frontier(&loaded.fleet, &settings, range, &Shelf { find: &find, keep: &keep }, &run);
    drop(run);
    drop(line);
    let frontier = found?;

    let rows = rows(&frontier);
    if console.json() {
        console.json_result(&export::json(&frontier, &rows))?;
    } else {
        console.result(&human(&frontier, &rows))?;
    }
    told(&frontier, console);
    saved.into_inner().unwrap_or(Ok(()))?;
    if let Some(dir) = &args.out {
        for point in &frontier.points {
            save(dir, point, args.force)?;
        }
        if frontier.finished {
            files::write_all(dir, &export::files(&frontier, &rows)?, true)?;
        }
    }
    let mut exit = Exit::Done;
    for plan in frontier.points.iter().flat_map(plans).map(|(_, plan)| plan).filter(|plan| !plan.audit.passed) {
        console.error(&findings(&plan.audit));
        exit = Exit::Audit;
    }
    Ok(exit)
}

/// The range with its defaults.
fn range(args: &args::Compare, from: Usd, to: Usd) -> Result<Range> {
    let wrong = |message: &str| Err(WrongArguments(message.to_owned()).into());
    let resolution = args.resolution.unwrap_or_else(|| Usd::new((to.get() - from.get()) * RESOLUTION));
    if resolution.to_cents() <= Cents::ZERO {
        return wrong("the resolution is at least a cent");
    }
    if args.base.is_some_and(|base| base.get() < from.get() || base.get() > to.get()) {
        return wrong("the base lies in the range");
    }
    Ok(Range { from, to, resolution, base: args.base })
}

/// Every plan that was solved, for an interrupted run to go on.
fn solved_folder(dir: &Path) -> PathBuf {
    dir.join("solved")
}

fn solved_name(kind: Kind, budget: Cents) -> String {
    let kind = match kind {
        Kind::Total => "total",
        Kind::Phased => "phased",
    };
    format!("{kind}-{}.json", file_stem(Usd::new(budget.usd())))
}

/// The plans of a point, each with how its file name begins.
fn plans(point: &Point) -> Vec<(&'static str, &Plan)> {
    let phased = point.phased.as_ref().and_then(|phased| phased.as_ref().ok());
    let nested = point.nested.as_ref().and_then(|nested| nested.as_ref().ok());
    let all = [("plan", Some(&point.plan)), ("phased", phased), ("nested", nested.map(|nested| &nested.plan))];
    all.into_iter().filter_map(|(name, plan)| Some((name, plan?))).collect()
}

/// Saves the plans of a point; one that is there already is left as it is.
fn save(dir: &Path, point: &Point, force: bool) -> Result<()> {
    for (name, plan) in plans(point) {
        let path = dir.join(format!("{name}-{}.json", file_stem(Usd::new(point.budget.usd()))));
        let bare = |plan: &Plan| Plan { provenance: Provenance::default(), ..plan.clone() };
        if !files::read_plan(&path).is_ok_and(|there| bare(&there) == bare(plan)) {
            files::save_plan(&path, plan, force)?;
        }
    }
    Ok(())
}

/// What the tables do not say: budgets and lines without a plan, and an interrupt.
fn told(frontier: &Frontier, console: &Console) {
    let of_points = |side: fn(&Point) -> Option<&SolveError>| {
        frontier.points.iter().filter_map(move |point| Some((point.budget, side(point)?))).collect()
    };
    let none: Vec<_> = frontier.none.iter().map(|(budget, error)| (*budget, error)).collect();
    let phased = of_points(|point| point.phased.as_ref()?.as_ref().err());
    let nested = of_points(|point| point.nested.as_ref()?.as_ref().err());
    for (line, missing) in [("", none), (", as phased", phased), (", nested", nested)] {
        for message in without_a_plan(line, &missing) {
            console.error(&message);
        }
    }
    if !frontier.finished {
        console.error("stopped: the frontier is not finished; with the same --out the run goes on from here");
    }
}

/// What is infeasible is so with less money, too: the greatest budget says it for all.
fn without_a_plan(line: &str, missing: &[(Cents, &SolveError)]) -> Vec<String> {
    let infeasible = |error: &SolveError| matches!(error, SolveError::Infeasible(_));
    let said = |index: usize| missing[index + 1..].iter().any(|(_, later)| infeasible(later));
    let told = missing.iter().enumerate().filter(|(index, (_, error))| !(infeasible(error) && said(*index)));
    told.map(|(_, (budget, error))| {
        let less = if infeasible(error) { " and less" } else { "" };
        format!("budget {:.1} MUSD{less}{line}: {error}", budget.usd() / 1e6)
    })
    .collect()
}

fn human(frontier: &Frontier, rows: &[Row]) -> String {
    let width = columns(NARROW);
    let mut lines: Vec<String> = unsettled(rows).iter().flat_map(|text| break_words(text, width)).collect();
    lines.extend(chart(frontier, rows, width));
    lines.push(String::new());
    let summary: Vec<_> = summary(frontier, rows).iter().flat_map(|section| section_lines(section, width)).collect();
    if !summary.is_empty() {
        lines.extend(summary);
        lines.push(String::new());
    }
    let tables = [buys(frontier, rows), costs(frontier, rows), first_out(frontier, rows), in_and_out(frontier, rows)];
    for table in tables.iter().filter(|table| !table.rows.is_empty()) {
        lines.push(table.title.clone());
        lines.extend(text::lines(table, width, true));
        lines.extend(table.notes.iter().flat_map(|note| break_words(note, width)));
        lines.push(String::new());
    }
    lines.join("\n")
}
