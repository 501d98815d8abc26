//! Workbooks of shipped plans: what is stored in them, and what other engines make of their formulas.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, DataType, Range, Reader, Xlsx, open_workbook};
use planner_core::audit::judge;
use planner_core::domain::Fleet;
use planner_core::domain::site::EnergyPrice;
use planner_core::plan::Plan;
use planner_core::plan::ledger::{Category, LedgerLine, present_value};
use planner_core::report::ask::ask;
use planner_core::units::{Cents, UsdPerKwMonth, UsdPerMwh};
use planner_tests::{planner, repository, told};
use serde_json::{Value, json};

use super::{NAMES, plan_of, written};

/// Where the time axis begins.
const FIRST: usize = 9;

fn exported(name: &str) -> PathBuf {
    let folder = written(name).parent().unwrap();
    told(&planner(&["export", "plan.json", "--to", "xlsx", "--out", "workbook", "--force"], folder), 0);
    folder.join("workbook/workbook.xlsx")
}

fn sheet(path: &Path, name: &str) -> Range<Data> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    book.worksheet_range(name).unwrap()
}

fn text(cells: &Range<Data>, row: usize, column: usize) -> String {
    cells
        .get_value((u32::try_from(row).unwrap(), u32::try_from(column).unwrap()))
        .map_or_else(String::new, ToString::to_string)
}

fn number(cells: &Range<Data>, row: usize, column: usize) -> f64 {
    let cell = cells.get_value((u32::try_from(row).unwrap(), u32::try_from(column).unwrap()));
    cell.and_then(DataType::as_f64).unwrap_or(0.0)
}

fn rows(cells: &Range<Data>) -> usize {
    cells.end().unwrap().0 as usize + 1
}

/// Exact cents of a cell.
#[allow(clippy::cast_possible_truncation)]
fn cents(dollars: f64) -> Cents {
    let cents = (dollars * 100.0).round();
    assert!((dollars * 100.0 - cents).abs() < 1e-3, "{dollars} is no amount in cents");
    Cents(cents as i64)
}

/// The figures of a row of `By year`, without years of nothing.
fn by_year(cells: &Range<Data>, what: &str) -> BTreeMap<i16, Cents> {
    let row = (0..rows(cells)).find(|row| text(cells, *row, 0) == "plan" && text(cells, *row, 3) == what).unwrap();
    let columns = FIRST..=cells.end().unwrap().1 as usize;
    #[allow(clippy::cast_possible_truncation)]
    let years = columns.map(|column| (number(cells, 4, column) as i16, cents(number(cells, row, column))));
    years.filter(|(_, cents)| *cents != Cents::ZERO).collect()
}

#[test]
fn what_is_stored_is_the_plan_to_the_cent() {
    for name in NAMES {
        let (path, plan) = (exported(name), plan_of(name));
        let front = sheet(&path, "Read me");
        let value = |label: &str| {
            let row = (0..rows(&front)).find(|row| text(&front, *row, 0) == label).unwrap();
            cents(number(&front, row, 1))
        };
        assert_eq!(value("all checks"), Cents::ZERO, "{name}");
        assert_eq!(value("NPV of the plan"), plan.npv_usd.0, "{name}");
        assert_eq!(value("NPV of its twin"), plan.twin_npv_usd.0, "{name}");
        assert_eq!(value("capital"), plan.capital_usd.0, "{name}");
        assert_eq!(value("lines that are entered"), Cents::ZERO, "{name}");
        let years = sheet(&path, "By year");
        let without_nil = |sums: BTreeMap<i16, Cents>| -> BTreeMap<i16, Cents> {
            sums.into_iter().filter(|(_, cents)| *cents != Cents::ZERO).collect()
        };
        assert_eq!(by_year(&years, "capital"), without_nil(ask(plan).by_year), "{name}");
        let mut rent: BTreeMap<i16, Cents> = BTreeMap::new();
        for line in plan.ledger.iter().filter(|line| line.category == Category::Rent) {
            *rent.entry(plan.inputs.calendar.period_start(line.period).year()).or_default() += line.amount_cents;
        }
        assert_eq!(by_year(&years, "rent"), rent, "{name}");
    }
}

#[test]
fn a_workbook_is_the_same_each_time() {
    let first = std::fs::read(exported("first-look")).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert!(first == std::fs::read(exported("first-look")).unwrap());
}

