//! What a hall earns and costs from its service on, month by month.

use super::hall::Conversion;
use super::lines::Months;
use super::tenancy::{Tenancy, occupancy, tenancy};
use crate::domain::calendar::{Calendar, Month, days_between};
use crate::domain::market::MerchantCurve;
use crate::domain::money::{Class, EndValue};
use crate::domain::offer::{Bearer, Offer, PaidOn, PowerTerms};
use crate::mining::energy_price;
use crate::plan::ledger::Category;
use crate::units::{ItMw, Share, Usd, UsdPerKwItYear, UsdPerMwh};

/// Less of an advance than this is float noise: it is used up.
const NIL: Usd = Usd::new(0.001);

/// One hall in service.
pub(super) struct Contract<'a> {
    of: &'a Conversion<'a>,
    it: ItMw,
}

/// One month of a leased hall, from ready for service on.
struct ContractMonth {
    month: Month,
    /// `None` before commencement.
    tenancy: Option<Tenancy>,
    /// Before the end of the initial term.
    initial: bool,
    costs: Costs,
    bill: Usd,
    credits: Usd,
}

/// Running costs of a month, positive.
struct Costs {
    opex: [(Category, Usd, Bearer); 3],
    firm: Usd,
    /// Energy and demand charge that are included in the rent.
    energy: Usd,
    demand: Usd,
}

impl Costs {
    fn opex_of(&self, bearer: Bearer) -> Usd {
        self.opex.iter().filter(|(.., by)| *by == bearer).map(|(_, amount, _)| *amount).sum()
    }
}

impl<'a> Contract<'a> {
    pub(super) fn of(of: &'a Conversion<'a>) -> Self {
        Self { of, it: of.critical_it() }
    }

    fn calendar(&self) -> &Calendar {
        &self.of.fleet.calendar
    }

    /// Adds every line of service.
    pub(super) fn add_to(&self, months: &mut Months) {
        let Some(offer) = self.of.offer else { return self.merchant(months) };
        self.delay_damages(offer, months);
        self.receipts(months);
        let mut tenants_money = TenantsMoney::of(self, offer);
        let curve = self.of.merchant_curve();
        let service = self.service(offer, curve, &mut tenants_money);
        for at in &service {
            for (category, amount) in at.contract_cash() {
                months.add(at.month, category, Class::Contracted, amount);
            }
            self.expectations(offer, curve, at, months);
        }
        self.end_value(&service, &tenants_money, months);
    }

    /// Adds what the tenant pays in advance.
    pub(super) fn receipts(&self, months: &mut Months) {
        let received = self.of.offer.map_or_else(Vec::new, |offer| TenantsMoney::of(self, offer).receipts());
        for (month, category, amount) in received {
            months.add(month, category, Class::Contracted, amount);
        }
    }

    /// Every month from ready for service to the end of the term and of the horizon.
    fn service(&self, offer: &Offer, curve: Option<&MerchantCurve>, money: &mut TenantsMoney) -> Vec<ContractMonth> {
        let dates = &self.of.dates;
        let end = dates.term_end.max(self.calendar().horizon_month());
        let length = usize::try_from(end.0 - dates.commencement.0).unwrap_or(0);
        let tenancies = tenancy(offer, curve, length);
        let month = |month: Month| {
            let since = usize::try_from(month.0 - dates.commencement.0).ok();
            let tenancy = since.and_then(|j| tenancies.get(j)).copied();
            let initial = month < dates.term_end;
            let bill = match tenancy {
                Some(_) if initial => self.rent_in_force(offer, month) * self.ramp(offer, month).0,
                _ => Usd::ZERO,
            };
            let last = month.0 + 1 == dates.term_end.0;
            let credits = if tenancy.is_some() && initial { money.credits(month, bill, last) } else { Usd::ZERO };
            ContractMonth { month, tenancy, initial, costs: self.costs(Some(offer), month), bill, credits }
        };
        (dates.ready.0..end.0).map(Month).map(month).collect()
    }

