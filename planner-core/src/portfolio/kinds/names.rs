//! Texts and names: in the one way in which they are compared, and without what does not show.

use super::Kind;
use crate::diagnostics::Code;
use crate::letters::{canonical, first_hidden, first_strange, is_name, named, without_hidden};
use crate::portfolio::problem::{Problem, quoted, wrong_type};
#[cfg(test)]
use crate::portfolio::recorded::Form;
use crate::portfolio::tree::{Node, Value};
use crate::units::Remedy;

/// A text of at most 2,000 characters that is not empty.
pub(in crate::portfolio) fn text() -> Kind<impl Fn(&Node) -> Result<String, Problem>> {
    let read = |node: &Node| {
        let text = match &node.value {
            Value::Text(text) => text.trim(),
            Value::Cell(cell) => cell.raw.as_str(),
            _ => return Err(wrong_type("a text in quotes", "\"…\"")),
        };
        let text = canonical(text);
        if let Some((at, c)) = first_hidden(&text) {
            return Err(hidden(&text, at, c));
        }
        match text.chars().count() {
            0 => Err(wrong_type("a text that is not empty", "\"…\"")),
            1..=2000 => Ok(text),
            _ => Err(Problem::bounds(": expected at most 2000 characters")),
        }
    };
    Kind {
        example: "\"…\"".to_owned(),
        read,
        #[cfg(test)]
        form: Form::Text,
    }
}

/// A name that others refer to.
pub(in crate::portfolio) fn id() -> Kind<impl Fn(&Node) -> Result<String, Problem>> {
    let read = |node: &Node| {
        let text = match &node.value {
            Value::Text(text) => text.as_str(),
            Value::Cell(cell) => cell.raw.as_str(),
            _ => return Err(wrong_type("a name in quotes", "\"north\"")),
        };
        let name = canonical(text);
        if is_id(&name) && text.trim() == text {
            return Ok(name);
        }
        let visible = without_hidden(&name);
        let plain = visible.trim_matches(|c: char| !c.is_alphanumeric());
        let fix = plain
            .chars()
            .map(|c| if is_name(c.encode_utf8(&mut [0; 4])) { c } else { '-' })
            .take(64)
            .collect::<String>();
        Err(Problem::word(format!(": {}", id_rule(&name)), Some(quoted(&fix)).filter(|_| !fix.is_empty())))
    };
    Kind {
        example: "\"north\"".to_owned(),
        read,
        #[cfg(test)]
        form: Form::Id,
    }
}

/// What a name is made of, with the character that it may not have where that is hard to see.
pub(in crate::portfolio) fn id_rule(text: &str) -> String {
    let rule = "a name has 1 to 64 letters, digits, `-`, `_`, or `.`";
    let strange = first_strange(text).filter(|c| !c.is_ascii() || c.is_ascii_control());
    strange.map_or_else(|| rule.to_owned(), |c| format!("{rule}; this one has {}", named(c)))
}

pub(in crate::portfolio) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.chars().count()) && is_name(text)
}

/// A text with a character that does not show where it stands.
fn hidden(text: &str, at: usize, c: char) -> Problem {
    let before: String = text.get(..at).unwrap_or_default().chars().rev().take(20).collect();
    let before: String = before.chars().rev().collect();
    let after = if before.is_empty() { "at its beginning".to_owned() } else { format!("after `{before}`") };
    let expected = "a text of one line, without control or invisible characters";
    let message = format!(": expected {expected}; it has U+{:04X} {after}", u32::from(c));
    let visible = without_hidden(text);
    let fix = if visible.len() > 60 { quoted("…") } else { quoted(&visible) };
    let certain = !visible.is_empty() && visible.len() <= 60;
    let remedy = if certain { Remedy::certain(fix) } else { Remedy::Example(fix) };
    Problem { remedy: Some(remedy), ..Problem::new(Code::WrongType, message, "") }
}
