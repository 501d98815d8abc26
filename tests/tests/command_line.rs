//! What a user types and gets.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::process::Output;
use std::sync::OnceLock;

use planner_core::model;
use planner_core::options::enumerate;
use planner_core::plan::Plan;
use planner_core::portfolio::in_memory::InMemory;
use planner_tests::retold::shuffled;
use planner_tests::{planner, repository, small};
use serde_json::Value;
use tempfile::TempDir;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[track_caller]
fn done(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// A folder with a planned portfolio written by the binary alone.
fn planned() -> &'static Path {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    FOLDER
        .get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            done(&planner(&["init", "portfolio"], folder.path()));
            done(&planner(&["plan"], &folder.path().join("portfolio")));
            folder
        })
        .path()
}

fn plan_json() -> Value {
    serde_json::from_str(&std::fs::read_to_string(planned().join("portfolio/plan.json")).unwrap()).unwrap()
}

#[test]
fn init_writes_a_portfolio_that_checks_plans_and_audits() {
    let portfolio = planned().join("portfolio");
    assert!(done(&planner(&["check"], &portfolio)).contains("0 errors"));
    assert!(done(&planner(&["audit"], &portfolio)).contains("audit passed"));
    let again = planner(&["init", "portfolio"], planned());
    assert_ne!(again.status.code(), Some(0), "a folder with files is not overwritten");
}

#[test]
fn the_decision_page_fits_and_says_the_ten_things() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["first-look", "keel-2026"] {
        let portfolio = repository().join("site-data").join(name);
        let arguments = ["plan", portfolio.to_str().unwrap(), "--out", &format!("{name}.json"), "--timings"];
        let output = planner(&arguments, folder.path());
        let page = done(&output);
        for stage in ["CPU seconds", "reading", "pricing", "building", "twin", "polish", "plan", "auditing", "all"] {
            assert!(text(&output.stderr).contains(stage), "no `{stage}` in {}", text(&output.stderr));
        }
        assert!(!page.contains('…'), "something is cut in\n{page}");
        for line in page.lines() {
            assert!(line.chars().count() <= 100, "{name}: {line}");
        }
        for part in [
            "Answer",
            "The ask",
            "site",
            "float",
            "Returns",
            "IRR",
            "Machines",
            "Gain ends if",
            "Next",
            "Market",
            "Status",
            "audit passed",
        ] {
            assert!(page.contains(part), "{name}: no `{part}` in\n{page}");
        }
        let plan: Value =
            serde_json::from_str(&std::fs::read_to_string(folder.path().join(format!("{name}.json"))).unwrap())
                .unwrap();
        for site in plan["inputs"]["sites"].as_array().unwrap() {
            // A name may go on in a further line.
            let first = site["name"].as_str().unwrap().split(' ').next().unwrap();
            assert!(page.contains(first), "{name}: the page does not name {}", site["name"]);
        }
    }
}

#[test]
fn plan_json_has_the_names_that_stay_fixed() {
    let plan = plan_json();
    for name in [
        "schema_version",
        "status",
        "npv_usd",
        "bound_usd",
        "gap_usd",
        "gap_share",
        "prices",
        "lagrangian_bound_usd",
        "twin_npv_usd",
        "uplift_usd",
        "capital_usd",
        "inputs",
        "settings",
        "decisions",
        "ledger",
        "twin",
        "audit",
        "provenance",
    ] {
        assert!(!plan[name].is_null(), "no {name}");
    }
    for name in ["conversions", "works", "offers", "machines", "sites"] {
        assert!(plan["decisions"][name].is_array(), "no decisions.{name}");
        assert!(plan["twin"]["decisions"][name].is_array(), "no twin.decisions.{name}");
    }
    for name in ["period", "site", "subject", "category", "class", "amount_cents"] {
        assert!(!plan["ledger"][0][name].is_null(), "no ledger line {name}");
    }
}

/// Planned again, by one thread and from files whose rows, tables and keys stand in another order, plan.json is the same to the
/// byte, but for its last part: which says that these are other files.
#[test]
fn the_plan_part_of_plan_json_is_the_same_bytes_again() {
    let folder = tempfile::tempdir().unwrap();
    done(&planner(&["init", "."], folder.path()));
    let files = shuffled(&on_disk(folder.path(), ""), 3);
    for (path, text) in &files.0 {
        std::fs::write(folder.path().join(path), text).unwrap();
    }
    done(&planner(&["plan", "--threads", "1"], folder.path()));
    let parts = |folder: &Path| -> (String, String) {
        let plan = std::fs::read_to_string(folder.join("plan.json")).unwrap();
        let (plan, provenance) = plan.split_once("\"provenance\"").unwrap();
        (plan.to_owned(), provenance.to_owned())
    };
    let (first, again) = (parts(&planned().join("portfolio")), parts(folder.path()));
    assert!(first.0 == again.0, "the plan is another");
    assert_ne!(first.1, again.1, "the files were told the same way");
}

