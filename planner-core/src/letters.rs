//! Characters of names: how one name is written in several ways, what does not show, and what looks like something else.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};
use unicode_security::skeleton;

/// Characters that no name may have and no output shows: those that steer a terminal, turn the direction of writing, or
/// take no room, so that two names would look alike. For joiners it depends on where they stand: see [`first_hidden`].
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Characters with what stands before and after each.
fn in_context(text: &str) -> impl Iterator<Item = (usize, char, bool)> {
    let after = text.chars().skip(1).map(Some).chain([None]);
    let mut before = None;
    text.char_indices().zip(after).map(move |((at, c), after)| {
        let joins = matches!(c, '\u{200c}' | '\u{200d}')
            && [before, after].into_iter().flatten().filter(|c| is_joined(*c)).count() == 2;
        before = Some(c);
        (at, c, is_hidden(c) && !joins)
    })
}

/// Whether a joiner beside a letter changes how the word is written: in Arabic letters and those of India and its
/// neighbours it is a part of the spelling.
fn is_joined(c: char) -> bool {
    matches!(
        c.script(),
        Script::Arabic
            | Script::Syriac
            | Script::Mongolian
            | Script::Nko
            | Script::Devanagari
            | Script::Bengali
            | Script::Gurmukhi
            | Script::Gujarati
            | Script::Oriya
            | Script::Tamil
            | Script::Telugu
            | Script::Kannada
            | Script::Malayalam
            | Script::Sinhala
            | Script::Khmer
            | Script::Myanmar
            | Script::Tibetan
    ) || (is_combining_mark(c) && c.script_extension().contains_script(Script::Arabic) && c.script() != Script::Common)
}

/// The first character of a text that does not show where it stands, and at which byte.
#[must_use]
pub fn first_hidden(text: &str) -> Option<(usize, char)> {
    in_context(text).find(|(.., hidden)| *hidden).map(|(at, c, _)| (at, c))
}

/// A text as it may be printed: what does not show is made visible.
#[must_use]
pub fn shown(text: &str) -> String {
    in_context(text).map(|(_, c, hidden)| if hidden { '\u{fffd}' } else { c }).collect()
}

