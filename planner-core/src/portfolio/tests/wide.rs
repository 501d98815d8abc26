//! The full portfolio with works, crews, moves and ways to leave a site, and
//! the exact facts it is read into.

use jiff::civil::date;

use super::*;
use crate::domain::delivery::{Crew, LongLead, Reserve, Scope};
use crate::domain::evidence::{Confidence, Evidence};
use crate::domain::machine::{MachineHandling, Moves};
use crate::domain::policy::{Lock, LockKind};
use crate::domain::retrofit::Equipment;
use crate::domain::site::{DemandResponse, Exit, HallUse, MinimumBill, ThirdParty};
use crate::domain::work::{Effect, NeededBy, Work};
use crate::units::{
    Days, GrossMw, HoursPerYear, ItMwPerYear, Months, Share, Usd, UsdPerKw, UsdPerMachine, UsdPerMachineMonth,
    UsdPerMwMonth, UsdPerYear,
};

pub(super) const PORTFOLIO_TOML: &str = "portfolio.toml";
pub(super) const ALPHA_TOML: &str = "sites/alpha.toml";
pub(super) const BETA_TOML: &str = "sites/beta.toml";
pub(super) const FEEDER_TOML: &str = "works/feeder.toml";
pub(super) const FIBRE_TOML: &str = "works/fibre.toml";
pub(super) const LIQUID_TOML: &str = "../library/retrofits/liquid.toml";

const HOUSE: &str = r#"
[[pot]]
id = "general"
release = [{ from = 2027-01-01, amount = "80 MUSD" }]

[storage]
cost = "0.5 USD/machine-month"

[[crew]]
id = "west-crew"
scope = "portfolio"
halls = 4
[[crew]]
id = "east-crew"
scope = { region = "east" }
halls = 2
energised = "0.06 GW-IT/year"
[[crew]]
id = "alpha-crew"
scope = { site = "alpha" }
energised = "30 MW-IT/year"

[[long_lead]]
item = "transformer"
per_period = 2
reserve = { most = 3, deposit = "0.4 MUSD", lead = "6 months" }
[[long_lead]]
item = "chiller"
per_period = 8

[[lock]]
kind = "started"
work = "alpha/study"
start = 2026-09-01
spent = "0.2 MUSD"
[[lock]]
kind = "force"
work = "feeder"
[[lock]]
kind = "forbid"
work = "fibre"
start = 2027-04-01
"#;

const ALPHA_MORE: &str = r#"
[[hall]]
id = "yard"
use = "third-party"
third_party = { margin = "4000 USD/MW-month", until = 2027-12-31, notice = "6 months", fee = "0.5 MUSD" }
exit_cost = "0.2 MUSD/hall"
count = 1
hall_power = "5 MW"
retrofits = ["liquid"]

[[work]]
id = "study"
months = "3 months"
cost = "0.4 MUSD"
category = "studies"
source = "made up"
confidence = "assumed"
[[work]]
id = "substation"
name = "Second transformer"
months = "6 months"
cost = "18 MUSD"
after = ["study"]
adds = { connection = "100 MW", firm = "60 MW", racks = "5 MW" }
needed_by = { halls = ["north", "alpha/field"], beyond = "20 MW" }
[[work]]
id = "lease"
months = "1 month"
cost = "1 MUSD"
adds = { tenure_until = 2051-06-30 }
needed_by = {}
"#;

const FEEDER: &str = r#"name = "Feeder"
months = "6 months"
cost = "4 MUSD"
after = ["alpha/study"]
adds = [{ site = "beta", firm = "10 MW" }, { site = "alpha", connection = "20 MW" }]
"#;

const FIBRE: &str = r#"months = "3 months"
cost = "2 MUSD"
after = ["feeder"]
needed_by = { halls = ["alpha/yard"], sites = ["beta"] }
"#;

