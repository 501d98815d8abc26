//! The nested programme: from a base downwards each plan only drops or delays conversions of the one above, upwards it
//! only adds some or brings them forward.
//!
//! For every site, hall, retrofit, offer and start `t`: `Σ_{τ≤t} x[τ] ≤` the same sum of the plan above (`≥` below).

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Nested, Point};
use crate::audit::audit;
use crate::domain::Fleet;
use crate::domain::ids::{HallId, OfferId, RetrofitId, SiteId};
use crate::model::{ColumnId, Row, Variables};
use crate::options::Options;
use crate::plan::{Plan, Settings};
use crate::solve::{Run, SolveError, answer_of, bounded_by, improve_among};
use crate::units::Usd;

/// The family of its rows.
const NAME: &str = "nested";

/// What may be dropped or delayed: halls of a group, how, for whom.
type What = (SiteId, HallId, RetrofitId, Option<OfferId>);

/// On which side of its neighbour a plan lies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// With less money: conversions are dropped or delayed.
    Below,
    /// With more money: conversions are added or brought forward.
    Above,
}

/// Gives every point its nested plan.
pub(super) fn programme(
    points: &mut [Point],
    base: usize,
    fleet: &Fleet,
    settings: &Settings,
    options: &Options,
    run: &Run,
) {
    let same = |plan: &Plan| Nested { plan: plan.clone(), gap: plan.gap_usd };
    let start = same(&points[base].plan);
    let (below, from_base) = points.split_at_mut(base);
    let away =
        [(Side::Below, below.iter_mut().rev().collect::<Vec<_>>()), (Side::Above, from_base.iter_mut().collect())];
    for (side, points) in away {
        let mut neighbour = start.plan.clone();
        for point in points {
            if run.stopped() {
                return;
            }
            let nested = if keeps(&point.plan, &neighbour, side) {
                Ok(same(&point.plan))
            } else {
                let settings = Settings { budget: Some(Usd::new(point.budget.usd())), ..settings.clone() };
                best(fleet, &settings, options, point, &neighbour, side, run)
            };
            if let Ok(nested) = &nested {
                neighbour = nested.plan.clone();
            }
            point.nested = Some(nested);
        }
    }
}

fn best(
    fleet: &Fleet,
    settings: &Settings,
    options: &Options,
    point: &Point,
    neighbour: &Plan,
    side: Side,
    run: &Run,
) -> Result<Nested, SolveError> {
    let known = (side == Side::Above).then(|| answer_of(fleet, settings, options, neighbour, run)).flatten();
    let further = |variables: &Variables| rows(fleet, options, variables, neighbour, side);
    let run = Run { provenance: run.provenance.clone(), ..*run };
    let (mut plan, _) = improve_among(fleet, settings, options, known.as_ref(), Some(&further), &run)?;
    let gap = plan.gap_usd;
    bounded_by(&mut plan, point.plan.bound_usd);
    plan.audit = audit(&plan);
    Ok(Nested { plan, gap })
}

/// Halls by what they are, and how many of them start when.
fn halls(plan: &Plan) -> BTreeMap<What, BTreeMap<Date, u32>> {
    let mut halls: BTreeMap<What, BTreeMap<Date, u32>> = BTreeMap::new();
    for c in &plan.decisions.conversions {
        let what = (c.site.clone(), c.hall.clone(), c.retrofit.clone(), c.offer.clone());
        *halls.entry(what).or_default().entry(c.start).or_default() += c.halls;
    }
    halls
}

fn started(starts: Option<&BTreeMap<Date, u32>>, by: Date) -> u32 {
    starts.map_or(0, |starts| starts.range(..=by).map(|(_, halls)| halls).sum())
}

/// Whether a plan is nested in its neighbour already.
fn keeps(plan: &Plan, neighbour: &Plan, side: Side) -> bool {
    let (small, large) = if side == Side::Below { (plan, neighbour) } else { (neighbour, plan) };
    let large = halls(large);
    halls(small)
        .iter()
        .all(|(what, starts)| starts.keys().all(|by| started(Some(starts), *by) <= started(large.get(what), *by)))
}

