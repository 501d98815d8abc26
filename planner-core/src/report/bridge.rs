//! The NPV bridge: from keep-mining to the plan, stream by stream.

use super::streams::Stream;
use super::waterfall::{Step, steps};
use crate::plan::Plan;
use crate::plan::ledger::{LedgerLine, discount_factor, present_value};
use crate::units::{Cents, Usd};

/// Present value of plan less twin by stream: it starts at the NPV of the twin's ledger and ends at that of the plan's,
/// to the cent. Cents that rounding leaves over go to the streams whose fractions come next.
#[must_use]
pub fn bridge(plan: &Plan) -> Vec<Step> {
    let calendar = &plan.inputs.calendar;
    let value = |ledger: &[LedgerLine], stream: Stream| -> f64 {
        let lines = ledger.iter().filter(|line| Stream::of(&line.category) == stream);
        lines.map(|line| line.amount_cents.usd() * discount_factor(calendar, line.period, line.rate)).sum()
    };
    let any =
        |stream: &Stream| plan.ledger.iter().chain(&plan.twin.ledger).any(|line| Stream::of(&line.category) == *stream);
    let streams: Vec<Stream> = Stream::ALL.into_iter().filter(any).collect();
    let usd: Vec<f64> =
        streams.iter().map(|stream| value(&plan.ledger, *stream) - value(&plan.twin.ledger, *stream)).collect();
    let start = present_value(calendar, &plan.twin.ledger).0;
    let end = present_value(calendar, &plan.ledger).0;
    steps(start, streams.into_iter().zip(apportioned(&usd, end - start)))
}

/// Dollars as cents that add up to a sum: each within a cent of its own, when the sum is theirs.
fn apportioned(usd: &[f64], sum: Cents) -> Vec<Cents> {
    let floor = |usd: f64| Usd::new((usd * 100.0).floor() / 100.0).to_cents();
    let mut cents: Vec<Cents> = usd.iter().map(|usd| floor(*usd)).collect();
    let mut by_fraction: Vec<usize> = (0..usd.len()).collect();
    let fraction = |at: usize| usd[at] * 100.0 - (usd[at] * 100.0).floor();
    by_fraction.sort_by(|a, b| fraction(*b).total_cmp(&fraction(*a)).then(a.cmp(b)));
    let mut rest = sum - cents.iter().copied().sum();
    for at in by_fraction {
        let one = Cents(rest.0.signum());
        cents[at] += one;
        rest = rest - one;
    }
    // More than a cent for each: the sum is not theirs, and the largest carries it.
    let largest = (0..usd.len()).max_by(|a, b| usd[*a].abs().total_cmp(&usd[*b].abs()));
    if let Some(largest) = largest {
        cents[largest] += rest;
    }
    cents
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn it_adds_up_to_the_cent() {
        for plan in [sample::plan(), sample::with_everything(), sample::with_sites(7)] {
            let steps = bridge(&plan);
            assert_eq!(steps[0].from, plan.twin_npv_usd.0);
            assert_eq!(steps.last().unwrap().to, plan.npv_usd.0);
            assert_eq!(steps.iter().map(Step::amount).sum::<Cents>(), plan.uplift_usd.0);
            assert!(steps.windows(2).all(|pair| pair[0].to == pair[1].from));
        }
    }

    #[test]
    fn each_step_is_its_stream_within_a_cent() {
        let plan = sample::with_everything();
        for step in bridge(&plan) {
            let of = |ledger: &[LedgerLine]| {
                let lines = ledger.iter().filter(|line| Stream::of(&line.category) == step.stream);
                present_value(&plan.inputs.calendar, lines).0
            };
            let alone = of(&plan.ledger) - of(&plan.twin.ledger);
            assert!((step.amount() - alone).0.abs() <= 2, "{:?}: {:?} is not {alone:?}", step.stream, step.amount());
        }
    }

    #[test]
    fn cents_left_over_go_to_the_largest_fractions() {
        assert_eq!(apportioned(&[0.006, 0.007, -0.003], Cents(1)), [Cents(0), Cents(1), Cents(0)]);
        assert_eq!(apportioned(&[1.0, 2.0], Cents(300)), [Cents(100), Cents(200)]);
        assert_eq!(apportioned(&[], Cents(0)), []);
        assert_eq!(apportioned(&[1.0, 2.0], Cents(299)).iter().copied().sum::<Cents>(), Cents(299));
        assert_eq!(apportioned(&[f64::NAN, 2.0], Cents(200)).len(), 2, "absurd ledgers do no harm");
    }
}
