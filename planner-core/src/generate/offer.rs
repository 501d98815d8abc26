//! Offers: about two for five sites, each made for a site that could serve it.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::date::{START_YEAR, first_day, last_day};
use super::draw::{Draw, For};
use super::kind::{Bears, KINDS, Kind, Term};
use super::site::Site;

/// How firm an offer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Signed,
    Offered,
    Letter,
}

/// An offer as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    pub id: String,
    pub text: String,
    /// Site and load of a signed one, in MW-IT: its capital must be there.
    pub signed: Option<(usize, u32)>,
}

/// Quarters: the last start leaves two years to those that are ready late.
const LAST_STOP: u32 = 23;

/// How many offers there are for so many sites.
pub(super) fn count(sites: usize) -> u32 {
    u32::try_from(sites * 2 / 5).unwrap_or(u32::MAX).max(1)
}

/// Invents all offers of a portfolio.
pub(super) fn all(seed: u64, sites: &[Site]) -> Vec<Offer> {
    let mut taken = BTreeSet::new();
    let many = count(sites.len());
    (0..many).map(|index| invent(seed, index, many, sites, &mut taken)).collect()
}

fn invent(seed: u64, index: u32, many: u32, sites: &[Site], taken: &mut BTreeSet<usize>) -> Offer {
    let mut draw = Draw::new(seed, For::Offer, index);
    let (kind, anchor) = kind_and_anchor(&mut draw, sites);
    let (site, hall, ratio, halls) = anchor;
    // One lease in twelve is signed: a single air-cooled hall on own ground, so that it can be served in any plan.
    let sure = sites[site].leased_until.is_none()
        && sites[site].today.1 >= hall
        && kind.class == "air"
        && !kind.terms.iter().any(|(_, term)| *term == Term::Split)
        && !taken.contains(&site);
    let status = match draw.between(1, 100) {
        1..=25 if sure => Status::Signed,
        // The first one counts, so that a small portfolio has something to decide.
        91..=100 if index > 0 => Status::Letter,
        _ => Status::Offered,
    };
    let load = |halls: u32| halls * hall * 100 / ratio;
    let (min, max) = if status == Status::Signed {
        taken.insert(site);
        (load(1).max(1), load(1) + 1)
    } else {
        // From half of what the site could serve to all of it, and room for one hall more.
        let most = halls.min((kind.most * ratio / 100 / hall).max(1));
        let wanted = draw.between(most.div_ceil(2), most);
        (load(wanted).max(1), load(wanted + draw.between(0, 1)) + 1)
    };
    let mut text = head(&mut draw, kind, status, (min, max));
    text += &place(&mut draw, kind, status, sites, site);
    text += &window(&mut draw, kind, status, min);
    let terms = terms(&mut draw, kind);
    if status == Status::Signed && !terms.contains("late = ") {
        text += "late = { damages = \"0 USD/MW-day\" }\n";
    }
    text += &terms;
    // Two proposals to one customer: at most one of them is accepted.
    if index % 7 == 3 || (index % 7 == 2 && index + 1 < many) {
        let _ = writeln!(text, "exclusive_group = \"customer-{:03}\"", index / 7 + 1);
    }
    text += "confidence = \"assumed\"\n";
    let prefix = match status {
        Status::Signed => "signed-",
        Status::Offered => "",
        Status::Letter => "loi-",
    };
    let signed = (status == Status::Signed).then_some((site, max));
    Offer { id: format!("{prefix}{}-{:03}", kind.id, index + 1), text, signed }
}

/// A site and a hall group that can serve a kind: site, MW of a hall, ratio, halls that its firm power carries.
type Anchor = (usize, u32, u32, u32);

