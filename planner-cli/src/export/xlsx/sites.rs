//! Sheet `Sites`: fixed cost, rent, mothballs, customers' halls, sale, and connection at the horizon.

use planner_core::domain::calendar::Period;
use planner_core::domain::money::Class;
use planner_core::domain::site::{HallUse, Site, Tenure};
use planner_core::plan::Plan;
use planner_core::plan::ledger::Category;

use super::assumptions::Assumptions;
use super::contracts::Hall;
use super::conversions::Converted;
use super::facts_of_sites::{HallFact, SiteFact};
use super::lines::{self, Case, Head, Lines};
use super::machines::{BALLAST, Herd, RUN};
use super::market::{Market, flag};
use super::mining::Margins;
use super::sheet::{Labels, Look, Row, Sheet, Shown};
use super::term::Term;
use super::timeline::Axis;

/// The sheet; months of customers' contracts go to `months`.
pub fn sheet(
    plan: &Plan,
    (facts, axis, market): (&Assumptions, &Axis, &Market),
    energy: &Energy,
    months: &mut Sheet,
    lines: &mut Lines,
) -> Sheet {
    let converted = energy.converted;
    let note = "What a site costs and brings, whatever is hosted there. States are decisions of the plan.";
    let mut sheet = Sheet::new("Sites", "Sites", note);
    lines::head(&mut sheet, axis);
    months.section("Customers' halls: 1 while the contract runs");
    for site in &plan.inputs.sites {
        for case in [Case::Plan, Case::Twin] {
            Here { energy, plan, facts, axis, market, site, case }.lines(months, &mut sheet, lines);
        }
        customers((facts, axis, market), site, converted, (months, &mut sheet), lines);
    }
    sheet
}

/// How many draw energy.
enum Count<'r> {
    /// Machines, by period.
    Machines(&'r Row),
    /// Halls.
    Halls(&'r Term),
}

/// What draws energy, for the least bill.
pub struct Energy<'a> {
    pub herds: &'a [Herd],
    pub margins: &'a Margins,
    pub converted: &'a [Converted<'a>],
    /// Rows of the conversions, in their order.
    pub halls: &'a [Hall],
}

struct Here<'a> {
    energy: &'a Energy<'a>,
    plan: &'a Plan,
    facts: &'a Assumptions,
    axis: &'a Axis,
    market: &'a Market,
    site: &'a Site,
    case: Case,
}

