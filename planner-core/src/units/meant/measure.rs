//! A unit as people write it: `M$ per MW`, `USD/kW-IT/mo`, `kw`, `¢/kWh`. Its size, and what it measures, over what.

use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::One;

use super::number::power_of_ten;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Base {
    Money,
    Power,
    Energy,
    Hashrate,
    Hours,
    Time,
    Rack,
    Hall,
    Site,
    Machine,
    Bitcoin,
    Share,
}

/// A unit that was understood.
#[derive(Debug, Clone)]
pub(super) struct Measure {
    /// In dollars, watts, watt-hours, hashes a second, hours, months or days.
    pub size: BigRational,
    /// `None` when only a number of them is given: `million`.
    pub of: Option<Base>,
    pub per: BTreeSet<Base>,
    /// Whether it is said to be critical IT load.
    pub it: bool,
    /// The span of time in it.
    pub time: Option<Span>,
}

/// Months and days are not measured by each other: a month has 28 to 31 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    Months(u32),
    Days(u32),
}

impl Span {
    pub const fn is_days(self) -> bool {
        matches!(self, Self::Days(_))
    }
    fn size(self) -> BigRational {
        let (Self::Months(count) | Self::Days(count)) = self;
        BigRational::from(BigInt::from(count))
    }
}

/// One word of a unit.
enum Word {
    Scale(i32),
    Unit(Base, BigRational),
    Time(Span),
    It,
    Per,
    Noise,
}

/// Words that count: the power of ten. Letters alone count money; `k` and `M` count anything.
const SCALES: [(&[&str], i32); 7] = [
    (&["hundred"], 2),
    (&["k", "thousand", "thousands", "tsd"], 3),
    (&["lakh", "lakhs"], 5),
    (&["m", "mm", "mn", "mio", "mln", "mill", "million", "millions", "millionen"], 6),
    (&["crore", "crores"], 7),
    (&["b", "bn", "bln", "mrd", "mia", "billion", "billions", "milliard", "milliards", "milliarden"], 9),
    (&["tn", "trn", "trillion", "trillions"], 12),
];

/// Prefixes of units.
const PREFIXES: [(&[&str], i32); 8] = [
    (&[""], 0),
    (&["k", "kilo"], 3),
    (&["m", "mega"], 6),
    (&["g", "giga"], 9),
    (&["t", "tera"], 12),
    (&["p", "peta"], 15),
    (&["e", "exa"], 18),
    (&["z", "zetta"], 21),
];

/// Units that take a prefix.
const PREFIXED: [(&[&str], Base); 3] = [
    (&["w", "watt", "watts"], Base::Power),
    (&["wh", "watthour", "watthours"], Base::Energy),
    (&["h", "hs", "hash", "hashs", "hashes"], Base::Hashrate),
];

/// Units that take none: by the power of ten.
const UNITS: [(&[&str], Base, i32); 13] = [
    (&["usd", "$", "dollar", "dollars"], Base::Money, 0),
    (&["cent", "cents", "¢", "c"], Base::Money, -2),
    (&["hour", "hours", "hr", "hrs", "h"], Base::Hours, 0),
    (&["rack", "racks"], Base::Rack, 0),
    (&["hall", "halls"], Base::Hall, 0),
    (&["site", "sites"], Base::Site, 0),
    (&["machine", "machines", "miner", "miners", "unit", "units", "rig", "rigs", "asic", "asics"], Base::Machine, 0),
    (&["btc", "xbt", "₿", "bitcoin", "bitcoins"], Base::Bitcoin, 0),
    (&["sat", "sats", "satoshi", "satoshis"], Base::Bitcoin, -8),
    (&["%", "percent", "pct", "pp"], Base::Share, -2),
    (&["‰", "permille"], Base::Share, -3),
    (&["bp", "bps", "bip", "bips"], Base::Share, -4),
    (&["mbtc"], Base::Bitcoin, -3),
];

