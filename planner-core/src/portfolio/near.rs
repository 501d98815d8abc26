//! Which of the known names a wrong one was probably meant to be.

use super::desk::clip;
use crate::letters::{difference, look_alike};

/// The known name that a misspelt one was probably meant to be.
pub(super) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    if name.len() > 256 {
        return None;
    }
    let known: Vec<&str> = known.into_iter().collect();
    let alike = || known.iter().copied().find(|known| look_alike(name, known));
    if !name.is_ascii()
        && let Some(alike) = alike()
    {
        return Some(alike);
    }
    let lower = name.to_lowercase();
    let scored = known.iter().map(|known| (strsim::damerau_levenshtein(&lower, &known.to_lowercase()), *known));
    let near = scored.min().filter(|(distance, _)| distance * 2 <= lower.chars().count().max(2));
    near.map(|(_, near)| near).or_else(|| alike().filter(|alike| !alike.is_ascii()))
}

/// "did you mean …?", with what differs where that cannot be seen.
pub(super) fn did_you_mean(written: &str, near: &str) -> String {
    let question = format!("did you mean `{}`?", clip(near));
    difference(written, near).map_or_else(|| question.clone(), |difference| format!("{question} {difference}"))
}

/// The question about the nearest name, if there is one.
pub(super) fn suggestion<'n>(written: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
    nearest(written, known).map(|near| did_you_mean(written, near))
}

/// "`a`, `b` or `c`", shortened when there are many.
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().take(12).map(|w| format!("`{}`", clip(w))).collect();
    match quoted.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., _] if words.len() > 12 => format!("{}, …", first.join(", ")),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
