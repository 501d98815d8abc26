//! The JSON Schema of `plan.json`, made from the types that it is read into: descriptions are theirs.

use serde_json::Value;

use super::Plan;

/// The schema, draft 2020-12. It describes plans of this version.
#[must_use]
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Plan);
    schema.insert("title".to_owned(), Value::String("plan.json".to_owned()));
    schema.to_value()
}
