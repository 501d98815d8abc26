//! Lines of a contract, per hall, month by month: bills, damages, what the
//! tenant pays in advance and has credited, operating cost, power, the
//! expected loss to defaults, and what is left of it all at the horizon.

use super::masses::{Masses, masses};
use super::{Amounts, market, since};
use crate::audit::column::Column;
use crate::domain::Fleet;
use crate::domain::calendar::{Month, days_between};
use crate::domain::money::{Class, EndValue};
use crate::domain::offer::{Bearer, CostBearers, Offer, PaidOn, PowerTerms};
use crate::plan::ledger::Category;
use crate::units::{Share, Usd, UsdPerKwItYear};

/// A balance of less than a tenth of a cent is nil: two right calculations must
/// agree on when an advance is used up.
const NIL_BALANCE: f64 = 1e-3;

/// A contract of one hall with everything that has a memory, from commencement on.
pub(super) struct Contract<'a> {
    pub(super) fleet: &'a Fleet,
    pub(super) column: &'a Column<'a>,
    pub(super) offer: &'a Offer,
    /// Months of the initial term.
    pub(super) term: usize,
    /// To the later of the end of the term and the horizon.
    pub(super) masses: Vec<Masses>,
    credits: Vec<Credited>,
}

/// Bill of a month and what is credited against it.
#[derive(Debug, Clone, Copy, Default)]
struct Credited {
    bill: f64,
    credit: f64,
    /// Balances before the credit.
    owed: f64,
}

impl<'a> Contract<'a> {
    pub(super) fn new(fleet: &'a Fleet, column: &'a Column<'a>, offer: &'a Offer) -> Self {
        let from = column.commencement.0;
        let months = |to: Month| usize::try_from(to.0.saturating_sub(from)).unwrap_or(0);
        let term = months(column.term_end);
        let curve = market::curve(fleet, column.site, column.retrofit);
        let masses = masses(offer, curve, term.max(months(fleet.calendar.horizon_month())));
        let mut contract = Self { fleet, column, offer, term, masses, credits: vec![] };
        contract.credits = contract.credits();
        contract
    }

    /// `j`, or `None` before commencement.
    fn at(&self, month: Month) -> Option<usize> {
        usize::try_from(month.0.saturating_sub(self.column.commencement.0)).ok()
    }

    /// Rent of a month without the ramp: `q · rent · (1 + escalator)^(j div 12)`.
    pub(super) fn escalated(&self, at: usize) -> Usd {
        let years = f64::from(u32::try_from(at / 12).unwrap_or(u32::MAX));
        self.offer.rent * self.column.hall_it() * libm::pow(1.0 + self.offer.escalator.0, years)
    }

    /// The month in which the tenant's money is paid.
    fn paid(&self, paid: PaidOn) -> Month {
        match paid {
            PaidOn::Start => self.column.start,
            PaidOn::Commencement => self.column.commencement,
            PaidOn::Date(date) => {
                let last = Month(self.column.term_end.0.saturating_sub(1));
                self.fleet.calendar.month_of(date).min(last).max(self.column.start)
            }
        }
    }

    /// Advance and prepayment: when, how much, and the share of a bill that is credited.
    fn advance(&self) -> Option<(Month, Usd, Share)> {
        let advance = self.offer.advance?;
        Some((self.paid(advance.paid), advance.amount * self.column.hall_it(), advance.credited))
    }

    fn prepayment(&self) -> Option<(Month, Usd, Share)> {
        let prepayment = self.offer.prepayment?;
        let rent = self.offer.rent * self.column.hall_it() * f64::from(prepayment.months.0);
        Some((self.paid(prepayment.paid), rent, prepayment.credited))
    }

