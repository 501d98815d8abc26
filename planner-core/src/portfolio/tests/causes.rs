//! One cause is one message, before what follows from it, and no longer than a person reads.

use super::*;
use crate::diagnostics::{Code, MOST_CHARACTERS};

fn is_list(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, kind)| kind == "csv") && !path.contains("monthly")
}

#[test]
fn a_column_nobody_knows_is_one_mistake() {
    let mut folder = lists();
    for (path, text) in &mut folder.0 {
        if is_list(path) {
            let wider = |(at, line): (usize, &str)| {
                format!("{line}{}\n", if at == 0 { ",latitude,power.owner" } else { ",30,me" })
            };
            *text = text.lines().enumerate().map(wider).collect();
        }
    }
    let checked = read(&folder);
    for file in folder.0.keys().filter(|path| is_list(path)) {
        let said: Vec<_> = printed(&checked).into_iter().filter(|line| line.starts_with(&format!("{file}:"))).collect();
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].contains(&format!("E101 there is no column `latitude` in `{file}`")), "{said:?}");
    }
}

#[test]
fn the_same_in_many_rows_is_told_once_with_its_number() {
    let mut folder = small();
    let rows: Vec<String> = (0..500).map(|at| format!("gamma,Model {at},1,300,24\n")).collect();
    folder.0.get_mut("machines.csv").unwrap().push_str(&rows.concat());
    let offer = folder.0["offers/nnn.toml"].replace("[\"alpha\"]", "[\"gamma\"]");
    folder.0.insert("offers/nnn.toml".to_owned(), offer);
    let said = printed(&read(&folder));
    let sites: Vec<_> = said.iter().filter(|line| line.contains("no site")).collect();
    assert_eq!(sites, ["machines.csv:4:1 E301 there is no site `gamma` (in 501 places) [there is `alpha` or `beta`]"]);
    let words = lists().0["sites.csv"].replace(",mining,", ",minning,");
    let mut folder = lists();
    folder.0.insert("sites.csv".to_owned(), words.clone());
    let said = printed(&read(&folder));
    let times = words.matches(",minning,").count();
    assert!(times < 2 || said.iter().any(|line| line.contains(&format!("(in {times} places)"))), "{said:?}");
    // Two tables of a TOML file are two mistakes: each has to be mended.
    let two = read(&with(&[
        ("sites/alpha.toml", "hall_power = \"20 MW\"", "hall_power = 20"),
        ("sites/alpha.toml", "hall_power = \"10 MW\"", "hall_power = 20"),
    ]));
    assert_eq!(errors(&two), 2);
}

/// A lock and a list that name everything of the small portfolio.
fn named_everywhere() -> InMemory {
    let lock = "[[lock]]\nkind = \"force\"\nsite = \"alpha\"\nhall = \"north\"\nretrofit = \"liquid\"\noffer = \"nnn\"\n\
                [[lock]]\nkind = \"forbid\"\nsite = \"alpha\"\nhall = \"field\"\n\n[moves]";
    with(&[("portfolio.toml", "[moves]", lock)])
}

#[test]
fn what_follows_from_a_file_that_cannot_be_read_is_not_told() {
    assert_eq!(printed(&read(&named_everywhere())), Vec::<String>::new());
    for path in named_everywhere().0.keys().filter(|path| *path != "portfolio.toml") {
        let toml = path.ends_with("toml");
        for broken in if toml { ["\0", "a = = b\n", "“a”"] } else { ["\0", "\"a\nb", "a;b\n1;2\n"] } {
            let mut folder = named_everywhere();
            folder.0.insert(path.clone(), broken.to_owned());
            let checked = read(&folder);
            assert!(errors(&checked) > 0, "{path} {broken:?}");
            let elsewhere: Vec<_> = checked
                .diagnostics
                .iter()
                .filter(|one| one.span.as_ref().is_none_or(|span| span.file != *path))
                .collect();
            assert!(elsewhere.is_empty(), "{path} {broken:?}: {elsewhere:#?}");
            assert!(checked.diagnostics.iter().all(|one| one.code != Code::UnknownId), "{path}");
        }
    }
}

#[test]
fn what_is_wrong_with_a_file_comes_first() {
    let folder = with(&[("sites/beta.toml", "[mining]", "[mining"), ("machines.csv", "alpha,", "gamma,")]);
    let said = printed(&read(&folder));
    assert!(said[0].starts_with("sites/beta.toml"), "{said:?}");
    assert!(said.last().unwrap().starts_with("machines.csv"), "{said:?}");
}

#[test]
fn no_message_grows_with_what_a_file_holds() {
    let long = "x".repeat(5_000);
    let mut read_so_far = 0;
    for whole in [small(), lists(), full(), full_lists(), wide(), wide_lists()] {
        for (path, text) in &whole.0 {
            if path.ends_with("monthly.csv") {
                continue;
            }
            // Every value, every key and every cell, one after the other; of a list its first rows.
            let is_end = |c: char| matches!(c, '"' | ',' | '\n' | '=' | '[' | ']' | '{' | '}');
            for (at, _) in text.match_indices(is_end).step_by(3).take(60) {
                let mut folder = whole.clone();
                let end = text[at + 1..].find(is_end).map_or(text.len(), |length| at + 1 + length);
                folder.0.insert(path.clone(), format!("{}{long}{}", &text[..=at], &text[end..]));
                for one in read(&folder).diagnostics {
                    for said in [Some(&one.message), one.help.as_ref()].into_iter().flatten() {
                        assert!(said.chars().count() <= MOST_CHARACTERS, "{path} {at}: {said}");
                        assert!(!said.contains(&long[..420]), "{path} {at}: {said}");
                    }
                }
                read_so_far += 1;
            }
        }
    }
    assert!(read_so_far > 500, "{read_so_far}");
}