fn kind_and_anchor(draw: &mut Draw, sites: &[Site]) -> (&'static Kind, Anchor) {
    let last = u32::try_from(sites.len()).unwrap_or(u32::MAX).saturating_sub(1);
    for _ in 0..8 {
        let kind = draw.weighted(&KINDS);
        // The first site from a drawn one that could serve it.
        let from = draw.between(0, last) as usize;
        let mut order = (from..sites.len()).chain(0..from);
        let found = order.find_map(|site| Some((site, serves(&sites[site], kind)?)));
        if let Some((site, (hall, ratio, halls))) = found {
            return (kind, (site, hall, ratio, halls));
        }
    }
    // Nothing is firm anywhere: an offer that cannot be served, for the first site.
    let rows = &sites[0].groups[0];
    let air = KINDS.iter().map(|(_, kind)| kind).find(|kind| kind.class == "air").unwrap_or(&KINDS[0].1);
    (air, (0, rows.megawatts, 140, 1))
}

/// MW of a hall, ratio, and halls that firm power carries, where a site can serve a kind.
fn serves(site: &Site, kind: &Kind) -> Option<(u32, u32, u32)> {
    let term_ends = START_YEAR + LAST_STOP / 4 + kind.months / 12;
    if site.leased_until.is_some_and(|year| year < term_ends) {
        return None;
    }
    site.groups.iter().find_map(|group| {
        let (_, ratio) = kind.retrofits.iter().find(|(id, _)| group.retrofits.contains(id))?;
        let halls = group.count.min(site.firm() / group.megawatts);
        (halls > 0).then_some((group.megawatts, *ratio, halls))
    })
}

fn tenths(value: u32) -> String {
    format!("{}.{}", value / 10, value % 10)
}

fn head(draw: &mut Draw, kind: &Kind, status: Status, (min, max): (u32, u32)) -> String {
    let (word, more) = match status {
        Status::Signed => ("signed", String::new()),
        Status::Offered => ("offered", String::new()),
        Status::Letter => {
            ("letter-of-intent", format!("plan_on = false\nprobability = \"{} %\"\n", draw.between(4, 8) * 10))
        }
    };
    let bears = match kind.bears {
        Bears::Net => ["tenant"; 3],
        Bears::Modified => ["landlord", "tenant", "tenant"],
        Bears::Gross => ["landlord"; 3],
    };
    format!(
        "# Invented: a generated portfolio.\ntenant = \"{}\"\nstatus = \"{word}\"\n{more}size = {{ min = \"{min} MW-IT\", \
         max = \"{max} MW-IT\" }}\nterm = \"{} months\"\nrent = \"{} USD/kW-month\"\nescalator = \"{} %/year\"\n\
         class = \"{}\"\ncosts = {{ operations = \"{}\", property_tax = \"{}\", insurance = \"{}\" }}\nload_factor = \"{} %\"\n\
         discount_rate = \"{} %/year\"\n",
        draw.pick(kind.tenants),
        kind.months,
        draw.between(kind.rent.0, kind.rent.1),
        tenths(draw.between(kind.escalator.0, kind.escalator.1)),
        kind.class,
        bears[0],
        bears[1],
        bears[2],
        draw.between(kind.load.0, kind.load.1),
        tenths(draw.between(kind.rate.0, kind.rate.1)),
    )
}

/// A whole power market, or a few sites: of the market, for a framework of the region.
fn place(draw: &mut Draw, kind: &Kind, status: Status, sites: &[Site], anchor: usize) -> String {
    let here = &sites[anchor];
    let split = kind.terms.iter().any(|(_, term)| *term == Term::Split);
    if status != Status::Signed && !split && draw.chance(45) {
        return format!("markets = [\"{}\"]\n", here.place.market);
    }
    let near = |site: &&Site| {
        if split { site.place.region == here.place.region } else { site.place.market == here.place.market }
    };
    let others = match status {
        Status::Signed => 0,
        _ if split => 5,
        _ => draw.between(0, 3),
    };
    let able = |site: &&Site| site.id != here.id && serves(site, kind).is_some();
    let mut names = vec![format!("\"{}\"", here.id)];
    names.extend(sites.iter().filter(near).filter(able).take(others as usize).map(|site| format!("\"{}\"", site.id)));
    let split = if split { "split = true\n" } else { "" };
    format!("sites = [{}]\n{split}", names.join(", "))
}

