//! `planner bid`.

use anyhow::Result;
use planner_core::analysis::bid::{Bid, NoBid, bid};
use planner_core::analysis::explain::Alternative;
use planner_core::plan::Plan;
use planner_core::report::verdict::verdict;
use serde_json::{Value, json};

use super::explain::{Asked, ask, audited, known};
use crate::args;
use crate::exit::{Exit, WrongArguments};
use crate::render::console::Console;
use crate::render::explain as render;

/// Finds the least rent of an offer at a site.
pub fn run(args: &args::Bid, console: &Console) -> Result<Exit> {
    let Some(plan) = audited(&args.plan, console)? else { return Ok(Exit::Audit) };
    known(&plan, &[("site", &args.site), ("retrofit", &args.retrofit), ("offer", &args.offer)])?;
    let (site, retrofit) = (args.site.as_str().into(), args.retrofit.as_str().into());
    let of = Alternative { site, retrofit, offer: args.offer.as_str().into() };
    let asked = Asked { plan: &plan, threads: args.threads, time_limit: args.time_limit };
    let found = match ask(&asked, console, |run, _| bid(&plan, &of, run))? {
        Err(NoBid::Solve(error)) => return Err(error.into()),
        Err(no @ NoBid::NoOption(..)) => return Err(WrongArguments(no.to_string()).into()),
        Ok(found) => found,
    };
    if console.json() {
        console.json_result(&to_json(&plan, &found))?;
    } else {
        console.result(&render::bid(&plan, &found))?;
    }
    Ok(if found.stopped { Exit::NoPlan } else { Exit::Done })
}

fn to_json(plan: &Plan, bid: &Bid) -> Value {
    json!({
        "plan": verdict(plan),
        "site": bid.alternative.site,
        "retrofit": bid.alternative.retrofit,
        "offer": bid.alternative.offer,
        "taken": bid.taken,
        "offered_usd_per_kw_month": bid.offered.get(),
        "rent": bid.rent,
        "clauses": bid.clauses,
        "stopped": bid.stopped,
    })
}
