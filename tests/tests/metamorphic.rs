//! What must stay the same, or change in a known way, when a random portfolio is told another way. All plans are proved
//! optimal and pass the audit.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::sync::OnceLock;

use jiff::civil::date;
use planner_core::domain::Fleet;
use planner_core::domain::ids::SiteId;
use planner_core::domain::offer::{Eligible, Offer, OfferStatus};
use planner_core::domain::retrofit::CostBasis;
use planner_core::domain::site::{Site, Tenure};
use planner_core::plan::ledger::LedgerLine;
use planner_core::plan::{Plan, Settings, Status};
use planner_core::portfolio::in_memory::InMemory;
use planner_core::solve::SolveError;
use planner_core::units::{Cents, Share, Usd, UsdPerYear};
use planner_tests::retold::{in_other_money, in_other_order, later_by_years, under_other_names};
use planner_tests::{fleet, generated_short, plan};

/// Seeds whose plans are found in a second or two, and convert something.
const SEEDS: [(u32, u64); 4] = [(3, 8), (4, 24), (5, 16), (5, 23)];

fn proved(fleet: &Fleet) -> Plan {
    let plan = plan(fleet, &Settings { gap: Share::NONE, ..Settings::default() }).unwrap();
    assert_eq!(plan.status, Status::ProvedOptimal);
    plan
}

/// The portfolios and their best plans, found once.
fn known() -> &'static [(InMemory, Plan)] {
    static PLANS: OnceLock<Vec<(InMemory, Plan)>> = OnceLock::new();
    PLANS.get_or_init(|| {
        let files = SEEDS.iter().map(|(sites, seed)| generated_short(*sites, *seed));
        files
            .map(|files| {
                let plan = proved(&fleet(&files));
                (files, plan)
            })
            .collect()
    })
}

/// Two proved optima of the same rules: each may lack its gap, at most a millionth.
#[track_caller]
fn same_npv(a: Cents, b: Cents) {
    close(a, b, 1e-6);
}

#[track_caller]
fn close(a: Cents, b: Cents, share: f64) {
    let room = share * a.usd().abs().max(b.usd().abs());
    assert!((a.usd() - b.usd()).abs() <= room, "{} is not {}", a.usd(), b.usd());
}

/// No more than the gap less, or what rounding to cents and thousandths of machines makes.
#[track_caller]
fn no_worse(better: &Plan, worse: &Plan) {
    let room = better.gap_usd.0.usd() + 1e-6 * worse.npv_usd.0.usd().abs();
    let (more, less) = (better.npv_usd.0.usd(), worse.npv_usd.0.usd());
    assert!(more >= less - room, "{more} is less than {less}");
}

#[track_caller]
fn same_plan(a: &Plan, b: &Plan) {
    assert_eq!(a.npv_usd, b.npv_usd);
    assert_eq!(a.decisions.conversions, b.decisions.conversions);
    assert_eq!(a.decisions.machines, b.decisions.machines);
    assert_eq!(a.ledger, b.ledger);
}

#[test]
fn the_portfolios_leave_something_to_decide() {
    for (_, plan) in known() {
        assert!(!plan.decisions.conversions.is_empty() && plan.uplift_usd.0.0 > 0);
    }
}

#[test]
fn names_of_sites_and_offers_do_not_matter() {
    for (files, plan) in known() {
        let renamed = proved(&fleet(&under_other_names(files)));
        assert_ne!(renamed.inputs.sites[0].name, plan.inputs.sites[0].name, "they sort the other way round");
        same_npv(renamed.npv_usd.0, plan.npv_usd.0);
        same_npv(renamed.twin_npv_usd.0, plan.twin_npv_usd.0);
    }
}

#[test]
fn order_does_not_matter() {
    for (files, plan) in known() {
        let turned = in_other_order(files);
        assert_ne!(&turned, files);
        same_plan(&proved(&fleet(&turned)), plan);
    }
}

