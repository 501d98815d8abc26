//! Measures of dated cash and of hosting: IRR, payback, peak funding, the year at full rent, yield on cost, contracted
//! share and term. [`super::headline`] puts them together for the programme and its increment.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::Date;

use super::irr::{Flow, Irr, irr};
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::money::Class;
use crate::plan::ledger::{Category, LedgerLine};
use crate::plan::{Conversion, Plan};
use crate::units::{Cents, Months};

/// When cash has paid for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payback {
    /// Its sum is never negative.
    NotNeeded,
    /// By the end of this day its sum is no longer negative, for good.
    By(Date),
    /// Only what is left at the horizon makes it up.
    OnlyWithEndValue,
    /// Not inside the horizon, end values included.
    Never,
}

/// Lowest point of summed cash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeakFunding {
    /// How much is out, at the most; nil when nothing ever is.
    pub amount: Cents,
    /// End of the period in which that is so.
    pub on: Option<Date>,
}

/// The first twelve months in which every contract runs at full rent and all merchant capacity is let.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stabilised {
    /// Its first period, and the first after it.
    pub periods: (u32, u32),
    /// First day of the twelve months.
    pub from: Date,
    /// Rent under contracts.
    pub rent: Cents,
    /// Rent less operating cost, of contracts and of merchant capacity, fixed cost of hosting included.
    pub noi: Cents,
    /// NOI over the landlord's capital of all conversions and works; `None` without capital.
    pub yield_on_cost: Option<f64>,
    /// Rent under contract as a share of all rent and gross mining revenue.
    pub contracted_share: Option<f64>,
}

/// Undiscounted cash by period, expectations included, what is given up in equity not; period `N` holds the end values.
#[must_use]
pub fn cash(ledger: &[LedgerLine], wanted: impl Fn(&LedgerLine) -> bool) -> BTreeMap<Period, Cents> {
    let mut by_period: BTreeMap<Period, Cents> = BTreeMap::new();
    for line in ledger.iter().filter(|line| line.category.is_cash() && wanted(line)) {
        *by_period.entry(line.period).or_default() += line.amount_cents;
    }
    by_period
}

/// The same of plan less twin.
#[must_use]
pub fn difference(plan: &Plan, wanted: impl Fn(&LedgerLine) -> bool) -> BTreeMap<Period, Cents> {
    let mut by_period = cash(&plan.ledger, &wanted);
    for (period, cents) in cash(&plan.twin.ledger, &wanted) {
        *by_period.entry(period).or_default() += -cents;
    }
    by_period
}

/// IRR of dated cash: the middle of each period, end values at the horizon.
#[must_use]
pub fn irr_of(plan: &Plan, cash: &BTreeMap<Period, Cents>) -> Irr {
    let calendar = &plan.inputs.calendar;
    let flows: Vec<Flow> = cash
        .iter()
        .filter(|(_, cents)| **cents != Cents::ZERO)
        .map(|(period, cents)| Flow { years: calendar.discount_years(*period), usd: cents.usd() })
        .collect();
    irr(&flows)
}

/// Whether a line belongs to hosting: its capital, contracts, merchant capacity and fixed cost. Where capital
/// counts, what it earns counts.
pub(super) fn is_hosting(line: &LedgerLine) -> bool {
    match line.category {
        Category::Capex(_) | Category::HostingFixedCost | Category::ContractEndValue => true,
        _ => is_hosted(line.class),
    }
}

/// Classes of what hosted load earns and costs, under contract or without one.
const fn is_hosted(class: Class) -> bool {
    matches!(class, Class::Contracted | Class::Merchant)
}

/// The first month in which a conversion earns its full rent: after the ramp of its contract, or once merchant
/// capacity is let to the last share.
fn full_rent(fleet: &Fleet, conversion: &Conversion) -> Month {
    let months = |list: usize| Months(u32::try_from(list).unwrap_or(u32::MAX));
    let commencement = fleet.calendar.month_of(conversion.commencement);
    if let Some(offer) = conversion.terms(fleet) {
        return commencement.plus(months(offer.ramp.len()));
    }
    let (site, retrofit) = (fleet.site(&conversion.site), fleet.retrofit(&conversion.retrofit));
    let curve = site.zip(retrofit).and_then(|(site, by)| fleet.deck.curve(&site.location.market, &by.class));
    curve.map_or(commencement, |curve| commencement.plus(curve.downtime).plus(months(curve.occupancy.len())))
}

