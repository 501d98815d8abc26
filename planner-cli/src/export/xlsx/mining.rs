//! Sheets `Mining by month` and `Mining`: what one machine earns in a month, and the lines of all machines.

use std::collections::BTreeMap;

use planner_core::domain::machine::MachineModel;
use planner_core::domain::money::Class;
use planner_core::domain::site::Site;
use planner_core::plan::Plan;
use planner_core::plan::ledger::Category;

use super::assumptions::Assumptions;
use super::capital::pot_of;
use super::facts_of_sites::{ModelFact, SiteFact};
use super::lines::{self, Head, Lines, Quantity};
use super::machines::{BALLAST, BOUGHT, FAR, Herd, NEAR, RUN, SENT, SOLD};
use super::market::{Market, flag};
use super::rent::unit_row;
use super::sheet::{Labels, Look, Row, Sheet, Shown};
use super::term::Term;
use super::timeline::Axis;

/// What one machine earns, month by month.
pub struct Margin {
    revenue: Row,
    energy: Row,
    /// Paid for standing by, each month.
    credit: Term,
    /// The share of a machine that runs: nil in months without a margin, less what has failed since the period began.
    share: Row,
    revenue_earned: Row,
    /// Energy of the months that run, of one machine that starts the period.
    pub energy_paid: Row,
    /// What it mines and draws in these months.
    bitcoin: Row,
    drawn: Row,
}

/// Margins by place, model and use.
pub type Margins = BTreeMap<(String, String, &'static str), Margin>;

/// What every line reads.
struct Mining<'a> {
    plan: &'a Plan,
    facts: &'a Assumptions,
    axis: &'a Axis,
    market: &'a Market,
}

/// Both sheets.
pub fn sheets(
    plan: &Plan,
    (facts, axis, market): (&Assumptions, &Axis, &Market),
    herds: &[Herd],
    lines: &mut Lines,
) -> ([Sheet; 2], Margins) {
    let note = "One machine that starts the period: revenue, energy, and whether its months have a margin.";
    let mut months = Sheet::new("Mining by month", "Mining by month", note);
    axis.head_months(&mut months, ["", "", "of", "what", "unit", "", "", "", ""]);
    let note = "One machine rounded to cents by period, times machines, rounded again.";
    let mut sheet = Sheet::new("Mining", "Mining", note);
    lines::head(&mut sheet, axis);
    let of = Mining { plan, facts, axis, market };
    let mut margins = Margins::new();
    for herd in herds {
        let Some(model) = plan.inputs.models.iter().find(|model| model.id.as_str() == herd.model) else { continue };
        let site = plan.inputs.site(&herd.place.as_str().into());
        let arrives = herd.row(NEAR).is_some() || herd.row(FAR).is_some();
        for usage in [RUN, BALLAST] {
            let Some(site) = site.filter(|_| herd.row(usage).is_some() || (usage == RUN && arrives)) else { continue };
            margins
                .entry((herd.place.clone(), herd.model.clone(), usage))
                .or_insert_with(|| of.margin(&mut months, site, model, usage));
        }
        let own = |usage| margins.get(&(herd.place.clone(), herd.model.clone(), usage));
        let head = Head::new(herd.case, herd.place.as_str(), herd.model.as_str(), Class::Mining);
        let mut put = Put { of: &of, sheet: &mut sheet, head, herd, lines };
        if let Some(margin) = own(RUN) {
            put.income(RUN, margin, [Category::MiningRevenue, Category::MiningEnergy]);
        }
        if let Some(margin) = own(BALLAST) {
            put.income(BALLAST, margin, [Category::BallastRevenue, Category::BallastEnergy]);
        }
        put.trade(model, of.band(model).as_ref());
        put.moves(own(RUN));
    }
    ([months, sheet], margins)
}

