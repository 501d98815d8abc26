//! The headline: what the whole programme earns, and beside it what the new commitments add, which is the plan less the case
//! without them. Every figure is defined for both, or says why it is not.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::comparison::Comparison;
use super::irr::Irr;
use super::returns::{
    Payback, Stabilised, cash, conversion_capex, difference, irr_of, is_hosting, is_noi, is_rent, payback,
    peak_funding, stabilised, sum_within, weighted_term,
};
use super::term_income::{Income, term_income};
use super::text::{amount, load, month, percent};
use super::verdict::commits_anew;
use crate::domain::calendar::Period;
use crate::plan::ledger::{LedgerLine, present_value};
use crate::plan::{Conversion, Plan};
use crate::units::Cents;

/// A figure, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Dollars.
    Money(Cents),
    /// A share of a whole or a yearly rate.
    Share(f64),
    /// Years.
    Years(f64),
    /// A day.
    Day(Date),
    /// There is none, and why.
    Undefined(String),
}

/// A figure of the programme and of its increment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// As files spell it.
    pub key: &'static str,
    /// In words.
    pub words: &'static str,
    /// Of the whole plan, what is signed or has started included.
    pub programme: Measure,
    /// Of the plan less the case without new commitments.
    pub increment: Measure,
}

/// Returns of the programme and of the increment.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    /// What the increment is counted from.
    pub comparison: Comparison,
    /// The year at full rent, if there is one.
    pub year_one: Option<Stabilised>,
    /// Conversions that started before the plan: their capital of that time is in no figure.
    pub sunk: bool,
    /// In reading order.
    pub figures: Vec<Figure>,
}

impl Headline {
    /// A figure by its key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.key == key)
    }
}

/// The headline of a plan.
#[must_use]
pub fn headline(plan: &Plan) -> Headline {
    let year_one = stabilised(plan);
    let (programme, increment) = (Side::programme(plan, year_one), Side::increment(plan, year_one));
    let figures = programme.measures(plan).into_iter().zip(increment.measures(plan)).zip(FIGURES);
    Headline {
        comparison: Comparison::of(plan),
        year_one,
        sunk: plan.decisions.conversions.iter().any(|one| one.start < plan.inputs.calendar.start),
        figures: figures
            .map(|((programme, increment), &(key, words))| Figure { key, words, programme, increment })
            .collect(),
    }
}

/// Keys and words, in the order of [`Side::measures`].
const FIGURES: &[(&str, &str); 17] = &[
    ("npv_usd", "NPV"),
    ("npv_without_end_values_usd", "NPV without end values"),
    ("capital_usd", "capital"),
    ("irr", "IRR"),
    ("irr_hosting", "IRR of hosting alone"),
    ("payback", "payback by"),
    ("peak_funding_usd", "peak funding"),
    ("peak_funding_on", "peak funding on"),
    ("rent_year_one_usd", "rent, first full year"),
    ("rent_average_usd", "rent, average year of the terms"),
    ("noi_year_one_usd", "NOI, first full year"),
    ("noi_average_usd", "NOI, average year of the terms"),
    ("cost_usd", "capital of conversions and works"),
    ("yield_year_one", "yield on cost, first full year"),
    ("yield_average", "yield on cost, average year of the terms"),
    ("contracted_share", "contracted share of revenue, first full year"),
    ("mean_term_years", "mean term"),
];

const NOTHING_NEW: &str = "nothing new is committed";
/// Of a figure that an increment never has; nothing to explain.
const OF_THE_WHOLE: &str = "told of the whole programme";

/// The sums of one column of the headline.
struct Side {
    npv: Cents,
    without_end_values: Cents,
    capital: Cents,
    cost: Cents,
    cash: BTreeMap<Period, Cents>,
    hosting: BTreeMap<Period, Cents>,
    year_one: Option<Income>,
    average: Option<Income>,
    contracted_share: Option<f64>,
    mean_term: Option<f64>,
    /// Why nothing is defined, where that is so.
    empty: Option<&'static str>,
}

