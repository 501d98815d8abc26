//! What a ledger line is worth: its present value, less what the prices of `budget` and `policy_mix` take of it.

use super::prices::{Prices, month};
use crate::audit::budget::{ONE_DOLLAR, pot_of};
use crate::audit::case::Case;
use crate::audit::money::Told;
use crate::audit::{npv, policy_mix};
use crate::domain::calendar::Period;
use crate::domain::money::{Class, Pot, Relief};
use crate::plan::ledger::{Category, LedgerLine};
use crate::units::{Cents, Share};

/// Dollars of present value for the dollars of a line.
pub(super) struct Worth<'a> {
    case: &'a Case<'a>,
    /// By period, the horizon included.
    years: Vec<f64>,
    /// Of a dollar of the total asked for.
    total: f64,
    /// Of a dollar charged to a pot in a period.
    pots: Vec<Vec<f64>>,
    /// Of a dollar of the policy's surplus in a period.
    mix: Vec<f64>,
    /// Price × limit, over all of them.
    pub(super) limits: f64,
}

impl<'a> Worth<'a> {
    pub(super) fn new(case: &'a Case<'a>, prices: &mut Prices) -> Self {
        let calendar = &case.fleet.calendar;
        let years = (0..=calendar.periods).map(|period| npv::years(case.fleet, Period(period))).collect();
        let mut worth = Self { case, years, total: 0.0, pots: vec![], mix: vec![], limits: 0.0 };
        if let Some(total) = case.settings.budget {
            worth.total = prices.take("budget", "total");
            worth.limits += worth.total * (total.to_cents() + ONE_DOLLAR).usd();
        } else {
            worth.pots = case.fleet.pots.iter().map(|pot| worth.pot(pot, prices)).collect();
        }
        worth.mix(prices);
        worth
    }

    /// By period, the prices of all rows in which what is charged to a pot then counts.
    fn pot(&mut self, pot: &Pot, prices: &mut Prices) -> Vec<f64> {
        let calendar = &self.case.fleet.calendar;
        let so_far = |period: Period| {
            pot.release.iter().take_while(move |release| release.from <= calendar.period_start(period))
        };
        let mut charged: Vec<f64> = calendar.all_periods().map(|_| 0.0).collect();
        for period in calendar.all_periods() {
            let next = Period(period.0 + 1);
            let windows = |at: Period| so_far(at).count();
            if !pot.carry_over && next < calendar.horizon() && windows(next) == windows(period) {
                continue;
            }
            let price = prices.take("budget", &format!("{},{}", pot.id, month(calendar, period)));
            let released: Cents = if pot.carry_over {
                so_far(period).map(|release| release.amount.to_cents()).sum()
            } else {
                so_far(period).last().map_or(Cents::ZERO, |release| release.amount.to_cents())
            };
            self.limits += price * (released + ONE_DOLLAR).usd();
            for (at, sum) in calendar.all_periods().zip(&mut charged) {
                if at <= period && (pot.carry_over || windows(at) == windows(period)) {
                    *sum += price;
                }
            }
        }
        charged
    }

    fn mix(&mut self, prices: &mut Prices) {
        let Some(policy) = self.case.policies.mix else { return };
        let calendar = &self.case.fleet.calendar;
        let year = |period: Period| calendar.period_start(period).year();
        let counts = |period: &Period| calendar.period_start(*period) >= policy.from;
        let mut years: Vec<(i16, f64)> = vec![];
        for period in calendar.all_periods().filter(counts) {
            if years.last().is_none_or(|(last, _)| *last != year(period)) {
                let price = prices.take("policy_mix", &year(period).to_string());
                self.limits += price * policy_mix::ONE_DOLLAR;
                years.push((year(period), price));
            }
        }
        let price = |period: Period| {
            let of_year = years.iter().find(|(of, _)| *of == year(period)).filter(|_| counts(&period));
            of_year.map_or(0.0, |(_, price)| *price)
        };
        self.mix = calendar.all_periods().map(price).collect();
    }

    /// The discount factor of a class in a period.
    pub(super) fn factor(&self, class: Class, period: Period) -> f64 {
        self.discount(self.case.fleet.money.rates.of(class), period)
    }

    fn discount(&self, rate: Share, period: Period) -> f64 {
        libm::pow(1.0 + rate.0, -self.years.get(period.index()).copied().unwrap_or(0.0))
    }

    /// What a dollar of a line is worth.
    fn of_dollar(&self, line: &LedgerLine) -> f64 {
        let mut worth = self.discount(line.rate, line.period);
        let at = |prices: &Vec<f64>| prices.get(line.period.index()).copied().unwrap_or(0.0);
        if self.case.settings.budget.is_some() {
            worth += if line.category.is_capital() { self.total } else { 0.0 };
        } else if let Some(pot) = self.charged(line) {
            worth += self.pots.get(pot).map_or(0.0, at);
        }
        if let Some(policy) = self.case.policies.mix {
            match line.category {
                Category::Rent | Category::MerchantRent => worth += policy.share.rest() * at(&self.mix),
                Category::MiningRevenue | Category::BallastRevenue => worth -= policy.share.0 * at(&self.mix),
                _ => {}
            }
        }
        worth
    }

    /// The pot that a line is charged to or relieves.
    fn charged(&self, line: &LedgerLine) -> Option<usize> {
        let relief = match line.category {
            Category::Advance => Some(Relief::Advance),
            Category::Prepayment => Some(Relief::Prepayment),
            _ => None,
        };
        if !line.category.is_capital() && relief.is_none() {
            return None;
        }
        let pot = pot_of(self.case.fleet, line)?;
        let counts = relief.is_none_or(|relief| pot.relieved_by.contains(&relief));
        self.case.fleet.pots.iter().position(|own| own.id == pot.id).filter(|_| counts)
    }

    /// Of lines of one unit; where a line may have another amount, of the better one.
    pub(super) fn of(&self, told: &[Told]) -> f64 {
        let best = |told: &Told| {
            let dollar = self.of_dollar(&told.line);
            (dollar * told.line.amount_cents.usd()).max(dollar * told.other.usd())
        };
        told.iter().map(best).sum()
    }

    /// What the rounding of lines to cents may add, once they are multiplied by a count that is not whole.
    pub(super) fn of_half_cents(&self, told: &[Told]) -> f64 {
        told.iter().map(|told| 0.005 * self.of_dollar(&told.line).abs()).sum()
    }

    /// Whether some pot pays for all capital of lines.
    pub(super) fn paid_for(&self, told: &[Told]) -> bool {
        self.case.settings.budget.is_some()
            || self.case.fleet.pots.is_empty()
            || told.iter().all(|told| !told.line.category.is_capital() || pot_of(self.case.fleet, &told.line).is_some())
    }
}