/// The same for a text whose lines a renderer still takes apart: control characters stay.
#[must_use]
pub fn shown_source(text: &str) -> String {
    in_context(text).map(|(_, c, hidden)| if hidden && !c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// A text without what does not show.
#[must_use]
pub fn without_hidden(text: &str) -> String {
    in_context(text).filter(|(.., hidden)| !hidden).map(|(_, c, _)| c).collect()
}

/// A name in the one way in which names are compared: letters and their marks composed (NFC), blanks of any width as single
/// spaces, none at the ends.
#[must_use]
pub fn canonical(text: &str) -> String {
    let is_blank = |c: char| c.is_whitespace() && !is_hidden(c);
    let composed: String = text.nfc().collect();
    let words: Vec<&str> = composed.split(is_blank).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Whether a name is made of letters with their marks, digits and `-`, `_` and `.`.
#[must_use]
pub fn is_name(text: &str) -> bool {
    first_strange(text).is_none()
}

/// The first character that a name may not have.
#[must_use]
pub fn first_strange(text: &str) -> Option<char> {
    let is_joiner = |c: char| matches!(c, '\u{200c}' | '\u{200d}');
    let is_right = |at: usize, c: char| {
        c.is_alphanumeric() || matches!(c, '-' | '_' | '.') || (at > 0 && (is_combining_mark(c) || is_joiner(c)))
    };
    in_context(text).find(|(at, c, hidden)| *hidden || !is_right(*at, *c)).map(|(_, c, _)| c)
}

/// A character in words: `a Cyrillic `О` (U+041E)`.
#[must_use]
pub fn named(c: char) -> String {
    let code = format!("U+{:04X}", u32::from(c));
    if is_hidden(c) {
        return format!("{code}, which does not show");
    }
    let wide = if matches!(c, '\u{ff01}'..='\u{ff5e}') { "full-width " } else { "" };
    match c.script() {
        Script::Common | Script::Inherited | Script::Unknown => format!("{wide}`{c}` ({code})"),
        script => format!("a {wide}{} `{c}` ({code})", script.full_name().replace('_', " ")),
    }
}

/// Two names that look alike look the same here.
fn look(name: &str) -> String {
    let visible: String = name.nfkc().filter(|c| !is_hidden(*c)).collect();
    skeleton(&visible).collect()
}

/// Whether two different names look alike.
#[must_use]
pub fn look_alike(one: &str, other: &str) -> bool {
    one != other && (look(one) == look(other) || look(&one.to_lowercase()) == look(&other.to_lowercase()))
}

/// In what two names that look alike differ: the first characters that do.
#[must_use]
pub fn difference(written: &str, known: &str) -> Option<String> {
    if !look_alike(written, known) {
        return None;
    }
    let (written, known): (Vec<char>, Vec<char>) = (written.chars().collect(), known.chars().collect());
    let same = written.iter().zip(&known).take_while(|(a, b)| a == b).count();
    let (mut here, mut there) = (&written[same..], &known[same..]);
    if here.len() == there.len() {
        (here, there) = (&here[..1], &there[..1]);
    } else {
        let same = here.iter().rev().zip(there.iter().rev()).take_while(|(a, b)| a == b).count();
        (here, there) = (&here[..here.len() - same], &there[..there.len() - same]);
    }
    Some(format!("it is written here with {} where that one has {}", in_words(here), in_words(there)))
}

fn in_words(chars: &[char]) -> String {
    let named: Vec<String> = chars.iter().take(3).map(|c| named(*c)).collect();
    if named.is_empty() { "nothing".to_owned() } else { named.join(" and ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_composed_and_with_single_blanks() {
        assert_eq!(canonical("ge\u{301}de\u{301}on"), "gédéon");
        assert_eq!(canonical(" Antminer\u{a0}\u{2009}S19\u{3000}"), "Antminer S19");
        assert_eq!(canonical("a\nb\u{2028}c"), "a\nb\u{2028}c", "ends of lines are no blanks of a name");
        for name in ["gédéon", "नई_दिल्ली", "نیروگاه‌ها", "จังหวัด", "x-1.a_b"]
        {
            assert!(is_name(name), "{name}: {:?}", first_strange(name));
        }
        for name in ["a b", "a\u{200b}b", "a\u{200c}b", "\u{301}a", "a/b", "“a”"] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn joiners_are_hidden_where_they_do_not_belong() {
        for text in ["نیروگاه‌ها", "क्‍ष", "ශ්‍රී ලංකා"] {
            assert_eq!(first_hidden(text), None, "{text}");
            assert_eq!(shown(text), text);
        }
        for (text, at) in
            [("a\u{200d}b", 1), ("گاه\u{200c}", 6), ("\u{200c}ها", 0), ("گ\u{200c}\u{200c}ا", 2), ("گ\u{200c}a", 2)]
        {
            assert_eq!(first_hidden(text).map(|(at, _)| at), Some(at), "{text:?}");
        }
        assert_eq!(shown("pa\u{200b}nther\u{2067}"), "pa\u{fffd}nther\u{fffd}");
        assert_eq!(without_hidden("pa\u{200b}nther\u{2067}"), "panther");
    }

    #[test]
    fn look_alikes_are_told_by_what_differs() {
        for (written, known, told) in [
            ("Miner Оne", "Miner One", "a Cyrillic `О` (U+041E) where that one has a Latin `O` (U+004F)"),
            ("Αlpha", "Alpha", "a Greek `Α` (U+0391) where that one has a Latin `A` (U+0041)"),
            ("Ａlpha", "Alpha", "a full-width Latin `Ａ` (U+FF21) where that one has a Latin `A` (U+0041)"),
            (
                "oﬃce",
                "office",
                "a Latin `ﬃ` (U+FB03) where that one has a Latin `f` (U+0066) and a Latin `f` (U+0066) and a Latin `i` (U+0069)",
            ),
            ("site-l", "site-1", "a Latin `l` (U+006C) where that one has `1` (U+0031)"),
            ("гора\u{200b}", "гора", "U+200B, which does not show where that one has nothing"),
            ("barn–a", "barn-a", "`–` (U+2013) where that one has `-` (U+002D)"),
        ] {
            assert_eq!(difference(written, known), Some(format!("it is written here with {told}")), "{written}");
        }
        assert_eq!(difference("alpha", "alpah"), None, "what can be seen is not told");
        assert_eq!(difference("alpha", "alpha"), None);
    }
}
