//! The time axis: periods on one sheet, months on another; the same column everywhere.

use anyhow::{Result, bail};
use jiff::civil::Date;
use planner_core::domain::calendar::{Month, days_between};
use planner_core::domain::money::Class;
use planner_core::plan::Plan;

use super::assumptions::Assumptions;
use super::sheet::{FIRST, HEAD, Labels, Look, Print, Row, Sheet, Shown, letters};
use super::term::Term;

/// A sheet has no more columns than this.
const MOST_COLUMNS: usize = 16_000;

/// Both axes.
pub struct Axis {
    /// Number of periods, without the horizon.
    pub periods: usize,
    /// Number of months, run-off included.
    pub months: usize,
    /// The first month of the axis.
    pub first: Term,
    /// Calendar year of a period's first day.
    pub year: Row,
    /// Years to the middle of a period, or to the horizon.
    pub years: Row,
    /// One at the horizon.
    pub horizon: Row,
    /// First month of a period.
    pub first_month: Row,
    /// First day of a period.
    pub start: Row,
    /// Months: number, from the start.
    pub month: Row,
    /// First day.
    pub day: Row,
    pub days: Row,
    pub hours: Row,
    /// Its period; below nil outside the horizon.
    pub period: Row,
    /// Its column, counted from one.
    pub position: Row,
    /// Discount factor of each period by class.
    factors: Vec<(Class, Row)>,
    period_numbers: Vec<f64>,
}

/// Days since the spreadsheet's first.
pub fn serial(date: Date) -> f64 {
    f64::from(days_between(jiff::civil::date(1899, 12, 30), date))
}

impl Axis {
    /// Places of the axis of periods: each period, and the horizon.
    pub const fn places(&self) -> usize {
        self.periods + 1
    }

    /// The sum of a row of months over a period of the sheet that asks.
    pub fn in_period(&self, row: &Row, place: usize) -> Term {
        let number = self.period_numbers.get(place).copied().unwrap_or(-1.0);
        let months = self.period.values().iter().zip(row.values());
        let sum = months.filter(|(period, _)| (**period - number).abs() < 0.5).map(|(_, value)| value).sum();
        Term::atom(format!("SUMIFS({},{},{}$4)", row.range(), self.period.range(), letters(place)), sum)
    }

    /// The same over the months in which a flag is one.
    pub fn in_period_where(&self, row: &Row, flag: &Row, place: usize) -> Term {
        let number = self.period_numbers.get(place).copied().unwrap_or(-1.0);
        let months = self.period.values().iter().zip(row.values()).zip(flag.values());
        let counted = months.filter(|((period, _), flag)| (**period - number).abs() < 0.5 && **flag > 0.5);
        let sum = counted.map(|((_, value), _)| value).sum();
        let text = format!("SUMIFS({},{},{}$4,{},1)", row.range(), self.period.range(), letters(place), flag.range());
        Term::atom(text, sum)
    }

    /// One in the period of a month, else nil.
    pub fn at_month(&self, facts: &Assumptions, month: &Term, place: usize) -> Term {
        let number =
            Term::atom(format!("{}$4", letters(place)), self.period_numbers.get(place).copied().unwrap_or(-1.0));
        let inside = month.below(&(&facts.periods * &facts.period_months));
        // Engines differ in the whole number below a negative one.
        let after = month.at_least(&Term::whole(0));
        Term::all(&[&after, &inside, &(month / &facts.period_months).int().equals(&number)])
    }

    /// A row of months in the first month of a period.
    pub fn in_first_month(&self, row: &Row, place: usize) -> Term {
        let position = self.first_month.at(place) - &self.first + Term::whole(1);
        Self::index(row, &position)
    }

    /// A row of months in a column counted from one.
    pub fn index(row: &Row, position: &Term) -> Term {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let at = (position.value as usize).saturating_sub(1);
        let value = row.values().get(at).copied().unwrap_or(0.0);
        Term::atom(format!("INDEX({},1,{})", row.range(), position.text()), value)
    }

    /// Discount factors of a class.
    pub fn factors_of(&self, class: Class) -> Option<&Row> {
        self.factors.iter().find(|(of, _)| *of == class).map(|(_, row)| row)
    }

    /// Heads of the columns of a sheet of periods.
    pub fn head_periods(&self, sheet: &mut Sheet, heads: [&str; 9]) {
        let link = |row: &Row| (0..self.places()).map(|place| row.at(place)).collect::<Vec<_>>();
        sheet.print = Print::Periods(count(self.places()));
        head(sheet, heads, [("period", self.numbers(), Shown::Whole), ("first day", link(&self.start), Shown::Day)]);
    }

