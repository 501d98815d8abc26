//! How much of the value rests on sourced, estimated and assumed figures.

use std::collections::BTreeMap;

use super::conversions::setup_subject;
use super::table::{Cell, Fact, Section};
use super::works::work_subject;
use crate::domain::Fleet;
use crate::domain::evidence::Confidence;
use crate::domain::ids::{ModelId, OfferId, RetrofitId};
use crate::domain::site::EnergyPrice;
use crate::plan::Plan;
use crate::plan::ledger::{Category, LedgerLine, discount_factor};

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

/// What a plan's uplift rests on. Each line of the difference plan − twin
/// counts with its absolute present value, for the table it comes from: rent
/// and its run-off for the offer, capital and operating cost for the retrofit,
/// machines for the weaker of deck and fleet, the rest for the site.
#[must_use]
pub fn shares(plan: &Plan) -> EvidenceShares {
    let owners = owners(plan);
    let mut net: BTreeMap<(String, String, String), (f64, Confidence)> = BTreeMap::new();
    for (lines, sign) in [(&plan.ledger, 1.0), (&plan.twin.ledger, -1.0)] {
        for line in lines {
            let value = sign * line.amount_cents.usd() * discount_factor(&plan.inputs.calendar, line.period, line.rate);
            let key = (line.site.to_string(), line.subject.clone(), format!("{} {}", line.category, line.period.0));
            net.entry(key).or_insert_with(|| (0.0, confidence(&plan.inputs, &owners, line))).0 += value;
        }
    }
    let mut shares = EvidenceShares::default();
    for (value, confidence) in net.into_values() {
        *match confidence {
            Confidence::Sourced => &mut shares.sourced,
            Confidence::Estimated => &mut shares.estimated,
            Confidence::Assumed => &mut shares.assumed,
        } += value.abs();
    }
    let all = shares.sourced + shares.estimated + shares.assumed;
    if all > 0.0 {
        shares.sourced /= all;
        shares.estimated /= all;
        shares.assumed /= all;
    }
    shares
}

/// Begins the subject of lines of works.
const WORK: &str = "work/";
/// The category of a customer's fee and of a hall's exit cost.
const EXIT: &str = "exit";

type Owners<'a> = BTreeMap<String, (&'a RetrofitId, Option<&'a OfferId>)>;

/// Retrofit and offer behind each subject.
fn owners(plan: &Plan) -> Owners<'_> {
    let mut owners = BTreeMap::new();
    for conversion in plan.decisions.conversions.iter().chain(&plan.twin.decisions.conversions) {
        owners.insert(conversion.subject(), (&conversion.retrofit, conversion.offer.as_ref()));
        owners.entry(setup_subject(&conversion.retrofit)).or_insert((&conversion.retrofit, None));
    }
    owners
}

fn confidence(fleet: &Fleet, owners: &Owners, line: &LedgerLine) -> Confidence {
    let owner = owners.get(&line.subject);
    let site = || fleet.site(&line.site).and_then(|site| site.evidence.confidence);
    let known = match &line.category {
        Category::Capex(_) if line.subject.starts_with(WORK) => {
            fleet.works.iter().find(|work| work_subject(&work.id) == line.subject).and_then(|w| w.evidence.confidence)
        }
        // What a customer or a hall costs to leave stands with the hall.
        Category::Capex(name) if name == EXIT => site(),
        Category::Capex(_)
        | Category::OperatingExpected
        | Category::Operations
        | Category::PropertyTax
        | Category::Insurance => {
            owner.and_then(|(retrofit, _)| fleet.retrofit(retrofit)).and_then(|r| r.evidence.confidence)
        }
        Category::Rent
        | Category::DelayDamages
        | Category::Advance
        | Category::Prepayment
        | Category::RentCredit
        | Category::GiveUp
        | Category::CreditLoss
        | Category::RenewalExpected
        | Category::ContractEndValue => {
            owner.and_then(|(_, offer)| fleet.offer((*offer)?)).and_then(|o| o.evidence.confidence)
        }
        Category::MiningRevenue
        | Category::BallastRevenue
        | Category::MachinePurchase
        | Category::MachineSale
        | Category::MoveDowntime
        | Category::MachineEndValue => weaker(fleet.deck.evidence.confidence, machine(fleet, line)),
        Category::SiteEndValue | Category::MerchantExpected | Category::MerchantRent => fleet.deck.evidence.confidence,
        Category::MiningEnergy | Category::BallastEnergy | Category::HostingEnergy => {
            fleet.site(&line.site).and_then(|site| match site.power.energy_price {
                EnergyPrice::Fixed(_) => site.evidence.confidence,
                EnergyPrice::Deck(_) => fleet.deck.evidence.confidence,
            })
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
        | Category::SiteRent => site(),
        // Prices of moves and storage carry no source, and neither do deposits.
        Category::MachineRemoval
        | Category::MachineFreight
        | Category::MachineInstallation
        | Category::MachineStorage => None,
    };
    known.unwrap_or(Confidence::Assumed)
}

/// The fleet list for machines owned at the start, the library for others.
fn machine(fleet: &Fleet, line: &LedgerLine) -> Option<Confidence> {
    let model = ModelId::from(line.subject.as_str());
    let lot = fleet.machines.iter().find(|lot| lot.site == line.site && lot.model == model);
    match lot {
        Some(lot) => lot.evidence.confidence,
        None => fleet.model(&model).and_then(|model| model.evidence.confidence),
    }
}

fn weaker(a: Option<Confidence>, b: Option<Confidence>) -> Option<Confidence> {
    Some(a?.max(b?))
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
    fn works_rest_on_their_own_figures_and_exits_on_the_site() {
        let mut plan = sample::with_everything();
        plan.inputs.works[0].evidence.confidence = Some(Confidence::Sourced);
        plan.inputs.sites[0].evidence.confidence = Some(Confidence::Estimated);
        let owners = owners(&plan);
        let told = |subject: &str, category: Category| {
            let line = plan.ledger.iter().find(|line| line.subject == subject && line.category == category).unwrap();
            confidence(&plan.inputs, &owners, line)
        };
        let capex = |name: &str| Category::Capex(name.to_owned());
        assert_eq!(told("work/fibre", capex("fibre")), Confidence::Sourced);
        assert_eq!(told("reserve/transformer", capex("deposit")), Confidence::Assumed);
        let conversion = plan.decisions.conversions[0].subject();
        let mut exit = plan.ledger.iter().find(|line| line.subject == conversion).unwrap().clone();
        assert_eq!(confidence(&plan.inputs, &owners, &exit), Confidence::Estimated, "the retrofit's");
        plan.inputs.sites[0].evidence.confidence = Some(Confidence::Sourced);
        exit.category = capex("exit");
        assert_eq!(confidence(&plan.inputs, &super::owners(&plan), &exit), Confidence::Sourced);
    }
}
