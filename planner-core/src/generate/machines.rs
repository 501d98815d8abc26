//! The fleet: eight models, older ones at dearer sites.

use std::fmt::Write;

use super::draw::{Draw, For};
use super::site::{Cooling, Site, Use};

/// A model of the library: W, book value in USD, months left on the books.
struct Model {
    name: &'static str,
    watts: u32,
    cooling: Cooling,
    book: u32,
    months: u32,
}

const fn model(name: &'static str, watts: u32, cooling: Cooling, book: u32, months: u32) -> Model {
    Model { name, watts, cooling, book, months }
}

/// Air-cooled models by age, then the two others. Book values: bought at 14 to 24 USD/TH and written off over four years (assumed).
const MODELS: [Model; 8] = [
    model("Antminer S19j Pro", 3082, Cooling::Air, 100, 4),
    model("Antminer S19k Pro", 2760, Cooling::Air, 300, 12),
    model("Antminer S19 XP", 3010, Cooling::Air, 350, 10),
    model("Antminer T21", 3610, Cooling::Air, 900, 24),
    model("Antminer S21", 3500, Cooling::Air, 1200, 28),
    model("Antminer S21+", 3564, Cooling::Air, 1900, 40),
    model("Antminer S21 Hyd", 5360, Cooling::Hydro, 2200, 30),
    model("Whatsminer M66S", 5513, Cooling::Immersion, 1800, 26),
];

/// How many of the models are air-cooled.
const AIR: u32 = 6;

/// Rows of `machines.csv` for a site, without the header.
pub(super) fn rows(seed: u64, index: u32, site: &Site) -> String {
    let mut draw = Draw::new(seed, For::Machines, index);
    let mut text = String::new();
    for group in site.groups.iter().filter(|group| group.holds == Use::Mine) {
        // Racks are nine tenths full, or all of them.
        let fill = draw.between(88, 100);
        let models: Vec<&Model> = match group.cooling {
            Cooling::Air => {
                // Two neighbours by age share the racks.
                let older = draw.between(0, AIR - 2);
                vec![&MODELS[older as usize], &MODELS[older as usize + 1]]
            }
            wet => MODELS.iter().filter(|model| model.cooling == wet).collect(),
        };
        let first = if models.len() == 1 { 100 } else { draw.between(30, 70) };
        for (model, share) in models.iter().zip([first, 100 - first]) {
            // MW · fill · share over W with overhead; both shares in per cent.
            let power = u64::from(group.count * group.megawatts) * 10_000 * u64::from(fill) * u64::from(share);
            let machine = u64::from(model.watts) * u64::from(100 + site.overhead);
            let count = power / machine / 10 * 10;
            let _ = writeln!(text, "{},{},{count},{},{}", site.id, model.name, model.book, model.months);
        }
    }
    text
}
