//! Plan → named tables with units, format-free: no terminal, no files.
//!
//! Every report works from a [`crate::plan::Plan`] alone. Its figures are
//! plain structs; [`table`] holds the shapes a renderer prints, [`page`] puts
//! the decision page together.

pub mod ask;
pub mod commitment;
pub mod compare;
pub mod conversions;
pub mod critical_path;
pub mod evidence;
#[cfg(feature = "solver")]
pub mod frontier;
pub mod irr;
pub mod keep_mining;
pub mod machines;
pub mod market;
pub mod memo;
pub mod moves;
pub mod next;
pub mod page;
pub mod portfolio_events;
pub mod programme;
pub mod returns;
pub mod schedule;
pub mod site_states;
pub mod sites_left;
pub mod table;
pub mod works;

#[cfg(test)]
pub(crate) mod sample;