impl Mining<'_> {
    /// Where a model stands among used machines.
    fn band(&self, model: &MachineModel) -> Option<Row> {
        let efficiency = model.power.joule_per_th(model.hashrate);
        let band = self.plan.inputs.deck.resale_bands.iter().position(|band| band.contains(efficiency))?;
        self.market.resale.get(band).cloned()
    }

    fn margin(&self, sheet: &mut Sheet, site: &Site, model: &MachineModel, usage: &str) -> Margin {
        let (facts, axis, months) = (self.facts, self.axis, self.axis.months);
        let (id, name) = (site.id.as_str(), model.id.as_str());
        let (of, machine) = (|fact| facts.places.sites.get(id, fact), |fact| facts.places.models.get(name, fact));
        let one = Term::whole(1);
        sheet.section(&format!("{id} {name}: {usage}"));
        let labels = |what: &str, unit: &str| Labels::of(format!("{id} {name}"), what, unit);
        let power = machine(&ModelFact::POWER) * (&one + &of(&SiteFact::OVERHEAD)) / &facts.watts_per_mw;
        let (hours, credit) = match (usage, site.power.demand_response) {
            (BALLAST, _) => (of(&SiteFact::BALLAST), Term::whole(0)),
            (_, None) => (of(&SiteFact::UPTIME), Term::whole(0)),
            (_, Some(_)) => {
                let on = &one - &(of(&SiteFact::RESPONSE_HOURS) / &facts.hours_per_year);
                (of(&SiteFact::UPTIME) * on, of(&SiteFact::RESPONSE_CREDIT) * &power)
            }
        };
        let look = Look::Formula;
        let revenue = sheet.series(&labels("revenue", "USD/machine"), look, Shown::Cents, months, |m, _| {
            let days = axis.days.at(m) * &hours * (&one - &facts.pool_fee);
            self.market.hashprice.at(m) * machine(&ModelFact::HASHRATE) * days
        });
        let energy = sheet.series(&labels("energy", "USD/machine"), look, Shown::Cents, months, |m, _| {
            let price = self.market.energy.get(id).map_or_else(|| Term::whole(0), |row| row.at(m));
            price * &power * axis.hours.at(m) * &hours
        });
        let failure = machine(&ModelFact::FAILURES_PER_YEAR);
        let share = sheet.series(&labels("share that runs", ""), look, Shown::Factor, months, |m, _| {
            let alive = facts.grow(&-failure.clone(), &axis.month.at(m).modulo(&facts.period_months));
            let margin = revenue.at(m) - energy.at(m) + &credit;
            let runs = Term::choose(&margin.at_least(&facts.least_margin), &alive, &Term::whole(0));
            runs * flag(&self.market.earns, id, m)
        });
        let mut earned = |what: &str, of: &Row| {
            sheet.series(&labels(what, "USD/machine"), look, Shown::Cents, months, |m, _| of.at(m) * share.at(m))
        };
        let revenue_earned = earned("revenue earned", &revenue);
        let energy_paid = earned("energy paid", &energy);
        let bitcoin = sheet.series(&labels("bitcoin earned", "BTC/machine"), look, Shown::Plain, months, |m, _| {
            let days = axis.days.at(m) * &hours * (&one - &facts.pool_fee);
            self.market.bitcoin.at(m) * machine(&ModelFact::HASHRATE) * days * share.at(m)
        });
        let drawn = sheet.series(&labels("energy drawn", "MWh/machine"), look, Shown::Thousandths, months, |m, _| {
            &power * axis.hours.at(m) * &hours * share.at(m)
        });
        Margin { revenue, energy, credit, share, revenue_earned, energy_paid, bitcoin, drawn }
    }

    /// What a used machine fetches in a month of the axis, without removal.
    fn resale(&self, model: &MachineModel, band: Option<&Row>, month: &Term) -> Term {
        let Some(band) = band else { return Term::whole(0) };
        let position = month - &self.axis.first + Term::whole(1);
        let hashrate = self.facts.places.models.get(model.id.as_str(), &ModelFact::HASHRATE);
        Axis::index(band, &position) * hashrate
    }
}

/// Writes the lines of one herd.
struct Put<'p, 'a> {
    of: &'p Mining<'a>,
    sheet: &'p mut Sheet,
    head: Head,
    herd: &'p Herd,
    lines: &'p mut Lines,
}

impl Put<'_, '_> {
    fn line(&mut self, category: &Category, at: impl Fn(usize) -> Term) {
        let of = self.of;
        self.lines.put(self.sheet, (of.facts, of.axis), (&self.head, category), Look::Formula, at);
    }

    fn income(&mut self, usage: &str, margin: &Margin, categories: [Category; 2]) {
        let Some(count) = self.herd.row(usage).cloned() else { return };
        let (of, [revenue, energy]) = (self.of, categories);
        let (facts, axis) = (of.facts, of.axis);
        self.line(&revenue, |p| cents_of(facts, &axis.in_period(&margin.revenue_earned, p), &count.at(p)));
        self.line(&energy, |p| -cents_of(facts, &axis.in_period(&margin.energy_paid, p), &count.at(p)));
        for (quantity, of_one) in [(Quantity::Bitcoin, &margin.bitcoin), (Quantity::MiningEnergy, &margin.drawn)] {
            let place = (self.head.case, self.head.site.as_str(), self.head.subject.as_str());
            let at = |p: usize| axis.in_period(of_one, p) * count.at(p);
            self.lines.measure((&mut *self.sheet, axis), place, quantity, at);
        }
        if margin.credit.value != 0.0 {
            self.line(&Category::DemandResponse, |p| {
                cents_of(facts, &(&margin.credit * &axis.in_period(&margin.share, p)), &count.at(p))
            });
        }
    }

