//! What an alternative is worth: the best plan with it beside the best plan without it, under any change of one figure.

use super::alternative::Alternative;
use super::flip::{First, Flip, Margin, Steps, flip};
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

/// Where an alternative flips, and plans of both sides found near it.
pub(crate) struct Flipped {
    pub(crate) at: Flip,
    pub(crate) sides: Sides,
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
    ) -> Result<Option<Flipped>, SolveError> {
        let (fleet, settings) = (&self.plan.inputs, &self.plan.settings);
        // What every plan has never flips: where it no longer fits there is no plan at all.
        if sides.without.is_none() {
            return Ok(None);
        }
        let Some(range) = lever.range(fleet, settings, of) else { return Ok(None) };
        let Some(now) = lever.changed(fleet, settings, of, range.now) else { return Ok(None) };
        let local = lever.is_local(&now.fleet, &enumerate(&now.fleet, &now.settings), &now.alternative);
        let fixed = if local { sides.without.as_ref() } else { None };
        let (with, without) = (sides.with.clone(), sides.without.clone());
        let mut scale = Scale { questions: self, lever, of, terms, fixed, with, without, drawn: false, paid: None };
        let (from, first) = match (terms, sides) {
            (None, Sides { with: Some(with), without: Some(without) }) => {
                let (least, most) = ((with.npv - without.bound).usd(), (with.bound - without.npv).usd());
                (range.now, First::Known(scale.told(range.now, least, most, without.bound)))
            }
            (None, _) => (range.now, First::Known(NEVER)),
            (Some((_, from)), _) => (from, First::Likely(scale.likely(from))),
        };
        let turned = |steps: i64| if lever.helps() { steps } else { -steps };
        let steps = if lever.helps() {
            Steps { now: from, ..range }
        } else {
            Steps { now: -from, first: -range.last, last: -range.first, fine: range.fine }
        };
        let found = flip(steps, first, |step| scale.ask(turned(step)))?;
        let sides = Sides { with: scale.with, without: scale.without };
        Ok(found.map(|at| Flipped { at: Flip { against: turned(at.against), pays: turned(at.pays) }, sides }))
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
    /// The best decisions known of each side: other steps can value them, and the next search may start there.
    with: Option<Known>,
    without: Option<Known>,
    /// Whether a step has been searched to the accepted gap: then only the sign of others counts.
    drawn: bool,
    /// The latest step at which it pays, and what no plan without it is worth more than.
    paid: Option<(i64, Cents)>,
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

    /// What a step will say, if the decisions known of both sides are about the best there, too.
    fn likely(&self, steps: i64) -> Margin {
        let known = || Some((self.changed(steps)?, self.with.as_ref()?, self.without.as_ref()?));
        let Some((changed, with, without)) = known() else { return NEVER };
        let least = (self.judged(&changed, with).0 - self.judged(&changed, without).0).usd();
        let gap = |known: &Known| (known.bound - known.npv).usd();
        Margin { least: least - gap(without), most: least + gap(with), slope: self.slope(steps) }
    }

    /// What a step says. The side without it is searched first: it is the easier one, and decisions that are known may be
    /// worth more than any of it.
    fn ask(&mut self, steps: i64) -> Result<Margin, SolveError> {
        let Some(changed) = self.changed(steps) else { return Ok(NEVER) };
        let held = self.with.as_ref().and_then(|known| self.worth(&changed, known));
        // With less money no plan is worth more.
        let poorer = self.paid.filter(|(at, _)| self.lever == Lever::Budget && steps <= *at).map(|(_, bound)| bound);
        let at_most = self.fixed.map(|fixed| fixed.bound).or(poorer);
        if let Some(pays) = self.pays(steps, held, at_most) {
            return Ok(pays);
        }
        let (questions, facts) = (self.questions, (&changed.fleet, &changed.settings, &changed.alternative));
        // Without a slope only the sign counts.
        let sign_only = self.drawn || self.lever.nudge().is_none();
        let without = if let Some(fixed) = self.fixed {
            Some(fixed.clone())
        } else {
            let beyond = held.filter(|_| sign_only).map(|below| Beyond { below, above: Cents(i64::MAX) });
            questions.locked(LockKind::Forbid, facts, self.without.as_ref(), beyond)?
        };
        let Some(mut without) = without else {
            // There may be no plan at all.
            let any = held.is_some() || questions.locked(LockKind::Force, facts, None, None)?.is_some();
            return Ok(if any { ALWAYS } else { NEVER });
        };
        if let Some(pays) = self.pays(steps, held, Some(without.bound)) {
            return Ok(pays);
        }
        if let Some(known) = self.without.take() {
            without = self.better(&changed, known, without);
        }
        let beyond = sign_only.then_some(Beyond { below: without.npv, above: without.bound });
        let with = questions.locked(LockKind::Force, facts, self.with.as_ref(), beyond)?;
        let Some(mut with) = with else { return Ok(NEVER) };
        if let Some(known) = self.with.take() {
            with = self.better(&changed, known, with);
        }
        let (least, most) = ((with.npv - without.bound).usd(), (with.bound - without.npv).usd());
        let bound = without.bound;
        (self.with, self.without, self.drawn) = (Some(with), Some(without), true);
        // Where the search ended as soon as it paid, its bound says nothing.
        let most = if sign_only && least > 0.0 { f64::INFINITY } else { most };
        Ok(self.told(steps, least, most, bound))
    }

    /// That it pays, where known decisions are worth more than any plan without it.
    fn pays(&mut self, steps: i64, held: Option<Cents>, at_most: Option<Cents>) -> Option<Margin> {
        let (held, bound) = held.zip(at_most)?;
        (held > bound).then(|| self.told(steps, (held - bound).usd(), f64::INFINITY, bound))
    }

    /// Of two plans of a side the one that is worth more here; the bound is that of the one found here.
    fn better(&self, changed: &Changed, known: Known, found: Known) -> Known {
        match self.worth(changed, &known) {
            Some(npv) if npv > found.npv && npv <= found.bound => Known { npv, bound: found.bound, ..known },
            _ => found,
        }
    }

    /// A margin with its slope, kept where it pays; `bound` is what no plan without it is worth more than.
    fn told(&mut self, steps: i64, least: f64, most: f64, bound: Cents) -> Margin {
        if least > 0.0 {
            self.paid = Some((steps, bound));
        }
        Margin { least, most, slope: self.slope(steps) }
    }

    /// By how much the difference rises with a step, both sides' decisions held.
    fn slope(&self, steps: i64) -> Option<f64> {
        let nudge = self.lever.nudge()?;
        let further = self.changed(steps + if self.lever.helps() { nudge } else { -nudge })?;
        let here = self.changed(steps)?;
        let value = |changed: &Changed, known: &Known| self.judged(changed, known).0.usd();
        let rise = |known: &Known| value(&further, known) - value(&here, known);
        let other = if self.fixed.is_some() { 0.0 } else { rise(self.without.as_ref()?) };
        #[allow(clippy::cast_precision_loss)]
        Some((rise(self.with.as_ref()?) - other) / nudge as f64)
    }

    /// What decisions are worth under changed facts; `None` where a rule forbids them there.
    fn worth(&self, changed: &Changed, known: &Known) -> Option<Cents> {
        let (npv, kept) = self.judged(changed, known);
        kept.then_some(npv)
    }

    /// What decisions are worth under changed facts, and whether they keep every rule.
    fn judged(&self, changed: &Changed, known: &Known) -> (Cents, bool) {
        let judged = judge(&changed.fleet, &changed.settings, &moved(&known.decisions, self.of, changed));
        (present_value(&changed.fleet.calendar, &judged.ledger).0, judged.findings.is_empty())
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
