//! Sheet `Returns`: NPV, uplift, IRR, payback, peak funding.

use planner_core::plan::Plan;
use planner_core::report::irr::Irr;
use planner_core::report::returns::{difference, irr_of};

use super::assumptions::Assumptions;
use super::cash_flow::Flows;
use super::lines::Case;
use super::sheet::{Labels, Look, Row, Sheet, Shown};
use super::term::Term;
use super::timeline::{Axis, factor};

/// Halvings of the range in which the IRR lies.
const STEPS: u32 = 60;

/// Cells of the sheet.
pub struct Returns {
    pub npv: Term,
    pub twin: Term,
    pub uplift: Term,
    pub without_end_value: Term,
    pub capital: Term,
    pub irr: Option<Term>,
}

/// The sheet.
pub fn sheet(plan: &Plan, facts: &Assumptions, axis: &Axis, flows: &Flows) -> (Sheet, Returns) {
    let note = "The plan over its twin: the best plan without any new commitment.";
    let mut sheet = Sheet::new("Returns", "Returns", note);
    sheet.section("Net present value, at the rate of each line");
    let value = |case: Case| flows.value.get(&case).map_or_else(|| Term::whole(0), |(value, _)| value.clone());
    let bare = |case: Case| flows.value.get(&case).map_or_else(|| Term::whole(0), |(_, value)| value.clone());
    let npv = put(&mut sheet, "NPV of the plan", &value(Case::Plan).round(2), Shown::Cents);
    let twin = put(&mut sheet, "NPV of its twin", &value(Case::Twin).round(2), Shown::Cents);
    let uplift = put(&mut sheet, "uplift", &(&npv - &twin).round(2), Shown::Cents);
    let bare = bare(Case::Plan).round(2) - bare(Case::Twin).round(2);
    let without_end_value = put(&mut sheet, "uplift without end values", &bare.round(2), Shown::Cents);
    let single = single_rate(&mut sheet, facts, axis, flows);
    put(&mut sheet, "uplift at the single rate", &single.round(2), Shown::Cents);
    sheet.section("Capital and funding");
    let last = |row: &Row| row.at(axis.periods);
    let capital = put(&mut sheet, "capital of the plan", &last(&flows.capital_so_far), Shown::Cents);
    let deepest = flows.cumulated.values().iter().copied().fold(f64::INFINITY, f64::min);
    let deepest = Term::atom(format!("MIN({})", flows.cumulated.range()), deepest);
    put(&mut sheet, "peak funding of the difference", &-Term::whole(0).min(&deepest), Shown::Cents);
    put(&mut sheet, "sum of the difference", &flows.difference.total().round(2), Shown::Cents);
    payback(&mut sheet, facts, axis, flows);
    let irr = irr(&mut sheet, plan, axis, flows);
    sheet.widths = vec![40.0, 20.0, 16.0, 20.0, 10.0, 10.0, 10.0, 10.0, 10.0];
    (sheet, Returns { npv, twin, uplift, without_end_value, capital, irr })
}

fn put(sheet: &mut Sheet, label: &str, term: &Term, shown: Shown) -> Term {
    let row = sheet.next;
    sheet.words(row, 0, label, Look::Text);
    sheet.next += 1;
    sheet.formula(row, 1, term, Look::Total, shown)
}

/// The difference of all lines, equity included, at one rate.
fn single_rate(sheet: &mut Sheet, facts: &Assumptions, axis: &Axis, flows: &Flows) -> Term {
    let labels = |what: &str| Labels(vec![what.to_owned()]);
    let factors = sheet.series(
        &labels("discount factor at the single rate"),
        Look::Formula,
        Shown::Factor,
        axis.places(),
        |p, _| factor(&facts.single_rate, &axis.years.at(p)),
    );
    let (Some(plan), Some(twin)) = (flows.total.get(&Case::Plan), flows.total.get(&Case::Twin)) else {
        return Term::whole(0);
    };
    let worth = |row: &Row| {
        let value = row.values().iter().zip(factors.values()).map(|(dollars, factor)| dollars * factor).sum();
        Term::atom(format!("SUMPRODUCT({},{})", row.range(), factors.range()), value)
    };
    worth(plan) - worth(twin)
}

/// The last day of the period from which the summed difference is never below nil again.
fn payback(sheet: &mut Sheet, facts: &Assumptions, axis: &Axis, flows: &Flows) {
    sheet.section("Payback");
    let labels = Labels(vec!["last period below nil so far, counted from 1".to_owned()]);
    let row = sheet.series(&labels, Look::Formula, Shown::Whole, axis.places(), |p, before| {
        let below = flows.cumulated.at(p).below(&Term::whole(0));
        let number = axis.first_month.at(p) / &facts.period_months + Term::whole(1);
        // The number only rises; a largest one takes the empty cell before the first period for nothing in every program.
        before.max(&Term::choose(&below, &number, &Term::whole(0)))
    });
    put(sheet, "periods until it is paid back", &row.at(axis.periods), Shown::Whole);
}

/// The IRR by halving the range from −90 % to 1000 % a year.
fn irr(sheet: &mut Sheet, plan: &Plan, axis: &Axis, flows: &Flows) -> Option<Term> {
    sheet.section("IRR of the difference, cash in the middle of each period");
    match irr_of(plan, &difference(plan, |_| true)) {
        Irr::None => {
            sheet.words(sheet.next, 0, "none between -90 % and 1000 % a year", Look::Text);
            return None;
        }
        Irr::Several(rates) => {
            let text = format!("several: {} rates between -90 % and 1000 % a year; none of them is told", rates.len());
            sheet.words(sheet.next, 0, &text, Look::Text);
            return None;
        }
        Irr::One(_) => {}
    }
    let answer = sheet.next;
    sheet.next += 2;
    sheet.heads(&["step", "from", "to", "worth in the middle"]);
    let worth = |rate: &Term| {
        let terms = flows.difference.values().iter().zip(axis.years.values());
        let value = terms.map(|(dollars, years)| dollars * libm::pow(1.0 + rate.value, -years)).sum();
        let text = format!("SUMPRODUCT({},(1+{})^(-{}))", flows.difference.range(), rate.text(), axis.years.range());
        Term::atom(text, value)
    };
    let row = sheet.next;
    sheet.words(row, 0, "ends", Look::Text);
    let mut low = sheet.number(row, 1, -0.9, Look::Input, Shown::Share);
    let mut high = sheet.number(row, 2, 10.0, Look::Input, Shown::Share);
    let sign = sheet.formula(row, 3, &worth(&low), Look::Formula, Shown::Cents);
    sheet.next += 1;
    let two = Term::whole(2);
    for step in 1..=STEPS {
        let row = sheet.next;
        let middle = (&low + &high) / &two;
        sheet.number(row, 0, f64::from(step), Look::Text, Shown::Whole);
        let middle = sheet.formula(row, 4, &middle, Look::Formula, Shown::Factor);
        let there = sheet.formula(row, 3, &worth(&middle), Look::Formula, Shown::Cents);
        let nil = Term::whole(0);
        let same = there.below(&nil).equals(&sign.below(&nil));
        low = sheet.formula(row, 1, &Term::choose(&same, &middle, &low), Look::Formula, Shown::Factor);
        high = sheet.formula(row, 2, &Term::choose(&same, &high, &middle), Look::Formula, Shown::Factor);
        sheet.next += 1;
    }
    sheet.words(answer, 0, "IRR", Look::Text);
    Some(sheet.formula(answer, 1, &((low + high) / two), Look::Total, Shown::Share))
}
