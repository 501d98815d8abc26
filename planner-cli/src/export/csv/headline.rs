//! Whether the plan is an answer, and its returns.

use planner_core::plan::Plan;
use planner_core::report::comparison::Comparison;
use planner_core::report::headline::{Figure, Measure, headline};
use planner_core::report::verdict::verdict;

use super::{Sheet, dollars, words};
use crate::export::returns::why;

/// `returns.csv`: of the programme, and of the increment.
pub fn returns(plan: &Plan) -> Result<Vec<u8>, csv::Error> {
    let mut sheet = Sheet::new(&[
        "figure",
        "name",
        "unit",
        "programme",
        "increment",
        "programme_undefined",
        "increment_undefined",
    ])?;
    let verdict = verdict(plan);
    let heads = [
        ("answer", "whether the plan is an answer", "", verdict.is_answer.to_string()),
        ("verdict", "in words", "", words(verdict.sentence)),
        ("gap_usd", "gap", "USD", dollars(plan.gap_usd.0)),
        ("compared_with", "what the increment is counted from", "", Comparison::of(plan).name().to_owned()),
    ];
    for (key, name, unit, value) in heads {
        let empty = String::new;
        sheet.row([key.to_owned(), name.to_owned(), unit.to_owned(), value, empty(), empty(), empty()])?;
    }
    for figure in headline(plan).figures {
        sheet.row([
            figure.key.to_owned(),
            figure.words.to_owned(),
            unit(&figure).to_owned(),
            text(&figure.programme),
            text(&figure.increment),
            words(why(&figure.programme).unwrap_or_default()),
            words(why(&figure.increment).unwrap_or_default()),
        ])?;
    }
    sheet.bytes()
}

fn unit(figure: &Figure) -> &'static str {
    match figure.key {
        key if key.ends_with("_usd") => "USD",
        "payback" | "peak_funding_on" => "date",
        "mean_term_years" => "years",
        _ => "share",
    }
}

fn text(measure: &Measure) -> String {
    match measure {
        Measure::Money(cents) => dollars(*cents),
        Measure::Share(share) => format!("{share:.6}"),
        Measure::Years(years) => format!("{years:.2}"),
        Measure::Day(day) => day.to_string(),
        Measure::Undefined(_) => String::new(),
    }
}
