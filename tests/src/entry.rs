//! The ways by which text from outside comes in, with what must hold of them whatever the text is. The fuzz targets feed
//! them, and `tests/tests/corpus.rs` feeds them what the fuzzers have kept.
//!
//! Every entry panics when a promise is broken: that is how a fuzzer sees it.

use std::sync::OnceLock;

use planner_core::audit::audit;
use planner_core::diagnostics::Severity;
use planner_core::domain::Fleet;
use planner_core::options::enumerate;
use planner_core::plan::identity::identity;
use planner_core::plan::read_back::read_back;
use planner_core::plan::{AuditSummary, Plan, Provenance, SCHEMA_VERSION, Settings, Status, Twin, reader};
use planner_core::portfolio::in_memory::InMemory;
use planner_core::report::{conversions, moves, portfolio_events, schedule, site_states, works};
use planner_core::units::{self, Days, Months, Remedy, Share, UnitError, UsdCents};
use planner_core::{model, portfolio};
use serde_json::Value;

use crate::reviewed;
use crate::small::{self, ONE_HALL, TWO_HALLS};

/// An entry by the name of its fuzz target.
pub type Entry = (&'static str, fn(&str));

/// All of them.
pub const ALL: [Entry; 4] = [("toml", toml), ("csv", csv), ("quantity", quantity), ("plan", plan)];

/// Before the path of a file, at the beginning of a line.
const FILE: &str = "=== ";

/// A small portfolio of which some files are replaced: each is a line `=== path` and the text below it.
///
/// # Panics
/// When a promise of the reader is broken.
pub fn toml(text: &str) {
    let mut files = base();
    for file in text.split(FILE).skip(1) {
        let (path, text) = file.split_once('\n').unwrap_or((file, ""));
        files.0.insert(path.to_owned(), text.to_owned());
    }
    reads(&files);
}

/// The same with one list: its name is the first line.
///
/// # Panics
/// As [`toml`].
pub fn csv(text: &str) {
    const LISTS: [&str; 5] = ["sites", "halls", "offers", "works", "machines"];
    let (name, text) = text.split_once('\n').unwrap_or((text, ""));
    let path = match name {
        "asics" => "library/asics.csv".to_owned(),
        "monthly" => "library/decks/flat/monthly.csv".to_owned(),
        name => format!("{}.csv", LISTS.iter().find(|list| **list == name).unwrap_or(&"machines")),
    };
    let mut files = base();
    files.0.insert(path, text.to_owned());
    reads(&files);
}

fn base() -> InMemory {
    small::portfolio("2028-01-01", 3, "2028-06-30", &[("west", TWO_HALLS), ("east", ONE_HALL)])
}

/// The plans that are changed.
static PLANS: OnceLock<[Value; 6]> = OnceLock::new();

/// A portfolio has facts or errors, every place is in its file, and facts survive being written down.
fn reads(files: &InMemory) {
    let checked = portfolio::read(files);
    let errors = checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    assert_eq!(checked.fleet.is_none(), errors > 0, "{:#?}", checked.diagnostics);
    for diagnostic in &checked.diagnostics {
        assert!(!diagnostic.message.starts_with("the portfolio cannot be read, for a reason"), "{diagnostic:#?}");
        let Some(span) = &diagnostic.span else { continue };
        let length = checked.sources.get(&span.file).map_or(0, String::len);
        assert!(span.start <= span.end && span.end <= length, "{diagnostic:#?} in {length} bytes");
    }
    if let Some(fleet) = checked.fleet {
        let text = serde_json::to_string(&fleet).unwrap_or_default();
        let read: Result<Fleet, _> = serde_json::from_str(&text);
        assert_eq!(read.ok(), Some(fleet));
    }
}

/// A text that should be a quantity.
///
/// # Panics
/// When a quantity is not finite or is not read back as written, or a fix is none.
pub fn quantity(text: &str) {
    for dimension in units::DIMENSIONS {
        let again = |value: &f64| {
            let written = format!("{value} {}", dimension.units[0].0);
            value.is_finite() && (dimension.read)(&written).as_ref() == Ok(value)
        };
        sound((dimension.read)(text), again, dimension.read);
    }
    for per_year in [true, false] {
        sound(Share::parse(text, per_year), |share| share.0.is_finite(), |fix| Share::parse(fix, per_year));
    }
    sound(Months::parse(text), |months| Months::parse(&months.to_string()) == Ok(*months), Months::parse);
    sound(Days::parse(text), |days| Days::parse(&days.to_string()) == Ok(*days), Days::parse);
}

fn sound<T>(read: Result<T, UnitError>, holds: impl Fn(&T) -> bool, parse: impl Fn(&str) -> Result<T, UnitError>) {
    match read {
        Ok(value) => assert!(holds(&value)),
        Err(error) => {
            assert!(!error.to_string().is_empty() && !error.remedy.help().is_empty());
            if let Remedy::Write(fix) = &error.remedy {
                let other = fix.with_decimals.iter();
                for fix in other.chain([&fix.text]) {
                    assert!(parse(fix).is_ok(), "the fix of {error} is none: {fix}");
                }
            }
        }
    }
}

/// A plan.json that begins with `{`; or one of six plans, by the digit that the text begins with, and a change in every
/// line after the first: `12=9`, `12-`, `12+` replace, remove and repeat the twelfth value.
///
/// # Panics
/// When the audit, or what is exported, does.
pub fn plan(text: &str) {
    if text.starts_with('{') {
        judged(text);
        return;
    }
    let (which, changes) = text.split_once('\n').unwrap_or((text, ""));
    let plans = PLANS.get_or_init(|| reviewed::ALL.map(|(_, fleet)| a_bit_of_everything(fleet())));
    let mut plan = plans[which.trim().parse::<usize>().unwrap_or_default() % plans.len()].clone();
    for change in changes.lines().take(64) {
        apply(&mut plan, change);
    }
    judged(&plan.to_string());
}

fn judged(text: &str) {
    let Ok(mut plan) = reader::read(text.as_bytes()) else { return };
    // A careful forger mends the hash.
    plan.identity = identity(&plan.inputs);
    let found = audit(&plan);
    assert_eq!(found.passed, found.findings.is_empty());
    let (fleet, decisions, ledger) = (&plan.inputs, &plan.decisions, &plan.ledger);
    let _ = (schedule::events(&plan), conversions::rows(&plan), moves::moves(fleet, decisions, ledger));
    let _ = (works::rows(fleet, decisions, ledger), site_states::states(fleet, decisions, ledger));
    let _ = portfolio_events::reservations(fleet, decisions, ledger);
}

/// A plan that takes every third column and breaks many rules, but has every kind of decision and line.
fn a_bit_of_everything(fleet: Fleet) -> Value {
    let settings = Settings { include_loi: true, ..Settings::default() };
    let options = enumerate(&fleet, &settings);
    let model = model::build(&fleet, &settings, &options);
    let columns = model.variables.columns.iter().enumerate();
    let values: Vec<f64> = columns.map(|(at, column)| if at % 3 == 0 { column.upper.min(2.0) } else { 0.0 }).collect();
    let (decisions, mut ledger) = read_back(&fleet, &options, &model.variables, &values);
    // Enough for every kind; what is missing is a finding.
    ledger.truncate(40);
    let nil = UsdCents::default();
    let plan = Plan {
        schema_version: SCHEMA_VERSION,
        status: Status::TimeLimitFeasible,
        npv_usd: nil,
        bound_usd: nil,
        rounding_usd: UsdCents::default(),
        gap_usd: nil,
        gap_share: None,
        twin_npv_usd: nil,
        twin_bound_usd: None,
        uplift_usd: nil,
        capital_usd: nil,
        prices: vec![],
        lagrangian_bound_usd: nil,
        identity: identity(&fleet),
        settings,
        twin: Twin { decisions: decisions.clone(), ledger: ledger.clone() },
        decisions,
        ledger,
        sites_left: vec![],
        solver: String::new(),
        inputs: fleet,
        audit: AuditSummary::default(),
        provenance: Provenance::default(),
    };
    serde_json::to_value(plan).unwrap_or_default()
}

/// Changes one value, counted as they stand in the text, those that hold others included.
fn apply(plan: &mut Value, change: &str) {
    let end = change.find(|c: char| !c.is_ascii_digit()).unwrap_or(change.len());
    let (number, change) = change.split_at(end);
    if let Ok(number) = number.parse::<usize>() {
        change_nth(plan, &mut (number % (count(plan) - 1).max(1)), change);
    }
}

/// A value with all that it holds.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Object(map) => map.values().map(count).sum(),
        Value::Array(list) => list.iter().map(count).sum(),
        _ => 0,
    }
}

/// Whether the value was found inside this one; `left` counts those before it.
fn change_nth(value: &mut Value, left: &mut usize, change: &str) -> bool {
    let here = |left: &mut usize| {
        *left = left.wrapping_sub(1);
        *left == usize::MAX
    };
    match value {
        Value::Object(map) => {
            let mut found = None;
            for (key, value) in &mut *map {
                if here(left) {
                    found = Some(key.clone());
                    break;
                }
                if change_nth(value, left, change) {
                    return true;
                }
            }
            let Some(key) = found else { return false };
            match change.strip_prefix('=') {
                Some(text) => drop(map.insert(key, written(text))),
                None if change == "-" => drop(map.remove(&key)),
                None => {}
            }
            true
        }
        Value::Array(list) => {
            for at in 0..list.len() {
                if here(left) {
                    match change.strip_prefix('=') {
                        Some(text) => list[at] = written(text),
                        None if change == "-" => drop(list.remove(at)),
                        None if change == "+" => list.insert(at, list[at].clone()),
                        None => {}
                    }
                    return true;
                }
                if change_nth(&mut list[at], left, change) {
                    return true;
                }
            }
            false
        }
        _ => false,
    }
}

/// JSON, or a text without its quotes.
fn written(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}
