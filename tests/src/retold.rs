//! The same portfolio told another way: under other names, in other money, at another time.

use std::collections::BTreeMap;

use planner_core::domain::Fleet;
use planner_core::portfolio::in_memory::InMemory;
use serde_json::Value;

use crate::draw::Draw;

/// Every amount of money times a factor: each quantity in dollars, whatever it is per, is written as such in plan.json.
/// Says how many amounts there were.
///
/// # Panics
/// When a fleet cannot be written and read back.
#[must_use]
#[allow(clippy::expect_used)]
pub fn in_other_money(fleet: &Fleet, factor: f64) -> (Fleet, usize) {
    let mut value = serde_json::to_value(fleet).expect("a fleet can be written");
    let mut changed = 0;
    scale(&mut value, factor, &mut changed);
    (serde_json::from_value(value).expect("it can be read back"), changed)
}

fn scale(value: &mut Value, factor: f64, changed: &mut usize) {
    match value {
        Value::String(text) => {
            if let Some((Ok(number), unit)) = text.split_once(' ').map(|(n, unit)| (n.parse::<f64>(), unit))
                && unit.split('/').next() == Some("USD")
            {
                *text = format!("{} {unit}", number * factor);
                *changed += 1;
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| scale(value, factor, changed)),
        Value::Object(fields) => fields.values_mut().for_each(|value| scale(value, factor, changed)),
        _ => {}
    }
}

/// Ids of sites or offers, by folder.
#[must_use]
pub fn ids(files: &InMemory, folder: &str) -> Vec<String> {
    let prefix = format!("{folder}/");
    let names = files.0.keys().filter_map(|path| path.strip_prefix(&prefix)?.strip_suffix(".toml"));
    names.map(str::to_owned).collect()
}

/// Sites and offers under names that sort the other way round, in file names and wherever they stand in quotes or first
/// in a row.
#[must_use]
pub fn under_other_names(files: &InMemory) -> InMemory {
    let mut names = BTreeMap::new();
    for folder in ["sites", "offers"] {
        for (index, id) in ids(files, folder).into_iter().rev().enumerate() {
            names.insert(id, format!("{folder}-{index:04}"));
        }
    }
    let mut renamed = InMemory::default();
    for (path, text) in &files.0 {
        let mut path = path.clone();
        if let Some((folder @ ("sites" | "offers"), name)) = path.split_once('/')
            && let Some(id) = name.strip_suffix(".toml")
        {
            path = format!("{folder}/{}.toml", names[id]);
        }
        let text = if path.starts_with("library/") { text.clone() } else { with_names(text, &names) };
        renamed.0.insert(path, text);
    }
    renamed
}

fn with_names(text: &str, names: &BTreeMap<String, String>) -> String {
    let line = |line: &str| -> String {
        let row = line.split_once(',').and_then(|(first, rest)| Some(format!("{},{rest}", names.get(first)?)));
        let quoted = |(at, part): (usize, &str)| match names.get(part) {
            Some(name) if at % 2 == 1 => name.clone(),
            _ => part.to_owned(),
        };
        row.unwrap_or_else(|| line.split('"').enumerate().map(quoted).collect::<Vec<_>>().join("\""))
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// Every date of every file later by whole years: `2027-01-01`, and `2027-01` in a column of months.
#[must_use]
pub fn later_by_years(files: &InMemory, years: u32) -> InMemory {
    InMemory(files.0.iter().map(|(path, text)| (path.clone(), shifted(text, years))).collect())
}

fn shifted(text: &str, years: u32) -> String {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let mut from = 0;
    for at in 0..bytes.len().saturating_sub(6) {
        let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
        let starts = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        if starts
            && bytes[at..].starts_with(b"20")
            && digits(at..at + 4)
            && bytes[at + 4] == b'-'
            && digits(at + 5..at + 7)
        {
            let year: u32 = text[at..at + 4].parse().unwrap_or(0);
            out += &text[from..at];
            out += &(year + years).to_string();
            from = at + 4;
        }
    }
    out + &text[from..]
}

/// Rows of CSV files, tables of TOML files (`[[hall]]`) and items of lists in reverse order, where order has no meaning.
#[must_use]
pub fn in_other_order(files: &InMemory) -> InMemory {
    let mut turned = files.clone();
    for (path, text) in &mut turned.0 {
        if path == "machines.csv" || path == "library/asics.csv" {
            let mut lines: Vec<&str> = text.lines().collect();
            lines[1..].reverse();
            *text = lines.join("\n") + "\n";
        } else if path.starts_with("sites/") {
            // A file is its head, then tables with a blank line before each.
            let mut parts: Vec<String> = text.trim_end().split("\n\n").map(str::to_owned).collect();
            parts[1..].reverse();
            *text = parts.join("\n\n") + "\n";
        } else if path.starts_with("offers/") {
            // Keys of one table, of which `sites` and `markets` are sets.
            let mut lines: Vec<String> = text
                .lines()
                .map(|line| if line.starts_with("sites") { items(line) } else { line.to_owned() })
                .collect();
            lines.reverse();
            *text = lines.join("\n") + "\n";
        }
    }
    turned
}

fn items(line: &str) -> String {
    let Some((head, list)) = line.split_once('[') else { return line.to_owned() };
    let mut items: Vec<&str> = list.trim_end_matches(']').split(", ").collect();
    items.reverse();
    format!("{head}[{}]", items.join(", "))
}

/// Rows of CSV files, columns of prices by month, tables of TOML files and their keys in an order of a seed. Not those
/// whose order is their meaning: months and halvings rise, the first pot that may pay does, and locks go by number.
#[must_use]
pub fn shuffled(files: &InMemory, seed: u64) -> InMemory {
    let mut draw = Draw::new(seed);
    let mut retold = |path: &String, text: &String| match path.rsplit_once('.') {
        Some((name, "csv")) if name.ends_with("monthly") => columns_shuffled(text, &mut draw),
        Some((_, "csv")) => rows_shuffled(text, &mut draw),
        Some((_, "toml")) => tables_shuffled(text, &mut draw),
        _ => text.clone(),
    };
    InMemory(files.0.iter().map(|(path, text)| (path.clone(), retold(path, text))).collect())
}

fn shuffle<T>(list: &mut [T], draw: &mut Draw) {
    for last in (1..list.len()).rev() {
        list.swap(last, draw.between(0, u32::try_from(last).unwrap_or(0)) as usize);
    }
}

fn rows_shuffled(text: &str, draw: &mut Draw) -> String {
    let mut rows: Vec<&str> = text.lines().collect();
    if let [_, rows @ ..] = rows.as_mut_slice() {
        shuffle(rows, draw);
    }
    rows.join("\n") + "\n"
}

fn columns_shuffled(text: &str, draw: &mut Draw) -> String {
    let count = text.lines().next().map_or(0, |header| header.split(',').count());
    let mut order: Vec<usize> = (0..count).collect();
    shuffle(&mut order, draw);
    let row = |row: &str| {
        let cells: Vec<&str> = row.split(',').collect();
        order.iter().map(|at| cells[*at]).collect::<Vec<_>>().join(",")
    };
    text.lines().map(row).collect::<Vec<_>>().join("\n") + "\n"
}

/// Tables whose order is their meaning.
const ORDERED: [&str; 3] = ["[[pot]]", "[[lock]]", "[[halving]]"];

fn tables_shuffled(text: &str, draw: &mut Draw) -> String {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut tables: Vec<Vec<&str>> = vec![vec![]];
    for line in lines {
        if line.starts_with('[') {
            tables.push(vec![]);
        }
        tables.last_mut().into_iter().for_each(|table| table.push(line));
    }
    let mut head = tables.remove(0);
    keys_shuffled(&mut head, draw);
    for table in &mut tables {
        keys_shuffled(&mut table[1..], draw);
    }
    let (mut ordered, mut free): (Vec<_>, Vec<_>) =
        tables.into_iter().partition(|table| ORDERED.iter().any(|name| table[0].starts_with(name)));
    shuffle(&mut free, draw);
    // The ordered ones come among the others, in their order.
    let mut mixed = vec![head];
    while !(ordered.is_empty() && free.is_empty()) {
        let take = if free.is_empty() || (!ordered.is_empty() && draw.chance(50)) { &mut ordered } else { &mut free };
        mixed.push(take.remove(0));
    }
    mixed.concat().join("\n") + "\n"
}

/// Lines of one key each; a table with a value of several lines stays as it is.
fn keys_shuffled(lines: &mut [&str], draw: &mut Draw) {
    let whole =
        |line: &&str| line.contains(" = ") && line.matches(['[', '{']).count() == line.matches([']', '}']).count();
    if lines.iter().all(whole) {
        shuffle(lines, draw);
    }
}