/// The text files of a folder and those below it.
fn on_disk(root: &Path, below: &str) -> InMemory {
    let mut files = InMemory::default();
    for entry in std::fs::read_dir(root.join(below)).unwrap().flatten() {
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files.0.extend(on_disk(root, &format!("{path}/")).0);
        } else {
            files.0.insert(path, std::fs::read_to_string(entry.path()).unwrap());
        }
    }
    files
}

type Change = fn(&Value) -> Value;

/// Changes one value of plan.json and audits it.
fn tampered(pointer: &str, change: impl FnOnce(&Value) -> Value) -> Output {
    let mut plan = plan_json();
    let value = plan.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}"));
    *value = change(value);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("plan.json"), serde_json::to_string(&plan).unwrap()).unwrap();
    planner(&["audit"], folder.path())
}

#[test]
fn changing_one_date_cent_or_hall_is_told_with_its_line() {
    let first = &plan_json()["decisions"]["conversions"][0];
    let subject = format!(
        "{}/{}/{}@",
        first["hall"].as_str().unwrap(),
        first["retrofit"].as_str().unwrap(),
        first["offer"].as_str().unwrap()
    );
    let site = first["site"].as_str().unwrap().to_owned();
    let cases: [(&str, Change, &str, &str); 3] = [
        ("/decisions/conversions/0/ready", |_| "2028-12-01".into(), "dates", &subject),
        ("/decisions/conversions/0/halls", |v| (v.as_u64().unwrap() + 1).into(), "conversions", &subject),
        ("/ledger/100/amount_cents", |v| (v.as_i64().unwrap() + 1).into(), "ledger", &site),
    ];
    for (pointer, change, rule, line) in cases {
        let output = tampered(pointer, change);
        let told = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(6), "{pointer}: {told}");
        assert!(told.contains(rule), "{pointer}: no `{rule}` in {told}");
        if rule != "ledger" {
            assert!(told.contains(line), "{pointer}: no `{line}` in {told}");
        }
    }
    assert_eq!(tampered("/inputs/sites/0/halls/0/count", |_| 9.into()).status.code(), Some(6));
}

#[test]
fn exports_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let plan = planned().join("portfolio/plan.json");
    done(&planner(&["export", plan.to_str().unwrap(), "--to", "csv,ics", "--out", "out"], folder.path()));
    let read = |name: &str| std::fs::read_to_string(folder.path().join("out").join(name)).unwrap();

    let mut ledger = csv::Reader::from_reader(std::io::Cursor::new(read("ledger.csv")));
    let column = |headers: &csv::StringRecord, name: &str| headers.iter().position(|h| h == name).unwrap();
    let headers = ledger.headers().unwrap().clone();
    let (case, amount) = (column(&headers, "case"), column(&headers, "amount_usd"));
    let cents: i64 = ledger
        .records()
        .map(Result::unwrap)
        .filter(|row| &row[case] == "plan")
        .map(|row| row[amount].replace('.', "").parse::<i64>().unwrap())
        .sum();
    let expected: i64 =
        plan_json()["ledger"].as_array().unwrap().iter().map(|l| l["amount_cents"].as_i64().unwrap()).sum();
    assert_eq!(cents, expected, "every cent of the ledger is in ledger.csv");

    let calendar: icalendar::Calendar = read("schedule.ics").parse().unwrap();
    let rows = csv::Reader::from_reader(std::io::Cursor::new(read("schedule.csv"))).into_records().count();
    assert_eq!(calendar.components.len(), rows, "an event per row of schedule.csv");
    let kinds = read("schedule.csv");
    for kind in ["sign", "phase", "deposit", "mining-off", "ready-for-service", "ready-by", "long-stop", "sell"] {
        assert!(kinds.contains(kind), "no {kind} in schedule.csv");
    }
}

