//! The longest path through a retrofit's phases, told a second time.

use crate::domain::ids::PhaseId;
use crate::domain::retrofit::Retrofit;
use crate::domain::site::RetrofitOverride;

/// Months from the start of an option.
pub(super) struct Offsets<'a> {
    /// Every phase with its first month and its length.
    pub(super) phases: Vec<Laid<'a>>,
    /// When mining stops.
    pub(super) mining_off: u32,
    /// When the hall is ready.
    pub(super) ready: u32,
}

/// A phase with its dates.
pub(super) struct Laid<'a> {
    pub(super) id: &'a PhaseId,
    pub(super) start: u32,
    pub(super) months: u32,
}

impl Laid<'_> {
    fn end(&self) -> u32 {
        self.start.saturating_add(self.months)
    }
}

/// Lays out the phases; `None` when they wait for one another in a circle.
pub(super) fn offsets<'a>(retrofit: &'a Retrofit, site: Option<&RetrofitOverride>) -> Option<Offsets<'a>> {
    let own = |id: &PhaseId| site.and_then(|o| o.phases.iter().find(|(phase, _)| phase == id)).map(|(_, m)| m.0);
    let mut phases: Vec<Laid> = retrofit
        .phases
        .iter()
        .map(|phase| Laid { id: &phase.id, start: 0, months: own(&phase.id).unwrap_or(phase.months.0) })
        .collect();
    // Push every start behind its predecessors until nothing moves. A path has
    // fewer steps than there are phases, so a start that still moves after
    // that many rounds waits for itself.
    for _ in 0..=phases.len() {
        let starts: Vec<u32> = retrofit
            .phases
            .iter()
            .map(|phase| phases.iter().filter(|p| phase.after.contains(p.id)).map(Laid::end).max().unwrap_or(0))
            .collect();
        if starts.iter().zip(&phases).all(|(start, phase)| *start == phase.start) {
            let stop = retrofit.phases.iter().position(|phase| phase.stops_mining);
            let mining_off = stop.and_then(|at| phases.get(at)).map_or(0, |phase| phase.start);
            let ready = phases.iter().map(Laid::end).max().unwrap_or(0);
            return Some(Offsets { phases, mining_off, ready });
        }
        for (phase, start) in phases.iter_mut().zip(starts) {
            phase.start = start;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::fixture;
    use crate::domain::retrofit::Phase;
    use crate::units::Months;

    fn phase(id: &str, months: u32, after: &[&str], stops_mining: bool) -> Phase {
        let after = after.iter().map(|id| PhaseId::from(*id)).collect();
        Phase { id: id.into(), months: Months(months), after, stops_mining, on_site: false }
    }

    #[test]
    fn service_waits_for_the_longest_path() {
        let mut retrofit = fixture::retrofit();
        // Design 4, then 18 months of waiting for a transformer beside 2 of strip-out; fit-out 8 after both.
        retrofit.phases = vec![
            phase("fit-out", 8, &["strip-out", "transformer"], false),
            phase("strip-out", 2, &["design"], true),
            phase("transformer", 18, &["design"], false),
            phase("design", 4, &[], false),
        ];
        let laid = offsets(&retrofit, None).unwrap();
        assert_eq!((laid.mining_off, laid.ready), (4, 30));
        let here = RetrofitOverride {
            retrofit: retrofit.id.clone(),
            phases: vec![("transformer".into(), Months(0))],
            cost_factor: crate::units::Share::ALL,
        };
        assert_eq!(offsets(&retrofit, Some(&here)).unwrap().ready, 14);
    }

    #[test]
    fn a_circle_has_no_dates() {
        let mut retrofit = fixture::retrofit();
        retrofit.phases = vec![phase("a", 1, &["b"], false), phase("b", 1, &["a"], false)];
        assert!(offsets(&retrofit, None).is_none());
    }
}
