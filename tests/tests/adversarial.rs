//! What is written in the files of a portfolio or a plan to break the program, or to deceive who reads its output.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::process::Command;

use planner_core::letters::is_hidden;
use planner_core::portfolio::in_memory::InMemory;
use planner_tests::small::{self, ONE_HALL, change};
use planner_tests::{planner, repository, says, told, write};
use serde_json::Value;
use tempfile::TempDir;

fn portfolio() -> InMemory {
    small::portfolio("2028-01-01", 6, "2028-06-30", &[("west", ONE_HALL)])
}

fn on_disk(files: &InMemory) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(files, folder.path());
    folder
}

/// A folder with the plan of the portfolio.
fn planned(files: &InMemory) -> TempDir {
    let folder = on_disk(files);
    told(&planner(&["plan"], folder.path()), 0);
    folder
}

fn plan_json(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("plan.json")).unwrap()
}

/// Within two gigabytes.
#[cfg(unix)]
#[test]
fn a_million_rows_are_refused_in_bounded_memory() {
    let rows = |row: fn(u32) -> String| (0..1_000_000).map(row).collect::<String>();
    let files = [
        ("machines.csv", small_machines() + &rows(|n| format!("west,model {n},1,1000,24\n"))),
        (
            "offers.csv",
            "id,tenant,size.min [MW-IT],size.max [MW-IT],term [months],rent [USD/kW-month],class\n".to_owned()
                + &rows(|n| format!("offer-{n},tenant,1,2,60,100,liquid\n")),
        ),
        ("library/decks/flat/monthly.csv", "month,btc_price [USD]\n".to_owned() + &rows(|_| "2028-01,1\n".to_owned())),
        ("halls.csv", "\"".to_owned() + &rows(|_| "west,\n".to_owned())),
    ];
    let refused = ["holds more than 100000 rows", "holds more than 100000 rows", "holds more than 100000 rows", "E001"];
    for ((path, text), refused) in files.into_iter().zip(refused) {
        let mut folder = portfolio();
        folder.0.insert(path.to_owned(), text);
        let folder = on_disk(&folder);
        let mut limited = Command::new("sh");
        limited.args(["-c", "ulimit -v 2000000 && exec \"$0\" check"]).arg(repository().join("target/release/planner"));
        let told = told(&limited.current_dir(folder.path()).output().unwrap(), 3);
        says(&told, refused);
        says(&told, path);
        assert!(told.len() < 10_000, "{path}: {} bytes", told.len());
    }
}

fn small_machines() -> String {
    portfolio().0["machines.csv"].clone()
}

#[test]
fn nesting_ten_thousand_deep_is_refused() {
    const DEEP: usize = 10_000;
    let nested = |open: &str, inner: &str, close: &str| open.repeat(DEEP) + inner + &close.repeat(DEEP);
    for (text, says_so) in [
        (format!("x = {}", nested("[", "", "]")), "cannot recurse further; max recursion depth met"),
        (format!("x = {}", nested("{a = ", "1", "}")), "cannot recurse further; max recursion depth met"),
        (format!("x = {}", "[".repeat(DEEP)), "cannot recurse further; max recursion depth met"),
        (format!("[{}b]\nc = 1", "a.".repeat(DEEP)), "recursion limit"),
        (format!("{}b = 1", "a.".repeat(DEEP)), "recursion limit"),
    ] {
        let mut files = portfolio();
        files.0.insert("sites/deep.toml".to_owned(), text);
        let told = told(&planner(&["check"], on_disk(&files).path()), 3);
        says(&told, &format!("error[E001]: this is not TOML: {says_so}"));
        says(&told, "sites/deep.toml:1:");
    }
    let folder = planned(&portfolio());
    let plan = plan_json(folder.path());
    let name = "\"name\": \"small\"";
    for (text, says_so) in [
        (nested("[", "", "]"), "invalid type: sequence, expected u32"),
        (nested("{\"x\":", "1", "}"), "missing field `schema_version`"),
        (
            plan.replace(name, &format!("\"name\": {}", nested("[", "", "]"))),
            "invalid type: sequence, expected a string",
        ),
        (plan.replace(name, &format!("\"name\": {}", "{\"a\":".repeat(DEEP))), "invalid type: map, expected a string"),
    ] {
        std::fs::write(folder.path().join("plan.json"), &text).unwrap();
        let told = told(&planner(&["audit"], folder.path()), 7);
        says(&told, "error: plan.json is not a plan that this version reads: ");
        says(&told, says_so);
    }
    std::fs::write(folder.path().join("plan.json"), nested("[", "", "]")).unwrap();
    says(&told(&planner(&["plan"], folder.path()), 7), "plan.json is there and is no plan of ours");
    assert_eq!(plan_json(folder.path()), nested("[", "", "]"));
}

