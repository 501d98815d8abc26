//! Sheets `Cash flow` and `By year`: every category of the ledger, plan and twin, their difference, and sums by year.

use std::collections::{BTreeMap, BTreeSet};

use planner_core::plan::Plan;
use planner_core::plan::ledger::Category;

use super::assumptions::Assumptions;
use super::lines::{Case, KeyColumn, Lines, Quantity, Summed};
use super::sheet::{Labels, Look, Row, Sheet, Shown, letters, prefix};
use super::term::Term;
use super::timeline::Axis;

/// Rows of the sheet.
pub struct Flows {
    pub by_category: BTreeMap<(Case, Category), Row>,
    /// All lines of a case.
    pub total: BTreeMap<Case, Row>,
    /// Their present value, unrounded; and without end values.
    pub value: BTreeMap<Case, (Term, Term)>,
    /// Cash of the plan less that of its twin.
    pub difference: Row,
    pub cumulated: Row,
    pub capital_so_far: Row,
    /// Hashrate in EH/s, bitcoin, MWh.
    pub quantities: BTreeMap<(Case, Quantity), Row>,
}

/// Widths where neither site nor subject stands before the time axis.
pub const NARROW: [f64; 9] = [7.0, 3.0, 32.0, 26.0, 3.0, 3.0, 14.0, 15.0, 15.0];

/// A block of categories that belong together.
pub const GROUPS: [&str; 9] = [
    "Capital",
    "Tenants",
    "Cost of hosting",
    "Expectations",
    "Mining",
    "Machines",
    "Sites",
    "Given up in equity",
    "End values",
];

/// The block of a category.
pub const fn group(category: &Category) -> &'static str {
    use Category as C;
    match category {
        C::Capex(_) | C::MachinePurchase => GROUPS[0],
        C::Rent | C::DelayDamages | C::Advance | C::Prepayment | C::RentCredit | C::MerchantRent => GROUPS[1],
        C::Operations
        | C::PropertyTax
        | C::Insurance
        | C::HostingEnergy
        | C::DemandCharge
        | C::FirmCharge
        | C::HostingFixedCost => GROUPS[2],
        C::CreditLoss | C::RenewalExpected | C::MerchantExpected | C::OperatingExpected => GROUPS[3],
        C::MiningRevenue
        | C::MiningEnergy
        | C::DemandResponse
        | C::BallastRevenue
        | C::BallastEnergy
        | C::ThirdPartyMargin => GROUPS[4],
        C::MachineSale
        | C::MachineRemoval
        | C::MachineFreight
        | C::MachineInstallation
        | C::MoveDowntime
        | C::MachineStorage => GROUPS[5],
        C::MinimumBill | C::MiningFixedCost | C::MothballSaving | C::SiteRent | C::SiteSale => GROUPS[6],
        C::GiveUp => GROUPS[7],
        C::ContractEndValue | C::SiteEndValue | C::MachineEndValue => GROUPS[8],
    }
}

/// A sum over the lines of a sheet that bear the key of a row, counted from one, of the sheet that asks.
pub fn sum_over(sheet: &Sheet, column: &str, (key, row): (&str, u32), value: f64) -> Term {
    let name = prefix(sheet.name);
    let last = sheet.next.max(8);
    Term::atom(format!("SUMIFS({name}{column}$7:{column}${last},{name}${key}$7:${key}${last},${key}{row})"), value)
}

/// All categories of plan and twin.
pub fn categories(plan: &Plan, lines: &Lines) -> BTreeSet<Category> {
    let ledgers = plan.ledger.iter().chain(&plan.twin.ledger).map(|line| line.category.clone());
    ledgers.chain(lines.all.iter().map(|line| line.key.3.clone())).collect()
}

