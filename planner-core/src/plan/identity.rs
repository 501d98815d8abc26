//! The hash that ties a plan to its inputs.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::domain::Fleet;

/// SHA-256, in hex, of the canonical (JSON) form of the resolved inputs.
#[must_use]
pub fn identity(fleet: &Fleet) -> String {
    // A fleet has only text keys and finite numbers, so it always has a JSON form.
    let canonical = serde_json::to_vec(fleet).unwrap_or_default();
    hex(&Sha256::digest(&canonical))
}

/// Bytes in hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String never fails.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
