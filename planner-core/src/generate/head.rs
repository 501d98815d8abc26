//! `portfolio.toml`: dates, rates, pots, rules.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Request;
use super::date::first_day;
use super::draw::{Draw, For};
use super::offer::Offer;
use super::site::Site;

/// Markets in which every deck of the library lets capacity without a contract to liquid-cooled tenants.
const LET: [&str; 7] = ["PJM", "ERCOT", "SPP", "SERC", "Southern", "TVA", "Mid-C"];

/// The file.
pub(super) fn file(request: &Request, sites: &[Site], offers: &[Offer]) -> String {
    let seed = request.seed;
    let mut draw = Draw::new(seed, For::Head, 0);
    let extra = if request.extras > 0 { Extra::new(seed, sites) } else { Extra::default() };
    let (mining, contracted) = (draw.between(13, 17), draw.between(80, 90));
    let mut text = format!(
        r#"# A generated portfolio: {count} invented sites, seed {seed}. Nothing here is a real site, tenant or plan.
format = 1
name = "Generated: {count} sites, seed {seed}"
library = "library"
deck = "{deck}"
source = "invented by `planner generate --sites {count} --seed {seed}`, inside ranges of public figures of miners, 2022 to 2026"
confidence = "assumed"
{merchant}
[horizon]
start = {start}
period = "quarter"
periods = 60
latest_start = 2030-12-31

[money]
discount_rate = "10 %/year"
discount = {{ mining = "{mining} %/year", contracted = "{} %/year", merchant = "12 %/year", corporate = "10 %/year" }}
end_value = "run-off"
capex_escalation = "{} %/year"
power_escalation = "{} %/year"
pool_fee = "1 %"

[moves]
removal = "{} USD/machine"
install = "{} USD/machine"
{moves}"#,
        // Published coupons of 6.1 to 9.25 %; mining is asked for more.
        tenths(contracted),
        // 5.5 % was published for 2025.
        draw.between(3, 5),
        draw.between(1, 3),
        // 40 to 180 USD for deinstalling, freight and reinstalling (unverified).
        draw.between(2, 5) * 10,
        draw.between(3, 6) * 10,
        count = sites.len(),
        deck = draw.weighted(&[(60, "network-reacts"), (20, "flat-hashprice"), (20, "btc-up-50")]),
        start = first_day(0),
        merchant = merchant(sites),
        moves = extra.moves,
    );
    text += &extra.tables;
    text += &pots(&mut draw, sites, offers);
    // A rule that large holders of weak credit have: no tenant beyond half of the load, after a first lease.
    if sites.len() > 4 && draw.chance(50) {
        let free = 60 + 15 * sites.len();
        let _ = write!(
            text,
            "\n[policy]\ntenant = {{ cap = \"{} %\", free = \"{free} MW-IT\" }}\n",
            draw.between(4, 6) * 10
        );
    }
    text
}

fn tenths(value: u32) -> String {
    format!("{}.{}", value / 10, value % 10)
}

/// A little may be built without an offer, where a market takes it (assumed).
fn merchant(sites: &[Site]) -> String {
    let taken = |site: &Site| {
        let halls = site.groups.iter().flat_map(|group| group.retrofits);
        LET.contains(&site.place.market) && halls.into_iter().any(|id| id.contains("liquid"))
    };
    let count = sites.iter().filter(|site| taken(site)).count();
    if count == 0 { String::new() } else { format!("merchant = {{ cap = \"{} MW-IT\" }}\n", 10 + 2 * count) }
}

/// One pot for the region with most sites, where there is one with several; one for everybody. Money for a third of what could
/// be built, 40 to 80 MUSD a site over four years (miners of 10 to 15 sites held 0.5 to 1 BUSD in 2026), and for what is signed.
fn pots(draw: &mut Draw, sites: &[Site], offers: &[Offer]) -> String {
    let mut regions: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, site) in sites.iter().enumerate() {
        regions.entry(site.place.region).or_default().push(index);
    }
    let most = regions.into_iter().max_by_key(|(name, sites)| (sites.len(), std::cmp::Reverse(*name)));
    let (region, home) = most.filter(|(_, home)| home.len() > 1 && sites.len() > 3).unwrap_or_default();
    let signed = |inside: bool| -> u32 {
        let signed = offers.iter().filter_map(|offer| offer.signed);
        signed.filter(|(site, _)| home.contains(site) == inside).map(|(_, load)| load * 6).sum()
    };
    let mut text = String::new();
    if !home.is_empty() {
        let names: Vec<String> = home.iter().map(|index| format!("\"{}\"", sites[*index].id)).collect();
        let eligible = format!("eligible = {{ sites = [{}] }}\n", names.join(", "));
        text += &pot(draw, region, &eligible, home.len(), signed(true));
    }
    text + &pot(
        draw,
        "growth",
        "relieved_by = [\"advance\", \"prepayment\"]\n",
        sites.len() - home.len(),
        signed(false),
    )
}

fn pot(draw: &mut Draw, id: &str, more: &str, sites: usize, signed: u32) -> String {
    let mut text = format!("\n[[pot]]\nid = \"{id}\"\n{more}release = [\n");
    let sites = u32::try_from(sites).unwrap_or(u32::MAX);
    // What is signed is paid for from the start, whatever else is built.
    for (year, more) in [(0, signed + 30), (1, 0), (2, 0), (3, 0)] {
        let amount = sites * draw.between(10, 20) + more;
        let _ = writeln!(text, "  {{ from = {}, amount = \"{amount} MUSD\" }},", first_day(year * 4));
    }
    text + "]\n"
}

/// Crews, moves and storage, where some sites have finer facts.
#[derive(Default)]
struct Extra {
    /// Keys of `[moves]`.
    moves: String,
    /// Tables behind it.
    tables: String,
}

impl Extra {
    fn new(seed: u64, sites: &[Site]) -> Self {
        let mut draw = Draw::new(seed, For::ExtraHead, 0);
        let count = u32::try_from(sites.len()).unwrap_or(u32::MAX);
        // Deinstalling, freight and reinstalling together 40 to 180 USD; 25,000 machines were moved in eight days.
        let (near, days) = (draw.between(15, 30), draw.between(3, 12));
        let far = near + draw.between(10, 40);
        let moves = format!(
            "freight = \"{near} USD/machine\"\nfreight_other_region = \"{far} USD/machine\"\ndowntime = \"{days} days\"\n"
        );
        // A builder has as many crews as campuses: here a hall or so for each site at a time, and a limit on what is energised
        // in a year that binds when money does not (assumed).
        let tables = format!(
            "\n[storage]\ncost = \"{} USD/machine-month\"\n\n[[crew]]\nid = \"builders\"\nscope = \"portfolio\"\nhalls = {}\n\
             energised = \"{} MW-IT/year\"\n",
            draw.between(1, 4),
            4 + count * draw.between(2, 4) / 2,
            120 + count * draw.between(10, 30),
        );
        Self { moves, tables }
    }
}