impl Here<'_> {
    fn lines(&self, months: &mut Sheet, sheet: &mut Sheet, lines: &mut Lines) {
        let (facts, axis, id) = (self.facts, self.axis, self.site.id.as_str());
        let decisions = if self.case == Case::Plan { &self.plan.decisions } else { &self.plan.twin.decisions };
        let state = decisions.sites.iter().find(|state| state.site == self.site.id);
        let sold = state.and_then(|state| state.sold);
        let period = |p: usize| Period(u32::try_from(p).unwrap_or(u32::MAX));
        let places = 0..axis.places();
        let decided = |sheet: &mut Sheet, what: &str, of: &dyn Fn(Period) -> bool| {
            let labels = Labels(vec![self.case.name().to_owned(), id.to_owned(), "site".to_owned(), what.to_owned()]);
            let figures = places.clone().map(|p| f64::from(u8::from(of(period(p)))));
            sheet.figures(&labels, Look::Decision, Shown::Whole, figures)
        };
        let kept = decided(sheet, "1: not sold", &|p| sold.is_none_or(|sold| p < sold));
        let head = Head::new(self.case, id, "site", Class::Corporate);
        let of = |fact| facts.places.sites.get(id, fact);
        let fixed = of(&SiteFact::FIXED_COST);
        if self.site.mining.fixed_cost.get() != 0.0 {
            lines.put(sheet, (facts, axis), (&head, &Category::MiningFixedCost), Look::Formula, |p| {
                -facts.cents_up(&(&fixed / &facts.months_per_year * self.months(p) * kept.at(p)))
            });
        }
        if let Tenure::Leased { .. } = self.site.tenure {
            let rent = of(&SiteFact::SITE_RENT);
            lines.put(sheet, (facts, axis), (&head, &Category::SiteRent), Look::Formula, |p| {
                -facts.cents_up(&(&rent / &facts.months_per_year * self.months(p) * kept.at(p)))
            });
        }
        if let Some(state) = state.filter(|state| !state.mothballed.is_empty()) {
            let cold = decided(sheet, "1: in mothballs", &|p| state.mothballed.contains(&p));
            let saved = Term::whole(1) - of(&SiteFact::GOES_ON_IN_MOTHBALLS);
            lines.put(sheet, (facts, axis), (&head, &Category::MothballSaving), Look::Formula, |p| {
                let months = self.months(p) * kept.at(p) * cold.at(p);
                facts.cents_up(&(&fixed / &facts.months_per_year * months * &saved))
            });
        }
        self.connection(sheet, (&head, &kept), sold, lines);
        self.least_bill(months, sheet, (&head, &kept), lines);
    }

    /// What the least bill is more than the energy that machines and contracts use, month by month.
    fn least_bill(&self, months: &mut Sheet, sheet: &mut Sheet, (head, kept): (&Head, &Row), lines: &mut Lines) {
        if self.site.power.minimum_bill.is_none() {
            return;
        }
        let (facts, axis, id) = (self.facts, self.axis, self.site.id.as_str());
        let of = |fact| facts.places.sites.get(id, fact);
        let (yearly, until) = (of(&SiteFact::LEAST_BILL), of(&SiteFact::LEAST_BILL_UNTIL));
        let mut used: Vec<(Count, &Row, Option<&Row>)> = vec![];
        for herd in self.energy.herds.iter().filter(|herd| herd.case == self.case && herd.place == id) {
            for usage in [RUN, BALLAST] {
                let margin = self.energy.margins.get(&(herd.place.clone(), herd.model.clone(), usage));
                if let (Some(count), Some(margin)) = (herd.row(usage), margin) {
                    used.push((Count::Machines(count), &margin.energy_paid, None));
                }
            }
        }
        for (one, hall) in
            self.energy.converted.iter().zip(self.energy.halls).filter(|(one, _)| one.site.id == self.site.id)
        {
            let halls = one.cases().find(|(case, _)| *case == self.case).map(|(_, halls)| halls);
            let Some((halls, contract)) = halls.zip(hall.contract.as_ref()) else { continue };
            if let Some(energy) = &contract.energy {
                used.push((Count::Halls(halls), energy, Some(&contract.on)));
            }
        }
        let labels = Labels::of(format!("{} {id}", self.case.name()), "least bill less energy", "USD");
        let row = months.series(&labels, Look::Formula, Shown::Dollars, axis.months, |m, _| {
            let place = axis.period.at(m) + Term::whole(1);
            let energy = used.iter().map(|(count, energy, on)| {
                let drawn = on.map_or_else(|| energy.at(m), |on| energy.at(m) * on.at(m));
                match count {
                    Count::Machines(row) => Axis::index(row, &Term::whole(1).max(&place)) * drawn,
                    Count::Halls(halls) => *halls * &drawn,
                }
            });
            let short = Term::whole(0).max(&(&yearly / &facts.months_per_year - Term::sum(energy)));
            let owed = Term::all(&[&axis.day.at(m).at_most(&until), &Term::whole(1).at_most(&place)]);
            short * owed * flag(&self.market.held, id, m)
        });
        lines.put(sheet, (facts, axis), (head, &Category::MinimumBill), Look::Formula, |p| {
            -facts.cents_up(&(axis.in_period(&row, p) * kept.at(p)))
        });
    }

    /// Months of a period in which the site is ours by the lease that stands.
    fn months(&self, place: usize) -> Term {
        match self.market.held.get(self.site.id.as_str()) {
            Some(held) => self.axis.in_period(held, place),
            None => &self.facts.period_months * &(Term::whole(1) - self.axis.horizon.at(place)),
        }
    }

    /// What its connection fetches, sold or at the horizon.
    fn connection(&self, sheet: &mut Sheet, (head, kept): (&Head, &Row), sold: Option<Period>, lines: &mut Lines) {
        let (facts, axis, id) = (self.facts, self.axis, self.site.id.as_str());
        let calendar = &self.plan.inputs.calendar;
        let labels = Labels(vec![self.case.name().to_owned(), id.to_owned(), "connection [MW]".to_owned()]);
        let power = (0..axis.places())
            .map(|p| self.site.power.connection_in(calendar, Period(u32::try_from(p).unwrap_or(u32::MAX))).get());
        let power = sheet.figures(&labels, Look::Input, Shown::Thousandths, power);
        if let Some(period) = sold.filter(|period| *period < calendar.horizon()) {
            let price = facts.places.sites.get(id, &SiteFact::SALE_OF_CONNECTION);
            let labels =
                Labels(vec![self.case.name().to_owned(), id.to_owned(), "site".to_owned(), "1: sold then".to_owned()]);
            let sale = (0..axis.places()).map(|p| f64::from(u8::from(period.index() == p)));
            let sale = sheet.figures(&labels, Look::Decision, Shown::Whole, sale);
            lines.put(sheet, (facts, axis), (head, &Category::SiteSale), Look::Formula, |p| {
                facts.cents_up(&(&price * &facts.kw_per_mw * power.at(p) * sale.at(p)))
            });
        }
        let day = axis.start.fixed(axis.periods);
        let ours = match self.site.tenure {
            Tenure::Owned => Term::whole(1),
            Tenure::Leased { .. } => Term::flag(&day.at_most(&facts.places.sites.get(id, &SiteFact::LEASED_UNTIL))),
        };
        if sold.is_none() {
            lines.put(sheet, (facts, axis), (head, &Category::SiteEndValue), Look::Formula, |p| {
                let worth = &facts.site_value * &facts.kw_per_mw * power.at(p) * axis.horizon.at(p);
                facts.cents_up(&(worth * kept.at(p) * &ours))
            });
        }
    }
}

