//! The book's error index names every code.

use crate::diagnostics::Code;

#[test]
fn every_code_is_explained() {
    let book = include_str!("../../../../docs/src/reference/errors.md");
    for code in Code::ALL {
        assert!(book.contains(&format!("## {} ", code.as_str())), "{} is not in the error index", code.as_str());
        assert!(book.contains(code.about()), "the error index words {} otherwise", code.as_str());
    }
}
