//! Files made from a plan alone. Each format returns names and bytes.

pub mod csv;
pub mod ics;
pub mod mps;
