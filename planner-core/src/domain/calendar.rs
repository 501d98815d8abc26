//! Time: whole months counted from the portfolio's start, grouped into periods.

use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Hours, Months};

/// A month, counted from the month of the portfolio's start. May be negative
/// (before the start) or beyond the horizon (run-off).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Month(pub i32);

impl Month {
    /// The month `offset` later.
    #[must_use]
    pub fn plus(self, offset: Months) -> Self {
        Self(self.0.saturating_add(i32::try_from(offset.0).unwrap_or(i32::MAX)))
    }
}

/// A period `0 … N-1`; `N` itself stands for the horizon date `D_N`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Period(pub u32);

impl Period {
    /// As an index into per-period tables.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodLength {
    /// One month.
    Month,
    /// Three months.
    Quarter,
    /// Twelve months.
    Year,
}

impl PeriodLength {
    /// How many months it has.
    #[must_use]
    pub const fn months(self) -> i32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }
}

/// The planning calendar. `start` is the first of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Calendar {
    /// `D_0`.
    pub start: Date,
    /// Length of a period.
    pub period: PeriodLength,
    /// `N`.
    pub periods: u32,
    /// Last day on which a conversion may start.
    pub latest_start: Date,
}

impl Calendar {
    /// All periods, in order.
    pub fn all_periods(&self) -> impl Iterator<Item = Period> + use<> {
        (0..self.periods).map(Period)
    }

    /// Periods in which a conversion may start.
    pub fn start_periods(&self) -> impl Iterator<Item = Period> + '_ {
        self.all_periods().filter(|p| self.period_start(*p) <= self.latest_start)
    }

    /// The horizon `D_N` as a period: where end values are dated.
    #[must_use]
    pub const fn horizon(&self) -> Period {
        Period(self.periods)
    }

    /// The first month after the horizon.
    #[must_use]
    pub fn horizon_month(&self) -> Month {
        self.first_month(self.horizon())
    }

    /// The last month of the horizon.
    #[must_use]
    pub fn last_month(&self) -> Month {
        Month(self.horizon_month().0 - 1)
    }

    /// The first month of a period.
    #[must_use]
    pub fn first_month(&self, period: Period) -> Month {
        Month(i32::try_from(period.0).unwrap_or(i32::MAX).saturating_mul(self.period.months()))
    }

    /// The months of a period.
    pub fn months_of(&self, period: Period) -> impl Iterator<Item = Month> + use<> {
        let first = self.first_month(period).0;
        (first..first + self.period.months()).map(Month)
    }

    /// The period of a month inside the horizon; `None` before or after it.
    #[must_use]
    pub fn period_of(&self, month: Month) -> Option<Period> {
        let period = u32::try_from(month.0.div_euclid(self.period.months())).ok()?;
        (period < self.periods).then_some(Period(period))
    }

    /// The first day of a month, saturating at the ends of the civil calendar.
    #[must_use]
    pub fn month_start(&self, month: Month) -> Date {
        self.start.saturating_add(month.0.clamp(-100_000, 100_000).months())
    }

    /// The first day of a period (`D_p`).
    #[must_use]
    pub fn period_start(&self, period: Period) -> Date {
        self.month_start(self.first_month(period))
    }

    /// The first day of the first period that begins on or after a date; `None` after the last one.
    #[must_use]
    pub fn first_start_from(&self, date: Date) -> Option<Date> {
        self.all_periods().map(|period| self.period_start(period)).find(|start| *start >= date)
    }

    /// The first day of the last period that begins before a date; that of the horizon, if none does.
    #[must_use]
    pub fn period_start_before(&self, date: Date) -> Date {
        let starts = self.all_periods().map(|period| self.period_start(period));
        starts.take_while(|start| *start < date).last().unwrap_or(self.start)
    }

    /// The month that contains a date.
    #[must_use]
    pub fn month_of(&self, date: Date) -> Month {
        let months = |d: Date| i32::from(d.year()) * 12 + i32::from(d.month());
        Month(months(date) - months(self.start))
    }

    /// The first month whose first day is on or after a date: dates bind in whole months.
    #[must_use]
    pub fn month_from(&self, date: Date) -> Month {
        let month = self.month_of(date);
        if date.day() == 1 { month } else { Month(month.0 + 1) }
    }

    /// The first month whose first day lies after a date: what lasts until that day ends with it.
    #[must_use]
    pub fn month_after(&self, date: Date) -> Month {
        Month(self.month_of(date).0 + 1)
    }

    /// Days of a month.
    #[must_use]
    pub fn days_in_month(&self, month: Month) -> i32 {
        i32::from(self.month_start(month).days_in_month())
    }

    /// Hours of a month.
    #[must_use]
    pub fn hours_in_month(&self, month: Month) -> Hours {
        Hours(f64::from(self.days_in_month(month)) * 24.0)
    }

    /// Days from `D_0` to a date.
    #[must_use]
    pub fn days_from_start(&self, date: Date) -> i32 {
        days_between(self.start, date)
    }

    /// Years from `D_0` at which the cash of a period is discounted: the
    /// middle of the period, or the horizon date itself for `period = N`.
    #[must_use]
    pub fn discount_years(&self, period: Period) -> f64 {
        let from = self.days_from_start(self.period_start(period));
        if period >= self.horizon() {
            return f64::from(from) / 365.0;
        }
        let to = self.days_from_start(self.period_start(Period(period.0 + 1)));
        (f64::from(from) + f64::from(to - from) / 2.0) / 365.0
    }
}

/// Days from one date to a later one (negative when earlier).
#[must_use]
pub fn days_between(from: Date, to: Date) -> i32 {
    // The span between two civil dates is at most some 7.3 million days.
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn quarters() -> Calendar {
        Calendar {
            start: date(2027, 1, 1),
            period: PeriodLength::Quarter,
            periods: 40,
            latest_start: date(2030, 12, 31),
        }
    }

    #[test]
    fn months_and_periods_agree() {
        let calendar = quarters();
        assert_eq!(calendar.period_of(Month(5)), Some(Period(1)));
        assert_eq!(calendar.period_of(Month(-1)), None);
        assert_eq!(calendar.period_of(Month(120)), None);
        assert_eq!(calendar.month_of(date(2027, 9, 30)), Month(8));
        assert_eq!(calendar.month_from(date(2027, 9, 30)), Month(9));
        assert_eq!(calendar.month_from(date(2027, 10, 1)), Month(9));
        assert_eq!(calendar.days_in_month(Month(13)), 29, "February 2028");
        assert_eq!(calendar.start_periods().count(), 16);
    }

    #[test]
    fn cash_is_discounted_from_the_middle_of_its_period() {
        let calendar = quarters();
        assert!((calendar.discount_years(Period(0)) - 45.0 / 365.0).abs() < 1e-12);
        assert!((calendar.discount_years(Period(40)) - 3653.0 / 365.0).abs() < 1e-12);
    }
}
