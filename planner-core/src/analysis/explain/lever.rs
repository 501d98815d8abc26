//! What single figure is changed to see when an alternative flips. Every change is one that a portfolio or a command line
//! can say.

use serde::Serialize;

use super::alternative::Alternative;
use super::flip::Steps;
use crate::domain::Fleet;
use crate::domain::ids::{OfferId, SiteId};
use crate::domain::money::{Pot, Release};
use crate::domain::offer::{Eligible, Offer};
use crate::domain::retrofit::Retrofit;
use crate::domain::site::{RetrofitOverride, Site};
use crate::options::Options;
use crate::plan::Settings;
use crate::units::{Months, Usd, UsdPerKwMonth};
use crate::works::{schedule, slip};

/// A figure that is changed alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lever {
    /// Rent of the first year of the offer there, in cents per kW-month.
    Rent,
    /// Factor on every cost line of the retrofit there (`overrides.<retrofit>.cost_factor`), in thousandths.
    Capex,
    /// Months by which it is ready later, or earlier below nil (`overrides.<retrofit>.phases`).
    Slip,
    /// The budget, or the sum of the pot that pays for the site, in tenths of 1 MUSD.
    Budget,
}

/// Facts after a change, and what the alternative is called in them.
pub(crate) struct Changed {
    pub(crate) fleet: Fleet,
    pub(crate) settings: Settings,
    pub(crate) alternative: Alternative,
}

/// A cost factor goes up to 300 %.
const MOST_CAPEX: f64 = 3.0;
/// Slips are looked for up to four years.
const MOST_SLIP: i64 = 48;
/// Rents are looked for up to ten times what they are, budgets up to a hundred times.
const MOST_RENT: i64 = 10;
const MOST_BUDGET: i64 = 100;

impl Lever {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Rent, Self::Capex, Self::Slip, Self::Budget];

    /// What one step is, in the lever's unit: USD/kW-month, a factor, months, USD.
    #[must_use]
    pub const fn step(self) -> f64 {
        match self {
            Self::Rent => 0.01,
            Self::Capex => 0.001,
            Self::Slip => 1.0,
            Self::Budget => 1e5,
        }
    }

    /// Whether more of it speaks for the alternative.
    pub(crate) const fn helps(self) -> bool {
        matches!(self, Self::Rent | Self::Budget)
    }

    /// How many steps make a difference that money shows, where it is linear in them.
    pub(crate) const fn nudge(self) -> Option<i64> {
        match self {
            Self::Rent => Some(100),
            Self::Capex => Some(10),
            Self::Slip | Self::Budget => None,
        }
    }

    /// A value in steps.
    #[allow(clippy::cast_possible_truncation)]
    fn in_steps(self, value: f64) -> i64 {
        (value / self.step()).round() as i64
    }

    /// Where it stands and how far it goes; `None` where the portfolio has no such figure. Steps are of the figure itself.
    pub(crate) fn range(self, fleet: &Fleet, settings: &Settings, of: &Alternative) -> Option<Steps> {
        Some(match self {
            Self::Rent => {
                let now = self.in_steps(fleet.offer(&of.offer)?.rent.get());
                Steps { now, first: 0, last: now.saturating_mul(MOST_RENT), fine: 1 }
            }
            Self::Capex => {
                let present = fleet.site(&of.site)?.override_of(&of.retrofit).map_or(1.0, |own| own.cost_factor.0);
                let last = if present > 0.0 { self.in_steps(MOST_CAPEX / present) } else { return None };
                Steps { now: self.in_steps(1.0), first: 0, last: last.max(self.in_steps(1.0)), fine: 1 }
            }
            Self::Slip => Steps { now: 0, first: -earlier(fleet, of), last: MOST_SLIP, fine: 1 },
            Self::Budget => {
                let now = self.in_steps(budget(fleet, settings, &of.site)?.get());
                let fine = (now / 100).max(1);
                Steps { now, first: 0, last: now.max(fine).saturating_mul(MOST_BUDGET), fine }
            }
        })
    }

    /// The facts with another value of the figure, in steps. `None` where it cannot have that value.
    pub(crate) fn changed(self, fleet: &Fleet, settings: &Settings, of: &Alternative, steps: i64) -> Option<Changed> {
        let (mut fleet, mut settings, mut alternative) = (fleet.clone(), settings.clone(), of.clone());
        let value = self.value(steps);
        match self {
            Self::Rent => {
                alternative.offer = apart(&mut fleet, of)?;
                let offer = fleet.offers.iter_mut().find(|offer| offer.id == alternative.offer)?;
                offer.rent = UsdPerKwMonth::new(value);
            }
            Self::Capex => own(&mut fleet, of)?.cost_factor.0 *= value,
            Self::Slip if steps > 0 => later(&mut fleet, of, u32::try_from(steps).ok()?)?,
            Self::Slip => (0..-steps).try_for_each(|_| sooner(&mut fleet, of))?,
            Self::Budget if settings.budget.is_some() => settings.budget = Some(Usd::new(value)),
            Self::Budget => fund(&mut fleet, &of.site, Usd::new(value))?,
        }
        Some(Changed { fleet, settings, alternative })
    }

    /// The facts with another value of the figure, and what the alternative is called in them: its offer may stand in an
    /// offer of its own. `None` where the figure cannot have that value.
    #[must_use]
    pub fn applied(
        self,
        fleet: &Fleet,
        settings: &Settings,
        of: &Alternative,
        value: f64,
    ) -> Option<(Fleet, Settings, Alternative)> {
        let changed = self.changed(fleet, settings, of, self.in_steps(value))?;
        Some((changed.fleet, changed.settings, changed.alternative))
    }

    /// The figure after so many steps.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn value(self, steps: i64) -> f64 {
        match self {
            Self::Rent => steps as f64 / 100.0,
            Self::Capex => steps as f64 / 1000.0,
            Self::Slip => steps as f64,
            Self::Budget => steps as f64 * 1e5,
        }
    }

    /// Whether the figure counts for no option but the alternative's.
    pub(crate) fn is_local(self, fleet: &Fleet, options: &Options, of: &Alternative) -> bool {
        let counts = |one: &Alternative| match self {
            Self::Rent => one.offer == of.offer,
            Self::Capex | Self::Slip => one.site == of.site && one.retrofit == of.retrofit,
            Self::Budget => true,
        };
        let touched =
            options.halls.iter().map(|option| Alternative::of_option(fleet, option)).filter(|one| counts(one));
        self != Self::Budget && touched.into_iter().all(|one| one == *of)
    }
}

