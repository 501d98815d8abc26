//! The longest path through a retrofit's phases, told a second time: with
//! notice, which holds back the phase that stops mining, and with the float of
//! every phase.

use crate::domain::Fleet;
use crate::domain::calendar::Month;
use crate::domain::ids::PhaseId;
use crate::domain::retrofit::Retrofit;
use crate::domain::site::{HallGroup, HallUse, RetrofitOverride, Site};

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
    pub(super) on_site: bool,
    pub(super) start: u32,
    pub(super) months: u32,
    /// How many months later it may end without delaying service.
    pub(super) float: u32,
}

impl Laid<'_> {
    /// The first month after it.
    pub(super) fn end(&self) -> u32 {
        self.start.saturating_add(self.months)
    }
}

/// Months of notice before mining may stop in a hall whose conversion starts in a month.
pub(super) fn notice(fleet: &Fleet, site: &Site, hall: &HallGroup, start: Month) -> u32 {
    let supplier = site.power.notice.0;
    match hall.hall_use {
        HallUse::Pad => 0,
        HallUse::Mining => supplier,
        HallUse::ThirdParty(customer) => {
            // A contract that ends by itself needs no notice after its end.
            let left = fleet.calendar.month_after(customer.until).0.saturating_sub(start.0);
            supplier.max(customer.notice.0.min(u32::try_from(left).unwrap_or(0)))
        }
    }
}

/// Lays out the phases; `None` when they wait for one another in a circle.
pub(super) fn offsets<'a>(retrofit: &'a Retrofit, site: Option<&RetrofitOverride>, notice: u32) -> Option<Offsets<'a>> {
    let own = |id: &PhaseId| site.and_then(|o| o.phases.iter().find(|(phase, _)| phase == id)).map(|(_, m)| m.0);
    let stop = retrofit.phases.iter().position(|phase| phase.stops_mining);
    let held_back = |at: usize| if stop == Some(at) { notice } else { 0 };
    let mut phases: Vec<Laid> = retrofit
        .phases
        .iter()
        .map(|phase| {
            let months = own(&phase.id).unwrap_or(phase.months.0);
            Laid { id: &phase.id, on_site: phase.on_site, start: 0, months, float: 0 }
        })
        .collect();
    // Push every start behind its predecessors until nothing moves. A path has
    // fewer steps than there are phases, so a start that still moves after
    // that many rounds waits for itself.
    for _ in 0..=phases.len() {
        let starts: Vec<u32> = retrofit
            .phases
            .iter()
            .enumerate()
            .map(|(at, phase)| {
                let before = phases.iter().filter(|p| phase.after.contains(p.id));
                before.map(Laid::end).max().unwrap_or(0).max(held_back(at))
            })
            .collect();
        if starts.iter().zip(&phases).all(|(start, phase)| *start == phase.start) {
            let mining_off = stop.and_then(|at| phases.get(at)).map_or(0, |phase| phase.start);
            let ready = phases.iter().map(Laid::end).max().unwrap_or(0);
            let floats = floats(retrofit, &phases, ready);
            phases.iter_mut().zip(floats).for_each(|(phase, float)| phase.float = float);
            return Some(Offsets { phases, mining_off, ready });
        }
        for (phase, start) in phases.iter_mut().zip(starts) {
            phase.start = start;
        }
    }
    None
}

