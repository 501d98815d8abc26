//! The schemas accept every file that is shipped, and refuse a misspelt key as the reader does.

use std::collections::BTreeMap;
use std::path::Path;

use planner_core::portfolio;
use planner_core::portfolio::in_memory::InMemory;
use planner_core::portfolio::schema::ALL;
use planner_tests::{case, generated, planner, repository, shipped, told};
use serde_json::Value;

use crate::{NAMES, plans};

/// TOML as editors hand it to a schema: dates are texts.
fn json(value: &toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(items) => Value::Array(items.iter().map(json).collect()),
        toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), json(value))).collect(),
        toml::Value::String(text) => Value::String(text.clone()),
        toml::Value::Integer(number) => Value::from(*number),
        toml::Value::Float(number) => Value::from(*number),
        toml::Value::Boolean(value) => Value::Bool(*value),
    }
}

/// Which schema a file has.
fn kind(path: &str) -> Option<&'static str> {
    let kinds = [("sites/", "site"), ("offers/", "offer"), ("works/", "work"), ("retrofits/", "retrofit")];
    let folders = kinds.iter().find(|(part, _)| path.contains(part));
    let files = [("portfolio.toml", "portfolio"), ("deck.toml", "deck")];
    let kind = folders.or_else(|| files.iter().find(|(file, _)| path.ends_with(file))).map(|(_, kind)| *kind);
    kind.filter(|_| Path::new(path).extension().is_some_and(|extension| extension == "toml"))
}

fn validators() -> BTreeMap<&'static str, jsonschema::Validator> {
    let validator = |text: &str| jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap();
    ALL.iter().map(|schema| (schema.name, validator(schema.text))).collect()
}

fn tables(files: &InMemory) -> Vec<(String, &'static str, toml::Table)> {
    let tables = files.0.iter().filter_map(|(path, text)| Some((path.clone(), kind(path)?, text.parse().unwrap())));
    tables.collect()
}

#[test]
fn every_shipped_and_generated_file_has_the_form_of_its_schema() {
    let validators = validators();
    let request = planner_core::generate::Request { sites: 8, seed: 3, extras: 100 };
    let cases = ["v1-river-bend", "v2-cb-3-4", "v4-riot-amd", "v5-core-scientific", "slips"].map(case);
    let mut count = 0;
    for files in NAMES.into_iter().map(shipped).chain(cases).chain([generated(&request)]) {
        for (path, kind, table) in tables(&files) {
            let errors: Vec<String> = validators[kind]
                .iter_errors(&json(&toml::Value::Table(table)))
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert_eq!(errors, Vec::<String>::new(), "{path}");
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
}

/// The table with each of its keys misspelt in turn, at any depth but below names that are free.
fn misspelt(table: &toml::Table) -> Vec<(String, toml::Table)> {
    let mut all = vec![];
    for (key, value) in table {
        let mut wrong = table.clone();
        let value_of = wrong.remove(key).unwrap();
        wrong.insert(format!("{key}_x"), value_of);
        all.push((key.clone(), wrong));
        let inner = match value {
            _ if key == "overrides" => vec![],
            toml::Value::Table(inner) => misspelt(inner).into_iter().map(|(k, t)| (k, toml::Value::Table(t))).collect(),
            toml::Value::Array(items) => match items.first() {
                Some(toml::Value::Table(inner)) => misspelt(inner)
                    .into_iter()
                    .map(|(k, t)| (k, toml::Value::Array([&[toml::Value::Table(t)], &items[1..]].concat())))
                    .collect(),
                _ => vec![],
            },
            _ => vec![],
        };
        for (inside, value) in inner {
            let mut wrong = table.clone();
            wrong.insert(key.clone(), value);
            all.push((format!("{key}.{inside}"), wrong));
        }
    }
    all
}

#[test]
fn a_misspelt_key_is_refused_by_schema_and_reader() {
    let validators = validators();
    let files = shipped("first-look");
    let mut count = 0;
    for (path, kind, table) in tables(&files) {
        for (key, wrong) in misspelt(&table) {
            assert!(!validators[kind].is_valid(&json(&toml::Value::Table(wrong.clone()))), "{path}: {key}");
            let mut changed = InMemory(files.0.clone());
            changed.0.insert(path.clone(), toml::to_string(&wrong).unwrap());
            // What no offer or deck of the portfolio names is not read.
            if path.starts_with("../library") {
                continue;
            }
            assert!(portfolio::read(&changed).fleet.is_none(), "{path}: {key}");
            count += 1;
        }
    }
    assert!(count > 200, "{count}");
}

#[test]
fn every_shipped_plan_has_the_form_of_its_schema() {
    let validator = jsonschema::validator_for(&planner_core::plan::schema::schema()).unwrap();
    for plan in plans() {
        let mut written = serde_json::to_value(plan).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&written).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
        written["decisions"]["conversions"][0]["start"] = Value::from(2027);
        assert!(!validator.is_valid(&written), "a number is no date");
    }
}

#[test]
fn the_command_prints_them() {
    let folder = repository();
    for schema in ALL {
        let printed = planner(&["schema", schema.name], &folder);
        assert_eq!(
            serde_json::from_slice::<Value>(&printed.stdout).unwrap(),
            serde_json::from_str::<Value>(schema.text).unwrap()
        );
        assert!(told(&planner(&["schema"], &folder), 0).contains(schema.files));
    }
    let printed: Value = serde_json::from_slice(&planner(&["schema", "plan"], &folder).stdout).unwrap();
    assert_eq!(printed, planner_core::plan::schema::schema());
    told(&planner(&["schema", "nothing"], &folder), 2);
}
