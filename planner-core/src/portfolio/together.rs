//! Checks across files: names that refer to nothing, and facts that do not
//! fit together.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::{Desk, Named, clip};
use super::gather::Gathered;
use super::near::{one_of, suggestion};
use super::offer::OfferRead;
use super::portfolio_file::FILE;
use super::resold;
use super::site::SiteRead;
use super::work::WorkRead;
use super::worked;
use crate::diagnostics::{Code, Diagnostic};
use crate::domain::ids::SiteId;
use crate::domain::loads::{least, misfit};
use crate::domain::machine::Cooling;
use crate::domain::offer::OfferStatus;
use crate::domain::site::{HallUse, Site};
use crate::units::{GrossMw, ItMw, Share};

/// Checks what can only be seen with everything read.
pub(super) fn check(desk: &Desk<'_>, gathered: &Gathered) {
    if gathered.sites.is_empty() && !desk.is_incomplete("site") {
        let diagnostic = Diagnostic::error(Code::MissingFile, super::desk::At::top(FILE), "the portfolio has no sites");
        desk.report(diagnostic.help("add a file `sites/<id>.toml` for each site, or a list `sites.csv`"));
    }
    pots(desk, gathered);
    crews(desk, gathered);
    scarce(desk, gathered);
    for site in &gathered.sites {
        retrofits_of(desk, gathered, site);
        energy_price(desk, gathered, site);
        if let Some(facts) = &site.site {
            power(desk, gathered, site, facts);
            customers(desk, gathered, site, facts);
        }
    }
    offers(desk, gathered);
    machines(desk, gathered);
    resold::check(desk, gathered);
}

fn site_ids(gathered: &Gathered) -> BTreeSet<&str> {
    gathered.sites.iter().map(|site| site.id.as_str()).collect()
}

fn pots(desk: &Desk<'_>, gathered: &Gathered) {
    let ids = site_ids(gathered);
    for named in gathered.head.pot_sites.iter().filter(|named| !ids.contains(named.name.as_str())) {
        desk.unknown_id("site", named, ids.iter().copied());
    }
    let shared = gathered.works.iter().filter_map(|work| work.id.as_ref()).map(|id| id.name.as_str());
    let shared: BTreeSet<&str> = shared.collect();
    for named in gathered.head.pot_works.iter().filter(|named| !shared.contains(named.name.as_str())) {
        let own = worked::all(gathered).filter_map(WorkRead::full_id).find(|id| id.as_str() == named.name);
        if own.is_some() {
            let message =
                format!("`{}` is a work of a site, which is charged to the pot of its site", clip(&named.name));
            desk.error(
                Code::Contradiction,
                named.at.clone(),
                message,
                "remove it, and name the site in `eligible.sites`",
            );
        } else {
            desk.unknown_id("shared work", named, shared.iter().copied());
        }
    }
}

/// Regions and sites of crews.
fn crews(desk: &Desk<'_>, gathered: &Gathered) {
    let ids = site_ids(gathered);
    let regions = gathered.sites.iter().map(|site| site.region.as_deref()).collect::<Option<BTreeSet<_>>>();
    for crew in &gathered.head.crews {
        if let Some(named) = crew.site.as_ref().filter(|named| !ids.contains(named.name.as_str())) {
            desk.unknown_id("site", named, ids.iter().copied());
        }
        if let (Some(named), Some(regions)) = (&crew.region, &regions)
            && !regions.contains(named.name.as_str())
        {
            desk.unknown_id("site in the region", named, regions.iter().copied());
        }
    }
}

/// Scarce equipment that nothing is built with.
fn scarce(desk: &Desk<'_>, gathered: &Gathered) {
    let retrofits = gathered.retrofits.values().map(|read| read.retrofit.as_ref()).collect::<Option<Vec<_>>>();
    let mut allowed = gathered.sites.iter().flat_map(|site| &site.halls).flat_map(|hall| &hall.retrofits);
    // With a site or a retrofit unread, it may be the one that names the item.
    let all_read = gathered.sites.iter().all(|read| read.site.is_some())
        && allowed.all(|named| gathered.retrofits.contains_key(&named.name));
    let Some(retrofits) = retrofits.filter(|_| all_read) else { return };
    let costs = retrofits.iter().flat_map(|retrofit| &retrofit.costs);
    let items: BTreeSet<&str> = costs.filter_map(|cost| Some(cost.equipment.as_ref()?.item.as_str())).collect();
    let unused = gathered.head.long_lead.iter().filter_map(|one| one.item.as_ref());
    for named in unused.filter(|named| !items.contains(named.name.as_str())) {
        let message = format!("no retrofit that a hall allows has a cost with the equipment `{}`", clip(&named.name));
        let help = match suggestion(&named.name, items.iter().copied()) {
            Some(question) => question,
            None if items.is_empty() => "no such retrofit has a cost with `equipment`".to_owned(),
            None => format!("there is {}", one_of(&items.iter().copied().collect::<Vec<_>>())),
        };
        desk.error(Code::UnknownId, named.at.clone(), message, help);
    }
}

