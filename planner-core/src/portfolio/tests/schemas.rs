//! The schemas say what the readers ask for: made here from what these record, and compared with the files.
//! `BLESS=1` writes them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use super::super::desk::Desk;
use super::super::recorded::{Form, Key, Recorded};
use super::super::{gather, schema};
use super::full::LIQUID_TOML;
use super::{small, wide, with};
use crate::diagnostics::Code;
use crate::portfolio::in_memory::InMemory;

const KINDS: [&str; 6] = ["deck", "offer", "portfolio", "retrofit", "site", "work"];

/// What may stand in a list instead: `halls.csv`.
const ELSEWHERE: [(&str, &str); 1] = [("site", "hall")];

/// Portfolios that together take every way through the readers.
fn folders() -> [InMemory; 3] {
    let steps = "firm = [{ from = 2027-01-01, power = \"50 MW\" }]";
    let other = [("sites/alpha.toml", "firm = \"50 MW\"", steps), (LIQUID_TOML, "\"900 USD/kW\"", "\"1 MUSD/hall\"")];
    [small(), wide(), with(&other)]
}

/// What reading a folder asks for, and the keys that are reported as missing, one for each table without.
fn read(folder: &InMemory, hidden: Option<(String, String)>) -> (Recorded, Vec<String>) {
    let desk = Desk::new(folder);
    desk.recorded.borrow_mut().hidden = hidden;
    let _ = gather::fleet(&desk, crate::units::Months(0));
    let recorded = desk.recorded.take();
    let (diagnostics, ..) = desk.close();
    let missing = diagnostics.into_iter().filter(|d| d.code == Code::MissingKey).map(|d| d.message);
    (recorded, missing.filter_map(|message| Some(message.split('`').nth(1)?.to_owned())).collect())
}

/// All folders together.
fn all() -> Recorded {
    let mut all = Recorded::default();
    for folder in folders() {
        let (recorded, _) = read(&folder, None);
        for (place, count) in recorded.tables {
            *all.tables.entry(place).or_default() += count;
        }
        for ((place, name), found) in recorded.keys {
            let key = all.key(&place, &name);
            key.table |= found.table;
            key.tables |= found.tables;
            for (known, new) in [(&mut key.forms, found.forms), (&mut key.items, found.items)] {
                known.extend(new.into_iter().filter(|form| !known.contains(form)).collect::<Vec<_>>());
            }
        }
    }
    all.keys.retain(|(place, _), _| !place.starts_with("list"));
    all
}

/// Keys without which their table is refused, wherever it stands: each is hidden once, and must be missed as often as its
/// table is read.
fn required(all: &Recorded) -> BTreeSet<(String, String)> {
    let before = folders().map(|folder| (read(&folder, None), folder));
    let count = |all: &[String], name: &String| all.iter().filter(|key| *key == name).count();
    let misses = |(place, name): &(String, String)| {
        let with =
            before.iter().filter_map(|((seen, missing), folder)| Some((seen.tables.get(place)?, missing, folder)));
        with.clone().count() > 0
            && with.clone().all(|(tables, before, folder)| {
                let (_, missing) = read(folder, Some((place.clone(), name.clone())));
                count(&missing, name) - count(before, name) >= *tables
            })
    };
    let elsewhere = |key: &(String, String)| ELSEWHERE.iter().any(|(place, name)| *place == key.0 && *name == key.1);
    all.keys.keys().filter(|key| key.1 != "*" && !elsewhere(key)).filter(|key| misses(key)).cloned().collect()
}

/// What the data reference says of a key.
#[derive(Debug, Default, Clone)]
struct Said {
    default: String,
    bounds: String,
    meaning: String,
}

