//! Sheets `Capex by month` and `Capital`: cost lines of retrofits by conversion, what is paid once at a site, works.

use std::collections::BTreeMap;

use planner_core::domain::calendar::Month;
use planner_core::domain::money::Class;
use planner_core::domain::offer::TenantFunded;
use planner_core::domain::retrofit::{CostBasis, CostLine, Payment};
use planner_core::domain::site::HallUse;
use planner_core::plan::ledger::Category;
use planner_core::plan::{PORTFOLIO, Plan};
use planner_core::works::schedule;

use super::assumptions::Assumptions;
use super::conversions::Converted;
use super::facts_of_hosting::{CostFact, OfferFact, RetrofitFact, cost_id};
use super::facts_of_sites::{HallFact, OverrideFact, ReserveFact, SiteFact};
use super::lines::{self, Case, Head, Lines};
use super::market::Market;
use super::rent::unit_row;
use super::sheet::{Labels, Look, Row, Sheet, Shown};
use super::term::Term;
use super::timeline::Axis;
use super::works;

/// What every formula of capital reads.
struct Capital<'a> {
    plan: &'a Plan,
    facts: &'a Assumptions,
    axis: &'a Axis,
    market: &'a Market,
}

/// The name of the pot that pays for a site or a work.
pub fn pot_of(plan: &Plan, site: &str, subject: &str) -> String {
    if plan.settings.budget.is_some() {
        return "budget".to_owned();
    }
    let fleet = &plan.inputs;
    let pot = if site != PORTFOLIO {
        fleet.pot_of(&site.into())
    } else if let Some(work) = subject.strip_prefix("work/") {
        fleet.work(&work.into()).and_then(|work| fleet.pot_of_work(work))
    } else {
        fleet.pot_of_deposits()
    };
    pot.map_or_else(|| "no pot".to_owned(), |pot| pot.id.to_string())
}

/// What we pay again for one hall, month by month, by the name of its conversion; where its contract outlives the horizon.
pub type Replaced = BTreeMap<String, Row>;

/// Both sheets.
pub fn sheets(
    plan: &Plan,
    (facts, axis, market): (&Assumptions, &Axis, &Market),
    converted: &[Converted],
    lines: &mut Lines,
) -> ([Sheet; 2], Replaced) {
    let of = Capital { plan, facts, axis, market };
    let note = "Payments for one hall, before what the tenant pays, by cost line and month.";
    let mut months = Sheet::new("Capex by month", "Capex by month", note);
    axis.head_months(&mut months, ["", "", "of", "what", "unit", "", "", "our share", ""]);
    let note = "Per hall and category rounded to cents by period, times halls. Capital is below nil.";
    let mut sheet = Sheet::new("Capital", "Capital", note);
    lines::head(&mut sheet, axis);
    let mut replaced = Replaced::new();
    for one in converted {
        let again = of.conversion(one, &mut months, &mut sheet, lines);
        replaced.extend(again.map(|row| (one.name(), row)));
    }
    for case in [Case::Plan, Case::Twin] {
        of.setups(case, converted, &mut months, &mut sheet, lines);
        works::lines(plan, (facts, axis, market), case, (&mut months, &mut sheet), lines);
        of.deposits(case, &mut sheet, lines);
    }
    ([months, sheet], replaced)
}

