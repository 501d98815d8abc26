//! Where an alternative flips, on a grid of steps: the nearest two steps between which it is proved to.
//!
//! With `f = NPV with the alternative − NPV without it`, known to lie between two bounds wherever it is asked for, a step
//! is *for* it where `f > 0` is proved, and *against* it where `f < 0` is. Newton's method gives the next steps to ask
//! for: where a straight line through both bounds says that the sign is settled.

use std::collections::BTreeSet;

/// What is known of `f` at a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Margin {
    /// `f` is at least so much.
    pub(crate) least: f64,
    /// `f` is at most so much.
    pub(crate) most: f64,
    /// By how much `f` rises with a step, the decisions held; `None` where that is not known.
    pub(crate) slope: Option<f64>,
}

/// Steps that may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Steps {
    /// Where things stand.
    pub(crate) now: i64,
    /// None below.
    pub(crate) first: i64,
    /// None above.
    pub(crate) last: i64,
    /// As near as is wanted where no slope is known.
    pub(crate) fine: i64,
}

/// Two steps between which an alternative flips; the distance is the resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Flip {
    /// Here it is proved not to pay.
    pub(crate) against: i64,
    /// Here it is proved to pay.
    pub(crate) pays: i64,
}

/// Questions after which the search says what it knows.
const PATIENCE: usize = 16;

struct Search {
    steps: Steps,
    against: Option<i64>,
    pays: Option<i64>,
    asked: BTreeSet<i64>,
    /// The latest step with a slope.
    line: Option<(i64, Margin)>,
}

/// Finds where `f` changes its sign; `None` where it does not, or no sign could be proved. `f` rises with the steps.
pub(crate) fn flip<E>(
    steps: Steps,
    now: Option<Margin>,
    mut ask: impl FnMut(i64) -> Result<Margin, E>,
) -> Result<Option<Flip>, E> {
    let mut search = Search { steps, against: None, pays: None, asked: BTreeSet::new(), line: None };
    if let Some(margin) = now {
        search.learn(steps.now, margin);
    }
    for _ in 0..PATIENCE {
        let Some(next) = search.next() else { break };
        let margin = ask(next)?;
        search.learn(next, margin);
    }
    Ok(search.against.zip(search.pays).map(|(against, pays)| Flip { against, pays }))
}

impl Search {
    fn learn(&mut self, step: i64, margin: Margin) {
        self.asked.insert(step);
        if margin.least > 0.0 {
            self.pays = Some(self.pays.map_or(step, |known| known.min(step)));
        }
        if margin.most < 0.0 {
            self.against = Some(self.against.map_or(step, |known| known.max(step)));
        }
        if margin.slope.is_some_and(|slope| slope > 0.0) && margin.least.is_finite() && margin.most.is_finite() {
            self.line = Some((step, margin));
        }
    }

    /// The next step to ask for; `None` when it is settled or cannot be.
    fn next(&self) -> Option<i64> {
        if let (Some(against), Some(pays)) = (self.against, self.pays)
            && pays - against <= 1
        {
            return None;
        }
        if self.asked.is_empty() {
            return Some(self.steps.now);
        }
        let next = match self.line {
            Some((at, margin)) => self.along(at, margin)?,
            None => self.halfway()?,
        };
        let next = next.clamp(self.steps.first, self.steps.last);
        (!self.asked.contains(&next)).then_some(next)
    }

    /// Where a straight line has settled the sign; `None` when both sides are known as near as that.
    #[allow(clippy::cast_possible_truncation)]
    fn along(&self, at: i64, margin: Margin) -> Option<i64> {
        let slope = margin.slope.unwrap_or(1.0);
        // Float to integer saturates.
        let above = at.saturating_add((-margin.least / slope).floor() as i64).saturating_add(1);
        let below = at.saturating_add((-margin.most / slope).ceil() as i64).saturating_sub(1);
        let next = if self.pays.is_none_or(|known| known > above) {
            above
        } else if self.against.is_none_or(|known| known < below) {
            below
        } else {
            return None;
        };
        // A line that leads beyond what is known is of no use any more.
        let beyond = self.pays.is_some_and(|known| next >= known) || self.against.is_some_and(|known| next <= known);
        if beyond { self.halfway() } else { Some(next) }
    }

