//! Names of invented sites: two plain words, the same for the same place in the list.

use super::draw::{Draw, For};

const FIRST: [&str; 40] = [
    "Alder", "Amber", "Ash", "Aspen", "Birch", "Bluff", "Bright", "Broad", "Cedar", "Clear", "Copper", "Crow", "Dry",
    "Eagle", "Elk", "Elm", "Fern", "Flint", "Fox", "Gold", "Green", "Hawk", "Hazel", "Heron", "High", "Iron",
    "Juniper", "Larch", "Long", "Maple", "Mill", "Oak", "Otter", "Pine", "Red", "Salt", "Silver", "Stone", "Timber",
    "Willow",
];

const SECOND: [&str; 40] = [
    "Basin", "Bay", "Bend", "Branch", "Bridge", "Brook", "Canyon", "Creek", "Crossing", "Dale", "Falls", "Field",
    "Flat", "Ford", "Forge", "Gap", "Glen", "Grove", "Harbor", "Hill", "Hollow", "Island", "Junction", "Lake",
    "Landing", "Ledge", "Meadow", "Mesa", "Mill", "Point", "Prairie", "Quay", "Rapids", "Ridge", "Rock", "Run",
    "Springs", "Station", "Valley", "Wells",
];

/// Names for all sites of a portfolio.
pub(super) struct Names(u32);

impl Names {
    /// Which name comes first depends on the seed.
    pub fn new(seed: u64) -> Self {
        Self(Draw::new(seed, For::Names, 0).between(0, 1599))
    }

    /// The name of a site; every one is different.
    pub fn name(&self, index: u32) -> String {
        // 1600 pairs, each met once in a round.
        let at = (index + self.0) % 1600;
        let first = FIRST[(at % 40) as usize];
        let second = SECOND[((at + at / 40) % 40) as usize];
        match index / 1600 {
            0 => format!("{first} {second}"),
            round => format!("{first} {second} {}", round + 1),
        }
    }
}

/// What a name is as an id.
pub(super) fn id(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_site_has_a_name_of_its_own() {
        let names = Names::new(5);
        let all: BTreeSet<String> = (0..5000).map(|index| id(&names.name(index))).collect();
        assert_eq!(all.len(), 5000);
    }
}