    // ANCHOR: bill
    /// `q · rent · (1 + escalator)^⌊j/12⌋`, `j` months since commencement; the bill is this times the ramp.
    // ANCHOR_END: bill
    fn rent_in_force(&self, offer: &Offer, month: Month) -> Usd {
        let since = month.0 - self.of.dates.commencement.0;
        offer.rent * self.it * offer.escalator.growth(since / 12 * 12)
    }

    fn ramp(&self, offer: &Offer, month: Month) -> Share {
        let since = usize::try_from(month.0 - self.of.dates.commencement.0).ok();
        since.and_then(|j| offer.ramp.get(j)).copied().unwrap_or(Share::ALL)
    }

    // ANCHOR: damages
    /// `− q · min(cap, damages · days)` at ready for service, `days` after `ready_by` and grace.
    // ANCHOR_END: damages
    fn delay_damages(&self, offer: &Offer, months: &mut Months) {
        let (Some(late), Some(ready_by)) = (offer.late, offer.ready_by) else { return };
        let slip = days_between(ready_by, self.calendar().month_start(self.of.dates.ready));
        let days = f64::from(slip) - f64::from(late.grace.0);
        if days > 0.0 {
            let uncapped = late.damages * self.it * days;
            let damages = late.cap.map_or(uncapped, |cap| Usd::new(uncapped.get().min((cap * self.it).get())));
            months.add(self.of.dates.ready, Category::DelayDamages, Class::Contracted, -damages);
        }
    }

    fn costs(&self, offer: Option<&Offer>, month: Month) -> Costs {
        let opex = &self.of.retrofit.opex;
        let bearer = |of: fn(&Offer) -> Bearer| offer.map_or(Bearer::Landlord, of);
        let lines = [
            (Category::Operations, opex.operations, bearer(|offer| offer.costs.operations)),
            (Category::PropertyTax, opex.property_tax, bearer(|offer| offer.costs.property_tax)),
            (Category::Insurance, opex.insurance, bearer(|offer| offer.costs.insurance)),
        ];
        let metered = self.it.metered(self.of.retrofit.pue);
        let included = offer.filter(|offer| offer.power == PowerTerms::Included);
        let energy = included.map_or(Usd::ZERO, |offer| {
            let drawn = metered.energy(self.calendar().hours_in_month(month)) * offer.load_factor.0;
            self.energy_price(month) * drawn
        });
        Costs {
            opex: lines.map(|(category, amount, bearer)| (category, self.opex_month(amount, month), bearer)),
            firm: self.of.site.power.firm_charge * self.of.hall.reserved(),
            energy,
            demand: included.map_or(Usd::ZERO, |_| self.of.site.power.demand_charge * metered),
        }
    }

    fn opex_month(&self, amount: UsdPerKwItYear, month: Month) -> Usd {
        let since = month.0 - self.calendar().month_of(self.of.fleet.money.price_date).0;
        (amount * self.it).per_month() * self.of.retrofit.opex.escalation.growth(since)
    }

    fn energy_price(&self, month: Month) -> UsdPerMwh {
        let deck = &self.of.fleet.deck;
        // Before the horizon nothing is priced; run-off may look past the deck: its last month's price stands.
        let of = deck.month(Month(month.0.max(0))).or(deck.months.last());
        of.map_or(UsdPerMwh::ZERO, |of| energy_price(self.of.site, &self.of.fleet.money, self.calendar(), month, of))
    }

