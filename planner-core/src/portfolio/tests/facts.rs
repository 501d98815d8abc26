//! What is right becomes facts, from folders and lists alike.

use super::*;

#[test]
fn the_small_portfolio_is_right() {
    let checked = read(&small());
    assert_eq!(printed(&checked), Vec::<String>::new());
    let fleet = checked.fleet.unwrap();
    assert_eq!(fleet.sites.len(), 2);
    assert_eq!(fleet.deck.months.len(), 13, "what lies before the horizon is dropped, what lies after it stays");
    assert_eq!(fleet.models.iter().map(|m| m.id.as_str()).collect::<Vec<_>>(), ["Antminer S19", "Antminer S21"]);
}

/// The small portfolio's sites and offers as lists.
pub(super) fn lists() -> InMemory {
    let mut folder = small();
    for path in ["sites/alpha.toml", "sites/beta.toml", "offers/nnn.toml"] {
        folder.0.remove(path);
    }
    let sites = "id,name,location.market,location.region,tenure,tenure.leased_until,tenure.rent [MUSD/year],power.connection,\
        power.firm [MW],power.energy_price [USD/MWh],power.energy_price.deck,mining.uptime,mining.overhead,hall.id,hall.use,\
        hall.count,hall.hall_power [MW],hall.retrofits,overrides.liquid.phases.transformer,overrides.liquid.cost_factor,\
        source,as_of,confidence\n\
        beta,,ERCOT,south,,,,30 MW,20,46,,95 %,6 %,h1,mining,1,20,air,,,,,\n\
        alpha,Alpha,PJM,east,,2041-06-30,1.2,2026-12-31 50 MW; 2027-09-30 350 MW,50,,west,97 %,0.06,,,,,,0 months,94 %,\
        made up,2026-11-01,assumed\n";
    let halls = "site,id,use,count,hall_power [MW],usable_share,retrofits\n\
        alpha,north,mining,2,20,,air; liquid\nalpha,field,pad,1,10,90 %,liquid\n";
    let offers = "id,tenant,size.min [MW-IT],size.max [MW-IT],tranches,term [months],rent [USD/kW-month],escalator [%/year],\
        ramp,class,sites,ready_by,long_stop\n\
        nnn,neocloud (assumed),20,40,2027-12-31 20 MW-IT; 2028-06-30 40 MW-IT,120,129.8,3,50 %; 75 %,liquid,alpha,\
        2028-03-31,2028-12-31\n";
    for (path, text) in [("sites.csv", sites), ("halls.csv", halls), ("offers.csv", offers)] {
        folder.0.insert(path.to_owned(), text.to_owned());
    }
    folder
}

#[test]
fn lists_and_folders_give_the_same_facts() {
    let (from_lists, from_folders) = (read(&lists()), read(&small()));
    assert_eq!(printed(&from_lists), Vec::<String>::new());
    assert_eq!(from_lists.fleet.unwrap(), from_folders.fleet.unwrap());
}

#[test]
fn three_files_and_a_library_are_a_portfolio() {
    let mut folder = lists();
    folder.0.remove("halls.csv");
    folder.0.remove("machines.csv");
    let text = folder.0.get_mut("sites.csv").unwrap();
    *text = text.replace("97 %,0.06,,,,,,", "97 %,0.06,north,mining,2,20,air;liquid,");
    let checked = read(&folder);
    assert_eq!(printed(&checked), Vec::<String>::new());
    assert_eq!(checked.fleet.unwrap().sites[0].halls.len(), 1);
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let mut turned = lists();
    for path in ["sites.csv", "halls.csv", "offers.csv", "machines.csv"] {
        let text = turned.0.get_mut(path).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines[1..].reverse();
        *text = lines.join("\r\n");
    }
    assert_eq!(read(&turned).fleet.unwrap(), read(&small()).fleet.unwrap());
}

#[test]
fn every_default_is_named() {
    let defaults = read(&small()).defaults;
    let of = |file: &str| -> Vec<String> {
        defaults.iter().filter(|d| d.file == file).map(|d| format!("{} = {}", d.key, d.value)).collect()
    };
    assert_eq!(
        of("portfolio.toml"),
        [
            "crew = none: crews are not limited",
            "lock = none",
            "long_lead = none: no equipment is scarce",
            "merchant = none",
            "money.capex_escalation = 0 %/year",
            "money.discount.contracted = 10 %/year",
            "money.discount.corporate = 10 %/year",
            "money.discount.merchant = 10 %/year",
            "money.end_value = run-off",
            "money.pool_fee = 0 %",
            "money.power_escalation = 0 %/year",
            "money.price_date = 2027-01-01",
            "moves.freight = none: machines are not moved",
            "moves.install = 0 USD/machine",
            "policy = none",
            "pot.main.carry_over = true",
            "pot.main.eligible.works = every shared work",
            "pot.main.relieved_by = []",
            "storage = none",
        ]
    );
    assert_eq!(of("offers/nnn.toml").len(), 19);
    assert!(of("sites/alpha.toml").contains(&"hall.north.usable_share = 100 %".to_owned()));
}

#[test]
fn a_broken_retrofit_is_not_called_unknown() {
    let checked = read(&with(&[("../library/retrofits/liquid.toml", "pue = 1.15", "pue = ")]));
    assert_eq!(errors(&checked), 1, "{:?}", printed(&checked));
}

#[test]
fn a_newer_format_is_not_read_further() {
    let checked =
        read(&with(&[("portfolio.toml", "format = 1", "format = 2"), ("sites/alpha.toml", "count = 2", "count = 0")]));
    assert_eq!(errors(&checked), 1);
}

#[test]
fn one_figure_of_firm_power_is_reached_with_the_connection() {
    let checked = read(&with(&[("sites/alpha.toml", "firm = \"50 MW\"", "firm = \"200 MW\"")]));
    assert_eq!(printed(&checked), Vec::<String>::new());
    let firm = &checked.fleet.unwrap().sites[0].power.firm;
    assert_eq!(firm.iter().map(|step| step.power.get()).collect::<Vec<_>>(), [50.0, 200.0]);
    let noted = checked.defaults.iter().find(|d| d.file == "sites/alpha.toml" && d.key == "power.firm").unwrap();
    assert_eq!(noted.value, "the connection, until it reaches 200 MW");
}
