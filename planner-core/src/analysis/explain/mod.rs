//! Why each thing was chosen, and the price of each "no".
//!
//! What an alternative earns is the NPV of the best plan with it less that of the best plan without it; the plan itself is
//! one of the two. Every NPV is that of decisions that the audit has passed, and every claim holds for whatever lies
//! within the gaps of both plans.

mod alternative;
mod binding;
mod decide_by;
pub(crate) mod flip;
pub(crate) mod lever;
pub(crate) mod question;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::domain::policy::{Lock, LockKind};
use crate::options::{Options, enumerate};
use crate::plan::Plan;
use crate::solve::{Run, SolveError};
use crate::units::{Cents, UsdCents};
pub use alternative::{Alternative, Alternatives};
pub use binding::Binding;
pub use decide_by::DecideBy;
pub use lever::Lever;
use question::{Questions, Sides};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About<'a> {
    /// All that is chosen, and the best way not taken of each site that is not converted and each offer that is declined.
    Plan,
    /// Every alternative in which a site, an offer or a retrofit has this name.
    Named(&'a str),
    /// Just this one.
    One(&'a Alternative),
}

/// One figure at which an alternative flips, all others held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreakEven {
    /// Which figure.
    pub lever: Lever,
    /// What it is now, in the unit of the lever.
    pub now: f64,
    /// Here it is proved to flip.
    pub value: f64,
    /// Short of it by so much it is proved not to.
    pub resolution: f64,
}

/// What is said of one alternative.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// Of which.
    pub alternative: Alternative,
    /// Whether the plan has it.
    pub chosen: bool,
    /// What the NPV changes by when it is left out (chosen) or forced in; `None` where no plan exists then.
    pub npv_change_usd: Option<UsdCents>,
    /// The change may be so much greater or less, by the gaps of both plans.
    pub gap_usd: UsdCents,
    /// What keeps it out; `None` for what is chosen.
    pub binding: Option<Binding>,
    /// What would flip it.
    pub break_even: Vec<BreakEven>,
    /// Figures of those asked for that it has, of which no change is found that flips it.
    pub no_flip: Vec<Lever>,
    /// How long it can wait, for what is chosen.
    pub decide_by: Vec<DecideBy>,
}

/// Why a plan is as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Explanation {
    /// What it has.
    pub chosen: Vec<Explained>,
    /// What it has not.
    pub rejected: Vec<Explained>,
    /// Alternatives that were to be told when the run was stopped.
    pub not_told: usize,
    /// Whether the run was stopped: then other alternatives may not even have been looked for.
    pub stopped: bool,
}

/// Explains a plan, or what a name stands for in it. Each answer is handed to `told` as it comes, in the order of the
/// explanation. Where the run is stopped, what is known by then is kept.
///
/// # Errors
/// When a solve fails.
pub fn explain(
    plan: &Plan,
    about: About,
    levers: &[Lever],
    run: &Run,
    told: &(dyn Fn(&Explained) + Sync),
) -> Result<Explanation, SolveError> {
    run.stage("alternatives");
    let options = enumerate(&plan.inputs, &plan.settings);
    let alternatives = Alternatives::of(plan, &options);
    let quiet = run.quiet();
    let questions = Questions { plan, run: &quiet };
    let asked = |one: &&Alternative| match about {
        About::Plan => true,
        About::Named(name) => one.is_named(name),
        About::One(only) => *one == only,
    };
    let explainer = Explainer { questions: &questions, options: &options, alternatives: &alternatives, levers };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(usize::try_from(run.threads).unwrap_or(1)).build();
    let pool = pool.map_err(|error| SolveError::Solver(error.to_string()))?;
    pool.install(|| {
        let open: BTreeSet<Alternative> = match about {
            About::Plan => explainer.best_not_taken()?,
            About::Named(_) | About::One(_) => alternatives.open.iter().filter(asked).cloned().collect(),
        };
        let all: Vec<_> = alternatives.chosen.iter().filter(asked).chain(&open).collect();
        let sides = |one: &&Alternative| unless_stopped(questions.sides(one));
        let sides = all.par_iter().map(sides).collect::<Result<Vec<_>, _>>()?;
        let mut known: Vec<_> = all.iter().zip(sides).filter_map(|(one, sides)| Some((*one, sides?))).collect();
        // The closest of what is not chosen first.
        known.sort_by_key(|(one, sides)| {
            let chosen = alternatives.chosen.contains(*one);
            (!chosen, std::cmp::Reverse(sides.with.as_ref().filter(|_| !chosen).map(|with| with.npv)))
        });
        let queue = Queue::new(told);
        let answer = |(at, (one, sides)): (usize, &(&Alternative, Sides))| {
            let answer = unless_stopped(explainer.of(one, sides))?;
            queue.put(at, answer.clone());
            Ok(answer)
        };
        let answers = known.par_iter().enumerate().map(answer).collect::<Result<Vec<_>, SolveError>>()?;
        let answers: Vec<Explained> = answers.into_iter().flatten().collect();
        let not_told = all.len() - answers.len();
        let (chosen, mut rejected): (Vec<_>, Vec<_>) = answers.into_iter().partition(|one| one.chosen);
        if about != About::Plan {
            let refused = alternatives.refused.iter().filter(|(one, _)| asked(one));
            rejected.extend(refused.map(|(one, reason)| Explained::refused(one, reason.clause())));
        }
        Ok(Explanation { chosen, rejected, not_told, stopped: run.stopped() })
    })
}

