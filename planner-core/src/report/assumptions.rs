//! The assumption book: every table of figures that a plan is made from, with source, date and confidence.

use crate::domain::Fleet;
use crate::domain::evidence::{Confidence, Evidence};
use crate::domain::ids::SiteId;
use crate::domain::machine::MachineLot;
use crate::domain::offer::Offer;
use crate::domain::retrofit::Retrofit;
use crate::domain::site::{EnergyPrice, Site, Tenure};

/// A table of figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumption {
    /// What kind of thing it is of: deck, rates, offer, retrofit, site, work, machine model, fleet, handling.
    pub kind: &'static str,
    /// Of which.
    pub name: String,
    /// Its leading figures, in words.
    pub figures: String,
    /// Where they come from; empty where the portfolio's files have no place for it.
    pub evidence: Evidence,
}

impl Assumption {
    /// How far the figures may be trusted; what says nothing counts as assumed.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.evidence.confidence.unwrap_or(Confidence::Assumed)
    }
}

/// A confidence in a word.
#[must_use]
pub const fn words(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Sourced => "sourced",
        Confidence::Estimated => "estimated",
        Confidence::Assumed => "assumed",
    }
}

/// All tables of figures of a portfolio: what concerns all first, then by kind and id.
#[must_use]
pub fn assumptions(fleet: &Fleet) -> Vec<Assumption> {
    let of = |kind, name: &str, figures: String, evidence: &Evidence| Assumption {
        kind,
        name: name.to_owned(),
        figures,
        evidence: evidence.clone(),
    };
    let none = Evidence::default();
    let mut all = vec![of("deck", &fleet.deck.name, deck(fleet), &fleet.deck.evidence)];
    all.push(of("rates", "discount and escalation", rates(fleet), &none));
    all.push(of("handling", "machines", handling(fleet), &none));
    all.extend(fleet.offers.iter().map(|one| of("offer", one.id.as_str(), offer(one), &one.evidence)));
    all.extend(fleet.retrofits.iter().map(|one| of("retrofit", one.id.as_str(), retrofit(one), &one.evidence)));
    all.extend(fleet.sites.iter().map(|one| of("site", one.id.as_str(), site(one), &one.evidence)));
    all.extend(fleet.works.iter().map(|one| {
        let figures = format!("{:.2} M$ over {}", one.cost.get() / 1e6, one.months);
        of("work", one.id.as_str(), figures, &one.evidence)
    }));
    all.extend(fleet.models.iter().map(|one| {
        let efficiency = one.power.joule_per_th(one.hashrate);
        let failure = one.failure;
        let figures = format!("{:.0} TH/s, {efficiency:.1} J/TH, {failure} failing a year", one.hashrate.get());
        of("machine model", one.id.as_str(), figures, &one.evidence)
    }));
    all.extend(fleets(&fleet.machines));
    all
}

fn deck(fleet: &Fleet) -> String {
    let prices = super::market::hashprices(fleet);
    let prices: Vec<String> = prices
        .iter()
        .map(|(day, usd)| format!("{:.1} in {:04}-{:02}", usd * 1000.0, day.year(), day.month()))
        .collect();
    format!("hashprice [$/PH/day] {}; connection {} at the horizon", prices.join(", "), fleet.deck.site_value)
}

fn rates(fleet: &Fleet) -> String {
    let money = &fleet.money;
    let rates = &money.rates;
    format!(
        "mining {}, contracted {}, merchant {}, corporate {}; capex {} and power {} a year from {}; pool fee {}",
        rates.mining,
        rates.contracted,
        rates.merchant,
        rates.corporate,
        money.capex_escalation,
        money.power_escalation,
        money.price_date,
        money.pool_fee
    )
}

fn handling(fleet: &Fleet) -> String {
    let handling = &fleet.handling;
    let moves = handling.moves.map_or_else(
        || "never moved".to_owned(),
        |moves| format!("freight {} or {} to another region", moves.freight, moves.freight_other_region),
    );
    format!("taken off {}, put on {}, {moves}", handling.removal, handling.install)
}