    /// Machines sold, bought, and left at the horizon.
    fn trade(&mut self, model: &MachineModel, band: Option<&Row>) {
        let (of, herd) = (self.of, self.herd);
        let (facts, axis) = (of.facts, of.axis);
        let removal = |worth: Term| if herd.stored { worth } else { worth - &facts.removal };
        if let Some(sold) = herd.row(SOLD) {
            let unit = unit_row(self.sheet, axis, &self.head, &Category::MachineSale, |p| {
                removal(of.resale(model, band, &axis.first_month.at(p)))
            });
            let cents = unit_row(self.sheet, axis, &self.head, &Category::MachineSale, |p| facts.cents(&unit.at(p)));
            let all = unit_row(self.sheet, axis, &self.head, &Category::MachineSale, |p| cents.at(p) * sold.at(p));
            self.line(&Category::MachineSale, |p| facts.cents(&all.at(p)));
        }
        if let Some(bought) = herd.row(BOUGHT) {
            let fact = |name| facts.places.models.get(model.id.as_str(), name);
            let buyer =
                Head { class: Class::Corporate, pot: pot_of(of.plan, &herd.place, &herd.model), ..self.head.clone() };
            self.lines.put(self.sheet, (facts, axis), (&buyer, &Category::MachinePurchase), Look::Formula, |p| {
                let age = axis.first_month.at(p) - fact(&ModelFact::PRICE_FROM);
                let price = fact(&ModelFact::PRICE) * facts.grow(&fact(&ModelFact::PRICE_GROWTH), &age);
                let unit = price * fact(&ModelFact::HASHRATE) + &facts.install;
                -facts.cents_up(&(facts.cents_up(&unit) * bought.at(p)))
            });
        }
        let left = if herd.stored { &herd.stock } else { &herd.on_hand };
        if band.is_some() && left.values().last().is_some_and(|left| *left != 0.0) {
            self.line(&Category::MachineEndValue, |p| {
                let last = axis.first_month.at(p) - Term::whole(1);
                let worth = Term::whole(0).max(&removal(of.resale(model, band, &last)));
                facts.cents_up(&(facts.cents_up(&worth) * left.at(p))) * axis.horizon.at(p)
            });
        }
    }

    /// Machines that leave and arrive, and what is in storage.
    fn moves(&mut self, margin: Option<&Margin>) {
        let (of, herd) = (self.of, self.herd);
        let (facts, axis) = (of.facts, of.axis);
        let arrives = herd.row(NEAR).is_some() || herd.row(FAR).is_some();
        if herd.stored {
            if let Some(far) = herd.row(FAR) {
                let further = &facts.freight_far - &facts.freight;
                self.line(&Category::MachineFreight, |p| -facts.cents_up(&(facts.cents_up(&further) * far.at(p))));
            }
            self.line(&Category::MachineStorage, |p| {
                let kept = herd.stock.at(p) * (Term::whole(1) - axis.horizon.at(p));
                -facts.cents_up(&(facts.cents_up(&(&facts.storage * &facts.period_months)) * kept))
            });
            return;
        }
        if let Some(sent) = herd.row(SENT) {
            self.line(&Category::MachineRemoval, |p| -cents_of(facts, &facts.removal, &sent.at(p)));
        }
        if !arrives {
            return;
        }
        self.line(&Category::MachineInstallation, |p| -cents_of(facts, &facts.install, &herd.arriving(p)));
        self.line(&Category::MachineFreight, |p| {
            let near = herd.row(NEAR).map(|row| cents_of(facts, &facts.freight, &row.at(p)));
            let far = herd.row(FAR).map(|row| cents_of(facts, &facts.freight_far, &row.at(p)));
            -Term::sum(near.into_iter().chain(far))
        });
        if let Some(margin) = margin {
            self.line(&Category::MoveDowntime, |p| {
                let first = |row: &Row| axis.in_first_month(row, p);
                let earned = first(&margin.revenue) - first(&margin.energy) + &margin.credit;
                let lost = &facts.downtime / &first(&axis.days) * earned * first(&margin.share);
                -cents_of(facts, &lost, &herd.arriving(p))
            });
        }
    }
}

/// Cents of one, times machines, in cents; never below nil.
fn cents_of(facts: &Assumptions, unit: &Term, count: &Term) -> Term {
    facts.cents_up(&(facts.cents_up(unit) * count))
}
