//! The small portfolio with every finer term, and the exact facts it is read into.

use jiff::civil::date;

use super::*;
use crate::domain::market::{Absorption, MerchantCurve};
use crate::domain::money::Relief;
use crate::domain::offer::{Advance, Credit, Late, OfferStatus, PaidOn, Prepayment, Renewal, TenantFunded};
use crate::domain::policy::{CapPolicy, HashratePolicy, Lock, LockKind, MixPolicy, Policies};
use crate::domain::retrofit::Redundancy;
use crate::units::{
    Days, ItMw, ItMwPerYear, KwPerRack, Months, Share, TeraHash, Usd, UsdPerKwIt, UsdPerKwMonth, UsdPerMwDay,
};

pub(super) const RULES: &str = r#"
[merchant]
cap = "50 MW-IT"

[policy]
mix = { share = "40 %", from = 2027-07-01 }
hashrate = { floor = "0.5 EH/s", from = 2027-01-01, to = 2027-09-30 }
tenant = { cap = "60 %", free = "20 MW-IT" }
region = { cap = 0.7, free = "30000 kW-IT" }

[[lock]]
kind = "started"
site = "alpha"
hall = "north"
retrofit = "liquid"
offer = "nnn"
start = 2026-10-01
spent = "12 MUSD"

[[lock]]
kind = "force"
site = "alpha"
retrofit = "liquid"
start = 2027-04-01
halls = 2

[[lock]]
kind = "forbid"
site = "alpha"
hall = "field"
offer = "loi"
"#;

const TERMS: &str = r#"late = { grace = "30 days", damages = "900 USD/MW-day", cap = "30000 USD/MW-IT" }
prepayment = { months = "1 year", paid = "commencement", credited = "90 %" }
advance = { amount = "1.5 MUSD/MW-IT", credited = "50 %" }
tenant_funded = "30 %"
credit = { default = "2 %/year", backstop = "100 %" }
renewal = { probability = "60 %", term = "60 months", rent_factor = "95 %", count = 2 }
give_up = "0.25 MUSD/MW-IT"
density = "130 kW/rack"
redundancy = "n+1"
exclusive_group = "pjm"
"#;

const LOI: &str = r#"tenant = "lab (assumed)"
status = "letter-of-intent"
probability = "40 %"
size = { min = "5 MW-IT", max = "20 MW-IT" }
term = "60 months"
rent = "100 USD/kW-month"
class = "liquid"
ready_by = 2028-01-31
late = { damages = "0.5 USD/kW-day" }
prepayment = { months = "6 months", paid = 2027-12-01 }
tenant_funded = "1500 USD/kW-IT"
credit = { default = 0.03 }
renewal = { probability = "50 %", term = "36 months" }
redundancy = "n"
exclusive_group = "pjm"
"#;

const CURVES: &str = r#"
[[merchant]]
market = "PJM"
class = "liquid"
rent = "90 USD/kW-month"
from = 2027-01-01
growth = "2 %/year"
downtime = "6 months"
occupancy = ["25 %", "50 %"]
[[merchant]]
market = "ERCOT"
class = "air"
rent = "60 USD/kW-month"
from = 2026-07-01
[[absorption]]
market = "PJM"
amount = "40 MW-IT"
growth = "10 MW-IT/year"
"#;

/// The small portfolio with every finer term.
pub(super) fn full() -> InMemory {
    let mut folder = with(&[
        ("portfolio.toml", "eligible =", "relieved_by = [\"prepayment\", \"advance\"]\neligible ="),
        ("sites/alpha.toml", "name = \"Alpha\"", "name = \"Alpha\"\nexclusive = true"),
        (LIQUID_TOML, "pue = 1.15", "pue = 1.15\ndensity = \"140 kW/rack\"\nredundancy = \"2n\""),
        (LIQUID_TOML, "phase = \"fit-out\"", "phase = \"fit-out\"\nlife = \"5 years\""),
    ]);
    let mut add = |path: &str, text: &str| folder.0.entry(path.to_owned()).or_default().push_str(text);
    add("portfolio.toml", RULES);
    add("offers/nnn.toml", TERMS);
    add("offers/loi.toml", LOI);
    add("../library/decks/flat/deck.toml", CURVES);
    folder
}

pub(super) const LIQUID_TOML: &str = "../library/retrofits/liquid.toml";

