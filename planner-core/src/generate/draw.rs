//! Draws that are the same on every machine: whole numbers from `ChaCha8`, without a float.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a series of draws is for. Each thing draws from a series of its own, so that neither their number nor what is
/// drawn for one changes another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    /// Names of sites.
    Names = 1,
    /// A site.
    Site = 2,
    /// Machines of a site.
    Machines = 3,
    /// An offer.
    Offer = 4,
    /// Dates, money and rules.
    Head = 5,
    /// Prices and charges of a site.
    SiteFigures = 6,
    /// Whether a site has finer facts, and which halls are let.
    Extras = 7,
    /// Those finer facts.
    ExtraFigures = 8,
    /// Works of a site.
    Works = 9,
    /// Works of a region.
    SharedWorks = 10,
    /// Crews, moves and storage.
    ExtraHead = 11,
}

/// One series of draws.
pub(super) struct Draw(ChaCha8Rng);

impl Draw {
    /// The series of one thing.
    pub fn new(seed: u64, what: For, index: u32) -> Self {
        let mut key = *b"........portfolio of the planner";
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut rng = ChaCha8Rng::from_seed(key);
        rng.set_stream((what as u64) << 32 | u64::from(index));
        Self(rng)
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        let count = u64::from(high.saturating_sub(low)) + 1;
        let step = (u64::from(self.0.next_u32()) * count) >> 32;
        // Less than `count`, which fits.
        low + u32::try_from(step).unwrap_or(0)
    }

    /// Whether something is so that is so in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of a list, all alike.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let greatest = u32::try_from(list.len()).unwrap_or(u32::MAX).saturating_sub(1);
        &list[self.between(0, greatest) as usize]
    }

    /// One of a list, by weight.
    pub fn weighted<'a, T>(&mut self, list: &'a [(u32, T)]) -> &'a T {
        let sum: u32 = list.iter().map(|(weight, _)| weight).sum();
        let mut left = self.between(1, sum.max(1));
        for (weight, item) in list {
            if left <= *weight {
                return item;
            }
            left -= weight;
        }
        &list[0].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_those_of_every_version() {
        let mut draw = Draw::new(7, For::Site, 3);
        let first: Vec<u32> = (0..6).map(|_| draw.between(1, 100)).collect();
        assert_eq!(first, FIRST);
        let mut other = Draw::new(7, For::Site, 4);
        assert_ne!((0..6).map(|_| other.between(1, 100)).collect::<Vec<_>>(), first);
    }

    const FIRST: [u32; 6] = [32, 51, 95, 94, 30, 96];

    #[test]
    fn bounds_and_weights_are_kept() {
        let mut draw = Draw::new(1, For::Offer, 0);
        let drawn: Vec<u32> = (0..200).map(|_| draw.between(3, 5)).collect();
        assert!([3, 4, 5].iter().all(|n| drawn.contains(n)) && drawn.iter().all(|n| (3..=5).contains(n)));
        assert!((0..50).all(|_| *draw.weighted(&[(0, 'a'), (2, 'b'), (0, 'c')]) == 'b'));
        assert!((0..50).all(|_| !draw.chance(0)) && (0..50).all(|_| draw.chance(100)));
    }
}