/// The rows that keep a plan on its side of a neighbour.
fn rows(fleet: &Fleet, options: &Options, variables: &Variables, neighbour: &Plan, side: Side) -> Vec<Row> {
    let mut columns: BTreeMap<What, Vec<(Date, ColumnId)>> = BTreeMap::new();
    for (option, column) in options.halls.iter().zip(&variables.halls) {
        let (place, retrofit) = (&fleet.sites[option.site], fleet.retrofits[option.retrofit].id.clone());
        let offer = option.offer.map(|offer| fleet.offers[offer].id.clone());
        let what = (place.id.clone(), place.halls[option.hall].id.clone(), retrofit, offer);
        columns.entry(what).or_default().push((fleet.calendar.month_start(option.start), *column));
    }
    let taken = halls(neighbour);
    let mut rows = vec![];
    for (what, mut starts) in columns {
        starts.sort_by_key(|(start, _)| *start);
        let halls = |index: Option<usize>| {
            index.and_then(|index| starts.get(index)).map(|(by, _)| started(taken.get(&what), *by))
        };
        for index in 0..starts.len() {
            // Where the neighbour's halls stay the same, the row of the last (the first) such start says it all.
            let other =
                if side == Side::Below { halls(Some(index + 1)) } else { halls(index.checked_sub(1)).or(Some(0)) };
            let (own, terms) =
                (halls(Some(index)), starts[..=index].iter().map(|(_, column)| (*column, 1.0)).collect());
            if own == other {
                continue;
            }
            let limit = f64::from(own.unwrap_or_default());
            let key = format!("{},{},{},{}", what.0, what.1, what.2, starts[index].0);
            rows.push(match side {
                Side::Below => Row::at_most(NAME, key, terms, limit),
                Side::Above => Row::at_least(NAME, key, terms, limit),
            });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::fixture;
    use crate::model::build;
    use crate::options::enumerate;
    use crate::units::UsdPerKwMonth;

    /// One hall of two that starts in the second of three quarters, and the tiny portfolio it is from.
    fn one_hall() -> (Fleet, Plan) {
        let mut fleet = fixture::fleet();
        fleet.calendar.latest_start = date(2027, 7, 1);
        fleet.offers[0].rent = UsdPerKwMonth::new(1000.0);
        let mut plan = crate::solve::plan(&fleet, &Settings::default(), &crate::solve::tests::run()).unwrap();
        plan.decisions.conversions.truncate(1);
        (plan.decisions.conversions[0].start, plan.decisions.conversions[0].halls) = (date(2027, 4, 1), 1);
        (fleet, plan)
    }

    #[test]
    fn rows_say_at_most_below_and_at_least_above() {
        let (fleet, plan) = one_hall();
        let options = enumerate(&fleet, &Settings::default());
        let variables = build(&fleet, &Settings::default(), &options).variables;
        let texts = |side| -> Vec<String> {
            rows(&fleet, &options, &variables, &plan, side).iter().map(|row| row.text(&variables)).collect()
        };
        let x = |start| format!("convert[north,a,liquid,ig,2027-{start}]");
        let (first, second, third) = (x("01"), x("04"), x("07"));
        let below = [
            format!("nested[north,a,liquid,2027-01-01]: {first} ≤ 0"),
            format!("nested[north,a,liquid,2027-07-01]: {first} + {second} + {third} ≤ 1"),
        ];
        assert_eq!(texts(Side::Below), below);
        assert_eq!(texts(Side::Above), [format!("nested[north,a,liquid,2027-04-01]: {first} + {second} ≥ 1")]);
    }

    #[test]
    fn a_plan_is_nested_when_it_drops_or_delays() {
        let (_, plan) = one_hall();
        let with = |start, halls| {
            let mut other = plan.clone();
            (other.decisions.conversions[0].start, other.decisions.conversions[0].halls) = (start, halls);
            other
        };
        let (earlier, later) = (with(date(2027, 1, 1), 1), with(date(2027, 7, 1), 1));
        assert!(keeps(&later, &plan, Side::Below) && keeps(&plan, &plan, Side::Below));
        assert!(!keeps(&earlier, &plan, Side::Below) && !keeps(&with(date(2027, 7, 1), 2), &plan, Side::Below));
        assert!(keeps(&earlier, &plan, Side::Above) && !keeps(&later, &plan, Side::Above));
    }
}
