//! Works by their start, and deliveries of scarce equipment reserved by a deposit.

use std::collections::BTreeMap;

use super::lines::{Months, UnitLine};
use super::site::extension_lines;
use crate::domain::Fleet;
use crate::domain::calendar::{Calendar, Month, Period};
use crate::domain::ids::SiteId;
use crate::domain::money::Class;
use crate::domain::work::Work;
use crate::plan::ledger::Category;
use crate::plan::{PORTFOLIO, Settings};
use crate::works::{Extension, earliest_finish, started_in};

/// A work that starts in a month.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkOption {
    /// Index of the work.
    pub work: usize,
    /// First month: of a start period, or before the horizon where a lock says so.
    pub start: Month,
    /// First month after it.
    pub finish: Month,
    /// Whether a lock says that it has started.
    pub started: bool,
    /// Cash by site, [`PORTFOLIO`] among them.
    pub lines: Vec<(SiteId, Vec<UnitLine>)>,
}

impl WorkOption {
    /// Whether what it adds counts in a period: it is finished by its first month.
    #[must_use]
    pub fn finished_in(&self, calendar: &Calendar, period: Period) -> bool {
        self.finish <= calendar.first_month(period)
    }
}

/// One delivery of scarce equipment reserved in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct ReservationOption {
    /// Index of the item.
    pub item: usize,
    /// Period of delivery.
    pub period: Period,
    /// Cash of the portfolio.
    pub lines: Vec<UnitLine>,
}

/// Every work by its start. One that has started has no other; the others start when all that they come after may be
/// finished, and end within the horizon.
pub(super) fn works(fleet: &Fleet, settings: &Settings) -> Vec<WorkOption> {
    let calendar = &fleet.calendar;
    let mut options = vec![];
    for (index, (work, earliest)) in fleet.works.iter().zip(earliest_finish(fleet)).enumerate() {
        if !settings.funds_work(fleet, work) {
            continue;
        }
        let option = |start: Month, started: bool| {
            let finish = start.plus(work.months);
            WorkOption { work: index, start, finish, started, lines: lines(fleet, index, start, finish) }
        };
        if let Some(start) = started_in(fleet, &work.id) {
            options.push(option(start, true));
        } else if let Some(earliest) = earliest {
            let starts = calendar.start_periods().map(|period| calendar.first_month(period));
            let in_time = |start: &Month| (earliest..=calendar.horizon_month()).contains(&start.plus(work.months));
            options.extend(starts.filter(in_time).map(|start| option(start, false)));
        }
    }
    options
}

fn lines(fleet: &Fleet, index: usize, start: Month, finish: Month) -> Vec<(SiteId, Vec<UnitLine>)> {
    let (calendar, work) = (&fleet.calendar, &fleet.works[index]);
    let mut places: BTreeMap<SiteId, Months> = BTreeMap::new();
    let payer = work.site.clone().unwrap_or_else(|| PORTFOLIO.into());
    cost(fleet, work, start, finish, places.entry(payer).or_insert_with(|| Months::new(fleet)));
    for effect in work.adds.iter().filter(|_| finish <= calendar.horizon_month()) {
        let Some(site) = fleet.site(&effect.site) else { continue };
        let months = places.entry(site.id.clone()).or_insert_with(|| Months::new(fleet));
        let end = calendar.period_start(calendar.horizon());
        if site.held_on(end) || effect.tenure_until.is_some_and(|until| end <= until) {
            let worth = fleet.deck.site_value * effect.connection;
            months.add_in(calendar.horizon(), Category::SiteEndValue, Class::Corporate, worth);
        }
        if let Some(extension) = Extension::of(fleet, site).filter(|extension| extension.work == index) {
            extension_lines(fleet, site, extension, months);
        }
    }
    places.into_iter().map(|(site, months)| (site, months.lines())).filter(|(_, lines)| !lines.is_empty()).collect()
}

// ANCHOR: work
/// `− cost / months · grow(capex_escalation, since(m))` in each month of the work.
// ANCHOR_END: work
fn cost(fleet: &Fleet, work: &Work, start: Month, finish: Month, months: &mut Months) {
    let priced = fleet.calendar.month_of(fleet.money.price_date).0;
    let monthly = work.cost * (1.0 / f64::from(work.months.0));
    for month in (start.0..finish.0).map(Month) {
        let amount = monthly * fleet.money.capex_escalation.growth(month.0 - priced);
        months.add(month, Category::Capex(work.category.clone()), Class::Corporate, -amount);
    }
}

/// What may be reserved of each item in each period: the deposit is paid within the horizon, and a pot pays it.
pub(super) fn reservations(fleet: &Fleet, settings: &Settings) -> Vec<ReservationOption> {
    let calendar = &fleet.calendar;
    let mut options = vec![];
    for (item, scarce) in fleet.long_lead.iter().enumerate() {
        let Some(reserve) = scarce.reserve.filter(|_| settings.funds_deposits(fleet)) else { continue };
        for period in calendar.all_periods() {
            let delivery = calendar.first_month(period);
            let paid = Month(delivery.0.saturating_sub_unsigned(reserve.lead.0));
            if paid < Month(0) {
                continue;
            }
            let mut months = Months::new(fleet);
            let category = || Category::Capex("deposit".to_owned());
            months.add(paid, category(), Class::Corporate, -reserve.deposit);
            months.add(delivery, category(), Class::Corporate, reserve.deposit);
            options.push(ReservationOption { item, period, lines: months.lines() });
        }
    }
    options
}
