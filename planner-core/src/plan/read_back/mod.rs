//! Column values → decisions in domain words, and their ledger.

mod flows;
mod machines;
mod sites;

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::{self, LedgerLine};
use super::{Conversion, Decisions, OfferDecision, PORTFOLIO, PlannedPhase, Reservation, Work, subject};
use crate::domain::Fleet;
use crate::domain::ids::SiteId;
use crate::model::{ColumnId, Variables};
use crate::options::{HallOption, Options, UnitLine};
use crate::units::{Cents, ItMw};
use crate::works::ScheduledPhase;

/// Decisions and ledger that column values stand for. Whole decisions are
/// rounded, machines are stored to a thousandth and followed period by period,
/// so that the decisions alone give the ledger.
#[must_use]
pub fn read_back(
    fleet: &Fleet,
    options: &Options,
    variables: &Variables,
    values: &[f64],
) -> (Decisions, Vec<LedgerLine>) {
    let mut written = Written { fleet, ledger: vec![], decisions: Decisions::default() };
    let (mut chosen, mut counts) = (vec![], vec![]);
    for (option, column) in options.halls.iter().zip(&variables.halls) {
        let halls = whole(values, *column);
        counts.push(halls);
        if halls > 0 {
            chosen.push(option);
            written.conversion(option, halls);
        }
    }
    written.firsts(options, &chosen);
    written.works(options, variables, values);
    written.reservations(options, variables, values);
    let working = machines::follow(&mut written, options, variables, values);
    let states = sites::states(fleet, options, variables, values);
    written.sites(options, &states);
    written.least_bills(options, &counts, &working, &states);
    written.offers();
    written.decisions.sites = states;
    ledger::sort(&mut written.ledger);
    ledger::merge(&mut written.ledger);
    (written.decisions, written.ledger)
}

/// A whole decision. Counts lie between nil and a count of the facts, which fits.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(values: &[f64], column: ColumnId) -> u32 {
    values[column.0].round().max(0.0) as u32
}

struct Written<'a> {
    fleet: &'a Fleet,
    ledger: Vec<LedgerLine>,
    decisions: Decisions,
}

impl Written<'_> {
    fn lines(&mut self, site: usize, subject: &str, lines: &[UnitLine], amount: impl Fn(Cents) -> Cents) {
        self.lines_at(&self.fleet.sites[site].id, subject, lines, amount);
    }

    /// At a site, or at what decisions name like one.
    fn lines_at(&mut self, site: &SiteId, subject: &str, lines: &[UnitLine], amount: impl Fn(Cents) -> Cents) {
        self.ledger.extend(lines.iter().map(|line| LedgerLine {
            period: line.period,
            site: site.clone(),
            subject: subject.to_owned(),
            category: line.category.clone(),
            class: line.class,
            rate: line.rate,
            amount_cents: amount(line.cents),
        }));
    }

    fn conversion(&mut self, option: &HallOption, halls: u32) {
        let calendar = &self.fleet.calendar;
        let site = &self.fleet.sites[option.site];
        let hall = &site.halls[option.hall];
        let day = |offset| calendar.month_start(option.start.plus(offset));
        let planned = |phase: &ScheduledPhase| PlannedPhase {
            phase: phase.id.clone(),
            start: day(phase.start),
            end: day(phase.end),
            float: phase.float,
        };
        let conversion = Conversion {
            site: site.id.clone(),
            hall: hall.id.clone(),
            retrofit: self.fleet.retrofits[option.retrofit].id.clone(),
            offer: option.offer.map(|offer| self.fleet.offers[offer].id.clone()),
            halls,
            start: calendar.month_start(option.start),
            mining_off: option.dates.mining_off.map(|month| calendar.month_start(month)),
            ready: calendar.month_start(option.dates.ready),
            commencement: calendar.month_start(option.dates.commencement),
            term_end: calendar.month_start(option.dates.term_end),
            critical_it: option.critical_it * f64::from(halls),
            phases: option.schedule.phases.iter().filter(|phase| phase.start < phase.end).map(planned).collect(),
        };
        let subject = conversion.subject();
        self.decisions.conversions.push(conversion);
        self.lines(option.site, &subject, &option.lines, |cents| cents.times(halls));
    }

    /// Per-site lines and the fixed cost of hosting, by the first hall of each.
    fn firsts(&mut self, options: &Options, chosen: &[&HallOption]) {
        let mut starts = BTreeMap::new();
        let mut services = BTreeMap::new();
        for option in chosen {
            let start = starts.entry((option.site, option.retrofit)).or_insert(option.start);
            *start = (*start).min(option.start);
            let service = services.entry(option.site).or_insert(option.dates.ready);
            *service = (*service).min(option.dates.ready);
        }
        for setup in &options.setups {
            if starts.get(&(setup.site, setup.retrofit)) == Some(&setup.start) {
                let subject = subject::setup(&self.fleet.retrofits[setup.retrofit].id);
                self.lines(setup.site, &subject, &setup.lines, |cents| cents);
            }
        }
        for hosting in &options.hosting {
            if services.get(&hosting.site) == Some(&hosting.first_service) {
                self.lines(hosting.site, subject::HOSTING, &hosting.lines, |cents| cents);
            }
        }
    }

    /// Works that start, by id.
    fn works(&mut self, options: &Options, variables: &Variables, values: &[f64]) {
        let calendar = &self.fleet.calendar;
        for (option, column) in options.works.iter().zip(&variables.works) {
            if whole(values, *column) == 0 {
                continue;
            }
            let (work, day) = (self.fleet.works[option.work].id.clone(), |month| calendar.month_start(month));
            let subject = subject::work(&work);
            self.decisions.works.push(Work { work, start: day(option.start), finish: day(option.finish) });
            for (site, lines) in &option.lines {
                self.lines_at(site, &subject, lines, |cents| cents);
            }
        }
    }

    /// Deliveries reserved, by item and period.
    fn reservations(&mut self, options: &Options, variables: &Variables, values: &[f64]) {
        for (option, column) in options.reservations.iter().zip(&variables.reservations) {
            let count = whole(values, *column);
            if count > 0 {
                let item = self.fleet.long_lead[option.item].item.clone();
                let reservation = Reservation { item, period: option.period, count };
                let subject = reservation.subject(&self.fleet.calendar);
                self.decisions.reservations.push(reservation);
                self.lines_at(&PORTFOLIO.into(), &subject, &option.lines, |cents| cents.times(count));
            }
        }
    }

    fn offers(&mut self) {
        for offer in &self.fleet.offers {
            let served: Vec<_> =
                self.decisions.conversions.iter().filter(|c| c.offer.as_ref() == Some(&offer.id)).collect();
            let sites: BTreeSet<SiteId> = served.iter().map(|c| c.site.clone()).collect();
            self.decisions.offers.push(OfferDecision {
                offer: offer.id.clone(),
                accepted: !served.is_empty(),
                critical_it: served.iter().map(|c| c.critical_it).sum::<ItMw>(),
                sites: sites.into_iter().collect(),
            });
        }
    }
}