/// When the load is wanted, from when it is paid, and when the tenant walks.
fn window(draw: &mut Draw, kind: &Kind, status: Status, min: u32) -> String {
    let ready = draw.between(kind.ready.0, kind.ready.1);
    let mut text = String::new();
    if kind.months >= 120 && draw.chance(50) {
        let _ = writeln!(text, "earliest = {}", first_day(ready - draw.between(2, 4)));
    }
    let stop = if status == Status::Signed { LAST_STOP } else { (ready + draw.between(3, 7)).min(LAST_STOP) };
    let _ = writeln!(text, "ready_by = {}\nlong_stop = {}", last_day(ready), last_day(stop));
    let has = |wanted: Term| kind.terms.iter().find(|(_, term)| *term == wanted).map_or(0, |(percent, _)| *percent);
    if min >= 20 && status == Status::Offered && draw.chance(has(Term::Tranches)) {
        let _ = writeln!(
            text,
            "tranches = [{{ by = {}, min = \"{} MW-IT\" }}, {{ by = {}, min = \"{min} MW-IT\" }}]",
            last_day(ready),
            min * 2 / 5,
            last_day((ready + 2).min(stop))
        );
    }
    text
}

/// Everything else, each term with its chance. Drawn whether it is there or not, so that terms do not move one another.
fn terms(draw: &mut Draw, kind: &Kind) -> String {
    let mut text = String::new();
    let mut say = |line: String| {
        text += &line;
        text.push('\n');
    };
    for (percent, term) in kind.terms {
        let (there, a, b) = (draw.chance(*percent), draw.between(0, 10), draw.between(0, 10));
        if !there {
            continue;
        }
        match term {
            Term::Split | Term::Tranches => {}
            // Published: 30 days of grace; amounts assumed.
            Term::Late => say(format!(
                "late = {{ grace = \"30 days\", damages = \"{} USD/MW-day\", cap = \"{} USD/kW-IT\" }}",
                500 + a * 350,
                100 + b * 40
            )),
            // A fifth of a five-year contract was paid before (2025-11); two to six months are common for weak credit (assumed).
            Term::Prepayment => say(format!(
                "prepayment = {{ months = \"{} months\", paid = \"start\", credited = \"{} %\" }}",
                2 + a * 4 / 10,
                20 + b
            )),
            // 1.5 MUSD/MW-IT lent and credited on half of the bills (2024-06); most of the works paid by the customer.
            Term::Funded => {
                say(format!("tenant_funded = \"{} %\"", 60 + a * 2));
                say(format!(
                    "advance = {{ amount = \"{} MUSD/MW-IT\", paid = \"start\", credited = \"50 %\" }}",
                    tenths(10 + b / 2)
                ));
            }
            Term::Default => say(format!("credit = {{ default = \"{} %/year\" }}", tenths(20 + a * 2))),
            Term::Backstop => {
                say(format!("credit = {{ default = \"{} %/year\", backstop = \"{} %\" }}", tenths(15 + a), 50 + b * 5));
            }
            Term::Renewal => say(format!(
                "renewal = {{ probability = \"{} %\", term = \"60 months\", rent_factor = \"{} %\", count = {} }}",
                40 + a * 4,
                90 + b,
                1 + a % 3
            )),
            Term::Warrants => say(format!("give_up = \"{} USD/kW-IT\"", 100 + a * 40)),
            Term::Ramp => say("ramp = [\"25 %\", \"50 %\", \"75 %\"]".to_owned()),
            Term::Spare => say("density = \"100 kW/rack\"\nredundancy = \"n+1\"".to_owned()),
            Term::PowerIncluded => say("power = \"included\"".to_owned()),
        }
    }
    text
}
