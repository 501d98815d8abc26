//! A site: what it is, and its file.

use std::fmt::Write;

use super::date::{START_YEAR, first_day};
use super::draw::{Draw, For};
use super::extras;
use super::names::{self, Names};
use super::place::{Energy, PLACES, Place};

/// Kind of machine that the racks of a hall take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cooling {
    Air,
    Hydro,
    Immersion,
}

impl Cooling {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Air => "air",
            Self::Hydro => "hydro",
            Self::Immersion => "immersion",
        }
    }
}

/// What a hall is used for today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Our machines.
    Mine,
    /// Nothing: ground to build on.
    Pad,
    /// Machines of a customer.
    Customer,
}

/// A group of halls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub id: &'static str,
    pub holds: Use,
    pub count: u32,
    /// Of each hall.
    pub megawatts: u32,
    pub cooling: Cooling,
    pub retrofits: &'static [&'static str],
}

/// What is known of a site before its file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Site {
    pub id: String,
    pub name: String,
    pub place: &'static Place,
    /// Year at whose end the lease ends; `None`: owned.
    pub leased_until: Option<u32>,
    pub groups: Vec<Group>,
    /// Connection and firm power of today, and from a quarter on.
    pub today: (u32, u32),
    pub step: Option<(u32, u32, u32)>,
    /// Cooling and loss, in per cent of machine power.
    pub overhead: u32,
    /// Whether it has finer facts.
    pub extras: bool,
}

impl Site {
    /// Firm power once all steps are done.
    pub fn firm(&self) -> u32 {
        self.step.map_or(self.today.1, |(_, _, firm)| firm)
    }

    /// Connection once all steps are done.
    pub fn most(&self) -> u32 {
        self.step.map_or(self.today.0, |(_, connection, _)| connection)
    }

    /// Mining halls, in MW.
    pub fn mines(&self) -> u32 {
        self.groups.iter().filter(|group| group.holds == Use::Mine).map(|group| group.count * group.megawatts).sum()
    }
}

/// Halls of one size of site: how many MW in all, MW of a hall.
struct Size {
    megawatts: (u32, u32),
    hall: &'static [u32],
}

/// Connections of 70 sites of eleven public miners: a quarter below 40 MW, half below 100, a tenth above 500.
/// Halls: 5 to 10 MW in small air-cooled sites, 16 to 30 in large ones, up to 50 on new campuses (assumed).
const SIZES: [(u32, Size); 4] = [
    (25, Size { megawatts: (10, 36), hall: &[5, 6, 8, 10] }),
    (42, Size { megawatts: (40, 120), hall: &[10, 15, 16, 20] }),
    (23, Size { megawatts: (120, 300), hall: &[20, 25, 30] }),
    (10, Size { megawatts: (300, 600), hall: &[25, 30, 40, 50] }),
];

/// Part of the connection that is firm: rural sites with interruptible contracts have none, most have some (assumed).
const FIRM: [(u32, u32); 6] = [(12, 0), (12, 30), (16, 50), (20, 70), (15, 85), (25, 100)];

/// Invents a site, one of `share` in a hundred with finer facts.
pub(super) fn invent(seed: u64, index: u32, share: u32, names: &Names) -> Site {
    let mut draw = Draw::new(seed, For::Site, index);
    let place = draw.weighted(&PLACES);
    let size = draw.weighted(&SIZES);
    let name = names.name(index);
    // Two of five mines stand on leased ground, with 5 to 35 years to go.
    let leased_until = draw.chance(40).then(|| START_YEAR + draw.between(4, 35));
    let mut groups = halls(&mut draw, size, index > 0);
    let mines: u32 =
        groups.iter().filter(|group| group.holds == Use::Mine).map(|group| group.count * group.megawatts).sum();
    let all: u32 = groups.iter().map(|group| group.count * group.megawatts).sum();
    let firm = *draw.weighted(&FIRM);
    // Pads wait for their connection in three of five cases: energisation within three years.
    let later = all > mines && draw.chance(60);
    let (today, step) = if later {
        let now = mines.max(5);
        ((now, now * firm / 100), Some((draw.between(2, 11), all.max(now), all.max(now) * firm.max(40) / 100)))
    } else {
        ((all, all * firm / 100), None)
    };
    let overhead = draw.between(3, 8);
    let (extras, customer) = extras::has(seed, index, share);
    if customer && groups[0].holds == Use::Mine && groups[0].count > 2 {
        // One hall of the rows is let to another miner.
        groups[0].count -= 1;
        groups.insert(1, Group { id: "customer", holds: Use::Customer, count: 1, ..groups[0].clone() });
    }
    Site { id: names::id(&name), name, place, leased_until, groups, today, step, overhead, extras }
}

fn halls(draw: &mut Draw, size: &Size, may_be_new: bool) -> Vec<Group> {
    let megawatts = draw.between(size.megawatts.0, size.megawatts.1);
    let hall = *draw.pick(size.hall);
    let pad = |count, megawatts| Group {
        id: "pad",
        holds: Use::Pad,
        count,
        megawatts,
        cooling: Cooling::Air,
        retrofits: &["liquid-new-build", "powered-shell"],
    };
    // New ground with a connection and no mine: a tenth of the large sites.
    if may_be_new && megawatts > 100 && draw.chance(10) {
        return vec![pad((megawatts / 30).max(1), 30)];
    }
    let mut groups = vec![];
    let rows = (megawatts / hall).max(1);
    // One large site in four has a hall of water-cooled or immersed machines.
    let wet = rows > 2 && draw.chance(25);
    let retrofits: &[&str] = if hall < 12 { &["air-colo", "modular-liquid"] } else { &["air-colo", "liquid-hpc"] };
    let count = if wet { rows - 1 } else { rows };
    groups.push(Group { id: "rows", holds: Use::Mine, count, megawatts: hall, cooling: Cooling::Air, retrofits });
    if wet {
        let cooling = if draw.chance(60) { Cooling::Hydro } else { Cooling::Immersion };
        groups.push(Group {
            id: "wet",
            holds: Use::Mine,
            count: 1,
            megawatts: hall,
            cooling,
            retrofits: &["modular-liquid"],
        });
    }
    if draw.chance(30) {
        groups.push(pad(draw.between(1, rows.min(6)), draw.between(2, 3) * 10));
    }
    groups
}

