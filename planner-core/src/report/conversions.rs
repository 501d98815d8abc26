//! One row per conversion.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::critical_path;
use super::table::{Cell, Column, Table};
use crate::domain::calendar::days_between;
use crate::domain::ids::{HallId, OfferId, RetrofitId, SiteId};
use crate::plan::ledger::{Category, LedgerLine, present_value};
use crate::plan::{Conversion, Plan, subject};
use crate::units::{Cents, ItMw, UsdCents};

/// What a conversion is, costs and brings.
#[derive(Debug, Clone, PartialEq)]
pub struct ConversionRow {
    /// Where.
    pub site: SiteId,
    /// Which hall groups; several when they are converted alike.
    pub halls: Vec<HallId>,
    /// How many halls.
    pub count: u32,
    /// Critical IT load.
    pub critical_it: ItMw,
    /// How.
    pub retrofit: RetrofitId,
    /// For whom.
    pub offer: OfferId,
    /// First day of the work.
    pub start: Date,
    /// First day without mining; `None` for a pad.
    pub mining_off: Option<Date>,
    /// First day ready for service.
    pub ready: Date,
    /// First day of the contract.
    pub commencement: Date,
    /// First day after the initial term.
    pub term_end: Date,
    /// Days between ready for service and the offer's ready-by date.
    pub float_ready_by: Option<i32>,
    /// Days between ready for service and the offer's long-stop date.
    pub float_long_stop: Option<i32>,
    /// Damages for being late, undiscounted.
    pub delay_damages: Cents,
    /// Phases that the ready date waits for, in words.
    pub critical_path: String,
    /// Capital. A site's once-paid lines count with its first conversion by that retrofit.
    pub capex: Cents,
    /// Present value of its ledger lines. The mining given up is not in it.
    pub present_value: UsdCents,
}

/// The first conversion of a retrofit at a site: the one the site's once-paid lines count with.
pub(super) fn pays_setup(plan: &Plan, conversion: &Conversion) -> bool {
    plan.decisions
        .conversions
        .iter()
        .filter(|other| other.site == conversion.site && other.retrofit == conversion.retrofit)
        .min_by_key(|other| (other.start, &other.hall, &other.offer))
        .is_some_and(|first| std::ptr::eq(first, conversion))
}

/// The ledger's lines by site, in its order: a conversion has some of those of its site.
type Sites<'a> = BTreeMap<&'a SiteId, Vec<&'a LedgerLine>>;

fn by_site(plan: &Plan) -> Sites<'_> {
    let mut sites = Sites::new();
    for line in &plan.ledger {
        sites.entry(&line.site).or_default().push(line);
    }
    sites
}

/// Ledger lines of a conversion, with the setup lines it pays.
fn lines<'a>(plan: &Plan, sites: &Sites<'a>, conversion: &Conversion) -> Vec<&'a LedgerLine> {
    let own = conversion.subject();
    let setup = pays_setup(plan, conversion).then(|| subject::setup(&conversion.retrofit));
    let here = sites.get(&conversion.site).into_iter().flatten().copied();
    here.filter(|line| line.subject == own || setup.as_ref().is_some_and(|setup| line.subject == *setup)).collect()
}

/// Every conversion of a plan on its own, in the plan's order.
#[must_use]
pub fn rows(plan: &Plan) -> Vec<ConversionRow> {
    let sites = by_site(plan);
    plan.decisions.conversions.iter().map(|conversion| row(plan, &sites, conversion)).collect()
}