fn offer(offer: &Offer) -> String {
    format!("{} for {}, {} a year more, {} to {}", offer.rent, offer.term, offer.escalator, offer.min, offer.max)
}

fn retrofit(retrofit: &Retrofit) -> String {
    let (ratio, pue) = (retrofit.gross_to_critical.0, retrofit.pue.0);
    let phases = retrofit.phases.len();
    format!("{ratio} gross MW per MW-IT, PUE {pue}, contingency {}, {phases} phases", retrofit.contingency)
}

fn site(site: &Site) -> String {
    let last = |steps: &[crate::domain::site::PowerStep]| steps.last().map_or(0.0, |step| step.power.get());
    let energy = match &site.power.energy_price {
        EnergyPrice::Fixed(price) => price.to_string(),
        EnergyPrice::Deck(name) => format!("of the deck, {name}"),
    };
    let tenure = match site.tenure {
        Tenure::Owned => "owned".to_owned(),
        Tenure::Leased { until, .. } => format!("leased until {until}"),
    };
    let (all, firm) = (last(&site.power.connection), last(&site.power.firm));
    format!("{all} MW connected, {firm} MW firm, energy {energy}, {tenure}")
}

/// Machines at the start: lots of a site that say the same of themselves are one table.
fn fleets(lots: &[MachineLot]) -> Vec<Assumption> {
    let mut fleets: Vec<(&SiteId, &Evidence, f64, usize)> = vec![];
    for lot in lots {
        let count = lot.count.count();
        match fleets.last_mut() {
            Some((site, evidence, machines, models)) if **site == lot.site && **evidence == lot.evidence => {
                *machines += count;
                *models += 1;
            }
            _ => fleets.push((&lot.site, &lot.evidence, count, 1)),
        }
    }
    let words = |(site, evidence, machines, models): (&SiteId, &Evidence, f64, usize)| Assumption {
        kind: "fleet",
        name: site.to_string(),
        figures: format!("{machines:.0} machines of {models} {}", if models == 1 { "model" } else { "models" }),
        evidence: evidence.clone(),
    };
    fleets.into_iter().map(words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_table_has_its_entry() {
        let fleet = sample::with_everything().inputs;
        let book = assumptions(&fleet);
        let count = |kind: &str| book.iter().filter(|one| one.kind == kind).count();
        assert_eq!(
            ["deck", "rates", "handling", "offer", "retrofit", "site", "work", "machine model", "fleet"].map(count),
            [1, 1, 1, 1, 1, 3, 2, 1, fleet.machines.len()]
        );
        assert!(book.iter().all(|one| !one.figures.is_empty()));
        let offer = book.iter().find(|one| one.kind == "offer").unwrap();
        assert!(offer.figures.contains("USD/kW-month") && offer.figures.contains("months"), "{}", offer.figures);
    }

    #[test]
    fn lots_alike_are_one_table_and_silence_is_an_assumption() {
        let mut fleet = sample::plan().inputs;
        let lot = fleet.machines[0].clone();
        fleet.machines = vec![lot.clone(), lot.clone()];
        assert_eq!(fleets(&fleet.machines).len(), 1);
        fleet.machines[1].evidence.source = Some("another list".to_owned());
        fleet.machines[1].evidence.confidence = Some(Confidence::Sourced);
        let book = fleets(&fleet.machines);
        assert_eq!(book.iter().map(Assumption::confidence).collect::<Vec<_>>().len(), 2);
        assert_eq!(book[1].confidence(), Confidence::Sourced);
        let silent = Assumption { evidence: Evidence::default(), ..book[1].clone() };
        assert_eq!((silent.confidence(), words(silent.confidence())), (Confidence::Assumed, "assumed"));
    }
}
