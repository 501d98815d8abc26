//! How much of the value rests on sourced, estimated and assumed figures.

use std::collections::BTreeMap;

use super::table::{Cell, Fact, Section};
use crate::domain::Fleet;
use crate::domain::evidence::{Confidence, Evidence};
use crate::domain::ids::{ModelId, OfferId, RetrofitId};
use crate::domain::money::Class;
use crate::domain::site::EnergyPrice;
use crate::plan::ledger::{Category, LedgerLine, discount_factor};
use crate::plan::{Plan, subject};

/// Shares of the absolute present value of plan less twin; they sum to one,
/// or are all nil when plan and twin are the same.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct EvidenceShares {
    /// Rests on figures that a source states.
    pub sourced: f64,
    /// Rests on estimates.
    pub estimated: f64,
    /// Rests on assumptions, stated or not.
    pub assumed: f64,
}

/// One table of figures behind the uplift.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// What kind of thing it is of: deck, offer, retrofit, site, work, machine model, fleet, handling.
    pub kind: &'static str,
    /// Of which.
    pub name: String,
    /// How far it may be trusted.
    pub confidence: Confidence,
    /// Its part of the absolute present value of plan less twin.
    pub share: f64,
}

/// The tables of figures that a plan's uplift rests on, the heaviest first; their shares sum to one. Each line of the
/// difference plan − twin counts with its absolute present value, for the table it comes from: rent and its run-off for
/// the offer, capital and operating cost for the retrofit, machines for the weaker of deck and fleet, the rest for the site.
#[must_use]
pub fn weights(plan: &Plan) -> Vec<Weight> {
    let owners = owners(plan);
    let mut net: BTreeMap<(String, String, String), (f64, Basis)> = BTreeMap::new();
    for (lines, sign) in [(&plan.ledger, 1.0), (&plan.twin.ledger, -1.0)] {
        for line in lines {
            let value = sign * line.amount_cents.usd() * discount_factor(&plan.inputs.calendar, line.period, line.rate);
            let key = (line.site.to_string(), line.subject.clone(), format!("{} {}", line.category, line.period.0));
            net.entry(key).or_insert_with(|| (0.0, basis(&plan.inputs, &owners, line))).0 += value;
        }
    }
    let mut tables: BTreeMap<(&'static str, String), (Confidence, f64)> = BTreeMap::new();
    for (value, basis) in net.into_values() {
        tables.entry((basis.kind, basis.name)).or_insert((basis.confidence, 0.0)).1 += value.abs();
    }
    let all: f64 = tables.values().map(|(_, value)| value).sum();
    let heavy = tables.into_iter().filter(|(_, (_, value))| *value > 0.0);
    let mut weights: Vec<Weight> = heavy
        .map(|((kind, name), (confidence, value))| Weight { kind, name, confidence, share: value / all })
        .collect();
    weights.sort_by(|a, b| b.share.total_cmp(&a.share));
    weights
}

/// What a plan's uplift rests on, by confidence.
#[must_use]
pub fn shares(plan: &Plan) -> EvidenceShares {
    let mut shares = EvidenceShares::default();
    for weight in weights(plan) {
        *match weight.confidence {
            Confidence::Sourced => &mut shares.sourced,
            Confidence::Estimated => &mut shares.estimated,
            Confidence::Assumed => &mut shares.assumed,
        } += weight.share;
    }
    shares
}

/// The category of a customer's fee and of a hall's exit cost.
const EXIT: &str = "exit";

type Owners<'a> = BTreeMap<String, (&'a RetrofitId, Option<&'a OfferId>)>;

/// Retrofit and offer behind each subject.
fn owners(plan: &Plan) -> Owners<'_> {
    let mut owners = BTreeMap::new();
    for conversion in plan.decisions.conversions.iter().chain(&plan.twin.decisions.conversions) {
        owners.insert(conversion.subject(), (&conversion.retrofit, conversion.offer.as_ref()));
        owners.entry(subject::setup(&conversion.retrofit)).or_insert((&conversion.retrofit, None));
    }
    owners
}

/// The table of figures that a line comes from.
struct Basis {
    kind: &'static str,
    name: String,
    confidence: Confidence,
}

impl Basis {
    fn of(kind: &'static str, name: &str, evidence: Option<&Evidence>) -> Self {
        let confidence = evidence.and_then(|evidence| evidence.confidence).unwrap_or(Confidence::Assumed);
        Self { kind, name: name.to_owned(), confidence }
    }

    fn deck(fleet: &Fleet) -> Self {
        Self::of("deck", &fleet.deck.name, Some(&fleet.deck.evidence))
    }

    fn site(fleet: &Fleet, line: &LedgerLine) -> Self {
        Self::of("site", line.site.as_str(), fleet.site(&line.site).map(|site| &site.evidence))
    }
}

