//! Files that are not read: of which nothing is said, and of which something is.

use super::*;

/// All that is said with these files added.
fn beside(paths: &[&str]) -> Vec<String> {
    let mut folder = small();
    for path in paths {
        folder.0.insert((*path).to_owned(), "not = [toml".to_owned());
    }
    let checked = read(&folder);
    assert!(checked.fleet.is_some(), "{:?}", printed(&checked));
    printed(&checked)
}

#[test]
fn what_editors_and_systems_leave_is_never_read() {
    let names = [
        ".DS_Store",
        "._alpha.toml",
        ".#alpha.toml",
        ".alpha.toml.swp",
        ".hidden.toml",
        "alpha.toml~",
        "#alpha.toml#",
        "~$alpha.toml",
        "~$offers.xlsx",
        "Thumbs.db",
        "desktop.ini",
        ".toml",
    ];
    for folder in ["", "sites/", "offers/", "works/", "../library/retrofits/", "../library/decks/flat/", "../library/"]
    {
        let paths: Vec<String> = names.iter().map(|name| format!("{folder}{name}")).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        assert_eq!(beside(&paths), Vec::<String>::new(), "{folder}");
    }
}

#[test]
fn a_list_in_another_form_is_told() {
    for (path, said) in [
        (
            "offers.xlsx",
            "`offers.xlsx` is not read: offers are read from `offers.csv`, or `offers/<id>.toml` for each [save it as `offers.csv` (in a spreadsheet: Save as, CSV UTF-8)]",
        ),
        (
            "Halls (final).ODS",
            "`Halls (final).ODS` is not read: halls are read from `halls.csv` [save it as `halls.csv` (in a spreadsheet: Save as, CSV UTF-8)]",
        ),
        (
            "sites.json",
            "`sites.json` is not read: sites are read from `sites.csv`, or `sites/<id>.toml` for each [write it as `sites.csv`]",
        ),
        (
            "works",
            "`works` is not read: works are read from `works.csv`, or `works/<id>.toml` for each [write it as `works.csv`]",
        ),
        (
            "Offers.CSV",
            "`Offers.CSV` is not read: offers are read from `offers.csv`, or `offers/<id>.toml` for each [rename it to `offers.csv`, if it is meant]",
        ),
        (
            "offer/lease.toml",
            "`offer/` is not read: offers are read from `offers.csv` [rename it to `offers`, if it is meant]",
        ),
        (
            "fleet.xlsx",
            "`fleet.xlsx` is not read: no list and no part of a portfolio has this name [lists are `sites.csv`, `halls.csv`, `offers.csv`, `works.csv` and `machines.csv`]",
        ),
    ] {
        let place = path.find('/').map_or(path, |at| &path[..=at]);
        assert_eq!(beside(&[path]), [format!("{place}:1:1 W401 {said}")]);
    }
    for path in ["machines.xlsx", "workbook.xlsx", "plan.json", "README.md", "notes.txt", "export/offers.csv"] {
        assert_eq!(beside(&[path]), Vec::<String>::new(), "{path}: the list is there, or it is none");
    }
    let many: Vec<String> = (0..9).map(|at| format!("table-{at}.csv")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(
        beside(&many),
        [
            "table-0.csv:1:1 W401 `table-0.csv`, `table-1.csv`, `table-2.csv`, `table-3.csv`, `table-4.csv` and 4 more are not read: no list and no part of a portfolio has this name [lists are `sites.csv`, `halls.csv`, `offers.csv`, `works.csv` and `machines.csv`]"
        ]
    );
}

#[test]
fn what_lies_among_things_is_told() {
    for (path, help) in [
        ("offers/offers.xlsx", "save it as `offers.csv` beside `portfolio.toml`, or write a `.toml` for each"),
        ("sites/gamma.TOML", "rename it to `gamma.toml`"),
        ("sites/old/gamma.toml", "move what is meant into `sites`, or remove the folder"),
        ("../library/retrofits/air.txt", "rename or remove the file"),
    ] {
        let shown = if path.contains("old") { "sites/old/" } else { path };
        let said = format!("{shown}:1:1 W401 `{shown}` is not read: only files that end in `.toml` are [{help}]");
        assert_eq!(beside(&[path]), [said]);
    }
}

#[test]
fn a_file_in_the_place_of_one_that_is_needed_is_named() {
    for (path, there, help) in [
        ("../library/asics.csv", "../library/ASICS.xlsx", "`ASICS.xlsx` is there: save it as `asics.csv`"),
        (
            "../library/decks/flat/monthly.csv",
            "../library/decks/flat/monthly.ods",
            "`monthly.ods` is there: save it as `monthly.csv`",
        ),
        (
            "../library/decks/flat/deck.toml",
            "../library/decks/flat/deck.toml.txt",
            "`deck.toml.txt` is there: rename it to `deck.toml`",
        ),
        ("portfolio.toml", "Portfolio.toml", "`Portfolio.toml` is there: rename it to `portfolio.toml`"),
    ] {
        let mut folder = small();
        let text = folder.0.remove(path).unwrap();
        folder.0.insert(there.to_owned(), text);
        let said = printed(&read(&folder));
        assert!(said.iter().any(|line| line.contains("E003") && line.contains(&format!("[{help}]"))), "{said:?}");
    }
}

#[test]
fn carriage_returns_end_lines_too() {
    let folder = small();
    for end in ["\r", "\r\n", "\r\r\n"] {
        let mut other = folder.clone();
        for text in other.0.values_mut() {
            *text = text.replace('\n', end);
        }
        let checked = read(&other);
        assert_eq!(printed(&checked), Vec::<String>::new(), "{end:?}");
        assert_eq!(checked.fleet, read(&folder).fleet, "{end:?}");
    }
    let said = |end: &str, file: &str, from: &str, to: &str| {
        let mut folder = with(&[(file, from, to)]);
        let text = folder.0.get_mut(file).unwrap();
        *text = text.replace('\n', end);
        printed(&read(&folder))
    };
    for (file, from, to) in
        [("machines.csv", "beta,Antminer", "betta,Antminer"), ("sites/alpha.toml", "count = 2", "count = two")]
    {
        let expected = said("\n", file, from, to);
        assert_eq!(expected.len(), 1);
        assert_eq!(said("\r", file, from, to), expected, "places are those of the lines");
    }
}

#[test]
fn a_mark_moves_no_place_and_a_nul_is_one_error() {
    let marked = |text: &str| format!("\u{feff}{text}");
    for (file, from, to) in [("machines.csv", "site,", "sit,"), ("sites/alpha.toml", "name =", "nam =")] {
        let mut folder = with(&[(file, from, to)]);
        let expected = printed(&read(&folder));
        let text = marked(&folder.0[file]);
        folder.0.insert(file.to_owned(), text);
        assert_eq!(printed(&read(&folder)), expected);
    }
    for file in ["portfolio.toml", "machines.csv", "../library/asics.csv"] {
        let mut folder = small();
        folder.0.get_mut(file).unwrap().insert(3, '\0');
        let said = format!(
            "{file}:1:1 E002 `{file}` cannot be read: it has NUL bytes, so it is no text [save it as text in UTF-8]"
        );
        assert_eq!(printed(&read(&folder)), [said]);
    }
}

#[test]
fn a_lost_library_is_one_error_that_says_where_one_is() {
    let moved = |to: &str| {
        let mut folder = small();
        let files = std::mem::take(&mut folder.0);
        folder.0 = files.into_iter().map(|(path, text)| (path.replacen("../library", to, 1), text)).collect();
        printed(&read(&folder))
    };
    for (to, help) in [
        ("../../library", "write `library = \"../../library\"`"),
        ("../../../../library", "write `library = \"../../../../library\"`"),
        ("library", "write `library = \"library\"`"),
        ("../elsewhere", "copy the library too, or write where it is, like `library = \"../../library\"`"),
    ] {
        assert_eq!(moved(to), [format!("portfolio.toml:3:11 E003 there is no price library in `../library` [{help}]")]);
    }
}