#[test]
fn absurd_numbers_of_a_portfolio_are_refused() {
    let cases: [(&str, &str, &str, &str); 12] = [
        (
            "sites/west.toml",
            "firm = \"20 MW\"",
            "firm = \"1e300 MW\"",
            "E203]: `firm` is `1e300 MW`: expected `0 MW` to `",
        ),
        ("sites/west.toml", "firm = \"20 MW\"", "firm = \"NaN MW\"", "E201]: `firm` is `NaN MW`"),
        ("sites/west.toml", "firm = \"20 MW\"", "firm = \"-inf MW\"", "E201]: `firm` is `-inf MW`"),
        ("sites/west.toml", "firm = \"20 MW\"", "firm = \"1e999 MW\"", "E201]: `firm` is `1e999 MW`"),
        ("sites/west.toml", "count = 1", "count = 1e300", "E103]: `count` is `1e300`"),
        ("sites/west.toml", "count = 1", "count = 99999999999999999999", "`count` is `99999999999999999999`"),
        ("library/retrofits/liquid.toml", "pue = 1.2", "pue = 1e300", "E203]: `pue` is `1e300`"),
        ("library/retrofits/liquid.toml", "pue = 1.2", "pue = inf", "E103]: `pue` is `inf`: expected a finite number"),
        (
            "library/retrofits/liquid.toml",
            "1000 USD/kW-IT\"",
            "1e300 USD/kW-IT\"",
            "E203]: `amount` is `1e300 USD/kW-IT`",
        ),
        ("offers/lease.toml", "\"12 months\"", "\"99999999999 months\"", "E201]: `term` is `99999999999 months`"),
        ("machines.csv", "4000,1000", "4000,1e300", "E203]: `book` is `1e300`"),
        ("machines.csv", "4000,1000", "NaN,1000", "`count` is `NaN`"),
    ];
    for (path, right, wrong, says_so) in cases {
        let mut files = portfolio();
        change(&mut files, path, right, wrong);
        let folder = on_disk(&files);
        says(&told(&planner(&["check"], folder.path()), 3), says_so);
        told(&planner(&["plan"], folder.path()), 3);
        assert!(!folder.path().join("plan.json").exists());
    }
}

#[test]
fn absurd_numbers_of_a_plan_and_of_arguments_are_refused() {
    let folder = planned(&portfolio());
    let plan: Value = serde_json::from_str(&plan_json(folder.path())).unwrap();
    let npv = format!("\"npv_usd\": {}", plan["npv_usd"]);
    for (wrong, code, says_so) in [
        ("\"npv_usd\": 1e300", 6, "npv"),
        ("\"npv_usd\": -1e300", 6, "npv"),
        ("\"npv_usd\": 1e999", 7, "number out of range"),
        ("\"npv_usd\": NaN", 7, "expected value"),
        ("\"npv_usd\": \"inf\"", 7, "invalid type: string"),
    ] {
        let text = plan_json(folder.path());
        assert!(text.contains(&npv));
        std::fs::write(folder.path().join("wrong.json"), text.replace(&npv, wrong)).unwrap();
        says(&told(&planner(&["audit", "wrong.json"], folder.path()), code), says_so);
    }
    let too_much = "is too much: expected at most `1000000000000 USD`";
    let no_number = "is not a number with a unit: expected money";
    for (amount, says_so) in
        [("1e300 USD", too_much), ("1e300 BUSD", no_number), ("NaN USD", no_number), ("inf USD", no_number)]
    {
        for arguments in [["plan", "--budget", amount], ["compare", "--budgets", amount]] {
            says(&told(&planner(&arguments, folder.path()), 2), says_so);
        }
    }
}

