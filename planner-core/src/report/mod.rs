//! Plan → named tables with units, format-free: no terminal, no files.
//!
//! Every report works from a [`crate::plan::Plan`] alone. Its figures are
//! plain structs; [`table`] holds the shapes a renderer prints, [`page`] puts
//! the decision page together.

pub mod ask;
pub mod assumptions;
pub mod break_even;
pub mod bridge;
pub mod by_year;
pub mod commitment;
pub mod compare;
pub mod comparison;
pub mod conversions;
pub mod critical_path;
pub mod evidence;
#[cfg(feature = "solver")]
pub mod frontier;
pub mod headline;
pub mod headline_section;
pub mod irr;
pub mod machines;
pub mod market;
pub mod memo;
pub mod moves;
pub mod next;
pub mod offers;
pub mod page;
pub mod portfolio_events;
pub mod pots;
pub mod production;
pub mod programme;
pub mod returns;
pub mod rules;
pub mod schedule;
pub mod site_states;
pub mod sites_left;
pub mod sources_uses;
pub mod streams;
pub mod table;
pub mod term_income;
pub mod text;
pub mod verdict;
pub mod waterfall;
pub mod works;

#[cfg(test)]
pub(crate) mod sample;
