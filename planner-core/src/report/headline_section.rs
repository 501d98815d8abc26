//! The headline as a section: two tables, the programme above its increment, and why a figure is not defined.

use super::headline::{Figure, Headline, Measure, headline};
use super::table::{Block, Cell, Column, Fact, Section, Table};
use crate::plan::Plan;

/// Heads of the figures of the first table, and their keys.
const VALUE: &[(&str, &str)] = &[
    ("NPV", "npv_usd"),
    ("without end values", "npv_without_end_values_usd"),
    ("capital", "capital_usd"),
    ("IRR", "irr"),
    ("hosting alone", "irr_hosting"),
    ("payback by", "payback"),
    ("peak funding", "peak_funding_usd"),
    ("peak in", "peak_funding_on"),
];

/// Heads of the figures of the second.
const INCOME: &[(&str, &str)] = &[
    ("rent, year", "rent_year_one_usd"),
    ("average year", "rent_average_usd"),
    ("NOI, year", "noi_year_one_usd"),
    ("average year", "noi_average_usd"),
    ("at cost", "cost_usd"),
    ("yield, year", "yield_year_one"),
    ("average year", "yield_average"),
];

/// The returns as a section of the page and of the memo.
#[must_use]
pub fn section(plan: &Plan) -> Section {
    let headline = headline(plan);
    let facts = |sentences: Vec<String>| Block::Facts(sentences.into_iter().map(Fact::sentence).collect());
    let mut told = headline.sentences(plan).into_iter().map(Fact::sentence).collect::<Vec<_>>();
    told.insert(0, Fact::new("gap", Cell::Dollars(plan.gap_usd.0)));
    let whole = |key: &str| headline.get(key).map(|figure| &figure.programme);
    let told_of = |label: &str, key: &str, unit| {
        let defined = whole(key).filter(|measure| !matches!(measure, Measure::Undefined(_)));
        defined.map(|measure| Fact::with_unit(label, cell(measure), unit))
    };
    told.extend(told_of("contracted share of revenue then", "contracted_share", ""));
    told.extend(told_of("mean term", "mean_term_years", "years"));
    let mut blocks = vec![Block::Facts(told)];
    blocks.extend([VALUE, INCOME].map(|figures| Block::Table(table(&headline, figures))));
    let reasons = headline.reasons();
    if !reasons.is_empty() {
        blocks.push(facts(reasons));
    }
    Section { title: "Returns".to_owned(), blocks }
}

/// Some figures: the programme above its increment.
#[must_use]
pub fn table(headline: &Headline, figures: &[(&str, &str)]) -> Table {
    let mut columns = vec![Column { unit: Some("M$"), ..Column::words("") }];
    columns.extend(figures.iter().map(|(head, _)| Column::measures(*head)));
    let row = |name: &str, of: fn(&Figure) -> &Measure| {
        let cells = figures.iter().map(|(_, key)| headline.get(key).map_or(Cell::Nothing, |figure| cell(of(figure))));
        std::iter::once(Cell::text(name)).chain(cells).collect()
    };
    let rows = vec![row("programme", |figure| &figure.programme), row("increment", |figure| &figure.increment)];
    Table { title: "Returns".to_owned(), columns, rows, notes: vec![] }
}

/// A figure in a cell.
#[must_use]
pub fn cell(measure: &Measure) -> Cell {
    match measure {
        Measure::Money(cents) => Cell::Money(*cents),
        Measure::Share(share) => Cell::Share(*share),
        Measure::Years(years) => Cell::Number(*years, 1),
        Measure::Day(day) => Cell::Month(*day),
        Measure::Undefined(_) => Cell::Nothing,
    }
}