fn ledger(lines: &[LedgerLine]) -> Value {
    let mut sums: BTreeMap<String, BTreeMap<String, Cents>> = BTreeMap::new();
    for line in lines {
        let by_period = sums.entry(line.category.to_string()).or_default();
        *by_period.entry(line.period.0.to_string()).or_default() += line.amount_cents;
    }
    let usd = |sums: BTreeMap<String, Cents>| sums.into_iter().map(|(at, cents)| (at, cents.usd())).collect();
    json!(sums.into_iter().map(|(category, sums)| (category, usd(sums))).collect::<BTreeMap<_, BTreeMap<_, _>>>())
}

/// The same decisions under other facts, told by the auditor, and the cells to change in the workbook.
fn valued(plan: &Plan, name: &str, edits: &[Value], fleet: &Fleet) -> Value {
    let value = |decisions| {
        let lines = judge(fleet, &plan.settings, decisions).ledger;
        (present_value(&fleet.calendar, &lines).0.usd(), ledger(&lines))
    };
    let (npv, own) = value(&plan.decisions);
    let (twin_npv, twin) = value(&plan.twin.decisions);
    json!({ "name": name, "edits": edits, "npv": npv, "twin_npv": twin_npv, "ledger": { "plan": own, "twin": twin } })
}

/// The rent of an offer that is served is a tenth higher.
fn dearer_rent(plan: &Plan, fleet: &mut Fleet) -> Value {
    let served = plan.decisions.conversions.iter().find_map(|one| one.offer.clone()).unwrap();
    let offer = fleet.offers.iter_mut().find(|offer| offer.id == served).unwrap();
    offer.rent = UsdPerKwMonth::new(offer.rent.get() * 1.1);
    json!(["Assumptions", served, "rent [USD/kW-month]", 1.1])
}

/// Energy of a site with machines that run costs a fifth more, and with it that of all sites of its market.
fn dearer_energy(plan: &Plan, fleet: &mut Fleet) -> Value {
    let runs = plan.decisions.machines.first().unwrap().site.clone();
    let site = fleet.sites.iter_mut().find(|site| site.id == runs).unwrap();
    match &mut site.power.energy_price {
        EnergyPrice::Fixed(price) => {
            *price = UsdPerMwh::new(price.get() * 1.2);
            json!(["Assumptions", runs, "energy price [USD/MWh]", 1.2])
        }
        EnergyPrice::Deck(name) => {
            let name = name.clone();
            for month in &mut fleet.deck.months {
                let price = month.power.get_mut(&name).unwrap();
                *price = UsdPerMwh::new(price.get() * 1.2);
            }
            json!(["Months", name, null, 1.2])
        }
    }
}

/// Discounting, escalation and fees.
fn other_rates(fleet: &mut Fleet) -> Vec<Value> {
    let money = &mut fleet.money;
    for rate in [&mut money.rates.corporate, &mut money.rates.mining, &mut money.capex_escalation, &mut money.pool_fee]
    {
        rate.0 *= 1.5;
    }
    let labels = ["discount rate, corporate", "discount rate, mining", "escalation of capex", "pool fee"];
    labels.map(|label| json!(["Assumptions", label, "", 1.5])).to_vec()
}

/// Cells of the workbook and a valuation by the auditor, one assumption after the other and all at once.
fn changes(plan: &Plan) -> Value {
    let (mut rent, mut energy, mut all) = (plan.inputs.clone(), plan.inputs.clone(), plan.inputs.clone());
    let dearer = [dearer_rent(plan, &mut rent), dearer_energy(plan, &mut energy)];
    let mut edits = vec![dearer_rent(plan, &mut all), dearer_energy(plan, &mut all)];
    edits.extend(other_rates(&mut all));
    json!([
        valued(plan, "a rent", &dearer[..1], &rent),
        valued(plan, "a price of energy", &dearer[1..], &energy),
        valued(plan, "rent, energy, rates", &edits, &all),
    ])
}

#[test]
#[ignore = "needs LibreOffice and node, installs a package from npm, and takes some ten minutes"]
fn other_engines_compute_the_same() {
    for name in NAMES {
        let workbook = exported(name);
        let changed = workbook.with_file_name("changes.json");
        std::fs::write(&changed, changes(plan_of(name)).to_string()).unwrap();
        let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
        let script = Command::new(python)
            .arg(repository().join("tests/engines/workbook.py"))
            .arg(&workbook)
            .arg("--changes")
            .arg(&changed)
            .arg("--modules")
            .arg(repository().join("target/engines"))
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&script.stdout) + String::from_utf8_lossy(&script.stderr);
        eprintln!("{name}:\n{told}");
        assert!(script.status.success(), "{name}:\n{told}");
    }
}
