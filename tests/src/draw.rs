//! Small portfolios drawn at random for the oracle: four or five sites without machines, so that every plan is a choice
//! of conversions and works. Budget, offers, crews and power are drawn tight.

use std::fmt::Write as _;

use planner_core::portfolio::in_memory::InMemory;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::small;

/// A series of draws.
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// The series of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.0.next_u32() % (high - low + 1)
    }

    /// So in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of a list.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.between(0, u32::try_from(list.len() - 1).unwrap_or(0)) as usize]
    }
}

/// A portfolio of a seed.
#[must_use]
pub fn portfolio(seed: u64) -> InMemory {
    let mut draw = Draw::new(seed);
    let sites: Vec<String> = (0..draw.between(4, 5)).map(|at| format!("s{at}")).collect();
    let blocks: Vec<String> = sites.iter().map(|_| hall(&mut draw)).collect();
    let named: Vec<(&str, &str)> = sites.iter().zip(&blocks).map(|(id, hall)| (id.as_str(), hall.as_str())).collect();
    let latest = *draw.pick(&["2026-01-01", "2026-06-30", "2026-06-30"]);
    let mut files = small::portfolio("2026-01-01", 8, latest, &named);
    files.0.remove("machines.csv");
    for id in &sites {
        let firm = draw.pick(&["20 MW", "20 MW", "10 MW", "15 MW"]);
        let path = format!("sites/{id}.toml");
        small::change(&mut files, &path, "firm = \"20 MW\"", &format!("firm = \"{firm}\""));
        let region = draw.pick(&["west", "east"]);
        small::change(&mut files, &path, "region = \"west\"", &format!("region = \"{region}\""));
        if draw.chance(30) {
            small::change(&mut files, &path, "[power]", "hosting_fixed_cost = \"0.4 MUSD/year\"\n[power]");
        }
        if draw.chance(20) {
            small::change(&mut files, &path, "[power]", "exclusive = true\n[power]");
        }
        if *firm != "20 MW" && draw.chance(40) {
            let cost = draw.between(1, 8);
            let work = format!(
                "[[work]]\nid = \"firming\"\nmonths = \"2 months\"\ncost = \"{cost}.7 MUSD\"\nadds = {{ firm = \"{} MW\" }}\n",
                draw.between(5, 10)
            );
            files.0.entry(path).and_modify(|text| text.push_str(&work));
        }
    }
    retrofits(&mut draw, &mut files);
    offers(&mut draw, &mut files, &sites);
    limits(&mut draw, &mut files);
    files
}

fn hall(draw: &mut Draw) -> String {
    let (count, power) = *draw.pick(&[(1, 20), (1, 10), (2, 10)]);
    let retrofits = *draw.pick(&["\"liquid\"", "\"air\"", "\"air\", \"liquid\""]);
    format!(
        "[[hall]]\nid = \"a\"\nuse = \"pad\"\ncount = {count}\nhall_power = \"{power} MW\"\nretrofits = [{retrofits}]\n"
    )
}

/// Liquid cooling as in `small`, and an air-cooled retrofit that is cheaper, later, and paid once at each site.
fn retrofits(draw: &mut Draw, files: &mut InMemory) {
    let liquid =
        files.0["library/retrofits/liquid.toml"].replace("stops_mining = true", "stops_mining = true\non_site = true");
    let air = liquid
        .replace("name = \"Liquid\"\nclass = \"liquid\"", "name = \"Air\"\nclass = \"air\"")
        .replace("1000 USD/kW-IT", &format!("{} USD/kW-IT", draw.between(5, 8) * 100))
        + &format!(
            "[[cost]]\ncategory = \"network\"\namount = \"0.{} MUSD/site\"\nphase = \"design\"\n",
            draw.between(1, 9)
        );
    files.0.insert("library/retrofits/liquid.toml".to_owned(), liquid);
    files.0.insert("library/retrofits/air.toml".to_owned(), air);
}

fn offers(draw: &mut Draw, files: &mut InMemory, sites: &[String]) {
    files.0.remove("offers/lease.toml");
    for at in 0..draw.between(3, 4) {
        let class = draw.pick(&["liquid", "liquid", "air"]);
        let (min, max) = *draw.pick(&[(8, 16), (16, 16), (8, 8), (16, 32), (8, 24)]);
        let mut text = format!(
            "tenant = \"tenant {at}\"\nclass = \"{class}\"\nsize = {{ min = \"{min} MW-IT\", max = \"{max} MW-IT\" }}\n\
             term = \"{} months\"\nrent = \"{}.{} USD/kW-month\"\n",
            draw.between(9, 15),
            draw.between(70, 140),
            draw.between(1, 9)
        );
        if draw.chance(70) {
            let eligible: Vec<String> =
                sites.iter().filter(|_| draw.chance(60)).map(|id| format!("\"{id}\"")).collect();
            if !eligible.is_empty() {
                let _ = writeln!(text, "sites = [{}]", eligible.join(", "));
            }
        }
        for (percent, line) in [
            (35, "split = true"),
            (30, "exclusive_group = \"one\""),
            (
                25,
                "ready_by = 2026-05-31\nlate = { grace = \"10 days\", damages = \"700 USD/MW-day\", cap = \"30000 USD/MW-IT\" }",
            ),
            (25, "long_stop = 2026-06-30"),
            (20, "tenant_funded = \"20 %\""),
        ] {
            if draw.chance(percent) {
                text.push_str(line);
                text.push('\n');
            }
        }
        files.0.insert(format!("offers/o{at}.toml"), text);
    }
}

fn limits(draw: &mut Draw, files: &mut InMemory) {
    let mut text = String::new();
    if draw.chance(75) {
        let (now, later) = (draw.between(5, 30), draw.between(1, 15));
        let _ = write!(
            text,
            "[[pot]]\nid = \"growth\"\nrelease = [{{ from = 2026-01-01, amount = \"{now}.3 MUSD\" }}, \
             {{ from = 2026-04-01, amount = \"{later} MUSD\" }}]\n"
        );
    }
    if draw.chance(55) {
        let _ = write!(text, "[[crew]]\nid = \"crew\"\nscope = \"portfolio\"\nhalls = {}\n", draw.between(1, 2));
    }
    if draw.chance(30) {
        let _ = write!(
            text,
            "[[crew]]\nid = \"grid\"\nscope = \"portfolio\"\nenergised = \"{} MW-IT/year\"\n",
            draw.between(2, 4) * 8
        );
    }
    files.0.entry("portfolio.toml".to_owned()).and_modify(|head| head.push_str(&text));
}