fn retrofits_of(desk: &Desk<'_>, gathered: &Gathered, site: &SiteRead) {
    // Without a library nothing can be said about names; its absence is reported.
    if gathered.head.library.is_none() {
        return;
    }
    let library = || gathered.library.iter().map(String::as_str);
    for hall in &site.halls {
        for named in &hall.retrofits {
            let Some(read) = gathered.retrofits.get(&named.name) else {
                if !gathered.library.contains(&named.name) {
                    desk.unknown_id("retrofit", named, library());
                }
                continue;
            };
            if hall.hall_use.is_some_and(|hall_use| hall_use != HallUse::Pad)
                && read.phases_complete
                && read.stops_mining.len() != 1
            {
                let message = format!(
                    "`{}` is allowed in a mining hall, so exactly one of its phases must stop mining; {} do",
                    clip(&named.name),
                    read.stops_mining.len()
                );
                let at = read.stops_mining.get(1).map_or(&read.at, |second| &second.at);
                desk.error(
                    Code::Contradiction,
                    at.clone(),
                    message,
                    "write `stops_mining = true` in one `[[phase]]` only",
                );
            }
        }
    }
    let allowed: BTreeSet<&str> = site.halls.iter().flat_map(|hall| &hall.retrofits).map(|r| r.name.as_str()).collect();
    for one in &site.overrides {
        let Some(read) = gathered.retrofits.get(&one.retrofit.name) else {
            if !gathered.library.contains(&one.retrofit.name) {
                desk.unknown_id("retrofit", &one.retrofit, library());
            }
            continue;
        };
        for named in one.phases.iter().filter(|named| read.phases_complete && !knows(&read.phases, &named.name)) {
            desk.unknown_id("phase", named, read.phases.iter().map(|phase| phase.name.as_str()));
        }
        if !allowed.contains(one.retrofit.name.as_str()) {
            let message =
                format!("no hall of the site allows `{}`, so its override is not used", clip(&one.retrofit.name));
            desk.warning(Code::Unused, one.retrofit.at.clone(), message, "remove it, or add the retrofit to a hall");
        }
    }
}

fn knows(names: &[Named], name: &str) -> bool {
    names.iter().any(|named| named.name == name)
}

fn energy_price(desk: &Desk<'_>, gathered: &Gathered, site: &SiteRead) {
    let Some(monthly) = &gathered.monthly else { return };
    if let Some(named) = site.deck_price.as_ref().filter(|named| !monthly.power.contains(&named.name)) {
        desk.unknown_id("deck energy price", named, monthly.power.iter().map(String::as_str));
    }
}

/// Halls that together reserve more than the connection ever gives.
fn power(desk: &Desk<'_>, gathered: &Gathered, read: &SiteRead, site: &Site) {
    let reserved: GrossMw = site
        .halls
        .iter()
        .filter(|hall| !hall.retrofits.is_empty())
        .map(|hall| hall.reserved() * f64::from(hall.count))
        .sum();
    let largest = site.power.connection.iter().map(|step| step.power.get()).fold(0.0, f64::max);
    let effects = worked::all(gathered).flat_map(|work| &work.adds).filter_map(|adds| adds.effect.as_ref());
    let added: GrossMw = effects.filter(|effect| effect.site == site.id).map(|effect| effect.connection).sum();
    let most = largest + added.get();
    if reserved.get() > most * (1.0 + 1e-9) {
        let message = format!(
            "the halls of `{}` would reserve {} if all were hosted, more than its largest connection{}, {}",
            clip(site.id.as_str()),
            megawatts(reserved.get()),
            if added > GrossMw::ZERO { " with all works" } else { "" },
            megawatts(most)
        );
        let help = "this is allowed: not all can be converted; check `count`, `hall_power` and `usable_share`";
        let at = read.halls.first().map_or_else(|| read.at.clone(), |hall| hall.at.clone());
        desk.warning(Code::Doubtful, at, message, help);
    }
}

/// Customers whose contract is over when the horizon begins.
fn customers(desk: &Desk<'_>, gathered: &Gathered, read: &SiteRead, site: &Site) {
    let Some(calendar) = &gathered.head.calendar else { return };
    for hall in &site.halls {
        let HallUse::ThirdParty(customer) = hall.hall_use else { continue };
        if customer.until < calendar.start {
            let message = format!(
                "the contract of the mining customer of hall `{}` ended on {}, before the horizon",
                clip(hall.id.as_str()),
                customer.until
            );
            let of_hall = read.halls.iter().find(|one| one.id.as_ref().is_some_and(|id| id.name == hall.id.as_str()));
            let at = of_hall.map_or_else(|| read.at.clone(), |one| one.at.clone());
            desk.warning(Code::Doubtful, at, message, "write `use = \"pad\"` if the hall is empty, or correct `until`");
        }
    }
}

