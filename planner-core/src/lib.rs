//! Plans the conversion of bitcoin-mining fleets to GPU hosting.
//!
//! A compiler is the right picture. [`portfolio::read`] turns text into checked
//! facts, a [`domain::Fleet`], and reports everything that is wrong with it.
//! [`options::enumerate`] prices every decision once, as dated lines of integer
//! cents. [`model::build`] states columns and rows over them, as data.
//! [`solve::plan`] maximises the present value of those lines, reads the
//! decisions and their ledger back ([`plan::read_back`]), and certifies them
//! against the bound and the twin. [`audit::audit`] tells every rule and cent
//! again from inputs and decisions alone. [`analysis`] asks questions of plans,
//! and [`report`] turns them into tables.
//! [`generate`] invents portfolios from a seed. Nothing here touches a file, a clock
//! or a terminal.

// The sample plan of `report` is shared with the command line, under this name.
#[cfg(test)]
extern crate self as planner_core;

pub mod analysis;
pub mod audit;
pub mod diagnostics;
pub mod domain;
pub mod encoding;
pub mod generate;
pub mod letters;
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