/// The plan of one lease that two sites without machines can serve; at `hills` it costs a tenth more.
fn rivals() -> TempDir {
    let pad = "\n[[hall]]\nid = \"a\"\nuse = \"pad\"\ncount = 1\nhall_power = \"20 MW\"\nretrofits = [\"liquid\"]\n";
    let mut files = small::portfolio("2028-01-01", 8, "2028-01-01", &[("hills", pad), ("plains", pad)]);
    files.0.remove("machines.csv");
    small::change(&mut files, "sites/hills.toml", "location =", "cost_factor = \"110 %\"\nlocation =");
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in &files.0 {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    done(&planner(&["plan", "--gap", "0 %"], folder.path()));
    folder
}

#[test]
fn a_plan_is_explained_from_its_file_alone_within_eighty_columns() {
    let folder = rivals();
    let here = folder.path();
    std::fs::remove_dir_all(here.join("offers")).unwrap();
    for arguments in [&["explain"][..], &["explain", "plains"], &["explain", "plan.json", "lease"]] {
        let text = done(&planner(arguments, here));
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        // 19.2 MUSD of rent, less 16 of capex here and 17.6 there: 17.6 / 0.192 = 91.667.
        for part in ["Chosen", "earns 1.60 M$", "drops out at rent 91.66 $/kW-month or less"] {
            assert!(text.contains(part), "{arguments:?}: no `{part}` in\n{text}");
        }
    }
    let told: Value = serde_json::from_str(&done(&planner(&["explain", "lease", "--format", "json"], here))).unwrap();
    let one = &told["rejected"][0];
    for name in ["site", "retrofit", "offer", "npv_change_usd", "binding", "break_even"] {
        assert!(!one[name].is_null(), "no {name} in {one:#}");
    }
    assert_eq!(one["binding"]["rule"], "offer_size");
    let unknown = planner(&["explain", "nobody"], here);
    assert_eq!(unknown.status.code(), Some(2));
    let expected = "error: no site, retrofit or offer `nobody` takes part in any alternative of this plan: \
                    hills, lease, liquid, plains\n";
    assert_eq!(text(&unknown.stderr), expected);
}

#[test]
fn a_bid_says_the_least_rent_and_what_clauses_are_worth() {
    let folder = rivals();
    let here = folder.path();
    let ask = |more: &[&str]| planner(&[&["bid", "plains", "liquid", "--offer", "lease"], more].concat(), here);
    let text_of = done(&ask(&[]));
    assert!(text_of.lines().all(|line| line.chars().count() <= 80), "{text_of}");
    assert!(text_of.contains("least rent 91.67 $/kW-month; at 0.01 less it is not to be taken"), "{text_of}");
    let told: Value = serde_json::from_str(&done(&ask(&["--format", "json"]))).unwrap();
    assert_eq!((told["taken"].as_bool(), told["clauses"].as_array().map(Vec::len)), (Some(true), Some(6)));
    let wrong = planner(&["bid", "plains", "liquid", "--offer", "nobody"], here);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).starts_with("error: no offer `nobody` takes part"), "{}", text(&wrong.stderr));
}

#[test]
fn the_model_is_exported_from_the_plan_alone() {
    let folder = tempfile::tempdir().unwrap();
    let saved = std::fs::read_to_string(planned().join("portfolio/plan.json")).unwrap();
    let export = |plan: &str, out: &str| {
        std::fs::write(folder.path().join("plan.json"), plan).unwrap();
        planner(&["export", "--to", "mps", "--out", out], folder.path())
    };
    done(&export(&saved, "out"));
    let plan: Plan = serde_json::from_str(&saved).unwrap();
    let model = model::build(&plan.inputs, &plan.settings, &enumerate(&plan.inputs, &plan.settings));
    let exported = std::fs::read_to_string(folder.path().join("out/model.mps")).unwrap();
    assert!(exported == model.mps(&plan.inputs.name), "the exported model is another");

    let mut changed = plan_json();
    changed["inputs"]["sites"][0]["halls"][0]["count"] = 9.into();
    let refused = export(&changed.to_string(), "changed");
    assert_eq!(refused.status.code(), Some(7), "another portfolio has another model");
    assert!(text(&refused.stderr).contains("the inputs hash to"), "{}", text(&refused.stderr));
    assert!(!folder.path().join("changed").exists());
}

#[test]
fn exit_codes() {
    let folder = tempfile::tempdir().unwrap();
    let code = |arguments: &[&str]| planner(arguments, folder.path()).status.code();
    assert_eq!(code(&["plan", "--budget", "300 MW"]), Some(2), "wrong arguments");
    assert_eq!(code(&["frobnicate"]), Some(2));
    assert_eq!(code(&["check", "nowhere"]), Some(7), "no folder there");
    assert_eq!(code(&["audit", "nowhere.json"]), Some(7));
    std::fs::write(folder.path().join("no-plan.json"), "{}").unwrap();
    assert_eq!(code(&["audit", "no-plan.json"]), Some(7));
    assert_eq!(code(&["--help"]), Some(0));
}

