//! The plan as it was read, in the layout of this version.

use planner_core::plan::Plan;

/// `plan.json`.
///
/// # Errors
/// When the plan cannot be written as JSON.
pub fn files(plan: &Plan) -> serde_json::Result<Vec<(String, Vec<u8>)>> {
    let mut bytes = serde_json::to_vec_pretty(plan)?;
    bytes.push(b'\n');
    Ok(vec![("plan.json".to_owned(), bytes)])
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
