//! Sheet `Assumptions`: every fact of the portfolio that a formula reads, one cell each.

use std::collections::BTreeSet;

use planner_core::domain::evidence::Evidence;
use planner_core::domain::machine::Moves;
use planner_core::domain::money::{Class, EndValue};
use planner_core::plan::{Conversion, Plan};
use planner_core::units::{Usd, UsdPerMachineMonth};

use super::facts::{EVIDENCE, rests_on};
use super::facts_of_hosting::Hosting;
use super::facts_of_sites::Places;
use super::sheet::{Look, Sheet, Shown};
use super::term::Term;
use super::timeline::serial;
use super::{facts_of_hosting, facts_of_sites, timeline};

/// Cells of the sheet, by what they mean.
pub struct Assumptions {
    pub start: Term,
    pub periods: Term,
    pub period_months: Term,
    pub first_month: Term,
    pub price_month: Term,
    pub run_off: Term,
    pub capex_escalation: Term,
    pub power_escalation: Term,
    pub pool_fee: Term,
    pub single_rate: Term,
    pub removal: Term,
    pub install: Term,
    pub freight: Term,
    pub freight_far: Term,
    pub downtime: Term,
    pub storage: Term,
    pub site_value: Term,
    pub days_per_year: Term,
    pub hours_per_day: Term,
    pub hours_per_year: Term,
    pub months_per_year: Term,
    pub kw_per_mw: Term,
    pub watts_per_mw: Term,
    pub blocks_per_day: Term,
    pub th_per_eh: Term,
    pub two: Term,
    pub snap: Term,
    pub least_margin: Term,
    pub least_balance: Term,
    rates: Vec<(Class, Term)>,
    /// Offers, retrofits and the market's rents.
    pub hosting: Hosting,
    /// Sites, halls, machines and works.
    pub places: Places,
    /// Names of cells, for the workbook.
    pub names: Vec<(&'static str, String)>,
}

impl Assumptions {
    /// The rate of a class.
    pub fn rate(&self, class: Class) -> Term {
        self.rates.iter().find(|(of, _)| *of == class).map_or_else(|| Term::whole(0), |(_, rate)| rate.clone())
    }

    /// Whole cents of a unit, half away from zero, where what lies within float noise of a half counts as one.
    pub fn cents(&self, amount: &Term) -> Term {
        let sign = Term::call("SIGN", &[amount], if amount.value == 0.0 { 0.0 } else { amount.value.signum() });
        (amount + &(sign * &self.snap)).round(2)
    }

    /// The same of an amount that is never below nil.
    pub fn cents_up(&self, amount: &Term) -> Term {
        (amount + &self.snap).round(2)
    }