/// A signed lease that no hall can carry: no plan exists, and the message says why.
#[test]
fn an_infeasible_portfolio_exits_4_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    done(&planner(&["init", "."], folder.path()));
    let pilot = folder.path().join("offers/pilot-5y.toml");
    let text_of = std::fs::read_to_string(&pilot).unwrap();
    let size = text_of.lines().find(|line| line.starts_with("size")).unwrap();
    std::fs::write(&pilot, text_of.replace(size, "size = { min = \"900 MW-IT\", max = \"950 MW-IT\" }")).unwrap();
    let output = planner(&["plan"], folder.path());
    assert_eq!(output.status.code(), Some(4));
    let told = text(&output.stderr);
    assert!(told.contains("`pilot-5y` takes at least 900 MW-IT"), "{told}");
    assert!(told.contains("lower the least size of `pilot-5y`"), "{told}");
    let output = planner(&["plan", "--format", "json", "--quiet"], folder.path());
    assert_eq!(output.status.code(), Some(4));
    let told: Value = serde_json::from_str(&text(&output.stderr)).unwrap();
    let conflict = &told["conflicts"][0];
    let has = |list: &str, key: &str, word: &str| {
        conflict[list].as_array().unwrap().iter().any(|entry| entry[key] == word && entry["offer"] == "pilot-5y")
    };
    assert!(has("limits", "limit", "least-size") && has("repairs", "change", "least-size"), "{told}");
    assert!(!folder.path().join("plan.json").exists());
}

/// A lock keeps the twin from being a plan, and there is no time to search for one.
#[test]
fn a_limit_without_a_plan_exits_5() {
    let folder = tempfile::tempdir().unwrap();
    done(&planner(&["generate", "--sites", "3", "--seed", "8", "--out", "."], folder.path()));
    let file = folder.path().join("portfolio.toml");
    let lock = "\n[[lock]]\nkind = \"force\"\nsite = \"juniper-field\"\n";
    std::fs::write(&file, std::fs::read_to_string(&file).unwrap() + lock).unwrap();
    let output = planner(&["plan", "--time-limit", "0.000001"], folder.path());
    assert_eq!(output.status.code(), Some(5), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stderr).contains("a limit was reached before any plan was found"));
    assert!(!folder.path().join("plan.json").exists());
    done(&planner(&["plan"], folder.path()));
}

/// Ctrl-C ends the search with the best plan so far. When the signal comes too early or too late, it is sent again at
/// another time.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_the_best_plan_so_far() {
    use std::process::{Command, Stdio};
    let portfolio = repository().join("site-data/core-scientific-2026");
    let binary = repository().join("target/release/planner");
    for tenths in [5, 10, 20, 3, 40, 80] {
        let folder = tempfile::tempdir().unwrap();
        let mut plan = Command::new(&binary);
        plan.arg("plan").arg(&portfolio).args(["--gap", "0 %", "--format", "json"]).current_dir(folder.path());
        let running = plan.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(100 * tenths));
        let pid = running.id().to_string();
        let _ = Command::new("kill").args(["-INT", &pid]).status();
        let output = running.wait_with_output().unwrap();
        let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        match output.status.code() {
            Some(0) if told["status"] == "time_limit_feasible" => {
                assert_eq!(told["audit"]["passed"], true);
                assert!(folder.path().join("plan.json").exists());
                return;
            }
            // Before the signal was listened to, or after the search had ended.
            None | Some(0) => {}
            // A lock or a policy kept the twin from being a plan.
            Some(5) => return,
            other => panic!("{other:?}: {}", text(&output.stderr)),
        }
    }
    panic!("the signal never met the search");
}

#[test]
fn a_plan_of_ours_is_kept_and_a_foreign_file_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    done(&planner(&["init", "."], folder.path()));
    std::fs::write(folder.path().join("plan.json"), "my shopping list").unwrap();
    let refused = planner(&["plan", "--time-limit", "30 s"], folder.path());
    assert_eq!(refused.status.code(), Some(7), "{}", text(&refused.stderr));
    assert_eq!(std::fs::read_to_string(folder.path().join("plan.json")).unwrap(), "my shopping list");
    std::fs::copy(planned().join("portfolio/plan.json"), folder.path().join("plan.json")).unwrap();
    done(&planner(&["plan"], folder.path()));
    assert!(folder.path().join("plan.previous.json").exists());
}

