//! The figures of the shipped plans.

use std::collections::{BTreeMap, BTreeSet};

use planner_core::audit;
use planner_core::domain::Fleet;
use planner_core::domain::offer::OfferStatus;
use planner_core::plan::ledger::{Category, LedgerLine};
use planner_core::plan::{Plan, Price, Settings, Status};
use planner_core::portfolio::in_memory::InMemory;
use planner_core::portfolio::{Folder, FolderError};
use planner_core::report::commitment::commitment;
use planner_core::report::rules;
use planner_core::solve::Run;
use planner_core::units::{Usd, UsdPerKwMonth};
use planner_tests::draw::Draw;
use planner_tests::retold::shuffled;
use planner_tests::tampering::{Figures, changed, free, named};
use planner_tests::{any_prices, fleet, plan, planner, run, shipped};
use serde::Deserialize;

use crate::{NAMES, plan_of, plans};

#[test]
fn each_plans_within_the_default_gap_and_passes_the_audit() {
    for plan in plans() {
        assert!(matches!(plan.status, Status::ProvedOptimal | Status::WithinGap), "{:?}", plan.status);
        assert!(plan.gap_share.unwrap() <= 0.005);
        assert!(plan.bound_usd >= plan.npv_usd);
        assert!(!plan.decisions.conversions.is_empty());
        assert!(plan.uplift_usd.0.0 > 0);
    }
}

/// NPV by a third, plain telling: days counted by hand, one power per line.
#[test]
fn the_discounted_ledger_is_the_npv_to_the_cent() {
    for plan in plans() {
        let day = |period: u32| {
            let month = i32::try_from(period).unwrap() * 3;
            let date =
                jiff::civil::date(i16::try_from(2027 + month / 12).unwrap(), i8::try_from(month % 12 + 1).unwrap(), 1);
            f64::from(jiff::civil::date(2027, 1, 1).until(date).unwrap().get_days())
        };
        let value = |line: &LedgerLine| {
            let (from, to) = (day(line.period.0), day(line.period.0 + 1));
            let days = if line.period.0 == plan.inputs.calendar.periods { from } else { f64::midpoint(from, to) };
            line.amount_cents.usd() / (1.0 + line.rate.0).powf(days / 365.0)
        };
        for (lines, npv) in [(&plan.ledger, plan.npv_usd), (&plan.twin.ledger, plan.twin_npv_usd)] {
            let sum: f64 = lines.iter().map(value).sum();
            assert_eq!(Usd::new(sum).to_cents(), npv.0);
        }
    }
}

#[test]
fn megawatts_add_up() {
    for plan in plans() {
        for conversion in &plan.decisions.conversions {
            let site = plan.inputs.site(&conversion.site).unwrap();
            let hall = site.hall(&conversion.hall).unwrap();
            let ratio = plan.inputs.retrofit(&conversion.retrofit).unwrap().gross_to_critical.0;
            let gross = hall.hall_power.get() * hall.usable_share.0 * f64::from(conversion.halls);
            assert!((conversion.critical_it.get() * ratio - gross).abs() < 1e-6);
        }
        for offer in plan.decisions.offers.iter().filter(|offer| offer.accepted) {
            let terms = plan.inputs.offer(&offer.offer).unwrap();
            assert!(terms.split || offer.sites.len() == 1, "{} is served at {:?}", offer.offer, offer.sites);
            assert!(terms.min <= offer.critical_it && offer.critical_it <= terms.max);
        }
    }
}

/// Rent starts with the contract, capital ends before service, mining stops before the works.
#[test]
fn the_commitment_curve_never_falls_and_ends_at_all_capital() {
    for plan in plans() {
        let curve = commitment(plan);
        for pair in curve.windows(2) {
            assert!(pair[0].paid <= pair[1].paid && pair[0].bound <= pair[1].bound, "{pair:?}");
        }
        assert!(curve.iter().all(|point| point.paid <= point.bound && point.unsigned <= point.bound));
        let last = curve.last().unwrap();
        assert_eq!((last.paid, last.bound), (plan.capital_usd.0, plan.capital_usd.0));
    }
}

