//! Kinds of values: how a text becomes a quantity, a date, a word, and what
//! a message says when it does not.

mod names;

use std::fmt::Display;

use jiff::civil::Date;

pub(super) use names::{id, id_rule, is_id, text};

use super::near::{nearest, one_of};
use super::problem::{Problem, no_number, quoted, unit_problem, wrong_type};
#[cfg(test)]
use super::recorded::Form;
use super::tree::{Node, Value};
use crate::diagnostics::Code;
use crate::domain::offer::PaidOn;
use crate::letters::difference;
use crate::units::{self, Days, Fix, Months, Quantity, Remedy, Share};

/// How one kind of value is read, with an example for messages.
pub(super) struct Kind<F> {
    pub example: String,
    pub read: F,
    /// What may be written, for the schemas.
    #[cfg(test)]
    pub form: Form,
}

/// What a number may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    pub least: f64,
    pub most: f64,
    pub above_least: bool,
}

/// At least `least`, at most `most`.
pub(super) const fn between(least: f64, most: f64) -> Bounds {
    Bounds { least, most, above_least: false }
}

/// More than nothing, at most `most`.
pub(super) const fn above_zero(most: f64) -> Bounds {
    Bounds { least: 0.0, most, above_least: true }
}

impl Bounds {
    fn check<T>(self, value: f64, shown: impl Fn(f64) -> String, out: T) -> Result<T, Problem> {
        let above = if self.above_least { value > self.least } else { value >= self.least };
        if above && value <= self.most {
            return Ok(out);
        }
        let (least, most) = (shown(self.least), shown(self.most));
        let message = if self.above_least {
            format!(": expected more than {least} and at most {most}")
        } else {
            format!(": expected {least} to {most}")
        };
        Err(Problem::bounds(message))
    }
}

/// A quantity with its unit; `bounds` are in its canonical unit.
pub(super) fn quantity<Q: Quantity + Display>(bounds: Bounds) -> Kind<impl Fn(&Node) -> Result<Q, Problem>> {
    let unit = Q::UNITS.first().map_or("", |(name, ..)| *name);
    let example = quoted(&format!("10 {unit}"));
    let shown = example.clone();
    let read = move |node: &Node| {
        let text = match &node.value {
            Value::Number(text) => text,
            _ => node.text().ok_or_else(|| wrong_type(&format!("{}, in quotes", Q::DIMENSION), &shown))?,
        };
        let value = units::parse::<Q>(text).map_err(|error| unit_problem(error, (Q::DIMENSION, Q::UNITS)))?;
        bounds.check(value.canonical(), |v| format!("`{}`", Q::from_canonical(v)), value)
    };
    Kind {
        example,
        read,
        #[cfg(test)]
        form: Form::Quantity {
            dimension: Q::DIMENSION,
            units: Q::UNITS.iter().map(|(name, ..)| *name).collect(),
            bounds,
        },
    }
}

fn any_share(bounds: Bounds, per_year: bool) -> Kind<impl Fn(&Node) -> Result<Share, Problem>> {
    let unit = if per_year { "%/year" } else { "%" };
    let example = quoted(&format!("8 {unit}"));
    let shown = example.clone();
    let read = move |node: &Node| {
        let text = match &node.value {
            Value::Number(text) => text,
            _ => node.text().ok_or_else(|| wrong_type("a share, in quotes", &shown))?,
        };
        let accepted = Share::accepted(per_year);
        let share = Share::parse(text, per_year).map_err(|error| unit_problem(error, accepted))?;
        bounds.check(share.0, |v| format!("`{} {unit}`", v * 100.0), share).map_err(|mut problem| {
            // A bare 8 for 8 % is the usual slip.
            if let Ok(number) = text.trim().parse::<f64>()
                && bounds.check(number / 100.0, |_| String::new(), ()).is_ok()
            {
                problem.message = format!(", which is {} %{}", share.0 * 100.0, problem.message);
                let if_it_is = Some(format!("in {unit}"));
                let text = quoted(&format!("{number} {unit}"));
                problem.remedy = Some(Remedy::write(Fix { text, if_it_is, with_decimals: None }));
            }
            problem
        })
    };
    Kind {
        example,
        read,
        #[cfg(test)]
        form: Form::Share { per_year, bounds },
    }
}