    /// Every bill of the initial term and its credits.
    fn credits(&self) -> Vec<Credited> {
        let mut balance = (0.0, 0.0);
        let entering = |of: Option<(Month, Usd, Share)>, at: usize| {
            let enters = |month: Month| self.at(month).unwrap_or(0) == at;
            of.filter(|(month, ..)| enters(*month)).map_or(0.0, |(_, amount, _)| amount.get())
        };
        let share = |of: Option<(Month, Usd, Share)>| of.map_or(0.0, |(.., share)| share.0);
        let (advance, prepayment) = (self.advance(), self.prepayment());
        let mut told = Vec::with_capacity(self.term);
        for at in 0..self.term {
            balance.0 += entering(advance, at);
            balance.1 += entering(prepayment, at);
            let owed = balance.0 + balance.1;
            let bill = self.escalated(at).get() * self.offer.ramp.get(at).map_or(1.0, |share| share.0);
            let credit = if at + 1 == self.term {
                owed
            } else {
                let first = balance.0.min(share(advance) * bill);
                balance.0 -= first;
                let second =
                    if balance.0 < NIL_BALANCE { balance.1.min(share(prepayment) * (bill - first)) } else { 0.0 };
                balance.1 -= second;
                first + second
            };
            told.push(Credited { bill, credit, owed });
        }
        told
    }

    /// All lines of class contracted.
    pub(super) fn lines(&self) -> Amounts {
        let mut amounts = Amounts::default();
        amounts.add(self.fleet, self.column.ready, Category::DelayDamages, -self.damages());
        for (category, received) in [(Category::Advance, self.advance()), (Category::Prepayment, self.prepayment())] {
            if let Some((month, amount, _)) = received {
                self.put(&mut amounts, month, category, amount, amount);
            }
        }
        let Column { ready, term_end, .. } = self.column;
        for month in (ready.0..term_end.0).map(Month) {
            if !self.counts(month) {
                break;
            }
            for (category, amount, size) in self.month(month) {
                self.put(&mut amounts, month, category, amount, size);
            }
        }
        amounts
    }

    /// Whether what a month brings counts: inside the horizon, and after it with run-off.
    pub(super) fn counts(&self, month: Month) -> bool {
        self.fleet.money.end_value == EndValue::RunOff || month < self.fleet.calendar.horizon_month()
    }

    /// A line inside the horizon; after it, what is expected of it at the horizon.
    fn put(&self, amounts: &mut Amounts, month: Month, category: Category, amount: Usd, size: Usd) {
        let calendar = &self.fleet.calendar;
        let horizon = calendar.horizon_month();
        if month < horizon {
            amounts.add_sized(self.fleet, month, category, amount, size);
        } else if self.counts(month) && category != Category::CreditLoss {
            let factor = to_horizon(self.fleet, rate(self.fleet, self.offer), month);
            let (amount, size) = (amount * factor * self.paying(month), size * factor);
            amounts.add_term(calendar.horizon(), Category::ContractEndValue, amount, size);
        }
    }

    /// The mass that pays in a month; all of it before commencement.
    pub(super) fn paying(&self, month: Month) -> f64 {
        self.at(month).and_then(|at| self.masses.get(at)).map_or(1.0, |masses| masses.paying)
    }

    /// Damages for a hall that is ready late.
    fn damages(&self) -> Usd {
        let (Some(late), Some(by)) = (self.offer.late, self.offer.ready_by) else { return Usd::ZERO };
        let ready = self.fleet.calendar.month_start(self.column.ready);
        let days = (f64::from(days_between(by, ready)) - f64::from(late.grace.0)).max(0.0);
        let owed = late.damages.get() * days;
        // Per MW of critical IT load; the cap is written per kW.
        let owed = late.cap.map_or(owed, |cap| owed.min(cap.get() * 1000.0));
        Usd::new(owed * self.column.hall_it().get())
    }