impl Side {
    fn programme(plan: &Plan, year: Option<Stabilised>) -> Self {
        let conversions = &plan.decisions.conversions;
        Self {
            npv: plan.npv_usd.0,
            without_end_values: without_end_values(plan, &plan.ledger),
            capital: plan.capital_usd.0,
            cost: conversion_capex(&plan.ledger),
            cash: cash(&plan.ledger, |_| true),
            hosting: cash(&plan.ledger, is_hosting),
            year_one: year.map(|year| income_in(&plan.ledger, year)),
            average: term_income(plan, &plan.decisions),
            contracted_share: year.and_then(|year| year.contracted_share),
            mean_term: weighted_term(plan, conversions.iter()),
            empty: conversions.is_empty().then_some("nothing is converted"),
        }
    }

    fn increment(plan: &Plan, year: Option<Stabilised>) -> Self {
        let (whole, twin) = (Self::programme(plan, year), &plan.twin);
        let capital = twin.ledger.iter().filter(|line| line.category.is_capital()).map(|line| -line.amount_cents);
        let new: Vec<&Conversion> =
            plan.decisions.conversions.iter().filter(|one| !twin.decisions.conversions.contains(one)).collect();
        let less = |whole: Option<Income>, part: Option<Income>| Some(whole?.less(part.unwrap_or_default()));
        Self {
            npv: plan.uplift_usd.0,
            without_end_values: whole.without_end_values - without_end_values(plan, &twin.ledger),
            capital: whole.capital - capital.sum::<Cents>(),
            cost: whole.cost - conversion_capex(&twin.ledger),
            cash: difference(plan, |_| true),
            hosting: difference(plan, is_hosting),
            year_one: less(whole.year_one, year.map(|year| income_in(&twin.ledger, year))),
            average: less(whole.average, term_income(plan, &twin.decisions)),
            contracted_share: None,
            mean_term: weighted_term(plan, new.into_iter()),
            empty: (!commits_anew(plan)).then_some(NOTHING_NEW),
        }
    }

    fn measures(&self, plan: &Plan) -> [Measure; 17] {
        let undefined = |why: &str| Measure::Undefined(self.empty.unwrap_or(why).to_owned());
        let peak = peak_funding(plan, &self.cash);
        let no_year = "no full year of all contracts in the horizon";
        let income = |of: Option<Income>, part: fn(Income) -> Cents, why: &str| {
            of.filter(|_| self.empty.is_none()).map_or_else(|| undefined(why), |income| Measure::Money(part(income)))
        };
        let yields = |of: Option<Income>, why: &str| match of.filter(|_| self.empty.is_none()) {
            None => undefined(why),
            Some(_) if self.cost <= Cents::ZERO => undefined("no capital is paid for it"),
            Some(income) => Measure::Share(income.noi.usd() / self.cost.usd()),
        };
        let no_lease = "no lease";
        [
            Measure::Money(self.npv),
            Measure::Money(self.without_end_values),
            Measure::Money(self.capital),
            self.irr(plan, &self.cash),
            self.irr(plan, &self.hosting),
            self.payback(plan),
            Measure::Money(peak.amount),
            peak.on.map_or_else(|| undefined("its summed cash is never negative"), Measure::Day),
            income(self.year_one, |income| income.rent, no_year),
            income(self.average, |income| income.rent, no_lease),
            income(self.year_one, |income| income.noi, no_year),
            income(self.average, |income| income.noi, no_lease),
            Measure::Money(self.cost),
            yields(self.year_one, no_year),
            yields(self.average, no_lease),
            self.contracted_share.map_or_else(|| undefined(OF_THE_WHOLE), Measure::Share),
            self.mean_term.map_or_else(|| undefined(no_lease), Measure::Years),
        ]
    }

