//! What is said about single mistakes in works, crews, moves and ways to leave
//! a site, word for word.
//!
//! Long because it is a table: one literal message a row.

use super::wide::{ALPHA_TOML, BETA_TOML, FEEDER_TOML, FIBRE_TOML, LIQUID_TOML, PORTFOLIO_TOML};
use super::*;

/// All that is said about the wide portfolio with texts replaced.
fn said_of(mut folder: InMemory, changes: &[(&str, &str, &str)]) -> Vec<String> {
    for (file, from, to) in changes {
        let text = folder.0.get_mut(*file).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replacen(from, to, 1);
    }
    printed(&read(&folder))
}

#[test]
fn every_mistake_in_works_crews_and_moves_is_placed_and_mended() {
    for (file, from, to, expected) in CASES {
        assert_eq!(said_of(wide(), &[(file, from, to)]), *expected, "{file}: {to}");
    }
}

/// File, what is replaced in it, by what, and all that is said.
const CASES: &[(&str, &str, &str, &[&str])] = &[
    (
        ALPHA_TOML,
        r#"exit = { mothball = "60 %" }"#,
        "exit = { mothball = 60 }",
        &[
            r#"sites/alpha.toml:5:21 E203 `mothball` is `60`, which is 6000 %: expected `0 %` to `100 %` [write `mothball = "60 %"`, if it is in %]"#,
        ],
    ),
    (
        ALPHA_TOML,
        r#"exit = { mothball = "60 %" }"#,
        r#"exit = { sale = "deck" }"#,
        &[
            "sites/alpha.toml:5:17 E304 `sale` is given for a leased site, which is not ours to sell [remove `sale`, or correct `tenure`]",
        ],
    ),
    (
        ALPHA_TOML,
        r#"exit = { mothball = "60 %" }"#,
        "exit = {}",
        &[
            r#"sites/alpha.toml:5:8 W401 `exit` allows nothing: the site can neither be mothballed nor sold [add `mothball = "60 %"`, or remove `exit`]"#,
        ],
    ),
    (
        ALPHA_TOML,
        r#"exit = { mothball = "60 %" }"#,
        r#"exit = "never""#,
        &[
            "sites/alpha.toml:5:8 E103 `exit` is `never`: expected a table of the exit [write `exit = { … }` or begin a section `[exit]`]",
        ],
    ),
    (
        BETA_TOML,
        "exit = {}",
        r#"exit = { sale = "dek" }"#,
        &[
            "sites/beta.toml:2:17 E204 `sale` is `dek`: expected `deck`, `none` or a price of the connection [for example `deck` or `250000 USD/MW`]",
        ],
    ),
    (
        BETA_TOML,
        "exit = {}",
        "exit = { sale = 250000 }",
        &[
            r#"sites/beta.toml:2:17 E201 `sale` is `250000`, without a unit: expected cost per gross power [for example `sale = "250000 USD/MW"`]"#,
        ],
    ),
    (
        BETA_TOML,
        "exit = {}",
        r#"exit = { sale = "3 MUSD" }"#,
        &[
            r#"sites/beta.toml:2:17 E201 `sale` is `3 MUSD`, which is money: expected cost per gross power [for example `sale = "10 USD/kW"`]"#,
        ],
    ),
    (
        BETA_TOML,
        "exit = {}",
        r#"exit = { mothbal = "60 %" }"#,
        &["sites/beta.toml:2:10 E101 there is no key `mothbal` in the exit of site `beta` [did you mean `mothball`?]"],
    ),
    (
        ALPHA_TOML,
        r#"credit = "3500 USD/MW-month", "#,
        "",
        &[
            r#"sites/alpha.toml:13:19 E102 `credit` is missing in the demand response of the power of site `alpha` [add `credit = "10 USD/MW-month"`]"#,
        ],
    ),
    (
        ALPHA_TOML,
        r#""150 hours/year""#,
        r#""9000 hours/year""#,
        &["sites/alpha.toml:13:59 E203 `hours` is `9000 hours/year`: expected `0 hours/year` to `8760 hours/year`"],
    ),
    (
        ALPHA_TOML,
        r#""150 hours/year""#,
        "150",
        &[
            r#"sites/alpha.toml:13:59 E201 `hours` is `150`, without a unit: expected hours per year [write `hours = "150 hours/year"`, if it is in hours/year]"#,
        ],
    ),
    (
        ALPHA_TOML,
        r#"ballast = "5 %""#,
        "ballast = 5",
        &[
            r#"sites/alpha.toml:14:11 E203 `ballast` is `5`, which is 500 %: expected `0 %` to `100 %` [write `ballast = "5 %"`, if it is in %]"#,
        ],
    ),
    (
        ALPHA_TOML,
        r#""0.3 MUSD/month""#,
        r#""0.3 MUSD""#,
        &[
            r#"sites/alpha.toml:15:27 E201 `amount` is `0.3 MUSD`, which is money: expected money per year [for example `amount = "10 USD/year"`]"#,
        ],
    ),
    (
        ALPHA_TOML,
        "until = 2028-06-30",
        "until = 2026-06-30",
        &[
            "sites/alpha.toml:15:53 W401 the least bill ends on 2026-06-30, before the horizon, so it asks for nothing [correct the date, or remove `minimum_bill`]",
        ],
    ),
    (
        ALPHA_TOML,
        r#"notice = "3 months""#,
        r#"notice = "90 days""#,
        &[
            r#"sites/alpha.toml:16:10 E201 `notice` is `90 days`, which is a whole number of days: expected a whole number of months [for example `notice = "14 months"`]"#,
        ],
    ),
    (
        ALPHA_TOML,
        "third_party = { margin = \"4000 USD/MW-month\", until = 2027-12-31, notice = \"6 months\", fee = \"0.5 MUSD\" }\n",
        "",
        &[
            r#"sites/alpha.toml:43:1 E102 `third_party` is missing in hall `yard` [add `third_party = { margin = "4000 USD/MW-month", until = 2027-12-31 }`, the contract of the mining customer]"#,
        ],
    ),
    (
        ALPHA_TOML,
        r#"use = "third-party""#,
        r#"use = "mining""#,
        &[
            r#"sites/alpha.toml:46:15 E304 `third_party` is only for a hall with `use = "third-party"`: no other has a mining customer [remove `third_party`, or change the use]"#,
        ],
    ),
    (
        ALPHA_TOML,
        r#"margin = "4000 USD/MW-month""#,
        r#"margin = "4000 USD/MWh""#,
        &[
            r#"sites/alpha.toml:46:26 E201 `margin` is `4000 USD/MWh`, which is energy price: expected charge per MW and month [for example `margin = "10 USD/MW-month"`]"#,
        ],
    ),
    (
        ALPHA_TOML,
        "until = 2027-12-31",
        "until = 2026-12-31",
        &[
            r#"sites/alpha.toml:43:1 W402 the contract of the mining customer of hall `yard` ended on 2026-12-31, before the horizon [write `use = "pad"` if the hall is empty, or correct `until`]"#,
        ],
    ),
    (
        ALPHA_TOML,
        "until = 2027-12-31, ",
        "",
        &[
            "sites/alpha.toml:46:15 E102 `until` is missing in the contract of the mining customer of hall `yard` [add `until = 2027-01-31`]",
        ],
    ),
    (
        ALPHA_TOML,
        "count = 1\nhall_power = \"10 MW\"",
        "count = 1\nexit_cost = \"1 MUSD/hall\"\nhall_power = \"10 MW\"",
        &[
            "sites/alpha.toml:35:13 E304 `exit_cost` stands on a pad, where no mining stops [remove `exit_cost`, or change the use]",
        ],
    ),
    (
        ALPHA_TOML,
        r#"exit_cost = "100000 USD/hall""#,
        r#"exit_cost = "100000 USD""#,
        &[
            r#"sites/alpha.toml:27:13 E201 `exit_cost` is `100000 USD`, which is money: expected cost per hall [for example `exit_cost = "10 USD/hall"`]"#,
        ],
    ),
    (
        ALPHA_TOML,
        "count = 2\n",
        "count = 60\n",
        &[
            "sites/alpha.toml:23:1 W402 the halls of `alpha` would reserve 1214 MW if all were hosted, more than its largest connection with all works, 470 MW [this is allowed: not all can be converted; check `count`, `hall_power` and `usable_share`]",
        ],
    ),
    (
        ALPHA_TOML,
        r#"months = "1 month""#,
        r#"months = "0 months""#,
        &["sites/alpha.toml:69:10 E203 `months` is `0 months`: expected `1 months` to `480 months`"],
    ),
    (
        ALPHA_TOML,
        "cost = \"1 MUSD\"\n",
        "",
        &[r#"sites/alpha.toml:67:1 E102 `cost` is missing in work `lease` [add `cost = "10 USD"`]"#],
    ),
    (
        ALPHA_TOML,
        r#"id = "lease""#,
        r#"id = "study""#,
        &[
            "sites/alpha.toml:68:6 E302 there are two works `study` at this site [give each work of the site its own name]",
        ],
    ),
    (
        ALPHA_TOML,
        r#"id = "lease""#,
        r#"id = "feeder""#,
        &[
            "sites/alpha.toml:68:6 E302 a shared work is called `feeder` too, so the name would mean either [give one of the two another name]",
        ],
    ),
    (
        ALPHA_TOML,
        r#"after = ["study"]"#,
        r#"after = ["studdy"]"#,
        &["sites/alpha.toml:64:10 E301 there is no work `studdy` [did you mean `study`?]"],
    ),
    (
        ALPHA_TOML,
        r#"after = ["study"]"#,
        r#"after = ["beta/study"]"#,
        &["sites/alpha.toml:64:10 E301 there is no work `beta/study` [did you mean `study`?]"],
    ),
    (
        ALPHA_TOML,
        r#"category = "studies""#,
        r#"after = ["substation"]"#,
        &[
            "sites/alpha.toml:53:6 E303 works wait for one another: alpha/study → alpha/substation → alpha/study [take one of them out of an `after` list]",
        ],
    ),
    (
        ALPHA_TOML,
        r#"category = "studies""#,
        r#"after = ["study"]"#,
        &[
            "sites/alpha.toml:53:6 E303 works wait for one another: alpha/study → alpha/study [take one of them out of an `after` list]",
        ],
    ),
    (
        ALPHA_TOML,
        r#"category = "studies""#,
        r#"after = ["fibre"]"#,
        &[
            "sites/alpha.toml:53:6 E303 works wait for one another: alpha/study → feeder → fibre → alpha/study [take one of them out of an `after` list]",
        ],
    ),
    (
        ALPHA_TOML,
        "adds = { tenure_until = 2051-06-30 }\nneeded_by = {}",
        "",
        &[
            "sites/alpha.toml:68:6 E304 work `alpha/lease` has no use: it adds nothing, nothing needs it, and no work of use comes after it [write `adds` or `needed_by`, or name it in `after` of a work that needs it]",
        ],
    ),
    (
        ALPHA_TOML,
        "adds = { tenure_until = 2051-06-30 }\nneeded_by = {}",
        r#"adds = { racks = "0 MW" }"#,
        &[
            "sites/alpha.toml:68:6 E304 work `alpha/lease` has no use: it adds nothing, nothing needs it, and no work of use comes after it [write `adds` or `needed_by`, or name it in `after` of a work that needs it]",
        ],
    ),
    (
        ALPHA_TOML,
        "tenure_until = 2051-06-30",
        "tenure_until = 2041-06-30",
        &[
            "sites/alpha.toml:71:25 E304 work `alpha/lease` lengthens the lease of `alpha` to 2041-06-30, but it lasts until 2041-06-30 without it [write a later date]",
        ],
    ),
    (
        ALPHA_TOML,
        r#"racks = "5 MW""#,
        "tenure_until = 2045-06-30",
        &[
            "sites/alpha.toml:71:25 E304 `alpha/substation` and `alpha/lease` both lengthen the lease of `alpha` [keep `tenure_until` in one of them]",
        ],
    ),
    (
        ALPHA_TOML,
        "adds = { tenure_until = 2051-06-30 }",
        "adds = [{ tenure_until = 2051-06-30 }]",
        &[
            "sites/alpha.toml:71:8 E103 `adds` is a list: expected a table of the additions [write `adds = { … }` or begin a section `[adds]`]",
        ],
    ),
    (
        ALPHA_TOML,
        r#"racks = "5 MW""#,
        r#"rack = "5 MW""#,
        &[
            "sites/alpha.toml:65:49 E101 there is no key `rack` in the additions of work `substation` [did you mean `racks`?]",
        ],
    ),
    (
        ALPHA_TOML,
        r#"halls = ["north", "alpha/field"]"#,
        r#"halls = ["nort", "beta/h1"]"#,
        &[
            "sites/alpha.toml:66:24 E301 there is no hall `nort` [did you mean `north`?]",
            "sites/alpha.toml:66:32 E301 there is no hall `beta/h1` [there is `north`, `field` or `yard`]",
        ],
    ),
    (
        ALPHA_TOML,
        "needed_by = {}",
        r#"needed_by = { sites = ["beta"] }"#,
        &[
            "sites/alpha.toml:72:24 E304 `sites` names `beta`, but the work is one of `alpha` [move it to `works/`, where sites share it, or remove the site]",
        ],
    ),
    (
        ALPHA_TOML,
        "needed_by = {}",
        r#"needed_by = ["north"]"#,
        &[
            "sites/alpha.toml:72:13 E103 `needed_by` is a list: expected a table of the need [write `needed_by = { … }` or begin a section `[needed_by]`]",
        ],
    ),
    (
        ALPHA_TOML,
        r#"beyond = "20 MW""#,
        r#"beyond = "20 MW-IT""#,
        &[
            r#"sites/alpha.toml:66:58 E201 `beyond` is `20 MW-IT`, which is critical IT load: expected gross (utility) power [write `beyond = "20 MW"`, if it is gross (utility) power]"#,
        ],
    ),
    (
        FEEDER_TOML,
        r#"site = "beta""#,
        r#"site = "betta""#,
        &["works/feeder.toml:5:18 E301 there is no site `betta` [did you mean `beta`?]"],
    ),
    (
        FEEDER_TOML,
        r#"site = "beta""#,
        r#"site = "alpha""#,
        &["works/feeder.toml:5:54 E302 there are two entries of what is added at `alpha` [put them together in one]"],
    ),
    (
        FEEDER_TOML,
        r#"site = "beta", "#,
        "",
        &[r#"works/feeder.toml:5:9 E102 `site` is missing in an addition of work `feeder` [add `site = "north"`]"#],
    ),
    (
        FEEDER_TOML,
        r#"firm = "10 MW""#,
        "tenure_until = 2050-01-31",
        &[
            "works/feeder.toml:5:41 E304 work `feeder` lengthens the lease of `beta`, which is owned [remove `tenure_until`, or write the `tenure` of the site]",
        ],
    ),
    (
        FEEDER_TOML,
        r#"adds = [{ site = "beta", firm = "10 MW" }, { site = "alpha", connection = "20 MW" }]"#,
        r#"adds = { connection = "20 MW" }"#,
        &[
            "works/feeder.toml:5:8 E103 `adds` is a table: expected a list of tables, each an addition [begin each of them with `[[adds]]`, or write `adds = [{ … }, …]`]",
        ],
    ),
    (
        FEEDER_TOML,
        r#"after = ["alpha/study"]"#,
        r#"after = ["study"]"#,
        &["works/feeder.toml:4:10 E301 there is no work `study` [did you mean `alpha/study`?]"],
    ),
    (
        FEEDER_TOML,
        r#"after = ["alpha/study"]"#,
        r#"after = ["fibre"]"#,
        &[
            "works/feeder.toml:1:1 E303 works wait for one another: feeder → fibre → feeder [take one of them out of an `after` list]",
        ],
    ),
    (
        FEEDER_TOML,
        r#"site = "alpha", connection = "20 MW""#,
        r#"site = "alpha", tenure_until = 2046-12-31"#,
        &[
            "works/feeder.toml:5:77 E304 `alpha/lease` and `feeder` both lengthen the lease of `alpha` [keep `tenure_until` in one of them]",
        ],
    ),
    (
        FIBRE_TOML,
        r#"halls = ["alpha/yard"], sites = ["beta"]"#,
        "",
        &[
            r#"works/fibre.toml:4:13 E102 `sites` is missing in the need of work `fibre` [add `sites = ["…"]`, or `halls = ["site/hall"]`]"#,
        ],
    ),
    (
        FIBRE_TOML,
        r#"halls = ["alpha/yard"]"#,
        r#"halls = ["yard"]"#,
        &["works/fibre.toml:4:24 E301 there is no hall `yard` [did you mean `alpha/yard`?]"],
    ),
    (
        FIBRE_TOML,
        r#"sites = ["beta"]"#,
        r#"sites = ["bet"]"#,
        &["works/fibre.toml:4:48 E301 there is no site `bet` [did you mean `beta`?]"],
    ),
    (
        FIBRE_TOML,
        r#"needed_by = { halls = ["alpha/yard"], sites = ["beta"] }"#,
        "",
        &[
            "works/fibre.toml:1:1 E304 work `fibre` has no use: it adds nothing, nothing needs it, and no work of use comes after it [write `adds` or `needed_by`, or name it in `after` of a work that needs it]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        r#"works = ["fibre", "feeder"]"#,
        r#"works = ["fiber", "feeder"]"#,
        &["portfolio.toml:20:42 E301 there is no shared work `fiber` [did you mean `fibre`?]"],
    ),
    (
        PORTFOLIO_TOML,
        r#"works = ["fibre", "feeder"]"#,
        r#"works = ["fibre", "feeder", "alpha/study"]"#,
        &[
            "portfolio.toml:20:61 E304 `alpha/study` is a work of a site, which is charged to the pot of its site [remove it, and name the site in `eligible.sites`]",
        ],
    ),
    (PORTFOLIO_TOML, r#"id = "general""#, "id = \"general\"\neligible = {}", &[]),
    (
        PORTFOLIO_TOML,
        r#"id = "general""#,
        "id = \"general\"\neligible = { sites = [] }",
        &[
            "portfolio.toml:84:11 W401 every pot has `eligible`, so none pays a deposit and nothing can be reserved [add a pot without `eligible`, or remove `reserve`]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        r#"id = "east-crew""#,
        r#"id = "west-crew""#,
        &["portfolio.toml:71:6 E302 there are two crews `west-crew` [give each crew its own name]"],
    ),
    (
        PORTFOLIO_TOML,
        r#"scope = "portfolio""#,
        r#"scope = "everywhere""#,
        &[
            r#"portfolio.toml:68:9 E204 `scope` is `everywhere`: expected `portfolio`, or a table that names a region or a site [write `scope = "portfolio"`, `scope = { region = "…" }` or `scope = { site = "…" }`]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        r#"scope = "portfolio""#,
        r#"scope = "region""#,
        &[
            r#"portfolio.toml:68:9 E204 `scope` is `region`: expected `portfolio`, or a table that names a region or a site [write `scope = "portfolio"`, `scope = { region = "…" }` or `scope = { site = "…" }`]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        "scope = \"portfolio\"\n",
        "",
        &[
            r#"portfolio.toml:66:1 E102 `scope` is missing in crew `west-crew` [add `scope = "portfolio"`, `scope = { region = "…" }` or `scope = { site = "…" }`]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        r#"scope = { region = "east" }"#,
        r#"scope = { region = "est" }"#,
        &["portfolio.toml:72:20 E301 there is no site in the region `est` [did you mean `east`?]"],
    ),
    (
        PORTFOLIO_TOML,
        r#"scope = { region = "east" }"#,
        r#"scope = { region = "east", site = "alpha" }"#,
        &[
            "portfolio.toml:72:9 E304 `scope` names a region and a site: expected one of the two [remove one of the two; each crew has one scope]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        r#"scope = { region = "east" }"#,
        "scope = {}",
        &[
            r#"portfolio.toml:72:9 E102 `region` is missing in the scope of crew `east-crew` [add `region = "…"` or `site = "…"`]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        r#"scope = { site = "alpha" }"#,
        r#"scope = { site = "alpa" }"#,
        &["portfolio.toml:77:18 E301 there is no site `alpa` [did you mean `alpha`?]"],
    ),
    (
        PORTFOLIO_TOML,
        "halls = 4",
        r#"name = "idle""#,
        &[
            "portfolio.toml:67:6 W401 crew `west-crew` limits nothing: it has neither `halls` nor `energised` [add one of them, or remove the crew]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        r#""30 MW-IT/year""#,
        r#""30 MW-IT""#,
        &[
            r#"portfolio.toml:78:13 E201 `energised` is `30 MW-IT`, which is critical IT load: expected critical IT load per year [for example `energised = "10 MW-IT/year"`]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        r#"item = "transformer""#,
        r#"item = "transformers""#,
        &[
            "portfolio.toml:81:8 E301 no retrofit that a hall allows has a cost with the equipment `transformers` [did you mean `transformer`?]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        r#"item = "chiller""#,
        r#"item = "transformer""#,
        &["portfolio.toml:85:8 E302 there are two entries of the equipment `transformer` [keep one of the two]"],
    ),
    (
        PORTFOLIO_TOML,
        "per_period = 8",
        "",
        &["portfolio.toml:84:1 E102 `per_period` is missing in equipment `chiller` [add `per_period = 1`]"],
    ),
    (
        PORTFOLIO_TOML,
        r#"lead = "6 months""#,
        r#"lead = "12 months""#,
        &[
            "portfolio.toml:83:52 W401 no period of the horizon begins 12 months after its start, so nothing can be reserved [correct `lead`, or remove `reserve`]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "most = 3, ",
        "",
        &["portfolio.toml:83:11 E102 `most` is missing in the reserve of equipment `transformer` [add `most = 1`]"],
    ),
    (
        PORTFOLIO_TOML,
        r#"deposit = "0.4 MUSD""#,
        r#"deposit = "10 %""#,
        &[
            r#"portfolio.toml:83:33 E201 `deposit` is `10 %`, which is a share: expected money [for example `deposit = "10 USD"`]"#,
        ],
    ),
    (
        LIQUID_TOML,
        r#"{ item = "chiller", count = 6 }"#,
        r#""chiller""#,
        &[
            "../library/retrofits/liquid.toml:27:13 E103 `equipment` is `chiller`: expected a table of the equipment [write `equipment = { … }` or begin a section `[equipment]`]",
        ],
    ),
    (
        LIQUID_TOML,
        "count = 6",
        "count = 0",
        &["../library/retrofits/liquid.toml:27:41 E203 `count` is `0`: expected 1 to 10000"],
    ),
    (
        LIQUID_TOML,
        "equipment = { item = \"chiller\", count = 6 }\n",
        "",
        &[
            "portfolio.toml:85:8 E301 no retrofit that a hall allows has a cost with the equipment `chiller` [there is `transformer`]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "freight = \"12 USD/machine\"\n",
        "",
        &[
            r#"portfolio.toml:22:1 E102 `freight` is missing in machine handling of the portfolio [add `freight = "10 USD/machine"` to `[moves]`: what is stored is carried there and back]"#,
            "portfolio.toml:23:24 E304 `freight_other_region` is given without `freight`, which lets machines be moved [add `freight`, or remove `freight_other_region`]",
            "portfolio.toml:24:12 E304 `downtime` is given without `freight`, which lets machines be moved [add `freight`, or remove `downtime`]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        r#""30 USD/machine""#,
        r#""10 USD/machine""#,
        &[
            "portfolio.toml:24:24 E304 `freight_other_region` is 10 USD/machine, less than `freight`, 12 USD/machine [freight to another region costs at least as much as within one]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        r#"downtime = "7 days""#,
        r#"downtime = "31 days""#,
        &["portfolio.toml:25:12 E203 `downtime` is `31 days`: expected `0 days` to `28 days`"],
    ),
    (
        PORTFOLIO_TOML,
        r#"cost = "0.5 USD/machine-month""#,
        r#"cost = "0.5 USD/machine""#,
        &[
            r#"portfolio.toml:64:8 E201 `cost` is `0.5 USD/machine`, which is amount per machine: expected amount per machine and month [for example `cost = "10 USD/machine-month"`]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        r#"cost = "0.5 USD/machine-month""#,
        "",
        &[
            r#"portfolio.toml:63:1 E102 `cost` is missing in storage of the portfolio [add `cost = "10 USD/machine-month"`]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        r#"work = "feeder""#,
        r#"work = "feder""#,
        &["portfolio.toml:95:8 E301 there is no work `feder` [did you mean `feeder`?]"],
    ),
    (
        PORTFOLIO_TOML,
        r#"work = "feeder""#,
        r#"work = "study""#,
        &["portfolio.toml:95:8 E301 there is no work `study` [did you mean `alpha/study`?]"],
    ),
    (
        PORTFOLIO_TOML,
        r#"work = "feeder""#,
        "work = \"feeder\"\nhalls = 2",
        &[
            "portfolio.toml:96:9 E304 `halls` has no meaning beside `work`: the lock is about the work alone [remove `halls`, or write a lock of its own for it]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        r#"work = "feeder""#,
        "work = \"feeder\"\nspent = \"1 MUSD\"",
        &[
            r#"portfolio.toml:96:9 E304 `spent` is only for `kind = "started"`: nothing is spent on what has not started [remove `spent`, or change the kind]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        r#"work = "feeder""#,
        "work = \"feeder\"\nstart = 2026-10-01",
        &[
            r#"portfolio.toml:96:9 E305 `start` is 2026-10-01: expected the first day of a period in which a work may start, 2027-01-01 to 2027-04-01 [write `kind = "started"` for a work that has started before the horizon]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        "start = 2026-09-01\n",
        "",
        &[
            "portfolio.toml:88:1 E102 `start` is missing in lock `4` [add `start = 2026-10-01`: what has started is known in full]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "start = 2026-09-01",
        "start = 2027-04-01",
        &[
            r#"portfolio.toml:91:9 E305 `start` is 2027-04-01: expected a date before the horizon, which begins on 2027-01-01 [write `kind = "force"` for a work that is still to start]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        "start = 2026-09-01",
        "start = 2026-09-15",
        &[
            "portfolio.toml:91:9 E203 `start` is 2026-09-15: works start on the first of a month [write `start = 2026-09-01`]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "work = \"fibre\"\nstart = 2027-04-01",
        r#"work = "feeder""#,
        &[
            "portfolio.toml:96:1 E304 lock `6` forbids all that lock `5` forces [remove one of the two, or name fewer things in one]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "kind = \"forbid\"\nwork = \"fibre\"\nstart = 2027-04-01",
        "kind = \"forbid\"\nwork = \"alpha/study\"",
        &[
            "portfolio.toml:93:1 E304 lock `5` cannot be met: `feeder` comes after `alpha/study`, which lock `6` forbids [correct the lock or the work, or remove the lock]",
            "portfolio.toml:96:1 E304 lock `6` forbids all that lock `4` says has started [remove one of the two, or name fewer things in one]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "kind = \"forbid\"\nwork = \"fibre\"\nstart = 2027-04-01",
        "kind = \"started\"\nwork = \"alpha/study\"\nstart = 2026-08-01",
        &[
            "portfolio.toml:99:9 E304 work `alpha/study` starts once, but locks have it start on 2026-09-01 and on 2026-08-01 [remove one of the two locks]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "kind = \"forbid\"\nwork = \"fibre\"\nstart = 2027-04-01",
        "kind = \"started\"\nwork = \"alpha/substation\"\nstart = 2026-10-01",
        &[
            "portfolio.toml:96:1 E304 lock `6` cannot be met: `alpha/substation` comes after `alpha/study`, which no lock says has finished before it [correct the lock or the work, or remove the lock]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "kind = \"force\"\nwork = \"feeder\"",
        "kind = \"started\"\nwork = \"feeder\"\nstart = 2026-12-01",
        &[],
    ),
    (
        PORTFOLIO_TOML,
        "kind = \"force\"\nwork = \"feeder\"",
        "kind = \"force\"\nwork = \"feeder\"\nstart = 2027-04-01\n[[lock]]\nkind = \"force\"\nwork = \"feeder\"\nstart = 2027-01-01",
        &[
            "portfolio.toml:100:9 E304 work `feeder` starts once, but locks have it start on 2027-04-01 and on 2027-01-01 [remove one of the two locks]",
        ],
    ),
    (
        FEEDER_TOML,
        r#"months = "6 months""#,
        r#"months = "13 months""#,
        &[
            "portfolio.toml:93:1 E304 lock `5` cannot be met: `feeder` takes 13 months, and the horizon ends 12 months after its earliest start [correct the lock or the work, or remove the lock]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "kind = \"started\"\nwork = \"alpha/study\"\nstart = 2026-09-01\nspent = \"0.2 MUSD\"",
        "kind = \"forbid\"\nwork = \"alpha/study\"",
        &[
            "portfolio.toml:91:1 E304 lock `5` cannot be met: `feeder` comes after `alpha/study`, which lock `4` forbids [correct the lock or the work, or remove the lock]",
        ],
    ),
];

#[test]
fn a_site_cannot_be_called_portfolio() {
    let mut folder = small();
    let beta = folder.0[BETA_TOML].clone();
    folder.0.insert("sites/portfolio.toml".to_owned(), beta);
    assert_eq!(
        printed(&read(&folder)),
        [
            "sites/portfolio.toml:1:1 E204 a site cannot be called `portfolio`: ledgers name what belongs to no site so [give it another name]"
        ]
    );
}

#[test]
fn a_work_that_no_pot_pays_for_is_not_started() {
    let only = |works: &str| format!("id = \"general\"\neligible = {{ works = [{works}] }}");
    let paid = |works: &str| {
        said_of(
            wide(),
            &[
                (PORTFOLIO_TOML, "id = \"general\"", &only(works)),
                (PORTFOLIO_TOML, "works = [\"fibre\", \"feeder\"]", "works = []"),
                (PORTFOLIO_TOML, "reserve = {", "#"),
            ],
        )
    };
    assert_eq!(paid("\"fibre\", \"feeder\""), Vec::<String>::new());
    assert_eq!(
        paid("\"feeder\""),
        [
            "works/fibre.toml:1:1 W401 no pot pays for work `fibre`, so it cannot be started [name it, or its site, in `eligible` of a pot]",
        ]
    );
    assert_eq!(
        paid("\"fibre\""),
        [
            "portfolio.toml:94:1 E304 lock `5` cannot be met: no pot pays for `feeder` [correct the lock or the work, or remove the lock]",
            "works/feeder.toml:1:1 W401 no pot pays for work `feeder`, so it cannot be started [name it, or its site, in `eligible` of a pot]",
        ]
    );
}

#[test]
fn all_circles_are_named_and_nothing_else_is_called_useless() {
    let changes = [
        (ALPHA_TOML, "category = \"studies\"", "after = [\"substation\"]"),
        (FEEDER_TOML, "after = [\"alpha/study\"]", "after = [\"fibre\"]"),
        (ALPHA_TOML, "adds = { tenure_until = 2051-06-30 }\nneeded_by = {}", ""),
    ];
    assert_eq!(
        said_of(wide(), &changes),
        [
            "sites/alpha.toml:53:6 E303 works wait for one another: alpha/study → alpha/substation → alpha/study [take one of them out of an `after` list]",
            "works/feeder.toml:1:1 E303 works wait for one another: feeder → fibre → feeder [take one of them out of an `after` list]",
        ]
    );
}

#[test]
fn mistakes_in_lists_of_works_point_at_their_cells() {
    let changes = [
        ("works.csv", "alpha,lease,,1,1", "alhpa,lease,,1,1"),
        ("works.csv", "north; field", "north; feild"),
        ("works.csv", "0.4,studies", "cheap,studies"),
        ("works.csv", ",fibre,,3,", ",fibre,,,"),
        ("halls.csv", "4000,2027-12-31", ",2027-12-31"),
        ("halls.csv", "alpha,north,mining,2,20,,100000,,", "alpha,north,mining,2,20,,100000,1,"),
        ("sites.csv", "deck,30 MW", "dck,30 MW"),
    ];
    assert_eq!(
        said_of(wide_lists(), &changes),
        [
            r#"halls.csv:2:1 E304 `third_party` is only for a hall with `use = "third-party"`: no other has a mining customer [remove `third_party`, or change the use]"#,
            "halls.csv:4:1 E102 `margin` is missing in the contract of the mining customer of hall `yard` [fill the cell, for instance with `10 USD/MW-month`]",
            "sites.csv:2:24 E204 `sale` is `dck`: expected `deck`, `none` or a price of the connection [for example `deck` or `250000 USD/MW`]",
            "works.csv:2:1 E102 `months` is missing in work `fibre` [fill the cell, for instance with `14 months`]",
            "works.csv:3:65 E301 there is no hall `feild` [did you mean `field`?]",
            "works.csv:4:1 E301 there is no site `alhpa` [did you mean `alpha`?]",
            "works.csv:5:16 E201 `cost` is `cheap`: expected money, a number with its unit [for example `10 USD`]",
        ]
    );
}

#[test]
fn there_are_not_too_many_works() {
    let mut folder = small();
    let rows: String = (0..1001).map(|n| format!("work-{n},1,1,alpha\n")).collect::<Vec<_>>().concat();
    folder.0.insert("works.csv".to_owned(), format!("id,months [months],cost [USD],needed_by.sites\n{rows}"));
    assert_eq!(
        printed(&read(&folder)),
        ["works.csv:1001:1 E203 there are 1001 works: expected at most 1000 [join works that follow one another]",]
    );
}
