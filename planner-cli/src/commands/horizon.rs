//! `planner plan --check-horizon`: near decisions that a longer horizon would change.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use planner_core::analysis::horizon::{Horizon, horizon};
use planner_core::domain::Fleet;
use planner_core::plan::{Conversion, Plan, Settings};
use planner_core::portfolio::read_longer;
use planner_core::solve::Run;
use planner_core::units::Months;

use crate::files::DiskFolder;

/// How much longer.
const MORE: Months = Months(24);

/// The same portfolio with a longer horizon.
pub fn longer(root: &Path) -> Result<Fleet> {
    let checked = read_longer(&DiskFolder::open(root)?, MORE);
    let first = checked.diagnostics.first().map_or_else(String::new, |first| format!(": {}", first.message));
    checked.fleet.with_context(|| format!("the portfolio cannot be read with {MORE} more of horizon{first}"))
}

/// Compares a plan with the best one over the longer horizon.
pub fn check(plan: &Plan, longer: &Fleet, settings: &Settings, run: &Run) -> Result<Horizon> {
    Ok(horizon(plan, longer, settings, run)?)
}

/// As lines below the page.
pub fn text(horizon: &Horizon) -> String {
    if horizon.kept.is_none() {
        return format!("Horizon  {MORE} more change no decision before {}\n", horizon.near);
    }
    let mut text = format!(
        "Horizon  {MORE} more change decisions before {}: {:.2} M$ at stake{} of an uplift of {:.1} M$ then\n",
        horizon.near,
        horizon.at_stake().0.usd() / 1e6,
        if horizon.within_gap() { ", less than the gap," } else { "" },
        horizon.longer.uplift_usd.0.usd() / 1e6,
    );
    for (what, conversions) in [("now", &horizon.dropped), ("then", &horizon.added)] {
        for conversion in conversions {
            // Writing to a String cannot fail.
            let place = horizon.longer.inputs.place(&conversion.site);
            let _ = writeln!(text, "  {what:<5}{place}: {} × {}", conversion.subject(), conversion.halls);
        }
    }
    text
}

fn named(conversion: &Conversion) -> String {
    format!("{} {} × {}", conversion.site, conversion.subject(), conversion.halls)
}

/// As JSON.
pub fn json(horizon: &Horizon) -> serde_json::Value {
    let names = |list: &[Conversion]| list.iter().map(named).collect::<Vec<_>>();
    serde_json::json!({
        "months": MORE.0,
        "near": horizon.near,
        "now": names(&horizon.dropped),
        "then": names(&horizon.added),
        "at_stake_usd": horizon.at_stake(),
        "longer_uplift_usd": horizon.longer.uplift_usd,
    })
}
