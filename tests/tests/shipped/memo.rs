//! The memo of the shipped plans.

use planner_core::units::UsdCents;
use planner_tests::{planner, says, told};

use crate::{NAMES, plan_of, written};

fn memo(name: &str) -> String {
    let folder = written(name).parent().unwrap();
    told(&planner(&["export", "plan.json", "--to", "md", "--out", "memo", "--force"], folder), 0);
    std::fs::read_to_string(folder.join("memo/memo.md")).unwrap()
}

/// `1,234,567.89`.
fn exact(amount: UsdCents) -> String {
    let (sign, cents) = (if amount.0.0 < 0 { "-" } else { "" }, amount.0.0.unsigned_abs());
    let (mut whole, mut groups) = (cents / 100, vec![]);
    while whole >= 1000 {
        groups.insert(0, format!("{:03}", whole % 1000));
        whole /= 1000;
    }
    groups.insert(0, whole.to_string());
    format!("{sign}{}.{:02}", groups.join(","), cents % 100)
}

#[test]
fn it_names_every_site_and_its_head_is_that_of_the_plan_to_the_cent() {
    for name in NAMES {
        let (plan, memo) = (plan_of(name), memo(name));
        for (label, amount) in [("ask ", plan.capital_usd), ("NPV ", plan.npv_usd), (" ", plan.uplift_usd)] {
            says(&memo, &format!("{label}{} USD", exact(amount)));
        }
        says(&memo, "audit passed");
        assert!(!memo.contains('…'), "{name}: something is cut");
        for left in &plan.sites_left {
            let site = plan.inputs.site(&left.site).unwrap();
            assert!(memo.contains(&site.name), "{name}: {} is not named", site.name);
        }
        assert_eq!(memo.matches("\n## ").count(), 9, "{name}");
    }
}

#[test]
fn its_loads_are_those_of_all_conversions() {
    for name in NAMES {
        let text = memo(name);
        let table = text.split("## The decision").nth(1).unwrap().split("\n## ").next().unwrap();
        let rows = table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| site"));
        let loads = rows.map(|row| row.split('|').nth(2).unwrap().trim().replace(',', "").parse::<f64>().unwrap());
        let (shown, count): (f64, f64) = loads.fold((0.0, 0.0), |(sum, count), load| (sum + load, count + 1.0));
        let all: f64 = plan_of(name).decisions.conversions.iter().map(|conversion| conversion.critical_it.get()).sum();
        assert!((shown - all).abs() <= 0.05 * count + 1e-9, "{name}: {shown} is not {all}");
    }
}
