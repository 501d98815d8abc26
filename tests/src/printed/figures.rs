//! Figures of the text around printed output: each must stand in what a command said or in the portfolio.
//!
//! A figure has three digits or more; it is known where a known one rounds to it, as it stands or in millions. A month with
//! its year is known as `2028-10`. What a line quotes after `>` is known as it stands, but for blanks. A comment `<!-- 359.3 = 238.3 + 121.0 -->` says how a figure follows from others.

use std::collections::BTreeMap;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A figure as it stands in a text.
#[derive(Clone, Debug, PartialEq)]
struct Figure {
    text: String,
    value: f64,
    decimals: usize,
}

/// What commands said and portfolios hold.
#[derive(Default)]
pub struct Known {
    values: Vec<f64>,
    text: String,
}

impl Known {
    /// All figures of a text are known.
    pub fn learn(&mut self, text: &str) {
        self.values.extend(words(text).filter_map(figure).map(|figure| figure.value));
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn has(&self, figure: &Figure) -> bool {
        // Half of the last digit, and no more than float noise beyond it.
        let half = (0..figure.decimals).fold(0.500_000_1, |half, _| half / 10.0);
        let near = |value: f64| (value.abs() - figure.value).abs() <= half;
        self.values.iter().any(|value| near(*value) || (value.abs() >= 1e5 && near(value / 1e6)))
    }

    /// What of a line is not known.
    #[must_use]
    pub fn missing(&self, line: &str) -> Vec<String> {
        let quote = line.strip_prefix("> ").and_then(|quote| quote.trim().strip_prefix('`')?.strip_suffix('`'));
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let unsaid = |quote: &&str| !plain(&self.text).contains(&plain(quote));
        let mut missing = quote.filter(unsaid).map(str::to_owned).into_iter().collect::<Vec<_>>();
        let words = words(line).collect::<Vec<_>>();
        for (at, word) in words.iter().enumerate() {
            let month = MONTHS.iter().position(|month| month == word);
            let year = words.get(at + 1).filter(|year| year.len() == 4).and_then(|year| year.parse::<u32>().ok());
            if let (Some(month), Some(year)) = (month, year) {
                if !self.text.contains(&format!("{year}-{:02}", month + 1)) {
                    missing.push(format!("{word} {year}"));
                }
            } else if let Some(figure) = figure(word).filter(|figure| weighty(figure) && !self.has(figure)) {
                missing.push(figure.text);
            }
        }
        missing
    }

    /// Learns the result of `<!-- 359.3 = 238.3 + 121.0 -->`.
    ///
    /// # Errors
    /// When an operand is not known or the result does not follow; then with what is written and what follows.
    pub fn derive(&mut self, line: &str) -> Result<(), Underived> {
        let sum = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")?.split_once(" = "));
        let Some((result, sum)) = sum.and_then(|(result, sum)| Some((figure(result)?, sum))) else { return Ok(()) };
        let (mut sign, mut total) = (1.0, 0.0);
        for word in sum.split_whitespace() {
            match (word, figure(word)) {
                ("+", _) => sign = 1.0,
                ("-", _) => sign = -1.0,
                (_, Some(operand)) if self.has(&operand) => total += sign * operand.value,
                _ => return Err(Underived::Unknown(word.to_owned())),
            }
        }
        let follows = format!("{total:.*}", result.decimals);
        if figure(&follows).is_none_or(|figure| (figure.value - result.value).abs() > 1e-9) {
            return Err(Underived::Otherwise(result.text, follows));
        }
        self.values.push(result.value);
        Ok(())
    }
}

/// Why a derived figure does not stand.
#[derive(Debug, PartialEq)]
pub enum Underived {
    /// This operand is not known.
    Unknown(String),
    /// What is written, and what follows.
    Otherwise(String, String),
}

/// Which figure took the place of which, from lines printed before and after that say the same but for their figures.
pub fn replaced(before: &[String], after: &[String], pairs: &BTreeMap<usize, usize>) -> Vec<(String, String)> {
    let figures = |line: &String| words(line).filter_map(figure).collect::<Vec<_>>();
    let others =
        |line: &String| words(line).filter(|word| figure(word).is_none()).map(str::to_owned).collect::<Vec<_>>();
    let mut replaced = vec![];
    for (old, new) in pairs.iter().map(|(old, new)| (&before[*old], &after[*new])) {
        if others(old) == others(new) {
            let (old, new) = (figures(old), figures(new));
            replaced.extend(
                old.into_iter().zip(new).filter(|(old, _)| weighty(old)).map(|(old, new)| (old.text, new.text)),
            );
        }
    }
    replaced
}

/// A line in which each figure that is no longer known gives way to the one that took its place.
pub fn renewed(line: &str, known: &Known, replaced: &[(String, String)]) -> String {
    let mut line = line.to_owned();
    for old in known.missing(&line) {
        let mut new = replaced.iter().filter(|(from, _)| *from == old).map(|(_, to)| to).collect::<Vec<_>>();
        new.sort();
        new.dedup();
        if let [new] = new[..] {
            line = line.replace(&old, new);
        }
    }
    line
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "|()[]`*>\"“”".contains(c))
        .map(|word| word.trim_end_matches(['.', ',', ';', ':', '–', '\'']))
        .filter(|word| !word.is_empty())
}

