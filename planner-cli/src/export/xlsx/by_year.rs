//! Sheets `Capital by pot` and `By year`: what pots have released and been charged, and sums by calendar year.

use std::collections::BTreeMap;

use planner_core::plan::Plan;
use planner_core::plan::ledger::Category;

use super::cash_flow::{Flows, NARROW, sum_over};
use super::lines::{Case, KeyColumn, Lines, Quantity, Summed};
use super::sheet::{HEAD, Labels, Look, Print, Row, Sheet, Shown, letters};
use super::term::Term;
use super::timeline::Axis;

/// Capital charged to each pot, by period, plan then twin.
pub fn pots(plan: &Plan, axis: &Axis, lines: &mut Lines, sources: &[&Sheet]) -> (Sheet, Vec<(String, Row)>) {
    let note =
        "Capital above nil. Receipts relieve a pot where it says so; a cap on all capital takes the place of pots.";
    let mut sheet = Sheet::new("Capital by pot", "Capital by pot", note);
    axis.head_periods(&mut sheet, ["case", "", "", "what", "", "", "pot", "", ""]);
    KeyColumn::head(&mut sheet, axis);
    sheet.widths = NARROW.to_vec();
    let mut names: Vec<String> = vec![];
    for source in sources {
        for cell in source.cells.iter().filter(|cell| cell.column == 6 && cell.row >= HEAD) {
            match &cell.content {
                super::sheet::Content::Text(name) if !names.contains(name) => names.push(name.clone()),
                _ => {}
            }
        }
    }
    let mut charged = vec![];
    for case in [Case::Plan, Case::Twin] {
        for name in &names {
            sheet.section(&format!("{}: {name}", case.name()));
            let mut of = |capital: bool, sheet: &mut Sheet, what: &str| {
                sum_row(sheet, axis, lines, sources, (case, name, capital, what))
            };
            let capital = of(true, &mut sheet, "capital");
            let receipts = of(false, &mut sheet, "receipts of tenants");
            pot_rows(&mut sheet, plan, axis, (case, name), (&capital, &receipts));
            if case == Case::Plan {
                charged.push((name.clone(), capital));
            }
        }
    }
    (sheet, charged)
}

/// Lines of a pot, capital or receipts.
fn sum_row(
    sheet: &mut Sheet,
    axis: &Axis,
    lines: &mut Lines,
    sources: &[&Sheet],
    (case, pot, capital, what): (Case, &str, bool, &str),
) -> Row {
    let number = sheet.next + 1;
    let at = KeyColumn::Pot.letters(axis);
    KeyColumn::Pot.put(sheet, axis, sheet.next, lines.key(case, Summed::Pot(pot.to_owned())));
    let own = |line: &&super::lines::Line| line.key.0 == case && line.pot == pot;
    let labels = Labels(vec![
        case.name().to_owned(),
        String::new(),
        String::new(),
        what.to_owned(),
        String::new(),
        String::new(),
        pot.to_owned(),
    ]);
    let row = sheet.series(&labels, Look::Formula, Shown::Dollars, axis.places(), |p, _| {
        let named = |source: &&&Sheet| lines.all.iter().any(|line| line.sheet == source.name && line.pot == pot);
        let used = sources.iter().filter(|source| (source.name == "Rent roll") != capital).filter(named);
        let sum = Term::sum(used.map(|source| {
            let here = lines.all.iter().filter(|line| line.sheet == source.name).filter(own);
            let value = here.map(|line| line.row.at(p).value).sum();
            sum_over(source, &letters(p), (&at, number), value)
        }));
        (if capital { -sum } else { sum }).round(2)
    });
    sheet.formula(number - 1, 8, &row.total(), Look::Total, Shown::Dollars);
    row
}

