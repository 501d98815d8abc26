//! Prices of `offer_size` and `offer_choice`: IT MW of an offer at a place, and the one offer of an exclusive site.
//!
//! An offer is accepted at one of its places, or at all of them together when it may be split; at most one of an
//! exclusive group is.

use std::collections::{BTreeMap, BTreeSet};

use super::prices::Prices;
use crate::audit::case::Case;
use crate::audit::column::Column;
use crate::audit::locks::signed;
use crate::domain::ids::{OfferId, SiteId};
use crate::domain::offer::Offer;
use crate::units::ItMw;

/// An offer at a place: a site, or all of them.
struct Place<'a> {
    offer: &'a Offer,
    site: Option<&'a SiteId>,
    most: f64,
    least: f64,
    /// By tranche.
    tranches: Vec<f64>,
}

/// Prices of all offers.
pub(super) struct Offers<'a> {
    case: &'a Case<'a>,
    places: Vec<Place<'a>>,
    /// Of the one offer that an exclusive site serves.
    sites: BTreeMap<&'a SiteId, f64>,
    /// Of a hall of an offer that may be split at an exclusive site, with the halls there are.
    serve: BTreeMap<(&'a OfferId, &'a SiteId), (f64, f64)>,
}

impl<'a> Offers<'a> {
    /// For the places at which some hall may serve an offer.
    pub(super) fn new(case: &'a Case<'a>, served: &BTreeSet<(&'a OfferId, &'a SiteId)>, prices: &mut Prices) -> Self {
        let fleet = case.fleet;
        let mut own = Self { case, places: vec![], sites: BTreeMap::new(), serve: BTreeMap::new() };
        for offer in &fleet.offers {
            let here = served.iter().filter(|(id, _)| **id == offer.id).map(|(_, site)| *site);
            let places: BTreeSet<Option<&SiteId>> = here.map(|site| (!offer.split).then_some(site)).collect();
            for site in places {
                let at = site.map_or("split", |site| site.as_str());
                let mut take = |what: &str| prices.take("offer_size", &format!("{},{at},{what}", offer.id));
                let (most, least) = (take("max"), take("min"));
                let tranches = offer.tranches.iter().map(|tranche| take(&tranche.by.to_string())).collect();
                own.places.push(Place { offer, site, most, least, tranches });
            }
        }
        for site in fleet.sites.iter().filter(|site| site.exclusive) {
            own.sites.insert(&site.id, prices.take("offer_choice", &format!("site,{}", site.id)));
            let halls = site.halls.iter().map(|hall| f64::from(hall.count)).sum();
            for offer in fleet.offers.iter().filter(|offer| offer.split && served.contains(&(&offer.id, &site.id))) {
                let price = prices.take("offer_choice", &format!("serve,{},{}", offer.id, site.id));
                own.serve.insert((&offer.id, &site.id), (price, halls));
            }
        }
        own
    }

    /// Price × limit: a site has one offer.
    pub(super) fn limits(&self) -> f64 {
        self.sites.values().sum()
    }

    /// What one hall pays.
    pub(super) fn of_hall(&self, column: &Column) -> f64 {
        let Some(offer) = column.offer else { return 0.0 };
        let here = |place: &&Place| place.offer.id == offer.id && place.site.is_none_or(|site| *site == column.site.id);
        let of_place = self.places.iter().find(here).map_or(0.0, |place| {
            let day = self.case.fleet.calendar.month_start(column.commencement);
            let tranches = offer.tranches.iter().zip(&place.tranches).filter(|(tranche, _)| day <= tranche.by);
            place.most - place.least - tranches.map(|(_, price)| price).sum::<f64>()
        });
        let serve = self.serve.get(&(&offer.id, &column.site.id)).map_or(0.0, |(price, _)| *price);
        column.hall_it().get() * of_place + serve
    }

    /// What accepting an offer at a place brings.
    fn by_place(&self, place: &Place) -> f64 {
        let offer = place.offer;
        let tranches = offer.tranches.iter().zip(&place.tranches);
        let tranches: f64 = tranches.map(|(tranche, price)| price * (tranche.min - ItMw::ONE_KILOWATT).get()).sum();
        let size = place.most * (offer.max + ItMw::ONE_KILOWATT).get()
            - place.least * (offer.min - ItMw::ONE_KILOWATT).get()
            - tranches;
        size - place.site.and_then(|site| self.sites.get(site)).copied().unwrap_or(0.0)
    }

    /// The best acceptances.
    pub(super) fn accepted(&self) -> f64 {
        // An offer without a group is one of its own, whatever the groups are called.
        let mut groups: BTreeMap<(bool, &str), Vec<(bool, f64)>> = BTreeMap::new();
        for offer in &self.case.fleet.offers {
            let places = self.places.iter().filter(|place| place.offer.id == offer.id);
            let Some(best) = places.map(|place| self.by_place(place)).reduce(f64::max) else { continue };
            let group = offer.exclusive_group.as_deref();
            let group = (group.is_some(), group.unwrap_or(offer.id.as_str()));
            groups.entry(group).or_default().push((signed(self.case.fleet, offer), best));
        }
        let best = |offers: Vec<(bool, f64)>| {
            let (must, may): (Vec<_>, Vec<_>) = offers.into_iter().partition(|(signed, _)| *signed);
            let free = may.into_iter().map(|(_, best)| best.max(0.0));
            let must = must.into_iter().map(|(_, best)| best);
            must.reduce(|one, other| one + other).unwrap_or_else(|| free.fold(0.0, f64::max))
        };
        let accepted: f64 = groups.into_values().map(best).sum();
        let serve = self
            .serve
            .iter()
            .map(|((_, site), (price, halls))| (price * halls - self.sites.get(site).copied().unwrap_or(0.0)).max(0.0));
        accepted + serve.sum::<f64>()
    }
}
