//! Whether facts leave any plan, asked of a model with only what can hinder or help.
//!
//! What a plan is worth does not matter here. So nothing is left in that only earns or saves: machines, where no policy
//! asks for hashrate (they can always be sold); mothballs and sale of a site, which nothing demands; least bills for
//! energy, whose shortfall can always be paid and is no capital; the fixed cost of hosting; and all lines of a
//! conversion that no pot counts.
//!
//! Conversions that nothing demands help in three ways only: what a tenant pays in advance relieves a pot, their load
//! counts in the shares of policies, and in the least sizes of an offer that a lock demands at one of its sites. They are
//! left out at first. Where there is no plan without them, and would be none with money, shares and sizes for all,
//! there is none with them.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};

use super::STAGE;
use super::case::{Case, Form};
use super::lift::PLENTY_USD;
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::ids::SiteId;
use crate::domain::money::Release;
use crate::domain::offer::{Eligible, Offer};
use crate::domain::policy::{Lock, LockKind};
use crate::domain::retrofit::CostBasis;
use crate::domain::site::Exit;
use crate::model::constraints::{locks, offer_size};
use crate::model::{self, ColumnId, Model};
use crate::options::{Options, enumerate, enumerate_capital};
use crate::plan::{MERCHANT, Settings};
use crate::solve::highs::{self, End, Limits};
use crate::solve::{Run, without_commitment};
use crate::units::{ItMw, Usd, UsdPerYear};

/// Nodes after which a question stays open: a limit that does not depend on the machine.
const PATIENCE: i32 = 2000;
/// The same in simplex iterations.
const ITERATIONS: u64 = 10_000;

/// Solutions that are remembered: what is a plan under some facts often is one under others.
const REMEMBERED: usize = 8;

/// Within which a remembered solution keeps every row: the solver asks as much of its own.
const FEASIBLE: f64 = 1e-7;

/// Values other than nil, by the names of their columns.
type Solution = BTreeMap<String, f64>;

/// Asks whether plans exist.
pub(super) struct Asker<'a> {
    run: &'a Run<'a>,
    known: RefCell<VecDeque<Solution>>,
}

impl<'a> Asker<'a> {
    pub(super) const fn new(run: &'a Run<'a>) -> Self {
        Self { run, known: RefCell::new(VecDeque::new()) }
    }

    /// Whether no more is to be asked.
    pub(super) fn stopped(&self) -> bool {
        self.run.stopped()
    }

    /// Whether any plan exists; `None` where the search ended before that was known.
    pub(super) fn possible(&self, case: &Case) -> Option<bool> {
        let small = Question::of(case, false);
        let answer = small.ask(self);
        if answer == Some(true) || !small.others {
            return answer;
        }
        if small.with_plenty().ask(self) == Some(false) {
            return Some(false);
        }
        Question::of(case, true).ask(self)
    }

    fn has_solution(&self, model: &Model) -> Option<bool> {
        let columns = &model.variables.columns;
        let values = |known: &Solution| -> Vec<f64> {
            columns.iter().map(|column| known.get(&column.name).copied().unwrap_or(0.0)).collect()
        };
        if self.known.borrow().iter().any(|known| model.satisfied_within(&values(known), FEASIBLE)) {
            return Some(true);
        }
        let allowance = self.run.allowance().with_work(Some(ITERATIONS));
        let limits = Limits { nodes: Some(PATIENCE), ..Limits::none_but(1.0, allowance) };
        let solved = highs::solve(model, 0.0, None, &limits).ok()?;
        let Some(values) = solved.values else { return (solved.end == End::Infeasible).then_some(false) };
        let named = columns.iter().zip(values).filter(|(_, value)| *value != 0.0);
        let mut known = self.known.borrow_mut();
        known.push_front(named.map(|(column, value)| (column.name.clone(), value)).collect());
        known.truncate(REMEMBERED);
        Some(true)
    }
}

/// The options of what is demanded.
pub(super) fn options(case: &Case) -> Options {
    let question = Question::of(case, false);
    enumerate_capital(&question.fleet, &case.settings)
}

