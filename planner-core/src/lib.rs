//! Plans the conversion of bitcoin-mining fleets to GPU hosting.

pub mod diagnostics;
pub mod domain;
pub mod plan;
pub mod units;