impl Capital<'_> {
    fn head(&self, case: Case, site: &str, subject: &str) -> Head {
        Head { pot: pot_of(self.plan, site, subject), ..Head::new(case, site, subject, Class::Corporate) }
    }

    /// Capital of one conversion, what is given up for it, and the connection it holds at the horizon. What is paid again
    /// of it, where its contract outlives the horizon.
    fn conversion(&self, one: &Converted, months: &mut Sheet, sheet: &mut Sheet, lines: &mut Lines) -> Option<Row> {
        let (facts, axis) = (self.facts, self.axis);
        let (mut first, mut again): (Vec<Row>, Vec<Row>) = (vec![], vec![]);
        let mut by_category: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
        months.section(&one.name());
        for (at, line) in one.retrofit.costs.iter().enumerate() {
            let Some((from, to)) = one.phases.get(line.phase.as_str()) else { continue };
            let id = cost_id(one.retrofit, at, line);
            let Some(size) = self.size(one, &id, line) else { continue };
            let row = self.payments(months, one, (&id, line), &size, (from, to));
            first.push(row.clone());
            let rows = by_category.entry(&line.category).or_default();
            rows.push(row);
            if line.life.is_some() {
                let row = self.replacements(months, one, &id, &size);
                again.push(row.clone());
                rows.push(row);
            }
        }
        let ours = self.our_share(months, one, &first);
        let exit =
            one.mining_off.as_ref().filter(|_| one.hall.hall_use != HallUse::Pad).map(|off| (self.exit(one), off));
        if exit.is_some() {
            by_category.entry("exit").or_default();
        }
        for (case, halls) in one.cases() {
            let head = self.head(case, one.site.id.as_str(), &one.conversion.subject());
            let head = Head { count: Some(halls.clone()), ..head };
            for (category, rows) in &by_category {
                let category = Category::Capex((*category).to_owned());
                let leaving = exit.as_ref().filter(|_| category == Category::Capex("exit".to_owned()));
                lines.put(sheet, (facts, axis), (&head, &category), Look::Formula, |p| {
                    let mut paid = vec![];
                    if !rows.is_empty() {
                        let all = Term::sum(rows.iter().map(|row| axis.in_period(row, p)));
                        paid.push(ours.as_ref().map_or_else(|| all.clone(), |ours| ours * &all));
                    }
                    if let Some((cost, off)) = leaving {
                        paid.push(cost * &axis.at_month(facts, off, p));
                    }
                    -facts.cents_up(&Term::sum(paid)) * halls
                });
            }
            self.at_start_and_end(one, &head, halls, sheet, lines);
        }
        let outlives = one.term_end.value > (&facts.periods * &facts.period_months).value;
        (outlives && !again.is_empty()).then(|| {
            let labels = Labels::of(one.name(), "paid again, ours", "USD/hall");
            months.series(&labels, Look::Formula, Shown::Dollars, axis.months, |m, _| {
                let all = Term::sum(again.iter().map(|row| row.at(m)));
                ours.as_ref().map_or_else(|| all.clone(), |ours| ours * &all)
            })
        })
    }

    /// What is given up, and connection that a running lease holds at the horizon.
    fn at_start_and_end(&self, one: &Converted, head: &Head, halls: &Term, sheet: &mut Sheet, lines: &mut Lines) {
        let (facts, axis) = (self.facts, self.axis);
        let Some(offer) = one.offer else { return };
        if offer.give_up.get() > 0.0 {
            let amount =
                facts.hosting.offers.get(offer.id.as_str(), &OfferFact::GIVE_UP) * &one.load * &facts.kw_per_mw;
            lines.put(sheet, (facts, axis), (head, &Category::GiveUp), Look::Formula, |p| {
                -facts.cents_up(&(&amount * &axis.at_month(facts, &one.start, p))) * halls
            });
        }
        let horizon = &facts.periods * &facts.period_months;
        if one.term_end.value > horizon.value {
            let day = axis.start.fixed(axis.periods);
            let ours = one.until.as_ref().map_or_else(|| Term::whole(1), |until| Term::flag(&day.at_most(until)));
            lines.put(sheet, (facts, axis), (head, &Category::SiteEndValue), Look::Formula, |p| {
                let runs = Term::flag(&horizon.below(&one.term_end)) * axis.horizon.at(p);
                let worth = &facts.site_value * &one.reserved * &facts.kw_per_mw * runs * &ours;
                -facts.cents_up(&worth) * halls
            });
        }
    }

    /// The amount of a per-hall line, with every factor but the price level; `None` for a per-site one.
    fn size(&self, one: &Converted, id: &str, line: &CostLine) -> Option<Term> {
        let costs = &self.facts.hosting.costs;
        let amount = match line.basis {
            CostBasis::ItLoad(_) => costs.get(id, &CostFact::PER_KW_IT) * &one.load * &self.facts.kw_per_mw,
            CostBasis::GrossPower(_) => costs.get(id, &CostFact::PER_GROSS_KW) * &one.reserved * &self.facts.kw_per_mw,
            CostBasis::Hall(_) => costs.get(id, &CostFact::PER_HALL),
            CostBasis::Site(_) => return None,
        };
        Some(self.with_factors(one, amount))
    }

    fn with_factors(&self, one: &Converted, amount: Term) -> Term {
        let facts = self.facts;
        let (site, retrofit) = (one.site.id.as_str(), one.retrofit.id.as_str());
        let mut priced = amount * facts.places.sites.get(site, &SiteFact::CAPEX_FACTOR);
        if let Some(factor) = facts.places.overrides.find(&format!("{site}/{retrofit}"), &OverrideFact::CAPEX_FACTOR) {
            priced = priced * factor;
        }
        priced * (Term::whole(1) + facts.hosting.retrofits.get(retrofit, &RetrofitFact::CONTINGENCY))
    }

    /// The share of an amount that is paid in a month.
    fn share(&self, id: &str, line: &CostLine, (from, to): (&Term, &Term), m: usize) -> Term {
        let month = self.axis.month.at(m);
        match line.payment {
            Payment::Even => Term::all(&[&month.at_least(from), &month.below(to)]) / (to - from),
            Payment::Deposit(_) => {
                let deposit = self.facts.hosting.costs.get(id, &CostFact::DEPOSIT);
                let last = Term::flag(&month.equals(&(to - &Term::whole(1))));
                &deposit * &Term::flag(&month.equals(from)) + (Term::whole(1) - &deposit) * last
            }
        }
    }

    fn payments(
        &self,
        sheet: &mut Sheet,
        one: &Converted,
        (id, line): (&str, &CostLine),
        size: &Term,
        ends: (&Term, &Term),
    ) -> Row {
        let _ = one;
        sheet.series(&Labels::of(id, "paid", "USD/hall"), Look::Formula, Shown::Dollars, self.axis.months, |m, _| {
            size * &self.market.capex_growth.at(m) * self.share(id, line, ends, m)
        })
    }

    /// What wears out is paid again at once, to the end of the term.
    fn replacements(&self, sheet: &mut Sheet, one: &Converted, id: &str, size: &Term) -> Row {
        let life = self.facts.hosting.costs.get(id, &CostFact::LIFE);
        sheet.series(
            &Labels::of(id, "paid again", "USD/hall"),
            Look::Formula,
            Shown::Dollars,
            self.axis.months,
            |m, _| {
                let age = self.axis.month.at(m) - &one.ready;
                let due = age.modulo(&life).equals(&Term::whole(0));
                let again =
                    Term::all(&[&Term::whole(0).below(&age), &self.axis.month.at(m).below(&one.term_end), &due]);
                size * &self.market.capex_growth.at(m) * again
            },
        )
    }

    /// What the tenant does not pay of the per-hall lines.
    fn our_share(&self, sheet: &mut Sheet, one: &Converted, first: &[Row]) -> Option<Term> {
        let offer = one.offer?;
        let of = |fact| self.facts.hosting.offers.get(offer.id.as_str(), fact);
        let theirs = match offer.tenant_funded {
            TenantFunded::Share(share) if share.0 == 0.0 => return None,
            TenantFunded::Share(_) => of(&OfferFact::FUNDED_SHARE),
            TenantFunded::Amount(_) => {
                let given = of(&OfferFact::FUNDED_AMOUNT) * &one.load * &self.facts.kw_per_mw;
                let total = Term::sum(first.iter().map(Row::total));
                // Both branches are computed here: nil is not divided by.
                let part = &given / &if total.value == 0.0 { Term::atom(total.text(), 1.0) } else { total.clone() };
                Term::choose(&given.below(&total), &part, &Term::whole(1))
            }
        };
        let row = sheet.next;
        sheet.words(row, 2, &one.name(), Look::Text);
        sheet.words(row, 3, "our share of per-hall lines", Look::Text);
        sheet.next += 1;
        Some(sheet.formula(row, 7, &(Term::whole(1) - theirs), Look::Formula, Shown::Factor))
    }

    /// What it costs to clear a hall and to end a customer's contract that still runs.
    fn exit(&self, one: &Converted) -> Term {
        let group = format!("{}/{}", one.site.id, one.hall.id);
        let halls = &self.facts.places.halls;
        let cost = halls.get(&group, &HallFact::EXIT_COST);
        match (one.hall.hall_use, &one.mining_off) {
            (HallUse::ThirdParty(_), Some(off)) => {
                let day = Term::call(
                    "EDATE",
                    &[&self.facts.start, off],
                    super::timeline::serial(self.plan.inputs.calendar.month_start(month_of(off))),
                );
                let early = Term::flag(&day.at_most(&halls.get(&group, &HallFact::CUSTOMER_UNTIL)));
                cost + halls.get(&group, &HallFact::CUSTOMER_FEE) * early
            }
            _ => cost,
        }
    }

    /// Deposits that reserve scarce equipment: paid ahead of the delivery, credited when it comes.
    fn deposits(&self, case: Case, sheet: &mut Sheet, lines: &mut Lines) {
        let (facts, axis) = (self.facts, self.axis);
        let calendar = &self.plan.inputs.calendar;
        let decisions = if case == Case::Plan { &self.plan.decisions } else { &self.plan.twin.decisions };
        for own in &decisions.reservations {
            let of = |fact| facts.places.deposits.find(&own.item, fact);
            let (Some(deposit), Some(lead)) = (of(&ReserveFact::DEPOSIT), of(&ReserveFact::LEAD)) else { continue };
            let head = self.head(case, PORTFOLIO, &own.subject(calendar));
            let category = Category::Capex("deposit".to_owned());
            let row = sheet.next;
            let period = sheet.number(row, 5, f64::from(own.period.0), Look::Decision, Shown::Whole);
            let delivery = period * &facts.period_months;
            let unit = unit_row(sheet, axis, &head, &category, |p| {
                let paid = axis.at_month(facts, &(&delivery - &lead), p);
                &deposit * &(axis.at_month(facts, &delivery, p) - paid)
            });
            let row = sheet.next;
            let count = sheet.number(row, 5, f64::from(own.count), Look::Decision, Shown::Whole);
            lines.put(sheet, (facts, axis), (&head, &category), Look::Formula, |p| facts.cents(&unit.at(p)) * &count);
        }
    }

    /// Lines paid once at a site, dated by the first start of the retrofit there.
    fn setups(&self, case: Case, converted: &[Converted], months: &mut Sheet, sheet: &mut Sheet, lines: &mut Lines) {
        let mut firsts: BTreeMap<(&str, &str), &Converted> = BTreeMap::new();
        for one in converted.iter().filter(|one| one.cases().any(|(own, _)| own == case)) {
            let first = firsts.entry((one.site.id.as_str(), one.retrofit.id.as_str())).or_insert(one);
            if one.conversion.start < first.conversion.start {
                *first = one;
            }
        }
        for ((site, retrofit), one) in firsts {
            let mut by_category: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
            let own = one.site.override_of(&one.retrofit.id);
            let Ok(laid) = schedule(&one.retrofit.phases, own, one.site.power.notice) else { continue };
            for (at, line) in one.retrofit.costs.iter().enumerate() {
                let Some(phase) = laid.phase(&line.phase).filter(|phase| phase.end > phase.start) else { continue };
                if !matches!(line.basis, CostBasis::Site(_)) {
                    continue;
                }
                let id = cost_id(one.retrofit, at, line);
                let size = self.with_factors(one, self.facts.hosting.costs.get(&id, &CostFact::PER_SITE));
                let row = months.next;
                let offset = |sheet: &mut Sheet, column, months: u32| {
                    &one.start + &sheet.number(row, column, f64::from(months), Look::Decision, Shown::Whole)
                };
                let (from, to) = (offset(months, 5, phase.start.0), offset(months, 6, phase.end.0));
                let labels = Labels::of(format!("{} {site}: {id}", case.name()), "paid once", "USD/site");
                let row = months.series(&labels, Look::Formula, Shown::Dollars, self.axis.months, |m, _| {
                    &size * &self.market.capex_growth.at(m) * self.share(&id, line, (&from, &to), m)
                });
                by_category.entry(&line.category).or_default().push(row);
            }
            let head = self.head(case, site, &format!("{retrofit}/setup"));
            for (category, rows) in by_category {
                let category = Category::Capex(category.to_owned());
                lines.put(sheet, (self.facts, self.axis), (&head, &category), Look::Formula, |p| {
                    -self.facts.cents_up(&Term::sum(rows.iter().map(|row| self.axis.in_period(row, p))))
                });
            }
        }
    }
}

#[allow(clippy::cast_possible_truncation)]
fn month_of(term: &Term) -> Month {
    Month(term.value as i32)
}
