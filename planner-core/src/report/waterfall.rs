//! The cash-flow waterfall: undiscounted cash of all years, stream by stream, from nil to net cash.

use super::by_year::{total, years};
use super::streams::Stream;
use crate::plan::Plan;
use crate::units::Cents;

/// One step of a waterfall or a bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What it adds.
    pub stream: Stream,
    /// Before it.
    pub from: Cents,
    /// After it.
    pub to: Cents,
}

impl Step {
    /// What it adds.
    #[must_use]
    pub fn amount(&self) -> Cents {
        self.to - self.from
    }
}

/// Steps from a start, each with what it adds.
#[must_use]
pub fn steps(start: Cents, amounts: impl IntoIterator<Item = (Stream, Cents)>) -> Vec<Step> {
    let mut from = start;
    let step = |(stream, amount): (Stream, Cents)| {
        let step = Step { stream, from, to: from + amount };
        from = step.to;
        step
    };
    amounts.into_iter().map(step).collect()
}

/// Cash of the plan by stream, streams without any left out. The last step ends at the net cash of the ledger.
#[must_use]
pub fn waterfall(plan: &Plan) -> Vec<Step> {
    let total = total(&years(plan, &plan.ledger));
    let amounts = Stream::ALL.into_iter().map(|stream| (stream, total.of(stream)));
    steps(Cents::ZERO, amounts.filter(|(_, amount)| *amount != Cents::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn it_ends_at_the_net_cash_of_the_ledger() {
        let plan = sample::with_everything();
        let steps = waterfall(&plan);
        let cash: Cents = plan.ledger.iter().filter(|line| line.category.is_cash()).map(|line| line.amount_cents).sum();
        assert_eq!(steps.last().unwrap().to, cash);
        assert_eq!(steps.iter().map(Step::amount).sum::<Cents>(), cash);
        assert!(steps.windows(2).all(|pair| pair[0].to == pair[1].from));
        let capital = steps.iter().find(|step| step.stream == Stream::Capital).unwrap();
        assert_eq!(-capital.amount(), plan.capital_usd.0);
    }
}