#[test]
fn compare_prints_points_in_json() {
    let output =
        planner(&["compare", "--budgets", "80, 300 MUSD", "--format", "json", "--quiet"], &planned().join("portfolio"));
    let told: Value = serde_json::from_str(&done(&output)).unwrap();
    let points = told["points"].as_array().unwrap();
    assert_eq!(points.len(), 2);
    for (point, budget) in points.iter().zip([80e6, 300e6]) {
        assert!((point["budget_usd"].as_f64().unwrap() - budget).abs() < 1e-6);
        assert!(point["capital_usd"].as_f64().unwrap() <= budget);
        for name in ["npv_usd", "uplift_usd", "gap_usd", "sites"] {
            assert!(!point[name].is_null(), "no {name}");
        }
    }
}

/// The frontier of a small portfolio: tables that fit a narrow terminal, files, and a run that goes on.
#[test]
fn a_range_of_budgets_is_the_frontier() {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in planner_tests::draw::portfolio(11).0 {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let compare = |more: &[&str]| {
        planner(&[&["compare", ".", "--budgets", "0..70 MUSD", "--quiet"], more].concat(), folder.path())
    };
    let page = done(&compare(&["--out", "out"]));
    for words in
        ["What each budget buys", "next $", "as phased", "nesting", "base", "Resolution 0.7 M$", "(in)", "goes first"]
    {
        assert!(page.contains(words), "no `{words}` in {page}");
    }
    assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");

    let file = |name: &str| folder.path().join("out").join(name);
    let read = |name: &str| std::fs::read_to_string(file(name)).unwrap();
    let told: Value = serde_json::from_str(&read("frontier.json")).unwrap();
    let points = told["points"].as_array().unwrap();
    assert!(points.len() > 2);
    let fields = ["budget_usd", "npv_usd", "uplift_usd", "gap_usd", "capital_usd", "sites", "peak_funding_usd", "irr"];
    for point in points {
        assert!(fields.iter().all(|name| !point[name].is_null()) && point["audit_passed"] == true, "{point}");
    }
    assert_eq!(csv::Reader::from_reader(read("frontier.csv").as_bytes()).records().count(), points.len());
    assert_eq!(read("frontier.svg").matches("<polyline").count(), 3);
    let plans = || std::fs::read_dir(file("")).unwrap().flatten().filter(|f| f.path().is_file()).count();
    assert_eq!(plans(), 3 * points.len() + 3, "three plans for each point, and the frontier's own files");

    let refused = compare(&["--out", "out"]);
    assert_eq!(refused.status.code(), Some(7), "what is there is not overwritten");
    let last = points.last().unwrap()["budget_usd"].as_f64().unwrap() / 1e6;
    let plan = file(&format!("plan-{last}MUSD.json"));
    done(&planner(&["audit", plan.to_str().unwrap()], folder.path()));
    std::fs::remove_file(plan).unwrap();
    let solved: Vec<_> = std::fs::read_dir(file("solved")).unwrap().flatten().collect();
    solved.iter().step_by(2).for_each(|file| std::fs::remove_file(file.path()).unwrap());
    let again: Value = serde_json::from_str(&done(&compare(&["--out", "out", "--force", "--format", "json"]))).unwrap();
    assert_eq!(again, told, "the run goes on to the same frontier");
    assert_eq!(plans(), 3 * points.len() + 3, "a plan that is there is left");

    let wrong = |arguments: &[&str]| planner(arguments, folder.path()).status.code();
    assert_eq!(wrong(&["compare", "--budgets", "1, 2 MUSD", "--resolution", "1 MUSD"]), Some(2));
    assert_eq!(wrong(&["compare", "--budgets", "0..2 MUSD", "--base", "3 MUSD"]), Some(2));
}

#[test]
fn generate_writes_a_portfolio_that_checks() {
    let folder = tempfile::tempdir().unwrap();
    let generate = ["generate", "--sites", "4", "--seed", "7"];
    assert!(done(&planner(&generate, folder.path())).contains("next: planner check generated-4-7"));
    assert!(done(&planner(&["check", "generated-4-7"], folder.path())).contains("4 sites"));
    let again = planner(&generate, folder.path());
    assert_eq!(again.status.code(), Some(7), "a folder with files is not overwritten");
    let out = ["--out", "generated-4-7", "--force"];
    done(&planner(&[generate.as_slice(), &out].concat(), folder.path()));
    let others = planner(&[&["generate", "--sites", "4", "--seed", "8"], out.as_slice()].concat(), folder.path());
    assert_eq!(others.status.code(), Some(7));
    assert!(text(&others.stderr).contains("of another portfolio"), "{}", text(&others.stderr));
}