    fn numbers(&self) -> Vec<Term> {
        let number = |(place, value): (usize, &f64)| Term::atom(format!("Timeline!{}$4", letters(place)), *value);
        self.period_numbers.iter().enumerate().map(number).collect()
    }

    /// Heads of the columns of a sheet of months.
    pub fn head_months(&self, sheet: &mut Sheet, heads: [&str; 9]) {
        let link = |row: &Row| (0..self.months).map(|place| row.at(place)).collect::<Vec<_>>();
        let rows = [("month", link(&self.month), Shown::Whole), ("first day", link(&self.day), Shown::Day)];
        sheet.print = Print::Months(count(self.months));
        head(sheet, heads, rows);
    }
}

fn count(places: usize) -> u16 {
    u16::try_from(places).unwrap_or(u16::MAX)
}

fn head(sheet: &mut Sheet, heads: [&str; 9], rows: [(&str, Vec<Term>, Shown); 2]) {
    for ((label, terms, shown), row) in rows.into_iter().zip([3, 4]) {
        sheet.words(row, FIRST - 1, label, Look::Head);
        for (column, term) in (FIRST..).zip(terms) {
            sheet.formula(row, column, &term, Look::Head, shown);
        }
    }
    for (column, text) in (0..).zip(heads) {
        if column + 1 < FIRST {
            sheet.words(4, column, text, Look::Head);
        }
    }
    sheet.next = HEAD;
    sheet.frozen = (5, 4);
    sheet.widths = vec![7.0, 15.0, 40.0, 20.0, 12.0, 9.0, 14.0, 15.0, 15.0];
}

/// Months from the earliest that a conversion needs to the end of the last contract.
pub fn reach(plan: &Plan) -> Result<(i32, i32)> {
    let calendar = &plan.inputs.calendar;
    let conversions = || plan.decisions.conversions.iter().chain(&plan.twin.decisions.conversions);
    let first = conversions().map(|one| calendar.month_of(one.start).0).fold(0, i32::min);
    let last = conversions().map(|one| calendar.month_of(one.term_end).0).fold(calendar.horizon_month().0, i32::max);
    // Nothing has begun in the first column, so that what has a memory may begin there at nil.
    let (first, last) = (first.saturating_sub(1), last.saturating_add(1));
    let most = i32::try_from(MOST_COLUMNS).unwrap_or(i32::MAX);
    if last.saturating_sub(first) > most || calendar.periods as usize > MOST_COLUMNS {
        bail!("its months are more than the columns of a sheet");
    }
    Ok((first, last))
}

/// Rows of the periods.
struct Periods {
    number: Row,
    first_month: Row,
    start: Row,
    year: Row,
    horizon: Row,
    years: Row,
    factors: Vec<(Class, Row)>,
}

fn label(what: &str, unit: &str) -> Labels {
    Labels::of("", what, unit)
}

fn periods(plan: &Plan, facts: &Assumptions, places: usize) -> (Sheet, Periods) {
    let note = "Periods, and how cash of each is discounted: to its middle, end values to the horizon.";
    let mut sheet = Sheet::new("Timeline", "Timeline", note);
    let (formula, whole) = (Look::Formula, Shown::Whole);
    let number = sheet.series(&label("period", ""), Look::Head, whole, places, |place, before| {
        if place == 0 { Term::whole(0) } else { before + Term::whole(1) }
    });
    let first_month =
        sheet.series(&label("first month", ""), formula, whole, places, |p, _| number.at(p) * &facts.period_months);
    let start = sheet
        .series(&label("first day", ""), Look::Head, Shown::Day, places, |p, _| edate(plan, facts, &first_month.at(p)));
    let year = sheet.series(&label("calendar year", ""), formula, whole, places, |p, _| year_of(&start.at(p)));
    let horizon = sheet.series(&label("horizon", "1 at the horizon"), formula, whole, places, |p, _| {
        Term::flag(&number.at(p).equals(&facts.periods))
    });
    let days = sheet.series(&label("days", ""), formula, whole, places, |p, _| {
        edate(plan, facts, &(first_month.at(p) + &facts.period_months)) - start.at(p)
    });
    let years = sheet.series(&label("years to discount", ""), formula, Shown::Factor, places, |p, _| {
        let half = days.at(p) / &facts.two * (Term::whole(1) - horizon.at(p));
        (start.at(p) - &facts.start + half) / &facts.days_per_year
    });
    let classes = [Class::Mining, Class::Contracted, Class::Merchant, Class::Corporate];
    let factors = classes.map(|class| {
        let rate = facts.rate(class);
        let labels = label(&format!("discount factor, {}", class_name(class)), "");
        (class, sheet.series(&labels, formula, Shown::Factor, places, |p, _| factor(&rate, &years.at(p))))
    });
    sheet.frozen = (5, 4);
    sheet.print = Print::Periods(count(places));
    sheet.widths = vec![7.0, 7.0, 34.0, 30.0, 14.0, 9.0, 10.0, 14.0, 14.0];
    (sheet, Periods { number, first_month, start, year, horizon, years, factors: factors.to_vec() })
}