const SPANS: [(&[&str], Span); 5] = [
    (&["day", "days", "d"], Span::Days(1)),
    (&["week", "weeks", "wk", "wks"], Span::Days(7)),
    (&["month", "months", "mo", "mos", "mth", "mths"], Span::Months(1)),
    (&["quarter", "quarters", "qtr", "qtrs"], Span::Months(3)),
    (&["year", "years", "yr", "yrs", "y", "annum"], Span::Months(12)),
];

/// Currencies that are no slip of writing.
const CURRENCIES: &[&str] = &[
    "eur", "euro", "euros", "gbp", "pound", "pounds", "chf", "cad", "aud", "nzd", "sgd", "hkd", "cny", "rmb", "jpy",
    "yen", "krw", "inr", "rupee", "rupees", "nok", "sek", "dkk", "isk", "brl", "mxn", "zar", "aed", "kzt", "pln",
];

fn in_list<'a, T>(word: &str, mut lists: impl Iterator<Item = (&'a [&'static str], T)>) -> Option<T> {
    lists.find(|(words, _)| words.contains(&word)).map(|(_, what)| what)
}

fn scale(word: &str) -> Option<i32> {
    in_list(word, SCALES.iter().map(|(words, power)| (*words, *power)))
}

fn span(word: &str) -> Option<Span> {
    in_list(word, SPANS.iter().map(|(words, span)| (*words, *span)))
}

fn unit(word: &str) -> Option<Word> {
    let plain = UNITS.iter().find(|(words, ..)| words.contains(&word));
    if let Some((_, base, power)) = plain {
        return Some(Word::Unit(*base, power_of_ten(*power)));
    }
    for (stems, base) in PREFIXED {
        for prefix in stems.iter().filter_map(|stem| word.strip_suffix(stem)) {
            if let Some(power) = in_list(prefix, PREFIXES.iter().map(|(words, power)| (*words, *power))) {
                return Some(Word::Unit(base, power_of_ten(power)));
            }
        }
    }
    // `kUSD`, `mmusd`, `usdbn`.
    let count = word.strip_suffix("usd").or_else(|| word.strip_prefix("usd"))?;
    scale(count).map(|power| Word::Unit(Base::Money, power_of_ten(power)))
}

fn word(text: &str, in_money: bool) -> Option<Word> {
    let lower = text.to_lowercase();
    match lower.as_str() {
        "per" => return Some(Word::Per),
        "it" => return Some(Word::It),
        "us" => return Some(Word::Noise),
        _ => {}
    }
    // `m` alone may be a metre, a minute or a thousandth; `M` and `k` are not.
    let letter_counts = in_money || !matches!(text, "m" | "mm" | "b" | "B");
    // `kUS$`.
    let count = lower.strip_suffix("us").filter(|_| in_money).unwrap_or(&lower);
    if let Some(power) = scale(count).filter(|_| letter_counts) {
        return Some(Word::Scale(power));
    }
    if let Some(span) = span(&lower) {
        return Some(Word::Time(span));
    }
    // `C$` is no amount of cents.
    if text == "C" {
        return None;
    }
    let power_of_it = || unit(lower.strip_suffix("it")?).filter(|word| matches!(word, Word::Unit(Base::Power, _)));
    unit(&lower).or_else(power_of_it)
}

/// The words and marks of a unit; `None` when it has a mark that no unit has.
fn words(text: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = vec![];
    let mut joined = false;
    for c in text.chars() {
        match c {
            '.' => {}
            ' ' | '-' | '(' | ')' => joined = false,
            '/' | '$' | '€' | '£' | '¥' | '₹' | '%' | '‰' | '¢' | '₿' => {
                words.push(if c == '/' { "per".to_owned() } else { c.to_string() });
                joined = false;
            }
            c if c.is_alphabetic() && joined => words.last_mut()?.push(c),
            c if c.is_alphabetic() => {
                words.push(c.to_string());
                joined = true;
            }
            _ => return None,
        }
    }
    Some(words)
}