    // ANCHOR: expectations
    /// `credit_loss = − (1 − A) · (bill − credits − energy not drawn)` in the initial term;
    /// `renewal_expected = A · rent in force · rent_factor^renewals` after it;
    /// `merchant_expected = R · q · curve`; `operating_expected` is what of the costs the contract's
    /// own lines do not bear.
    // ANCHOR_END: expectations
    fn expectations(&self, offer: &Offer, curve: Option<&MerchantCurve>, at: &ContractMonth, months: &mut Months) {
        let Some(Tenancy { paying, relet, renewals }) = at.tenancy else { return };
        let costs = &at.costs;
        let spared = costs.energy + costs.demand;
        let (ours, tenants) = (costs.opex_of(Bearer::Landlord), costs.opex_of(Bearer::Tenant));
        let held = self.of.held_on(self.calendar().month_start(at.month));
        let operating = if at.initial {
            let lost = (at.bill - at.credits - spared) * (1.0 - paying);
            months.add(at.month, Category::CreditLoss, Class::Contracted, -lost);
            tenants * relet
        } else {
            let factor = offer.renewal.map_or(1.0, |renewal| renewal.rent_factor.0);
            let renewed = self.rent_in_force(offer, at.month) * libm::pow(factor, f64::from(renewals));
            if held {
                months.add(at.month, Category::RenewalExpected, Class::Merchant, renewed * paying);
            }
            (ours + spared) * paying + (ours + tenants) * relet + costs.firm * (paying + relet)
        };
        let rent = curve.map_or(Usd::ZERO, |curve| self.merchant_rent(curve, at.month));
        if held {
            months.add(at.month, Category::MerchantExpected, Class::Merchant, rent * relet);
            months.add(at.month, Category::OperatingExpected, Class::Merchant, -operating);
        }
    }

    fn merchant_rent(&self, curve: &MerchantCurve, month: Month) -> Usd {
        curve.rent * self.it * curve.growth.growth(month.0 - self.calendar().month_of(curve.from).0)
    }

    // ANCHOR: run-off
    /// `Σ_{m ≥ M} A · contract cash · (1+r)^−(days from D_N to the middle of m / 365)`; what is paid again
    /// after the horizon for what wears out, alike, in a line of its own at the rate of capital.
    // ANCHOR_END: run-off
    fn end_value(&self, service: &[ContractMonth], money: &TenantsMoney, months: &mut Months) {
        let calendar = self.calendar();
        let horizon = calendar.horizon_month();
        if self.of.fleet.money.end_value == EndValue::None {
            return;
        }
        let end = calendar.month_start(horizon);
        let factor = |rate: Share, month: Month| {
            let middle = f64::from(days_between(end, calendar.month_start(month)))
                + f64::from(calendar.days_in_month(month)) / 2.0;
            libm::pow(1.0 + rate.0, -middle / 365.0)
        };
        let paying = |at: &ContractMonth| at.tenancy.map_or(1.0, |tenancy| tenancy.paying);
        let rate = months.rate(Class::Contracted);
        let running = service.iter().filter(|at| at.initial && at.month >= horizon);
        let worth: Usd = running
            .map(|at| {
                let received = money.receipts().into_iter().filter(|(month, ..)| *month == at.month);
                let received: Usd = received.map(|(.., amount)| amount).sum();
                let cash: Usd = at.contract_cash().into_iter().map(|(_, amount)| amount).sum();
                (cash + received) * (paying(at) * factor(rate, at.month))
            })
            .sum();
        months.add_in(calendar.horizon(), Category::ContractEndValue, Class::Contracted, worth);
        let rate = months.rate(Class::Corporate);
        for (month, amount) in self.of.replaced_after_horizon() {
            let at = service.iter().find(|at| at.month == month);
            let cost = amount * (at.map_or(1.0, paying) * factor(rate, month));
            months.add_in(calendar.horizon(), Category::ContractEndValue, Class::Corporate, -cost);
        }
    }

    /// Capacity without a contract: the curve's rent, all costs ours.
    fn merchant(&self, months: &mut Months) {
        let Some(curve) = self.of.merchant_curve() else { return };
        let ready = self.of.dates.ready;
        for month in (ready.0..self.calendar().horizon_month().0).map(Month) {
            let since = usize::try_from(month.0 - ready.0).unwrap_or(0);
            let rent = self.merchant_rent(curve, month) * occupancy(curve, since);
            months.add(month, Category::MerchantRent, Class::Merchant, rent);
            let costs = self.costs(None, month);
            for (category, amount, _) in costs.opex {
                months.add(month, category, Class::Merchant, -amount);
            }
            months.add(month, Category::FirmCharge, Class::Merchant, -costs.firm);
        }
    }
}

