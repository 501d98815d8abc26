//! What an alternative is worth: the best plan with it beside the best plan without it, under any change of one figure.

use super::alternative::Alternative;
use super::flip::{Flip, Margin, Steps, flip};
use super::lever::{Changed, Lever};
use crate::audit::{judge, settled};
use crate::domain::Fleet;
use crate::domain::offer::Offer;
use crate::domain::policy::LockKind;
use crate::options::enumerate;
use crate::plan::ledger::present_value;
use crate::plan::{Decisions, Plan, Settings};
use crate::solve::{Best, Beyond, Run, SolveError, best};
use crate::units::Cents;

/// What an NPV lies between, and decisions worth the lesser.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) npv: Cents,
    pub(crate) bound: Cents,
    pub(crate) decisions: Decisions,
    start: Option<Best>,
}

impl From<Best> for Known {
    fn from(best: Best) -> Self {
        Self { npv: best.npv, bound: best.bound, decisions: best.decisions.clone(), start: Some(best) }
    }
}

impl From<&Plan> for Known {
    fn from(plan: &Plan) -> Self {
        Self { npv: plan.npv_usd.0, bound: plan.bound_usd.0, decisions: plan.decisions.clone(), start: None }
    }
}

/// Questions about one plan.
pub(crate) struct Questions<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) run: &'a Run<'a>,
}

/// An alternative with its two sides; a side is `None` where no plan exists.
pub(crate) struct Sides {
    pub(crate) with: Option<Known>,
    pub(crate) without: Option<Known>,
}

/// Changes the terms of the offer that is asked about; the search begins at this step.
pub(crate) type Terms<'a> = (&'a (dyn Fn(&mut Offer) + Sync), i64);

impl Questions<'_> {
    /// The best plan under other facts.
    pub(crate) fn best(
        &self,
        fleet: &Fleet,
        settings: &Settings,
        start: Option<&Known>,
        beyond: Option<Beyond>,
    ) -> Result<Option<Known>, SolveError> {
        let start = start.and_then(|known| known.start.as_ref());
        Ok(best(fleet, settings, self.plan.twin_npv_usd.0, start, beyond, self.run)?.map(Known::from))
    }

    fn locked(
        &self,
        kind: LockKind,
        (fleet, settings, of): (&Fleet, &Settings, &Alternative),
        start: Option<&Known>,
        beyond: Option<Beyond>,
    ) -> Result<Option<Known>, SolveError> {
        let mut fleet = fleet.clone();
        fleet.locks.push(of.lock(kind));
        self.best(&fleet, settings, start, beyond)
    }

    /// Both sides as things are. The plan itself is one of them.
    pub(crate) fn sides(&self, of: &Alternative) -> Result<Sides, SolveError> {
        let facts = (&self.plan.inputs, &self.plan.settings, of);
        let own = Some(Known::from(self.plan));
        if self.plan.decisions.conversions.iter().any(|conversion| Alternative::of(conversion) == *of) {
            Ok(Sides { with: own, without: self.locked(LockKind::Forbid, facts, None, None)? })
        } else {
            Ok(Sides { with: self.locked(LockKind::Force, facts, None, None)?, without: own })
        }
    }

    /// Where an alternative flips when one figure changes, as steps of the lever; with other terms of its offer, if
    /// any. `None` where it does not or that cannot be told.
    pub(crate) fn flip(
        &self,
        lever: Lever,
        of: &Alternative,
        sides: &Sides,
        terms: Option<Terms>,
    ) -> Result<Option<Flip>, SolveError> {
        let (fleet, settings) = (&self.plan.inputs, &self.plan.settings);
        // What every plan has never flips: where it no longer fits there is no plan at all.
        if sides.without.is_none() {
            return Ok(None);
        }
        let Some(range) = lever.range(fleet, settings, of) else { return Ok(None) };
        let Some(now) = lever.changed(fleet, settings, of, range.now) else { return Ok(None) };
        let local = lever.is_local(&now.fleet, &enumerate(&now.fleet, &now.settings), &now.alternative);
        let fixed = if local { sides.without.as_ref() } else { None };
        let latest = sides.with.clone();
        let drawn = terms.is_none();
        let mut scale =
            Scale { questions: self, lever, of, terms, fixed, drawn, latest, latest_without: None, paid: None };
        let (from, known) = match (terms, &sides.with) {
            (None, Some(with)) => (range.now, Some(scale.learn(range.now, with, sides.without.as_ref()))),
            (None, None) => (range.now, Some(NEVER)),
            (Some((_, from)), _) => (from, None),
        };
        let turned = |steps: i64| if lever.helps() { steps } else { -steps };
        let steps = if lever.helps() {
            Steps { now: from, ..range }
        } else {
            Steps { now: -from, first: -range.last, last: -range.first, fine: range.fine }
        };
        let found = flip(steps, known, |step| scale.ask(turned(step)))?;
        Ok(found.map(|found| Flip { against: turned(found.against), pays: turned(found.pays) }))
    }
}

/// No plan holds it.
const NEVER: Margin = Margin { least: f64::NEG_INFINITY, most: f64::NEG_INFINITY, slope: None };
/// No plan does without it.
const ALWAYS: Margin = Margin { least: f64::INFINITY, most: f64::INFINITY, slope: None };

