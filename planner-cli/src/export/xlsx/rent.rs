//! Sheets `Rent roll` and `Hosting`: what tenants pay and are expected to pay, and what serving them costs.

use std::collections::BTreeMap;

use planner_core::domain::calendar::Month;
use planner_core::domain::money::{Class, Relief};
use planner_core::domain::offer::{Bearer, Offer};
use planner_core::domain::site::Site;
use planner_core::plan::ledger::Category;

use super::assumptions::Assumptions;
use super::contracts::{Contract, Contracts, Hall};
use super::conversions::Converted;
use super::facts_of_hosting::OfferFact;
use super::facts_of_sites::SiteFact;
use super::lines::{self, Case, Head, Lines, Quantity};
use super::market::flag;
use super::sheet::{Labels, Look, Row, Sheet, Shown};
use super::term::Term;
use super::timeline::{Axis, factor, serial};

/// Discount factors of the offers: by period, and of months after the horizon.
pub struct OfferFactors {
    pub periods: BTreeMap<String, Row>,
    pub run_off: BTreeMap<String, Row>,
    pub run_off_of_capital: Row,
}

/// Writes them.
pub fn factors<'a>(
    offers: impl Iterator<Item = &'a Offer>,
    (facts, axis): (&Assumptions, &Axis),
    timeline: &mut Sheet,
    months: &mut Sheet,
) -> OfferFactors {
    months.section("Discounting of contracts after the horizon, to it");
    let horizon = axis.start.fixed(axis.periods);
    let to_horizon = |months: &mut Sheet, of: &str, rate: &Term| {
        months.series(&Labels::of(of, "factor", ""), Look::Formula, Shown::Factor, axis.months, |m, _| {
            let years = (axis.day.at(m) - &horizon + axis.days.at(m) / &facts.two) / &facts.days_per_year;
            let after = axis.month.at(m).at_least(&(&facts.periods * &facts.period_months));
            Term::choose(&after, &factor(rate, &years), &Term::whole(0))
        })
    };
    let run_off_of_capital = to_horizon(months, "capital", &facts.rate(Class::Corporate));
    let mut made = OfferFactors { periods: BTreeMap::new(), run_off: BTreeMap::new(), run_off_of_capital };
    for offer in offers {
        let id = offer.id.as_str();
        let rate = facts.hosting.offers.get(id, &OfferFact::RATE);
        let labels = Labels::of("", &format!("discount factor, {id}"), "");
        let row = timeline
            .series(&labels, Look::Formula, Shown::Factor, axis.places(), |p, _| factor(&rate, &axis.years.at(p)));
        made.periods.insert(id.to_owned(), row);
        made.run_off.insert(id.to_owned(), to_horizon(months, id, &rate));
    }
    made
}

/// Both sheets, from the rows of each conversion.
pub fn sheets(
    of: &Contracts,
    months: &mut Sheet,
    converted: &[Converted],
    factors: &BTreeMap<String, Row>,
    lines: &mut Lines,
) -> ([Sheet; 2], Vec<Hall>) {
    let note = "Per hall and category rounded to cents by period, times halls. Expectations are lines of their own.";
    let mut rent = Sheet::new("Rent roll", "Rent roll", note);
    let mut hosting = Sheet::new("Hosting", "Cost of hosting", note);
    lines::head(&mut rent, of.axis);
    lines::head(&mut hosting, of.axis);
    let mut halls_of = vec![];
    for one in converted {
        let hall = of.hall(months, one);
        for (case, halls) in one.cases() {
            let head = |class| Head {
                count: Some(halls.clone()),
                ..Head::new(case, one.site.id.as_str(), one.conversion.subject(), class)
            };
            let reliefs = of.plan.inputs.pot_of(&one.site.id).map_or(&[][..], |pot| &pot.relieved_by);
            let mut put = Put { facts: of.facts, axis: of.axis, halls, reliefs, lines };
            match (&hall.contract, one.offer) {
                (Some(contract), Some(offer)) => {
                    let contracted = Head {
                        pot: relieved(of, one),
                        factors: factors.get(offer.id.as_str()).cloned(),
                        ..head(Class::Contracted)
                    };
                    put.rent(&mut rent, (&contracted, &head(Class::Merchant)), contract);
                    put.damages(&mut rent, of, &contracted, (one, offer));
                    put.cost(&mut hosting, (&contracted, &head(Class::Merchant)), &hall, (contract, offer));
                    put.left(&mut hosting, (&contracted, &head(Class::Corporate)), contract);
                }
                _ => put.merchant((&mut rent, &mut hosting), &head(Class::Merchant), &hall),
            }
        }
        halls_of.push(hall);
    }
    for case in [Case::Plan, Case::Twin] {
        for site in &of.plan.inputs.sites {
            fixed_cost(of, case, site, converted, (months, &mut hosting), lines);
        }
    }
    ([rent, hosting], halls_of)
}