/// A number with thousands marks or not.
fn figure(word: &str) -> Option<Figure> {
    let plain = word.trim_start_matches(['-', '+', '−', '$', '±']);
    let whole = plain.split('.').next()?;
    let grouped = whole.contains(',');
    let well = whole.split(',').enumerate().all(|(at, part)| {
        part.chars().all(|c| c.is_ascii_digit())
            && (!grouped || part.len() == 3 || (at == 0 && (1..=3).contains(&part.len())))
    });
    let value =
        plain.replace(',', "").parse::<f64>().ok().filter(|value| well && value.is_finite() && !whole.is_empty())?;
    let decimals = plain.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    Some(Figure { text: plain.to_owned(), value, decimals })
}

/// Years and counts up to 99 say little of a plan.
fn weighty(figure: &Figure) -> bool {
    let digits = figure.text.chars().filter(char::is_ascii_digit).count();
    let year =
        figure.decimals == 0 && digits == 4 && !figure.text.contains(',') && (1990.0..2100.0).contains(&figure.value);
    digits >= 3 && !year
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(text: &str) -> Known {
        let mut known = Known::default();
        known.learn(text);
        known
    }

    #[test]
    fn figures_are_known_as_they_stand_rounded_or_in_millions() {
        let known = known("uplift 427.96 M$ · gap 1,201,319 $ · -136.53 · ready 2028-10");
        for said in
            ["an uplift of 428.0 M$", "428.0,", "1.20 M$", "costs 136.5", "in October 2028", "nine of 12", "in 2031"]
        {
            assert_eq!(known.missing(said), Vec::<String>::new(), "{said}");
        }
        for (said, missing) in
            [("738.9 MUSD", "738.9"), ("427.9", "427.9"), ("October 2029", "October 2029"), ("11,986", "11,986")]
        {
            assert_eq!(known.missing(said), [missing], "{said}");
        }
    }

    #[test]
    fn a_sum_is_known_when_its_parts_are() {
        let mut known = known("238.3 121.0");
        assert_eq!(known.missing("359.3 M$"), ["359.3"]);
        let otherwise = Underived::Otherwise("360.3".to_owned(), "359.3".to_owned());
        assert_eq!(known.derive("<!-- 360.3 = 238.3 + 121.0 -->"), Err(otherwise));
        assert_eq!(known.derive("<!-- 359.3 = 238.3 + 122.0 -->"), Err(Underived::Unknown("122.0".to_owned())));
        known.derive("<!-- 359.3 = 238.3 + 121.0 -->").unwrap();
        assert_eq!(known.missing("359.3 M$, rounded 359 M$"), Vec::<String>::new());
    }

    #[test]
    fn a_figure_gives_way_to_the_one_that_took_its_place() {
        let replaced = [("428.0".to_owned(), "430.1".to_owned()), ("10.0".to_owned(), "1.0".to_owned())];
        assert_eq!(
            renewed("an uplift of 428.0 M$, 10.0", &known("430.1 10.0"), &replaced),
            "an uplift of 430.1 M$, 10.0"
        );
    }
}