fn last_day(plan: &Plan, period: Period) -> Date {
    let calendar = &plan.inputs.calendar;
    if period >= calendar.horizon() {
        return calendar.period_start(calendar.horizon());
    }
    calendar.period_start(Period(period.0.saturating_add(1))).saturating_sub(1.day())
}

/// Payback of dated cash.
#[must_use]
pub fn payback(plan: &Plan, cash: &BTreeMap<Period, Cents>) -> Payback {
    let horizon = plan.inputs.calendar.horizon();
    let mut sum = Cents::ZERO;
    let mut last_negative = None;
    let mut next_after = None;
    for (period, cents) in cash {
        sum += *cents;
        if sum < Cents::ZERO {
            last_negative = Some(*period);
            next_after = None;
        } else if last_negative.is_some() && next_after.is_none() {
            next_after = Some(*period);
        }
    }
    match (last_negative, next_after) {
        (None, _) => Payback::NotNeeded,
        (Some(_), None) => Payback::Never,
        (Some(_), Some(period)) if period >= horizon => Payback::OnlyWithEndValue,
        (Some(_), Some(period)) => Payback::By(last_day(plan, period)),
    }
}

/// Peak funding of dated cash.
#[must_use]
pub fn peak_funding(plan: &Plan, cash: &BTreeMap<Period, Cents>) -> PeakFunding {
    let mut sum = Cents::ZERO;
    let mut peak = PeakFunding { amount: Cents::ZERO, on: None };
    for (period, cents) in cash {
        sum += *cents;
        if -sum > peak.amount {
            peak = PeakFunding { amount: -sum, on: Some(last_day(plan, *period)) };
        }
    }
    peak
}

/// The first full twelve months after the last commencement and its ramp, or the filling of merchant capacity.
/// `None` without conversions, or when no such year lies inside the horizon
/// and every initial term.
#[must_use]
pub fn stabilised(plan: &Plan) -> Option<Stabilised> {
    let calendar = &plan.inputs.calendar;
    let conversions = &plan.decisions.conversions;
    let first = conversions.iter().map(|conversion| full_rent(&plan.inputs, conversion).0).max()?;
    let length = calendar.period.months();
    let from = u32::try_from(first.max(0).saturating_add(length - 1) / length).ok()?;
    let to = from.saturating_add(u32::try_from(12 / length).ok()?);
    let end = calendar.month_start(Month(calendar.first_month(Period(from)).0.saturating_add(12)));
    if to > calendar.periods || conversions.iter().any(|conversion| conversion.term_end < end) {
        return None;
    }
    let sum = |wanted: &dyn Fn(&LedgerLine) -> bool| sum_within(&plan.ledger, from..to, wanted);
    let (rent, noi) = (sum(&is_rent), sum(&is_noi));
    let merchant = sum(&|line| line.category == Category::MerchantRent);
    let mining = sum(&|line| matches!(line.category, Category::MiningRevenue | Category::BallastRevenue));
    let capex = conversion_capex(&plan.ledger);
    let share = |part: Cents, whole: Cents| (whole > Cents::ZERO).then(|| part.usd() / whole.usd());
    Some(Stabilised {
        periods: (from, to),
        from: calendar.period_start(Period(from)),
        rent,
        noi,
        yield_on_cost: share(noi, capex),
        contracted_share: share(rent, rent + merchant + mining),
    })
}

/// Rent under contracts.
pub(super) fn is_rent(line: &LedgerLine) -> bool {
    line.category == Category::Rent
}

/// Net operating income, under contracts and of merchant capacity.
pub(super) fn is_noi(line: &LedgerLine) -> bool {
    (is_hosted(line.class) && line.category.is_operating()) || line.category == Category::HostingFixedCost
}

/// Undiscounted sum of some lines of some periods.
pub(super) fn sum_within(ledger: &[LedgerLine], periods: Range<u32>, wanted: impl Fn(&LedgerLine) -> bool) -> Cents {
    let lines = ledger.iter().filter(|line| periods.contains(&line.period.0) && wanted(line));
    lines.map(|line| line.amount_cents).sum()
}

/// Landlord-funded capital of conversions and of the works for them, undiscounted. Deposits are credited again.
#[must_use]
pub fn conversion_capex(ledger: &[LedgerLine]) -> Cents {
    ledger.iter().filter(|line| matches!(line.category, Category::Capex(_))).map(|line| -line.amount_cents).sum()
}

