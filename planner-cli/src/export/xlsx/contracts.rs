//! Sheet `Contracts by month`: bills, credits, running cost and expectations of one hall, month by month.

use std::collections::BTreeMap;

use planner_core::domain::market::MerchantCurve;
use planner_core::domain::offer::{Offer, PaidOn, PowerTerms};
use planner_core::plan::Plan;

use super::assumptions::Assumptions;
use super::capital::Replaced;
use super::conversions::Converted;
use super::facts_of_hosting::{CurveFact, OfferFact, RetrofitFact, curve_id};
use super::facts_of_sites::SiteFact;
use super::market::Market;
use super::masses::{self, Masses};
use super::sheet::{Labels, Look, Row, Sheet, Shown};
use super::term::Term;
use super::timeline::Axis;

/// What every row reads.
pub struct Contracts<'a> {
    pub plan: &'a Plan,
    pub facts: &'a Assumptions,
    pub axis: &'a Axis,
    pub market: &'a Market,
    /// By offer: discount factors to the horizon of the months after it.
    pub run_off: BTreeMap<String, Row>,
    /// The same for capital.
    pub of_capital: Row,
    /// What is paid again, by conversion.
    pub replaced: Replaced,
}

/// Rows of one hall.
pub struct Hall {
    /// One from service to the end of the term.
    pub serving: Row,
    /// Operations, property tax, insurance, whoever bears them.
    pub opex: [Row; 3],
    /// Charge on firm power of a month.
    pub firm: Term,
    /// What only a contract has.
    pub contract: Option<Contract>,
    /// Rent of capacity without one.
    pub merchant_rent: Option<Row>,
}

/// Rows of a contract.
pub struct Contract {
    /// One from commencement to the end of the term.
    pub on: Row,
    pub bill: Row,
    /// Energy of a month, where power is included or a least bill counts it.
    pub energy: Option<Row>,
    /// MWh of a month of the contract, where power is included.
    pub drawn: Option<Row>,
    /// Whether power is included.
    pub included: bool,
    /// Demand charge of a month.
    pub demand: Term,
    pub advance: Option<Row>,
    pub prepayment: Option<Row>,
    pub credit: Option<Row>,
    pub credit_loss: Option<Row>,
    pub renewal: Option<Row>,
    pub relet: Option<Row>,
    pub operating: Option<Row>,
    pub run_off: Option<Row>,
    /// Paid again after the horizon, above nil.
    pub replaced: Option<Row>,
}

/// What enters the rows beside the conversion.
struct Parts<'r> {
    since: &'r Row,
    on: &'r Row,
    serving: &'r Row,
    /// Rent in force, without the ramp.
    full: &'r Row,
    bill: &'r Row,
    opex: &'r [Row; 3],
    firm: &'r Term,
    energy: Option<&'r Row>,
    demand: &'r Term,
    credit: Option<&'r Row>,
    masses: Option<&'r Masses>,
}

impl Parts<'_> {
    fn power(&self, m: usize) -> Term {
        self.energy.map_or_else(|| self.demand.clone(), |energy| energy.at(m) + self.demand)
    }

    fn credited(&self, m: usize) -> Term {
        self.credit.map_or_else(|| Term::whole(0), |row| row.at(m))
    }

    fn paying(&self, m: usize) -> Term {
        self.masses.map_or_else(|| Term::whole(1), |masses| masses.paying(m))
    }
}

/// Energy of one hall under contract.
struct Power {
    /// The rent includes it.
    included: bool,
    /// Its cost by month.
    energy: Option<Row>,
    /// Megawatt-hours by month.
    drawn: Option<Row>,
    /// Demand charge of a month.
    demand: Term,
}