/// The facts of a question.
struct Question<'a> {
    /// What can hinder or help. Conversions that have started may go on, whether or not their lock is lifted.
    fleet: Fleet,
    /// The facts without what is lifted.
    held: Fleet,
    /// Numbers of the locks in `fleet` that are lifted.
    free: Vec<usize>,
    forms: &'a [Form],
    settings: &'a Settings,
    /// Whether offers are left out that may help.
    others: bool,
}

impl<'a> Question<'a> {
    /// With all offers that may help, or only with those that something demands.
    fn of(case: &'a Case, all: bool) -> Self {
        let held = case.facts();
        let (mut fleet, free) = case.with_starts();
        for site in &mut fleet.sites {
            (site.exit, site.power.minimum_bill, site.power.ballast) = (Exit::default(), None, None);
            site.hosting_fixed_cost = UsdPerYear::ZERO;
        }
        if fleet.policies.hashrate.is_none() {
            fleet.machines.clear();
            fleet.models.clear();
            // Without mining the share of hosting is all.
            fleet.policies.mix = None;
        }
        let policies = fleet.policies;
        let shares = policies.mix.is_some() || policies.tenant.is_some() || policies.region.is_some();
        let relieved = relieved(&fleet, &case.settings);
        let mut others = false;
        for mut offer in std::mem::take(&mut fleet.offers) {
            let places = places(&held, &offer);
            let fills = offer.split && places != Places::None && (offer.min > ItMw::ZERO || !offer.tranches.is_empty());
            let helps = fills || shares || (relieved && (offer.advance.is_some() || offer.prepayment.is_some()));
            others |= helps && places != Places::Any;
            match places {
                _ if all && helps => {}
                Places::Any => {}
                Places::None => continue,
                Places::At(places) => {
                    let sites = fleet.sites.iter().filter(|site| places.contains(&site.id) && offer.eligible_at(site));
                    offer.eligible = Eligible::Sites(sites.map(|site| site.id.clone()).collect());
                }
            }
            fleet.offers.push(offer);
        }
        let demanded = demanding(&held).any(|lock| lock.offer.as_ref().is_none_or(|id| id.as_str() == MERCHANT));
        let helps = policies.mix.is_some() && fleet.merchant.is_some();
        if !demanded && (!all || !helps) {
            fleet.merchant = None;
            others |= helps;
        }
        Self { fleet, held, free, forms: &case.forms, settings: &case.settings, others }
    }

    /// The same with shares, money and sizes that leave nothing for others to help with. Without per-site lines, too:
    /// others may be the first at a site.
    fn with_plenty(mut self) -> Self {
        let policies = &mut self.fleet.policies;
        (policies.mix, policies.tenant, policies.region) = (None, None, None);
        for offer in self.fleet.offers.iter_mut().filter(|offer| offer.split && !self.held.committed(offer)) {
            offer.min = ItMw::ZERO;
            offer.tranches.clear();
        }
        for retrofit in &mut self.fleet.retrofits {
            retrofit.costs.retain(|cost| !matches!(cost.basis, CostBasis::Site(_)));
        }
        let from = self.fleet.calendar.start;
        for pot in self.fleet.pots.iter_mut().filter(|pot| !pot.relieved_by.is_empty()) {
            (pot.release, pot.carry_over) = (vec![Release { from, amount: Usd::new(PLENTY_USD) }], true);
        }
        self
    }

    fn ask(&self, asker: &Asker) -> Option<bool> {
        if asker.run.stopped() {
            return None;
        }
        let (fleet, settings) = (&self.fleet, self.settings);
        // Rent counts in a share of revenue, and nowhere else.
        let priced = if fleet.policies.mix.is_some() { enumerate } else { enumerate_capital };
        let options = self.as_others(priced(fleet, settings));
        let served = |index| options.halls.iter().any(|option| option.offer == Some(index));
        if fleet.offers.iter().enumerate().any(|(index, offer)| self.held.committed(offer) && !served(index)) {
            return Some(false);
        }
        asker.run.stage(STAGE);
        let mut model = model::build(fleet, settings, &options);
        self.free_rows(&mut model);
        simplify(fleet, &mut model);
        let possible = asker.has_solution(&model)?;
        // Money of an offer that is not signed may be what keeps a pot: the twin does not have it.
        if possible && relieved(fleet, settings) {
            return asker.has_solution(&without_commitment(fleet, &options, &model));
        }
        Some(possible)
    }