/// The full portfolio with what is decided beside conversions.
pub(super) fn wide() -> InMemory {
    let alpha_power = "firm = \"50 MW\"\ndemand_response = { credit = \"3500 USD/MW-month\", hours = \"150 hours/year\" }\n\
        ballast = \"5 %\"\nminimum_bill = { amount = \"0.3 MUSD/month\", until = 2028-06-30 }\nnotice = \"3 months\"";
    let moves =
        "[moves]\nfreight = \"12 USD/machine\"\nfreight_other_region = \"30 USD/machine\"\ndowntime = \"7 days\"";
    let mut folder = full();
    let mut change = |file: &str, from: &str, to: &str| {
        let text = folder.0.get_mut(file).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replacen(from, to, 1);
    };
    change(PORTFOLIO_TOML, "[moves]", moves);
    change(PORTFOLIO_TOML, "sites = [\"alpha\"] }", "sites = [\"alpha\"], works = [\"fibre\", \"feeder\"] }");
    change(ALPHA_TOML, "firm = \"50 MW\"", alpha_power);
    change(ALPHA_TOML, "source =", "exit = { mothball = \"60 %\" }\nsource =");
    change(ALPHA_TOML, "count = 2", "count = 2\nexit_cost = \"100000 USD/hall\"");
    change(BETA_TOML, "[power]", "exit = {}\n[power]");
    change(LIQUID_TOML, "recipe =", "equipment = { item = \"transformer\", count = 2 }\nrecipe =");
    change(LIQUID_TOML, "phase = \"fit-out\"", "equipment = { item = \"chiller\", count = 6 }\nphase = \"fit-out\"");
    let mut add = |path: &str, text: &str| folder.0.entry(path.to_owned()).or_default().push_str(text);
    add(PORTFOLIO_TOML, HOUSE);
    add(ALPHA_TOML, ALPHA_MORE);
    add(FEEDER_TOML, FEEDER);
    add(FIBRE_TOML, FIBRE);
    folder
}

/// The same with sites, halls and works in lists.
pub(super) fn wide_lists() -> InMemory {
    let mut folder = wide();
    folder.0.retain(|path, _| !path.starts_with("sites/") && path != FIBRE_TOML);
    let sites = "id,name,location.market,location.region,tenure,tenure.leased_until,tenure.rent [MUSD/year],exclusive,\
        exit.mothball [%],exit.sale [USD/MW],power.connection,power.firm [MW],power.energy_price [USD/MWh],\
        power.energy_price.deck,power.demand_response.credit [USD/MW-month],power.demand_response.hours [hours/year],\
        power.ballast,power.minimum_bill.amount [MUSD/month],power.minimum_bill.until,power.notice,mining.uptime,\
        mining.overhead,overrides.liquid.phases.transformer,overrides.liquid.cost_factor,source,as_of,confidence\n\
        beta,,ERCOT,south,,,,,,deck,30 MW,20,46,,,,,,,,95 %,6 %,,,,,\n\
        alpha,Alpha,PJM,east,,2041-06-30,1.2,true,60,,2026-12-31 50 MW; 2027-09-30 350 MW,50,,west,3500,150,5 %,0.3,\
        2028-06-30,3 months,97 %,0.06,0 months,94 %,made up,2026-11-01,assumed\n";
    let halls = "site,id,use,count,hall_power [MW],usable_share,exit_cost [USD/hall],third_party.margin [USD/MW-month],\
        third_party.until,third_party.notice,third_party.fee [MUSD],retrofits\n\
        alpha,north,mining,2,20,,100000,,,,,air; liquid\nalpha,field,pad,1,10,90 %,,,,,,liquid\n\
        alpha,yard,third-party,1,5,,200000,4000,2027-12-31,6 months,0.5,liquid\nbeta,h1,mining,1,20,,,,,,,air\n";
    let works = "site,id,name,months [months],cost [MUSD],category,after,adds.connection [MW],adds.firm [MW],\
        adds.racks [MW],adds.tenure_until,needed_by.halls,needed_by.sites,needed_by.beyond [MW],source,confidence\n\
        ,fibre,,3,2,,feeder,,,,,alpha/yard,beta,,,\n\
        alpha,substation,Second transformer,6,18,,study,100,60,5,,north; field,,20,,\n\
        alpha,lease,,1,1,,,,,,2051-06-30,,alpha,,,\n\
        alpha,study,,3,0.4,studies,,,,,,,,,made up,assumed\n";
    for (path, text) in [("sites.csv", sites), ("halls.csv", halls), ("works.csv", works)] {
        folder.0.insert(path.to_owned(), text.to_owned());
    }
    folder
}

fn work(id: &str, site: Option<&str>, months: u32, cost: f64) -> Work {
    let name = id.rsplit('/').next().unwrap().to_owned();
    Work {
        id: id.into(),
        site: site.map(Into::into),
        name,
        months: Months(months),
        cost: Usd::new(cost),
        category: "works".to_owned(),
        after: vec![],
        adds: vec![],
        needed_by: None,
        evidence: Evidence::default(),
    }
}

fn effect(site: &str, connection: f64, firm: f64, racks: f64) -> Effect {
    let [connection, firm, racks] = [connection, firm, racks].map(GrossMw::new);
    Effect { site: site.into(), connection, firm, racks, tenure_until: None }
}

