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

/// `− cost / months · grow(capex_escalation, since(m))` in each month of the work.
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::fixture;
    use crate::domain::policy::{Lock, LockKind};
    use crate::units::{Share, Usd, UsdPerYear};

    fn fleet(work: Work) -> Fleet {
        let mut fleet = fixture::fleet();
        fleet.money.capex_escalation = Share::NONE;
        fleet.works = vec![work];
        fleet
    }

    fn texts(option: &WorkOption) -> Vec<String> {
        let text =
            |site: &SiteId, line: &UnitLine| format!("{site} {} {} {}", line.period.0, line.category, line.cents.usd());
        option.lines.iter().flat_map(|(site, lines)| lines.iter().map(move |line| text(site, line))).collect()
    }

    fn started(work: &str, start: jiff::civil::Date) -> Lock {
        let (site, hall, retrofit, offer) = (None, None, None, None);
        let (work, start) = (Some(work.into()), Some(start));
        Lock { kind: LockKind::Started, site, hall, retrofit, offer, start, work, halls: 1, spent: Usd::ZERO }
    }

    #[test]
    fn a_work_starts_up_to_the_latest_start_and_ends_within_the_horizon() {
        let mut fleet = fleet(fixture::work("substation"));
        let starts = |fleet: &Fleet| {
            works(fleet, &Settings::default())
                .iter()
                .map(|option| (option.start.0, option.finish.0))
                .collect::<Vec<_>>()
        };
        assert_eq!(starts(&fleet), [(0, 6), (3, 9), (6, 12), (9, 15)]);
        fleet.works[0].months = crate::units::Months(20);
        assert_eq!(starts(&fleet), [(0, 20), (3, 23)]);
        fleet.locks = vec![started("substation", date(2026, 7, 1))];
        fleet.works[0].months = crate::units::Months(40);
        assert_eq!(starts(&fleet), [(-6, 34)], "however long it takes");
        fleet.pots[0].works = Some(vec![]);
        assert_eq!(starts(&fleet), [], "no pot pays");
        let total = Settings { budget: Some(Usd::new(1e9)), ..Settings::default() };
        assert_eq!(works(&fleet, &total).len(), 1);
    }

    #[test]
    fn a_work_is_paid_evenly_and_its_connection_has_a_worth_where_it_is_added() {
        let mut fleet = fleet(fixture::work("substation"));
        let first = |fleet: &Fleet| texts(&works(fleet, &Settings::default())[0]);
        // 20 MW at 250 USD/kW.
        let worth = "north 8 site_end_value 5000000";
        let cost = ["portfolio 0 capex:substation -3000000", "portfolio 1 capex:substation -3000000"];
        assert_eq!(first(&fleet), [worth, cost[0], cost[1]]);
        fleet.money.capex_escalation = Share(0.04);
        assert_eq!(first(&fleet)[1], "portfolio 0 capex:substation -3069438.36", "six to eight months of 4 % a year");
        fleet.sites[0].tenure = fleet.sites[1].tenure;
        fleet.money.capex_escalation = Share::NONE;
        assert_eq!(first(&fleet), cost, "nothing at the end of a lease");
        fleet.works[0].adds[0].tenure_until = Some(date(2029, 6, 30));
        let end = "north 8 site_end_value 16250000";
        assert!(first(&fleet).iter().any(|line| line == end), "its 20 MW and the 45 MW there, in one line");
        fleet.locks = vec![started("substation", date(2026, 10, 1))];
        fleet.works[0].months = crate::units::Months(30);
        assert_eq!(first(&fleet).len(), 8, "finished after the horizon it only costs: two years of it remain");
    }

    #[test]
    fn a_longer_lease_brings_the_costs_of_the_site() {
        let mut fleet = fleet(fixture::longer_lease("south", date(2028, 8, 15)));
        fleet.sites[1].hosting_fixed_cost = UsdPerYear::new(120_000.0);
        let options = works(&fleet, &Settings::default());
        let expected = [
            "south 0 capex:land -1000000",
            "south 5 hosting_fixed_cost -30000",
            "south 5 mining_fixed_cost -150000",
            "south 5 site_rent -60000",
            "south 6 hosting_fixed_cost -20000",
            "south 6 mining_fixed_cost -100000",
            "south 6 site_rent -40000",
        ];
        assert_eq!(texts(&options[0]), expected, "from April to August 2028, and nothing at the horizon");
    }

    #[test]
    fn a_deposit_is_paid_before_delivery_and_credited_then() {
        let mut fleet = fixture::fleet();
        let reserve =
            crate::domain::delivery::Reserve { most: 2, deposit: Usd::new(1e6), lead: crate::units::Months(4) };
        let item = "transformer".to_owned();
        fleet.long_lead = vec![crate::domain::delivery::LongLead { item, per_period: 1, reserve: Some(reserve) }];
        let options = reservations(&fleet, &Settings::default());
        assert_eq!(options.iter().map(|option| option.period.0).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7]);
        let lines: Vec<_> = options[0].lines.iter().map(|line| (line.period.0, line.cents.usd())).collect();
        assert_eq!(lines, [(0, -1e6), (2, 1e6)], "delivered from July, paid in March");
        fleet.pots[0].sites = Some(vec![]);
        assert!(reservations(&fleet, &Settings::default()).is_empty(), "no pot pays for everything");
    }
}