fn basis(fleet: &Fleet, owners: &Owners, line: &LedgerLine) -> Basis {
    let owner = owners.get(&line.subject);
    let by_retrofit = || {
        let id = owner.map(|(retrofit, _)| *retrofit);
        let evidence = id.and_then(|id| fleet.retrofit(id)).map(|retrofit| &retrofit.evidence);
        Basis::of("retrofit", id.map_or(line.subject.as_str(), RetrofitId::as_str), evidence)
    };
    match &line.category {
        Category::Capex(_) if subject::work_of(&line.subject).is_some() => {
            let name = subject::work_of(&line.subject).unwrap_or_default();
            Basis::of("work", name, fleet.work(&name.into()).map(|work| &work.evidence))
        }
        // What a customer or a hall costs to leave stands with the hall.
        Category::Capex(name) if name == EXIT => Basis::site(fleet, line),
        Category::Capex(_)
        | Category::OperatingExpected
        | Category::Operations
        | Category::PropertyTax
        | Category::Insurance => by_retrofit(),
        // What is paid again after the horizon.
        Category::ContractEndValue if line.class == Class::Corporate => by_retrofit(),
        Category::Rent
        | Category::DelayDamages
        | Category::Advance
        | Category::Prepayment
        | Category::RentCredit
        | Category::GiveUp
        | Category::CreditLoss
        | Category::RenewalExpected
        | Category::ContractEndValue => {
            let id = owner.and_then(|(_, offer)| *offer);
            let evidence = id.and_then(|id| fleet.offer(id)).map(|offer| &offer.evidence);
            Basis::of("offer", id.map_or(line.subject.as_str(), OfferId::as_str), evidence)
        }
        Category::MiningRevenue
        | Category::BallastRevenue
        | Category::MachinePurchase
        | Category::MachineSale
        | Category::MoveDowntime
        | Category::MachineEndValue => weaker(Basis::deck(fleet), machine(fleet, line)),
        Category::SiteEndValue | Category::MerchantExpected | Category::MerchantRent => Basis::deck(fleet),
        Category::MiningEnergy | Category::BallastEnergy | Category::HostingEnergy => {
            match fleet.site(&line.site).map(|site| &site.power.energy_price) {
                Some(EnergyPrice::Deck(_)) => Basis::deck(fleet),
                Some(EnergyPrice::Fixed(_)) | None => Basis::site(fleet, line),
            }
        }
        Category::DemandCharge
        | Category::FirmCharge
        | Category::HostingFixedCost
        | Category::MiningFixedCost
        | Category::MothballSaving
        | Category::MinimumBill
        | Category::DemandResponse
        | Category::ThirdPartyMargin
        | Category::SiteSale
        | Category::SiteRent => Basis::site(fleet, line),
        // Prices of moves and storage carry no source, and neither do deposits.
        Category::MachineRemoval
        | Category::MachineFreight
        | Category::MachineInstallation
        | Category::MachineStorage => Basis::of("handling", "machines", None),
    }
}

/// The fleet list for machines owned at the start, the library for others.
fn machine(fleet: &Fleet, line: &LedgerLine) -> Basis {
    let model = ModelId::from(line.subject.as_str());
    let lot = fleet.machines.iter().find(|lot| lot.site == line.site && lot.model == model);
    match lot {
        Some(lot) => Basis::of("fleet", line.site.as_str(), Some(&lot.evidence)),
        None => Basis::of("machine model", model.as_str(), fleet.model(&model).map(|model| &model.evidence)),
    }
}

/// Of two alike, the first.
fn weaker(a: Basis, b: Basis) -> Basis {
    if b.confidence > a.confidence { b } else { a }
}

/// The shares as a section of the page.
#[must_use]
pub fn section(plan: &Plan) -> Section {
    let shares = shares(plan);
    let facts = vec![
        Fact::new("behind the uplift, by absolute PV: sourced", Cell::Share(shares.sourced)),
        Fact::new("estimated", Cell::Share(shares.estimated)),
        Fact::new("assumed", Cell::Share(shares.assumed)),
    ];
    Section::facts("Evidence", vec![facts])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_line_rests_on_something() {
        let mut plan = sample::plan();
        let found = shares(&plan);
        assert!((found.sourced + found.estimated + found.assumed - 1.0).abs() < 1e-12);
        assert!(found.sourced > 0.0 && found.estimated > 0.0 && found.assumed > 0.0, "{found:?}");
        plan.ledger.clone_from(&plan.twin.ledger);
        assert_eq!(shares(&plan), EvidenceShares::default(), "no difference, nothing to rest");
    }

    #[test]
    fn weights_are_the_tables_behind_the_shares() {
        let plan = sample::with_everything();
        let weights = weights(&plan);
        assert!((weights.iter().map(|weight| weight.share).sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(weights.windows(2).all(|pair| pair[0].share >= pair[1].share));
        assert_eq!((weights[0].kind, weights[0].name.as_str()), ("offer", "nnn-15y"));
        assert!(weights.iter().any(|weight| (weight.kind, weight.name.as_str()) == ("work", "fibre")), "{weights:?}");
    }

    #[test]
    fn works_rest_on_their_own_figures_and_exits_on_the_site() {
        let mut plan = sample::with_everything();
        plan.inputs.works[0].evidence.confidence = Some(Confidence::Sourced);
        plan.inputs.sites[0].evidence.confidence = Some(Confidence::Estimated);
        let owners = owners(&plan);
        let told = |subject: &str, category: Category| {
            let line = plan.ledger.iter().find(|line| line.subject == subject && line.category == category).unwrap();
            basis(&plan.inputs, &owners, line).confidence
        };
        let capex = |name: &str| Category::Capex(name.to_owned());
        assert_eq!(told("work/fibre", capex("fibre")), Confidence::Sourced);
        assert_eq!(told("reserve/transformer@2028-01", capex("deposit")), Confidence::Assumed);
        let conversion = plan.decisions.conversions[0].subject();
        let mut exit = plan.ledger.iter().find(|line| line.subject == conversion).unwrap().clone();
        assert_eq!(basis(&plan.inputs, &owners, &exit).confidence, Confidence::Estimated, "the retrofit's");
        plan.inputs.sites[0].evidence.confidence = Some(Confidence::Sourced);
        exit.category = capex("exit");
        assert_eq!(basis(&plan.inputs, &super::owners(&plan), &exit).confidence, Confidence::Sourced);
    }
}
