//! Returns of programme and increment, for programs and spreadsheets.

use planner_core::plan::Plan;
use planner_core::report::headline::{Figure, Measure, headline};
use serde_json::{Map, Value, json};

/// A figure as JSON; `null` where it is not defined.
fn value(measure: &Measure) -> Value {
    match measure {
        Measure::Money(cents) => json!(cents.usd()),
        Measure::Share(number) | Measure::Years(number) => json!(number),
        Measure::Day(day) => json!(day),
        Measure::Undefined(_) => Value::Null,
    }
}

/// Why a figure is not defined.
pub fn why(measure: &Measure) -> Option<&str> {
    match measure {
        Measure::Undefined(why) => Some(why),
        _ => None,
    }
}

/// `programme` and `increment`, each by key, and why what is `null` is not defined.
pub fn json(plan: &Plan) -> Value {
    let figures = headline(plan).figures;
    let side = |of: fn(&Figure) -> &Measure| {
        let mut all: Map<String, Value> =
            figures.iter().map(|figure| (figure.key.to_owned(), value(of(figure)))).collect();
        let reason = |figure: &Figure| Some((figure.key.to_owned(), json!(why(of(figure))?)));
        all.insert("undefined".to_owned(), Value::Object(figures.iter().filter_map(reason).collect()));
        Value::Object(all)
    };
    json!({ "programme": side(|figure| &figure.programme), "increment": side(|figure| &figure.increment) })
}