#[test]
fn dates_come_in_order() {
    for plan in plans() {
        for conversion in &plan.decisions.conversions {
            let dates =
                [Some(conversion.start), conversion.mining_off, Some(conversion.ready), Some(conversion.commencement)];
            let dates: Vec<_> = dates.into_iter().flatten().collect();
            assert!(dates.is_sorted(), "{conversion:?}");
            let calendar = &plan.inputs.calendar;
            for line in plan.ledger.iter().filter(|l| l.site == conversion.site && l.subject == conversion.subject()) {
                let end = calendar.period_start(planner_core::domain::calendar::Period(line.period.0 + 1));
                match line.category {
                    Category::Rent => assert!(end > conversion.commencement, "{line:?}"),
                    Category::Capex(_) => assert!(calendar.period_start(line.period) < conversion.ready, "{line:?}"),
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn signed_offers_are_served_in_plan_and_twin_and_letters_of_intent_are_not() {
    for plan in plans() {
        for offer in &plan.inputs.offers {
            let accepted = |decisions: &planner_core::plan::Decisions| {
                decisions.offers.iter().any(|decision| decision.offer == offer.id && decision.accepted)
            };
            match offer.status {
                OfferStatus::Signed => assert!(accepted(&plan.decisions) && accepted(&plan.twin.decisions)),
                OfferStatus::LetterOfIntent { .. } => assert!(!accepted(&plan.decisions)),
                OfferStatus::Offered => assert!(!accepted(&plan.twin.decisions)),
            }
        }
    }
}

#[test]
fn every_site_is_converted_or_left_for_a_reason() {
    for plan in plans() {
        let converted: BTreeSet<_> = plan.decisions.conversions.iter().map(|c| c.site.clone()).collect();
        let left: BTreeSet<_> = plan.sites_left.iter().map(|s| s.site.clone()).collect();
        assert!(converted.is_disjoint(&left));
        assert_eq!(converted.len() + left.len(), plan.inputs.sites.len());
    }
}

#[test]
fn without_rent_the_plan_is_the_twin_to_the_cent() {
    for name in NAMES {
        let mut fleet: Fleet = fleet(&shipped(name));
        for offer in &mut fleet.offers {
            offer.rent = UsdPerKwMonth::ZERO;
            (offer.advance, offer.prepayment) = (None, None);
        }
        // Capacity without a contract pays rent too, and a policy may cost what the twin need not pay.
        fleet.merchant = None;
        fleet.deck.merchant.clear();
        fleet.policies = planner_core::domain::policy::Policies::default();
        let plan = plan(&fleet, &Settings::default()).unwrap();
        assert_eq!(plan.npv_usd, plan.twin_npv_usd, "{name}");
        assert_eq!((&plan.decisions, &plan.ledger), (&plan.twin.decisions, &plan.twin.ledger), "{name}");
    }
}

#[test]
fn a_better_budget_never_hurts_and_capital_stays_within_it() {
    let fleet = fleet(&shipped("first-look"));
    let budgets = [60.0, 120.0, 240.0, 480.0, 960.0].map(|millions| Usd::new(millions * 1e6));
    let plans = planner_core::analysis::frontier::compare(&fleet, &Settings::default(), &budgets, &run(), |_| {});
    let plans: Vec<Plan> = plans.into_iter().map(|(_, plan)| plan.unwrap()).collect();
    assert_eq!(plans.len(), 5);
    for (plan, budget) in plans.iter().zip(budgets) {
        assert!(plan.audit.passed, "{:#?}", plan.audit.findings);
        assert!(plan.capital_usd.0 <= budget.to_cents());
        assert_eq!(plan.settings.budget, Some(budget));
    }
    assert!(plans.is_sorted_by_key(|plan| plan.npv_usd));
    assert!(plans[0].npv_usd < plans[4].npv_usd, "more money buys more");
}

/// A thousand times one date, amount, load, count or rate of a plan file becomes another: each time the audit names the
/// rule and the line. The first ten are audited by the binary too.
#[test]
fn whatever_is_changed_in_a_plan_file_is_found() {
    let mut file = serde_json::to_value(plan_of("first-look")).unwrap();
    for (free, reason) in free() {
        assert!(file.pointer(free).is_some(), "{free} ({reason}) is not there");
    }
    let figures = Figures::of(&file);
    let folder = tempfile::tempdir().unwrap();
    let mut draw = Draw::new(7);
    let mut unseen = vec![];
    for at in 0..1000 {
        let path = figures.pick(&mut draw).to_owned();
        let words = named(&file, &path);
        let leaf = file.pointer_mut(&path).unwrap();
        let other = changed(leaf, &mut draw).unwrap();
        let told = format!("{path}: {leaf} became {other}");
        let sound = std::mem::replace(leaf, other);
        let changed = Plan::deserialize(&file).unwrap_or_else(|error| panic!("{told}: {error}"));
        let found = audit::audit(&changed).findings;
        let named = |line: &str| words.iter().all(|word| line.contains(word.as_str()));
        if !found.iter().any(|finding| !finding.rule.is_empty() && named(&finding.line)) {
            unseen.push(format!("{told}, and of {words:?} the audit says {found:#?}"));
        }
        if at < 10 {
            std::fs::write(folder.path().join("plan.json"), serde_json::to_vec(&file).unwrap()).unwrap();
            let output = planner(&["audit"], folder.path());
            assert_eq!(output.status.code(), Some(6), "{told}");
            let page = String::from_utf8(output.stdout).unwrap();
            let (rule, line) = (rules::named(&found[0].rule), &found[0].line);
            assert!(page.contains(&format!("{rule}  {line}")), "{told}: no `{rule}  {line}` in {page}");
        }
        *file.pointer_mut(&path).unwrap() = sound;
    }
    eprintln!("{} kinds of figures", figures.kinds().count());
    assert!(unseen.is_empty(), "{} changes are not found:\n{}", unseen.len(), unseen.join("\n"));
    assert!(audit::audit(&serde_json::from_value(file).unwrap()).passed, "all is as it was");
}

/// The facts do not depend on the order of rows, tables, keys or files, but where that order is their meaning.
#[test]
fn shuffled_portfolios_are_the_same_facts() {
    for name in NAMES {
        let files = shipped(name);
        let facts = serde_json::to_string(&fleet(&files)).unwrap();
        for seed in 0..12 {
            let retold = shuffled(&files, seed);
            let others = files.0.iter().filter(|(path, text)| retold.0[*path] != **text).count();
            assert!(2 * others > files.0.len(), "only {others} of {} files are told another way", files.0.len());
            let checked = planner_core::portfolio::read(&Backwards(retold));
            let same = checked.fleet.map(|fleet| serde_json::to_string(&fleet).unwrap());
            assert!(same.as_ref() == Some(&facts), "{name}, seed {seed}: {:#?}", checked.diagnostics);
        }
    }
}

/// A folder that lists its files from the last to the first.
struct Backwards(InMemory);

impl Folder for Backwards {
    fn read(&self, path: &str) -> Result<String, FolderError> {
        self.0.read(path)
    }

    fn list(&self, dir: &str) -> Result<Vec<String>, FolderError> {
        let mut names = self.0.list(dir)?;
        names.reverse();
        Ok(names)
    }
}

/// Nor does the plan part of plan.json, nor on threads, nor on repeating.
#[test]
fn the_plan_is_the_same_bytes_again() {
    let shuffled = fleet(&shuffled(&shipped("first-look"), 1));
    let again = planner_core::solve::plan(&shuffled, &Settings::default(), &Run { threads: 2, ..run() });
    assert!(serde_json::to_string(&again.unwrap()).unwrap() == serde_json::to_string(plan_of("first-look")).unwrap());
}

/// For the stated prices, for none and for any; and it is not idle: the prices make it tighter.
#[test]
fn no_plan_is_worth_more_than_the_bound_without_a_solver() {
    for plan in plans() {
        let name = &plan.inputs.name;
        let bound = |prices: &[Price]| audit::bound(&plan.inputs, &plan.settings, prices).usd;
        let (slack, share) = plan.slack();
        let (usd, share, none) = (slack.0.usd(), share.unwrap() * 100.0, bound(&[]).0.usd());
        eprintln!(
            "{name}: NPV {:.0}, slack {usd:.0} USD, {share:.1} %; without prices {none:.0}",
            plan.npv_usd.0.usd()
        );
        assert_eq!(bound(&plan.prices), plan.lagrangian_bound_usd);
        assert!(plan.npv_usd <= plan.lagrangian_bound_usd && plan.lagrangian_bound_usd.0.usd() < none);
        let mut draw = Draw::new(7);
        for _ in 0..8 {
            let prices = any_prices(&plan.inputs, &plan.settings, &mut draw);
            assert!(plan.npv_usd <= bound(&prices), "{name} with {prices:#?}");
        }
    }
}

/// Over all sites no more machines of a model are sold than there were and were bought.
#[test]
fn machines_are_conserved() {
    for plan in plans() {
        let mut flows: BTreeMap<_, (i64, i64)> = BTreeMap::new();
        for decision in &plan.decisions.machines {
            let flow = flows.entry(&decision.model).or_default();
            match decision.action {
                planner_core::plan::MachineAction::Buy => flow.0 += decision.count.0,
                planner_core::plan::MachineAction::Sell => flow.1 += decision.count.0,
                _ => {}
            }
        }
        for (model, (bought, sold)) in flows {
            let owned: i64 = plan.inputs.machines.iter().filter(|lot| lot.model == *model).map(|lot| lot.count.0).sum();
            assert!(sold <= owned + bought, "{model}: {sold} sold of {owned} and {bought} bought");
        }
    }
}
