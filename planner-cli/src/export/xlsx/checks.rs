//! Sheets `Record` and `Checks`: what must hold whatever is changed, what the plan says of itself, and how far the workbook is from it.

use std::collections::BTreeMap;

use planner_core::plan::Plan;
use planner_core::plan::ledger::{Category, LedgerLine, present_value};
use planner_core::report::ask::ask;
use planner_core::units::Cents;

use super::by_year::Years;
use super::cash_flow::{Flows, NARROW};
use super::lines::{Case, Lines};
use super::returns::Returns;
use super::sheet::{Labels, Look, Row, Sheet, Shown};
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

/// What both sheets compare.
pub struct Compared<'a> {
    pub flows: &'a Flows,
    pub returns: &'a Returns,
    pub years: &'a Years,
    pub lines: &'a Lines,
    /// Capital charged to each pot in the plan.
    pub charged: &'a [(String, Row)],
}

/// What the checks come to.
pub struct Found {
    /// Of what must hold whatever is changed.
    pub checks: Term,
    /// From the plan that was solved.
    pub deviation: Term,
}

/// Both sheets, and what they come to.
pub fn sheets(plan: &Plan, axis: &Axis, of: &Compared, sources: &[&Sheet]) -> ([Sheet; 2], Found) {
    let note = "Figures of plan.json, to compare with: no formula of the model reads them.";
    let mut record = Sheet::new("Record", "The plan's record", note);
    axis.head_periods(&mut record, ["case", "", "", "category", "", "", "", "", ""]);
    let note = "Checks must be zero, whatever is changed. The deviation is what a change of facts or decisions does to the plan.";
    let mut sheet = Sheet::new("Checks", "Checks", note);
    axis.head_periods(&mut sheet, ["case", "", "", "category", "", "", "", "", "sum of sizes"]);
    record.widths = NARROW.to_vec();
    sheet.widths = NARROW.to_vec();
    sheet.section("Must hold, whatever is changed");
    let first = sheet.next;
    let held = always(&mut sheet, axis, of, sources);
    let checks = summed(&mut sheet, (1, "all checks", Look::Check), (first, &held));
    sheet.section("Deviation from the plan that was solved: workbook less record");
    let (first, stated) = (sheet.next, recorded(plan, axis));
    let mut sizes = vec![];
    for ((case, category), row) in &of.flows.by_category {
        let labels = Labels(vec![case.name().to_owned(), String::new(), String::new(), category.to_string()]);
        let nothing = || vec![Cents::ZERO; axis.places()];
        let figures = stated.get(&(*case, category.clone())).cloned().unwrap_or_else(nothing);
        let figures = figures.into_iter().map(Cents::usd);
        let own = record.figures(&labels, Look::Record, Shown::Dollars, figures);
        sizes.push(differences(&mut sheet, &labels, axis.places(), |p| row.at(p) - own.at(p)));
    }
    by_year(plan, of.years, &mut record, &mut sheet, &mut sizes);
    heads(plan, of.returns, &mut record, &mut sheet, &mut sizes);
    let deviation = summed(&mut sheet, (2, "deviation", Look::Deviation), (first, &sizes));
    ([record, sheet], Found { checks, deviation })
}

/// The sum of a block's sizes, from a row on, at the top of the sheet.
fn summed(sheet: &mut Sheet, (row, name, look): (u32, &str, Look), (first, sizes): (u32, &[Term])) -> Term {
    sheet.words(row, 7, name, Look::Head);
    let sum: f64 = sizes.iter().map(|size| size.value).sum();
    // A sum of too many pieces for one formula: the column of sizes is added up.
    let text = format!("ROUND(SUM(Checks!$I${}:$I${}),2)", first + 1, sheet.next.max(first + 1));
    sheet.formula(row, 8, &Term::atom(text, (sum * 100.0).round() / 100.0), look, Shown::Cents)
}

/// Sums that meet by two ways, to the cent.
fn always(sheet: &mut Sheet, axis: &Axis, of: &Compared, sources: &[&Sheet]) -> Vec<Term> {
    let (flows, years) = (of.flows, of.years);
    let last = |row: &Row| row.at(axis.periods);
    let over = |column: &str, value: f64| {
        let sums = sources.iter().map(|source| {
            let name = super::sheet::prefix(source.name);
            format!("SUM({name}${column}$7:${column}${})", source.next.max(8))
        });
        Term::atom(sums.collect::<Vec<_>>().join("+"), value)
    };
    let worth = over("H", of.lines.all.iter().map(|line| line.value.value).sum());
    let dollars = over("I", of.lines.all.iter().map(|line| line.row.total().value).sum());
    let told = Term::sum(flows.value.values().map(|(value, _)| value.clone()));
    let cash = Term::sum(flows.total.values().map(Row::total));
    let pots = Term::sum(of.charged.iter().map(|(_, row)| row.total()));
    let by_year = Term::sum(years.total.values().map(Row::total));
    let pairs = [
        ("both", "present value: line by line, and of the cash flow", worth, told),
        ("both", "dollars: line by line, and of the cash flow", dollars, cash.clone()),
        ("plan", "capital: by pot, and of the cash flow", pots, last(&flows.capital_so_far)),
        ("plan", "capital: by year, and of the cash flow", years.capital.total(), last(&flows.capital_so_far)),
        ("both", "dollars: by year, and of the cash flow", by_year, cash),
        (
            "both",
            "NPV less that of the twin, and uplift",
            &of.returns.npv - &of.returns.twin,
            of.returns.uplift.clone(),
        ),
    ];
    pairs.into_iter().map(|(case, what, one, other)| same(sheet, (case, what), one, other)).collect()
}

/// The size of a difference that must be zero.
fn same(sheet: &mut Sheet, (case, what): (&str, &str), one: Term, other: Term) -> Term {
    let row = sheet.next;
    sheet.words(row, 0, case, Look::Text);
    sheet.words(row, 3, what, Look::Text);
    sheet.next += 1;
    sheet.formula(row, 8, &(one - other).round(2).abs(), Look::Check, Shown::Cents)
}

/// A row of differences, and the sum of their sizes beside it.
fn differences(sheet: &mut Sheet, labels: &Labels, places: usize, at: impl Fn(usize) -> Term) -> Term {
    let row = sheet.next;
    let series = sheet.series(labels, Look::Deviation, Shown::Cents, places, |p, _| at(p).round(2));
    let size = series.values().iter().map(|value| value.abs()).sum();
    let text = format!("SUMPRODUCT(ABS({}))", series.range());
    sheet.formula(row, 8, &Term::atom(text, size), Look::Deviation, Shown::Cents)
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
    let lasting = |ledger: &[LedgerLine]| {
        present_value(&plan.inputs.calendar, ledger.iter().filter(|line| !line.category.is_end_value())).0
    };
    let without_end_values = lasting(&plan.ledger) - lasting(&plan.twin.ledger);
    let stated = [
        ("NPV", &returns.npv, plan.npv_usd.0),
        ("NPV of the twin", &returns.twin, plan.twin_npv_usd.0),
        ("uplift", &returns.uplift, plan.uplift_usd.0),
        ("uplift without end values", &returns.without_end_value, without_end_values),
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
        sizes.push(sheet.formula(row, 8, &(own - &stated).round(2).abs(), Look::Deviation, Shown::Cents));
    }
}
