//! What a person meant by a text that is no quantity: the size as written, in a unit that the reader takes.
//!
//! A size is never guessed: where it is not known, or has no end as a decimal number, there is no [`Fix`]. Units are
//! understood by the words they are made of, so that a new dimension needs no list of its slips.

mod measure;
mod number;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::One;

use self::measure::{Base, Measure, is_foreign};
use self::number::{Found, decimal, plain};
use super::{DIMENSIONS, Days, Months, Share, Unit};

/// A dimension with its units, as messages name them.
pub type Accepted = (&'static str, &'static [Unit]);

/// A text of the size that was written, which the reader takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The text.
    pub text: String,
    /// What must be so, where the text that was written does not say it: `in MW`, `critical IT load`.
    pub if_it_is: Option<String>,
    /// The text if the only comma marks decimals: `1.3 MW` where `1,300 MW` is taken for `1300 MW`.
    pub with_decimals: Option<String>,
}

/// What every accepted unit says.
static OWN: LazyLock<BTreeMap<&str, Measure>> = LazyLock::new(|| {
    let others = [Months::ACCEPTED, Days::ACCEPTED, Share::accepted(false), Share::accepted(true)];
    let units = DIMENSIONS.iter().map(|known| known.units).chain(others.map(|(_, units)| units)).flatten();
    units.filter_map(|(unit, ..)| Some((*unit, measure::read(unit)?))).collect()
});

/// How a value that is wrong is mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// By a text that means the same.
    Write(Box<Fix>),
    /// By a value of the form of this example; its size has nothing to do with what was written.
    Example(String),
    /// In words.
    Say(&'static str),
}

impl Remedy {
    /// The text to write, where nothing is to be known but what was written.
    #[must_use]
    pub fn certain(text: impl Into<String>) -> Self {
        Self::write(Fix { text: text.into(), if_it_is: None, with_decimals: None })
    }

    /// The text to write, with what it takes for granted.
    #[must_use]
    pub fn write(fix: Fix) -> Self {
        Self::Write(Box::new(fix))
    }

    /// The same with its texts changed.
    #[must_use]
    pub fn map(self, change: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Write(fix) => Self::write(Fix {
                text: change(&fix.text),
                if_it_is: fix.if_it_is,
                with_decimals: fix.with_decimals.as_deref().map(&change),
            }),
            Self::Example(text) => Self::Example(change(&text)),
            Self::Say(text) => Self::Say(text),
        }
    }

    /// In words, each text between backticks.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Write(fix) => {
                let condition = fix.if_it_is.as_ref().map_or(String::new(), |what| format!(", if it is {what}"));
                let other = fix.with_decimals.as_ref();
                let other = other.map_or(String::new(), |text| format!("; `{text}`, if the comma marks decimals"));
                format!("write `{}`{condition}{other}", fix.text)
            }
            Self::Example(text) => format!("for example `{text}`"),
            Self::Say(text) => (*text).to_owned(),
        }
    }
}

/// How a text is mended that should be one of these dimensions; `reads` says whether the reader takes a text.
pub fn remedy(text: &str, accepted: &[Accepted], example: &str, reads: impl Fn(&str) -> bool) -> Remedy {
    let text = plain(text);
    if is_foreign(&text) && accepted.iter().any(|(_, units)| of_money(units)) {
        return Remedy::Say("amounts are in US dollars: convert it, and name the rate in `source`");
    }
    let fix = fix(&text, accepted, &reads)
        .map(|fix| Fix { with_decimals: fix.with_decimals.filter(|text| reads(text)), ..fix });
    fix.map_or_else(|| Remedy::Example(example.to_owned()), Remedy::write)
}

/// A number without a unit, in any custom of writing it, as TOML has it: `1300` for `1,300`.
#[must_use]
pub fn bare_number(text: &str) -> Option<Fix> {
    let Found { before, value, with_decimals, after } = number::only(&plain(text))?;
    let bare = before.is_empty() && after.trim().is_empty();
    let with_decimals = with_decimals.as_ref().and_then(decimal);
    bare.then(|| decimal(&value)).flatten().map(|text| Fix { text, if_it_is: None, with_decimals })
}

fn of_money(units: &[Unit]) -> bool {
    units.first().and_then(|(unit, ..)| OWN.get(unit)).is_some_and(|unit| unit.of == Some(Base::Money))
}

