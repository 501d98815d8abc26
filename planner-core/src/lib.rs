//! Plans the conversion of bitcoin-mining fleets to GPU hosting.

pub mod analysis;
pub mod audit;
pub mod diagnostics;
pub mod domain;
pub mod mining;
pub mod model;
pub mod options;
pub mod plan;
pub mod portfolio;
pub mod report;
#[cfg(feature = "solver")]
pub mod solve;
pub mod units;
pub mod works;

// The hand-made plan of the report tests is shared with the command line's.
#[cfg(test)]
extern crate self as planner_core;