/// Empty ground on a lease that ends before the horizon and costs nothing.
#[test]
fn a_site_of_no_use_changes_nothing() {
    for (files, plan) in known() {
        let market = &plan.inputs.sites[0].location.market;
        let useless = format!(
            "location = {{ market = \"{market}\", region = \"nowhere\" }}\ntenure = {{ leased_until = 2028-06-30, rent = \"0 USD/year\" }}\n\
             [power]\nconnection = \"50 MW\"\nfirm = \"0 MW\"\nenergy_price = \"40 USD/MWh\"\n[mining]\nuptime = \"95 %\"\noverhead = \"5 %\"\n\
             [[hall]]\nid = \"ground\"\nuse = \"pad\"\ncount = 2\nhall_power = \"20 MW\"\nretrofits = [\"liquid-new-build\", \"powered-shell\"]\n"
        );
        for name in ["aaa", "zzz"] {
            let mut files = files.clone();
            files.0.insert(format!("sites/{name}.toml"), useless.clone());
            let with = proved(&fleet(&files));
            same_plan(&with, plan);
            assert_eq!(with.inputs.sites.len(), plan.inputs.sites.len() + 1);
        }
    }
}

#[test]
fn an_offer_that_nobody_may_take_changes_nothing() {
    for (_, plan) in known() {
        let best = plan.inputs.offers.iter().find(|offer| offer.status == OfferStatus::Offered).unwrap();
        let like = |change: fn(&mut Offer)| {
            let mut offer = Offer { id: "aaa".into(), rent: best.rent * 3.0, exclusive_group: None, ..best.clone() };
            change(&mut offer);
            offer
        };
        let useless = [
            // Over before anything could be ready.
            like(|offer| {
                (offer.earliest, offer.ready_by, offer.long_stop, offer.late) =
                    (None, None, Some(date(2027, 2, 28)), None);
            }),
            like(|offer| offer.class = "no such class".to_owned()),
            // More than all sites have.
            like(|offer| (offer.min, offer.max) = (offer.min * 1e4, offer.max * 1e4)),
            // A letter of intent that nobody plans on.
            like(|offer| offer.status = OfferStatus::LetterOfIntent { plan_on: false }),
        ];
        for offer in useless {
            let mut fleet = plan.inputs.clone();
            fleet.offers.insert(0, offer);
            same_plan(&proved(&fleet), plan);
        }
    }
}

#[test]
fn a_bigger_budget_never_hurts() {
    for (_, known) in known() {
        let mut last: Option<Plan> = None;
        for millions in [0.0, 40.0, 100.0, 250.0, 2000.0] {
            let settings = Settings { gap: Share::NONE, budget: Some(Usd::new(millions * 1e6)), ..Settings::default() };
            match (plan(&known.inputs, &settings), &last) {
                (Ok(plan), last_plan) => {
                    if let Some(last) = last_plan {
                        no_worse(&plan, last);
                    }
                    last = Some(plan);
                }
                // Too little for what is signed, never once there was enough.
                (Err(SolveError::Infeasible(_)), None) => {}
                (Err(error), _) => panic!("{error}"),
            }
        }
        assert!(last.is_some());
    }
}

#[test]
fn in_other_money_the_plan_is_the_same() {
    for (_, known) in known() {
        let (fleet, amounts) = in_other_money(&known.inputs, 4.0);
        assert!(amounts > 50, "only {amounts} amounts");
        let plan = proved(&fleet);
        // What a machine earns in a period is rounded to a cent: 50,000 of them over 16 periods make it thousands of dollars.
        close(plan.npv_usd.0, Cents(known.npv_usd.0.0 * 4), 1e-5);
        assert_eq!(plan.decisions.conversions, known.decisions.conversions);
    }
}

/// Four years have 1461 days wherever they begin before 2100, so that everything four years later is worth the same to the
/// cent. Other shifts move leap days against periods: nothing is exactly true of them.
#[test]
fn four_years_later_the_plan_is_the_same() {
    for (files, known) in known() {
        let plan = proved(&fleet(&later_by_years(files, 4)));
        assert_eq!(plan.inputs.calendar.start, date(2031, 1, 1));
        assert_eq!((plan.npv_usd, plan.twin_npv_usd), (known.npv_usd, known.twin_npv_usd));
        // The subject of a conversion has its date in it.
        let lines = |plan: &Plan| -> Vec<_> {
            let line = |line: &LedgerLine| (line.period, line.site.clone(), line.category.clone(), line.amount_cents);
            plan.ledger.iter().map(line).collect()
        };
        assert_eq!(lines(&plan), lines(known));
    }
}

