//! Where an alternative flips, on a grid of steps: the nearest two steps between which it is proved to.
//!
//! With `f = NPV with the alternative − NPV without it`, known to lie between two bounds wherever it is asked for, a step
//! is *for* it where `f > 0` is proved, and *against* it where `f < 0` is. Newton's method gives the next steps to ask
//! for: where a straight line through the lower bound, and one through the upper, say that the sign is settled. A step that
//! stays open is answered by a longer one.

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

/// What is said of the step where things stand, before any question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum First {
    /// Proved.
    Known(Margin),
    /// Likely: it tells where to ask, but no sign.
    Likely(Margin),
}

/// Questions after which the search says what it knows.
const PATIENCE: usize = 16;
/// What another question may gain is at least the resolution divided by this.
const WORTHWHILE: i64 = 4;
/// By what share of their distance bounds jump.
const JUMP: f64 = 0.25;

/// A side that is to be proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Pays,
    Against,
}

/// A straight line through one bound: where it is, its value there, its slope.
#[derive(Debug, Clone, Copy)]
struct Line {
    at: i64,
    value: f64,
    slope: f64,
    /// How often a step that such a line led to stayed open.
    misses: u32,
}

impl Line {
    /// Where it crosses zero, to the side that is to be proved. Bounds lie as far apart as a search is content with, and so
    /// jump by a part of that distance: after each miss the line is followed so much further.
    #[allow(clippy::cast_possible_truncation)]
    fn settled(self, side: Side, apart: f64) -> i64 {
        let way = -self.value / self.slope;
        let further = f64::from(self.misses) * JUMP * apart / self.slope;
        // Float to integer saturates.
        match side {
            Side::Pays => self.at.saturating_add((way + further).floor() as i64).saturating_add(1),
            Side::Against => self.at.saturating_add((way - further).ceil() as i64).saturating_sub(1),
        }
    }
}

struct Search {
    steps: Steps,
    against: Option<i64>,
    pays: Option<i64>,
    asked: BTreeSet<i64>,
    /// Through the lower and the upper bound of the latest steps where they are known with a slope.
    least: Option<Line>,
    most: Option<Line>,
}

/// Finds where `f` changes its sign; `None` where it does not, or no sign could be proved. `f` rises with the steps.
pub(crate) fn flip<E>(
    steps: Steps,
    first: First,
    mut ask: impl FnMut(i64) -> Result<Margin, E>,
) -> Result<Option<Flip>, E> {
    let mut search = Search { steps, against: None, pays: None, asked: BTreeSet::new(), least: None, most: None };
    match first {
        First::Known(margin) => search.learn(steps.now, margin, None),
        First::Likely(margin) => search.draw(steps.now, margin, None),
    }
    for _ in 0..PATIENCE {
        let Some((next, side)) = search.next() else { break };
        let margin = ask(next)?;
        search.learn(next, margin, side);
    }
    Ok(search.against.zip(search.pays).map(|(against, pays)| Flip { against, pays }))
}

impl Search {
    /// What a step says, to which a line led that was to prove a side.
    fn learn(&mut self, step: i64, margin: Margin, side: Option<Side>) {
        self.asked.insert(step);
        if margin.least > 0.0 {
            self.pays = Some(self.pays.map_or(step, |known| known.min(step)));
        }
        if margin.most < 0.0 {
            self.against = Some(self.against.map_or(step, |known| known.max(step)));
        }
        self.draw(step, margin, side);
    }

    /// Lines through a step, where its slope is known.
    fn draw(&mut self, step: i64, margin: Margin, side: Option<Side>) {
        let Some(slope) = margin.slope.filter(|slope| *slope > 0.0) else { return };
        let through = |before: Option<Line>, value: f64, of: Side, proved: bool| {
            let stayed_open = u32::from(side == Some(of) && !proved);
            let misses = before.map_or(0, |line| line.misses) + stayed_open;
            if value.is_finite() { Some(Line { at: step, value, slope, misses }) } else { before }
        };
        self.least = through(self.least, margin.least, Side::Pays, margin.least > 0.0);
        self.most = through(self.most, margin.most, Side::Against, margin.most < 0.0);
    }

