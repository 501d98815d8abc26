//! The reference of the book lists what the binary has, all of it and nothing else.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::Path;

use planner_tests::{planner, repository, told};
use serde_json::Value;

/// Options that every command has.
const EVERYWHERE: [&str; 5] = ["--color", "--format", "--help", "--quiet", "--version"];

fn page(name: &str) -> String {
    std::fs::read_to_string(repository().join("docs/src").join(name)).unwrap()
}

/// The text below a heading, up to the next one of its rank or above.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let from =
        page.find(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no section {heading}")) + heading.len() + 2;
    let rank = heading.chars().take_while(|c| *c == '#').count();
    let next = (1..=rank).filter_map(|rank| page[from..].find(&format!("\n{} ", "#".repeat(rank)))).min();
    &page[from..next.map_or(page.len(), |next| from + next)]
}

/// The first cells of tables with this heading.
fn rows<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let mut rows = vec![];
    let mut ours = false;
    for line in text.lines() {
        match line.strip_prefix("| ") {
            None if line.starts_with("|-") => {}
            None => ours = false,
            Some(cells) if cells.starts_with(&format!("{heading} |")) => ours = true,
            Some(cells) if ours => rows.extend(cells.split(" |").next()),
            Some(_) => {}
        }
    }
    rows
}

/// What stands in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn options(text: &str) -> BTreeSet<String> {
    let word = |rest: &str| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect::<String>();
    text.split("--").skip(1).map(|rest| format!("--{}", word(rest))).filter(|option| option.len() > 2).collect()
}

fn help(arguments: &[&str]) -> String {
    told(&planner(arguments, &repository()), 0)
}

fn commands() -> Vec<String> {
    let help = help(&["--help"]);
    let listed = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap().to_owned();
    let name = |line: &str| {
        line.strip_prefix("  ")
            .filter(|line| !line.starts_with(' '))
            .map(|line| line.split(' ').next().unwrap().to_owned())
    };
    listed.lines().filter_map(name).filter(|name| name != "help").collect()
}

#[test]
fn every_option_of_every_command_is_listed_and_nothing_else() {
    let page = page("reference/commands.md");
    for command in commands() {
        let help = help(&[&command, "--help"]);
        let has = help
            .lines()
            .filter(|line| line.trim_start().starts_with("--"))
            .flat_map(|line| options(line.split("  ").find(|part| !part.is_empty()).unwrap()));
        let has = has.filter(|option| !EVERYWHERE.contains(&option.as_str())).collect::<BTreeSet<_>>();
        let section = section(&page, &format!("## {command}"));
        let usage = section
            .split("```")
            .skip(1)
            .step_by(2)
            .find(|block| block.contains(&format!("planner {command}")))
            .unwrap();
        let listed = rows(section, "option").into_iter().chain([usage]).flat_map(options).collect::<BTreeSet<_>>();
        assert_eq!(listed, has, "planner {command}");
    }
    let everywhere =
        rows(&page, "option").into_iter().take(EVERYWHERE.len()).flat_map(options).collect::<BTreeSet<_>>();
    assert!(EVERYWHERE.iter().all(|option| everywhere.contains(*option)), "{everywhere:?}");
}

#[test]
fn the_readme_names_commands_and_options_that_exist() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let rows = rows(&readme, "command");
    for command in commands() {
        let of_it = rows.iter().filter(|row| row.starts_with(&format!("`planner {command}"))).collect::<Vec<_>>();
        assert!(!of_it.is_empty(), "the readme does not list planner {command}");
        let help = help(&[&command, "--help"]);
        for option in of_it.into_iter().flat_map(|row| options(row)) {
            assert!(help.contains(&option), "planner {command} has no {option}");
        }
    }
}

#[test]
fn every_exit_code_is_listed_and_nothing_else() {
    let page = page("reference/commands.md");
    let listed = rows(section(&page, "## Exit codes"), "code").into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    let help = help(&["--help"]);
    let said =
        help.split("Exit codes: ").nth(1).unwrap().split([',', '.']).filter_map(|part| part.split_whitespace().next());
    assert_eq!(listed, said.map(str::to_owned).collect());
}

/// `plan.json` of `first-look` and what `plan --format json` says, in a folder of its own.
fn planned(folder: &Path) -> Value {
    let portfolio = repository().join("site-data/first-look");
    let arguments = ["plan", portfolio.to_str().unwrap(), "--format", "json", "--quiet", "--gap", "5 %"];
    serde_json::from_str(&told(&planner(&arguments, folder), 0)).unwrap()
}

#[test]
fn every_column_and_every_key_of_an_answer_is_explained_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let answer = planned(folder.path());
    let has = answer.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let commands = page("reference/commands.md");
    let keys = section(&commands, "## plan").split("`--format json`: `{ ").nth(1).unwrap().split(" }`").next().unwrap();
    assert_eq!(
        keys.split([',', '\n']).map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()).collect::<BTreeSet<_>>(),
        has
    );

    told(&planner(&["export", "--to", "csv"], folder.path()), 0);
    let page = page("reference/columns.md");
    let mut files = vec![];
    for file in std::fs::read_dir(folder.path().join("export")).unwrap().flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        let has = csv::Reader::from_path(file.path())
            .unwrap()
            .headers()
            .unwrap()
            .iter()
            .map(str::to_owned)
            .collect::<Vec<_>>();
        let section = section(&page, &format!("### {name}"));
        let listed = rows(section, "column").into_iter().flat_map(quoted).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            listed,
            has.iter().map(|column| column.trim_start_matches('\u{feff}').to_owned()).collect::<Vec<_>>(),
            "{name}"
        );
        files.push(name);
    }
    let listed = page.lines().filter_map(|line| line.strip_prefix("### ")).filter(|name| name.contains(".csv"));
    for name in listed {
        assert!(files.iter().any(|file| file == name), "no export writes {name}");
        assert!(commands.contains(&format!("`{name}`")), "{name} is not listed under export");
    }
}