/// The sheet.
pub fn sheet(
    plan: &Plan,
    (facts, axis): (&Assumptions, &Axis),
    lines: &mut Lines,
    sources: &[&Sheet],
    machines: &Sheet,
) -> (Sheet, Flows) {
    let note = "Dollars, income above nil. Each row adds the lines of its category; expectations are no invoices.";
    let mut sheet = Sheet::new("Cash flow", "Cash flow", note);
    axis.head_periods(&mut sheet, ["case", "", "", "category", "", "", "", "present value", ""]);
    KeyColumn::head(&mut sheet, axis);
    sheet.widths = NARROW.to_vec();
    let all = categories(plan, lines);
    let mut flows = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for case in [Case::Plan, Case::Twin] {
        let mut groups = vec![];
        for name in GROUPS {
            let own: Vec<&Category> = all.iter().filter(|category| group(category) == name).collect();
            if own.is_empty() {
                continue;
            }
            sheet.section(&format!("{}: {name}", case.name()));
            let rows: Vec<(Row, Term)> = own
                .iter()
                .map(|category| {
                    let (row, value) = category_row(&mut sheet, axis, lines, sources, (case, category));
                    flows.0.insert((case, (*category).clone()), row.clone());
                    (row, value)
                })
                .collect();
            groups.push((name, total(&mut sheet, axis, &format!("{}: {name}", case.name()), &rows)));
        }
        let rows: Vec<(Row, Term)> = groups.iter().map(|(_, sums)| sums.clone()).collect();
        sheet.next += 1;
        let (row, value) = total(&mut sheet, axis, &format!("{}: all", case.name()), &rows);
        let ends = groups.iter().find(|(name, _)| *name == GROUPS[8]).map(|(_, (_, value))| value.clone());
        let without = ends.map_or_else(|| value.clone(), |ends| &value - &ends);
        flows.1.insert(case, row);
        flows.2.insert(case, (value, without));
    }
    let (difference, cumulated) = difference(&mut sheet, axis, &flows.0);
    let capital_so_far = capital_so_far(&mut sheet, axis, &flows.0);
    let counted: Vec<&Sheet> = sources.iter().copied().chain([machines]).collect();
    let mut quantities = BTreeMap::new();
    for quantity in Quantity::ALL {
        for case in [Case::Plan, Case::Twin] {
            quantities
                .insert((case, quantity), measured(&mut sheet, (facts, axis), (lines, &counted), (case, quantity)));
        }
    }
    let flows = Flows {
        by_category: flows.0,
        total: flows.1,
        value: flows.2,
        difference,
        cumulated,
        capital_so_far,
        quantities,
    };
    (sheet, flows)
}

fn category_row(
    sheet: &mut Sheet,
    axis: &Axis,
    lines: &mut Lines,
    sources: &[&Sheet],
    (case, category): (Case, &Category),
) -> (Row, Term) {
    let key = lines.key(case, Summed::Category(category.clone()));
    let own: Vec<_> = lines.all.iter().filter(|line| line.key.0 == case && line.key.3 == *category).collect();
    let number = sheet.next + 1;
    let at = KeyColumn::What.letters(axis);
    let sums = |column: &str, of: &dyn Fn(&super::lines::Line) -> f64| {
        let used = sources.iter().filter(|source| own.iter().any(|line| line.sheet == source.name));
        Term::sum(used.map(|source| {
            let value = own.iter().filter(|line| line.sheet == source.name).map(|line| of(line)).sum();
            sum_over(source, column, (&at, number), value)
        }))
    };
    let labels = Labels(vec![case.name().to_owned(), String::new(), String::new(), category.to_string()]);
    let row = sheet.series(&labels, Look::Formula, Shown::Dollars, axis.places(), |p, _| {
        sums(&letters(p), &|line| line.row.at(p).value).round(2)
    });
    KeyColumn::What.put(sheet, axis, number - 1, key);
    let value = sums("$H", &|line| line.value.value);
    let value = sheet.formula(number - 1, 7, &value, Look::Formula, Shown::Dollars);
    sheet.formula(number - 1, 8, &row.total(), Look::Formula, Shown::Dollars);
    (row, value)
}

