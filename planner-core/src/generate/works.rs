//! Works of a site, and those that sites of a region share.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::draw::{Draw, For};
use super::site::Site;

/// `[[work]]` tables of a site.
pub(super) fn own(seed: u64, index: u32, site: &Site) -> String {
    let mut text = String::new();
    if !site.extras {
        return text;
    }
    let mut draw = Draw::new(seed, For::Works, index);
    let (connection, firm) = (site.most(), site.firm());
    let most = site.groups.iter().map(|group| group.megawatts).max().unwrap_or(0);
    // Transformers of high voltage take 128 to 144 weeks to come, but the bay for them can be built before; a substation costs
    // 0.25 to 0.6 MUSD/MW-IT (unverified).
    let (more, price, months) = (draw.between(1, 3) * most, draw.between(18, 40), draw.between(18, 33));
    if draw.chance(40) {
        work(&mut text, "study", draw.between(2, 6), draw.between(1, 6) * 100, "");
        let adds = format!("after = [\"study\"]\nadds = {{ connection = \"{more} MW\", firm = \"{more} MW\" }}\n");
        work(&mut text, "substation", months, more * price * 10, &adds);
    }
    // Firm power where the contract is interruptible: reserves and tariffs, less than a new line (assumed).
    let (share, price, months) = (draw.between(30, 100), draw.between(30, 90), draw.between(6, 18));
    let more = (connection - firm) * share / 100;
    if more > 0 && draw.chance(50) {
        work(&mut text, "firming", months, more * price, &format!("adds = {{ firm = \"{more} MW\" }}\n"));
    }
    // A second route of fibre, or water, which only larger campuses need: never the first two halls.
    let (beyond, cost, months) = ((connection / 3).max(2 * most), draw.between(15, 60) * 100, draw.between(5, 12));
    if draw.chance(40) {
        let what = draw.pick(&["fibre", "water"]);
        work(&mut text, what, months, cost, &format!("needed_by = {{ beyond = \"{beyond} MW\" }}\n"));
    }
    // Ten to twenty years more on leased ground.
    let (years, cost) = (draw.between(10, 20), draw.between(5, 30) * 100);
    if let Some(until) = site.leased_until
        && draw.chance(60)
    {
        let adds = format!("adds = {{ tenure_until = {}-12-31 }}\n", until + years);
        work(&mut text, "longer-lease", 2, cost, &adds);
    }
    text
}

fn work(text: &mut String, id: &str, months: u32, thousands: u32, more: &str) {
    let _ =
        write!(text, "\n[[work]]\nid = \"{id}\"\nmonths = \"{months} months\"\ncost = \"{thousands} kUSD\"\n{more}");
}

/// Files of works that two or more sites of a region share: a line that brings power to the first three, and a ring of
/// fibre for larger loads.
pub(super) fn shared(seed: u64, sites: &[Site]) -> BTreeMap<String, String> {
    let mut regions: BTreeMap<&str, Vec<&Site>> = BTreeMap::new();
    for site in sites.iter().filter(|site| site.extras) {
        regions.entry(site.place.region).or_default().push(site);
    }
    let mut files = BTreeMap::new();
    for (index, (region, sites)) in (0..).zip(regions.iter().filter(|(_, sites)| sites.len() > 1)) {
        let mut draw = Draw::new(seed, For::SharedWorks, index);
        let some = &sites[..sites.len().min(3)];
        let more = draw.between(2, 6) * 10;
        let adds: Vec<String> = some
            .iter()
            .map(|site| format!("  {{ site = \"{}\", connection = \"{more} MW\", firm = \"{more} MW\" }},\n", site.id))
            .collect();
        let count = u32::try_from(some.len()).unwrap_or(3);
        files.insert(
            format!("works/{region}-line.toml"),
            format!(
                "# Invented: a generated portfolio.\nname = \"Line in {region}\"\nmonths = \"{} months\"\ncost = \"{} kUSD\"\n\
                 adds = [\n{}]\n",
                draw.between(24, 36),
                count * more * draw.between(12, 25) * 10,
                adds.concat()
            ),
        );
        let names: Vec<String> = some.iter().map(|site| format!("\"{}\"", site.id)).collect();
        let halls = some.iter().flat_map(|site| &site.groups).map(|group| group.megawatts).max().unwrap_or(0);
        files.insert(
            format!("works/{region}-fibre.toml"),
            format!(
                "# Invented: a generated portfolio.\nname = \"Fibre in {region}\"\nmonths = \"{} months\"\ncost = \"{} kUSD\"\n\
                 needed_by = {{ sites = [{}], beyond = \"{} MW\" }}\n",
                draw.between(9, 15),
                draw.between(30, 90) * 100,
                names.join(", "),
                count * 2 * halls
            ),
        );
    }
    files
}
