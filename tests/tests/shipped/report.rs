//! The report of each shipped plan: its figures are those of plan.json and of the CSV ledger, to the cent.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use planner_core::plan::Plan;
use planner_core::plan::ledger::Category;
use planner_core::units::Cents;
use planner_tests::{planner, repository, told};

use crate::{NAMES, plan_of, written};

/// The report of a plan, made by the binary into a folder of the test's own.
fn report(name: &str, test: &str) -> (PathBuf, String) {
    let folder = written(name).parent().unwrap();
    told(&planner(&["export", "plan.json", "--to", "csv,html", "--out", test, "--force"], folder), 0);
    let path = folder.join(test).join("report.html");
    let page = std::fs::read_to_string(&path).unwrap();
    (path, page)
}

/// The cells of all rows of a section, without their marks.
fn rows(page: &str, section: &str) -> Vec<Vec<String>> {
    let begins = page.find(&format!("<section id=\"{section}\"")).unwrap();
    let section = &page[begins..][..page[begins..].find("</section>").unwrap()];
    let bare = |cell: &str| {
        let mut text = String::new();
        let mut inside = false;
        for letter in cell.chars() {
            match letter {
                '<' => inside = true,
                '>' => inside = false,
                letter if !inside => text.push(letter),
                _ => {}
            }
        }
        text.trim().to_owned()
    };
    let cells = |row: &str| row.replace("</th>", "</td>").split("</td>").map(bare).collect();
    section.split("<tr>").skip(1).map(|row| cells(row.split("</tr>").next().unwrap())).collect()
}

/// A figure in cents.
fn cents(text: &str) -> i64 {
    text.replace([',', '.'], "").parse().unwrap_or_else(|_| panic!("`{text}` is no figure"))
}

/// Capital paid and rent by year, in cents.
type Years = BTreeMap<String, (i64, i64)>;

fn of_plan(plan: &Plan) -> Years {
    let mut years = Years::new();
    for line in &plan.ledger {
        let year = plan.inputs.calendar.period_start(line.period).year().to_string();
        let at = years.entry(year).or_default();
        match &line.category {
            Category::Capex(_) | Category::MachinePurchase => at.0 -= line.amount_cents.0,
            Category::Rent => at.1 += line.amount_cents.0,
            _ => {}
        }
    }
    years
}

fn of_ledger(name: &str, test: &str) -> Years {
    let path = written(name).parent().unwrap().join(test).join("ledger.csv");
    let mut years = Years::new();
    for record in csv::Reader::from_path(path).unwrap().records() {
        let record = record.unwrap();
        let (case, date, category, amount) = (&record[0], &record[2], &record[5], cents(&record[8]));
        let at = years.entry(date[..4].to_owned()).or_default();
        match category {
            _ if case != "plan" => {}
            "rent" => at.1 += amount,
            capital if capital.starts_with("capex:") || capital == "machine_purchase" => at.0 -= amount,
            _ => {}
        }
    }
    years
}

#[test]
fn capital_and_rent_by_year_are_those_of_plan_and_ledger() {
    for name in NAMES {
        let (_, page) = report(name, "by-year");
        let by_year = rows(&page, "by-year");
        let ends = by_year.iter().position(|row| row[0] == "Sum").unwrap();
        let dated = by_year[..ends].iter().filter(|row| row[0].parse::<i16>().is_ok());
        let told: Years = dated.map(|row| (row[0].clone(), (cents(&row[1]), cents(&row[2])))).collect();
        let bare = |years: Years| -> Years { years.into_iter().filter(|(_, amounts)| *amounts != (0, 0)).collect() };
        assert_eq!(bare(told.clone()), bare(of_plan(plan_of(name))), "{name}");
        assert_eq!(bare(told), bare(of_ledger(name, "by-year")), "{name}");
        assert_eq!(cents(&by_year[ends][1]), plan_of(name).capital_usd.0.0, "{name}");
    }
}

#[test]
fn values_bridge_and_sources_add_up_to_the_cent() {
    for name in NAMES {
        let plan = plan_of(name);
        let (_, page) = report(name, "values");
        let certificate = rows(&page, "certificate");
        let figure = |of: &str| cents(&certificate.iter().find(|row| row[0] == of).unwrap()[1]);
        assert_eq!(figure("NPV of the plan"), plan.npv_usd.0.0);
        let mines_on = plan.twin.decisions.conversions.is_empty() && plan.twin.decisions.works.is_empty();
        let from = if mines_on { "keep mining" } else { "the case without new commitments" };
        assert_eq!(page.to_lowercase().contains("keep mining"), mines_on, "{name}");
        assert_eq!(figure(&format!("NPV of {from}")), plan.twin_npv_usd.0.0);
        assert_eq!(figure(&format!("Gain over {from}")), plan.uplift_usd.0.0);
        assert_eq!(figure("Capital: the ask"), plan.capital_usd.0.0);

        let value = rows(&page, "value");
        let starts =
            value.iter().position(|row| ["Keep mining", "No new commitments"].contains(&row[0].as_str())).unwrap();
        let ends = starts + value[starts..].iter().position(|row| row[0] == "Plan").unwrap();
        assert_eq!(cents(&value[starts][2]), plan.twin_npv_usd.0.0);
        let steps: i64 = value[starts + 1..ends].iter().map(|row| cents(&row[1])).sum();
        assert_eq!(cents(&value[starts][2]) + steps, cents(&value[ends][2]));
        assert_eq!(cents(&value[ends][2]), plan.npv_usd.0.0);
        let net = value.iter().find(|row| row[0] == "Net cash").unwrap();
        let cash: Cents = plan.ledger.iter().filter(|line| line.category.is_cash()).map(|line| line.amount_cents).sum();
        assert_eq!(cents(&net[2]), cash.0);

        let both = rows(&page, "sources-uses");
        let sums: Vec<i64> = both.iter().filter(|row| row[0] == "Sum").map(|row| cents(&row[1])).collect();
        assert_eq!(sums, [plan.capital_usd.0.0; 2], "{name}");
    }
}

#[test]
#[ignore = "needs node, chromium and two packages from npm"]
fn a_browser_shows_it_without_a_fault() {
    for name in NAMES {
        let (path, _) = report(name, "browser");
        let script = Command::new("node")
            .arg(repository().join("tests/engines/report.mjs"))
            .arg(&path)
            .arg("--modules")
            .arg(repository().join("target/engines"))
            .arg("--pictures")
            .arg(path.with_file_name("pictures"))
            .output()
            .unwrap();
        eprintln!("{name}:\n{}", told(&script, 0));
    }
}