    /// The end of the steps where one side is missing; else between the two sides, by the geometric mean of their
    /// distances from where things stand as long as these differ much.
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
    fn halfway(&self) -> Option<i64> {
        let Steps { now, first, last, fine } = self.steps;
        let (against, pays) = match (self.against, self.pays) {
            (Some(against), Some(pays)) if pays - against <= fine => return None,
            (Some(against), Some(pays)) => (against, pays),
            (Some(_), None) => return Some(last),
            (None, Some(_)) => return Some(first),
            (None, None) => return None,
        };
        // What stayed open lies between: each side is brought closer to it.
        let open = || self.asked.range(against + 1..pays);
        let (against, pays) = match (open().next(), open().next_back()) {
            (Some(first), _) if first - against > fine => (against, *first),
            (_, Some(last)) if pays - last > fine => (*last, pays),
            (Some(_), Some(_)) => return None,
            _ => (against, pays),
        };
        let (near, far) = if (against - now).abs() < (pays - now).abs() { (against, pays) } else { (pays, against) };
        let (close, distant) = ((near - now).abs().max(fine), (far - now).abs());
        if distant <= 4 * close {
            return Some(i64::midpoint(against, pays));
        }
        let between = (close as f64 * distant as f64).sqrt() as i64;
        Some(if far > now { now + between } else { now - between })
    }
}

#[cfg(test)]
#[allow(clippy::cast_precision_loss, clippy::panic)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    const STEPS: Steps = Steps { now: 100, first: 0, last: 10_000, fine: 1 };

    /// Searches `f`, known within `gap`, and counts the questions.
    fn search(
        steps: Steps,
        gap: f64,
        f: impl Fn(f64) -> f64,
        slope: impl Fn(f64) -> Option<f64>,
    ) -> (Option<Flip>, usize) {
        let asked = RefCell::new(0);
        let margin = |step: i64| {
            let (x, value) = (step as f64, f(step as f64));
            Margin { least: value - gap, most: value + gap, slope: slope(x) }
        };
        let found = flip(steps, Some(margin(steps.now)), |step| {
            *asked.borrow_mut() += 1;
            Ok::<_, ()>(margin(step))
        });
        (found.unwrap(), asked.into_inner())
    }

    #[test]
    fn a_straight_line_takes_two_questions_and_is_as_fine_as_its_gap() {
        let (found, asked) = search(STEPS, 0.0, |x| 2.0 * x - 501.0, |_| Some(2.0));
        assert_eq!((found, asked), (Some(Flip { against: 250, pays: 251 }), 2));
        // Known within 30 each side: 15 steps.
        let (found, asked) = search(STEPS, 30.0, |x| 2.0 * x - 501.0, |_| Some(2.0));
        assert_eq!((found, asked), (Some(Flip { against: 235, pays: 266 }), 2));
    }

    #[test]
    fn a_convex_function_is_approached_from_above() {
        // Slopes 1 and 5; the root is at 220.
        let f = |x: f64| f64::max(x - 300.0, 5.0 * (x - 220.0));
        let slope = |x: f64| Some(if x - 300.0 > 5.0 * (x - 220.0) { 1.0 } else { 5.0 });
        let (found, asked) = search(STEPS, 0.0, f, slope);
        assert!(asked <= 6, "{asked}");
        let Some(Flip { against, pays }) = found else { panic!("nothing found") };
        assert!(f(against as f64) < 0.0 && f(pays as f64) > 0.0 && pays - against <= 2, "{against} {pays}");
    }

    #[test]
    fn without_a_slope_it_is_searched_by_halves() {
        let (found, _) = search(STEPS, 0.0, |x| if x > 777.0 { 1.0 } else { -1.0 }, |_| None);
        assert_eq!(found, Some(Flip { against: 777, pays: 778 }));
        let far = Steps { now: 170, first: 0, last: 17_000, fine: 1 };
        let (found, asked) = search(far, 0.0, |x| if x >= 320.0 { 1.0 } else { -1.0 }, |_| None);
        assert_eq!(found, Some(Flip { against: 319, pays: 320 }));
        assert!(asked <= 16, "{asked}");
        // Where neither sign is proved, the nearest steps on both sides where one is.
        let f = |x: f64| {
            if x >= -1.0 {
                1.0
            } else if x <= -3.0 {
                -1.0
            } else {
                0.0
            }
        };
        let (found, _) = search(Steps { now: 0, first: -48, last: 0, fine: 1 }, 0.0, f, |_| None);
        assert_eq!(found, Some(Flip { against: -3, pays: -1 }));
        let (found, asked) = search(far, 0.0, |_| -1.0, |_| None);
        assert_eq!((found, asked), (None, 1), "the last step settles it");
        let down = Steps { now: 0, first: -48, last: 0, fine: 1 };
        let (found, _) = search(down, 0.0, |x| if x >= -5.0 { 1.0 } else { -1.0 }, |_| None);
        assert_eq!(found, Some(Flip { against: -6, pays: -5 }));
    }

    #[test]
    fn what_never_flips_or_cannot_be_proved_is_not_claimed() {
        assert_eq!(search(STEPS, 0.0, |x| x - 20_000.0, |_| Some(1.0)).0, None, "beyond the last step");
        assert_eq!(search(STEPS, 0.0, |_| -1.0, |_| None).0, None);
        assert_eq!(search(STEPS, 1e9, |x| x - 200.0, |_| Some(1.0)).0, None, "the gap is wider than the steps");
    }
}
