//! The hash that ties a plan to its inputs.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::domain::Fleet;

/// SHA-256 of the canonical inputs (their compact JSON), in hexadecimal.
#[must_use]
pub fn identity(fleet: &Fleet) -> String {
    // Plain facts with text keys always serialise.
    let bytes = serde_json::to_vec(fleet).unwrap_or_default();
    Sha256::digest(&bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
