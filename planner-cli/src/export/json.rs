//! The plan as it was read, in the layout of this version, and what it mines and draws by year.

use planner_core::plan::Plan;
use planner_core::report::production;
use serde::Serialize;

/// Bitcoin mined and energy drawn by calendar year.
#[derive(Serialize)]
struct ByYear {
    plan: Vec<Year>,
    twin: Vec<Year>,
}

#[derive(Serialize)]
struct Year {
    #[serde(flatten)]
    produced: production::Year,
    mining_usd_per_mwh: Option<f64>,
    hosting_usd_per_mwh: Option<f64>,
}

fn by_year(plan: &Plan) -> ByYear {
    let priced = |year: production::Year| Year {
        mining_usd_per_mwh: year.mining.usd_per_mwh(),
        hosting_usd_per_mwh: year.hosting.usd_per_mwh(),
        produced: year,
    };
    let years =
        |decisions, ledger| production::years(&plan.inputs, decisions, ledger).into_iter().map(priced).collect();
    ByYear { plan: years(&plan.decisions, &plan.ledger), twin: years(&plan.twin.decisions, &plan.twin.ledger) }
}

/// `plan.json`, and `by_year.json`.
///
/// # Errors
/// When the plan cannot be written as JSON.
pub fn files(plan: &Plan) -> serde_json::Result<Vec<(String, Vec<u8>)>> {
    let mut bytes = serde_json::to_vec_pretty(plan)?;
    bytes.push(b'\n');
    let mut years = serde_json::to_vec_pretty(&by_year(plan))?;
    years.push(b'\n');
    Ok(vec![("plan.json".to_owned(), bytes), ("by_year.json".to_owned(), years)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn it_is_the_plan_again() {
        let plan = sample::with_everything();
        let (name, bytes) = files(&plan).unwrap().remove(0);
        assert_eq!((name.as_str(), serde_json::from_slice::<Plan>(&bytes).unwrap()), ("plan.json", plan));
    }
}