/// One group of halls as two groups of such halls.
#[test]
fn a_group_in_two_parts_is_the_same_group() {
    for (_, known) in known() {
        let mut fleet = known.inputs.clone();
        let mut parted = 0;
        for site in &mut fleet.sites {
            let groups = site.halls.iter_mut().filter(|group| group.count > 1);
            let second: Vec<_> = groups
                .map(|group| {
                    let count = group.count / 2;
                    group.count -= count;
                    let mut second = group.clone();
                    (second.id, second.count) = (format!("{}-b", group.id).as_str().into(), count);
                    second
                })
                .collect();
            parted += second.len();
            site.halls.extend(second);
            site.halls.sort_by(|a, b| a.id.cmp(&b.id));
        }
        assert!(parted > 0);
        same_npv(proved(&fleet).npv_usd.0, known.npv_usd.0);
    }
}

/// A portfolio of one site, all offers served there.
fn one_site(seed: u64) -> Fleet {
    let mut fleet = fleet(&generated_short(1, seed));
    fleet.sites[0].exclusive = false;
    for offer in &mut fleet.offers {
        offer.eligible = Eligible::Anywhere;
    }
    fleet
}

/// The site, and another one that is the same.
fn beside_its_like(fleet: &Fleet) -> Fleet {
    let mut two = fleet.clone();
    let like = Site { id: SiteId::from("zzz"), ..two.sites[0].clone() };
    let lots: Vec<_> = two
        .machines
        .iter()
        .cloned()
        .map(|mut lot| {
            lot.site = like.id.clone();
            lot
        })
        .collect();
    two.machines.extend(lots);
    two.sites.push(like);
    two
}

/// The site with everything twice that it has or pays as long as it is ours. Hosting has its fixed cost once.
fn twice_the_size(fleet: &Fleet) -> Fleet {
    let mut double = fleet.clone();
    let site = &mut double.sites[0];
    site.halls.iter_mut().for_each(|group| group.count *= 2);
    for step in site.power.connection.iter_mut().chain(&mut site.power.firm) {
        step.power = step.power * 2.0;
    }
    site.mining.spare_racks = site.mining.spare_racks * 2.0;
    site.mining.fixed_cost = site.mining.fixed_cost * 2.0;
    if let Tenure::Leased { rent, .. } = &mut site.tenure {
        *rent = *rent * 2.0;
    }
    double.machines.iter_mut().for_each(|lot| lot.count.0 *= 2);
    double
}

/// Merged, two sites may do all that they did apart: an offer served at one site only may have halls of both, machines of one
/// may stand on the racks of the other, and what is paid once per site is paid once.
#[test]
fn two_sites_alike_are_worth_no_more_than_one_of_twice_the_size() {
    for seed in ONE_SITE {
        let fleet = one_site(seed);
        let (apart, merged) = (proved(&beside_its_like(&fleet)), proved(&twice_the_size(&fleet)));
        no_worse(&merged, &apart);
        assert!(!apart.decisions.conversions.is_empty());
    }
}

/// Without any of that they are worth the same: offers may be split, nothing is paid per site, all power is firm and enough for
/// all halls, and there are no machines.
#[test]
fn two_sites_alike_are_worth_one_of_twice_the_size_when_nothing_binds_a_site() {
    for seed in ONE_SITE {
        let mut fleet = one_site(seed);
        fleet.machines.clear();
        fleet.deck.machine_prices.clear();
        fleet.offers.iter_mut().for_each(|offer| offer.split = true);
        for retrofit in &mut fleet.retrofits {
            retrofit.costs.retain(|line| !matches!(line.basis, CostBasis::Site(_)));
        }
        let site = &mut fleet.sites[0];
        site.hosting_fixed_cost = UsdPerYear::ZERO;
        let all = site.halls.iter().map(|group| group.hall_power * f64::from(group.count)).sum();
        for step in site.power.connection.iter_mut().chain(&mut site.power.firm) {
            step.power = all;
        }
        let (apart, merged) = (proved(&beside_its_like(&fleet)), proved(&twice_the_size(&fleet)));
        same_npv(merged.npv_usd.0, apart.npv_usd.0);
        assert!(!apart.decisions.conversions.is_empty());
    }
}

/// Seeds of one site that is worth converting.
const ONE_SITE: [u64; 4] = [3, 16, 25, 36];