/// The file of a site.
pub(super) fn file(seed: u64, index: u32, site: &Site) -> String {
    // Behind the draws of its facts; a series that neither repeats nor moves them.
    let mut draw = Draw::new(seed, For::SiteFigures, index);
    let Place { state, country, market, region, energy, building } = site.place;
    let connection = site.most();
    let extras = extras::lines(seed, index, site);
    let mut text = format!(
        "# Invented: a generated portfolio.\nname = \"{}\"\nlocation = {{ state = \"{state}\", country = \"{country}\", \
         market = \"{market}\", region = \"{region}\" }}\n",
        site.name
    );
    let mut say = |line: String| {
        text += &line;
        text.push('\n');
    };
    match site.leased_until {
        None => say("tenure = \"owned\"".to_owned()),
        // 10 to 30 kUSD a year and MW (assumed).
        Some(year) => {
            let rent = connection * draw.between(10, 30);
            say(format!("tenure = {{ leased_until = {year}-12-31, rent = \"{rent} kUSD/year\" }}"));
        }
    }
    say(format!("hosting_fixed_cost = \"{} kUSD/year\"", 400 + connection * draw.between(3, 6)));
    say(format!("cost_factor = \"{} %\"", draw.between(building.0, building.1)));
    say(format!("{}confidence = \"assumed\"\n\n[power]", extras.head));
    power(&mut draw, site, *energy, &mut say);
    say(format!("{}\n[mining]", extras.power));
    // Fleets that answer the grid's call run nine hours of ten.
    say(format!("uptime = \"{} %\"", draw.between(91, 97)));
    say(format!("overhead = \"{} %\"", site.overhead));
    if site.mines() > 60 && draw.chance(30) {
        say(format!("spare_racks = \"{} MW\"", draw.between(2, 6)));
    }
    say(format!("fixed_cost = \"{} kUSD/year\"", 300 + connection * draw.between(6, 12)));
    for group in &site.groups {
        say(hall(group, &extras.customer));
    }
    overrides(&mut draw, site, &mut say);
    text
}

fn power(draw: &mut Draw, site: &Site, energy: Energy, say: &mut impl FnMut(String)) {
    let steps = |now: u32, later: Option<(u32, u32)>| match later {
        None => format!("\"{now} MW\""),
        Some((quarter, then)) => format!(
            "[{{ from = 2026-12-31, power = \"{now} MW\" }}, {{ from = {}, power = \"{then} MW\" }}]",
            first_day(quarter)
        ),
    };
    let (connection, firm) = site.today;
    say(format!("connection = {}", steps(connection, site.step.map(|(quarter, then, _)| (quarter, then)))));
    say(format!("firm = {}", steps(firm, site.step.map(|(quarter, _, then)| (quarter, then)))));
    say(match energy {
        Energy::Deck(name) => format!("energy_price = {{ deck = \"{name}\" }}"),
        Energy::Fixed(low, high) => format!("energy_price = \"{} USD/MWh\"", draw.between(low, high)),
    });
    // Charges of US and Québec tariffs for large users: 3 to 7 USD a kW and month; for firmness up to 1 (assumed).
    say(format!("demand_charge = \"{} USD/MW-month\"", draw.between(25, 70) * 100));
    if draw.chance(40) {
        say(format!("firm_charge = \"{} USD/MW-month\"", draw.between(2, 10) * 100));
    }
}

fn hall(group: &Group, customer: &str) -> String {
    let word = match group.holds {
        Use::Mine => "mining",
        Use::Pad => "pad",
        Use::Customer => "third-party",
    };
    let retrofits: Vec<String> = group.retrofits.iter().map(|id| format!("\"{id}\"")).collect();
    let mut text = format!("\n[[hall]]\nid = \"{}\"\nuse = \"{}\"\n", group.id, word);
    let _ = writeln!(text, "count = {}\nhall_power = \"{} MW\"", group.count, group.megawatts);
    if group.holds == Use::Customer {
        text += customer;
    }
    if group.holds != Use::Pad {
        let _ = writeln!(text, "cooling = \"{}\"", group.cooling.word());
    }
    let _ = write!(text, "retrofits = [{}]", retrofits.join(", "));
    text
}

/// Transformers take 128 weeks, unless the mine has them: so do half of the sites, and a quarter ordered them in time.
fn overrides(draw: &mut Draw, site: &Site, say: &mut impl FnMut(String)) {
    let months = match draw.between(1, 4) {
        1 | 2 => 0,
        3 => draw.between(6, 15),
        _ => return,
    };
    for retrofit in ["liquid-hpc", "liquid-new-build", "modular-liquid", "powered-shell"] {
        if site.groups.iter().any(|group| group.retrofits.contains(&retrofit)) {
            say(format!("\n[overrides.{retrofit}]\nphases = {{ transformer-order = \"{months} months\" }}"));
        }
    }
}