/// What a pot has released, and what is left of it.
fn pot_rows(
    sheet: &mut Sheet,
    plan: &Plan,
    axis: &Axis,
    (case, name): (Case, &str),
    (capital, receipts): (&Row, &Row),
) {
    let Some(pot) = plan.inputs.pots.iter().find(|pot| pot.id.as_str() == name) else { return };
    let calendar = &plan.inputs.calendar;
    let labels = |what: &str| Labels(vec![case.name().to_owned(), String::new(), String::new(), what.to_owned()]);
    let mut released = vec![0.0; axis.places()];
    for release in &pot.release {
        let first = calendar.all_periods().find(|period| calendar.period_start(*period) >= release.from);
        if let Some(cell) = first.and_then(|period| released.get_mut(period.index())) {
            *cell += release.amount.to_cents().usd();
        }
    }
    let released = sheet.figures(&labels("released"), Look::Input, Shown::Dollars, released);
    let relieved = !pot.relieved_by.is_empty();
    if pot.carry_over {
        sheet.series(
            &labels("left at the end of the period"),
            Look::Total,
            Shown::Dollars,
            axis.places(),
            |p, before| {
                let left = before + released.at(p) - capital.at(p);
                (if relieved { left + receipts.at(p) } else { left }).round(2)
            },
        );
    }
}

/// Sums by calendar year.
pub struct Years {
    /// Each year, in order.
    pub all: Vec<i16>,
    pub head: Row,
    pub capital: Row,
    /// All lines of a case.
    pub total: BTreeMap<Case, Row>,
    pub rent: Option<Row>,
    pub hosting: Row,
    pub mining: Row,
}

/// The sheet.
pub fn years(plan: &Plan, axis: &Axis, flows: &Flows, charged: &[(String, Row)]) -> (Sheet, Years) {
    let note = "A period counts for the year of its first day; end values for the year of the horizon.";
    let mut sheet = Sheet::new("By year", "By year", note);
    let calendar = &plan.inputs.calendar;
    let (first, last) = (calendar.start.year(), calendar.period_start(calendar.horizon()).year());
    let years: Vec<i16> = (first..=last).collect();
    sheet.words(4, 3, "what", Look::Head);
    sheet.next = 4;
    let head = sheet.series(&Labels(vec![]), Look::Head, Shown::Plain, years.len(), |place, before| {
        if place == 0 { axis.year.at(0) } else { before + Term::whole(1) }
    });
    sheet.next = HEAD;
    let sum = |sheet: &mut Sheet, labels: Labels, of: &Row, sign: i32| {
        let at = sheet.next;
        let row = sheet.series(&labels, Look::Formula, Shown::Dollars, years.len(), |place, _| {
            let year = head.at(place);
            let periods = axis.year.values().iter().zip(of.values());
            let value: f64 = periods.filter(|(own, _)| (**own - year.value).abs() < 0.5).map(|(_, v)| v).sum();
            let text = format!("SUMIFS({},{},{}$5)", of.range(), axis.year.range(), letters(place));
            let sum = Term::atom(text, value);
            (if sign < 0 { -sum } else { sum }).round(2)
        });
        sheet.formula(at, 8, &row.total(), Look::Total, Shown::Dollars);
        row
    };
    let labels = |case: &str, what: &str| Labels(vec![case.to_owned(), String::new(), String::new(), what.to_owned()]);
    sheet.section("Capital by pot, plan");
    let pots: Vec<Row> = charged.iter().map(|(name, row)| sum(&mut sheet, labels("plan", name), row, 1)).collect();
    let at = sheet.next;
    let capital = sheet.series(&labels("plan", "capital"), Look::Total, Shown::Dollars, years.len(), |place, _| {
        Term::sum(pots.iter().map(|row| row.at(place))).round(2)
    });
    sheet.formula(at, 8, &capital.total(), Look::Total, Shown::Dollars);
    let (mut rent, mut total, mut costs) = (None, BTreeMap::new(), BTreeMap::new());
    let mut revenue: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for case in [Case::Plan, Case::Twin] {
        sheet.section(&format!("Cash flow, {}", case.name()));
        for ((_, category), row) in flows.by_category.iter().filter(|((own, _), _)| *own == case) {
            let row = sum(&mut sheet, labels(case.name(), &category.to_string()), row, 1);
            costs.insert((case, category.clone()), row.clone());
            if case == Case::Plan {
                match category {
                    Category::Rent => {
                        rent = Some(row.clone());
                        revenue.entry("hosting").or_default().push(row);
                    }
                    Category::MerchantRent => revenue.entry("hosting").or_default().push(row),
                    Category::MiningRevenue | Category::BallastRevenue | Category::DemandResponse => {
                        revenue.entry("mining").or_default().push(row);
                    }
                    _ => {}
                }
            }
        }
        if let Some(row) = flows.total.get(&case) {
            total.insert(case, sum(&mut sheet, labels(case.name(), "all"), row, 1));
        }
    }
    for case in [Case::Plan, Case::Twin] {
        sheet.section(&format!("Bitcoin and energy, {}", case.name()));
        quantities(&mut sheet, (axis, &head), (case, flows), &costs);
    }
    sheet.section("Revenue mix, plan");
    let mut mix = |name: &str| {
        let rows = revenue.get(name).cloned().unwrap_or_default();
        sheet.series(
            &labels("plan", &format!("revenue of {name}")),
            Look::Total,
            Shown::Dollars,
            years.len(),
            |p, _| Term::sum(rows.iter().map(|row| row.at(p))).round(2),
        )
    };
    let (hosting, mining) = (mix("hosting"), mix("mining"));
    sheet.frozen = (5, 4);
    sheet.print = Print::Periods(u16::try_from(years.len()).unwrap_or(u16::MAX));
    sheet.widths = vec![7.0, 2.0, 2.0, 26.0, 2.0, 2.0, 2.0, 2.0, 16.0];
    (sheet, Years { all: years, head, capital, total, rent, hosting, mining })
}