/// Ways to say a rate in other words, put right: `TH/s`, `per cent`, `p.a.`, `a month`, `yearly`.
fn rates(words: &[String]) -> Vec<String> {
    let mut out: Vec<String> = vec![];
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let mut at = 0;
    while let Some(word) = lower.get(at) {
        let next = lower.get(at + 1).map_or("", String::as_str);
        let (taken, put): (usize, &[&str]) = match (word.as_str(), next) {
            ("per", "s" | "sec" | "second") => (2, &[]),
            ("per", "cent") | ("percentage", "point" | "points") => (2, &["%"]),
            ("basis", "point" | "points") => (2, &["bp"]),
            ("per" | "p", "a") => (2, &["per", "year"]),
            ("pa" | "annually" | "annual" | "yearly", _) => (1, &["per", "year"]),
            ("quarterly", _) => (1, &["per", "quarter"]),
            ("monthly", _) => (1, &["per", "month"]),
            ("weekly", _) => (1, &["per", "week"]),
            ("daily", _) => (1, &["per", "day"]),
            ("a" | "an" | "each" | "every", next) if span(next).is_some() => (1, &["per"]),
            _ => (0, &[]),
        };
        out.extend(put.iter().map(|word| (*word).to_owned()));
        if taken == 0 {
            out.extend(words.get(at).cloned());
        }
        at += taken.max(1);
    }
    out
}

/// What a unit says; `None` when a word of it is not known, or it says two things at once.
pub(super) fn read(text: &str) -> Option<Measure> {
    let words = rates(&words(text)?);
    let lower = |word: &String| word.to_lowercase();
    let in_money = words.iter().map(lower).any(|word| matches!(unit(&word), Some(Word::Unit(Base::Money, _))));
    let mut measure = Measure { size: BigRational::one(), of: None, per: BTreeSet::new(), it: false, time: None };
    let (mut below, mut dollars) = (false, false);
    for text in &words {
        match word(text, in_money)? {
            Word::Per if below && measure.per.is_empty() => return None,
            Word::Per => below = true,
            Word::Noise => {}
            Word::It => measure.it = true,
            Word::Scale(power) if !below => measure.size *= power_of_ten(power),
            Word::Scale(_) => return None,
            Word::Time(span) => {
                if measure.time.replace(span).is_some() {
                    return None;
                }
                measure.take(Base::Time, &span.size(), below)?;
            }
            // `$5 USD` says it twice.
            Word::Unit(Base::Money, size) if !below && dollars && size.is_one() => {}
            Word::Unit(base, size) => {
                dollars |= base == Base::Money && size.is_one();
                measure.it |= base == Base::Power && text.to_lowercase().ends_with("it");
                measure.take(base, &size, below)?;
            }
        }
    }
    (!below || !measure.per.is_empty()).then_some(measure)
}

impl Measure {
    fn take(&mut self, base: Base, size: &BigRational, below: bool) -> Option<()> {
        if below {
            self.size /= size;
            return self.per.insert(base).then_some(());
        }
        self.size *= size;
        self.of.replace(base).is_none().then_some(())
    }
}

/// Whether an amount is in another currency than the dollar.
pub(super) fn is_foreign(text: &str) -> bool {
    let foreign = |word: &str| CURRENCIES.contains(&word);
    text.to_lowercase().split(|c: char| !c.is_alphabetic()).any(|word| {
        let stem = word.strip_prefix(['k', 'm', 'b']).unwrap_or(word);
        let stems = [word, stem, stem.strip_prefix('m').unwrap_or(stem), word.trim_end_matches(['k', 'm', 'b', 'n'])];
        stems.into_iter().any(foreign)
    }) || text.contains(['€', '£', '¥', '₹'])
}
