//! The least bill for energy of a site, and the energy that counts against it.

use std::collections::BTreeMap;

use super::enumerate::Options;
use super::hall::HallOption;
use super::lines::UnitLine;
use super::machines::{MachineTrack, months_ours};
use crate::domain::Fleet;
use crate::domain::calendar::{Month, Period};
use crate::domain::money::Class;
use crate::domain::site::Site;
use crate::mining::{Miner, energy_price};
use crate::plan::ledger::Category;
use crate::units::{Share, Usd};

/// A month of a least bill. Energy is in unrounded dollars for each unit of a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastBill {
    /// Index of the site.
    pub site: usize,
    /// When.
    pub month: Month,
    /// The period of the month.
    pub period: Period,
    /// Yearly discount rate of the line.
    pub rate: Share,
    /// Owed, used or not.
    pub owed: Usd,
    /// Of one running machine, by index of its track.
    pub running: Vec<(usize, Usd)>,
    /// Of one machine on the slack of hosted load, by index of its track.
    pub on_slack: Vec<(usize, Usd)>,
    /// Of one hall under a contract, by index of its option.
    pub hosted: Vec<(usize, Usd)>,
}

impl LeastBill {
    /// The line of an amount that is not used, in the period of the month.
    #[must_use]
    pub fn line(&self, shortfall: Usd) -> UnitLine {
        let (category, class) = (Category::MinimumBill, Class::Corporate);
        UnitLine { period: self.period, category, class, rate: self.rate, cents: (-shortfall).to_cents() }
    }
}

/// Every month of every least bill, over the options of machines and halls.
pub(super) fn least_bills(fleet: &Fleet, options: &Options) -> Vec<LeastBill> {
    let mut bills = vec![];
    for (index, site) in fleet.sites.iter().enumerate() {
        let mut months = owed(fleet, index, site);
        if months.is_empty() {
            continue;
        }
        for (number, track) in options.machines.iter().enumerate().filter(|(_, track)| track.site == index) {
            machines(fleet, number, track, &mut months);
        }
        for bill in months.values_mut() {
            let halls = options.halls.iter().enumerate().filter(|(_, option)| option.site == index);
            let energy = halls.map(|(number, option)| (number, hosted_energy(fleet, option, bill.month)));
            bill.hosted = energy.filter(|(_, amount)| *amount > Usd::ZERO).collect();
        }
        bills.extend(months.into_values());
    }
    bills
}

/// The months of a site's least bill, nothing used yet.
fn owed(fleet: &Fleet, index: usize, site: &Site) -> BTreeMap<Month, LeastBill> {
    let Some(least) = site.power.minimum_bill else { return BTreeMap::new() };
    let calendar = &fleet.calendar;
    let end = calendar.month_after(least.until).min(calendar.horizon_month());
    let ours = (0..end.0).map(Month).filter(|month| site.held_on(calendar.month_start(*month)));
    let bill = |month: Month| LeastBill {
        site: index,
        month,
        period: calendar.period_of(month).unwrap_or(calendar.horizon()),
        rate: fleet.money.rates.of(Class::Corporate),
        owed: least.amount.per_month(),
        running: vec![],
        on_slack: vec![],
        hosted: vec![],
    };
    ours.map(|month| (month, bill(month))).filter(|(_, bill)| bill.owed > Usd::ZERO).collect()
}

fn machines(fleet: &Fleet, number: usize, track: &MachineTrack, bills: &mut BTreeMap<Month, LeastBill>) {
    let (site, model) = (&fleet.sites[track.site], &fleet.models[track.model]);
    let miner = Miner { model, site, deck: &fleet.deck, money: &fleet.money, calendar: &fleet.calendar };
    for period in fleet.calendar.all_periods() {
        for (month, of, surviving) in months_ours(fleet, site, model, period) {
            let Some(bill) = bills.get_mut(&month) else { continue };
            let running = miner.running(month, of).energy * surviving;
            let on_slack = miner.on_slack(month, of).energy * surviving;
            bill.running.extend((running > Usd::ZERO).then_some((number, running)));
            bill.on_slack.extend((on_slack > Usd::ZERO).then_some((number, on_slack)));
        }
    }
}

// ANCHOR: hosted
/// `q · load factor · pue · hours · price` of one hall in a month of its contract's initial term, whoever pays for it.
// ANCHOR_END: hosted
fn hosted_energy(fleet: &Fleet, option: &HallOption, month: Month) -> Usd {
    let serves = option.dates.commencement <= month && month < option.dates.term_end;
    let of = fleet.deck.month(month);
    let (Some(offer), Some(of)) = (option.offer.filter(|_| serves), of) else { return Usd::ZERO };
    let metered = option.critical_it.metered(fleet.retrofits[option.retrofit].pue);
    let drawn = metered.energy(fleet.calendar.hours_in_month(month)) * fleet.offers[offer].load_factor.0;
    energy_price(&fleet.sites[option.site], &fleet.money, &fleet.calendar, month, of) * drawn
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::domain::fixture;
    use crate::domain::offer::PowerTerms;
    use crate::domain::site::MinimumBill;
    use crate::options::enumerate;
    use crate::plan::Settings;
    use crate::plan::ledger::Category;
    use crate::units::{Cents, Share, UsdPerYear};

    #[test]
    fn every_month_that_begins_by_the_date_is_owed_less_what_is_used() {
        let mut fleet = fixture::fleet();
        fleet.money.power_escalation = Share::NONE;
        let (amount, until) = (UsdPerYear::new(12e6), date(2028, 1, 1));
        fleet.sites[0].power.minimum_bill = Some(MinimumBill { amount, until });
        let options = enumerate(&fleet, &Settings::default());
        assert_eq!(options.bills.len(), 13);
        assert!(options.bills.iter().all(|bill| bill.owed.to_cents().0 == 100_000_000 && bill.on_slack.is_empty()));
        // February: 3.675 kW · 672 h · 0.95 · 50 USD/MWh, of machines of which a month's failures are gone.
        let energy = 3.675e-3 * 672.0 * 0.95 * 50.0 * 0.95_f64.powf(1.0 / 12.0);
        assert!((options.bills[1].running[0].1.get() - energy).abs() < 1e-9);
        // January 2028, in service since December: 16 MW of critical load at a PUE of 1.2 and 80 %.
        let hosted = 16.0 * 1.2 * 744.0 * 0.8 * 50.0;
        assert!((options.bills[12].hosted[0].1.get() - hosted).abs() < 1e-6 && options.bills[10].hosted.is_empty());
        fleet.offers[0].power = PowerTerms::PassedThrough;
        let passed = enumerate(&fleet, &Settings::default());
        assert_eq!(passed.bills[12].hosted, options.bills[12].hosted, "whoever pays for it");
    }

    #[test]
    fn energy_of_a_period_is_the_line_of_those_who_run() {
        let mut fleet = fixture::fleet();
        let (amount, until) = (UsdPerYear::new(12e6), date(2030, 1, 1));
        fleet.sites[0].power.minimum_bill = Some(MinimumBill { amount, until });
        let options = enumerate(&fleet, &Settings::default());
        for (period, at) in (0..).zip(&options.machines[0].periods) {
            let months = options.bills.iter().filter(|bill| bill.period.0 == period);
            let sum: f64 = months.flat_map(|bill| &bill.running).filter(|(t, _)| *t == 0).map(|(_, e)| e.get()).sum();
            let line =
                at.run.iter().find(|line| line.category == Category::MiningEnergy).map_or(Cents::ZERO, |l| l.cents);
            assert!((sum + line.usd()).abs() < 0.006, "period {period}: {sum}");
        }
    }
}
