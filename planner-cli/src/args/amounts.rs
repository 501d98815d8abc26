//! Amounts of money as arguments.

use planner_core::letters::canonical;
use planner_core::portfolio::MOST_USD;
use planner_core::units::{self, Quantity, Remedy, UnitError, Usd};

/// What `--budget` says.
#[derive(Debug, Clone, PartialEq)]
pub enum Budget {
    /// One cap on all landlord-funded capital.
    Total(Usd),
    /// The sum of one pot's releases.
    Pot(String, Usd),
}

impl Budget {
    /// The pot whose amount it changes.
    pub const fn pot(&self) -> Option<&String> {
        match self {
            Self::Pot(id, _) => Some(id),
            Self::Total(_) => None,
        }
    }
}

/// What `--budgets` says.
#[derive(Debug, Clone, PartialEq)]
pub enum Budgets {
    /// At least one amount, rising, each once.
    List(Vec<Usd>),
    /// The least and the greatest of a range.
    Range(Usd, Usd),
}

#[allow(clippy::needless_pass_by_value, reason = "as `map_err` gives it")]
pub(super) fn wrong_quantity(error: UnitError) -> String {
    format!("{error}; {}", error.remedy.help())
}

pub(super) fn amount(text: &str) -> Result<Usd, String> {
    let amount: Usd = units::parse(text).map_err(wrong_quantity)?;
    if amount.get() < 0.0 {
        return Err(format!("`{text}` is below zero"));
    }
    if amount.get() > MOST_USD {
        return Err(format!("`{text}` is too much: expected at most `{}`", Usd::new(MOST_USD)));
    }
    Ok(amount)
}

pub(super) fn budget(text: &str) -> Result<Budget, String> {
    match text.split_once('=') {
        Some((pot, text)) => Ok(Budget::Pot(canonical(pot), amount(text)?)),
        None => Ok(Budget::Total(amount(text)?)),
    }
}

pub(super) fn budgets(text: &str) -> Result<Budgets, String> {
    if let Some((from, to)) = text.split_once("..") {
        let ends = amounts(&[from, to])?;
        return if ends[0].get() < ends[1].get() {
            Ok(Budgets::Range(ends[0], ends[1]))
        } else {
            Err("a range goes from a smaller amount to a greater one: \"0..1 BUSD\"".to_owned())
        };
    }
    let mut amounts = amounts(&list(text)?)?;
    amounts.sort_by(|a, b| a.get().total_cmp(&b.get()));
    amounts.dedup();
    Ok(Budgets::List(amounts))
}

/// The amounts of a list. A comma between two digits may mark thousands or decimals, so that it parts no amounts.
fn list(text: &str) -> Result<Vec<&str>, String> {
    let commas: Vec<usize> = text.match_indices(',').map(|(at, _)| at).collect();
    let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
    let unclear = |at: &usize| digit(text[..*at].chars().next_back()) && digit(text[at + 1..].chars().next());
    if commas.iter().any(unclear) {
        return Err(format!("`{text}` may be one amount or several: {}", readings(text)));
    }
    Ok(text.split([',', ';']).collect())
}

