//! What the figures rest on: the heaviest tables, and the assumption book.

use planner_core::plan::Plan;
use planner_core::report::assumptions::{assumptions, words};
use planner_core::report::evidence::weights;
use planner_core::report::table::Cell;

use super::sheet::{Field, Sheet};
use crate::render::format::in_column;

/// Tables behind the uplift, the heaviest first.
const HEAVIEST: usize = 15;

/// What rests on which table of figures.
pub fn weight(plan: &Plan) -> Sheet {
    let weights = weights(plan);
    let mut sheet = Sheet::new(
        "What the increment rests on",
        &[("table", ""), ("of", ""), ("confidence", ""), ("part of the absolute PV", "%")],
    );
    let percent = |share: f64| Field::figure(in_column(&Cell::Number(share * 100.0, 1), 1));
    let row = |weight: &planner_core::report::evidence::Weight| {
        let confidence = words(weight.confidence);
        vec![
            Field::words(&weight.name),
            Field::words(weight.kind),
            Field { class: confidence, ..Field::words(confidence) },
            percent(weight.share),
        ]
    };
    sheet.rows = weights.iter().take(HEAVIEST).map(row).collect();
    if weights.len() > HEAVIEST {
        let rest: f64 = weights.iter().skip(HEAVIEST).map(|weight| weight.share).sum();
        let name = format!("{} others", weights.len() - HEAVIEST);
        sheet.rows.push(vec![Field::words(&name), Field::words(""), Field::words(""), percent(rest)]);
    }
    sheet.notes.push(
        "Every line of plan less the case without new commitments counts with the size of its present value, income and cost alike, for the \
         table of figures it comes from."
            .to_owned(),
    );
    sheet
}

/// Every table of figures with its source.
pub fn book(plan: &Plan) -> Sheet {
    let mut sheet = Sheet::new(
        "Assumption book",
        &[("table", ""), ("of", ""), ("leading figures", ""), ("confidence", ""), ("as of", ""), ("source", "")],
    );
    let rows = assumptions(&plan.inputs).into_iter().map(|one| {
        let confidence = words(one.confidence());
        let source = one.evidence.source.as_deref().unwrap_or("none stated");
        vec![
            Field::words(&one.name),
            Field::words(one.kind),
            Field::words(&one.figures),
            Field { class: confidence, ..Field::words(confidence) },
            Field::words(&one.evidence.as_of.map_or_else(|| "–".to_owned(), |day| day.to_string())),
            Field { class: "source", ..Field::sourced(source) },
        ]
    });
    sheet.rows = rows.collect();
    sheet.notes.push("What states no confidence counts as assumed.".to_owned());
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn every_table_has_source_and_date_or_says_that_there_is_none() {
        let mut plan = sample::plan();
        plan.inputs.offers[0].evidence.source = Some("https://example.org/lease".to_owned());
        let sheet = book(&plan);
        let offer = sheet.rows.iter().find(|row| row[1].text == "offer").unwrap();
        assert_eq!(offer[5].pieces, [super::super::sheet::Piece::Link("https://example.org/lease".to_owned())]);
        let rates = sheet.rows.iter().find(|row| row[1].text == "rates").unwrap();
        assert_eq!((rates[3].text.as_str(), rates[4].text.as_str()), ("assumed", "–"));
        assert!(weight(&plan).rows.len() > 3);
    }
}
