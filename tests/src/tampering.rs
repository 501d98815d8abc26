//! Random changes of a plan file, one figure at a time: a date, an amount of cents, a load, a count, a rate.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use planner_core::audit::NOT_JUDGED;
use serde_json::{Number, Value};

use crate::draw::Draw;

/// What no audit can object to, by path, and why. Everything else is found: of a bound, that gap and status do not follow.
pub fn free() -> impl Iterator<Item = (&'static str, &'static str)> {
    NOT_JUDGED.iter().copied().filter(|(path, _)| *path != "/bound_usd")
}

/// Figures of a plan file, by what they are: `/ledger/*/amount_cents`.
pub struct Figures(Vec<(String, Vec<String>)>);

impl Figures {
    /// All figures that an audit can judge.
    #[must_use]
    pub fn of(plan: &Value) -> Self {
        let mut kinds = BTreeMap::new();
        gather(plan, "", "", &mut kinds);
        Self(kinds.into_iter().collect())
    }

    /// What kinds of figures there are.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(kind, _)| kind.as_str())
    }

    /// The path of a figure: every kind is as likely as another, or lines of a ledger would be all.
    pub fn pick(&self, draw: &mut Draw) -> &str {
        let (_, paths) = draw.pick(&self.0);
        draw.pick::<String>(paths)
    }
}

fn gather(value: &Value, path: &str, kind: &str, kinds: &mut BTreeMap<String, Vec<String>>) {
    if free().any(|(free, _)| free == path) {
        return;
    }
    // The inputs have one hash for all: two names tell their kinds apart.
    let part = |name: &str| if kind.starts_with("/inputs/") { kind.to_owned() } else { format!("{kind}/{name}") };
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| gather(value, &format!("{path}/{key}"), &part(key), kinds));
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, value)| gather(value, &format!("{path}/{at}"), &part("*"), kinds));
        }
        leaf if changed(leaf, &mut Draw::new(0)).is_some() => {
            kinds.entry(kind.to_owned()).or_default().push(path.to_owned());
        }
        _ => {}
    }
}

/// Another figure in place of this one, of the same kind and sign; `None` where it is none.
pub fn changed(leaf: &Value, draw: &mut Draw) -> Option<Value> {
    match leaf {
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Some(Value::from(other_whole(whole, draw))),
            None => Number::from_f64(other_real(number.as_f64()?, draw)).map(Value::Number),
        },
        Value::String(text) => other_text(text, draw).map(Value::from),
        _ => None,
    }
}

fn other_text(text: &str, draw: &mut Draw) -> Option<String> {
    if let Ok(date) = text.parse::<Date>() {
        let days = i64::from(draw.between(1, 400));
        return Some(date.saturating_add(if draw.chance(50) { days.days() } else { (-days).days() }).to_string());
    }
    // The subject of a conversion's lines: `a/liquid/lease@2027-04`.
    if let Some((subject, month)) = text.rsplit_once('@')
        && let Ok(start) = format!("{month}-01").parse::<Date>()
    {
        let other = start.saturating_add(i64::from(draw.between(1, 30)).months());
        return Some(format!("{subject}@{}", other.strftime("%Y-%m")));
    }
    let (number, unit) = text.split_once(' ')?;
    if let Ok(whole) = number.parse() {
        return Some(format!("{} {unit}", other_whole(whole, draw)));
    }
    Some(format!("{} {unit}", other_real(number.parse().ok()?, draw)))
}

/// By one to some ten thousands.
fn other_whole(whole: i64, draw: &mut Draw) -> i64 {
    let by = i64::from(steps(draw));
    let less = whole - by;
    let keeps_sign = (less < 0) == (whole < 0);
    if keeps_sign && draw.chance(50) { less } else { whole + by }
}

/// By one to some ten thousands of hundredths, which is a cent; below one, where rates are, of thousandths.
fn other_real(real: f64, draw: &mut Draw) -> f64 {
    let step = if real.abs() < 1.0 { 1e-3 } else { 1e-2 };
    let by = f64::from(steps(draw)) * step;
    let less = real - by;
    let keeps_sign = (less < 0.0) == (real < 0.0);
    if keeps_sign && draw.chance(50) { less } else { real + by }
}

/// Few as often as many.
fn steps(draw: &mut Draw) -> u32 {
    let most = 10_u32.pow(draw.between(0, 5));
    draw.between(1, most)
}

/// Words that stand together in the line of a finding, when the figure at a path of a plan is changed.
#[must_use]
pub fn named(plan: &Value, path: &str) -> Vec<String> {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let twin = parts.first() == Some(&"twin");
    let own = &parts[usize::from(twin)..];
    let keys: &[&str] = match own {
        ["inputs", ..] => return vec!["identity".to_owned()],
        ["ledger", ..] => &["site", "subject", "category"],
        ["decisions", "conversions" | "sites", ..] => &["site"],
        ["decisions", "works", ..] => &["work"],
        ["decisions", "offers", ..] => &["offer"],
        ["decisions", "machines", ..] => &["model"],
        ["decisions", "reservations", ..] => &["item"],
        // What does not follow from them is told: a bound is taken as it is, and an NPV whose rounding lies within
        // float noise may be either cent.
        ["bound_usd"] => return vec!["gap_usd".to_owned()],
        ["npv_usd" | "twin_npv_usd"] => return vec!["uplift_usd".to_owned()],
        head => return head.iter().map(|&name| name.to_owned()).collect(),
    };
    let depth = usize::from(twin) + if own[0] == "ledger" { 2 } else { 3 };
    let entry = parts[..depth].join("/");
    let word = |key: &&str| plan.pointer(&format!("/{entry}/{key}")).and_then(Value::as_str).map(str::to_owned);
    keys.iter().filter_map(word).chain(twin.then(|| "twin: ".to_owned())).collect()
}
