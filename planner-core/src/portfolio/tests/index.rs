//! The book names every code and every key.

use super::super::desk::Desk;
use super::super::gather;
use super::{full, full_lists, lists, small, wide, wide_lists};
use crate::diagnostics::Code;

#[test]
fn every_code_is_explained() {
    let book = include_str!("../../../../docs/src/reference/errors.md");
    for code in Code::ALL {
        assert!(book.contains(&format!("## {} ", code.as_str())), "{} is not in the error index", code.as_str());
        assert!(book.contains(code.about()), "the error index words {} otherwise", code.as_str());
    }
    let is_code = |line: &&str| {
        line.starts_with("## ")
            && line[3..].starts_with(|c| "EW".contains(c))
            && line[4..].starts_with(|c: char| c.is_ascii_digit())
    };
    let explained = book.lines().filter(is_code).count();
    assert_eq!(explained, Code::ALL.len(), "a code that is not there is explained, or one twice");
}

#[test]
fn every_key_is_in_the_data_reference() {
    let book = include_str!("../../../../docs/src/reference/data.md");
    for folder in [small(), lists(), full(), full_lists(), wide(), wide_lists()] {
        let desk = Desk::new(&folder);
        let _ = gather::fleet(&desk, crate::units::Months(0));
        for key in desk.asked.borrow().iter() {
            let words = book.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            assert!(words.clone().any(|word| word == *key), "`{key}` is not in the data reference");
        }
    }
}
