//! Machines that change place in a period: what leaves is paired with what arrives, so that none is lost on the way.

use crate::units::MilliMachines;

/// A place: a site or the storage of a region, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Site(usize),
    Storage(usize),
}

/// A place that gives or takes machines of one model in a period.
#[derive(Debug, Clone, Copy)]
pub(super) struct End<'a> {
    pub(super) at: At,
    pub(super) region: &'a str,
    pub(super) count: MilliMachines,
    /// None is to be left behind.
    pub(super) clears: bool,
}

/// Machines that go from one place to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flow {
    pub(super) from: At,
    pub(super) to: At,
    /// Within a region.
    pub(super) near: bool,
    pub(super) count: MilliMachines,
}

/// Up to so many thousandths of a machine may be left over by rounding, and then go along with others.
const LEFT_OVER: i64 = 10;

/// Pairs what leaves with what arrives: within a region first, and storage before sites, because only machines of its
/// own region's sites are stored. What finds no partner stays where it is.
pub(super) fn pair<'a>(mut from: Vec<End<'a>>, mut to: Vec<End<'a>>) -> Vec<Flow> {
    let storage = |end: &End| matches!(end.at, At::Storage(_));
    // Stable: the order of places otherwise stays.
    from.sort_by_key(|end| storage(end));
    to.sort_by_key(|end| !storage(end));
    let mut flows = vec![];
    for near in [true, false] {
        for arrives in &mut to {
            for leaves in &mut from {
                let same = leaves.region == arrives.region;
                let stored = storage(arrives) && (storage(leaves) || !same);
                let count = leaves.count.min(arrives.count);
                if same == near && !stored && count > MilliMachines::ZERO {
                    flows.push(Flow { from: leaves.at, to: arrives.at, near, count });
                    leaves.count.0 -= count.0;
                    arrives.count.0 -= count.0;
                }
            }
        }
    }
    for leaves in from.iter().filter(|end| end.clears && (1..=LEFT_OVER).contains(&end.count.0)) {
        if let Some(last) = flows.iter_mut().rev().find(|flow| flow.from == leaves.at) {
            last.count.0 += leaves.count.0;
        }
    }
    flows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(at: At, region: &str, count: i64) -> End<'_> {
        End { at, region, count: MilliMachines(count), clears: false }
    }

    fn flow(from: At, to: At, near: bool, count: i64) -> Flow {
        Flow { from, to, near, count: MilliMachines(count) }
    }

    #[test]
    fn machines_go_within_their_region_before_they_go_far() {
        let from = vec![end(At::Site(0), "west", 5000), end(At::Site(1), "east", 3000)];
        let to = vec![end(At::Site(2), "east", 4000), end(At::Site(3), "west", 4000)];
        let flows = pair(from, to);
        let expected = [
            flow(At::Site(1), At::Site(2), true, 3000),
            flow(At::Site(0), At::Site(3), true, 4000),
            flow(At::Site(0), At::Site(2), false, 1000),
        ];
        assert_eq!(flows, expected);
    }

    #[test]
    fn only_a_regions_own_sites_send_to_its_storage() {
        let from = vec![end(At::Storage(0), "east", 2000), end(At::Site(0), "west", 3000)];
        let to = vec![end(At::Site(1), "west", 4000), end(At::Storage(1), "west", 1000)];
        let flows = pair(from, to);
        let expected = [
            flow(At::Site(0), At::Storage(1), true, 1000),
            flow(At::Site(0), At::Site(1), true, 2000),
            flow(At::Storage(0), At::Site(1), false, 2000),
        ];
        assert_eq!(flows, expected);
        let nowhere = pair(vec![end(At::Storage(0), "east", 10)], vec![end(At::Storage(1), "west", 10)]);
        assert!(nowhere.is_empty());
    }

    #[test]
    fn a_thousandth_left_over_stays_or_goes_along_where_none_may_stay() {
        let to = || vec![end(At::Site(1), "west", 999)];
        assert_eq!(pair(vec![end(At::Site(0), "west", 1001)], to())[0].count, MilliMachines(999));
        let clears = End { clears: true, ..end(At::Site(0), "west", 1001) };
        assert_eq!(pair(vec![clears], to())[0].count, MilliMachines(1001));
        let many = End { count: MilliMachines(5000), ..clears };
        assert_eq!(pair(vec![many], to())[0].count, MilliMachines(999), "that is no rounding");
    }
}