impl Contracts<'_> {
    fn months(&self, sheet: &mut Sheet, one: &Converted, what: &str, at: impl Fn(usize, Term) -> Term) -> Row {
        let labels = Labels::of(one.name(), what, "USD/hall");
        sheet.series(&labels, Look::Formula, Shown::Dollars, self.axis.months, at)
    }

    fn curve(&self, one: &Converted) -> Option<&MerchantCurve> {
        self.plan.inputs.deck.curve(&one.site.location.market, &one.retrofit.class)
    }

    /// Rows of one hall.
    pub fn hall(&self, sheet: &mut Sheet, one: &Converted) -> Hall {
        let facts = self.facts;
        sheet.section(&one.name());
        let month = |m: usize| self.axis.month.at(m);
        let serving = sheet.series(
            &Labels::of(one.name(), "in service", "1: yes"),
            Look::Formula,
            Shown::Whole,
            self.axis.months,
            |m, _| Term::all(&[&month(m).at_least(&one.ready), &month(m).below(&one.term_end)]),
        );
        let id = one.retrofit.id.as_str();
        let names = [&RetrofitFact::OPERATIONS, &RetrofitFact::PROPERTY_TAX, &RetrofitFact::INSURANCE];
        let opex = names.map(|fact| {
            let yearly = facts.hosting.retrofits.get(id, fact);
            let what = fact.head.split(" [").next().unwrap_or(fact.head);
            self.months(sheet, one, what, |m, _| {
                let index = self.market.opex_growth.get(id).map_or_else(|| Term::whole(1), |row| row.at(m));
                &one.load * &facts.kw_per_mw * &yearly / &facts.months_per_year * index
            })
        });
        let firm = &one.reserved * &facts.places.sites.get(one.site.id.as_str(), &SiteFact::FIRM_CHARGE);
        let contract = one.offer.map(|offer| self.contract(sheet, one, offer, (&serving, &opex, &firm)));
        let merchant_rent = match (one.offer, self.curve(one)) {
            (None, Some(curve)) => Some(self.merchant_rent(sheet, one, &curve_id(curve))),
            _ => None,
        };
        Hall { serving, opex, firm, contract, merchant_rent }
    }

    fn merchant_rent(&self, sheet: &mut Sheet, one: &Converted, curve: &str) -> Row {
        let facts = self.facts;
        let downtime = facts.hosting.curves.get(curve, &CurveFact::DOWNTIME);
        self.months(sheet, one, "rent without a contract", |m, _| {
            let age = self.axis.month.at(m) - &one.ready - &downtime;
            let rent = self.market.rents.get(curve).map_or_else(|| Term::whole(0), |row| row.at(m));
            &one.load * &facts.kw_per_mw * rent * facts.hosting.occupancies.at(curve, &age)
        })
    }

    fn power(&self, sheet: &mut Sheet, one: &Converted, offer: &Offer, on: &Row) -> Power {
        let (facts, site) = (self.facts, one.site.id.as_str());
        let load_factor = || facts.hosting.offers.get(offer.id.as_str(), &OfferFact::LOAD_FACTOR);
        let included = offer.power == PowerTerms::Included;
        let metered = &one.load * &facts.hosting.retrofits.get(one.retrofit.id.as_str(), &RetrofitFact::PUE);
        let energy = (included || one.site.power.minimum_bill.is_some()).then(|| {
            self.months(sheet, one, "energy", |m, _| {
                let price = self.market.energy.get(site).map_or_else(|| Term::whole(0), |row| row.at(m));
                &metered * &self.axis.hours.at(m) * price * load_factor()
            })
        });
        let drawn = included.then(|| {
            let labels = Labels::of(one.name(), "energy drawn", "MWh/hall");
            sheet.series(&labels, Look::Formula, Shown::Thousandths, self.axis.months, |m, _| {
                &metered * &self.axis.hours.at(m) * load_factor() * on.at(m)
            })
        });
        let charge = || &metered * &facts.places.sites.get(site, &SiteFact::DEMAND_CHARGE);
        let demand = if included { charge() } else { Term::whole(0) };
        Power { included, energy, drawn, demand }
    }

    fn contract(
        &self,
        sheet: &mut Sheet,
        one: &Converted,
        offer: &Offer,
        running: (&Row, &[Row; 3], &Term),
    ) -> Contract {
        let facts = self.facts;
        let (serving, opex, firm) = running;
        let of = |fact| facts.hosting.offers.get(offer.id.as_str(), fact);
        let (months, month) = (self.axis.months, |m: usize| self.axis.month.at(m));
        let whole = |sheet: &mut Sheet, what: &str, at: &dyn Fn(usize, Term) -> Term| {
            sheet.series(&Labels::of(one.name(), what, ""), Look::Formula, Shown::Whole, months, at)
        };
        let since = whole(sheet, "months since commencement", &|m, _| month(m) - &one.commencement);
        let on = whole(sheet, "under contract", &|m, _| {
            Term::all(&[&month(m).at_least(&one.commencement), &month(m).below(&one.term_end)])
        });
        let (rent, growth) = (of(&OfferFact::RENT), Term::whole(1) + of(&OfferFact::ESCALATOR));
        let full = self.months(sheet, one, "rent in force", |m, _| {
            &one.load
                * &facts.kw_per_mw
                * &rent
                * growth.pow(&(Term::whole(0).max(&since.at(m)) / &facts.months_per_year).int())
        });
        let bill = self.months(sheet, one, "bill", |m, _| {
            let due = on.at(m) * full.at(m);
            if offer.ramp.is_empty() { due } else { due * facts.hosting.ramps.at(offer.id.as_str(), &since.at(m)) }
        });
        let Power { included, energy, drawn, demand } = self.power(sheet, one, offer, &on);
        let paid = self.tenants_money(sheet, one, offer, (&on, &bill));
        let curve = self.curve(one).map(curve_id);
        let uncertain = offer.credit.is_some() || offer.renewal.is_some() || curve.is_some();
        let masses =
            uncertain.then(|| masses::rows(sheet, (facts, self.axis), (&one.name(), offer), curve.as_deref(), &since));
        let parts = Parts {
            since: &since,
            on: &on,
            serving,
            full: &full,
            bill: &bill,
            opex,
            firm,
            energy: energy.as_ref().filter(|_| included),
            demand: &demand,
            credit: paid.2.as_ref(),
            masses: masses.as_ref(),
        };
        let credit_loss = offer.credit.map(|_| {
            self.months(sheet, one, "expected loss to defaults", |m, _| {
                let at_stake = parts.bill.at(m) - parts.credited(m) - parts.power(m);
                -((Term::whole(1) - parts.paying(m)) * at_stake) * parts.on.at(m)
            })
        });
        let expected = self.expected(sheet, one, offer, curve.as_deref(), &parts);
        let run_off = self.run_off(sheet, one, offer, &parts, (&paid.0, &paid.1));
        let replaced = self.replaced.get(&one.name()).map(|row| {
            self.months(sheet, one, "paid again after the horizon, discounted to it", |m, _| {
                self.of_capital.at(m) * parts.paying(m) * row.at(m)
            })
        });
        let (renewal, relet, operating) = expected;
        let (advance, prepayment, credit) = paid;
        Contract {
            on,
            bill,
            energy,
            drawn,
            included,
            demand,
            advance,
            prepayment,
            credit,
            credit_loss,
            renewal,
            relet,
            operating,
            run_off,
            replaced,
        }
    }

    /// Advance and prepayment when they are paid, and both as they are credited.
    fn tenants_money(
        &self,
        sheet: &mut Sheet,
        one: &Converted,
        offer: &Offer,
        due: (&Row, &Row),
    ) -> (Option<Row>, Option<Row>, Option<Row>) {
        let facts = self.facts;
        let of = |fact| facts.hosting.offers.get(offer.id.as_str(), fact);
        let (nil, month) = (Term::whole(0), |m: usize| self.axis.month.at(m));
        let received = |sheet: &mut Sheet, what: &str, on: PaidOn, amount: Term| {
            let paid = self.paid(sheet, one, on);
            let row = self.months(sheet, one, what, |m, _| &amount * &Term::flag(&month(m).equals(&paid)));
            let enters = paid.max(&one.commencement);
            (row, enters, amount)
        };
        let kw = &one.load * &facts.kw_per_mw;
        let advance = offer.advance.map(|a| received(sheet, "advance", a.paid, &kw * &of(&OfferFact::ADVANCE)));
        let prepaid = offer.prepayment.map(|p| {
            let amount = &kw * &of(&OfferFact::RENT) * of(&OfferFact::PREPAYMENT);
            received(sheet, "prepayment", p.paid, amount)
        });
        let (on, bill) = due;
        let last = |m: usize| month(m).equals(&(&one.term_end - &Term::whole(1)));
        let entered = |enters: &Term, amount: &Term, m: usize| amount * &Term::flag(&month(m).at_least(enters));
        let credits = |of: &Row, m: usize| of.at(m) - of.before(m);
        let first = advance.as_ref().map(|(_, enters, amount)| {
            let share = of(&OfferFact::ADVANCE_CREDITED);
            self.months(sheet, one, "advance credited so far", |m, before| {
                let left = entered(enters, amount, m) - &before;
                let some = left.min(&(&share * &bill.at(m)));
                before + Term::choose(&on.at(m).equals(&nil), &nil, &Term::choose(&last(m), &left, &some))
            })
        });
        let second = prepaid.as_ref().map(|(_, enters, amount)| {
            let share = of(&OfferFact::PREPAYMENT_CREDITED);
            self.months(sheet, one, "prepayment credited so far", |m, before| {
                let left = entered(enters, amount, m) - &before;
                let mut some = left.min(&(&share * &bill.at(m)));
                if let (Some(first), Some((_, enters, amount))) = (&first, &advance) {
                    some = left.min(&(&share * &(bill.at(m) - credits(first, m))));
                    let owed = entered(enters, amount, m) - first.at(m);
                    some = Term::choose(&owed.below(&facts.least_balance), &some, &nil);
                }
                before + Term::choose(&on.at(m).equals(&nil), &nil, &Term::choose(&last(m), &left, &some))
            })
        });
        let credit = (first.is_some() || second.is_some()).then(|| {
            self.months(sheet, one, "credited", |m, _| {
                Term::sum(first.iter().chain(&second).map(|row| credits(row, m)))
            })
        });
        (advance.map(|(row, ..)| row), prepaid.map(|(row, ..)| row), credit)
    }

    /// The month in which a tenant's money is paid.
    fn paid(&self, sheet: &mut Sheet, one: &Converted, paid: PaidOn) -> Term {
        match paid {
            PaidOn::Start => one.start.clone(),
            PaidOn::Commencement => one.commencement.clone(),
            PaidOn::Date(date) => {
                let month = f64::from(self.plan.inputs.calendar.month_of(date).0);
                let row = sheet.next;
                let month = sheet.number(row, 7, month, Look::Input, Shown::Month);
                month.min(&(&one.term_end - &Term::whole(1))).max(&one.start)
            }
        }
    }

    /// Renewals, what is let again, and what running both costs.
    fn expected(
        &self,
        sheet: &mut Sheet,
        one: &Converted,
        offer: &Offer,
        curve: Option<&str>,
        parts: &Parts,
    ) -> (Option<Row>, Option<Row>, Option<Row>) {
        let Some(masses) = parts.masses else { return (None, None, None) };
        let facts = self.facts;
        let of = |fact| facts.hosting.offers.get(offer.id.as_str(), fact);
        let (nil, whole) = (Term::whole(0), Term::whole(1));
        let held = |m: usize| {
            let day = self.axis.day.at(m);
            one.until.as_ref().map_or_else(|| Term::whole(1), |until| Term::flag(&day.at_most(until)))
        };
        let (term, ours) = (
            of(&OfferFact::TERM),
            [&OfferFact::OPERATIONS_OURS, &OfferFact::PROPERTY_TAX_OURS, &OfferFact::INSURANCE_OURS],
        );
        let renewal = offer.renewal.map(|renewal| {
            self.months(sheet, one, "expected rent of renewals", |m, _| {
                let after = parts.since.at(m) - &term;
                let begun = if renewal.term.0 > 0 {
                    of(&OfferFact::RENEWALS).min(&(&whole + &(&after / &of(&OfferFact::RENEWAL_TERM)).int()))
                } else {
                    of(&OfferFact::RENEWALS).min(&whole)
                };
                let rent = parts.paying(m) * parts.full.at(m) * of(&OfferFact::RENEWAL_RENT_FACTOR).pow(&begun);
                Term::choose(&nil.at_most(&after), &rent, &nil) * held(m)
            })
        });
        let relet = masses.relet.as_ref().zip(curve).map(|(relet, curve)| {
            self.months(sheet, one, "expected rent of halls let again", |m, _| {
                let rent = self.market.rents.get(curve).map_or_else(|| nil.clone(), |row| row.at(m));
                relet.at(m) * &one.load * &facts.kw_per_mw * rent * held(m)
            })
        });
        let operating = self.months(sheet, one, "expected cost of running them", |m, _| {
            let all = Term::sum(parts.opex.iter().map(|row| row.at(m)));
            let own = Term::sum(parts.opex.iter().zip(ours).map(|(row, name)| of(name) * row.at(m)));
            let again = masses.relet.as_ref().map_or_else(|| nil.clone(), |row| row.at(m));
            let during = -(&again * &(&all - &own));
            let paid = parts.paying(m) * (&own + &parts.power(m) + parts.firm);
            let after = -(paid + &again * &(&all + parts.firm));
            Term::choose(&parts.since.at(m).below(&term), &during, &after) * held(m)
        });
        (renewal, relet, Some(operating))
    }

    /// Contract cash after the horizon, discounted to it.
    fn run_off(
        &self,
        sheet: &mut Sheet,
        one: &Converted,
        offer: &Offer,
        parts: &Parts,
        received: (&Option<Row>, &Option<Row>),
    ) -> Option<Row> {
        let facts = self.facts;
        let horizon = &facts.periods * &facts.period_months;
        let factors = self.run_off.get(offer.id.as_str()).filter(|_| one.term_end.value > horizon.value)?;
        let of = |fact| facts.hosting.offers.get(offer.id.as_str(), fact);
        let ours = [&OfferFact::OPERATIONS_OURS, &OfferFact::PROPERTY_TAX_OURS, &OfferFact::INSURANCE_OURS];
        Some(self.months(sheet, one, "cash after the horizon, discounted to it", |m, _| {
            let own = Term::sum(parts.opex.iter().zip(ours).map(|(row, name)| of(name) * row.at(m)));
            let paid = received.0.iter().chain(received.1).map(|row| row.at(m));
            let cash = Term::sum(std::iter::once(parts.bill.at(m)).chain(paid)) - parts.credited(m);
            let cost = parts.serving.at(m) * (own + parts.firm) + parts.on.at(m) * parts.power(m);
            factors.at(m) * parts.paying(m) * (cash - cost)
        }))
    }
}