    /// Forms of retrofits count as what they are, for the offer that takes them.
    fn as_others(&self, mut options: Options) -> Options {
        let retrofits = &self.fleet.retrofits;
        let form = |at: usize| self.forms.iter().find(|form| form.id == retrofits[at].id);
        let of = |at: usize| form(at).and_then(|form| retrofits.iter().position(|r| r.id == form.of)).unwrap_or(at);
        let taker = |at: Option<usize>| at.map(|at| &self.fleet.offers[at].id);
        options
            .halls
            .retain(|option| form(option.retrofit).is_none_or(|form| taker(option.offer) == Some(&form.offer)));
        options.halls.iter_mut().for_each(|option| option.retrofit = of(option.retrofit));
        options.setups.iter_mut().for_each(|setup| setup.retrofit = of(setup.retrofit));
        options.setups.sort_by_key(|setup| (setup.site, setup.retrofit, setup.start));
        options.setups.dedup_by_key(|setup| (setup.site, setup.retrofit, setup.start));
        options
    }

    /// What has started under a lifted lock may go on or not, and its offer need not be served.
    fn free_rows(&self, model: &mut Model) {
        let mut free: Vec<(&str, String)> =
            self.free.iter().map(|number| (locks::NAME, format!("started,{number}"))).collect();
        let offers = self.fleet.offers.iter().filter(|offer| !self.held.committed(offer));
        free.extend(offers.map(|offer| (offer_size::NAME, format!("{},one", offer.id))));
        let is_free = |row: &model::Row| free.iter().any(|(family, key)| *family == row.family && *key == row.key);
        model.rows.iter_mut().filter(|row| is_free(row)).for_each(|row| row.lower = f64::NEG_INFINITY);
    }
}

/// Where an offer is needed.
#[derive(PartialEq)]
enum Places {
    None,
    At(Vec<SiteId>),
    Any,
}

/// Where what is demanded may need an offer.
fn places(fleet: &Fleet, offer: &Offer) -> Places {
    if fleet.committed(offer) {
        return Places::Any;
    }
    let mut sites = vec![];
    for lock in demanding(fleet).filter(|lock| lock.offer.as_ref().is_none_or(|id| *id == offer.id)) {
        match &lock.site {
            Some(site) => sites.push(site.clone()),
            None => return Places::Any,
        }
    }
    if sites.is_empty() { Places::None } else { Places::At(sites) }
}

/// Locks that demand conversions.
fn demanding(fleet: &Fleet) -> impl Iterator<Item = &Lock> {
    fleet.locks.iter().filter(|lock| lock.kind != LockKind::Forbid && lock.work.is_none())
}

/// Whether tenants' money relieves a pot.
fn relieved(fleet: &Fleet, settings: &Settings) -> bool {
    settings.budget.is_none() && fleet.pots.iter().any(|pot| !pot.relieved_by.is_empty())
}

/// Asks for few halls, whatever they are worth, and keeps no machine longer than a policy asks for hashrate.
fn simplify(fleet: &Fleet, model: &mut Model) {
    let columns = &mut model.variables.columns;
    for column in columns.iter_mut() {
        column.value = 0.0;
    }
    for hall in &model.variables.halls {
        columns[hall.0].value = -1.0;
    }
    let (calendar, Some(policy)) = (&fleet.calendar, fleet.policies.hashrate) else { return };
    let after = calendar.all_periods().filter(|period| calendar.period_start(*period) > policy.to);
    for at in after.map(Period::index) {
        let of_track = |track: &model::TrackColumns| -> Vec<ColumnId> {
            let may = [track.run[at], track.buy[at], track.ballast[at], track.send[at], track.receive[at]];
            may.into_iter().flatten().chain([track.stock[at]]).collect()
        };
        let of_hub = |hub: &model::HubColumns| [hub.stored[at], hub.leave[at], hub.come[at]].into_iter().flatten();
        let tracks: Vec<ColumnId> = model.variables.machines.iter().flat_map(of_track).collect();
        for column in tracks.into_iter().chain(model.variables.hubs.iter().flat_map(of_hub)) {
            columns[column.0].upper = 0.0;
        }
    }
}