/// How much later than now every phase may end: before the latest start of what
/// comes after it, and before service.
fn floats(retrofit: &Retrofit, phases: &[Laid], ready: u32) -> Vec<u32> {
    let mut latest = vec![ready; phases.len()];
    // As many rounds as a path has steps at most.
    for _ in phases {
        latest = phases
            .iter()
            .map(|phase| {
                let next = retrofit.phases.iter().zip(phases.iter().zip(&latest));
                let starts = next
                    .filter(|(other, _)| other.after.contains(phase.id))
                    .map(|(_, (laid, end))| end.saturating_sub(laid.months));
                starts.min().unwrap_or(ready)
            })
            .collect();
    }
    phases.iter().zip(latest).map(|(phase, latest)| latest.saturating_sub(phase.end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::fixture;
    use crate::domain::retrofit::Phase;
    use crate::domain::site::ThirdParty;
    use crate::units::{Months, Usd, UsdPerMwMonth};

    use jiff::civil::date;

    fn phase(id: &str, months: u32, after: &[&str], stops_mining: bool) -> Phase {
        let after = after.iter().map(|id| PhaseId::from(*id)).collect();
        Phase { id: id.into(), months: Months(months), after, stops_mining, on_site: false }
    }

    /// Design 4, then 18 months of waiting for a transformer beside 2 of strip-out; fit-out 8 after both.
    fn with_transformer() -> Retrofit {
        let mut retrofit = fixture::retrofit();
        retrofit.phases = vec![
            phase("fit-out", 8, &["strip-out", "transformer"], false),
            phase("strip-out", 2, &["design"], true),
            phase("transformer", 18, &["design"], false),
            phase("design", 4, &[], false),
        ];
        retrofit
    }

    fn floats_of(laid: &Offsets) -> Vec<u32> {
        laid.phases.iter().map(|phase| phase.float).collect()
    }

    #[test]
    fn service_waits_for_the_longest_path() {
        let retrofit = with_transformer();
        let laid = offsets(&retrofit, None, 0).unwrap();
        assert_eq!((laid.mining_off, laid.ready), (4, 30));
        assert_eq!(floats_of(&laid), [0, 16, 0, 0], "strip-out may end 16 months later");
        let here = RetrofitOverride {
            retrofit: retrofit.id.clone(),
            phases: vec![("transformer".into(), Months(0))],
            cost_factor: crate::units::Share::ALL,
        };
        let laid = offsets(&retrofit, Some(&here), 0).unwrap();
        assert_eq!(laid.ready, 14);
        assert_eq!(floats_of(&laid), [0, 0, 2, 0]);
    }

    #[test]
    fn notice_holds_back_strip_out_and_eats_its_float() {
        let retrofit = with_transformer();
        let laid = offsets(&retrofit, None, 12).unwrap();
        assert_eq!((laid.mining_off, laid.ready), (12, 30));
        assert_eq!(floats_of(&laid), [0, 8, 0, 0]);
        let laid = offsets(&retrofit, None, 24).unwrap();
        assert_eq!((laid.mining_off, laid.ready), (24, 34));
        assert_eq!(floats_of(&laid), [0, 0, 4, 4]);
    }

    #[test]
    fn a_customer_is_told_unless_his_contract_ends_by_itself() {
        let mut fleet = fixture::fleet();
        fleet.sites[0].power.notice = Months(2);
        let (margin, until) = (UsdPerMwMonth::ZERO, date(2027, 10, 15));
        let customer = ThirdParty { margin, until, notice: Months(6), fee: Usd::ZERO };
        let mut hall = fleet.sites[0].halls[0].clone();
        assert_eq!(notice(&fleet, &fleet.sites[0], &hall, Month(3)), 2);
        hall.hall_use = HallUse::ThirdParty(customer);
        // The first month after the contract is month 10.
        for (start, expected) in [(-1, 6), (3, 6), (6, 4), (9, 2), (20, 2)] {
            assert_eq!(notice(&fleet, &fleet.sites[0], &hall, Month(start)), expected, "from month {start}");
        }
        hall.hall_use = HallUse::Pad;
        assert_eq!(notice(&fleet, &fleet.sites[0], &hall, Month(3)), 0);
    }

    #[test]
    fn a_circle_has_no_dates() {
        let mut retrofit = fixture::retrofit();
        retrofit.phases = vec![phase("a", 1, &["b"], false), phase("b", 1, &["a"], false)];
        assert!(offsets(&retrofit, None, 0).is_none());
    }
}