fn fix(text: &str, accepted: &[Accepted], reads: impl Fn(&str) -> bool) -> Option<Fix> {
    let Found { before, value, with_decimals, after } = number::only(text)?;
    let after = after.trim().trim_end_matches([',', ';', ':', '.']);
    let written = measure::read(&format!("{before} {after}"))?;
    let units = accepted.iter().flat_map(|(dimension, units)| units.iter().map(|(unit, ..)| (*dimension, *unit)));
    let bare = written.of.is_none() && written.per.is_empty();
    let candidates = units.filter_map(|(dimension, unit)| {
        let own = OWN.get(unit)?;
        let factor = if bare { Some(written.size.clone()) } else { ratio(&written, own) };
        let factor = factor.or_else(|| whole_years(&value, &written, own))?;
        let number = decimal(&(&value * &factor))?;
        let with_decimals = with_decimals.as_ref().and_then(|value| decimal(&(value * &factor)));
        let with_decimals = with_decimals.map(|number| format!("{number} {unit}"));
        let if_it_is = if bare { Some(format!("in {unit}")) } else { doubt(&written, own, dimension) };
        let strange = (if_it_is.is_some(), !factor.is_one(), number.len() > 12);
        Some((strange, Fix { text: format!("{number} {unit}"), if_it_is, with_decimals }))
    });
    // Without a unit, the first one is as good as any.
    let candidates = candidates.take(if bare { 1 } else { usize::MAX });
    candidates.filter(|(_, fix)| reads(&fix.text)).min_by_key(|(strange, _)| *strange).map(|(_, fix)| fix)
}

/// How many of one unit make the other; `None` when they do not measure the same.
fn ratio(written: &Measure, own: &Measure) -> Option<BigRational> {
    if written.of != own.of || written.per != own.per {
        return None;
    }
    let ratio = &written.size / &own.size;
    match (written.time, own.time) {
        (Some(written_in), Some(own_in)) if written_in.is_days() == own_in.is_days() => {
            // What a share per month makes in a year depends on whether it compounds.
            (written.of != Some(Base::Share) || written_in == own_in).then_some(ratio)
        }
        (None, None) => Some(ratio),
        _ => None,
    }
}

/// How many months make the days of whole years, and the other way round: no other span has a size in both.
fn whole_years(value: &BigRational, written: &Measure, own: &Measure) -> Option<BigRational> {
    let span = |measure: &Measure| measure.time.filter(|_| measure.of == Some(Base::Time) && measure.per.is_empty());
    let year = |days: bool| BigRational::from(BigInt::from(if days { 365 } else { 12 }));
    let (of_written, of_own) = (year(span(written)?.is_days()), year(span(own)?.is_days()));
    let years = &written.size / of_written;
    (value * &years).is_integer().then(|| years * of_own / &own.size)
}

/// What must be so where gross power is written for critical IT load, or the other way round.
fn doubt(written: &Measure, own: &Measure, dimension: &str) -> Option<String> {
    let should_be_it = dimension.contains("critical IT load");
    let doubtful = if should_be_it { own.it && !written.it } else { written.it };
    doubtful.then(|| dimension.to_owned())
}

/// How the header of a column is mended, whose cells are bare numbers: `unit` is what stands between its brackets.
#[must_use]
pub fn header(name: &str, unit: Option<&str>, (dimension, units): Accepted) -> String {
    let first = units.first().map_or("", |(unit, ..)| *unit);
    let Some(unit) = unit else {
        return format!("write its header as `{name} [{first}]`, if its cells are in {first}");
    };
    let text = plain(unit);
    if is_foreign(&text) && of_money(units) {
        return format!("amounts are in US dollars: convert its cells, and write its header as `{name} [{first}]`");
    }
    let written = measure::read(&text).filter(|written| written.of.is_some());
    let factors = units.iter().filter_map(|(unit, ..)| {
        let (written, own) = (written.as_ref()?, OWN.get(unit)?);
        Some((unit, ratio(written, own)?, doubt(written, own, dimension)))
    });
    match factors.min_by_key(|(_, factor, doubt)| (!factor.is_one(), doubt.is_some())) {
        Some((unit, factor, doubt)) if factor.is_one() => {
            let condition = doubt.map_or(String::new(), |what| format!(", if it is {what}"));
            format!("write its header as `{name} [{unit}]`{condition}")
        }
        Some((unit, factor, _)) => {
            let times = decimal(&factor).map(|factor| format!("multiply its cells by {factor}"));
            let parts = || decimal(&factor.recip()).map(|factor| format!("divide its cells by {factor}"));
            let both = if factor < BigRational::one() { parts().or(times) } else { times.or_else(parts) };
            let convert = both.unwrap_or_else(|| "convert its cells".to_owned());
            format!("{convert}, and write its header as `{name} [{unit}]`")
        }
        None => format!("convert its cells to {first}, and write its header as `{name} [{first}]`"),
    }
}
