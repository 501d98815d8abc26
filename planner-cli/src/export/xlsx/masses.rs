//! Rows of a tenant's fate, month by month: who pays, and how much of a hall is let again.

use planner_core::domain::offer::Offer;

use super::assumptions::Assumptions;
use super::facts_of_hosting::{CurveFact, OfferFact};
use super::sheet::{Labels, Look, Row, Sheet, Shown};
use super::term::Term;
use super::timeline::Axis;

/// Shares of one hall.
pub struct Masses {
    tenant: Row,
    backed: Row,
    /// What is let again; `None` where the market has no rent.
    pub relet: Option<Row>,
}

impl Masses {
    /// The share that the tenant or its backstop pays.
    pub fn paying(&self, place: usize) -> Term {
        self.tenant.at(place) + self.backed.at(place)
    }
}

/// Writes the rows. `since` counts months from commencement on.
pub fn rows(
    sheet: &mut Sheet,
    (facts, axis): (&Assumptions, &Axis),
    (name, offer): (&str, &Offer),
    curve: Option<&str>,
    since: &Row,
) -> Masses {
    let of = |fact| facts.hosting.offers.get(offer.id.as_str(), fact);
    let (nil, one) = (Term::whole(0), Term::whole(1));
    let term = of(&OfferFact::TERM);
    let monthly = &one - &(&one - &of(&OfferFact::DEFAULT_PER_YEAR)).pow(&(&one / &facts.months_per_year));
    let backstop = of(&OfferFact::BACKSTOP);
    let look = (Look::Formula, Shown::Factor);
    let mut row = |what: &str, at: &dyn Fn(usize, Term) -> Term| {
        sheet.series(&Labels::of(name, what, "share"), look.0, look.1, axis.months, at)
    };
    let after = |m: usize| since.at(m) - &term;
    let ends = row("a term ends", &|m, _| {
        let due = match offer.renewal {
            Some(renewal) if renewal.term.0 > 0 => after(m).modulo(&of(&OfferFact::RENEWAL_TERM)).equals(&nil),
            _ => after(m).equals(&nil),
        };
        Term::all(&[&after(m).at_least(&nil), &due])
    });
    let stays = row("stays on", &|m, _| {
        let renewed = match offer.renewal {
            Some(renewal) if renewal.term.0 > 0 => Term::choose(
                &(after(m) / of(&OfferFact::RENEWAL_TERM)).below(&of(&OfferFact::RENEWALS)),
                &of(&OfferFact::RENEWAL_CHANCE),
                &nil,
            ),
            Some(_) => Term::choose(&nil.below(&of(&OfferFact::RENEWALS)), &of(&OfferFact::RENEWAL_CHANCE), &nil),
            None => nil.clone(),
        };
        Term::choose(&ends.at(m).equals(&one), &renewed, &one)
    });
    let begun = |m: usize| since.at(m).at_least(&nil);
    let tenant =
        row("the tenant pays", &|m, before| Term::choose(&begun(m), &(before * stays.at(m) * (&one - &monthly)), &one));
    let lost = row("defaults", &|m, _| Term::choose(&begun(m), &(tenant.before(m) * stays.at(m) - tenant.at(m)), &nil));
    let held = |m: usize| Term::choose(&since.at(m).below(&term), &backstop, &nil);
    let backed = row("its backstop pays", &|m, before| {
        Term::choose(&begun(m), &(before * (&one - &ends.at(m)) + held(m) * lost.at(m)), &nil)
    });
    let relet = curve.map(|curve| {
        let empty = row("has become empty, summed", &|m, before| {
            let leaves = ends.at(m) * ((&one - &stays.at(m)) * tenant.before(m) + backed.before(m));
            Term::choose(&begun(m), &(before + leaves + (&one - &held(m)) * lost.at(m)), &nil)
        });
        let downtime = facts.hosting.curves.get(curve, &CurveFact::DOWNTIME);
        let length = facts.hosting.occupancies.length(curve);
        row("is let again", &|m, _| {
            let emptied = |age: i32| {
                let position = axis.position.at(m) - &downtime - Term::whole(age);
                Axis::index(&empty, &one.max(&position))
            };
            let share = |age: i32| if age < 0 { nil.clone() } else { facts.hosting.occupancies.at_age(curve, age) };
            Term::sum((0..=length).map(|age| (share(age) - share(age - 1)) * emptied(age)))
        })
    });
    Masses { tenant, backed, relet }
}
