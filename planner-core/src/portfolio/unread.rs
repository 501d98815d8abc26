//! Files that are not read: those that editors and systems leave beside others, of which nothing is said, and those whose
//! author may have meant them to be read.

use super::desk::{At, Desk, clip};
use super::near::nearest;
use super::portfolio_file::FILE;
use crate::diagnostics::Code;

/// Lists that a portfolio may have, and whether a folder of the same name may hold the same things.
const LISTS: [(&str, bool); 5] =
    [("sites", true), ("halls", false), ("offers", true), ("works", true), ("machines", false)];

/// Ends of the names of workbooks.
const WORKBOOKS: [&str; 6] = ["xlsx", "xlsm", "xlsb", "xls", "ods", "numbers"];

/// What `planner export` calls its workbook, which may lie anywhere.
const OURS: &str = "workbook.xlsx";

/// Files of which at most so many are named.
const MOST_NAMED: usize = 5;

/// Whether a file is an editor's or a system's own: hidden, a backup, a lock.
pub(super) fn is_left_by_others(name: &str) -> bool {
    name.starts_with('.')
        || name.starts_with("~$")
        || name.ends_with('~')
        || (name.starts_with('#') && name.ends_with('#'))
        || ["thumbs.db", "desktop.ini", "icon\r"].contains(&name.to_lowercase().as_str())
}

/// The name of a file without its last extension, and that in small letters; `/` is that of a folder.
fn parts(name: &str) -> (&str, String) {
    if let Some(folder) = name.strip_suffix('/') {
        return (folder, "/".to_owned());
    }
    name.rsplit_once('.').map_or((name, String::new()), |(stem, extension)| (stem, extension.to_lowercase()))
}

/// How a file becomes the list `name.csv`.
fn as_list(extension: &str, name: &str) -> String {
    match extension {
        "csv" => format!("rename it to `{name}.csv`, if it is meant"),
        "/" => format!("rename it to `{name}`, if it is meant"),
        _ if WORKBOOKS.contains(&extension) => {
            format!("save it as `{name}.csv` (in a spreadsheet: Save as, CSV UTF-8)")
        }
        _ => format!("write it as `{name}.csv`"),
    }
}

/// Says which files beside `portfolio.toml` are not read, though they look as if they should be.
pub(super) fn beside_the_portfolio(desk: &Desk<'_>) {
    let found = desk.list(".");
    let mut tables = vec![];
    for name in found.iter().filter(|name| !is_left_by_others(name)) {
        let (stem, extension) = parts(name);
        if extension == "md" || name == FILE || is_read(name) {
            continue;
        }
        let is_there = |list: &str| found.iter().any(|name| name.strip_suffix(".csv") == Some(list));
        match meant(stem) {
            // Beside the list itself it is where the list came from.
            Some((list, _)) if is_there(list) && WORKBOOKS.contains(&extension.as_str()) => {}
            Some((list, folder)) => {
                let or = if folder && extension != "/" {
                    format!(", or `{list}/<id>.toml` for each")
                } else {
                    String::new()
                };
                let message = format!("`{}` is not read: {list} are read from `{list}.csv`{or}", clip(name));
                desk.warning(Code::Unused, At::top(name), message, as_list(&extension, list));
            }
            None if name == OURS => {}
            None if ["csv", "toml"].contains(&extension.as_str()) || WORKBOOKS.contains(&extension.as_str()) => {
                tables.push(name.as_str());
            }
            None => {}
        }
    }
    if let [first, ..] = tables.as_slice() {
        let named: Vec<String> = tables.iter().take(MOST_NAMED).map(|name| format!("`{}`", clip(name))).collect();
        let more = tables.len().saturating_sub(MOST_NAMED);
        let and = if more > 0 { format!(" and {more} more") } else { String::new() };
        let are = if tables.len() == 1 { "is" } else { "are" };
        let message =
            format!("{}{and} {are} not read: no list and no part of a portfolio has this name", named.join(", "));
        let help = "lists are `sites.csv`, `halls.csv`, `offers.csv`, `works.csv` and `machines.csv`";
        desk.warning(Code::Unused, At::top(first), message, help);
    }
}

fn is_read(name: &str) -> bool {
    LISTS.iter().any(|(list, folder)| {
        name.strip_suffix(".csv") == Some(list) || (*folder && name.strip_suffix('/') == Some(list))
    })
}

/// The list that a file was probably meant to be: `Offers 2026`, `site`, `machnies`.
fn meant(stem: &str) -> Option<(&'static str, bool)> {
    let word: String = stem.to_lowercase().chars().take_while(|c| c.is_alphabetic()).collect();
    let near = nearest(&word, LISTS.iter().map(|(list, _)| *list))
        .filter(|list| strsim::damerau_levenshtein(&word, list) <= 1);
    LISTS.iter().find(|(list, _)| Some(*list) == near).copied()
}

/// Says that something in a folder of things is not read.
pub(super) fn among_things(desk: &Desk<'_>, folder: &str, name: &str) {
    let (stem, extension) = parts(name);
    if is_left_by_others(name) || extension == "md" {
        return;
    }
    let path = format!("{folder}/{name}");
    let message = format!("`{}` is not read: only files that end in `.toml` are", clip(&path));
    let help = match extension.as_str() {
        "toml" => format!("rename it to `{stem}.toml`"),
        extension if LISTS.contains(&(folder, true)) && (extension == "csv" || WORKBOOKS.contains(&extension)) => {
            format!("save it as `{folder}.csv` beside `{FILE}`, or write a `.toml` for each")
        }
        "/" => format!("move what is meant into `{folder}`, or remove the folder"),
        _ => "rename or remove the file".to_owned(),
    };
    desk.warning(Code::Unused, At::top(&path), message, help);
}

/// A file that stands where another one was looked for: `asics.xlsx`, `portfolio.toml.txt`.
pub(super) fn in_the_place_of(names: &[String], wanted: &str) -> Option<String> {
    let (stem, extension) = parts(wanted);
    let wanted = wanted.to_lowercase();
    let found = names.iter().filter(|name| !is_left_by_others(name)).find(|name| {
        let lower = name.to_lowercase();
        lower == wanted
            || lower.starts_with(&format!("{wanted}."))
            || (extension == "csv" && parts(name).0.to_lowercase() == stem.to_lowercase())
    })?;
    let workbook = WORKBOOKS.contains(&parts(found).1.as_str());
    let verb = if workbook { "save it as" } else { "rename it to" };
    Some(format!("`{}` is there: {verb} `{}`", clip(found), clip(&format!("{stem}.{extension}"))))
}