/// What a text may say whose commas stand between digits.
fn readings(text: &str) -> String {
    let one = units::parse::<Usd>(text).err().map(|error| error.remedy);
    let one =
        one.filter(|remedy| matches!(remedy, Remedy::Write(_))).map(|remedy| format!("for one, {}", remedy.help()));
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let numbers = parts.iter().all(|part| !part.is_empty() && (!part.starts_with('0') || unit_follows_zero(part)));
    let several = numbers.then(|| format!("for several, write `{}`, with a blank after each comma", parts.join(", ")));
    [one, several].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Whether a part is nothing but a zero, with or without a unit: `000` is the end of a number.
fn unit_follows_zero(part: &str) -> bool {
    !part.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
}

/// Amounts of which the last one's unit is that of every one without.
fn amounts(parts: &[&str]) -> Result<Vec<Usd>, String> {
    let last = parts.last().map_or("", |last| last.trim());
    amount(last)?;
    let unit = units::unit_of(last);
    let bare = |part: &str| part.trim().parse::<f64>().is_ok();
    let full = |part: &&str| if bare(part) { amount(&format!("{} {unit}", part.trim())) } else { amount(part) };
    parts.iter().map(full).collect()
}

/// An amount as a file name may carry it: `300MUSD`, `0.25MUSD`.
pub fn file_stem(amount: Usd) -> String {
    format!("{}{}", amount.get() / 1e6, Usd::UNITS[2].0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_share_the_last_unit() {
        let list = |amounts: &[f64]| Ok(Budgets::List(amounts.iter().map(|usd| Usd::new(*usd)).collect()));
        assert_eq!(budgets("300, 100, 1000 MUSD"), list(&[100e6, 300e6, 1e9]));
        assert_eq!(budgets("300; 100; 1e3 MUSD"), list(&[100e6, 300e6, 1e9]));
        assert_eq!(budgets("0.5 BUSD,500 MUSD"), list(&[5e8]));
        let range = |from, to| Ok(Budgets::Range(Usd::new(from), Usd::new(to)));
        assert_eq!(budgets("0..1 BUSD"), range(0.0, 1e9));
        assert_eq!(budgets("200 MUSD .. 0.5 BUSD"), range(2e8, 5e8));
        assert!(budgets("1..1 BUSD").unwrap_err().contains("to a greater one"));
        assert!(budgets("0..").is_err() && budgets("..1 BUSD").is_err() && budgets("0..1..2 BUSD").is_err());
        assert!(budgets("100, 300").unwrap_err().contains("no unit"));
        assert!(budgets("-1 MUSD").is_err());
        assert!(budgets("").is_err());
    }

    #[test]
    fn a_comma_between_digits_parts_no_amounts() {
        let told = |text: &str| budgets(text).unwrap_err();
        assert_eq!(
            told("1,000 MUSD"),
            "`1,000 MUSD` may be one amount or several: for one, write `1000 MUSD`; `1 MUSD`, if the comma marks decimals"
        );
        assert_eq!(
            told("100,300 MUSD"),
            "`100,300 MUSD` may be one amount or several: for one, write `100300 MUSD`; `100.3 MUSD`, if the comma marks \
             decimals; for several, write `100, 300 MUSD`, with a blank after each comma"
        );
        assert!(told("0,5 BUSD").contains("for one, write `0.5 BUSD`; for several, write `0, 5 BUSD`"));
        assert!(told("1,2 MUSD").contains("for one, write `1.2 MUSD`; for several, write `1, 2 MUSD`"));
        assert!(
            told("300,600,1000 MUSD")
                .ends_with("several: for several, write `300, 600, 1000 MUSD`, with a blank after each comma")
        );
        assert!(told("1,000,000 USD").ends_with("for one, write `1000000 USD`"));
        for text in [
            "100 MUSD, 1,000 MUSD",
            "1,00,000 kUSD",
            "300, 600,1000 MUSD",
            "0..1,000 MUSD",
            "0,5..1 BUSD",
            "1.000,5 MUSD",
        ] {
            assert!(budgets(text).is_err(), "{text}");
        }
        let range = told("0..1,000 MUSD");
        assert!(range.contains("write `1000 MUSD`; `1 MUSD`, if the comma marks decimals"), "{range}");
        let budget = budget("growth=1,300 MUSD").unwrap_err();
        assert!(budget.contains("write `1300 MUSD`; `1.3 MUSD`, if the comma marks decimals"), "{budget}");
    }

    #[test]
    fn a_budget_is_a_total_or_a_pot() {
        assert_eq!(budget("300 MUSD"), Ok(Budget::Total(Usd::new(3e8))));
        assert_eq!(budget("growth=0.3 BUSD"), Ok(Budget::Pot("growth".to_owned(), Usd::new(3e8))));
        assert!(budget("300").unwrap_err().contains("write `300 USD`"));
        assert!(budget("300 MW").is_err());
        assert!(budget("1 BUSD").is_ok());
        let refused = Err("`1e300 USD` is too much: expected at most `1000000000000 USD`".to_owned());
        assert_eq!(budget("1e300 USD"), refused);
        assert_eq!(budget("growth=1e300 USD"), refused);
    }

    #[test]
    fn amounts_name_files() {
        assert_eq!(file_stem(Usd::new(300e6)), "300MUSD");
        assert_eq!(file_stem(Usd::new(250_000.0)), "0.25MUSD");
    }
}