/// Initial terms of conversions in years, weighted by critical IT load.
#[must_use]
pub fn weighted_term<'a>(plan: &Plan, conversions: impl Iterator<Item = &'a Conversion>) -> Option<f64> {
    let mut load = 0.0;
    let mut load_years = 0.0;
    let leased = conversions.filter_map(|c| Some((c, c.terms(&plan.inputs)?)));
    for (conversion, offer) in leased {
        load += conversion.critical_it.get();
        load_years += conversion.critical_it.get() * f64::from(offer.term.0) / 12.0;
    }
    (load > 0.0).then(|| load_years / load)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::market::MerchantCurve;
    use crate::report::sample;
    use crate::units::{Share, UsdPerKwMonth};
    use jiff::civil::date;

    fn dated(dollars: &[i64]) -> BTreeMap<Period, Cents> {
        (0..).map(Period).zip(dollars.iter().map(|usd| Cents(usd * 100))).collect()
    }

    #[test]
    fn payback_is_for_good() {
        let plan = sample::plan();
        assert_eq!(payback(&plan, &dated(&[-5, 5, -3, 4])), Payback::By(date(2027, 12, 31)));
        assert_eq!(payback(&plan, &dated(&[-5, 9])), Payback::By(date(2027, 6, 30)));
        assert_eq!(payback(&plan, &dated(&[5, 1])), Payback::NotNeeded);
        assert_eq!(payback(&plan, &dated(&[-5, 1])), Payback::Never);
        let mut late = dated(&[-5, 1]);
        late.insert(plan.inputs.calendar.horizon(), Cents(400));
        assert_eq!(payback(&plan, &late), Payback::OnlyWithEndValue);
    }

    #[test]
    fn peak_funding_is_the_lowest_sum() {
        let plan = sample::plan();
        let peak = peak_funding(&plan, &dated(&[-5, -4, 20, -10]));
        assert_eq!(peak, PeakFunding { amount: Cents(900), on: Some(date(2027, 6, 30)) });
        assert_eq!(peak_funding(&plan, &dated(&[1])).amount, Cents::ZERO);
    }

    #[test]
    fn the_stabilised_year_begins_after_the_last_ramp() {
        let plan = sample::plan();
        let year = stabilised(&plan).unwrap();
        assert_eq!(year.from, date(2028, 10, 1), "in service 2028-07, three months of ramp");
        // Four quarters of 9 M$ rent less 1 M$ of operations and 0.25 M$ of fixed cost.
        assert_eq!(year.noi, Cents(4 * 775_000_000));
        assert_eq!(weighted_term(&plan, plan.decisions.conversions.iter()), Some(15.0));
    }

    /// The same money without a contract: rent of merchant capacity, filled as fast as the ramp was.
    fn without_a_contract(mut plan: Plan) -> Plan {
        let (market, class) = (plan.inputs.sites[0].location.market.clone(), plan.inputs.retrofits[0].class.clone());
        plan.inputs.deck.merchant = vec![MerchantCurve {
            market,
            class,
            rent: UsdPerKwMonth::new(100.0),
            from: plan.inputs.calendar.start,
            growth: Share::NONE,
            downtime: Months(1),
            occupancy: vec![Share(0.5), Share(0.75)],
        }];
        plan.decisions.conversions.iter_mut().for_each(|conversion| conversion.offer = None);
        for line in plan.ledger.iter_mut().filter(|line| line.class == Class::Contracted) {
            if line.category == Category::Rent {
                line.category = Category::MerchantRent;
            }
            line.class = Class::Merchant;
        }
        plan
    }

    #[test]
    fn capital_of_merchant_capacity_counts_with_its_rent() {
        for contracts in [sample::plan(), sample::with_sites(3)] {
            let merchant = without_a_contract(contracts.clone());
            let irr = |plan: &Plan| irr_of(plan, &difference(plan, is_hosting));
            assert!(matches!(irr(&contracts), Irr::One(rate) if rate > 0.0));
            assert_eq!(irr(&merchant), irr(&contracts));
            let (with, without) = (stabilised(&contracts).unwrap(), stabilised(&merchant).unwrap());
            assert_eq!((without.from, without.noi), (with.from, with.noi));
            assert_eq!(without.yield_on_cost, with.yield_on_cost);
            assert_eq!(without.contracted_share, Some(0.0), "it is no rent under contract");
        }
    }

    #[test]
    fn the_difference_sums_to_the_uplift_at_nil_rates() {
        let plan = sample::plan();
        let all: Cents = difference(&plan, |_| true).values().copied().sum();
        let sum_of = |lines: &[LedgerLine]| lines.iter().map(|line| line.amount_cents).sum::<Cents>();
        assert_eq!(all, sum_of(&plan.ledger) - sum_of(&plan.twin.ledger));
    }
}
