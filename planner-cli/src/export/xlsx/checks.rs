//! Sheets `Record` and `Checks`: what the plan says of itself, and the differences, all nil until something is changed.

use std::collections::BTreeMap;

use planner_core::plan::Plan;
use planner_core::plan::ledger::Category;
use planner_core::report::ask::ask;
use planner_core::report::returns::uplift_without_end_value;
use planner_core::units::Cents;

use super::by_year::Years;
use super::cash_flow::{Flows, NARROW};
use super::lines::{Case, Lines};
use super::returns::Returns;
use super::sheet::{HEAD, Labels, Look, Row, Sheet, Shown};
use super::term::Term;
use super::timeline::Axis;

/// The plan's ledger by category and period.
fn recorded(plan: &Plan, axis: &Axis) -> BTreeMap<(Case, Category), Vec<Cents>> {
    let mut sums: BTreeMap<(Case, Category), Vec<Cents>> = BTreeMap::new();
    for (case, ledger) in [(Case::Plan, &plan.ledger), (Case::Twin, &plan.twin.ledger)] {
        for line in ledger {
            let sum = sums.entry((case, line.category.clone())).or_insert_with(|| vec![Cents::ZERO; axis.places()]);
            if let Some(cell) = sum.get_mut(line.period.index()) {
                *cell += line.amount_cents;
            }
        }
    }
    sums
}

/// Both sheets, and the sum of all differences.
pub fn sheets(
    plan: &Plan,
    axis: &Axis,
    (flows, returns, years, lines): (&Flows, &Returns, &Years, &Lines),
    sources: &[&Sheet],
) -> ([Sheet; 2], Term) {
    let note = "Figures of plan.json, to compare with: no formula of the model reads them.";
    let mut record = Sheet::new("Record", "The plan's record", note);
    axis.head_periods(&mut record, ["case", "", "", "category", "", "", "", "", ""]);
    let note = "Workbook less record, to the cent: nil until an assumption or a decision is changed.";
    let mut sheet = Sheet::new("Checks", "Checks", note);
    axis.head_periods(&mut sheet, ["case", "", "", "category", "", "", "", "", "sum of sizes"]);
    record.widths = NARROW.to_vec();
    sheet.widths = NARROW.to_vec();
    let stated = recorded(plan, axis);
    let mut sizes = vec![];
    for ((case, category), row) in &flows.by_category {
        let labels = Labels(vec![case.name().to_owned(), String::new(), String::new(), category.to_string()]);
        let nothing = || vec![Cents::ZERO; axis.places()];
        let figures = stated.get(&(*case, category.clone())).cloned().unwrap_or_else(nothing);
        let figures = figures.into_iter().map(Cents::usd);
        let own = record.figures(&labels, Look::Record, Shown::Dollars, figures);
        sizes.push(differences(&mut sheet, &labels, axis.places(), |p| row.at(p) - own.at(p)));
    }
    sizes.push(added_up(&mut sheet, flows, lines, sources));
    by_year(plan, years, &mut record, &mut sheet, &mut sizes);
    heads(plan, returns, &mut record, &mut sheet, &mut sizes);
    sheet.words(1, 7, "all differences", Look::Head);
    let all = Term::sum(sizes.iter().cloned());
    // A sum of too many pieces for one formula: the column of sizes is added up.
    let text = format!("ROUND(SUM(Checks!$I${}:$I${}),2)", HEAD + 1, sheet.next.max(HEAD + 1));
    let all = sheet.formula(1, 8, &Term::atom(text, (all.value * 100.0).round() / 100.0), Look::Check, Shown::Cents);
    ([record, sheet], all)
}

/// A row of differences, and the sum of their sizes beside it.
fn differences(sheet: &mut Sheet, labels: &Labels, places: usize, at: impl Fn(usize) -> Term) -> Term {
    let row = sheet.next;
    let series = sheet.series(labels, Look::Check, Shown::Cents, places, |p, _| at(p).round(2));
    let size = series.values().iter().map(|value| value.abs()).sum();
    let text = format!("SUMPRODUCT(ABS({}))", series.range());
    sheet.formula(row, 8, &Term::atom(text, size), Look::Check, Shown::Cents)
}

/// Lines of all sheets, less the cash flow: none is left out, and none counts twice.
fn added_up(sheet: &mut Sheet, flows: &Flows, lines: &Lines, sources: &[&Sheet]) -> Term {
    let labels =
        Labels(vec!["both".to_owned(), String::new(), String::new(), "present value, line by line".to_owned()]);
    let row = sheet.next;
    for (column, text) in (0..).zip(&labels.0) {
        sheet.words(row, column, text, Look::Text);
    }
    sheet.next += 1;
    let value: f64 = lines.all.iter().map(|line| line.value.value).sum();
    let sums = sources.iter().map(|source| {
        let name = super::sheet::prefix(source.name);
        format!("SUM({name}$H$7:$H${})", source.next.max(8))
    });
    let all = Term::atom(sums.collect::<Vec<_>>().join("+"), value);
    let told = Term::sum(flows.value.values().map(|(value, _)| value.clone()));
    sheet.formula(row, 8, &(all - told).round(2).abs(), Look::Check, Shown::Cents)
}

/// Capital and rent by calendar year.
fn by_year(plan: &Plan, years: &Years, record: &mut Sheet, sheet: &mut Sheet, sizes: &mut Vec<Term>) {
    let asked = ask(plan).by_year;
    let mut rents: BTreeMap<i16, Cents> = BTreeMap::new();
    for line in plan.ledger.iter().filter(|line| line.category == Category::Rent) {
        *rents.entry(plan.inputs.calendar.period_start(line.period).year()).or_default() += line.amount_cents;
    }
    let mut put = |what: &str, row: Option<&Row>, stated: &BTreeMap<i16, Cents>| {
        let Some(row) = row else { return };
        record.section(&format!("{what} by calendar year, from {}", years.all.first().copied().unwrap_or(0)));
        sheet.section(&format!("{what} by calendar year, from {}", years.all.first().copied().unwrap_or(0)));
        let labels = Labels(vec!["plan".to_owned(), String::new(), String::new(), format!("{what} by year")]);
        let figures = years.all.iter().map(|year| stated.get(year).copied().unwrap_or_default().usd());
        let own = record.figures(&labels, Look::Record, Shown::Dollars, figures);
        sizes.push(differences(sheet, &labels, years.all.len(), |p| row.at(p) - own.at(p)));
    };
    put("capital", Some(&years.capital), &asked);
    put("rent", years.rent.as_ref(), &rents);
}

/// NPV and what stands beside it.
fn heads(plan: &Plan, returns: &Returns, record: &mut Sheet, sheet: &mut Sheet, sizes: &mut Vec<Term>) {
    record.section("Head of the plan");
    sheet.section("Head of the plan");
    let stated = [
        ("NPV", &returns.npv, plan.npv_usd.0),
        ("NPV of the twin", &returns.twin, plan.twin_npv_usd.0),
        ("uplift", &returns.uplift, plan.uplift_usd.0),
        ("uplift without end values", &returns.without_end_value, uplift_without_end_value(plan).0),
        ("capital", &returns.capital, plan.capital_usd.0),
    ];
    for (what, own, stated) in stated {
        let row = record.next;
        record.words(row, 3, what, Look::Text);
        let stated = record.number(row, 7, stated.usd(), Look::Record, Shown::Cents);
        record.next += 1;
        let row = sheet.next;
        sheet.words(row, 3, what, Look::Text);
        sheet.next += 1;
        sizes.push(sheet.formula(row, 8, &(own - &stated).round(2).abs(), Look::Check, Shown::Cents));
    }
}
