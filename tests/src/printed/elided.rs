//! Output of which parts are left out: whether it still holds, and how it is written anew.

use std::collections::BTreeMap;
use std::ops::Range;

/// Stands for lines left out, or for the rest of a line.
const GAP: &str = "[…]";

/// Whether `said` is what is printed, where each gap stands for any number of lines.
pub fn holds(printed: &[String], said: &str) -> bool {
    lines_hold(printed, &said.lines().collect::<Vec<_>>())
}

fn lines_hold(printed: &[String], said: &[&str]) -> bool {
    match printed.split_first() {
        None => said.is_empty(),
        Some((line, rest)) if line == GAP => (0..=said.len()).any(|from| lines_hold(rest, &said[from..])),
        Some((line, rest)) => said.split_first().is_some_and(|(first, more)| {
            let same = match line.strip_suffix(GAP) {
                Some(begin) => first.starts_with(begin),
                None => line.trim_end() == first.trim_end(),
            };
            same && lines_hold(rest, more)
        }),
    }
}

/// What to print instead, with gaps at the same places.
///
/// # Errors
/// When lines between two gaps are not found again.
pub fn renewed(printed: &[String], said: &str) -> Result<Vec<String>, String> {
    let said = said.lines().map(str::to_owned).collect::<Vec<_>>();
    let pairs = pairs(printed, &said);
    let mut lines = vec![];
    let mut done = 0;
    for kept in kept(printed) {
        let first = pairs.range(kept.clone()).next();
        let last = pairs.range(kept.clone()).next_back();
        let from = match first {
            _ if kept.start == 0 => 0,
            Some((old, new)) => new.saturating_sub(old - kept.start).max(done),
            None if kept.is_empty() => said.len(),
            None => return Err(format!("this is not said any more: {}", printed[kept].join("\n"))),
        };
        let to = match last {
            _ if kept.end == printed.len() => said.len(),
            Some((old, new)) => (new + kept.end - old).min(said.len()),
            None if kept.is_empty() => from,
            None => return Err(format!("this is not said any more: {}", printed[kept].join("\n"))),
        };
        if from > done {
            lines.push(GAP.to_owned());
        }
        lines.extend((from..to).map(|at| {
            let old = pairs.iter().find(|(_, new)| **new == at).and_then(|(old, _)| printed.get(*old));
            cut(old.map(String::as_str), &said[at])
        }));
        done = to;
    }
    if done < said.len() {
        lines.push(GAP.to_owned());
    }
    Ok(lines)
}

/// The runs of lines between gaps: empty ones at an end where a gap stands.
fn kept(printed: &[String]) -> Vec<Range<usize>> {
    let gaps = printed.iter().enumerate().filter(|(_, line)| *line == GAP).map(|(at, _)| at).collect::<Vec<_>>();
    let starts = std::iter::once(0).chain(gaps.iter().map(|at| at + 1));
    let ends = gaps.iter().copied().chain([printed.len()]);
    starts.zip(ends).map(|(start, end)| start..end).collect()
}

/// Printed lines and the lines of the new output that say about the same, in order: of all such pairings the likest.
pub fn pairs(printed: &[String], said: &[String]) -> BTreeMap<usize, usize> {
    let old = printed.iter().map(|line| words(line)).collect::<Vec<_>>();
    let new = said.iter().map(|line| words(line)).collect::<Vec<_>>();
    // best[i][j]: how like the lines from i and from j on can be made.
    let mut best = vec![vec![0; new.len() + 1]; old.len() + 1];
    for (i, j) in (0..old.len()).rev().flat_map(|i| (0..new.len()).rev().map(move |j| (i, j))) {
        let paired = match alike(&old[i], &new[j]) {
            0 => 0,
            score => score + best[i + 1][j + 1],
        };
        best[i][j] = paired.max(best[i + 1][j]).max(best[i][j + 1]);
    }
    let mut pairs = BTreeMap::new();
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        if best[i][j] == best[i + 1][j] {
            i += 1;
        } else if best[i][j] == best[i][j + 1] {
            j += 1;
        } else {
            pairs.insert(i, j);
            (i, j) = (i + 1, j + 1);
        }
    }
    pairs
}

/// The words of a line, where every figure is the same word.
fn words(line: &str) -> Vec<String> {
    let word = |word: &str| if word.contains(|c: char| c.is_ascii_digit()) { "#".to_owned() } else { word.to_owned() };
    let line = line.strip_suffix(GAP).unwrap_or(line);
    line.split(|c: char| c.is_whitespace() || c == ',').filter(|part| !part.is_empty()).map(word).collect()
}

/// The share of words that two lines have in common, in thousandths: zero where it is less than half.
fn alike(old: &[String], new: &[String]) -> usize {
    let mut left = new.to_vec();
    let common =
        old.iter().filter(|word| left.iter().position(|other| other == *word).map(|at| left.remove(at)).is_some());
    let share = 2_000 * common.count() / (old.len() + new.len()).max(1);
    if share < 500 { 0 } else { share }
}

/// A line as long as the old one where that was cut: by the number of its commas.
fn cut(old: Option<&str>, line: &str) -> String {
    let Some(begin) = old.and_then(|old| old.strip_suffix(GAP)) else { return line.trim_end().to_owned() };
    let end =
        line.match_indices(',').nth(begin.matches(',').count().saturating_sub(1)).map_or(line.len(), |(at, _)| at + 1);
    format!("{}{GAP}", &line[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_gap_stands_for_any_lines_and_the_rest_of_a_line() {
        let printed = lines("head\n[…]\nbudget 300\nsite,hall,[…]");
        assert!(holds(&printed, "head\nmore\nand more\nbudget 300\nsite,hall,date\n"));
        assert!(!holds(&printed, "head\nmore\nbudget 301\nsite,hall,date\n"));
        assert!(!holds(&printed, "head\nbudget 300\nsite,hall,date\none more\n"));
        assert!(!holds(&lines("head"), "head\nmore\n"));
    }

    #[test]
    fn what_is_renewed_holds_and_keeps_its_gaps() {
        let cases = [
            ("a 1\n[…]\nNext  2\n[…]", "a 2\nb\nc\nNext  33\nd\n", "a 2\n[…]\nNext  33\n[…]"),
            ("[…]\nlast 1", "new\nlast 2\nmore\n", "[…]\nlast 2\nmore"),
            ("[…]\nx\ny 1\n[…]", "p\nz\ny 2\nq", "[…]\nz\ny 2\n[…]"),
            ("all 1", "all 2\nof it\n", "all 2\nof it"),
            ("site,hall,[…]\nx,2,[…]", "site,room,hall\nx,3,4\n", "site,room,[…]\nx,3,[…]"),
        ];
        for (old, said, new) in cases {
            let renewed = renewed(&lines(old), said).unwrap();
            assert_eq!(renewed, lines(new), "from {old}");
            assert!(holds(&renewed, said), "{old}");
        }
        assert!(renewed(&lines("[…]\nKeep mining\n[…]"), "another\npage\n").is_err());
    }
}