/// The pot that a tenant's money relieves, if any.
fn relieved(of: &Contracts, one: &Converted) -> String {
    let pot = of.plan.inputs.pot_of(&one.site.id).filter(|pot| !pot.relieved_by.is_empty());
    match pot {
        Some(pot) if of.plan.settings.budget.is_none() => pot.id.to_string(),
        _ => String::new(),
    }
}

/// Writes lines of one conversion in one case.
struct Put<'p> {
    facts: &'p Assumptions,
    axis: &'p Axis,
    halls: &'p Term,
    /// Receipts that relieve the pot of its site.
    reliefs: &'p [Relief],
    lines: &'p mut Lines,
}

impl Put<'_> {
    /// Whether a receipt relieves the pot of its site.
    fn relieves(&self, category: &Category) -> bool {
        match category {
            Category::Advance => self.reliefs.contains(&Relief::Advance),
            Category::Prepayment => self.reliefs.contains(&Relief::Prepayment),
            _ => false,
        }
    }

    /// A line of which the unit may be on either side of nil.
    fn unit(&mut self, sheet: &mut Sheet, head: &Head, category: &Category, unit: impl Fn(usize) -> Term) {
        let (facts, halls) = (self.facts, self.halls);
        self.lines.put(sheet, (facts, self.axis), (head, category), Look::Formula, |p| facts.cents(&unit(p)) * halls);
    }

    /// A line of income, or of cost.
    fn sized(&mut self, sheet: &mut Sheet, head: &Head, category: &Category, cost: bool, size: impl Fn(usize) -> Term) {
        let (facts, halls) = (self.facts, self.halls);
        self.lines.put(sheet, (facts, self.axis), (head, category), Look::Formula, |p| {
            let cents = facts.cents_up(&size(p));
            if cost { -cents * halls } else { cents * halls }
        });
    }

    fn rent(&mut self, sheet: &mut Sheet, heads: (&Head, &Head), contract: &Contract) {
        let axis = self.axis;
        let (contracted, merchant) = heads;
        self.sized(sheet, contracted, &Category::Rent, false, |p| axis.in_period(&contract.bill, p));
        let unrelieved = Head { pot: String::new(), ..contracted.clone() };
        for (row, category, cost) in [
            (&contract.advance, Category::Advance, false),
            (&contract.prepayment, Category::Prepayment, false),
            (&contract.credit, Category::RentCredit, true),
        ] {
            if let Some(row) = row {
                let head = if self.relieves(&category) { contracted } else { &unrelieved };
                self.sized(sheet, head, &category, cost, |p| axis.in_period(row, p));
            }
        }
        if let Some(row) = &contract.credit_loss {
            self.raw(sheet, contracted, &Category::CreditLoss, row);
        }
        for (row, category) in
            [(&contract.renewal, Category::RenewalExpected), (&contract.relet, Category::MerchantExpected)]
        {
            if let Some(row) = row {
                self.sized(sheet, merchant, &category, false, |p| axis.in_period(row, p));
            }
        }
    }

    /// A line on either side of nil: its unit stands in a row of its own, so that the sign is taken of one cell.
    fn raw(&mut self, sheet: &mut Sheet, head: &Head, category: &Category, row: &Row) {
        let axis = self.axis;
        let unit = unit_row(sheet, axis, head, category, |p| axis.in_period(row, p));
        self.unit(sheet, head, category, |p| unit.at(p));
    }

    fn damages(&mut self, sheet: &mut Sheet, of: &Contracts, head: &Head, (one, offer): (&Converted, &Offer)) {
        let (facts, axis) = (self.facts, self.axis);
        let Some(late) = offer.late.filter(|_| offer.ready_by.is_some()) else { return };
        let fact = |name| facts.hosting.offers.get(offer.id.as_str(), name);
        #[allow(clippy::cast_possible_truncation)]
        let day = serial(of.plan.inputs.calendar.month_start(Month(one.ready.value as i32)));
        let ready = Term::call("EDATE", &[&facts.start, &one.ready], day);
        let days = Term::whole(0).max(&(ready - fact(&OfferFact::READY_BY) - fact(&OfferFact::GRACE)));
        let mut owed = fact(&OfferFact::DAMAGES) * days;
        if late.cap.is_some() {
            owed = owed.min(&(fact(&OfferFact::CAP_OF_DAMAGES) * &facts.kw_per_mw));
        }
        let owed = owed * &one.load;
        self.sized(sheet, head, &Category::DelayDamages, true, |p| &owed * &axis.at_month(facts, &one.ready, p));
    }

    fn cost(&mut self, sheet: &mut Sheet, heads: (&Head, &Head), hall: &Hall, (contract, offer): (&Contract, &Offer)) {
        let (facts, axis) = (self.facts, self.axis);
        let (contracted, merchant) = heads;
        let bearers = [
            (Category::Operations, offer.costs.operations, &OfferFact::OPERATIONS_OURS),
            (Category::PropertyTax, offer.costs.property_tax, &OfferFact::PROPERTY_TAX_OURS),
            (Category::Insurance, offer.costs.insurance, &OfferFact::INSURANCE_OURS),
        ];
        for ((category, bearer, fact), row) in bearers.iter().zip(&hall.opex) {
            if *bearer == Bearer::Landlord {
                let ours = facts.hosting.offers.get(offer.id.as_str(), fact);
                self.sized(sheet, contracted, category, true, |p| axis.in_period_where(row, &hall.serving, p) * &ours);
            }
        }
        if let Some(energy) = contract.energy.as_ref().filter(|_| contract.included) {
            let drawn = |p: usize| axis.in_period_where(energy, &contract.on, p);
            self.sized(sheet, contracted, &Category::HostingEnergy, true, drawn);
            if let Some(row) = &contract.drawn {
                let (place, halls) =
                    ((contracted.case, contracted.site.as_str(), contracted.subject.as_str()), self.halls);
                let at = |p: usize| axis.in_period(row, p) * halls;
                self.lines.measure((&mut *sheet, axis), place, Quantity::HostingEnergy, at);
            }
            let demand = |p: usize| &contract.demand * &axis.in_period(&contract.on, p);
            self.sized(sheet, contracted, &Category::DemandCharge, true, demand);
        }
        self.firm(sheet, contracted, hall);
        if let Some(row) = &contract.operating {
            self.raw(sheet, merchant, &Category::OperatingExpected, row);
        }
    }

    /// What is left of the contract at the horizon, and what is then still to be paid again.
    fn left(&mut self, sheet: &mut Sheet, (contracted, capital): (&Head, &Head), contract: &Contract) {
        let (facts, axis, category) = (self.facts, self.axis, Category::ContractEndValue);
        if let Some(row) = &contract.run_off {
            let unit =
                unit_row(sheet, axis, contracted, &category, |p| &facts.run_off * &row.total() * axis.horizon.at(p));
            self.unit(sheet, contracted, &category, |p| unit.at(p));
        }
        if let Some(row) = &contract.replaced {
            let left = |p: usize| &facts.run_off * &row.total() * axis.horizon.at(p);
            self.sized(sheet, capital, &category, true, left);
        }
    }

    fn firm(&mut self, sheet: &mut Sheet, head: &Head, hall: &Hall) {
        if hall.firm.value != 0.0 {
            let axis = self.axis;
            self.sized(sheet, head, &Category::FirmCharge, true, |p| &hall.firm * &axis.in_period(&hall.serving, p));
        }
    }

    fn merchant(&mut self, sheets: (&mut Sheet, &mut Sheet), head: &Head, hall: &Hall) {
        let axis = self.axis;
        let (rent, hosting) = sheets;
        if let Some(row) = &hall.merchant_rent {
            self.sized(rent, head, &Category::MerchantRent, false, |p| axis.in_period(row, p));
        }
        let categories = [Category::Operations, Category::PropertyTax, Category::Insurance];
        for (category, row) in categories.iter().zip(&hall.opex) {
            self.sized(hosting, head, category, true, |p| axis.in_period_where(row, &hall.serving, p));
        }
        self.firm(hosting, head, hall);
    }
}

