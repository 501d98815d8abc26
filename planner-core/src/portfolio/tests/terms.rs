//! What is said about single mistakes in the finer terms, word for word.
//!
//! Long because it is a table: one literal message a row.

use super::*;

/// All that is said about the full portfolio with texts replaced.
fn said_of_full(changes: &[(&str, &str, &str)], mut folder: InMemory) -> Vec<String> {
    for (file, from, to) in changes {
        let text = folder.0.get_mut(*file).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replacen(from, to, 1);
    }
    printed(&read(&folder))
}

const PORTFOLIO_TOML: &str = "portfolio.toml";
const NNN_TOML: &str = "offers/nnn.toml";
const LOI_TOML: &str = "offers/loi.toml";
const LIQUID_TOML: &str = "../library/retrofits/liquid.toml";
const AIR_TOML: &str = "../library/retrofits/air.toml";
const DECK_TOML: &str = "../library/decks/flat/deck.toml";

/// File, what is replaced in it, by what, and all that is said.
const CASES: &[(&str, &str, &str, &[&str])] = &[
    (
        NNN_TOML,
        "cap = \"30000 USD/MW-IT\"",
        "cap = \"3 MUSD\"",
        &[
            r#"offers/nnn.toml:12:63 E201 `cap` is `3 MUSD`, an amount of money for the whole offer: expected cost per critical IT load, because an amount per offer would not be linear in the load that is served; over `size.max`, 40 MW-IT, it is 75000 USD/MW-IT [write `cap = "75000 USD/MW-IT"`]"#,
        ],
    ),
    (
        NNN_TOML,
        "cap = \"30000 USD/MW-IT\"",
        "cap = \"30000 USD/MW\"",
        &[
            r#"offers/nnn.toml:12:63 E201 `cap` is `30000 USD/MW`, which is cost per gross power: expected cost per critical IT load [write `cap = "30000 USD/MW-IT"`, if it is cost per critical IT load]"#,
        ],
    ),
    (
        NNN_TOML,
        "cap = \"30000 USD/MW-IT\"",
        "cpa = \"30000 USD/MW-IT\"",
        &[
            "offers/nnn.toml:12:57 E101 there is no key `cpa` in the damages for delay of offer `nnn` [did you mean `cap`?]",
        ],
    ),
    (
        NNN_TOML,
        "ready_by = 2028-03-31\n",
        "",
        &[
            "offers/nnn.toml:1:1 E102 `ready_by` is missing in offer `nnn` [add `ready_by`, the date from which `late` counts the delay, or remove `late`]",
        ],
    ),
    (
        NNN_TOML,
        "damages = \"900 USD/MW-day\", ",
        "",
        &[
            r#"offers/nnn.toml:12:8 E102 `damages` is missing in the damages for delay of offer `nnn` [add `damages = "10 USD/MW-day"`]"#,
        ],
    ),
    (
        NNN_TOML,
        "\"30 days\"",
        "\"1 month\"",
        &[
            r#"offers/nnn.toml:12:18 E201 `grace` is `1 month`, which is a whole number of months: expected a whole number of days [for example `grace = "30 days"`]"#,
        ],
    ),
    (
        NNN_TOML,
        "\"30 days\"",
        "30",
        &[
            r#"offers/nnn.toml:12:18 E201 `grace` is `30`, without a unit: expected a whole number of days [write `grace = "30 days"`, if it is in days]"#,
        ],
    ),
    (
        NNN_TOML,
        "late = {",
        "late = \"900 USD/MW-day\" #{",
        &[
            "offers/nnn.toml:12:8 E103 `late` is `900 USD/MW-day`: expected a table of the damages for delay [write `late = { … }` or begin a section `[late]`]",
        ],
    ),
    (
        NNN_TOML,
        "months = \"1 year\"",
        "months = \"0 months\"",
        &["offers/nnn.toml:13:25 E203 `months` is `0 months`: expected `1 months` to `480 months`"],
    ),
    (
        NNN_TOML,
        "months = \"1 year\"",
        "months = \"11 years\"",
        &[
            "offers/nnn.toml:13:25 E304 `prepayment.months` is 132 months, more than the `term`, 120 months [rent is prepaid for months of the initial term only]",
        ],
    ),
    (
        NNN_TOML,
        "paid = \"commencement\"",
        "paid = \"comencement\"",
        &[
            r#"offers/nnn.toml:13:42 E204 `paid` is `comencement`: expected `start`, `commencement` or a date [write `paid = "commencement"`]"#,
        ],
    ),
    (
        NNN_TOML,
        "paid = \"commencement\"",
        "paid = \"2028-02-30\"",
        &[
            "offers/nnn.toml:13:42 E202 `paid` is `2028-02-30`: expected a date of the calendar, year-month-day without a time [for example `paid = 2027-01-31`]",
        ],
    ),
    (
        NNN_TOML,
        "credited = \"90 %\"",
        "credited = 90",
        &[
            r#"offers/nnn.toml:13:69 E203 `credited` is `90`, which is 9000 %: expected `0 %` to `100 %` [write `credited = "90 %"`, if it is in %]"#,
        ],
    ),
    (
        NNN_TOML,
        "amount = \"1.5 MUSD/MW-IT\", ",
        "",
        &[
            r#"offers/nnn.toml:14:11 E102 `amount` is missing in the advance of offer `nnn` [add `amount = "1.5 MUSD/MW-IT"`]"#,
        ],
    ),
    (
        NNN_TOML,
        "\"1.5 MUSD/MW-IT\"",
        "\"1.5 MUSD/MW\"",
        &[
            r#"offers/nnn.toml:14:22 E201 `amount` is `1.5 MUSD/MW`, which is cost per gross power: expected cost per critical IT load [write `amount = "1.5 MUSD/MW-IT"`, if it is cost per critical IT load]"#,
        ],
    ),
    (
        NNN_TOML,
        "tenant_funded = \"30 %\"",
        "tenant_funded = \"8 MUSD\"",
        &[
            r#"offers/nnn.toml:15:17 E201 `tenant_funded` is `8 MUSD`, an amount of money for the whole offer: expected cost per critical IT load, because an amount per offer would not be linear in the load that is served; over `size.max`, 40 MW-IT, it is 200000 USD/MW-IT [write `tenant_funded = "200000 USD/MW-IT"`]"#,
        ],
    ),
    (
        NNN_TOML,
        "tenant_funded = \"30 %\"",
        "tenant_funded = \"200 USD/MWh\"",
        &[
            "offers/nnn.toml:15:17 E201 `tenant_funded` is `200 USD/MWh`: expected a share of the capex, or cost per critical IT load [for example `tenant_funded = \"30 %\"`]",
        ],
    ),
    (
        NNN_TOML,
        "tenant_funded = \"30 %\"",
        "tenant_funded = 30",
        &[
            r#"offers/nnn.toml:15:17 E203 `tenant_funded` is `30`, which is 3000 %: expected `0 %` to `100 %` [write `tenant_funded = "30 %"`, if it is in %]"#,
        ],
    ),
    (
        NNN_TOML,
        "default = \"2 %/year\"",
        "defualt = \"2 %/year\"",
        &[
            "offers/nnn.toml:16:12 E101 there is no key `defualt` in the default risk of offer `nnn` [did you mean `default`?]",
        ],
    ),
    (NNN_TOML, "count = 2", "count = 6", &["offers/nnn.toml:17:85 E203 `count` is `6`: expected 0 to 5"]),
    (
        NNN_TOML,
        "probability = \"60 %\", ",
        "",
        &[
            r#"offers/nnn.toml:17:11 E102 `probability` is missing in the renewal of offer `nnn` [add `probability = "8 %"`]"#,
        ],
    ),
    (
        NNN_TOML,
        "\"0.25 MUSD/MW-IT\"",
        "\"-1 USD/MW-IT\"",
        &["offers/nnn.toml:18:11 E203 `give_up` is `-1 USD/MW-IT`: expected `0 USD/kW-IT` to `1000000 USD/kW-IT`"],
    ),
    (
        NNN_TOML,
        "\"130 kW/rack\"",
        "\"130 kW\"",
        &[
            r#"offers/nnn.toml:19:11 E201 `density` is `130 kW`, which is gross (utility) power: expected power of a rack [for example `density = "10 kW/rack"`]"#,
        ],
    ),
    (
        NNN_TOML,
        "\"n+1\"",
        "\"n + 1\"",
        &[
            r#"offers/nnn.toml:20:14 E204 `redundancy` is `n + 1`: expected `n`, `n+1` or `2n` [write `redundancy = "n+1"`]"#,
        ],
    ),
    (
        NNN_TOML,
        "density = \"130 kW/rack\"",
        "density = \"150 kW/rack\"",
        &[
            "offers/nnn.toml:8:9 W401 no retrofit of the class `liquid` that a hall allows has the density and redundancy that the offer asks for, so the offer cannot be served [state `density` and `redundancy` in the retrofits, or ask for less]",
            "portfolio.toml:34:1 E304 lock `1` cannot be met: the retrofit `liquid` has less density or redundancy than the offer `nnn` asks for [correct what the lock names, or remove it]",
        ],
    ),
    (
        NNN_TOML,
        "exclusive_group = \"pjm\"",
        "exclusive_group = \"pjn\"",
        &[
            "offers/loi.toml:15:19 W401 no other offer is of the group `pjm`, so it excludes nothing [did you mean `pjn`?]",
            "offers/nnn.toml:21:19 W401 no other offer is of the group `pjn`, so it excludes nothing [did you mean `pjm`?]",
        ],
    ),
    (
        NNN_TOML,
        "exclusive_group = \"pjm\"",
        "exclusive_group = \"pjm liquid\"",
        &[
            r#"offers/nnn.toml:21:19 E204 `exclusive_group` is `pjm liquid`: a name has 1 to 64 letters, digits, `-`, `_`, or `.` [write `exclusive_group = "pjm-liquid"`]"#,
        ],
    ),
    (
        NNN_TOML,
        "tenant_funded = \"30 %\"",
        "probability = \"30 %\"",
        &[
            r#"offers/nnn.toml:15:15 E304 `probability` is only for an offer with `status = "letter-of-intent"` [remove `probability`, or change the status]"#,
        ],
    ),
    (
        NNN_TOML,
        "size = { min = \"20 MW-IT\"",
        "status = \"signed\"\nsize = { min = \"0 MW-IT\"",
        &[
            "offers/nnn.toml:3:16 E304 `size.min` is nil, but the offer is signed: an accepted offer must serve something [write the load that was signed for]",
        ],
    ),
    (
        NNN_TOML,
        "exclusive_group = \"pjm\"",
        "debt = { ltc = \"60 %\" }",
        &[
            "offers/loi.toml:15:19 W401 no other offer is of the group `pjm`, so it excludes nothing [remove it, or give it to another offer]",
            "offers/nnn.toml:21:1 E104 `debt` belongs to a part of the model that this version does not plan yet [remove it]",
        ],
    ),
    (
        LOI_TOML,
        "\"letter-of-intent\"\nprobability = \"40 %\"",
        "\"letter-of-intent\"\nprobability = 40",
        &[
            r#"offers/loi.toml:3:15 E203 `probability` is `40`, which is 4000 %: expected `0 %` to `100 %` [write `probability = "40 %"`, if it is in %]"#,
        ],
    ),
    (
        LIQUID_TOML,
        "redundancy = \"2n\"",
        "redundancy = \"3n\"",
        &[
            r#"../library/retrofits/liquid.toml:6:14 E204 `redundancy` is `3n`: expected `n`, `n+1` or `2n` [write `redundancy = "2n"`]"#,
        ],
    ),
    (
        LIQUID_TOML,
        "life = \"5 years\"",
        "life = \"0 months\"",
        &["../library/retrofits/liquid.toml:28:8 E203 `life` is `0 months`: expected `1 months` to `480 months`"],
    ),
    (
        AIR_TOML,
        "phase = \"all\"",
        "phase = \"all\"\nlife = \"60 months\"",
        &[
            "../library/retrofits/air.toml:16:8 E304 `life` stands on an amount per site, which is paid once and never again [remove `life`, or write the amount per kW or per hall]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "[\"prepayment\", \"advance\"]",
        "[\"prepaymnt\", \"advance\"]",
        &[
            "portfolio.toml:19:16 E204 `relieved_by` names `prepaymnt`: expected `advance` or `prepayment` [did you mean `prepayment`?]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "cap = \"50 MW-IT\"",
        "cap = \"50 MW\"",
        &[
            r#"portfolio.toml:26:7 E201 `cap` is `50 MW`, which is gross (utility) power: expected critical IT load [write `cap = "50 MW-IT"`, if it is critical IT load]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        "mix = { share = \"40 %\", from",
        "mix = { share = 40, from",
        &[
            r#"portfolio.toml:29:17 E203 `share` is `40`, which is 4000 %: expected `0 %` to `100 %` [write `share = "40 %"`, if it is in %]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        "from = 2027-07-01",
        "from = 2029-07-01",
        &[
            "portfolio.toml:29:32 W401 no period of the horizon begins on or after 2029-07-01, so the policy rules nothing [write an earlier date, or remove the policy]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "to = 2027-09-30",
        "to = 2026-09-30",
        &[
            "portfolio.toml:30:58 E304 `to` is 2026-09-30, before `from`, 2027-01-01 [exchange the two, or correct one of them]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "\"0.5 EH/s\"",
        "\"0.5 TH\"",
        &[
            r#"portfolio.toml:30:22 E201 `floor` is `0.5 TH`, in `TH`, which is not a known unit: expected hashrate [write `floor = "0.5 TH/s"`]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        ", free = \"20 MW-IT\"",
        "",
        &[
            r#"portfolio.toml:31:10 E102 `free` is missing in the tenant policy of the policies of the portfolio [add `free = "50 MW-IT"`, the load that is always allowed: without it the first lease, at first all of the contracted load, could never be taken]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        "kind = \"force\"",
        "kind = \"forced\"",
        &[
            r#"portfolio.toml:44:8 E204 `kind` is `forced`: expected `force`, `forbid` or `started` [write `kind = "force"`]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        "offer = \"nnn\"\nstart",
        "offer = \"nn\"\nstart",
        &["portfolio.toml:39:9 E301 there is no offer `nn` [did you mean `nnn`?]"],
    ),
    (
        PORTFOLIO_TOML,
        "retrofit = \"liquid\"\noffer",
        "retrofit = \"liqid\"\noffer",
        &["portfolio.toml:38:12 E301 there is no retrofit `liqid` [did you mean `liquid`?]"],
    ),
    (
        PORTFOLIO_TOML,
        "hall = \"north\"",
        "hall = \"nroth\"",
        &["portfolio.toml:37:8 E301 there is no hall `nroth` [did you mean `north`?]"],
    ),
    (
        PORTFOLIO_TOML,
        "site = \"alpha\"\nhall = \"north\"",
        "hall = \"north\"",
        &[
            r#"portfolio.toml:34:1 E102 `site` is missing in lock `1` [add `site = "…"`: what has started is known in full]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        "site = \"alpha\"\nhall = \"field\"",
        "hall = \"field\"",
        &[
            r#"portfolio.toml:50:1 E102 `site` is missing in lock `3` [add `site = "…"`: the name of a hall holds within its site]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        "start = 2026-10-01\n",
        "start = 2026-10-15\n",
        &[
            "portfolio.toml:40:9 E203 `start` is 2026-10-15: conversions start on the first of a month [write `start = 2026-10-01`]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "start = 2026-10-01\n",
        "start = 2027-04-01\n",
        &[
            r#"portfolio.toml:40:9 E305 `start` is 2027-04-01: expected a date before the horizon, which begins on 2027-01-01 [write `kind = "force"` for a conversion that is still to start]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        "start = 2027-04-01",
        "start = 2027-05-01",
        &[
            "portfolio.toml:47:9 E203 `start` is 2027-05-01: expected the first day of a period in which a conversion may start, 2027-01-01 to 2027-04-01 [write `start = 2027-04-01`]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "start = 2027-04-01",
        "start = 2027-07-01",
        &[
            "portfolio.toml:47:9 E305 `start` is 2027-07-01: expected the first day of a period in which a conversion may start, 2027-01-01 to 2027-04-01 [write `start = 2027-04-01`]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "start = 2027-04-01",
        "start = 2026-07-01",
        &[
            r#"portfolio.toml:47:9 E305 `start` is 2026-07-01: expected the first day of a period in which a conversion may start, 2027-01-01 to 2027-04-01 [write `kind = "started"` for a conversion that has started before the horizon]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        "spent = \"12 MUSD\"",
        "halls = 3",
        &[
            "portfolio.toml:41:9 E304 `halls` is 3, more than the halls that can meet lock `1`: 2 [write `halls = 2` or fewer]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "halls = 2",
        "halls = 5",
        &[
            "portfolio.toml:48:9 E304 `halls` is 5, more than the halls that can meet lock `2`: 3 [write `halls = 3` or fewer]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "halls = 2",
        "spent = \"1 MUSD\"",
        &[
            r#"portfolio.toml:48:9 E304 `spent` is only for `kind = "started"`: nothing is spent on what has not started [remove `spent`, or change the kind]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        "offer = \"loi\"\n",
        "halls = 2\n",
        &[
            r#"portfolio.toml:54:9 E304 `halls` has no meaning with `kind = "forbid"`, which leaves no hall at all [remove `halls`]"#,
        ],
    ),
    (
        PORTFOLIO_TOML,
        "retrofit = \"liquid\"\noffer",
        "retrofit = \"air\"\noffer",
        &[
            "portfolio.toml:34:1 E304 lock `1` cannot be met: the retrofit `air` has the class `air`, the offer `nnn` asks for `liquid` [correct what the lock names, or remove it]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "hall = \"field\"\noffer = \"loi\"",
        "offer = \"nnn\"",
        &[
            "portfolio.toml:50:1 E304 lock `3` forbids all that lock `1` says has started [remove one of the two, or name fewer things in one]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "hall = \"field\"\noffer = \"loi\"",
        "",
        &[
            "portfolio.toml:50:1 E304 lock `3` forbids all that lock `1` says has started [remove one of the two, or name fewer things in one]",
            "portfolio.toml:50:1 E304 lock `3` forbids all that lock `2` forces [remove one of the two, or name fewer things in one]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "site = \"alpha\"\nhall = \"field\"\noffer = \"loi\"",
        "site = \"beta\"\noffer = \"nnn\"",
        &[
            "portfolio.toml:50:1 W401 lock `3` forbids nothing: the offer `nnn` may not be served at `beta` [remove the lock, or correct what it names]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "offer = \"nnn\"\nstart",
        "offer = \"loi\"\nstart",
        &[
            "portfolio.toml:39:9 W402 `loi` is a letter of intent that does not count without `--include-loi`, but lock `1` needs it [write `plan_on = true` in the offer]",
        ],
    ),
    (
        PORTFOLIO_TOML,
        "start = 2027-04-01\nhalls = 2",
        "work = \"feeder\"",
        &[
            "portfolio.toml:45:8 E304 `site` has no meaning beside `work`: the lock is about the work alone [remove `site`, or write a lock of its own for it]",
            "portfolio.toml:46:12 E304 `retrofit` has no meaning beside `work`: the lock is about the work alone [remove `retrofit`, or write a lock of its own for it]",
            "portfolio.toml:47:8 E301 there is no work `feeder` [there is no work at all]",
        ],
    ),
    (
        DECK_TOML,
        "market = \"ERCOT\"\nclass = \"air\"",
        "market = \"PJM\"\nclass = \"liquid\"",
        &[
            "../library/decks/flat/deck.toml:23:9 E302 there are two merchant curves of `liquid` in `PJM` [keep one of the two]",
        ],
    ),
    (
        DECK_TOML,
        "amount = \"40 MW-IT\"",
        "amount = \"40 MW\"",
        &[
            r#"../library/decks/flat/deck.toml:28:10 E201 `amount` is `40 MW`, which is gross (utility) power: expected critical IT load [write `amount = "40 MW-IT"`, if it is critical IT load]"#,
        ],
    ),
    (
        DECK_TOML,
        "growth = \"10 MW-IT/year\"",
        "growth = \"10 MW-IT\"",
        &[
            r#"../library/decks/flat/deck.toml:29:10 E201 `growth` is `10 MW-IT`, which is critical IT load: expected critical IT load per year [for example `growth = "10 MW-IT/year"`]"#,
        ],
    ),
    (
        DECK_TOML,
        "[[absorption]]",
        "[[absorption]]\nmarket = \"PJM\"\namount = \"1 MW-IT\"\n[[absorption]]",
        &[
            "../library/decks/flat/deck.toml:30:10 E302 there are two absorptions of the market `PJM` [keep one of the two]",
        ],
    ),
    (
        DECK_TOML,
        "market = \"PJM\"\namount",
        "market = \"MISO\"\namount",
        &[
            "portfolio.toml:25:1 W401 nothing can be built without an offer: in the market of no site has the deck both an absorption and a merchant curve for a class that the halls allow [add `[[merchant]]` and `[[absorption]]` to the deck, or remove `merchant`]",
        ],
    ),
    (
        DECK_TOML,
        "occupancy = [\"25 %\", \"50 %\"]",
        "occupancy = \"25 %\"",
        &[
            r#"../library/decks/flat/deck.toml:20:13 E103 `occupancy` is `25 %`: expected a list of shares [write `occupancy = ["25 %"]`]"#,
        ],
    ),
];

#[test]
fn every_mistake_in_a_finer_term_is_placed_and_mended() {
    for (file, from, to, expected) in CASES {
        assert_eq!(said_of_full(&[(file, from, to)], full()), *expected, "{file}: {to}");
    }
}

#[test]
fn an_offer_cannot_be_called_merchant() {
    let mut folder = full();
    folder.0.insert("offers/merchant.toml".to_owned(), folder.0[LOI_TOML].clone());
    assert_eq!(
        printed(&read(&folder)),
        [
            "offers/merchant.toml:1:1 E204 an offer cannot be called `merchant`: plans name capacity without an offer so [give it another name]"
        ]
    );
    let row =
        said_of_full(&[("offers.csv", "\nloi,", "\nmerchant,"), (PORTFOLIO_TOML, "\"loi\"", "\"nnn\"")], full_lists());
    assert_eq!(
        row,
        [
            "offers.csv:3:1 E204 an offer cannot be called `merchant`: plans name capacity without an offer so [give it another name]"
        ]
    );
}

#[test]
fn wrong_cells_of_finer_terms_are_mended_in_their_cells() {
    let said = |from, to| said_of_full(&[("offers.csv", from, to)], full_lists());
    assert_eq!(
        said("late.cap [USD/MW-IT]", "late.cap [MUSD]"),
        [
            "offers.csv:2:140 E201 `cap` is `30000`, an amount of money for the whole offer: expected cost per critical IT load, because an amount per offer would not be linear in the load that is served; over `size.max`, 40 MW-IT, it is 750000000 USD/MW-IT [write `750000000 USD/MW-IT`]"
        ]
    );
    assert_eq!(
        said("late.damages [USD/MW-day]", "late.damages"),
        [
            "offers.csv:1:175 E201 the column `late.damages` has no unit: expected damages per MW of critical IT load and day [write its header as `late.damages [USD/MW-day]`, if its cells are in USD/MW-day]"
        ]
    );
    assert_eq!(
        said("12,commencement", "12,comencement"),
        [
            "offers.csv:2:149 E204 `paid` is `comencement`: expected `start`, `commencement` or a date [write `commencement`]"
        ]
    );
    assert_eq!(
        said(",30,900,30000,", ",30,,30000,"),
        [
            "offers.csv:2:1 E102 `damages` is missing in the damages for delay of offer `nnn` [fill the cell, for instance with `10 USD/MW-day`]"
        ]
    );
    assert_eq!(
        said("late.damages [USD/MW-day]", "late.damage [USD/MW-day]"),
        ["offers.csv:1:175 E101 there is no column `late.damage` in `offers.csv` [did you mean `damages`?]"]
    );
}

#[test]
fn two_signed_offers_of_one_group_are_refused() {
    let changes = [
        (NNN_TOML, "term =", "status = \"signed\"\nterm ="),
        (LOI_TOML, "status = \"letter-of-intent\"\nprobability = \"40 %\"", "status = \"signed\""),
    ];
    assert_eq!(
        said_of_full(&changes, full()),
        [
            "offers/nnn.toml:2:8 W402 no number of whole halls carries the size of the offer, 40 MW-IT: nearest is 36.296296 MW-IT at `alpha` [correct the size, or `hall_power` and `gross_to_critical`; both agree to one kilowatt]",
            "offers/nnn.toml:22:19 E304 `loi` and `nnn` are both signed, but of their group `pjm` at most one offer is accepted [correct the group or the status of one of them]"
        ]
    );
}

#[test]
fn what_has_started_fits_its_halls_and_its_offer() {
    let again = "[[lock]]\nkind = \"started\"\nsite = \"alpha\"\nhall = \"north\"\nretrofit = \"liquid\"\noffer = \"nnn\"\nstart = 2026-07-01\nhalls = 2\n";
    let add = |text: &str| format!("{text}\n[[lock]]\nkind = \"force\"");
    let second = add(again);
    let said = |changes: &[(&str, &str, &str)]| said_of_full(changes, full());
    let force = "[[lock]]\nkind = \"force\"";
    assert_eq!(
        said(&[(PORTFOLIO_TOML, force, &second)]),
        [
            "portfolio.toml:50:9 E304 3 halls of `north` at `alpha` have started, but the group has 2 [lower `halls` of one of the locks]",
            "portfolio.toml:50:9 E304 44.444 MW-IT have started for `nnn`, more than its `size.max`, 40 MW-IT [lower `halls`, or raise `size.max` of the offer]"
        ]
    );
    let small = (
        NNN_TOML,
        "size = { min = \"20 MW-IT\", max = \"40 MW-IT\" }\ntranches",
        "size = { min = \"10 MW-IT\", max = \"20 MW-IT\" }\ntranches = [] #",
    );
    assert_eq!(
        said(&[(PORTFOLIO_TOML, "spent = \"12 MUSD\"", "halls = 2"), small]),
        [
            "portfolio.toml:41:9 E304 29.63 MW-IT have started for `nnn`, more than its `size.max`, 20 MW-IT [lower `halls`, or raise `size.max` of the offer]"
        ]
    );
    let elsewhere = add(&again.replace("alpha", "beta").replace("north", "h1").replace("halls = 2\n", ""));
    let beta = ("sites/beta.toml", "[\"air\"]", "[\"air\", \"liquid\"]");
    let anywhere = (NNN_TOML, "sites = [\"alpha\"]", "");
    assert_eq!(
        said(&[(PORTFOLIO_TOML, force, &elsewhere), beta, anywhere]),
        [
            "portfolio.toml:43:1 E304 halls of two sites have started for `nnn`, which is served at one site [correct `site`, or write `split = true` in the offer]"
        ]
    );
}

#[test]
fn a_lock_names_what_is_there() {
    let said = |from, to| said_of_full(&[(PORTFOLIO_TOML, from, to)], full());
    let all = "site = \"alpha\"\nretrofit = \"liquid\"\nstart = 2027-04-01\nhalls = 2";
    assert_eq!(
        said(all, "site = \"gamma\""),
        ["portfolio.toml:45:8 E301 there is no site `gamma` [there is `alpha` or `beta`]"]
    );
    assert_eq!(said(all, "site = \"beta\"\nretrofit = \"air\""), Vec::<String>::new());
    assert_eq!(
        said(all, "offer = \"loi\""),
        [
            "portfolio.toml:45:9 W402 `loi` is a letter of intent that does not count without `--include-loi`, but lock `2` needs it [write `plan_on = true` in the offer]"
        ]
    );
    assert_eq!(said(all, "halls = 2"), Vec::<String>::new());
    assert_eq!(
        said("kind = \"force\"\n", ""),
        [r#"portfolio.toml:43:1 E102 `kind` is missing in lock `2` [add `kind = "force"`]"#]
    );
    let flood = "[[lock]]\nkind = \"force\"\n".repeat(1001);
    assert_eq!(
        said("[[lock]]", &format!("{flood}[[lock]]")),
        [
            "portfolio.toml:34:1 E203 there are 1004 locks: expected at most 1000 [name fewer things in each lock, so that it covers more]"
        ]
    );
}