    /// What one hall brings and costs in a month from `k0` to `E`, each with its size.
    fn month(&self, month: Month) -> Vec<(Category, Usd, Usd)> {
        let running = Running::of(self.fleet, self.column, month);
        let by_landlord = running.borne(self.offer.costs, Bearer::Landlord);
        let mut lines: Vec<_> = by_landlord.map(|(category, cost)| (category, -cost, cost)).collect();
        lines.push((Category::FirmCharge, -running.firm, running.firm));
        let Some((at, Credited { bill, credit, owed })) =
            self.at(month).and_then(|at| Some((at, *self.credits.get(at)?)))
        else {
            return lines;
        };
        lines.push((Category::Rent, Usd::new(bill), Usd::new(bill)));
        lines.push((Category::RentCredit, Usd::new(-credit), Usd::new(owed)));
        let (energy, demand) = self.power(month);
        lines.push((Category::HostingEnergy, -energy, energy));
        lines.push((Category::DemandCharge, -demand, demand));
        let lost = 1.0 - self.masses.get(at).map_or(1.0, |masses| masses.paying);
        let at_stake = bill - credit - energy.get() - demand.get();
        let size = if lost == 0.0 { 0.0 } else { bill + owed + energy.get() + demand.get() };
        lines.push((Category::CreditLoss, Usd::new(-lost * at_stake), Usd::new(size)));
        lines
    }

    /// Energy and demand charge of a month, where they are included in the rent.
    pub(super) fn power(&self, month: Month) -> (Usd, Usd) {
        let Column { site, retrofit, .. } = self.column;
        if self.offer.power == PowerTerms::PassedThrough {
            return (Usd::ZERO, Usd::ZERO);
        }
        let demand = site.power.demand_charge * self.column.hall_it().metered(retrofit.pue);
        (energy(self.fleet, self.column, month), demand)
    }
}

/// What a dollar in the middle of a month after the horizon is worth at the horizon.
pub(super) fn to_horizon(fleet: &Fleet, rate: Share, month: Month) -> f64 {
    let first = fleet.calendar.month_start(month);
    let days = f64::from(days_between(fleet.calendar.month_start(fleet.calendar.horizon_month()), first));
    let middle = days + f64::from(first.days_in_month()) / 2.0;
    libm::pow(1.0 + rate.0, -middle / 365.0)
}

/// Energy that one hall draws in a month, whoever pays for it.
fn energy(fleet: &Fleet, column: &Column, month: Month) -> Usd {
    let metered = column.hall_it().metered(column.retrofit.pue);
    let drawn = metered.energy(fleet.calendar.hours_in_month(month));
    market::price(fleet, column.site, month) * drawn * column.load_factor().0
}

/// Energy of one hall under contract in a month: from commencement to the end of the term.
pub(in crate::audit) fn contract_energy(fleet: &Fleet, column: &Column, month: Month) -> Usd {
    let under_contract = column.offer.is_some() && column.commencement <= month && month < column.term_end;
    if under_contract { energy(fleet, column, month) } else { Usd::ZERO }
}

/// The rate of an offer's contracted lines.
pub(super) fn rate(fleet: &Fleet, offer: &Offer) -> Share {
    offer.discount_rate.unwrap_or_else(|| fleet.money.rates.of(Class::Contracted))
}

/// What a hall in service costs in a month, whoever bears it.
pub(super) struct Running {
    /// Operations, property tax, insurance.
    pub(super) opex: [Usd; 3],
    /// Charge on firm power.
    pub(super) firm: Usd,
}

/// Categories of [`Running::opex`].
pub(super) const OPEX: [Category; 3] = [Category::Operations, Category::PropertyTax, Category::Insurance];

impl Running {
    pub(super) fn of(fleet: &Fleet, column: &Column, month: Month) -> Self {
        let opex = &column.retrofit.opex;
        let growth = opex.escalation.growth(since(fleet, month));
        let cost = |yearly: UsdPerKwItYear| (yearly * column.hall_it()).per_month() * growth;
        Self {
            opex: [opex.operations, opex.property_tax, opex.insurance].map(cost),
            firm: column.site.power.firm_charge * column.hall.reserved(),
        }
    }

    /// Operating cost of those that one party bears.
    pub(super) fn borne(&self, costs: CostBearers, by: Bearer) -> impl Iterator<Item = (Category, Usd)> + use<> {
        let bearers = [costs.operations, costs.property_tax, costs.insurance];
        let lines = OPEX.into_iter().zip(self.opex).zip(bearers);
        lines.filter(move |(_, bearer)| *bearer == by).map(|(line, _)| line)
    }
}