impl ContractMonth {
    /// Lines of the contract itself; nothing after its initial term.
    fn contract_cash(&self) -> Vec<(Category, Usd)> {
        if !self.initial {
            return vec![];
        }
        let ours = self.costs.opex.iter().filter(|(.., bearer)| *bearer == Bearer::Landlord);
        let mut cash: Vec<(Category, Usd)> = ours.map(|(category, amount, _)| (category.clone(), -*amount)).collect();
        cash.push((Category::FirmCharge, -self.costs.firm));
        if self.tenancy.is_some() {
            cash.push((Category::Rent, self.bill));
            cash.push((Category::RentCredit, -self.credits));
            cash.push((Category::HostingEnergy, -self.costs.energy));
            cash.push((Category::DemandCharge, -self.costs.demand));
        }
        cash
    }
}

/// Advance and prepayment of a tenant, credited against bills, the advance first.
struct TenantsMoney {
    advance: Option<Balance>,
    prepayment: Option<Balance>,
}

/// What is paid when, and what of it is not credited yet.
struct Balance {
    paid: Month,
    amount: Usd,
    credited_share: Share,
    credited: Usd,
}

impl TenantsMoney {
    fn of(contract: &Contract, offer: &Offer) -> Self {
        let dates = &contract.of.dates;
        let balance = |amount: Usd, paid: PaidOn, credited_share: Share| {
            let month = match paid {
                PaidOn::Start => contract.of.start,
                PaidOn::Commencement => dates.commencement,
                PaidOn::Date(date) => contract.calendar().month_of(date).max(contract.of.start),
            };
            let paid = month.min(Month(dates.term_end.0 - 1));
            Balance { paid, amount, credited_share, credited: Usd::ZERO }
        };
        Self {
            advance: offer.advance.map(|a| balance(a.amount * contract.it, a.paid, a.credited)),
            prepayment: offer
                .prepayment
                .map(|p| balance(offer.rent * contract.it * f64::from(p.months.0), p.paid, p.credited)),
        }
    }

    fn receipts(&self) -> Vec<(Month, Category, Usd)> {
        let advance = self.advance.as_ref().map(|b| (b.paid, Category::Advance, b.amount));
        let prepayment = self.prepayment.as_ref().map(|b| (b.paid, Category::Prepayment, b.amount));
        advance.into_iter().chain(prepayment).collect()
    }

    // ANCHOR: credits
    /// `credit_advance = min(a, share · bill)`; once `a` is nil,
    /// `credit_prepayment = min(p, share · (bill − credit_advance))`; the last bill of the initial
    /// term credits all that is left.
    // ANCHOR_END: credits
    fn credits(&mut self, month: Month, bill: Usd, last: bool) -> Usd {
        let advance = self.advance.as_mut().map_or(Usd::ZERO, |b| b.credit(month, bill, last));
        let open = self.advance.as_ref().is_some_and(|b| b.left(month) > NIL);
        let prepayment = self.prepayment.as_mut().filter(|_| !open);
        advance + prepayment.map_or(Usd::ZERO, |b| b.credit(month, bill - advance, last))
    }
}

impl Balance {
    fn left(&self, month: Month) -> Usd {
        if month < self.paid { Usd::ZERO } else { self.amount - self.credited }
    }

    fn credit(&mut self, month: Month, bill: Usd, last: bool) -> Usd {
        let left = self.left(month);
        let share = bill * self.credited_share.0;
        if last || left <= share {
            // Used up, to the last bit.
            self.credited = if month < self.paid { self.credited } else { self.amount };
            left
        } else {
            self.credited += share;
            share
        }
    }
}