/// What customers' halls bring, and what conversions take of it.
fn customers(
    (facts, axis, market): (&Assumptions, &Axis, &Market),
    site: &Site,
    converted: &[Converted],
    (months, sheet): (&mut Sheet, &mut Sheet),
    lines: &mut Lines,
) {
    let id = site.id.as_str();
    let mut brings = vec![];
    for hall in site.halls.iter().filter(|hall| matches!(hall.hall_use, HallUse::ThirdParty(_))) {
        let group = format!("{id}/{}", hall.id);
        let until = facts.places.halls.get(&group, &HallFact::CUSTOMER_UNTIL);
        let runs = months.series(
            &Labels::of(&group, "contract runs", ""),
            Look::Formula,
            Shown::Whole,
            axis.months,
            |m, _| Term::flag(&axis.day.at(m).at_most(&until)) * flag(&market.held, id, m),
        );
        let margin = facts.places.halls.get(&group, &HallFact::CUSTOMER_MARGIN)
            * facts.places.halls.get(&group, &HallFact::HALL_POWER);
        for one in converted.iter().filter(|one| one.site.id == site.id && one.hall.id == hall.id) {
            let Some(off) = &one.mining_off else { continue };
            let labels = Labels::of(one.name(), "contract would have run", "");
            let lost = months.series(&labels, Look::Formula, Shown::Whole, axis.months, |m, _| {
                runs.at(m) * Term::flag(&axis.month.at(m).at_least(off))
            });
            for (case, halls) in one.cases() {
                let head = Head::new(case, id, one.conversion.subject(), Class::Mining);
                lines.put(sheet, (facts, axis), (&head, &Category::ThirdPartyMargin), Look::Formula, |p| {
                    -facts.cents_up(&(&margin * &axis.in_period(&lost, p))) * halls
                });
            }
        }
        brings.push((margin, facts.places.halls.get(&group, &HallFact::HALLS), runs));
    }
    if brings.is_empty() {
        return;
    }
    for case in [Case::Plan, Case::Twin] {
        let head = Head::new(case, id, "site", Class::Mining);
        lines.put(sheet, (facts, axis), (&head, &Category::ThirdPartyMargin), Look::Formula, |p| {
            let all = brings.iter().map(|(margin, halls, runs)| margin * halls * axis.in_period(runs, p));
            facts.cents_up(&Term::sum(all))
        });
    }
}
