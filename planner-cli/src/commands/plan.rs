//! `planner plan`.

use std::path::Path;

use anyhow::Result;
use planner_core::analysis::horizon::Horizon;
use planner_core::analysis::price_of::{NoPrice, Price, Rule, price_of};
use planner_core::domain::Fleet;
use planner_core::domain::money::Release;
use planner_core::plan::{Plan, Settings};
use planner_core::report::comparison::Comparison;
use planner_core::report::rules;
use planner_core::report::verdict::verdict;
use planner_core::solve::relax::Diagnosis;
use planner_core::solve::{self, Progress, Run, SolveError};
use planner_core::units::{Usd, UsdCents};

use super::audit::findings;
use super::horizon;
use super::solving;
use super::stopwatch::Stopwatch;
use crate::args::{self, Budget};
use crate::exit::{Exit, WrongArguments};
use crate::export::returns;
use crate::files;
use crate::render::columns;
use crate::render::console::Console;
use crate::render::page;
use crate::render::progress::Line;
use crate::render::table;

/// Stage of `--price-of`: all that its plans take.
const RULES: &str = "price of rules";
/// The stage of solving over a longer horizon.
const HORIZON: &str = "longer horizon";

/// Solves, audits, prints the page and saves the plan.
pub fn run(args: &args::Plan, console: &Console) -> Result<Exit> {
    let watch = Stopwatch::start("reading");
    let Some(mut loaded) = solving::load(&args.portfolio, &args.solve, console)? else { return Ok(Exit::Portfolio) };
    let mut settings = solving::settings(&args.solve);
    once_each(&args.budget)?;
    for budget in &args.budget {
        apply(budget, &mut loaded.fleet, &mut settings)?;
    }
    let longer = args.check_horizon.then(|| longer(args)).transpose()?;
    for rule in &args.price_of {
        if rule.left_out_of(&loaded.fleet).is_none() {
            return Err(WrongArguments(NoPrice::NoSuchRule(*rule).to_string()).into());
        }
    }
    files::may_save_plan(&args.out, args.force)?;

    solving::listen_for_ctrl_c()?;
    let line = Line::new(console);
    let staged = |progress: &Progress| {
        watch.stage(progress.stage);
        line.show(progress);
    };
    let run = solving::run(loaded.threads, &loaded.provenance, &staged).within(args.solve.time_limit);
    let solved = solve::plan(&loaded.fleet, &settings, &run);
    if !args.price_of.is_empty() {
        watch.stage(RULES);
    }
    let run = Run { progress: &|progress| line.show(progress), ..run };
    let prices: Vec<_> = match &solved {
        Ok(_) => args.price_of.iter().map(|rule| price_of(&loaded.fleet, &settings, *rule, &run)).collect(),
        Err(_) => vec![],
    };
    if longer.is_some() {
        watch.stage(HORIZON);
    }
    let beyond = match (&solved, &longer) {
        (Ok(plan), Some(longer)) => Some(horizon::check(plan, longer, &settings, &run)),
        _ => None,
    };
    drop(run);
    drop(line);
    let plan = match solved {
        Err(SolveError::Infeasible(diagnosis)) => return no_plan(&diagnosis, console),
        solved => solved?,
    };

    watch.stage("writing");
    let saved = files::save_plan(&args.out, &plan, args.force);
    // What is known of the plan is shown and kept, whatever becomes of the longer horizon.
    let (beyond, failed) = match beyond.transpose() {
        Ok(beyond) => (beyond, None),
        Err(error) => (None, Some(error)),
    };
    if console.json() {
        console.json_result(&summary(&plan, &args.out, &prices, beyond.as_ref()))?;
    } else {
        let prices = prices.iter().map(|price| format!("\n{}", sentence(price)));
        let beyond = beyond.as_ref().map(|beyond| format!("\n{}", horizon::text(beyond)));
        let width = columns(page::WIDTH);
        let page = if args.full { page::full(&plan, width) } else { page::text(&plan, width) };
        console.result(&(page + &prices.chain(beyond).collect::<String>()))?;
    }
    saved?;
    console.note(&format!("saved {}", args.out.display()));
    if args.timings {
        console.error(&table::lines(&watch.table(), columns(page::WIDTH), true).join("\n"));
        let (count, iterations) = (solving::METER.solves(), solving::METER.iterations());
        console.error(&format!("{count} solves; {iterations} simplex iterations of searches (--work-limit)"));
    }
    if let Some(failed) = failed {
        return Err(failed);
    }
    if plan.audit.passed {
        return Ok(Exit::Done);
    }
    console.error(&findings(&plan.audit));
    Ok(Exit::Audit)
}

/// What contradicts what, and what would resolve it.
fn no_plan(diagnosis: &Diagnosis, console: &Console) -> Result<Exit> {
    if console.json() {
        console.error(&serde_json::to_string_pretty(&diagnosis.json())?);
    } else {
        console.error(&format!("error: {}", diagnosis.lines().join("\n")));
    }
    Ok(Exit::Infeasible)
}

/// The portfolio with a longer horizon and the same budget.
fn longer(args: &args::Plan) -> Result<Fleet> {
    let mut fleet = horizon::longer(&args.portfolio)?;
    let mut settings = solving::settings(&args.solve);
    args.budget.iter().try_for_each(|budget| apply(budget, &mut fleet, &mut settings))?;
    Ok(fleet)
}