/// What is mined and drawn, and the average price of energy.
fn quantities(
    sheet: &mut Sheet,
    (axis, head): (&Axis, &Row),
    (case, flows): (Case, &Flows),
    costs: &BTreeMap<(Case, Category), Row>,
) {
    let years = head.values().len();
    let labels = |what: &str| Labels(vec![case.name().to_owned(), String::new(), String::new(), what.to_owned()]);
    let mut put = |quantity: Quantity| {
        let of = flows.quantities.get(&(case, quantity))?;
        Some(sheet.series(&labels(quantity.name()), Look::Formula, Shown::Thousandths, years, |place, _| {
            let periods = axis.year.values().iter().zip(of.values());
            let year = head.at(place).value;
            let value = periods.filter(|(own, _)| (**own - year).abs() < 0.5).map(|(_, value)| value).sum();
            Term::atom(format!("SUMIFS({},{},{}$5)", of.range(), axis.year.range(), letters(place)), value)
        }))
    };
    put(Quantity::Bitcoin);
    let energy = [Quantity::MiningEnergy, Quantity::HostingEnergy].map(&mut put);
    let of_machines = vec![Category::MiningEnergy, Category::BallastEnergy];
    let prices =
        [("mining energy [USD/MWh]", of_machines), ("hosting energy [USD/MWh]", vec![Category::HostingEnergy])];
    for ((what, categories), drawn) in prices.into_iter().zip(energy) {
        let Some(drawn) = drawn else { continue };
        sheet.series(&labels(what), Look::Total, Shown::Cents, years, |place, _| {
            let paid = categories.iter().filter_map(|category| costs.get(&(case, category.clone())));
            let paid = -Term::sum(paid.map(|row| row.at(place)));
            let drawn = drawn.at(place);
            // Both branches are computed here: zero is not divided by.
            let by = if drawn.value == 0.0 { Term::atom(drawn.text(), 1.0) } else { drawn.clone() };
            Term::choose(&drawn.equals(&Term::whole(0)), &Term::whole(0), &(paid / by))
        });
    }
}