    /// `(1 + rate)^(months / 12)`.
    pub fn grow(&self, rate: &Term, months: &Term) -> Term {
        (Term::whole(1) + rate).pow(&(months / &self.months_per_year))
    }
}

/// Conversions of plan and twin, each once.
pub fn all_conversions(plan: &Plan) -> Vec<&Conversion> {
    let mut seen = BTreeSet::new();
    let both = plan.decisions.conversions.iter().chain(&plan.twin.decisions.conversions);
    both.filter(|one| seen.insert((&one.site, &one.hall, &one.retrofit, &one.offer, one.start))).collect()
}

/// A fact that stands alone: its name in formulas, its label, its unit, and what it is.
type Scalar = (&'static str, &'static str, &'static str, Shown, fn(&Plan) -> f64);

const CALENDAR: [Scalar; 4] = [
    ("start_date", "start", "", Shown::Day, |p| serial(p.inputs.calendar.start)),
    ("periods", "periods", "", Shown::Whole, |p| f64::from(p.inputs.calendar.periods)),
    ("months_per_period", "months per period", "", Shown::Whole, |p| f64::from(p.inputs.calendar.period.months())),
    ("first_month", "first month shown", "months from start", Shown::Whole, |p| {
        timeline::reach(p).map_or(0.0, |(first, _)| f64::from(first))
    }),
];

const RATES: [Scalar; 10] = [
    ("rate_mining", "discount rate, mining", "", Shown::Share, |p| p.inputs.money.rates.mining.0),
    ("rate_contracted", "discount rate, contracted", "", Shown::Share, |p| p.inputs.money.rates.contracted.0),
    ("rate_merchant", "discount rate, merchant", "", Shown::Share, |p| p.inputs.money.rates.merchant.0),
    ("rate_corporate", "discount rate, corporate", "", Shown::Share, |p| p.inputs.money.rates.corporate.0),
    ("single_rate", "single rate beside", "", Shown::Share, |p| p.inputs.money.discount_rate.0),
    ("price_month", "money of", "months from start", Shown::Month, |p| {
        f64::from(p.inputs.calendar.month_of(p.inputs.money.price_date).0)
    }),
    ("capex_escalation", "escalation of capex", "", Shown::Share, |p| p.inputs.money.capex_escalation.0),
    ("power_escalation", "escalation of fixed energy prices", "", Shown::Share, |p| p.inputs.money.power_escalation.0),
    ("pool_fee", "pool fee", "of revenue", Shown::Portion, |p| p.inputs.money.pool_fee.0),
    ("run_off", "run-off of contracts at the horizon", "1: counted", Shown::Flag, |p| {
        f64::from(u8::from(p.inputs.money.end_value == EndValue::RunOff))
    }),
];

const MARKET: [Scalar; 1] =
    [("site_value", "connection at the horizon", "USD/kW", Shown::Cents, |p| p.inputs.deck.site_value.get())];

const HANDLING: [Scalar; 6] = [
    ("removal", "removal", "USD/machine", Shown::Cents, |p| p.inputs.handling.removal.get()),
    ("install", "installation", "USD/machine", Shown::Cents, |p| p.inputs.handling.install.get()),
    ("freight", "freight within a region", "USD/machine", Shown::Cents, |p| moved(p, |moves| moves.freight.get())),
    ("freight_other_region", "freight to another region", "USD/machine", Shown::Cents, |p| {
        moved(p, |moves| moves.freight_other_region.get())
    }),
    ("move_days", "days of income lost by a move", "days", Shown::Whole, |p| {
        moved(p, |moves| f64::from(moves.downtime.0))
    }),
    ("storage", "storage", "USD/machine-month", Shown::Cents, |p| {
        p.inputs.handling.storage.map_or(0.0, UsdPerMachineMonth::get)
    }),
];

const UNITS: [Scalar; 12] = [
    ("days_per_year", "days of a year of discounting", "", Shown::Whole, |_| 365.0),
    ("hours_per_day", "hours of a day", "", Shown::Whole, |_| 24.0),
    ("hours_per_year", "hours of a year of demand response", "", Shown::Whole, |_| 8760.0),
    ("months_per_year", "months of a year", "", Shown::Whole, |_| 12.0),
    ("kw_per_mw", "kW of a MW", "", Shown::Whole, |_| 1e3),
    ("watts_per_mw", "W of a MW", "", Shown::Whole, |_| 1e6),
    ("blocks_per_day", "blocks of a day", "", Shown::Whole, |_| 144.0),
    ("th_per_eh", "TH of an EH", "", Shown::Whole, |_| 1e6),
    ("halves", "halves of a period", "", Shown::Whole, |_| 2.0),
    ("half_cent_noise", "what lies so close to half a cent counts as half", "USD", Shown::Plain, |_| {
        Usd::HALF_CENT_BAND.get()
    }),
    ("least_margin", "margin below which a machine is off", "USD", Shown::Plain, |_| -1e-9),
    ("least_balance", "balance that counts as nil", "USD", Shown::Plain, |_| 1e-3),
];

fn moved(plan: &Plan, of: fn(&Moves) -> f64) -> f64 {
    plan.inputs.handling.moves.as_ref().map_or(0.0, of)
}

/// Names of cells, for the workbook.
type Names = Vec<(&'static str, String)>;

/// Writes a block of scalars; the cells come in their order.
fn block<const N: usize>(
    sheet: &mut Sheet,
    (plan, names): (&Plan, &mut Names),
    (title, look, evidence): (&str, Look, Option<&Evidence>),
    scalars: &[Scalar; N],
) -> [Term; N] {
    sheet.section(title);
    if look == Look::Input {
        sheet.heads(&[&["", "figure", "unit"], &EVIDENCE[..]].concat());
    }
    scalars.each_ref().map(|(name, label, unit, shown, of)| {
        let row = sheet.next;
        sheet.words(row, 0, label, Look::Text);
        sheet.words(row, 2, unit, Look::Text);
        let cell = sheet.number(row, 1, of(plan), look, *shown);
        names.push((name, cell.text().to_owned()));
        if look == Look::Input {
            rests_on(sheet, 3, evidence);
        }
        sheet.next += 1;
        Term::atom(*name, cell.value)
    })
}

fn empty() -> Sheet {
    let note = "Blue cells are facts of the portfolio and may be changed; every formula of the workbook reads them here. \
                What the columns of the workbook are made for, and units, are locked.";
    let mut sheet = Sheet::new("Assumptions", "Assumptions", note);
    sheet.widths = std::iter::once(44.0).chain([14.0; 30]).collect();
    sheet.frozen = (3, 1);
    sheet
}

/// The sheet and its cells.
pub fn sheet(plan: &Plan) -> (Sheet, Assumptions) {
    let mut sheet = empty();
    let mut names = Names::new();
    let calendar = ("Calendar: fixed, as columns and decisions are made for it", Look::Fixed, None);
    let [start, periods, period_months, first_month] = block(&mut sheet, (plan, &mut names), calendar, &CALENDAR);
    let [
        mining,
        contracted,
        merchant,
        corporate,
        single_rate,
        price_month,
        capex_escalation,
        power_escalation,
        pool_fee,
        run_off,
    ] = block(&mut sheet, (plan, &mut names), ("Rates, per year", Look::Input, None), &RATES);
    let market = ("Market", Look::Input, Some(&plan.inputs.deck.evidence));
    let [site_value] = block(&mut sheet, (plan, &mut names), market, &MARKET);
    let [removal, install, freight, freight_far, downtime, storage] =
        block(&mut sheet, (plan, &mut names), ("Handling of machines", Look::Input, None), &HANDLING);
    let [
        days_per_year,
        hours_per_day,
        hours_per_year,
        months_per_year,
        kw_per_mw,
        watts_per_mw,
        blocks_per_day,
        th_per_eh,
        two,
        snap,
        least_margin,
        least_balance,
    ] = block(&mut sheet, (plan, &mut names), ("Units and tolerances: fixed", Look::Fixed, None), &UNITS);
    let hosting = facts_of_hosting::write(&mut sheet, plan, &contracted);
    let places = facts_of_sites::write(&mut sheet, plan);
    let rates = vec![
        (Class::Mining, mining),
        (Class::Contracted, contracted),
        (Class::Merchant, merchant),
        (Class::Corporate, corporate),
    ];
    let facts = Assumptions {
        start,
        periods,
        period_months,
        first_month,
        price_month,
        run_off,
        capex_escalation,
        power_escalation,
        pool_fee,
        single_rate,
        removal,
        install,
        freight,
        freight_far,
        downtime,
        storage,
        site_value,
        days_per_year,
        hours_per_day,
        hours_per_year,
        months_per_year,
        kw_per_mw,
        watts_per_mw,
        blocks_per_day,
        th_per_eh,
        two,
        snap,
        least_margin,
        least_balance,
        rates,
        hosting,
        places,
        names,
    };
    (sheet, facts)
}
