//! Sheet `Conversions`: what the plan and its twin convert, with dates, sizes and phases.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use planner_core::domain::Fleet;
use planner_core::domain::calendar::Calendar;
use planner_core::domain::offer::Offer;
use planner_core::domain::retrofit::Retrofit;
use planner_core::domain::site::{HallGroup, HallUse, Site, Tenure};
use planner_core::plan::{Conversion, Plan};
use planner_core::works::Extension;

use super::assumptions::{Assumptions, all_conversions};
use super::facts_of_hosting::{OfferFact, RetrofitFact};
use super::facts_of_sites::HallFact;
use super::lines::Case;
use super::sheet::{Look, Sheet, Shown};
use super::term::Term;
use super::timeline::serial;

/// A conversion with the facts it names and its cells.
pub struct Converted<'a> {
    pub conversion: &'a Conversion,
    pub site: &'a Site,
    pub hall: &'a HallGroup,
    pub retrofit: &'a Retrofit,
    pub offer: Option<&'a Offer>,
    /// Halls in the plan and in the twin.
    pub halls: [Option<Term>; 2],
    pub start: Term,
    pub mining_off: Option<Term>,
    pub ready: Term,
    pub commencement: Term,
    pub term_end: Term,
    /// Last day on which a leased site is ours, with the longer lease that its term needs.
    pub until: Option<Term>,
    /// Critical IT load of one hall, MW.
    pub load: Term,
    /// Gross power that one hall reserves, MW.
    pub reserved: Term,
    /// First month of each phase and the first after it.
    pub phases: BTreeMap<&'a str, (Term, Term)>,
}

impl Converted<'_> {
    /// What its rows are called.
    pub fn name(&self) -> String {
        format!("{} {}", self.site.id, self.conversion.subject())
    }

    /// The cases that have it.
    pub fn cases(&self) -> impl Iterator<Item = (Case, &Term)> {
        [Case::Plan, Case::Twin].into_iter().zip(&self.halls).filter_map(|(case, halls)| Some((case, halls.as_ref()?)))
    }
}

const HEADS: [&str; 16] = [
    "conversion",
    "site",
    "hall group",
    "retrofit",
    "offer",
    "halls, plan",
    "halls, twin",
    "start [month]",
    "mining off [month]",
    "ready [month]",
    "commencement [month]",
    "term end [month]",
    "critical IT of a hall [MW]",
    "reserved by a hall [MW]",
    "critical IT, plan [MW]",
    "site ours until",
];

/// The conversion of a case, if it has it.
fn of<'a>(list: &'a [Conversion], one: &Conversion) -> Option<&'a Conversion> {
    let key = |c: &Conversion| (c.site.clone(), c.hall.clone(), c.retrofit.clone(), c.offer.clone(), c.start);
    list.iter().find(|other| key(other) == key(one))
}

/// The sheet. Conversions that name what is not there are left to the lines that enter as they are.
pub fn sheet<'a>(plan: &'a Plan, facts: &Assumptions) -> (Sheet, Vec<Converted<'a>>) {
    let note = "Months count from the start of the calendar. Decisions are green: halls and dates follow from the plan, not from this workbook.";
    let mut sheet = Sheet::new("Conversions", "Conversions", note);
    sheet.section("Conversions of the plan and of its twin");
    sheet.heads(&HEADS);
    let mut converted: Vec<Converted<'a>> =
        all_conversions(plan).into_iter().filter_map(|one| row(&mut sheet, plan, facts, one)).collect();
    sheet.section("Their phases");
    sheet.heads(&["conversion", "phase", "first month", "first month after"]);
    for one in &mut converted {
        phases(&mut sheet, &plan.inputs.calendar, one);
    }
    sheet.widths = vec![52.0, 18.0, 14.0, 18.0, 24.0, 11.0, 11.0, 12.0, 12.0, 12.0, 14.0, 12.0, 14.0, 14.0, 14.0];
    sheet.frozen = (6, 1);
    (sheet, converted)
}