/// A share, `"8 %"` or 0.08.
pub(super) fn share(bounds: Bounds) -> Kind<impl Fn(&Node) -> Result<Share, Problem>> {
    any_share(bounds, false)
}

/// A share per year, `"8 %/year"`, `"8 %"` or 0.08.
pub(super) fn share_per_year(bounds: Bounds) -> Kind<impl Fn(&Node) -> Result<Share, Problem>> {
    any_share(bounds, true)
}

/// A bare number without dimension.
pub(super) fn number(bounds: Bounds, example: &str) -> Kind<impl Fn(&Node) -> Result<f64, Problem>> {
    let shown = example.to_owned();
    let read = move |node: &Node| {
        let text = match &node.value {
            Value::Number(text) => text,
            Value::Cell(cell) => &cell.raw,
            Value::Text(text) => return Err(no_number("a bare number", &shown, text, |text| finite(text).is_some())),
            _ => return Err(wrong_type("a bare number", &shown)),
        };
        let wrong = || no_number("a finite number", &shown, text, |text| finite(text).is_some());
        let value = finite(text).ok_or_else(wrong)?;
        bounds.check(value, |v| format!("`{v}`"), value)
    };
    Kind {
        example: example.to_owned(),
        read,
        #[cfg(test)]
        form: Form::Number(bounds),
    }
}

/// A whole number.
pub(super) fn integer(least: u32, most: u32) -> Kind<impl Fn(&Node) -> Result<u32, Problem>> {
    let example = least.max(1).min(most).to_string();
    let shown = example.clone();
    let read = move |node: &Node| {
        let text = match &node.value {
            Value::Number(text) => text,
            Value::Cell(cell) => &cell.raw,
            Value::Text(text) => {
                return Err(no_number("a whole number, without quotes and unit", &shown, text, is_whole));
            }
            _ => return Err(wrong_type("a whole number, without quotes and unit", &shown)),
        };
        let value = text.parse::<i64>().map_err(|_| no_number("a whole number", &shown, text, is_whole))?;
        let fits = u32::try_from(value).ok().filter(|v| (least..=most).contains(v));
        fits.ok_or_else(|| Problem::bounds(format!(": expected {least} to {most}")))
    };
    Kind {
        example,
        read,
        #[cfg(test)]
        form: Form::Integer(least, most),
    }
}

/// Whole months, `"14 months"` or `"2 years"`.
pub(super) fn months(least: u32, most: u32) -> Kind<impl Fn(&Node) -> Result<Months, Problem>> {
    let example = quoted("14 months");
    let shown = example.clone();
    let read = move |node: &Node| {
        let text = match &node.value {
            Value::Number(text) => text,
            _ => node.text().ok_or_else(|| wrong_type("a whole number of months, in quotes", &shown))?,
        };
        let months = Months::parse(text).map_err(|error| unit_problem(error, Months::ACCEPTED))?;
        let bounds = between(f64::from(least), f64::from(most));
        bounds.check(f64::from(months.0), |v| format!("`{v} months`"), months)
    };
    Kind {
        example,
        read,
        #[cfg(test)]
        form: Form::Months(least, most),
    }
}

/// Whole days, `"30 days"`.
pub(super) fn days(most: u32) -> Kind<impl Fn(&Node) -> Result<Days, Problem>> {
    let example = quoted("30 days");
    let shown = example.clone();
    let read = move |node: &Node| {
        let text = match &node.value {
            Value::Number(text) => text,
            _ => node.text().ok_or_else(|| wrong_type("a whole number of days, in quotes", &shown))?,
        };
        let days = Days::parse(text).map_err(|error| unit_problem(error, Days::ACCEPTED))?;
        between(0.0, f64::from(most)).check(f64::from(days.0), |v| format!("`{v} days`"), days)
    };
    Kind {
        example,
        read,
        #[cfg(test)]
        form: Form::Days(most),
    }
}

