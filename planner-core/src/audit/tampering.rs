//! Whatever is changed in a plan file is found, and nothing makes the audit panic.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Number, Value};

use super::fixture::{findings, plan, started, with_everything};
use super::{audit, fixture, fixture_leaving, fixture_works};
use crate::plan::Plan;
use crate::plan::identity::identity;

/// Not derived from anything: where the plan comes from and what was asked for.
const FREE: &[&str] = &["provenance", "solver", "settings", "audit"];

fn leaves(value: &Value, path: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            map.iter()
                .filter(|(key, _)| !path.is_empty() || !FREE.contains(&key.as_str()))
                .for_each(|(key, value)| leaves(value, &format!("{path}/{key}"), out));
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, value)| leaves(value, &format!("{path}/{at}"), out));
        }
        _ => out.push(path.to_owned()),
    }
}

/// A quantity, a date or a number, changed a bit; `None` for free text.
fn changed(leaf: &Value) -> Option<Value> {
    match leaf {
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Some(Value::from(whole + 1)),
            None => Number::from_f64(number.as_f64()? + 0.01).map(Value::Number),
        },
        Value::String(text) => {
            if let Ok(date) = text.parse::<Date>() {
                return Some(Value::from(date.saturating_add(1.day()).to_string()));
            }
            let (number, unit) = text.split_once(' ')?;
            if let Ok(whole) = number.parse::<i64>() {
                return Some(Value::from(format!("{} {unit}", whole + 1)));
            }
            number.parse::<f64>().ok().map(|number| Value::from(format!("{} {unit}", number + 0.01)))
        }
        _ => None,
    }
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
fn every_changed_number_and_date_is_found() {
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
        let Some(other) = changed(leaf) else { continue };
        *leaf = other;
        tried += 1;
        let found = serde_json::from_value::<Plan>(value).map_or(true, |plan| !audit(&plan).passed);
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