fn row(plan: &Plan, sites: &Sites, conversion: &Conversion) -> ConversionRow {
    let lines = lines(plan, sites, conversion);
    let offer = conversion.terms(&plan.inputs);
    let float = |deadline: Option<Date>| deadline.map(|day| days_between(conversion.ready, day));
    ConversionRow {
        site: conversion.site.clone(),
        halls: vec![conversion.hall.clone()],
        count: conversion.halls,
        critical_it: conversion.critical_it,
        retrofit: conversion.retrofit.clone(),
        offer: conversion.offer_name().into(),
        start: conversion.start,
        mining_off: conversion.mining_off,
        ready: conversion.ready,
        commencement: conversion.commencement,
        term_end: conversion.term_end,
        float_ready_by: float(offer.and_then(|o| o.ready_by)),
        float_long_stop: float(offer.and_then(|o| o.long_stop)),
        delay_damages: lines
            .iter()
            .filter(|line| line.category == Category::DelayDamages)
            .map(|line| -line.amount_cents)
            .sum(),
        critical_path: critical_path::words(&plan.inputs.calendar, conversion),
        capex: lines
            .iter()
            .filter(|line| matches!(line.category, Category::Capex(_)))
            .map(|line| -line.amount_cents)
            .sum(),
        present_value: present_value(&plan.inputs.calendar, lines),
    }
}

/// The conversions as a reader counts them: hall groups of a site that are
/// converted alike, for the same offer and on the same dates, are one row.
#[must_use]
pub fn merged(plan: &Plan) -> Vec<ConversionRow> {
    let mut merged: Vec<ConversionRow> = Vec::new();
    for row in rows(plan) {
        let alike = |other: &&mut ConversionRow| {
            (&other.site, &other.retrofit, &other.offer) == (&row.site, &row.retrofit, &row.offer)
                && (other.start, other.mining_off, other.ready, other.commencement)
                    == (row.start, row.mining_off, row.ready, row.commencement)
        };
        if let Some(same) = merged.iter_mut().find(alike) {
            same.halls.extend(row.halls);
            same.count = same.count.saturating_add(row.count);
            same.critical_it += row.critical_it;
            same.delay_damages += row.delay_damages;
            same.capex += row.capex;
            same.present_value = UsdCents(same.present_value.0 + row.present_value.0);
        } else {
            merged.push(row);
        }
    }
    merged
}

/// The conversions as a table, all of them.
#[must_use]
pub fn table(plan: &Plan) -> Table {
    table_of(plan, &merged(plan))
}

/// Those of the largest capital, at most so many.
#[must_use]
pub fn largest(plan: &Plan, most: usize) -> Table {
    let mut rows = merged(plan);
    rows.sort_by_key(|row| std::cmp::Reverse(row.capex));
    rows.truncate(most);
    table_of(plan, &rows)
}

fn table_of(plan: &Plan, rows: &[ConversionRow]) -> Table {
    Table {
        title: "Conversions".to_owned(),
        columns: vec![
            Column::words("site"),
            Column::figures("load", "MW-IT"),
            Column::words("retrofit"),
            Column::words("offer"),
            Column::words("mining off"),
            Column::words("in service"),
            Column::figures("float", "days"),
            Column::figures("to stop", "days"),
            Column::figures("capex", "M$"),
            Column::figures("own cash", "PV M$"),
        ],
        rows: rows.iter().map(|row| cells(plan, row)).collect(),
        notes: std::iter::once(note(rows)).chain(names(plan, rows)).collect(),
    }
}

/// What the ids in a table are called, where they are to be typed as they stand.
fn names(plan: &Plan, rows: &[ConversionRow]) -> Vec<String> {
    let fleet = &plan.inputs;
    let sites: BTreeSet<&SiteId> = rows.iter().map(|row| &row.site).collect();
    let retrofits: BTreeSet<&RetrofitId> = rows.iter().map(|row| &row.retrofit).collect();
    let offers: BTreeSet<&OfferId> = rows.iter().map(|row| &row.offer).collect();
    let guessed = |id: &str, name: &str| name.to_lowercase().replace(' ', "-") == id;
    let site = |id: &&SiteId| Some((id.to_string(), fleet.site(id)?.name.clone()));
    let of = |kind: &str, all: Vec<(String, String)>| {
        let told: Vec<String> =
            all.into_iter().filter(|(id, name)| id != name).map(|(id, name)| format!("{id}: {name}")).collect();
        (!told.is_empty()).then(|| format!("{kind} {}.", told.join("; ")))
    };
    let lists = [
        of("Sites:", sites.iter().filter_map(site).filter(|(id, name)| !guessed(id, name)).collect()),
        of("Retrofits:", retrofits.iter().map(|id| (id.to_string(), fleet.retrofit_name(id).to_owned())).collect()),
        of("Offers:", offers.iter().filter_map(|id| Some((id.to_string(), fleet.offer(id)?.tenant.clone()))).collect()),
    ];
    lists.into_iter().flatten().collect()
}

