//! One name in several writings, what looks like one, and what does not show.

use super::*;
use unicode_normalization::UnicodeNormalization;

/// The small portfolio in which things have other names, everywhere.
fn renamed(renames: &[(&str, &str)]) -> InMemory {
    let rename = |text: &str| renames.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    InMemory(small().0.iter().map(|(path, text)| (rename(path), rename(text))).collect())
}

const FOREIGN: [(&str, &str); 8] = [
    ("[overrides.liquid]", "[overrides.\"liquid\"]"),
    ("alpha", "saint-gédéon"),
    ("beta", "malmö"),
    ("Antminer S19", "Minér S19"),
    ("liquid", "flüssig"),
    ("nnn", "größe"),
    ("flat", "éven"),
    ("west", "ouést"),
];

#[test]
fn names_are_the_same_composed_or_not_in_every_place() {
    let composed = renamed(&FOREIGN);
    let expected = read(&composed);
    assert_eq!(printed(&expected), Vec::<String>::new());
    let apart = |text: &str| text.nfd().collect::<String>();
    // Each file alone, its name or its text: the others name what is in it.
    for path in composed.0.keys() {
        for (in_name, in_text) in [(true, false), (false, true), (true, true)] {
            let mut folder = composed.clone();
            let text = folder.0.remove(path).unwrap();
            let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
            let own = if in_name { apart(name) } else { name.to_owned() };
            let path = if above.is_empty() { own } else { format!("{above}/{own}") };
            folder.0.insert(path.clone(), if in_text { apart(&text) } else { text });
            let checked = read(&folder);
            assert_eq!(printed(&checked), Vec::<String>::new(), "{path}");
            assert_eq!(checked.fleet, expected.fleet, "{path}");
        }
    }
}

#[test]
fn folders_are_found_composed_or_not() {
    let composed = renamed(&FOREIGN);
    let all = composed.0.iter().map(|(path, text)| (path.nfd().collect(), text.clone())).collect();
    let checked = read(&InMemory(all));
    assert_eq!(printed(&checked), Vec::<String>::new());
    assert_eq!(checked.fleet, read(&composed).fleet);
}

#[test]
fn blanks_of_any_width_are_one() {
    for blank in ["\u{a0}", "\u{2009}", "\u{3000}", "  "] {
        let folder = with(&[("machines.csv", "Antminer S19", &format!("Antminer{blank}S19"))]);
        assert_eq!(read(&folder).fleet, read(&small()).fleet, "{blank:?}");
    }
}

#[test]
fn one_name_in_two_files_is_told() {
    let mut folder = renamed(&FOREIGN);
    folder.0.insert("sites/malmo\u{308}.toml".to_owned(), BETA.to_owned());
    let said = printed(&read(&folder));
    assert!(
        said.iter().any(|line| line.contains("E302") && line.contains("are one name, written in two ways")),
        "{said:?}"
    );
    let twice =
        "[overrides.ü]\ncost_factor = \"94 %\"\n[overrides.\"u\u{308}\"]\ncost_factor = \"94 %\"\n[overrides.liquid]";
    let said = said_of_keys(&twice.replace("[overrides.ü]", "[overrides.\"ü\"]"));
    assert!(said.iter().any(|line| line.contains("E302 `ü` stands here twice, written in two ways")), "{said:?}");
}

fn said_of_keys(to: &str) -> Vec<String> {
    said("sites/alpha.toml", "[overrides.liquid]", to)
}