/// Takes an offer apart: what it pays at this site stands in an offer of its own, and only one of the two is taken. Where it
/// stands for one site anyway, may be split, or is signed, it stays as it is. Its name then.
fn apart(fleet: &mut Fleet, of: &Alternative) -> Option<OfferId> {
    let offer = fleet.offer(&of.offer)?.clone();
    let elsewhere: Vec<SiteId> = fleet
        .sites
        .iter()
        .filter(|site| site.id != of.site && offer.eligible_at(site))
        .map(|site| site.id.clone())
        .collect();
    if elsewhere.is_empty() || offer.split || fleet.committed(&offer) {
        return Some(offer.id);
    }
    let id = OfferId::from(format!("{}-at-{}", offer.id, of.site));
    let group = offer.exclusive_group.clone().unwrap_or_else(|| offer.id.to_string());
    let original = fleet.offers.iter_mut().find(|one| one.id == offer.id)?;
    original.eligible = Eligible::Sites(elsewhere);
    original.exclusive_group = Some(group.clone());
    let eligible = Eligible::Sites(vec![of.site.clone()]);
    fleet.offers.push(Offer { id: id.clone(), eligible, exclusive_group: Some(group), ..offer });
    fleet.offers.sort_by(|a, b| a.id.cmp(&b.id));
    Some(id)
}

/// What differs from the library at the site, to be changed.
fn own<'a>(fleet: &'a mut Fleet, of: &Alternative) -> Option<&'a mut RetrofitOverride> {
    Some(fleet.sites.iter_mut().find(|site| site.id == of.site)?.override_mut(&of.retrofit))
}

fn parts<'a>(fleet: &'a Fleet, of: &Alternative) -> Option<(&'a Site, &'a Retrofit)> {
    Some((fleet.site(&of.site)?, fleet.retrofit(&of.retrofit)?))
}

/// Makes the step longer that ends last.
fn later(fleet: &mut Fleet, of: &Alternative, months: u32) -> Option<()> {
    let retrofit = fleet.retrofit(&of.retrofit)?.clone();
    slip(fleet.sites.iter_mut().find(|site| site.id == of.site)?, &retrofit, Months(months))
}

/// Takes a month off the longest step on the longest path that has more than one, so that it is ready a month sooner.
fn sooner(fleet: &mut Fleet, of: &Alternative) -> Option<()> {
    let (site, retrofit) = parts(fleet, of)?;
    let lay = |own: Option<&RetrofitOverride>| schedule(&retrofit.phases, own, site.power.notice).ok();
    let ready = lay(site.override_of(&retrofit.id))?.ready;
    let mut shorter = site.clone();
    // Two paths may be equally long.
    for _ in &retrofit.phases {
        let laid = lay(shorter.override_of(&retrofit.id))?;
        if laid.ready < ready {
            *fleet.sites.iter_mut().find(|site| site.id == of.site)? = shorter;
            return Some(());
        }
        let critical = laid.phases.iter().filter(|phase| phase.float == Months(0) && phase.end.0 > phase.start.0 + 1);
        let longest = critical.max_by_key(|phase| phase.end.0 - phase.start.0)?;
        let (id, length) = (longest.id.clone(), Months(longest.end.0 - longest.start.0 - 1));
        shorter.override_mut(&retrofit.id).set(id, length);
    }
    None
}

/// How many months sooner it can be ready.
fn earlier(fleet: &Fleet, of: &Alternative) -> i64 {
    let mut fleet = fleet.clone();
    (0..MOST_SLIP).take_while(|_| sooner(&mut fleet, of).is_some()).count().try_into().unwrap_or(0)
}

fn pot_of<'a>(fleet: &'a mut Fleet, site: &SiteId) -> Option<&'a mut Pot> {
    fleet.pots.iter_mut().find(|pot| pot.eligible(site))
}

/// The budget, or all that is released to the site's pot.
fn budget(fleet: &Fleet, settings: &Settings, site: &SiteId) -> Option<Usd> {
    let pot = || fleet.pot_of(site).map(|pot| pot.release.iter().map(|release| release.amount).sum());
    settings.budget.or_else(pot)
}

/// Scales the releases of a site's pot to another sum, as `--budget POT=AMOUNT` does.
fn fund(fleet: &mut Fleet, site: &SiteId, amount: Usd) -> Option<()> {
    let from = fleet.calendar.start;
    let pot = pot_of(fleet, site)?;
    let sum: Usd = pot.release.iter().map(|release| release.amount).sum();
    if sum.get() > 0.0 {
        pot.release.iter_mut().for_each(|release| release.amount = release.amount * (amount.get() / sum.get()));
    } else {
        pot.release = vec![Release { from, amount }];
    }
    Some(())
}