    /// The next step to ask for; `None` when it is settled or cannot be.
    fn next(&self) -> Option<(i64, Option<Side>)> {
        if let (Some(against), Some(pays)) = (self.against, self.pays)
            && pays - against <= 1
        {
            return None;
        }
        match (self.least, self.most) {
            (Some(least), Some(most)) => self.along(least, most),
            _ if self.asked.is_empty() => Some((self.steps.now, None)),
            _ => self.fresh(self.halfway()?).map(|next| (next, None)),
        }
    }

    /// A step that has not been asked for.
    fn fresh(&self, step: i64) -> Option<i64> {
        let step = step.clamp(self.steps.first, self.steps.last);
        (!self.asked.contains(&step)).then_some(step)
    }

    /// Where straight lines have settled the sign; `None` when both sides are known about as near as that.
    fn along(&self, least: Line, most: Line) -> Option<(i64, Option<Side>)> {
        #[allow(clippy::cast_precision_loss)]
        let apart = (most.value + least.slope * (least.at - most.at) as f64 - least.value).max(0.0);
        let (above, below) = (least.settled(Side::Pays, apart), most.settled(Side::Against, apart));
        // From a to b, of all that is open between two ends.
        let worthwhile = |a: i64, b: i64, (low, high): (i64, i64)| {
            let (gain, width) = (b.saturating_sub(a), high.saturating_sub(low));
            gain > 0 && gain.saturating_mul(WORTHWHILE) >= width
        };
        let higher = self.pays.is_none_or(|known| worthwhile(above, known, (below, known)));
        let lower = self.against.is_none_or(|known| worthwhile(known, below, (known, self.pays.unwrap_or(above))));
        let wanted = [(above, Side::Pays, higher), (below, Side::Against, lower)];
        let mut wanted = wanted.into_iter().filter(|(.., wanted)| *wanted);
        let (next, side) = wanted.find_map(|(step, side, _)| Some((self.fresh(step)?, side)))?;
        // A line that leads beyond what is known is of no use any more.
        let beyond = self.pays.is_some_and(|known| next >= known) || self.against.is_some_and(|known| next <= known);
        if beyond { Some((self.fresh(self.halfway()?)?, None)) } else { Some((next, Some(side))) }
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
        let found = flip(steps, First::Known(margin(steps.now)), |step| {
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
    fn what_is_likely_saves_a_question_and_proves_nothing() {
        let f = |x: i64| 2.0 * x as f64 - 501.0;
        let search = |likely: f64| {
            let mut asked = vec![];
            let margin = |least: f64| Margin { least, most: least, slope: Some(2.0) };
            let found = flip(STEPS, First::Likely(margin(likely)), |step| {
                asked.push(step);
                Ok::<_, ()>(margin(f(step)))
            });
            (found.unwrap(), asked)
        };
        let flips = Some(Flip { against: 250, pays: 251 });
        assert_eq!(search(f(100)), (flips, vec![251, 250]));
        // Where things stand it pays, they say, and does not.
        assert_eq!(search(1.0).0, flips);
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

    /// Solves end within a gap: both bounds jump from step to step.
    #[test]
    fn bounds_that_jump_cost_few_questions() {
        for seed in 0..200_i64 {
            let jump = |step: i64, side: i64| ((step * 7919 + side * 104_729 + seed * 31) % 997) as f64 / 997.0 * 60.0;
            let asked = RefCell::new(0);
            let margin = |step: i64| {
                let value = 2.0 * step as f64 - 3001.0;
                let (least, most) = (value - jump(step, 1), value + jump(step, 2));
                Margin { least, most, slope: Some(2.0) }
            };
            let found = flip(STEPS, First::Known(margin(STEPS.now)), |step| {
                *asked.borrow_mut() += 1;
                Ok::<_, ()>(margin(step))
            });
            let Flip { against, pays } = found.unwrap().unwrap();
            assert!(margin(against).most < 0.0 && margin(pays).least > 0.0);
            // 60 each side at most: 60 steps.
            assert!(pays - against <= 120 && asked.into_inner() <= 9, "{seed}: {against} {pays}");
        }
    }

    #[test]
    fn what_never_flips_or_cannot_be_proved_is_not_claimed() {
        assert_eq!(search(STEPS, 0.0, |x| x - 20_000.0, |_| Some(1.0)).0, None, "beyond the last step");
        assert_eq!(search(STEPS, 0.0, |_| -1.0, |_| None).0, None);
        assert_eq!(search(STEPS, 1e9, |x| x - 200.0, |_| Some(1.0)).0, None, "the gap is wider than the steps");
    }
}