#[test]
fn look_alikes_are_told_wherever_a_name_or_word_stands() {
    let cyrillic = "it is written here with a Cyrillic `а` (U+0430) where that one has a Latin `a` (U+0061)";
    for (file, from, to, near) in [
        ("machines.csv", "alpha,", "аlpha,", "alpha"),
        ("portfolio.toml", "[\"alpha\"]", "[\"аlpha\"]", "alpha"),
        ("offers/nnn.toml", "[\"alpha\"]", "[\"аlpha\"]", "alpha"),
        ("sites/beta.toml", "[\"air\"]", "[\"аir\"]", "air"),
        ("portfolio.toml", "removal", "\"removаl\"", "removal"),
    ] {
        let said = said(file, from, to);
        let told = format!("[did you mean `{near}`? {cyrillic}]");
        assert!(said.iter().any(|line| line.ends_with(&told)), "{to}: {said:?}");
    }
    let word = said("sites/alpha.toml", "use = \"pad\"", "use = \"pаd\"");
    assert!(word.iter().any(|line| line.contains(cyrillic) && line.ends_with("[write `use = \"pad\"`]")), "{word:?}");
    let whole = said("machines.csv", "alpha,", "аӏрһа,");
    assert!(whole.iter().any(|line| line.contains("did you mean `alpha`?") && line.contains("Cyrillic")), "{whole:?}");
    let key = said("sites/alpha.toml", "count = 2", "соunt = 2");
    assert!(
        key.iter()
            .any(|line| line.contains("[a key without quotes has plain letters; here stands a Cyrillic `с` (U+0441)]")),
        "{key:?}"
    );
}

#[test]
fn what_does_not_show_is_named_by_its_number() {
    for (c, code) in [
        ('\u{200b}', "U+200B"),
        ('\u{202e}', "U+202E"),
        ('\u{ad}', "U+00AD"),
        ('\u{200d}', "U+200D"),
        ('\u{200c}', "U+200C"),
    ] {
        let text = said("sites/alpha.toml", "name = \"Alpha\"", &format!("name = \"Al{c}pha\""));
        assert_eq!(
            text,
            [format!(
                "sites/alpha.toml:1:8 E103 `name` is `\"Al\u{fffd}pha\"`: expected a text of one line, without control or invisible characters; it has {code} after `Al` [write `name = \"Alpha\"`]"
            )]
        );
        let id = said("sites/alpha.toml", "id = \"field\"", &format!("id = \"fi{c}eld\""));
        assert!(
            id.iter().any(
                |line| line.contains(&format!("this one has {code}, which does not show [write `id = \"field\"`]"))
            ),
            "{id:?}"
        );
        let mut folder = small();
        let site = folder.0.remove("sites/beta.toml").unwrap();
        folder.0.insert(format!("sites/be{c}ta.toml"), site);
        let file = printed(&read(&folder));
        assert!(file.iter().any(|line| line.contains(&format!("this one has {code}"))), "{file:?}");
    }
    // In Arabic and Indian letters a joiner is a part of the spelling.
    for name in ["نیروگاه‌ها", "क्‍ष", "ශ්‍රී"] {
        let folder = renamed(&[("alpha", name), ("Antminer S19", name)]);
        assert_eq!(printed(&read(&folder)), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn quotes_of_a_word_processor_are_made_straight() {
    for (from, to, straight) in [
        ("count = 2", "count = “2”", "count = \"2\""),
        ("name = \"Alpha\"", "name = „Alpha“", "name = \"Alpha\""),
        ("name = \"Alpha\"", "name = «Alpha»   # “so”", "name = \"Alpha\"   # “so”"),
        ("name = \"Alpha\"", "name = ‘Alpha’", "name = 'Alpha'"),
        ("retrofits = [\"liquid\", \"air\"]", "retrofits = [“liquid”, “air”]", "retrofits = [\"liquid\", \"air\"]"),
        (
            "location = { market = \"PJM\", region = \"east\" }",
            "location = { market = “PJM”, region = \"east\" }",
            "location = { market = \"PJM\", region = \"east\" }",
        ),
        ("uptime = ", "“uptime” = ", "\"uptime\" = \"97 %\""),
    ] {
        let said = said("sites/alpha.toml", from, to);
        let help = format!("[write straight quotes: `{straight}`]");
        assert!(said.iter().filter(|line| line.ends_with(&help)).count() == 1, "{to}: {said:?}");
        assert!(said.iter().all(|line| !line.contains("“") || line.contains("# “so”")), "{said:?}");
    }
    assert_eq!(
        said("sites/alpha.toml", "name = \"Alpha\"", "name = \"“Alpha”\""),
        Vec::<String>::new(),
        "a text may have them"
    );
}