/// When a tenant's money is paid: two words, or a date.
pub(super) fn paid_on() -> Kind<impl Fn(&Node) -> Result<PaidOn, Problem>> {
    const WORDS: [(&str, PaidOn); 2] = [("start", PaidOn::Start), ("commencement", PaidOn::Commencement)];
    let read = |node: &Node| {
        let text = match &node.value {
            Value::Date(text) => text,
            _ => node.text().ok_or_else(|| wrong_type("`start`, `commencement` or a date", "\"start\""))?,
        };
        let text = text.trim();
        if let Some((_, word)) = WORDS.iter().find(|(name, _)| *name == text) {
            return Ok(*word);
        }
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return parse_date(text).map(PaidOn::Date);
        }
        let meant = nearest(text, WORDS.iter().map(|(name, _)| *name)).map(quoted);
        Err(Problem::word(": expected `start`, `commencement` or a date", meant))
    };
    Kind {
        example: "\"start\"".to_owned(),
        read,
        #[cfg(test)]
        form: Form::PaidOn,
    }
}

fn finite(text: &str) -> Option<f64> {
    text.replace('_', "").parse().ok().filter(|value: &f64| value.is_finite())
}

fn is_whole(text: &str) -> bool {
    text.parse::<i64>().is_ok()
}

/// A date, `2027-01-31`, with or without quotes.
pub(super) fn date() -> Kind<impl Fn(&Node) -> Result<Date, Problem>> {
    let read = |node: &Node| {
        let text = match &node.value {
            Value::Date(text) => text,
            _ => node.text().ok_or_else(|| wrong_type("a date", "2027-01-31"))?,
        };
        parse_date(text.trim())
    };
    Kind {
        example: "2027-01-31".to_owned(),
        read,
        #[cfg(test)]
        form: Form::Date,
    }
}

fn parse_date(text: &str) -> Result<Date, Problem> {
    let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let date = text.parse::<Date>().ok().filter(|_| plain).ok_or_else(|| {
        Problem::new(Code::Date, ": expected a date of the calendar, year-month-day without a time", "2027-01-31")
    })?;
    if (1990..=2199).contains(&date.year()) {
        return Ok(date);
    }
    let message = ": expected a date in the years 1990 to 2199".to_owned();
    Err(Problem::bounds(message))
}

/// True or false.
pub(super) fn flag() -> Kind<impl Fn(&Node) -> Result<bool, Problem>> {
    let read = |node: &Node| match (&node.value, node.text().map(str::trim)) {
        (Value::Bool(value), _) => Ok(*value),
        (Value::Cell(_), Some("true")) => Ok(true),
        (Value::Cell(_), Some("false")) => Ok(false),
        _ => Err(wrong_type("true or false, without quotes", "true")),
    };
    Kind {
        example: "true".to_owned(),
        read,
        #[cfg(test)]
        form: Form::Flag,
    }
}

/// What differs between a word and the one that it looks like.
fn unlike(text: &str, words: &[&str]) -> String {
    let near = nearest(text, words.iter().copied()).and_then(|near| difference(text, near));
    near.map_or_else(String::new, |difference| format!("; {difference}"))
}

/// One of a few words.
pub(super) fn word<T: Copy>(words: &'static [(&'static str, T)]) -> Kind<impl Fn(&Node) -> Result<T, Problem>> {
    let names: Vec<&'static str> = words.iter().map(|(name, _)| *name).collect();
    let example = quoted(names.first().copied().unwrap_or_default());
    let shown = example.clone();
    let read = move |node: &Node| {
        let text = node.text().ok_or_else(|| wrong_type(&one_of(&names), &shown))?.trim();
        let found = words.iter().find(|(name, _)| *name == text);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let meant = nearest(text, names.iter().copied()).map(quoted);
            Problem::word(format!(": expected {}{}", one_of(&names), unlike(text, &names)), meant)
        })
    };
    Kind {
        example,
        read,
        #[cfg(test)]
        form: Form::Word(words.iter().map(|(name, _)| *name).collect()),
    }
}