/// The sheet of months, and its rows in the order of [`Axis`]: month, day, days, hours, period, position.
fn months_of(plan: &Plan, facts: &Assumptions, months: usize) -> (Sheet, [Row; 6]) {
    let (formula, whole) = (Look::Formula, Shown::Whole);
    let note = "Market and indices by month. Money is counted by month and rounded by period, per unit.";
    let mut by_month = Sheet::new("Months", "Months", note);
    by_month.next = 3;
    let month = by_month.series(&label("month", ""), Look::Head, whole, months, |place, before| {
        if place == 0 { facts.first_month.clone() } else { before + Term::whole(1) }
    });
    let day = by_month
        .series(&label("first day", ""), Look::Head, Shown::Day, months, |m, _| edate(plan, facts, &month.at(m)));
    by_month.next = HEAD;
    let month_days = by_month.series(&label("days", ""), formula, whole, months, |m, _| {
        edate(plan, facts, &(month.at(m) + Term::whole(1))) - day.at(m)
    });
    let hours =
        by_month.series(&label("hours", ""), formula, whole, months, |m, _| month_days.at(m) * &facts.hours_per_day);
    let period = by_month.series(&label("period", "-1 outside the horizon"), formula, whole, months, |m, _| {
        let inside = month.at(m).below(&(&facts.periods * &facts.period_months));
        let inside = Term::all(&[&month.at(m).at_least(&Term::whole(0)), &inside]).equals(&Term::whole(1));
        Term::choose(&inside, &(month.at(m) / &facts.period_months).int(), &Term::whole(-1))
    });
    let position =
        by_month.series(&label("column", "from 1"), formula, whole, months, |_, before| before + Term::whole(1));
    by_month.frozen = (5, 4);
    by_month.print = Print::Months(count(months));
    by_month.widths = vec![7.0, 15.0, 40.0, 26.0, 18.0, 9.0, 14.0, 15.0, 15.0];
    (by_month, [month, day, month_days, hours, period, position])
}

/// Sheet `Timeline`, the head of sheet `Months`, and both axes.
///
/// # Errors
/// When the months are more than a sheet has columns.
pub fn sheets(plan: &Plan, facts: &Assumptions) -> Result<(Sheet, Sheet, Axis)> {
    let (first, last) = reach(plan)?;
    let months = usize::try_from(last - first).unwrap_or(0);
    let places = plan.inputs.calendar.periods as usize + 1;
    let (sheet, rows) = periods(plan, facts, places);
    let (by_month, [month, day, days, hours, period, position]) = months_of(plan, facts, months);
    let axis = Axis {
        periods: places - 1,
        months,
        first: facts.first_month.clone(),
        period_numbers: rows.number.values().to_vec(),
        year: rows.year,
        years: rows.years,
        horizon: rows.horizon,
        first_month: rows.first_month,
        start: rows.start,
        factors: rows.factors,
        month,
        day,
        days,
        hours,
        period,
        position,
    };
    Ok((sheet, by_month, axis))
}

/// `(1 + rate)^-years`.
pub fn factor(rate: &Term, years: &Term) -> Term {
    (Term::whole(1) + rate).pow(&-years.clone())
}

/// A class as the ledger spells it.
pub const fn class_name(class: Class) -> &'static str {
    match class {
        Class::Mining => "mining",
        Class::Contracted => "contracted",
        Class::Merchant => "merchant",
        Class::Corporate => "corporate",
    }
}

fn edate(plan: &Plan, facts: &Assumptions, month: &Term) -> Term {
    #[allow(clippy::cast_possible_truncation)]
    let day = plan.inputs.calendar.month_start(Month(month.value as i32));
    Term::call("EDATE", &[&facts.start, month], serial(day))
}

fn year_of(day: &Term) -> Term {
    #[allow(clippy::cast_possible_truncation)]
    let days = jiff::Span::new().days(day.value as i64);
    let date = jiff::civil::date(1899, 12, 30).saturating_add(days);
    Term::call("YEAR", &[day], f64::from(date.year()))
}
