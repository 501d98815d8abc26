//! `long_lead`: deliveries of scarce equipment in a period stay within what is
//! delivered anyway and what deposits have reserved; a deposit is due inside
//! the horizon.

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::column::Column;
use super::findings::{Findings, when};
use super::schedule::Offsets;
use super::site_setup::{First, firsts};
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::delivery::{LongLead, Reserve};
use crate::domain::retrofit::{CostBasis, CostLine};
use crate::plan::Reservation;

/// Deliveries by item and period.
type Deliveries<'a> = BTreeMap<(&'a str, Period), u64>;

/// Deliveries stay within what can be had.
pub(super) fn check(case: &Case, found: &mut Findings) {
    let calendar = &case.fleet.calendar;
    let mut seen = BTreeSet::new();
    for reservation in &case.decisions.reservations {
        let line = format!("reservation of {} in {}", reservation.item, when(calendar, reservation.period));
        if !seen.insert((&reservation.item, reservation.period)) {
            found.add(&line, "it stands twice");
        }
        if let Err(message) = possible(case, reservation) {
            found.add(&line, message);
        }
    }
    let deliveries = deliveries(case);
    for item in &case.fleet.long_lead {
        for period in calendar.all_periods() {
            let delivered = deliveries.get(&(item.item.as_str(), period)).copied().unwrap_or(0);
            let reserved = reserved(case, item, period);
            if delivered > u64::from(item.per_period).saturating_add(reserved) {
                let line = format!("{} in {}", item.item, when(calendar, period));
                let message = format!("{delivered} delivered of {} and {reserved} reserved", item.per_period);
                found.add(line, message);
            }
        }
    }
}

/// The item with what a reservation of it costs.
///
/// # Errors
/// With the reason why there is no such reservation.
fn possible(case: &Case, reservation: &Reservation) -> Result<(), String> {
    let item = case.fleet.long_lead.iter().find(|item| item.item == reservation.item);
    let item = item.ok_or_else(|| format!("there is no scarce equipment `{}`", reservation.item))?;
    let reserve = item.reserve.ok_or("no deposit reserves it")?;
    if reservation.period >= case.fleet.calendar.horizon() {
        return Err("the period lies after the horizon".to_owned());
    }
    if reservation.count > reserve.most {
        return Err(format!("{} are reserved, at most {} can be", reservation.count, reserve.most));
    }
    if deposit_month(case, reservation, &reserve).0 < 0 {
        return Err("its deposit is due before the horizon".to_owned());
    }
    Ok(())
}

/// The month in which the deposit of a reservation is paid.
pub(super) fn deposit_month(case: &Case, reservation: &Reservation, reserve: &Reserve) -> Month {
    let first = case.fleet.calendar.first_month(reservation.period).0;
    Month(first.saturating_sub(i32::try_from(reserve.lead.0).unwrap_or(i32::MAX)))
}

fn reserved(case: &Case, item: &LongLead, period: Period) -> u64 {
    let all = case.decisions.reservations.iter();
    all.filter(|own| own.item == item.item && own.period == period).map(|own| u64::from(own.count)).sum()
}

fn deliveries<'a>(case: &'a Case) -> Deliveries<'a> {
    let mut deliveries = Deliveries::new();
    let mut deliver = |item: &'a str, period: Period, count: u32, halls: u32| {
        let delivered = deliveries.entry((item, period)).or_insert(0);
        *delivered = delivered.saturating_add(u64::from(count).saturating_mul(u64::from(halls)));
    };
    for column in &case.columns {
        for (item, period, count) in of_hall(case.fleet, column) {
            deliver(item, period, count, column.conversion.halls);
        }
    }
    for site in &case.fleet.sites {
        for first in firsts(case.fleet, site, &case.columns) {
            for (item, period, count) in once(case.fleet, &first) {
                deliver(item, period, count, 1);
            }
        }
    }
    deliveries
}

fn per_site(line: &CostLine) -> bool {
    matches!(line.basis, CostBasis::Site(_))
}

/// What is delivered for one hall, and when.
pub(super) fn of_hall<'a>(fleet: &Fleet, column: &Column<'a>) -> Vec<(&'a str, Period, u32)> {
    let lines = column.retrofit.costs.iter().filter(|line| !per_site(line));
    lines.filter_map(|line| delivered(fleet, line, column.start, &column.offsets)).collect()
}

/// What is delivered once at a site, with the first hall of a retrofit.
pub(super) fn once<'a>(fleet: &Fleet, first: &First<'_, 'a>) -> Vec<(&'a str, Period, u32)> {
    let lines = first.column.retrofit.costs.iter().filter(|line| per_site(line));
    lines.filter_map(|line| delivered(fleet, line, first.column.start, &first.offsets)).collect()
}

fn delivered<'a>(fleet: &Fleet, line: &'a CostLine, start: Month, offsets: &Offsets) -> Option<(&'a str, Period, u32)> {
    let equipment = line.equipment.as_ref()?;
    // What belongs to a phase that is done is on site already.
    let phase = offsets.phases.iter().find(|phase| *phase.id == line.phase && phase.months > 0)?;
    let last = start.plus(crate::units::Months(phase.end().saturating_sub(1)));
    Some((equipment.item.as_str(), fleet.calendar.period_of(last)?, equipment.count))
}

#[cfg(test)]
mod tests {
    use crate::audit::fixture::breaks;
    use crate::audit::fixture_works;
    use crate::domain::calendar::Period;
    use crate::domain::retrofit::Equipment;
    use crate::plan::Reservation;

    #[test]
    fn more_is_delivered_than_can_be_had() {
        // Two for the hall with the last month of fit-out, September 2027, and one for the site in May.
        let found = breaks("long_lead", |plan| {
            *plan = fixture_works::plan();
            plan.decisions.reservations.clear();
            plan.inputs.retrofits[0].costs[3].equipment = Some(Equipment { item: "transformer".to_owned(), count: 2 });
        });
        assert_eq!(
            found,
            [
                "long_lead: transformer in period 1 (2027-04-01): 2 delivered of 1 and 0 reserved",
                "long_lead: transformer in period 2 (2027-07-01): 2 delivered of 1 and 0 reserved"
            ]
        );
    }

    #[test]
    fn reservations_that_cannot_be() {
        let found = breaks("long_lead", |plan| {
            *plan = fixture_works::plan();
            let other =
                |item: &str, period, count| Reservation { item: item.to_owned(), period: Period(period), count };
            let more = [
                other("transformer", 2, 0),
                other("transformer", 0, 1),
                other("transformer", 3, 4),
                other("transformer", 8, 1),
                other("chiller", 3, 1),
                other("switchgear", 3, 1),
            ];
            plan.decisions.reservations.extend(more);
        });
        assert_eq!(
            found,
            [
                "transformer in period 2 (2027-07-01): it stands twice",
                "transformer in period 0 (2027-01-01): its deposit is due before the horizon",
                "transformer in period 3 (2027-10-01): 4 are reserved, at most 3 can be",
                "transformer in period 8 (2029-01-01): the period lies after the horizon",
                "chiller in period 3 (2027-10-01): there is no scarce equipment `chiller`",
                "switchgear in period 3 (2027-10-01): no deposit reserves it",
            ]
            .map(|message| format!("long_lead: reservation of {message}"))
        );
    }
}