fn megawatts(value: f64) -> String {
    format!("{} MW", (value * 1000.0).round() / 1000.0)
}

fn offers(desk: &Desk<'_>, gathered: &Gathered) {
    let ids = site_ids(gathered);
    let markets: BTreeSet<&str> = gathered.sites.iter().filter_map(|site| site.market.as_deref()).collect();
    let all_markets = gathered.sites.iter().all(|site| site.market.is_some());
    let classes: BTreeSet<&str> = gathered.retrofits.values().filter_map(|read| read.class.as_deref()).collect();
    let mut allowed = gathered.sites.iter().flat_map(|site| &site.halls).flat_map(|hall| &hall.retrofits);
    // With a site or a retrofit unread, its class may be the one that is meant.
    let all_classes = gathered.sites.iter().all(|read| read.site.is_some())
        && gathered.retrofits.values().all(|read| read.class.is_some())
        && allowed.all(|named| gathered.retrofits.contains_key(&named.name));
    for offer in &gathered.offers {
        for named in offer.sites.iter().filter(|named| !ids.contains(named.name.as_str())) {
            desk.unknown_id("site", named, ids.iter().copied());
        }
        for named in offer.markets.iter().filter(|named| all_markets && !markets.contains(named.name.as_str())) {
            desk.unknown_id("site in the market", named, markets.iter().copied());
        }
        if let Some(class) = offer.class.as_ref().filter(|class| all_classes && !classes.contains(class.name.as_str()))
        {
            let message = format!(
                "no retrofit that a hall allows has the class `{}`, so the offer cannot be served",
                clip(&class.name)
            );
            let help = match suggestion(&class.name, classes.iter().copied()) {
                Some(question) => question,
                None if classes.is_empty() => "no hall allows any retrofit".to_owned(),
                None => {
                    format!("the classes are {}", one_of(&classes.iter().copied().collect::<Vec<_>>()))
                }
            };
            desk.warning(Code::Unused, class.at.clone(), message, help);
        } else if all_classes {
            rating(desk, gathered, offer);
        }
    }
    groups(desk, gathered);
}

/// An offer for whose class there are retrofits, but none good enough, or signed ones for whose size there are no halls.
fn rating(desk: &Desk<'_>, gathered: &Gathered, read: &OfferRead) {
    let retrofits = gathered.retrofits.values().map(|read| read.retrofit.as_ref()).collect::<Option<Vec<_>>>();
    let (Some(offer), Some(class), Some(retrofits)) = (&read.offer, &read.class, retrofits) else { return };
    if !retrofits.iter().any(|retrofit| offer.accepts(retrofit)) {
        let message = format!(
            "no retrofit of the class `{}` that a hall allows has the density and redundancy that the offer asks for, \
             so the offer cannot be served",
            clip(&class.name)
        );
        let help = "state `density` and `redundancy` in the retrofits, or ask for less";
        desk.warning(Code::Unused, class.at.clone(), message, help);
        return;
    }
    let sites = gathered.sites.iter().map(|read| read.site.as_ref()).collect::<Option<Vec<_>>>();
    // What is signed must be served: no plan exists without its halls.
    let sites = sites.filter(|_| offer.status == OfferStatus::Signed && offer.min > ItMw::ZERO);
    if let Some(nearest) = sites.and_then(|sites| misfit(offer, &sites, &retrofits)) {
        let (least, most) = (least(offer), offer.max);
        let size = if least == most { most.to_string() } else { format!("{least} to {most}") };
        let place =
            nearest.site.map_or_else(|| "all its sites".to_owned(), |site| format!("`{}`", clip(site.as_str())));
        let message = format!(
            "no number of whole halls carries the size of the offer, {size}: nearest is {} at {place}",
            figure(nearest.load)
        );
        let help = "correct the size, or `hall_power` and `gross_to_critical`; both agree to one kilowatt";
        desk.warning(Code::Doubtful, read.size.clone(), message, help);
    }
}

/// A load to a watt, as far as it has so many digits.
fn figure(load: ItMw) -> ItMw {
    ItMw::new((load.get() * 1e6).round() / 1e6)
}

