//! The value of a plan: present value of all its lines.
//!
//! `max Σ value(column) · column + constant`, where the value of a column is
//! the present value of the lines of one unit (see `options`), and the
//! constant is what each site pays and is worth whatever is decided.

use super::scale;
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::options::{MachineTrack, Options};

/// Present value in M$ of what is not decided.
pub(super) fn constant(fleet: &Fleet, options: &Options) -> f64 {
    options.fixed.iter().map(|site| scale::value(&fleet.calendar, &site.lines)).sum()
}

/// Stock earns nothing by itself; what outlives the last period is worth its
/// end value.
pub(super) fn stock_value(fleet: &Fleet, track: &MachineTrack, period: Period) -> f64 {
    if period.0 + 1 < fleet.calendar.periods {
        return 0.0;
    }
    scale::machine_value(&fleet.calendar, &track.end_lines) * track.survival
}