    fn irr(&self, plan: &Plan, cash: &BTreeMap<Period, Cents>) -> Measure {
        let why = match irr_of(plan, cash) {
            Irr::One(rate) => return Measure::Share(rate),
            Irr::Several(rates) => {
                let rates: Vec<String> = rates.into_iter().map(percent).collect();
                format!("several rates solve it ({}), none of them is a return", rates.join(", "))
            }
            Irr::None => self.empty.map_or_else(|| no_rate(cash).to_owned(), str::to_owned),
        };
        Measure::Undefined(why)
    }

    fn payback(&self, plan: &Plan) -> Measure {
        let why = match payback(plan, &self.cash) {
            Payback::By(day) => return Measure::Day(day),
            Payback::NotNeeded => "its summed cash is never negative",
            Payback::OnlyWithEndValue => "only what is left at the horizon pays it back",
            Payback::Never => "it does not pay back",
        };
        Measure::Undefined(self.empty.unwrap_or(why).to_owned())
    }
}

/// Why cash has no rate of return.
fn no_rate(cash: &BTreeMap<Period, Cents>) -> &'static str {
    let any = |sign: fn(&Cents) -> bool| cash.values().any(sign);
    match (any(|cents| *cents < Cents::ZERO), any(|cents| *cents > Cents::ZERO)) {
        (false, false) => "there is no such cash",
        (false, true) => "nothing is paid out, its cash is never negative",
        (true, false) => "nothing comes back, its cash is never positive",
        (true, true) => "no rate between -90 % and 1000 % a year makes it worth nil",
    }
}

fn without_end_values(plan: &Plan, ledger: &[LedgerLine]) -> Cents {
    present_value(&plan.inputs.calendar, ledger.iter().filter(|line| !line.category.is_end_value())).0
}

fn income_in(ledger: &[LedgerLine], year: Stabilised) -> Income {
    let (from, to) = year.periods;
    Income { rent: sum_within(ledger, from..to, is_rent), noi: sum_within(ledger, from..to, is_noi) }
}

impl Headline {
    /// What the increment is, and what is in no figure.
    #[must_use]
    pub fn sentences(&self, plan: &Plan) -> Vec<String> {
        let npv = amount(plan.twin_npv_usd.0);
        let from = self.comparison.noun();
        let committed = if self.comparison.has_commitments() {
            let Comparison { load: it, capital, .. } = self.comparison;
            format!("{}, capital {}, ", load(it.get()), amount(capital))
        } else {
            String::new()
        };
        let mut told = vec![format!("increment: the plan less {from} ({committed}NPV {npv})")];
        if !commits_anew(plan) {
            told.push(format!("{NOTHING_NEW}: the plan is that case, but for its machines"));
        }
        if let Some(year) = &self.year_one {
            told.push(format!("first full year from {}", month(year.from)));
        }
        if self.sunk {
            told.push(format!("capital paid before {} is in no figure", plan.inputs.calendar.start));
        }
        told
    }

    /// What is not defined, and why: alike ones in one sentence.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons: Vec<(&str, &str, Vec<&str>)> = vec![];
        let both = self.figures.iter().flat_map(|figure| {
            [("programme", figure.words, &figure.programme), ("increment", figure.words, &figure.increment)]
        });
        for (side, words, measure) in both {
            let Measure::Undefined(why) = measure else { continue };
            if why == OF_THE_WHOLE {
                continue;
            }
            match reasons.iter_mut().find(|known| (known.0, known.1) == (side, why)) {
                Some((_, _, all)) => all.push(words),
                None => reasons.push((side, why, vec![words])),
            }
        }
        let all = self.figures.len() / 2;
        let told = |(side, why, words): (&str, &str, Vec<&str>)| match words.len() {
            many if many >= all => format!("{side} –: {why}"),
            _ => format!("{side}, {}: {why}", words.join(", ")),
        };
        reasons.into_iter().map(told).collect()
    }
}
