//! Everything that can be decided, priced: one column per decision, each with
//! its own dated lines in exact unit cents.
//!
//! A plan's ledger is `unit cents × count` over these columns, and so is the
//! solver's objective; nothing is priced twice.

mod contract;
mod enumerate;
mod hall;
mod lines;
mod machines;
mod site;
mod tenancy;
mod works;

pub use enumerate::{Options, Refusal, RefusalReason, enumerate};
pub use hall::{Dates, HallOption, conversion_dates};
pub use lines::{UnitLine, present_value_usd};
pub use machines::{MachinePeriod, MachineTrack};
pub use site::{HostingOption, SetupOption, SiteLines};
pub use works::{ReservationOption, WorkOption};