/// Rows of the data reference by table and key, and those of no key.
fn reference(all: &Recorded) -> (BTreeMap<(String, String), Said>, Vec<String>) {
    let book = include_str!("../../../../docs/src/reference/data.md");
    let (mut found, mut unknown) = (BTreeMap::new(), vec![]);
    let (mut bases, mut below): (Vec<&str>, String) = (vec![], String::new());
    let mut columns = vec![];
    for line in book.lines() {
        if let Some(title) = line.strip_prefix("## ").or_else(|| line.strip_prefix("### ")) {
            bases = match title {
                "portfolio.toml" => vec!["portfolio"],
                "sites/\\<id\\>.toml" => vec!["site"],
                "Works" => vec!["site.work[]", "work"],
                "offers/\\<id\\>.toml" => vec!["offer"],
                "library/retrofits/\\<id\\>.toml" => vec!["retrofit"],
                "library/decks/\\<deck\\>/deck.toml" => vec!["deck"],
                _ => vec![],
            };
            below.clear();
        } else if let Some(table) = line.strip_prefix("One `[[").and_then(|rest| rest.split("]]`").next()) {
            below = if table == "work" { String::new() } else { format!("{table}.") };
        } else if line.starts_with("`[") {
            below = line.trim_start_matches("`[").split(']').next().unwrap_or_default().to_owned() + ".";
        } else if line.starts_with("| key |") {
            columns = line.split('|').map(str::trim).map(str::to_owned).collect();
        } else if line.starts_with("| `") && columns.len() == 7 {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let said = Said { default: cells[3].to_owned(), bounds: cells[4].to_owned(), meaning: cells[5].to_owned() };
            for path in paths(cells[1]).iter().map(|path| format!("{below}{path}")) {
                let keys = bases.iter().filter_map(|base| resolve(all, base, &path)).collect::<Vec<_>>();
                unknown.extend(keys.is_empty().then_some(path));
                found.extend(keys.into_iter().map(|key| (key, said.clone())));
            }
        } else if line.starts_with("| column |") {
            columns.clear();
        }
    }
    (found, unknown)
}

/// The dotted paths of a first cell: `` `size.min`, `size.max` ``, `` `location.market`, `.region` ``, `` `[[pot]] id` ``.
fn paths(cell: &str) -> Vec<String> {
    let mut paths: Vec<String> = vec![];
    for token in cell.split('`').skip(1).step_by(2) {
        let token = token.trim_start_matches("[[").replace("]] ", ".");
        let first = paths.first().cloned().unwrap_or_default();
        let stem = first.rsplit_once('.').map_or("", |(stem, _)| stem);
        match token.strip_prefix('.') {
            Some(last) => paths.push(format!("{stem}.{last}")),
            // `[[merchant]] market`, `class`: of the same table.
            None if cell.starts_with("`[[") && !paths.is_empty() => paths.push(format!("{stem}.{token}")),
            None => paths.push(token),
        }
    }
    paths
}

/// The table and key that a path leads to.
fn resolve(all: &Recorded, base: &str, path: &str) -> Option<(String, String)> {
    let (mut place, mut parts) = (base.to_owned(), path.split('.').peekable());
    while let Some(part) = parts.next() {
        let name = if part.starts_with('<') { "*" } else { part };
        let key = all.keys.get(&(place.clone(), name.to_owned()))?;
        if parts.peek().is_none() {
            return Some((place, name.to_owned()));
        }
        place = format!("{place}.{name}{}", if key.tables && !key.table { "[]" } else { "" });
    }
    None
}

struct Maker {
    all: Recorded,
    required: BTreeSet<(String, String)>,
    reference: BTreeMap<(String, String), Said>,
}

