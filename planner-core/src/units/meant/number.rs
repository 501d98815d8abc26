//! A number in any custom of writing it, as an exact fraction: `1,300`, `1 300`, `1'300`, `1.300.000`, `1,00,000`, `30,5`.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero, pow};

use crate::letters::is_hidden;

/// Digits of a number, and its exponent: beyond them it is no quantity.
const MOST_DIGITS: usize = 40;
const MOST_EXPONENT: u32 = 400;

/// Decimals that are looked for until a fraction counts as one without end.
const MOST_PLACES: i32 = 40;

/// A number and what stands around it.
pub(super) struct Found {
    pub before: String,
    pub value: BigRational,
    /// What it would be if its only comma marked decimals: `1.3` for `1,300`.
    pub with_decimals: Option<BigRational>,
    pub after: String,
}

/// The same text in the letters of ASCII, as far as it has them: digits of other scripts, blanks, dashes and quotes of print.
pub(super) fn plain(text: &str) -> String {
    const ZEROS: [char; 5] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}'];
    let digit = |c: char| ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|d| *d < 10));
    let letter = |c: char| match c {
        c if c.is_whitespace() => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{b7}' | '\u{22c5}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{2032}' | '\u{2bc}' | '\u{b4}' | '`' | '\u{66c}' => '\'',
        '\u{201c}'..='\u{201f}' => '"',
        '\u{2044}' | '\u{2215}' => '/',
        '\u{66b}' => '.',
        '\u{66a}' => '%',
        c => digit(c).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c),
    };
    let text: String = text.chars().map(letter).filter(|c| !is_hidden(*c)).collect();
    text.trim_matches(|c: char| c == ' ' || c == '"' || c == '\'').to_owned()
}

/// Groups of digits, each with the mark before it.
type Groups = Vec<(char, String)>;

/// The only number of a text; `None` when it has none, or several, or one that nobody writes so.
pub(super) fn only(text: &str) -> Option<Found> {
    let text: Vec<char> = text.chars().collect();
    let first = text.iter().position(char::is_ascii_digit)?;
    let point = first > 0 && matches!(text.get(first - 1), Some('.' | ','));
    let start = first - usize::from(point);
    let (groups, end) = groups(&text, start, first);
    let (exponent, end) = exponent(&text, end)?;
    // `(30)` may be a number below zero, or a remark.
    let before = text.get(..start).filter(|before| before.last() != Some(&'('))?;
    let (negative, before) = sign(before)?;
    let after: String = text.get(end..)?.iter().collect();
    // In `5- MW` the dash may be a minus.
    let signed = after.trim_start().starts_with(['-', '+']);
    if signed
        || after.chars().any(char::is_numeric)
        || groups.iter().map(|(_, digits)| digits.len()).sum::<usize>() > MOST_DIGITS
    {
        return None;
    }
    let scaled = |(digits, decimals): (BigInt, u32)| {
        let value =
            BigRational::from(digits) * power_of_ten(exponent) / power_of_ten(i32::try_from(decimals).unwrap_or(0));
        if negative { -value } else { value }
    };
    let (value, with_decimals) = readings(&groups)?;
    Some(Found { before, value: scaled(value), with_decimals: with_decimals.map(scaled), after })
}

fn groups(text: &[char], start: usize, first: usize) -> (Groups, usize) {
    let run = |at: usize| -> String { text.iter().skip(at).take_while(|c| c.is_ascii_digit()).collect() };
    let digits = run(first);
    let mut end = first + digits.len();
    let mut groups = match text.get(start) {
        Some(mark) if start < first => vec![(' ', String::new()), (*mark, digits)],
        _ => vec![(' ', digits)],
    };
    while let Some(mark @ (',' | '.' | '_' | '\'' | ' ')) = text.get(end) {
        let digits = run(end + 1);
        // `2 500` may be one number, `2 50` is two.
        if digits.is_empty() || (*mark == ' ' && digits.len() != 3) {
            break;
        }
        end += 1 + digits.len();
        groups.push((*mark, digits));
    }
    // `30. MW`: a point that ends the number.
    let ends = matches!(text.get(end), Some('.' | ',')) && matches!(text.get(end + 1), None | Some(' '));
    (groups, end + usize::from(ends))
}

/// The power of ten after `e`, and where it ends.
fn exponent(text: &[char], end: usize) -> Option<(i32, usize)> {
    let signed = usize::from(matches!(text.get(end + 1), Some('+' | '-')));
    let digits: String = text.iter().skip(end + 1 + signed).take_while(|c| c.is_ascii_digit()).collect();
    if !matches!(text.get(end), Some('e' | 'E')) || digits.is_empty() {
        return Some((0, end));
    }
    let size = digits.parse::<u32>().ok().filter(|size| *size <= MOST_EXPONENT)?;
    let size = i32::try_from(size).ok()?;
    let after = end + 1 + signed + digits.len();
    Some((if text.get(end + 1) == Some(&'-') { -size } else { size }, after))
}

/// Whether the number is below zero, and the text before it without the sign.
fn sign(before: &[char]) -> Option<(bool, String)> {
    let text: String = before.iter().collect();
    let text = text.trim();
    let (text, at_end) = text.strip_suffix(['-', '+']).map_or((text, None), |rest| (rest, text.chars().last()));
    // In `USD-5` the dash may be a hyphen.
    if at_end == Some('-') && text.ends_with(char::is_alphanumeric) {
        return None;
    }
    let text = text.trim_end();
    let (text, at_start) = text.strip_prefix(['-', '+']).map_or((text, None), |rest| (rest, text.chars().next()));
    let marks = [at_start, at_end];
    (marks.iter().flatten().count() < 2).then(|| (marks.contains(&Some('-')), text.trim().to_owned()))
}

/// Digits without marks and how many of them are decimals.
type Digits = (BigInt, u32);

/// What the digits say, and what they say with a comma for decimals where that is as likely.
fn readings(groups: &Groups) -> Option<(Digits, Option<Digits>)> {
    let last = groups.len() - 1;
    let count = |mark: char| groups.iter().skip(1).filter(|(m, _)| *m == mark).count();
    let ends_with = |mark: char| groups.last().is_some_and(|(m, _)| last > 0 && *m == mark);
    let whole = || whole(groups).map(|digits| (digits, 0));
    let decimals = |mark: char| ends_with(mark).then(|| decimals(groups)).flatten();
    match (count(','), count('.')) {
        (0, 1) => Some((decimals('.')?, None)),
        (1, 0) if last == 1 => match (whole(), decimals(',')) {
            (Some(value), other) => Some((value, other)),
            (None, decimals) => Some((decimals?, None)),
        },
        (1, 0) => Some((decimals(',')?, None)),
        (0, _) | (_, 0) => Some((whole()?, None)),
        (_, 1) if ends_with('.') => Some((decimals('.')?, None)),
        (1, _) => Some((decimals(',')?, None)),
        _ => None,
    }
}

/// All groups as one whole number, if its marks stand where marks of thousands do.
fn whole(groups: &[(char, String)]) -> Option<BigInt> {
    let marks: Vec<char> = groups.iter().skip(1).map(|(mark, _)| *mark).collect();
    let lengths: Vec<usize> = groups.iter().map(|(_, digits)| digits.len()).collect();
    let ok = match (marks.as_slice(), lengths.as_slice()) {
        ([], _) => true,
        (marks, _) if marks.iter().all(|mark| *mark == '_') => true,
        (marks, [first, middle @ .., last]) => {
            let (one, zero) = (marks.first(), groups.first().is_some_and(|(_, digits)| digits.starts_with('0')));
            let thousands = (1..=3).contains(first) && middle.iter().all(|length| *length == 3);
            let lakhs = (1..=2).contains(first) && !middle.is_empty() && middle.iter().all(|length| *length == 2);
            marks.iter().all(|mark| Some(mark) == one) && !zero && *last == 3 && (thousands || lakhs)
        }
        _ => false,
    };
    let digits: String = groups.iter().map(|(_, digits)| digits.as_str()).collect();
    if ok { digits.parse().ok() } else { None }
}

/// The last group as decimals of those before.
fn decimals(groups: &[(char, String)]) -> Option<Digits> {
    let ((_, decimals), before) = groups.split_last()?;
    let empty = before.iter().all(|(_, digits)| digits.is_empty());
    let whole = if empty { BigInt::zero() } else { whole(before)? };
    let count = u32::try_from(decimals.len()).ok()?;
    let value = whole * pow(BigInt::from(10), decimals.len()) + decimals.parse::<BigInt>().ok()?;
    Some((value, count))
}

pub(super) fn power_of_ten(exponent: i32) -> BigRational {
    let size = BigRational::from(pow(BigInt::from(10), usize::try_from(exponent.unsigned_abs()).unwrap_or(0)));
    if exponent < 0 { size.recip() } else { size }
}

/// A fraction as a decimal number of at most 17 digits; `None` when it has no end by then.
pub(super) fn decimal(value: &BigRational) -> Option<String> {
    let scaled = value * power_of_ten(MOST_PLACES);
    let most = usize::try_from(MOST_PLACES).ok().filter(|_| scaled.denom().is_one())?;
    let scaled = scaled.numer().magnitude().to_string();
    let zeros = scaled.len() - scaled.trim_end_matches('0').len();
    let places = most.saturating_sub(zeros);
    let digits = scaled.get(..scaled.len() - zeros.min(most)).unwrap_or("0");
    let sign = if *value < BigRational::zero() { "-" } else { "" };
    let kept = digits.trim_end_matches('0');
    if kept.len() > 17 {
        return None;
    }
    let zeros = digits.len() - kept.len();
    Some(match (places, zeros) {
        _ if kept.is_empty() => "0".to_owned(),
        (0, 16..) => format!("{sign}{kept}e{zeros}"),
        (0, _) => format!("{sign}{digits}"),
        (1..=17, _) => {
            let padded = format!("{digits:0>width$}", width = places + 1);
            let (whole, decimals) = padded.split_at(padded.len() - places);
            format!("{sign}{whole}.{decimals}")
        }
        _ => format!("{sign}{digits}e-{places}"),
    })
}