fn needed_by(halls: &[(&str, &str)], beyond: f64) -> NeededBy {
    let halls = halls.iter().map(|(site, hall)| ((*site).into(), (*hall).into())).collect();
    NeededBy { halls, beyond: GrossMw::new(beyond) }
}

#[test]
fn works_of_sites_and_shared_ones_are_read() {
    let checked = read(&wide());
    assert_eq!(printed(&checked), Vec::<String>::new());
    let lease = Effect { tenure_until: Some(date(2051, 6, 30)), ..effect("alpha", 0.0, 0.0, 0.0) };
    let made_up = Evidence { source: Some("made up".to_owned()), as_of: None, confidence: Some(Confidence::Assumed) };
    let whole = [("alpha", "field"), ("alpha", "north"), ("alpha", "yard")];
    let works = [
        Work {
            adds: vec![lease],
            needed_by: Some(needed_by(&whole, 0.0)),
            ..work("alpha/lease", Some("alpha"), 1, 1e6)
        },
        Work { category: "studies".to_owned(), evidence: made_up, ..work("alpha/study", Some("alpha"), 3, 0.4e6) },
        Work {
            name: "Second transformer".to_owned(),
            after: vec!["alpha/study".into()],
            adds: vec![effect("alpha", 100.0, 60.0, 5.0)],
            needed_by: Some(needed_by(&whole[..2], 20.0)),
            ..work("alpha/substation", Some("alpha"), 6, 18e6)
        },
        Work {
            name: "Feeder".to_owned(),
            after: vec!["alpha/study".into()],
            adds: vec![effect("alpha", 20.0, 0.0, 0.0), effect("beta", 0.0, 10.0, 0.0)],
            ..work("feeder", None, 6, 4e6)
        },
        Work {
            after: vec!["feeder".into()],
            needed_by: Some(needed_by(&[("alpha", "yard"), ("beta", "h1")], 0.0)),
            ..work("fibre", None, 3, 2e6)
        },
    ];
    let fleet = checked.fleet.unwrap();
    assert_eq!(fleet.works, works);
    assert_eq!(fleet.pots[0].works, Some(vec!["feeder".into(), "fibre".into()]));
    let of_work = |kind, id: &str, start, spent| Lock {
        kind,
        site: None,
        hall: None,
        retrofit: None,
        offer: None,
        start,
        work: Some(id.into()),
        halls: 1,
        spent: Usd::new(spent),
    };
    let locks = [
        of_work(LockKind::Started, "alpha/study", Some(date(2026, 9, 1)), 0.2e6),
        of_work(LockKind::Force, "feeder", None, 0.0),
        of_work(LockKind::Forbid, "fibre", Some(date(2027, 4, 1)), 0.0),
    ];
    assert_eq!(fleet.locks[3..], locks);
}

#[test]
fn lists_of_works_give_the_same_facts() {
    let checked = read(&wide_lists());
    assert_eq!(printed(&checked), Vec::<String>::new());
    assert_eq!(checked.fleet, read(&wide()).fleet);
}

#[test]
fn crews_and_scarce_equipment_are_read() {
    let fleet = read(&wide()).fleet.unwrap();
    let crew = |id: &str, scope, halls, energised: Option<f64>| {
        let energised = energised.map(ItMwPerYear::new);
        Crew { id: id.into(), scope, halls, energised }
    };
    let crews = [
        crew("alpha-crew", Scope::Site("alpha".into()), None, Some(30.0)),
        crew("east-crew", Scope::Region("east".to_owned()), Some(2), Some(60.0)),
        crew("west-crew", Scope::Portfolio, Some(4), None),
    ];
    assert_eq!(fleet.crews, crews);
    let reserve = Some(Reserve { most: 3, deposit: Usd::new(0.4e6), lead: Months(6) });
    let scarce = |item: &str, per_period, reserve| LongLead { item: item.to_owned(), per_period, reserve };
    assert_eq!(fleet.long_lead, [scarce("chiller", 8, None), scarce("transformer", 2, reserve)]);
    let equipment = |item: &str, count| Some(Equipment { item: item.to_owned(), count });
    let of_lines: Vec<_> = fleet.retrofits[1].costs.iter().map(|line| line.equipment.clone()).collect();
    assert_eq!(of_lines, [equipment("chiller", 6), equipment("transformer", 2)]);
}