/// What the days mean, and what is late: how many conversions, by how much, and what they pay for it.
fn note(rows: &[ConversionRow]) -> String {
    let late: Vec<i32> = rows.iter().filter_map(|row| row.float_ready_by).filter(|days| *days < 0).collect();
    let Some(worst) = late.iter().min() else {
        return "Days: float to ready-by, room to long-stop. Own cash: the mining given up is not in it.".to_owned();
    };
    let damages: Cents = rows.iter().map(|row| row.delay_damages).sum();
    let cost = match damages {
        Cents::ZERO => "no damages".to_owned(),
        damages => format!("damages {:.2} M$", damages.usd() / 1e6),
    };
    let by = if late.len() == 1 { "by" } else { "by up to" };
    let days = if *worst == -1 { "day" } else { "days" };
    format!("{} after ready-by, {by} {} {days}: {cost}. Own cash: without the mining given up.", late.len(), -worst)
}

fn cells(plan: &Plan, row: &ConversionRow) -> Vec<Cell> {
    vec![
        Cell::text(plan.inputs.place(&row.site)),
        Cell::Megawatts(row.critical_it.get()),
        Cell::text(row.retrofit.as_str()),
        Cell::text(row.offer.as_str()),
        Cell::some(row.mining_off, Cell::Month),
        Cell::Month(row.ready),
        Cell::some(row.float_ready_by, Cell::Days),
        Cell::some(row.float_long_stop, Cell::Days),
        Cell::Money(row.capex),
        Cell::Money(row.present_value.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn rows_carry_their_capital_and_the_setup_once() {
        let plan = sample::plan();
        let rows = rows(&plan);
        let capex: Cents = rows.iter().map(|row| row.capex).sum();
        assert_eq!(capex, plan.capital_usd.0);
        assert_eq!(plan.decisions.conversions[0].subject(), "north/liquid/nnn-15y@2027-01");
        assert_eq!(rows[0].float_ready_by, Some(days_between(rows[0].ready, jiff::civil::date(2029, 1, 1))));
    }

    #[test]
    fn what_is_late_says_by_how_much_and_what_it_costs() {
        let mut plan = sample::with_sites(2);
        plan.inputs.offers[0].ready_by = Some(jiff::civil::date(2028, 6, 1));
        assert!(table(&plan).notes[0].starts_with("2 after ready-by, by up to 30 days: no damages."));
        let mut damages = plan.ledger.iter().find(|line| line.category == Category::Rent).unwrap().clone();
        (damages.category, damages.amount_cents) = (Category::DelayDamages, Cents(-123_000_000));
        plan.ledger.push(damages);
        assert_eq!(rows(&plan)[0].delay_damages, Cents(123_000_000));
        let table = table(&plan);
        assert!(table.notes[0].contains("damages 1.23 M$"), "{}", table.notes[0]);
        assert!(table.notes[0].chars().count() <= 100);
        assert_eq!(table.rows[0][6], Cell::Days(-30));
    }

    #[test]
    fn no_row_is_left_out_and_the_largest_come_first() {
        let plan = sample::with_sites(9);
        let table = table(&plan);
        assert_eq!(table.rows.len(), 9);
        let capex: Cents =
            table.rows.iter().map(|row| if let Cell::Money(cents) = row[8] { cents } else { Cents::ZERO }).sum();
        assert_eq!(capex, plan.capital_usd.0);
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        assert_eq!(largest(&plan, 4).rows.len(), 4);
    }
}