impl Maker {
    /// Made once: every key is hidden in turn.
    fn get() -> &'static Self {
        static MAKER: OnceLock<Maker> = OnceLock::new();
        MAKER.get_or_init(Self::new)
    }

    fn new() -> Self {
        let all = all();
        Self { required: required(&all), reference: reference(&all).0, all }
    }

    fn names(&self, place: &str) -> Vec<&str> {
        self.all.keys.keys().filter(|(at, _)| at == place).map(|(_, name)| name.as_str()).collect()
    }

    /// The schema of a table.
    fn table(&self, place: &str) -> Value {
        let names = self.names(place);
        if names.contains(&"*") {
            return json!({ "type": "object", "additionalProperties": self.value(place, "*") });
        }
        let mut properties = Map::new();
        for name in &names {
            properties.insert((*name).to_owned(), self.value(place, name));
        }
        let everywhere = [
            ("name", json!({ "type": "string", "minLength": 1, "description": "as printed" })),
            ("source", json!({ "type": "string", "minLength": 1, "description": "where the figures come from" })),
            (
                "as_of",
                json!({ "type": "string", "pattern": "^\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\\s*$", "description": "date of the source" }),
            ),
            (
                "confidence",
                json!({ "enum": ["sourced", "estimated", "assumed"], "description": "how sure the figures are" }),
            ),
        ];
        for (name, schema) in everywhere {
            if properties.get(name).is_none_or(|known| known.get("description").is_none()) {
                properties.insert(name.to_owned(), schema);
            }
        }
        let required: Vec<&str> =
            names.into_iter().filter(|name| self.required.contains(&(place.to_owned(), (*name).to_owned()))).collect();
        json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
    }

    fn value(&self, place: &str, name: &str) -> Value {
        let key = &self.all.keys[&(place.to_owned(), name.to_owned())];
        let mut variants: Vec<Value> = key.forms.iter().map(Form::schema).collect();
        if !key.items.is_empty() {
            let items = one_of(key.items.iter().map(Form::schema).collect());
            variants.push(json!({ "type": "array", "items": items }));
        }
        if key.table {
            variants.push(self.table(&format!("{place}.{name}")));
        }
        if key.tables {
            variants.push(json!({ "type": "array", "items": self.table(&format!("{place}.{name}[]")) }));
        }
        assert!(!variants.is_empty(), "nothing is known of `{name}` in {place}");
        let mut schema = one_of(variants);
        let description = self.description(place, name, key);
        if let Value::Object(object) = &mut schema
            && !description.is_empty()
        {
            object.insert("description".to_owned(), Value::String(description));
        }
        schema
    }

    /// Meaning, units, bounds, default.
    fn description(&self, place: &str, name: &str, key: &Key) -> String {
        let said = self.reference.get(&(place.to_owned(), name.to_owned())).cloned().unwrap_or_default();
        let forms: Vec<String> = key.forms.iter().chain(&key.items).map(Form::words).collect();
        let default = match said.default.as_str() {
            "" | "R" => String::new(),
            other => format!("default: {other}"),
        };
        let parts = std::iter::once(said.meaning).chain(forms).chain([said.bounds, default]);
        parts.filter(|part| !part.is_empty()).map(|part| part.replace('`', "")).collect::<Vec<_>>().join(" — ")
    }
}

fn one_of(mut variants: Vec<Value>) -> Value {
    if variants.len() == 1 { variants.remove(0) } else { json!({ "anyOf": variants }) }
}

/// The schemas as they must be, by name.
fn made() -> Vec<(&'static str, String)> {
    let maker = Maker::get();
    let made = KINDS.iter().map(|kind| {
        let Value::Object(table) = maker.table(kind) else { panic!("{kind} is a table") };
        let files = schema::ALL.iter().find(|schema| schema.name == *kind).unwrap().files;
        let mut whole = Map::new();
        whole.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        whole.insert("title".to_owned(), json!(files));
        whole.extend(table);
        (*kind, serde_json::to_string_pretty(&whole).unwrap() + "\n")
    });
    made.collect()
}

#[test]
fn the_schemas_are_what_the_readers_ask_for() {
    for (name, text) in made() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(format!("{name}.json"));
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, &text).unwrap();
            continue;
        }
        let written = std::fs::read_to_string(&path).unwrap();
        assert!(written == text, "schemas/{name}.json is not what the readers ask for: `make bless`, and review");
    }
}

/// Keys of lists of small tables, which the data reference tells in one row: `{ from, power }`.
#[test]
fn every_key_of_a_table_has_a_row_in_the_data_reference() {
    let maker = Maker::get();
    let told = |(place, name): &&(String, String)| {
        let key = (place.clone(), name.clone());
        let above =
            place.trim_end_matches("[]").rsplit_once('.').map(|(above, last)| (above.to_owned(), last.to_owned()));
        let nested = |key: &Key| key.table || key.tables;
        maker.reference.contains_key(&key)
            || above.is_some_and(|above| maker.reference.contains_key(&above))
            || nested(&maker.all.keys[&key])
            || ["name", "source", "as_of", "confidence"].contains(&name.as_str())
    };
    let untold: Vec<_> = maker.all.keys.keys().filter(|key| !told(key)).collect();
    assert_eq!(untold, Vec::<&(String, String)>::new());
}

#[test]
fn every_row_of_the_data_reference_is_a_key() {
    assert_eq!(reference(&all()).1, Vec::<String>::new());
}