/// What a rule costs, in a sentence.
fn sentence(price: &Result<Price, NoPrice>) -> String {
    let millions = |amount: UsdCents| format!("{:.2} M$", amount.0.usd() / 1e6);
    match price {
        Err(error) => format!("Price of a rule: {error}"),
        Ok(price) => {
            let (least, most) = price.between();
            format!(
                "Price of {} ({}): {} (with the gaps of both plans between {} and {}); NPV {} with it, {} without",
                words(&price.rule),
                price.rule,
                millions(price.cost()),
                millions(least),
                millions(most),
                millions(price.with.npv_usd),
                millions(price.without.npv_usd)
            )
        }
    }
}

/// A rule in words.
fn words(rule: &Rule) -> String {
    let name = rule.to_string();
    rules::words(&name).map_or_else(|| "a lock".to_owned(), str::to_owned)
}

fn price(price: &Result<Price, NoPrice>) -> serde_json::Value {
    match price {
        Err(error) => serde_json::json!({ "error": error.to_string() }),
        Ok(price) => serde_json::json!({
            "rule": price.rule.to_string(),
            "cost_usd": price.cost(),
            "least_usd": price.between().0,
            "most_usd": price.between().1,
        }),
    }
}

fn summary(plan: &Plan, path: &Path, prices: &[Result<Price, NoPrice>], beyond: Option<&Horizon>) -> serde_json::Value {
    serde_json::json!({
        "horizon": beyond.map(horizon::json),
        "prices": prices.iter().map(price).collect::<Vec<_>>(),
        "plan": path.display().to_string(),
        "answer": verdict(plan).is_answer,
        "verdict": verdict(plan).sentence,
        "compared_with": Comparison::of(plan).name(),
        "returns": returns::json(plan),
        "status": plan.status,
        "npv_usd": plan.npv_usd,
        "bound_usd": plan.bound_usd,
        "gap_usd": plan.gap_usd,
        "gap_share": plan.gap_share,
        "lagrangian_bound_usd": plan.lagrangian_bound_usd,
        "twin_npv_usd": plan.twin_npv_usd,
        "twin_bound_usd": plan.twin_bound_usd,
        "uplift_usd": plan.uplift_usd,
        "capital_usd": plan.capital_usd,
        "sites_left": plan.sites_left,
        "audit": plan.audit,
    })
}

/// One total, or one amount per pot.
fn once_each(budgets: &[Budget]) -> Result<()> {
    let total = budgets.iter().any(|budget| matches!(budget, Budget::Total(_)));
    let mut pots: Vec<&String> = budgets.iter().filter_map(Budget::pot).collect();
    pots.sort();
    if total && budgets.len() > 1 {
        return Err(WrongArguments("--budget takes one total, or amounts of pots, not both".to_owned()).into());
    }
    if let Some([twice, _]) = pots.windows(2).find(|pair| pair.first() == pair.last()) {
        return Err(WrongArguments(format!("--budget names the pot `{twice}` twice")).into());
    }
    Ok(())
}

/// A total goes into the settings; a pot's releases are scaled to their new sum.
fn apply(budget: &Budget, fleet: &mut Fleet, settings: &mut Settings) -> Result<()> {
    match budget {
        Budget::Total(amount) => {
            settings.budget = Some(*amount);
        }
        Budget::Pot(id, amount) => {
            let pots: Vec<String> = fleet.pots.iter().map(|pot| pot.id.to_string()).collect();
            let Some(pot) = fleet.pots.iter_mut().find(|pot| pot.id.as_str() == id) else {
                let known = if pots.is_empty() { "it has none".to_owned() } else { pots.join(", ") };
                return Err(WrongArguments(format!("the portfolio has no pot `{id}`: {known}")).into());
            };
            settings.pots.push((pot.id.clone(), *amount));
            let sum: Usd = pot.release.iter().map(|release| release.amount).sum();
            if sum.get() > 0.0 {
                for release in &mut pot.release {
                    release.amount = release.amount * (amount.get() / sum.get());
                }
            } else {
                pot.release = vec![Release { from: fleet.calendar.start, amount: *amount }];
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use planner_core::domain::money::Pot;

    #[test]
    fn a_pot_is_scaled_and_a_wrong_name_is_a_wrong_argument() {
        let mut fleet = sample::plan().inputs;
        let release = |amount| Release { from: fleet.calendar.start, amount: Usd::new(amount) };
        let release = vec![release(100e6), release(50e6)];
        fleet.pots =
            vec![Pot { id: "growth".into(), release, carry_over: true, sites: None, works: None, relieved_by: vec![] }];
        let mut settings = Settings::default();
        apply(&Budget::Pot("growth".to_owned(), Usd::new(300e6)), &mut fleet, &mut settings).unwrap();
        let amounts: Vec<f64> = fleet.pots[0].release.iter().map(|r| r.amount.get()).collect();
        assert!((amounts[0] - 200e6).abs() < 1e-3 && (amounts[1] - 100e6).abs() < 1e-3, "{amounts:?}");
        let error = apply(&Budget::Pot("grwth".to_owned(), Usd::new(1.0)), &mut fleet, &mut settings).unwrap_err();
        assert_eq!(Exit::of(&error), Exit::Arguments);
        assert!(error.to_string().contains("growth"));
        let pot = || Budget::Pot("growth".to_owned(), Usd::new(1.0));
        assert!(once_each(&[pot(), Budget::Total(Usd::new(2.0))]).is_err());
        assert!(once_each(&[pot(), pot()]).is_err());
        assert!(once_each(&[Budget::Total(Usd::new(2.0))]).is_ok());
    }
}