/// A row of unrounded dollars of one unit, above the line that rounds it.
pub fn unit_row(sheet: &mut Sheet, axis: &Axis, head: &Head, category: &Category, at: impl Fn(usize) -> Term) -> Row {
    let labels = Labels(vec![String::new(), head.site.clone(), head.subject.clone(), format!("{category}, of one")]);
    sheet.series(&labels, Look::Formula, Shown::Cents, axis.places(), |p, _| at(p))
}

/// Fixed cost of hosting at a site, from the first service there on.
fn fixed_cost(
    of: &Contracts,
    case: Case,
    site: &Site,
    converted: &[Converted],
    (months, hosting): (&mut Sheet, &mut Sheet),
    lines: &mut Lines,
) {
    let (facts, axis) = (of.facts, of.axis);
    let here = converted.iter().filter(|one| one.site.id == site.id && one.cases().any(|(own, _)| own == case));
    let Some(first) = here.map(|one| one.ready.clone()).reduce(|first, ready| first.min(&ready)) else { return };
    if site.hosting_fixed_cost.get() == 0.0 {
        return;
    }
    let id = site.id.as_str();
    let labels = Labels::of(format!("{} {id}", case.name()), "hosting has begun", "1: yes");
    let begun = months.series(&labels, Look::Formula, Shown::Whole, axis.months, |m, _| {
        Term::flag(&axis.month.at(m).at_least(&first)) * flag(&of.market.held, id, m)
    });
    let yearly = facts.places.sites.get(id, &SiteFact::HOSTING_FIXED_COST);
    let head = Head::new(case, id, "hosting", Class::Corporate);
    lines.put(hosting, (facts, axis), (&head, &Category::HostingFixedCost), Look::Formula, |p| {
        -facts.cents_up(&(&yearly / &facts.months_per_year * axis.in_period(&begun, p)))
    });
}
