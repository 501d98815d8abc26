//! Whatever is changed in a plan file is found, and nothing makes the audit panic.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Number, Value};

use super::fixture::{findings, plan, started, with_everything};
use super::{NOT_JUDGED, audit, fixture, fixture_leaving, fixture_works};
use crate::plan::Plan;
use crate::plan::identity::identity;

fn leaves(value: &Value, path: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| leaves(value, &format!("{path}/{key}"), out));
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, value)| leaves(value, &format!("{path}/{at}"), out));
        }
        _ => out.push(path.to_owned()),
    }
}

/// Whether a field stands among those that are not judged.
fn not_judged(path: &str) -> bool {
    NOT_JUDGED.iter().any(|(listed, _)| path == *listed || path.starts_with(&format!("{listed}/")))
}

/// A quantity, a date or a number, changed a bit; another text, the other of yes and no, a figure where there is none.
fn changed(leaf: &Value) -> Value {
    let real = |number: f64| Number::from_f64(number + 0.01).map_or(Value::Null, Value::Number);
    match leaf {
        Value::Number(number) => {
            number.as_i64().map_or_else(|| real(number.as_f64().unwrap()), |whole| Value::from(whole + 1))
        }
        Value::Bool(yes) => Value::from(!yes),
        Value::String(text) => Value::from(other_text(text)),
        _ => Value::from(1),
    }
}

fn other_text(text: &str) -> String {
    if let Ok(date) = text.parse::<Date>() {
        return date.saturating_add(1.day()).to_string();
    }
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    if let Ok(whole) = number.parse::<i64>() {
        return format!("{} {unit}", whole + 1).trim_end().to_owned();
    }
    match number.parse::<f64>() {
        Ok(number) => format!("{} {unit}", number + 0.01).trim_end().to_owned(),
        Err(_) => format!("{text}x"),
    }
}

/// The book's table of what is not judged is this one.
#[test]
fn what_is_not_judged_stands_in_the_book() {
    let page = include_str!("../../../docs/src/model/certificate.md");
    let listed: Vec<&str> = page.lines().filter(|line| line.starts_with("| `/")).collect();
    let rows: Vec<String> = NOT_JUDGED.iter().map(|(path, why)| format!("| `{path}` | {why} |")).collect();
    assert_eq!(listed, rows);
}

/// Plans that pass, between them with every kind of decision.
fn all() -> [Plan; 5] {
    [plan(), started(), with_everything(), fixture_works::plan(), fixture_leaving::plan()]
}

#[test]
fn a_plan_read_back_passes() {
    for plan in all() {
        reads_back(&plan);
    }
}

fn reads_back(plan: &Plan) {
    assert_eq!(findings(plan), Vec::<String>::new());
    let text = serde_json::to_string_pretty(plan).unwrap();
    let read: Plan = serde_json::from_str(&text).unwrap();
    assert_eq!(read, *plan);
    assert!(audit(&read).passed);
}

#[test]
fn every_changed_field_is_found_or_listed_as_not_judged() {
    // Whatever stands behind a line, another amount of it is found.
    for plan in all() {
        every_change_is_found(&serde_json::to_value(plan).unwrap());
    }
}

fn every_change_is_found(sound: &Value) {
    let mut paths = Vec::new();
    leaves(sound, "", &mut paths);
    let mut tried = 0;
    for path in paths {
        let mut value = sound.clone();
        let leaf = value.pointer_mut(&path).unwrap();
        *leaf = changed(leaf);
        tried += 1;
        let found =
            not_judged(&path) || serde_json::from_value::<Plan>(value).map_or(true, |plan| !audit(&plan).passed);
        assert!(found, "{path} was changed and nobody saw");
    }
    assert!(tried > 500, "only {tried} leaves");
}

#[test]
fn nothing_makes_the_audit_panic() {
    for plan in all() {
        no_extreme_panics(plan);
    }
}

fn no_extreme_panics(mut sound: Plan) {
    // Few machines decisions and ledger lines are enough: the point is the kinds of leaves.
    sound.ledger.truncate(12);
    sound.twin.ledger.truncate(2);
    sound.twin.decisions.machines.truncate(2);
    let sound = serde_json::to_value(sound).unwrap();
    let mut paths = Vec::new();
    leaves(&sound, "", &mut paths);
    for path in paths {
        let leaf = sound.pointer(&path).unwrap();
        for other in extremes(leaf) {
            let mut value = sound.clone();
            *value.pointer_mut(&path).unwrap() = other;
            if let Ok(mut plan) = serde_json::from_value::<Plan>(value) {
                plan.identity = identity(&plan.inputs);
                let _ = audit(&plan);
            }
        }
    }
}

fn extremes(leaf: &Value) -> Vec<Value> {
    match leaf {
        Value::Number(_) => vec![
            Value::from(0),
            Value::from(-1),
            Value::from(u32::MAX),
            Value::from(i64::MAX),
            Value::from(i64::MIN),
            Value::from(1e308),
            Value::from(-1e308),
        ],
        Value::String(text) if text.parse::<Date>().is_ok() => {
            vec![Value::from("-009999-01-01"), Value::from("0000-02-29"), Value::from("9999-12-31")]
        }
        Value::String(text) => {
            let unit = text.split_once(' ').map_or("", |(_, unit)| unit);
            ["0", "-1", "4294967295", "1e308", "-1e308"]
                .iter()
                .map(|number| Value::from(format!("{number} {unit}")))
                .chain([Value::from(""), Value::from("nobody")])
                .collect()
        }
        Value::Null => vec![Value::from("2027-01-01")],
        _ => vec![],
    }
}

#[test]
fn decisions_about_nothing_are_findings() {
    let found = fixture::breaks("conversions", |plan| {
        let mut nowhere = fixture::conversion();
        nowhere.site = "atlantis".into();
        plan.decisions.conversions.push(nowhere);
    });
    assert_eq!(found, ["conversions: conversion atlantis a/liquid/ig@2027-04: there is no site `atlantis`"]);
}
