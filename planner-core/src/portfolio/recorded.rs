//! What the readers ask for while they read, and what may be written there: the schemas are made from it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::kinds::Bounds;
use super::table::Fields;

/// What may be written for a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form {
    Quantity { dimension: &'static str, units: Vec<&'static str>, bounds: Bounds },
    Share { per_year: bool, bounds: Bounds },
    Number(Bounds),
    Integer(u32, u32),
    Months(u32, u32),
    Days(u32),
    PaidOn,
    Date,
    Flag,
    Text,
    Id,
    Word(Vec<&'static str>),
}

/// What was asked of a key.
#[derive(Debug, Default)]
pub(super) struct Key {
    /// What it may hold itself.
    pub forms: Vec<Form>,
    /// What the items of its list may be.
    pub items: Vec<Form>,
    /// It may hold a table.
    pub table: bool,
    /// It may hold a list of tables.
    pub tables: bool,
}

/// Everything that was asked for.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    /// Tables that were read to their end, by kind of file and tables above (`site.hall[]`), and how often.
    pub tables: BTreeMap<String, usize>,
    /// Keys by table and name; `*` stands for any name.
    pub keys: BTreeMap<(String, String), Key>,
    /// A key that is not found, whatever the file says.
    pub hidden: Option<(String, String)>,
}

impl Recorded {
    pub fn key(&mut self, place: &str, key: &str) -> &mut Key {
        self.keys.entry((place.to_owned(), key.to_owned())).or_default()
    }

    pub fn is_hidden(&self, place: &str, key: &str) -> bool {
        self.hidden.as_ref().is_some_and(|(at, name)| at == place && name == key)
    }
}

/// Which kind of file a path names; `list` for CSV.
pub(super) fn kind_of(file: &str) -> String {
    let kinds = [
        ("sites/", "site"),
        ("offers/", "offer"),
        ("works/", "work"),
        ("retrofits/", "retrofit"),
        ("deck.toml", "deck"),
    ];
    let found = kinds.iter().find(|(part, _)| file.contains(part)).map_or("portfolio", |(_, kind)| kind);
    if file.rsplit('.').next() == Some("toml") { found.to_owned() } else { "list".to_owned() }
}

impl Fields<'_> {
    /// Records what a key, or an item of its list, may be.
    pub fn note(&self, key: &str, form: &Form, is_item: bool) {
        self.recorded(|recorded, place| {
            let key = recorded.key(place, key);
            let forms = if is_item { &mut key.items } else { &mut key.forms };
            if !forms.contains(form) {
                forms.push(form.clone());
            }
        });
    }

    /// Notes something of this table.
    pub fn recorded(&self, note: impl FnOnce(&mut Recorded, &str)) {
        note(&mut self.desk.recorded.borrow_mut(), &self.place);
    }
}

const DATE: &str = "^\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\\s*$";

/// A number as texts have it; below nil only where that is allowed.
fn number(bounds: Bounds) -> String {
    let sign = if bounds.least < 0.0 { "[-+]?" } else { "\\+?" };
    format!("{sign}([0-9][0-9_]*\\.?[0-9_]*|\\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?")
}

impl Form {
    /// As JSON Schema.
    pub fn schema(&self) -> Value {
        match self {
            Self::Quantity { units, bounds, .. } => {
                let units: Vec<String> = units.iter().map(|unit| unit.replace('/', "\\/")).collect();
                json!({ "type": "string", "pattern": format!("^\\s*{}\\s*({})\\s*$", number(*bounds), units.join("|")) })
            }
            Self::Share { per_year, bounds } => {
                let unit = if *per_year { "(%|%\\/year)?" } else { "%?" };
                json!({ "anyOf": [
                    { "type": "string", "pattern": format!("^\\s*{}\\s*{unit}\\s*$", number(*bounds)) },
                    bare(*bounds),
                ] })
            }
            Self::Number(bounds) => bare(*bounds),
            Self::Integer(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
            Self::Months(..) => json!({ "type": "string", "pattern": "^\\s*[0-9]+\\s*(months?|years?)\\s*$" }),
            Self::Days(_) => json!({ "type": "string", "pattern": "^\\s*[0-9]+\\s*days?\\s*$" }),
            Self::PaidOn => {
                json!({ "anyOf": [{ "enum": ["start", "commencement"] }, { "type": "string", "pattern": DATE }] })
            }
            Self::Date => json!({ "type": "string", "pattern": DATE }),
            Self::Flag => json!({ "type": "boolean" }),
            Self::Text => json!({ "type": "string", "minLength": 1 }),
            Self::Id => json!({ "type": "string", "pattern": "^[^\\s!-,\\/:-@\\[-^`{-~]{1,64}$" }),
            Self::Word(words) => json!({ "enum": words }),
        }
    }

    /// In words: dimension and units, bounds.
    pub fn words(&self) -> String {
        match self {
            Self::Quantity { dimension, units, .. } => format!("{dimension}: {}", units.join(", ")),
            Self::Share { per_year: true, .. } => "a share per year: \"8 %/year\" or 0.08".to_owned(),
            Self::Share { .. } => "a share: \"8 %\" or 0.08".to_owned(),
            Self::Months(..) => "whole months: \"14 months\", \"2 years\"".to_owned(),
            Self::Days(_) => "whole days: \"30 days\"".to_owned(),
            Self::Date => "a date: 2027-01-31".to_owned(),
            Self::PaidOn => "`start`, `commencement` or a date".to_owned(),
            Self::Id => "a name".to_owned(),
            Self::Number(_) | Self::Integer(..) | Self::Flag | Self::Text | Self::Word(_) => String::new(),
        }
    }
}

fn bare(bounds: Bounds) -> Value {
    let least = if bounds.above_least { "exclusiveMinimum" } else { "minimum" };
    json!({ "type": "number", least: bounds.least, "maximum": bounds.most })
}