/// `None` for what was stopped before it was known.
pub(crate) fn unless_stopped<T>(answer: Result<T, SolveError>) -> Result<Option<T>, SolveError> {
    match answer {
        Err(SolveError::NoPlanFound) => Ok(None),
        answer => answer.map(Some),
    }
}

/// Answers that come in any order, told in theirs.
struct Queue<'a> {
    told: &'a (dyn Fn(&Explained) + Sync),
    /// The next to be told, and what has come before its turn: `None` where it was stopped.
    waiting: Mutex<(usize, BTreeMap<usize, Option<Explained>>)>,
}

impl<'a> Queue<'a> {
    fn new(told: &'a (dyn Fn(&Explained) + Sync)) -> Self {
        Self { told, waiting: Mutex::default() }
    }

    fn put(&self, at: usize, answer: Option<Explained>) {
        // A thread that has met a bug while it held the queue leaves answers that are good.
        let mut held = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let (next, waiting) = &mut *held;
        waiting.insert(at, answer);
        while let Some(answer) = waiting.remove(next) {
            answer.iter().for_each(self.told);
            *next += 1;
        }
    }
}

impl Explained {
    fn refused(alternative: &Alternative, reason: &str) -> Self {
        Self {
            alternative: alternative.clone(),
            chosen: false,
            npv_change_usd: None,
            gap_usd: UsdCents::default(),
            binding: Some(Binding::NoOption(reason.to_owned())),
            break_even: vec![],
            no_flip: vec![],
            decide_by: vec![],
        }
    }
}

struct Explainer<'a> {
    questions: &'a Questions<'a>,
    options: &'a Options,
    alternatives: &'a Alternatives,
    levers: &'a [Lever],
}

impl Explainer<'_> {
    /// Of each site without a conversion and each declined offer, what the best plan does that must use it.
    fn best_not_taken(&self) -> Result<BTreeSet<Alternative>, SolveError> {
        let plan = self.questions.plan;
        let (taken, open) = (&self.alternatives.chosen, &self.alternatives.open);
        let sites: BTreeSet<_> = open.iter().map(|one| &one.site).collect();
        let offers: BTreeSet<_> = open.iter().map(|one| &one.offer).collect();
        let any = |one: &Alternative| Lock { site: None, retrofit: None, offer: None, ..one.lock(LockKind::Force) };
        let mut asked: Vec<Lock> = vec![];
        for site in sites.into_iter().filter(|site| !taken.iter().any(|one| one.site == **site)) {
            asked.extend(open.first().map(|one| Lock { site: Some(site.clone()), ..any(one) }));
        }
        for offer in offers.into_iter().filter(|offer| !taken.iter().any(|one| one.offer == **offer)) {
            asked.extend(open.first().map(|one| Lock { offer: Some(offer.clone()), ..any(one) }));
        }
        let best = |lock: &Lock| -> Result<Option<Alternative>, SolveError> {
            let mut fleet = plan.inputs.clone();
            fleet.locks.push(lock.clone());
            let meant = |one: &Alternative| {
                lock.site.as_ref().is_none_or(|site| *site == one.site)
                    && lock.offer.as_ref().is_none_or(|offer| *offer == one.offer)
            };
            let Some(found) = unless_stopped(self.questions.best(&fleet, &plan.settings, None, None))? else {
                return Ok(None);
            };
            let first = open.iter().find(|one| meant(one)).cloned();
            // Where no plan can use it, any of its options shows why.
            Ok(found.map_or(first, |known| known.decisions.conversions.iter().map(Alternative::of).find(meant)))
        };
        let found = asked.par_iter().map(best).collect::<Result<Vec<_>, _>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    fn of(&self, one: &Alternative, sides: &Sides) -> Result<Explained, SolveError> {
        let (questions, plan) = (self.questions, self.questions.plan);
        let chosen = self.alternatives.chosen.contains(one);
        let other = if chosen { &sides.without } else { &sides.with };
        let gap = |other: &question::Known| plan.gap_usd.0 + (other.bound - other.npv);
        let decide_by = if chosen { questions.decide_by(self.options, one)? } else { vec![] };
        let (break_even, no_flip) = self.break_even(one, chosen, sides)?;
        Ok(Explained {
            alternative: one.clone(),
            chosen,
            npv_change_usd: other.as_ref().map(|other| UsdCents(other.npv - plan.npv_usd.0)),
            gap_usd: UsdCents(other.as_ref().map_or(Cents::ZERO, gap)),
            binding: (!chosen).then(|| binding::binding(plan, self.options, one)),
            break_even,
            no_flip,
            decide_by,
        })
    }

    /// Figures at which it flips, and figures of which none is found.
    fn break_even(
        &self,
        one: &Alternative,
        chosen: bool,
        sides: &Sides,
    ) -> Result<(Vec<BreakEven>, Vec<Lever>), SolveError> {
        let plan = self.questions.plan;
        let (mut found, mut none) = (vec![], vec![]);
        for lever in self.levers {
            let Some(range) = lever.range(&plan.inputs, &plan.settings, one) else { continue };
            let Some(flipped) = self.questions.flip(*lever, one, sides, None)? else {
                none.push(*lever);
                continue;
            };
            let flip = flipped.at;
            let value = if chosen { flip.against } else { flip.pays };
            found.push(BreakEven {
                lever: *lever,
                now: lever.value(range.now),
                value: lever.value(value),
                resolution: lever.value((flip.pays - flip.against).abs()),
            });
        }
        Ok((found, none))
    }
}