/// The sum of rows, with its present value.
fn total(sheet: &mut Sheet, axis: &Axis, name: &str, rows: &[(Row, Term)]) -> (Row, Term) {
    let labels = Labels(vec![String::new(), String::new(), name.to_owned()]);
    let at = sheet.next;
    let row = sheet.series(&labels, Look::Total, Shown::Dollars, axis.places(), |p, _| {
        Term::sum(rows.iter().map(|(row, _)| row.at(p))).round(2)
    });
    let value =
        sheet.formula(at, 7, &Term::sum(rows.iter().map(|(_, value)| value.clone())), Look::Total, Shown::Dollars);
    sheet.formula(at, 8, &row.total(), Look::Total, Shown::Dollars);
    (row, value)
}

fn difference(sheet: &mut Sheet, axis: &Axis, rows: &BTreeMap<(Case, Category), Row>) -> (Row, Row) {
    sheet.section("Plan less twin");
    let cash = |case: Case, p: usize| {
        Term::sum(rows.iter().filter(|((own, of), _)| *own == case && of.is_cash()).map(|(_, row)| row.at(p)))
    };
    let labels = |what: &str| Labels(vec![String::new(), String::new(), what.to_owned()]);
    let plan = sheet.series(&labels("cash of the plan"), Look::Formula, Shown::Dollars, axis.places(), |p, _| {
        cash(Case::Plan, p).round(2)
    });
    let twin = sheet.series(&labels("cash of the twin"), Look::Formula, Shown::Dollars, axis.places(), |p, _| {
        cash(Case::Twin, p).round(2)
    });
    let difference = sheet.series(&labels("difference"), Look::Total, Shown::Dollars, axis.places(), |p, _| {
        (plan.at(p) - twin.at(p)).round(2)
    });
    let cumulated =
        sheet.series(&labels("difference, cumulated"), Look::Formula, Shown::Dollars, axis.places(), |p, before| {
            (before + difference.at(p)).round(2)
        });
    (difference, cumulated)
}

fn capital_so_far(sheet: &mut Sheet, axis: &Axis, rows: &BTreeMap<(Case, Category), Row>) -> Row {
    sheet.section("Memoranda");
    let labels = Labels(vec![String::new(), String::new(), "capital of the plan, cumulated".to_owned()]);
    sheet.series(&labels, Look::Formula, Shown::Dollars, axis.places(), |p, before| {
        let capital = rows.iter().filter(|((case, of), _)| *case == Case::Plan && of.is_capital());
        (before - Term::sum(capital.map(|(_, row)| row.at(p)))).round(2)
    })
}

/// A quantity of all sheets, by period.
fn measured(
    sheet: &mut Sheet,
    (facts, axis): (&Assumptions, &Axis),
    (lines, sources): (&mut Lines, &[&Sheet]),
    (case, quantity): (Case, Quantity),
) -> Row {
    let (number, at) = (sheet.next + 1, KeyColumn::What.letters(axis));
    KeyColumn::What.put(sheet, axis, sheet.next, lines.key(case, Summed::Quantity(quantity)));
    let what = if quantity == Quantity::Hashrate { "running machines, EH/s" } else { quantity.name() };
    let labels = Labels(vec![case.name().to_owned(), String::new(), what.to_owned(), quantity.name().to_owned()]);
    let own = || lines.measured.iter().filter(|one| (one.case, one.quantity) == (case, quantity));
    sheet.series(&labels, Look::Formula, Shown::Thousandths, axis.places(), |p, _| {
        let used = sources.iter().filter(|source| own().any(|one| one.sheet == source.name));
        let sum = Term::sum(used.map(|source| {
            let rows = own().filter(|one| one.sheet == source.name);
            sum_over(source, &letters(p), (&at, number), rows.map(|one| one.row.at(p).value).sum())
        }));
        if quantity == Quantity::Hashrate { sum / &facts.th_per_eh } else { sum }
    })
}
