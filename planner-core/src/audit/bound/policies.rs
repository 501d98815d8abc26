//! Prices of `policy_tenant` and `policy_region` (IT MW of a part) and of `policy_hashrate` (EH/s in a period). That of
//! `policy_mix` is one of money.

use std::collections::{BTreeMap, BTreeSet};

use super::prices::{Prices, Series, month};
use crate::audit::case::Case;
use crate::audit::column::Column;
use crate::audit::herd::Herd;
use crate::audit::policy_hashrate::ONE_PETAHASH;
use crate::domain::calendar::Period;
use crate::domain::policy::CapPolicy;
use crate::units::{ItMw, TeraHash};

/// TH/s of an EH/s.
const EXAHASH: f64 = 1e6;

/// Prices of a greatest share of the load, by part.
struct Capped<'a> {
    policy: CapPolicy,
    parts: BTreeMap<&'a str, f64>,
}

impl<'a> Capped<'a> {
    fn new(policy: CapPolicy, parts: BTreeSet<&'a str>, family: &str, prices: &mut Prices) -> Self {
        Self { policy, parts: parts.into_iter().map(|part| (part, prices.take(family, part))).collect() }
    }

    fn sum(&self) -> f64 {
        self.parts.values().sum()
    }

    fn limits(&self) -> f64 {
        (self.policy.free + ItMw::ONE_KILOWATT).get() * self.sum()
    }

    /// What a MW of a part pays.
    fn of(&self, part: &str) -> f64 {
        self.parts.get(part).copied().unwrap_or(0.0) - self.policy.cap.0 * self.sum()
    }
}

/// Prices of all policies but that on money.
pub(super) struct Policies<'a> {
    case: &'a Case<'a>,
    tenant: Option<Capped<'a>>,
    region: Option<Capped<'a>>,
    hashrate: Series,
}

impl<'a> Policies<'a> {
    pub(super) fn new(case: &'a Case<'a>, prices: &mut Prices) -> Self {
        let (fleet, calendar) = (case.fleet, &case.fleet.calendar);
        let tenants = || fleet.offers.iter().map(|offer| offer.tenant.as_str()).collect();
        let regions = || fleet.sites.iter().map(|site| site.location.region.as_str()).collect();
        let tenant = case.policies.tenant.map(|policy| Capped::new(policy, tenants(), "policy_tenant", prices));
        let region = case.policies.region.map(|policy| Capped::new(policy, regions(), "policy_region", prices));
        let hashrate = calendar.all_periods().map(|period| {
            let day = calendar.period_start(period);
            let floor = case.policies.hashrate.filter(|policy| policy.from <= day && day <= policy.to);
            floor.map_or(0.0, |_| prices.take("policy_hashrate", &month(calendar, period)))
        });
        let hashrate = Series::new(hashrate.collect());
        Self { case, tenant, region, hashrate }
    }

    /// Price × limit.
    pub(super) fn limits(&self) -> f64 {
        let floor = self.case.policies.hashrate.map_or(TeraHash::ZERO, |policy| policy.floor - ONE_PETAHASH);
        let capped: f64 = [&self.tenant, &self.region].into_iter().flatten().map(Capped::limits).sum();
        capped - floor.get() / EXAHASH * self.hashrate.from(Period(0))
    }

    /// What one hall pays.
    pub(super) fn of_hall(&self, column: &Column) -> f64 {
        let Some(offer) = column.offer else { return 0.0 };
        let tenant = self.tenant.as_ref().map_or(0.0, |capped| capped.of(&offer.tenant));
        let region = self.region.as_ref().map_or(0.0, |capped| capped.of(&column.site.location.region));
        column.hall_it().get() * (tenant + region)
    }

    /// What one running machine brings.
    pub(super) fn by_run(&self, herd: &Herd, period: Period) -> f64 {
        herd.model.hashrate.get() / EXAHASH * self.hashrate.at(period)
    }
}