#[test]
fn moves_storage_and_ways_to_leave_are_read() {
    let fleet = read(&wide()).fleet.unwrap();
    let freight = UsdPerMachine::new(12.0);
    let handling = MachineHandling {
        removal: UsdPerMachine::new(20.0),
        install: UsdPerMachine::ZERO,
        moves: Some(Moves { freight, freight_other_region: UsdPerMachine::new(30.0), downtime: Days(7) }),
        storage: Some(UsdPerMachineMonth::new(0.5)),
    };
    assert_eq!(fleet.handling, handling);
    let [alpha, beta] = fleet.sites.as_slice() else { panic!("two sites") };
    assert_eq!(alpha.exit, Exit { mothball: Some(Share(0.6)), sale: None });
    assert_eq!(beta.exit, Exit { mothball: None, sale: Some(UsdPerKw::new(100.0)) }, "the deck's site value");
    let response = DemandResponse { credit: UsdPerMwMonth::new(3500.0), hours: HoursPerYear::new(150.0) };
    assert_eq!((alpha.power.demand_response, alpha.power.ballast), (Some(response), Some(Share(0.05))));
    let bill = MinimumBill { amount: UsdPerYear::new(3.6e6), until: date(2028, 6, 30) };
    assert_eq!((alpha.power.minimum_bill, alpha.power.notice), (Some(bill), Months(3)));
    assert_eq!((beta.power.demand_response, beta.power.minimum_bill), (None, None));
    let of_halls: Vec<_> = alpha.halls.iter().map(|hall| (hall.hall_use, hall.exit_cost.get())).collect();
    let (until, fee) = (date(2027, 12, 31), Usd::new(0.5e6));
    let customer = ThirdParty { margin: UsdPerMwMonth::new(4000.0), until, notice: Months(6), fee };
    let [pad, mining, third_party] = [HallUse::Pad, HallUse::Mining, HallUse::ThirdParty(customer)];
    assert_eq!(of_halls, [(pad, 0.0), (mining, 100_000.0), (third_party, 200_000.0)]);
}

#[test]
fn a_sale_has_a_price_the_deck_s_or_none() {
    let sale = |text: &str| {
        let mut folder = wide();
        let beta = folder.0.get_mut(BETA_TOML).unwrap();
        *beta = beta.replace("exit = {}", text);
        read(&folder).fleet.unwrap().sites[1].exit.sale
    };
    assert_eq!(sale("exit = { sale = \"0.25 MUSD/MW\" }"), Some(UsdPerKw::new(250.0)));
    assert_eq!(sale("exit = { sale = \"deck\" }"), Some(UsdPerKw::new(100.0)));
    assert_eq!(sale("exit = { sale = \"none\", mothball = \"50 %\" }"), None);
    assert_eq!(sale(""), None);
}

#[test]
fn what_is_not_written_of_them_is_a_default() {
    let defaults = read(&wide()).defaults;
    let of = |file: &str, keys: &[&str]| -> Vec<String> {
        let named = |key: &str| keys.iter().any(|prefix| key.starts_with(prefix));
        let here = defaults.iter().filter(|d| d.file == file && named(&d.key));
        here.map(|d| format!("{} = {}", d.key, d.value)).collect()
    };
    assert_eq!(
        of(PORTFOLIO_TOML, &["crew", "long_lead", "moves", "storage", "pot"]),
        [
            "crew.alpha-crew.halls = none",
            "crew.west-crew.energised = none",
            "long_lead.chiller.reserve = none",
            "moves.install = 0 USD/machine",
            "pot.general.carry_over = true",
            "pot.general.eligible = every site and work",
            "pot.general.relieved_by = []",
            "pot.main.carry_over = true",
        ]
    );
    assert_eq!(
        of(BETA_TOML, &["exit", "power.", "hall.h1.exit"]),
        [
            "exit.mothball = none",
            "exit.sale = deck",
            "hall.h1.exit_cost = 0 USD/hall",
            "power.ballast = none",
            "power.demand_charge = 0 USD/MW-month",
            "power.demand_response = none",
            "power.firm_charge = 0 USD/MW-month",
            "power.minimum_bill = none",
            "power.notice = 0 months",
        ]
    );
    assert_eq!(
        of(ALPHA_TOML, &["exit", "work.lease", "work.study"]),
        [
            "exit.sale = none: the site is leased",
            "work.lease.adds.connection = 0 MW",
            "work.lease.adds.firm = 0 MW",
            "work.lease.adds.racks = 0 MW",
            "work.lease.after = []",
            "work.lease.category = works",
            "work.lease.name = lease",
            "work.lease.needed_by.beyond = 0 MW",
            "work.lease.needed_by.halls = all of the site",
            "work.study.adds = none",
            "work.study.after = []",
            "work.study.name = study",
            "work.study.needed_by = none",
        ]
    );
    assert_eq!(of(FIBRE_TOML, &[""]), ["adds = none", "category = works", "name = fibre", "needed_by.beyond = 0 MW"]);
}