/// Groups that exclude nothing, and groups of which two offers are signed.
fn groups(desk: &Desk<'_>, gathered: &Gathered) {
    let mut groups: BTreeMap<&str, Vec<(&Named, &OfferRead)>> = BTreeMap::new();
    for (offer, group) in gathered.offers.iter().filter_map(|offer| Some((offer, offer.group.as_ref()?))) {
        groups.entry(&group.name).or_default().push((group, offer));
    }
    let names: Vec<&str> = groups.keys().copied().collect();
    // With an offer unread, it may be of the group.
    let all_read = gathered.offers.iter().all(|read| read.offer.is_some());
    for (name, offers) in &groups {
        if let ([(named, _)], true) = (offers.as_slice(), all_read) {
            let message = format!("no other offer is of the group `{}`, so it excludes nothing", clip(name));
            let others = names.iter().copied().filter(|other| other != name);
            let help = suggestion(name, others);
            let help = help.unwrap_or_else(|| "remove it, or give it to another offer".to_owned());
            desk.warning(Code::Unused, named.at.clone(), message, help);
        }
        let signed = |read: &OfferRead| read.offer.as_ref().is_some_and(|offer| offer.status == OfferStatus::Signed);
        let mut signed = offers.iter().filter(|(_, read)| signed(read));
        if let (Some((_, first)), Some((named, second))) = (signed.next(), signed.next()) {
            let message = format!(
                "`{}` and `{}` are both signed, but of their group `{}` at most one offer is accepted",
                clip(first.id.as_str()),
                clip(second.id.as_str()),
                clip(name)
            );
            desk.error(
                Code::Contradiction,
                named.at.clone(),
                message,
                "correct the group or the status of one of them",
            );
        }
    }
}

fn machines(desk: &Desk<'_>, gathered: &Gathered) {
    let ids = site_ids(gathered);
    let known: Option<Vec<&str>> = gathered.models.as_ref().map(|models| models.keys().map(String::as_str).collect());
    let priced = gathered.deck.iter().flat_map(|deck| &deck.models);
    let owned = gathered.lots.iter().filter_map(|lot| lot.model.as_ref());
    if let (Some(known), Some(models)) = (&known, &gathered.models) {
        for named in owned.chain(priced).filter(|named| !models.contains_key(&named.name)) {
            desk.unknown_id("ASIC model", named, known.iter().copied());
        }
    }
    for named in gathered.lots.iter().filter_map(|lot| lot.site.as_ref()) {
        if !ids.contains(named.name.as_str()) {
            desk.unknown_id("site", named, ids.iter().copied());
        }
    }
    let sites: BTreeMap<&SiteId, &Site> =
        gathered.sites.iter().filter_map(|read| read.site.as_ref()).map(|site| (&site.id, site)).collect();
    let mut loads: BTreeMap<(&SiteId, Cooling), (GrossMw, &Named)> = BTreeMap::new();
    for read in &gathered.lots {
        let (Some(lot), Some(named)) = (&read.lot, &read.model) else { continue };
        let model = gathered.models.as_ref().and_then(|models| models.get(&named.name)).and_then(Option::as_ref);
        let (Some(site), Some(model)) = (sites.get(&lot.site), model) else { continue };
        let gross = model.power.gross(site.mining.overhead) * lot.count.count();
        loads.entry((&lot.site, model.cooling)).or_insert((GrossMw::ZERO, named)).0 += gross;
    }
    for ((id, cooling), (load, named)) in loads {
        if let Some(site) = sites.get(id) {
            racks(desk, site, cooling, load, named);
        }
    }
}

/// Machines that fit no rack of their site, or more machines than racks.
fn racks(desk: &Desk<'_>, site: &Site, cooling: Cooling, load: GrossMw, named: &Named) {
    let halls = site.halls.iter().filter(|hall| hall.cooling == cooling);
    let spare = if cooling == Cooling::Air { site.mining.spare_racks } else { GrossMw::ZERO };
    let racks = halls.map(|hall| hall.racks() * f64::from(hall.count)).sum::<GrossMw>() + spare;
    let kind = match cooling {
        Cooling::Air => "air-cooled",
        Cooling::Hydro => "hydro-cooled",
        Cooling::Immersion => "immersion-cooled",
    };
    let id = clip(site.id.as_str());
    if racks.get() <= 0.0 {
        let message =
            format!("`{}` is {kind}, but `{id}` has no rack for it: the machines cannot run there", clip(&named.name));
        desk.warning(Code::Doubtful, named.at.clone(), message, "correct `cooling` of a hall or of the model");
    } else if load.get() > racks.get() * (1.0 + 1e-9) {
        let message = format!(
            "the {kind} machines at `{id}` draw {} with cooling and losses ({}), more than its racks for them, {}",
            megawatts(load.get()),
            shown_overhead(site.mining.overhead),
            megawatts(racks.get())
        );
        desk.warning(
            Code::Doubtful,
            named.at.clone(),
            message,
            "not all of them can run; check the counts and the halls",
        );
    }
}

fn shown_overhead(overhead: Share) -> String {
    format!("overhead {overhead}")
}