/// Text that turns, hides or looks like other text is refused, and where it is told it is replaced.
#[test]
fn hidden_text_is_refused_and_never_printed() {
    for hidden in ['\u{202e}', '\u{2067}', '\u{200b}', '\u{200f}', '\u{2060}', '\u{feff}', '\u{1b}', '\u{ad}'] {
        let mut files = portfolio();
        // A terminal would show the tenant as another one.
        let tenant = if hidden == '\u{1b}' { "ten\\u001bant".to_owned() } else { format!("ten{hidden}ant") };
        change(&mut files, "offers/lease.toml", "\"tenant\"", &format!("\"{tenant}\""));
        files.0.insert(format!("offers/le{hidden}ase.toml"), format!("# {hidden}\nwrong{hidden} = 1\n"));
        let told = told(&planner(&["check"], on_disk(&files).path()), 3);
        says(
            &told,
            "`tenant` is `\"ten\u{fffd}ant\"`: expected a text of one line, without control or invisible characters",
        );
        says(&told, "the file name `le\u{fffd}ase` is the name of the offer");
        let shown: Vec<char> = told.chars().filter(|c| is_hidden(*c) && *c != '\n').collect();
        assert!(shown.is_empty(), "{hidden:?}: {shown:?} in\n{told}");
    }
    // Letters are read in whatever direction they are written.
    let mut files = small::portfolio("2028-01-01", 6, "2028-06-30", &[("שלום", ONE_HALL)]);
    change(&mut files, "offers/lease.toml", "\"tenant\"", "\"شركة\"");
    let folder = planned(&files);
    // A plan is a file that anyone may have written.
    let plan = plan_json(folder.path()).replacen("\"site\": \"שלום", "\"site\": \"שלום\\u202e\\u001b[2J", 1);
    std::fs::write(folder.path().join("plan.json"), plan).unwrap();
    let told = told(&planner(&["audit"], folder.path()), 6);
    says(&told, "שלום\u{fffd}\u{fffd}[2J");
    assert!(!told.chars().any(|c| is_hidden(c) && c != '\n'), "{told}");
}

/// No cell of an exported table begins as a formula does, whatever things are called.
#[test]
fn names_do_not_become_formulas() {
    let mut files = small::portfolio("2028-01-01", 6, "2028-06-30", &[("-west", ONE_HALL)]);
    change(&mut files, "offers/lease.toml", "\"tenant\"", "\"=cmd|' /C calc'!A0\"");
    change(&mut files, "machines.csv", ",round,", ",@SUM(A1),");
    change(&mut files, "library/asics.csv", "round,", "@SUM(A1),");
    change(&mut files, "portfolio.toml", "\"small\"", "\"+1\"");
    let work = "\n[[work]]\nid = \"-1\"\nname = \"=HYPERLINK(\\\"http://x\\\")\"\nmonths = \"3 months\"\n\
                cost = \"1 MUSD\"\nadds = { firm = \"1 MW\" }\nneeded_by = { beyond = \"0 MW\" }\n";
    files.0.get_mut("sites/-west.toml").unwrap().push_str(work);
    let folder = planned(&files);
    told(&planner(&["export", "--to", "csv,ics"], folder.path()), 0);
    let mut cells = 0;
    let mut mended = Vec::new();
    for file in std::fs::read_dir(folder.path().join("export")).unwrap().flatten() {
        if file.path().extension().is_none_or(|extension| extension != "csv") {
            continue;
        }
        for row in csv::ReaderBuilder::new().flexible(true).from_path(file.path()).unwrap().into_records() {
            for cell in &row.unwrap() {
                cells += 1;
                let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
                assert!(!formula || cell.parse::<f64>().is_ok(), "{cell} in {:?}", file.path());
                mended.extend(cell.strip_prefix('\'').map(str::to_owned));
            }
        }
    }
    assert!(cells > 100, "{cells}");
    for name in ["=cmd|' /C calc'!A0", "@SUM(A1)", "-west", "=HYPERLINK(\"http://x\")"] {
        assert!(mended.iter().any(|cell| cell == name), "no `{name}` in {mended:?}");
    }
}