/// The same with its offers in a list.
pub(super) fn full_lists() -> InMemory {
    let mut folder = full();
    folder.0.retain(|path, _| !path.starts_with("offers/"));
    let offers = "id,tenant,status,probability [%],size.min [MW-IT],size.max [MW-IT],tranches,term [months],\
        rent [USD/kW-month],escalator,ramp,class,sites,ready_by,long_stop,late.grace [days],late.damages [USD/MW-day],\
        late.cap [USD/MW-IT],prepayment.months [months],prepayment.paid,prepayment.credited [%],\
        advance.amount [MUSD/MW-IT],advance.credited,tenant_funded,credit.default [%/year],credit.backstop,\
        renewal.probability,renewal.term,renewal.rent_factor,renewal.count,give_up [MUSD/MW-IT],density [kW/rack],\
        redundancy,exclusive_group\n\
        nnn,neocloud (assumed),,,20,40,2027-12-31 20 MW-IT; 2028-06-30 40 MW-IT,120,129.8,3 %,50 %; 75 %,liquid,alpha,\
        2028-03-31,2028-12-31,30,900,30000,12,commencement,90,1.5,50 %,30 %,2,100 %,0.6,60 months,95 %,2,0.25,130,n+1,pjm\n\
        loi,lab (assumed),letter-of-intent,40,5,20,,60,100,,,liquid,,2028-01-31,,,500,,6,2027-12-01,,,,1500 USD/kW-IT,\
        3,,50 %,36 months,,,,,n,pjm\n";
    folder.0.insert("offers.csv".to_owned(), offers.to_owned());
    folder
}

#[test]
fn every_finer_term_of_an_offer_is_read() {
    let checked = read(&full());
    assert_eq!(printed(&checked), Vec::<String>::new());
    let fleet = checked.fleet.unwrap();
    let [loi, nnn] = fleet.offers.as_slice() else { panic!("two offers") };
    let late = |grace, damages, cap| Some(Late { grace: Days(grace), damages: UsdPerMwDay::new(damages), cap });
    assert_eq!(nnn.late, late(30, 900.0, Some(UsdPerKwIt::new(30.0))));
    assert_eq!(loi.late, late(0, 500.0, None));
    let prepayment = |months, paid, credited| Prepayment { months: Months(months), paid, credited: Share(credited) };
    assert_eq!(nnn.prepayment, Some(prepayment(12, PaidOn::Commencement, 0.9)));
    assert_eq!(loi.prepayment, Some(prepayment(6, PaidOn::Date(date(2027, 12, 1)), 1.0)));
    let advance = Advance { amount: UsdPerKwIt::new(1500.0), paid: PaidOn::Start, credited: Share(0.5) };
    assert_eq!((nnn.advance, loi.advance), (Some(advance), None));
    assert_eq!(nnn.tenant_funded, TenantFunded::Share(Share(0.3)));
    assert_eq!(loi.tenant_funded, TenantFunded::Amount(UsdPerKwIt::new(1500.0)));
    assert_eq!(nnn.credit, Some(Credit { default: Share(0.02), backstop: Share::ALL }));
    assert_eq!(loi.credit, Some(Credit { default: Share(0.03), backstop: Share::NONE }));
    let renewal = |probability, term, rent_factor, count| {
        let (probability, rent_factor) = (Share(probability), Share(rent_factor));
        Some(Renewal { probability, term: Months(term), rent_factor, count })
    };
    assert_eq!(nnn.renewal, renewal(0.6, 60, 0.95, 2));
    assert_eq!(loi.renewal, renewal(0.5, 36, 1.0, 1));
    assert_eq!((nnn.give_up, loi.give_up), (UsdPerKwIt::new(250.0), UsdPerKwIt::ZERO));
    assert_eq!((nnn.density, loi.density), (Some(KwPerRack::new(130.0)), None));
    assert_eq!((nnn.redundancy, loi.redundancy), (Some(Redundancy::NPlusOne), Some(Redundancy::N)));
    assert_eq!((nnn.exclusive_group.as_deref(), loi.exclusive_group.as_deref()), (Some("pjm"), Some("pjm")));
    assert_eq!((nnn.probability, loi.probability), (None, Some(Share(0.4))));
    assert_eq!(loi.status, OfferStatus::LetterOfIntent { plan_on: false });
}

#[test]
fn lists_of_finer_terms_give_the_same_facts() {
    let checked = read(&full_lists());
    assert_eq!(printed(&checked), Vec::<String>::new());
    assert_eq!(checked.fleet, read(&full()).fleet);
}