/// One lever pulled for one alternative.
struct Scale<'a> {
    questions: &'a Questions<'a>,
    lever: Lever,
    of: &'a Alternative,
    terms: Option<Terms<'a>>,
    /// The side without it, where the lever does not touch it.
    fixed: Option<&'a Known>,
    /// Whether a step is known with its slope: then it is enough to know which side another one is on.
    drawn: bool,
    /// The latest plans, where the next search may start.
    latest: Option<Known>,
    latest_without: Option<Known>,
    /// The latest step at which it pays, its plan, and what no plan without it is worth more than.
    paid: Option<(i64, Known, Cents)>,
}

impl Scale<'_> {
    fn changed(&self, steps: i64) -> Option<Changed> {
        let plan = self.questions.plan;
        let mut changed = self.lever.changed(&plan.inputs, &plan.settings, self.of, steps)?;
        if let Some((terms, _)) = self.terms {
            let name = changed.alternative.offer.clone();
            changed.fleet.offers.iter_mut().filter(|offer| offer.id == name).for_each(terms);
        }
        Some(changed)
    }

    fn ask(&mut self, steps: i64) -> Result<Margin, SolveError> {
        let Some(changed) = self.changed(steps) else { return Ok(NEVER) };
        if let Some(settled) = self.settled_already(steps, &changed) {
            return Ok(settled);
        }
        let facts = (&changed.fleet, &changed.settings, &changed.alternative);
        // Without a slope only the sign counts: the second side need not be known further.
        let sign =
            |other: &Known| self.lever.nudge().is_none().then_some(Beyond { below: other.npv, above: other.bound });
        let started = self.latest.as_ref().filter(|known| known.start.is_some());
        let beyond = self.fixed.and_then(sign);
        let with = self.questions.locked(LockKind::Force, facts, started, beyond)?;
        let Some(with) = with else { return Ok(NEVER) };
        let without = match self.fixed {
            Some(fixed) => Some(fixed.clone()),
            None => self.questions.locked(LockKind::Forbid, facts, self.latest_without.as_ref(), sign(&with))?,
        };
        let margin = self.learn(steps, &with, without.as_ref());
        (self.latest, self.drawn) = (Some(with), true);
        if self.fixed.is_none() {
            self.latest_without = without;
        }
        Ok(margin)
    }

    /// Decisions that are known, and pass the audit here too, may be worth more than any without it. With less money no plan
    /// is worth more.
    fn settled_already(&self, steps: i64, changed: &Changed) -> Option<Margin> {
        let (known, bound) = match (self.fixed, &self.paid) {
            (Some(without), _) => (self.latest.as_ref().filter(|_| self.drawn)?, without.bound),
            (None, Some((at, with, bound))) if self.lever == Lever::Budget && steps <= *at => (with, *bound),
            _ => return None,
        };
        let judged = judge(&changed.fleet, &changed.settings, &moved(&known.decisions, self.of, changed));
        let least = (present_value(&changed.fleet.calendar, &judged.ledger).0 - bound).usd();
        let proved = judged.findings.is_empty() && least > 0.0;
        proved.then_some(Margin { least, most: f64::INFINITY, slope: None })
    }

    /// What a step says, kept where it pays.
    fn learn(&mut self, steps: i64, with: &Known, without: Option<&Known>) -> Margin {
        let margin = self.margin(steps, with, without);
        if let Some(without) = without.filter(|_| margin.least > 0.0) {
            self.paid = Some((steps, with.clone(), without.bound));
        }
        margin
    }

    /// What both sides say, and by how much that changes with a step, their decisions held.
    fn margin(&self, steps: i64, with: &Known, without: Option<&Known>) -> Margin {
        let Some(without) = without else { return ALWAYS };
        let slope = self.lever.nudge().and_then(|nudge| {
            let further = steps + if self.lever.helps() { nudge } else { -nudge };
            let rise = |known: &Known| Some(self.value(further, known)? - self.value(steps, known)?);
            let other = if self.fixed.is_some() { 0.0 } else { rise(without)? };
            #[allow(clippy::cast_precision_loss)]
            Some((rise(with)? - other) / nudge as f64)
        });
        Margin { least: (with.npv - without.bound).usd(), most: (with.bound - without.npv).usd(), slope }
    }

    /// What decisions are worth at a step.
    fn value(&self, steps: i64, known: &Known) -> Option<f64> {
        let changed = self.changed(steps)?;
        let decisions = moved(&known.decisions, self.of, &changed);
        let judged = judge(&changed.fleet, &changed.settings, &decisions);
        Some(present_value(&changed.fleet.calendar, &judged.ledger).0.usd())
    }
}

/// Decisions in the words of changed facts, in which the alternative's offer may have another name.
fn moved(decisions: &Decisions, of: &Alternative, changed: &Changed) -> Decisions {
    let mut decisions = decisions.clone();
    for conversion in &mut decisions.conversions {
        if conversion.site == of.site && conversion.offer.as_ref() == Some(&of.offer) {
            conversion.offer = Some(changed.alternative.offer.clone());
        }
    }
    settled(&changed.fleet, &decisions)
}
