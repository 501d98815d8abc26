//! Dates by quarter, counted from the start of the horizon.

/// Year in which every horizon starts, on 1 January.
pub(super) const START_YEAR: u32 = 2027;

/// First day of a quarter; 0 begins on 2027-01-01.
pub(super) fn first_day(quarter: u32) -> String {
    format!("{}-{:02}-01", START_YEAR + quarter / 4, quarter % 4 * 3 + 1)
}

/// Last day of a quarter.
pub(super) fn last_day(quarter: u32) -> String {
    let end = ["03-31", "06-30", "09-30", "12-31"][(quarter % 4) as usize];
    format!("{}-{end}", START_YEAR + quarter / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_have_days() {
        assert_eq!((first_day(0), last_day(0)), ("2027-01-01".to_owned(), "2027-03-31".to_owned()));
        assert_eq!((first_day(6), last_day(7)), ("2028-07-01".to_owned(), "2028-12-31".to_owned()));
    }
}