#[test]
fn sites_retrofits_and_the_deck_are_read_in_full() {
    let fleet = read(&full()).fleet.unwrap();
    assert_eq!(fleet.sites.iter().map(|site| site.exclusive).collect::<Vec<_>>(), [true, false]);
    let [air, liquid] = fleet.retrofits.as_slice() else { panic!("two retrofits") };
    assert_eq!((air.density, air.redundancy), (None, None));
    assert_eq!((liquid.density, liquid.redundancy), (Some(KwPerRack::new(140.0)), Some(Redundancy::TwoN)));
    assert_eq!(liquid.costs.iter().map(|line| line.life).collect::<Vec<_>>(), [Some(Months(60)), None]);
    let curve = |market: &str, class: &str, rent, from, growth, downtime, occupancy: &[f64]| MerchantCurve {
        market: market.to_owned(),
        class: class.to_owned(),
        rent: UsdPerKwMonth::new(rent),
        from,
        growth: Share(growth),
        downtime: Months(downtime),
        occupancy: occupancy.iter().copied().map(Share).collect(),
    };
    let ercot = curve("ERCOT", "air", 60.0, date(2026, 7, 1), 0.0, 0, &[]);
    let pjm = curve("PJM", "liquid", 90.0, date(2027, 1, 1), 0.02, 6, &[0.25, 0.5]);
    assert_eq!(fleet.deck.merchant, [ercot, pjm]);
    let pjm = Absorption { market: "PJM".to_owned(), amount: ItMw::new(40.0), growth: ItMwPerYear::new(10.0) };
    assert_eq!(fleet.deck.absorption, [pjm]);
}

#[test]
fn rules_of_the_house_are_read() {
    let fleet = read(&full()).fleet.unwrap();
    assert_eq!(fleet.merchant, Some(ItMw::new(50.0)));
    assert_eq!(fleet.pots[0].relieved_by, [Relief::Advance, Relief::Prepayment]);
    let cap = |cap, free| Some(CapPolicy { cap: Share(cap), free: ItMw::new(free) });
    let (from, to) = (date(2027, 1, 1), date(2027, 9, 30));
    let policies = Policies {
        mix: Some(MixPolicy { share: Share(0.4), from: date(2027, 7, 1) }),
        hashrate: Some(HashratePolicy { floor: TeraHash::new(500_000.0), from, to }),
        tenant: cap(0.6, 20.0),
        region: cap(0.7, 30.0),
    };
    assert_eq!(fleet.policies, policies);
    let anything = Lock {
        work: None,
        kind: LockKind::Force,
        site: Some("alpha".into()),
        hall: None,
        retrofit: None,
        offer: None,
        start: None,
        halls: 1,
        spent: Usd::ZERO,
    };
    let started = Lock {
        kind: LockKind::Started,
        hall: Some("north".into()),
        retrofit: Some("liquid".into()),
        offer: Some("nnn".into()),
        start: Some(date(2026, 10, 1)),
        spent: Usd::new(12e6),
        ..anything.clone()
    };
    let force = Lock { retrofit: Some("liquid".into()), start: Some(date(2027, 4, 1)), halls: 2, ..anything.clone() };
    let forbid = Lock { kind: LockKind::Forbid, hall: Some("field".into()), offer: Some("loi".into()), ..anything };
    assert_eq!(fleet.locks, [started, force, forbid]);
}

#[test]
fn an_absent_table_is_one_default() {
    let defaults = read(&full()).defaults;
    let of = |file: &str, keys: &[&str]| -> Vec<String> {
        let named = |key: &str| keys.iter().any(|prefix| key.starts_with(prefix));
        let here = defaults.iter().filter(|d| d.file == file && named(&d.key));
        here.map(|d| format!("{} = {}", d.key, d.value)).collect()
    };
    let terms = ["late", "prepayment", "advance", "credit", "renewal", "give_up", "density", "tenant_funded"];
    assert_eq!(
        of("offers/loi.toml", &terms),
        [
            "advance = none",
            "credit.backstop = 0 %",
            "density = none",
            "give_up = 0 USD/MW-IT",
            "late.cap = none",
            "late.grace = 0 days",
            "prepayment.credited = 100 %",
            "renewal.count = 1",
            "renewal.rent_factor = 100 %"
        ]
    );
    assert_eq!(of("portfolio.toml", &["lock", "policy", "merchant"]), ["lock.1.halls = 1"]);
    assert_eq!(
        of("../library/decks/flat/deck.toml", &["merchant", "absorption"]),
        [
            "merchant.ERCOT/air.downtime = 0 months",
            "merchant.ERCOT/air.growth = 0 %/year",
            "merchant.ERCOT/air.occupancy = []"
        ]
    );
    let lives = of(LIQUID_TOML, &["cost.life"]);
    assert_eq!(lives, ["cost.life = none: the lines without it are paid once"]);
}