fn row<'a>(
    sheet: &mut Sheet,
    plan: &'a Plan,
    facts: &Assumptions,
    conversion: &'a Conversion,
) -> Option<Converted<'a>> {
    let fleet: &'a Fleet = &plan.inputs;
    let site = fleet.site(&conversion.site)?;
    let hall = site.hall(&conversion.hall)?;
    let retrofit = fleet.retrofit(&conversion.retrofit)?;
    let offer = conversion.terms(fleet);
    if offer.is_none() && conversion.offer.is_some() {
        return None;
    }
    let calendar = &fleet.calendar;
    let row = sheet.next;
    let name = format!("{} {}", site.id, conversion.subject());
    let words = [name.as_str(), site.id.as_str(), hall.id.as_str(), retrofit.id.as_str(), conversion.offer_name()];
    for (column, text) in (0..).zip(words) {
        sheet.words(row, column, text, Look::Text);
    }
    let halls = [&plan.decisions.conversions, &plan.twin.decisions.conversions];
    let mut column = 5;
    let halls = halls.map(|list| {
        let own = of(list, conversion);
        column += 1;
        own.map(|own| sheet.number(row, column - 1, f64::from(own.halls), Look::Decision, Shown::Whole))
    });
    let month = |date: Date| f64::from(calendar.month_of(date).0);
    let mut decided = |column: u16, date: Date| sheet.number(row, column, month(date), Look::Decision, Shown::Month);
    let start = decided(7, conversion.start);
    let mining_off = match hall.hall_use {
        HallUse::Pad => None,
        HallUse::Mining | HallUse::ThirdParty(_) => conversion.mining_off.map(|date| decided(8, date)),
    };
    let ready = decided(9, conversion.ready);
    let commencement = decided(10, conversion.commencement);
    let end = offer.map_or_else(
        || &facts.periods * &facts.period_months,
        |offer| &commencement + &facts.hosting.offers.get(offer.id.as_str(), &OfferFact::TERM),
    );
    let term_end = sheet.formula(row, 11, &end, Look::Formula, Shown::Whole);
    let group = format!("{}/{}", site.id, hall.id);
    let reserved =
        facts.places.halls.get(&group, &HallFact::HALL_POWER) * facts.places.halls.get(&group, &HallFact::USABLE_SHARE);
    let load = &reserved / &facts.hosting.retrofits.get(retrofit.id.as_str(), &RetrofitFact::GROSS_TO_CRITICAL);
    let load = sheet.formula(row, 12, &load, Look::Formula, Shown::Thousandths);
    let reserved = sheet.formula(row, 13, &reserved, Look::Formula, Shown::Thousandths);
    if let Some(halls) = &halls[0] {
        sheet.formula(row, 14, &(&load * halls), Look::Formula, Shown::Thousandths);
    }
    let until =
        until(fleet, site, conversion).map(|day| sheet.number(row, 15, serial(day), Look::Decision, Shown::Day));
    sheet.next += 1;
    Some(Converted {
        conversion,
        site,
        hall,
        retrofit,
        offer,
        halls,
        start,
        mining_off,
        ready,
        commencement,
        term_end,
        until,
        load,
        reserved,
        phases: BTreeMap::new(),
    })
}

/// Until when the lease runs on which its lines rest; nothing for an owned site.
fn until(fleet: &Fleet, site: &Site, conversion: &Conversion) -> Option<Date> {
    let Tenure::Leased { until: lease, .. } = site.tenure else { return None };
    let started = conversion.start < fleet.calendar.start;
    let outlasts = |last: Date| conversion.term_end.saturating_sub(1.day()) > last;
    let longer = Extension::of(fleet, site).map(|longer| longer.until);
    // What has started runs as at the lease that stands.
    let needed = longer.filter(|longer| !started && outlasts(lease) && !outlasts(*longer));
    Some(needed.unwrap_or(lease))
}

fn phases(sheet: &mut Sheet, calendar: &Calendar, one: &mut Converted) {
    for phase in &one.conversion.phases {
        let row = sheet.next;
        sheet.words(row, 0, &one.name(), Look::Text);
        sheet.words(row, 1, phase.phase.as_str(), Look::Text);
        let mut month = |column: u16, date: Date| {
            sheet.number(row, column, f64::from(calendar.month_of(date).0), Look::Decision, Shown::Month)
        };
        let ends = (month(2, phase.start), month(3, phase.end));
        one.phases.insert(phase.phase.as_str(), ends);
        sheet.next += 1;
    }
}
