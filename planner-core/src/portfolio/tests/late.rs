//! Money, delay and locks whose dates or names mean something else than they seem to, and keys of later parts.

use super::*;
use crate::diagnostics::Code;

#[test]
fn a_release_inside_a_period_counts_from_the_next() {
    let release =
        |from: &str| said("portfolio.toml", "release = [{ from = 2027-01-01", &format!("release = [{{ from = {from}"));
    for from in ["2027-01-01", "2026-05-17", "2027-10-01"] {
        assert_eq!(release(from), Vec::<String>::new(), "{from}");
    }
    assert_eq!(
        release("2027-02-15"),
        [
            "portfolio.toml:18:21 W402 the release of 2027-02-15 counts from 2027-04-01: money is there for periods that begin on or after its date [write `from = 2027-04-01`, or `from = 2027-01-01` if the money is there by then]"
        ]
    );
    assert_eq!(
        release("2027-10-02"),
        [
            "portfolio.toml:18:21 W401 the release of 2027-10-02 counts nowhere: no period of the horizon begins on or after it [write an earlier date, or remove the release]"
        ]
    );
}

#[test]
fn a_signed_date_without_damages_is_told() {
    // That no whole halls carry the size is another matter.
    let told = |file, from, to: &str| {
        let said = said(file, from, to).into_iter().filter(|line| !line.contains("no number of whole halls"));
        said.collect::<Vec<_>>()
    };
    let expected = "`nnn` is signed and has `ready_by`, but no `late`: a delay costs nothing [add `late` with the damages of the \
                    contract, `{ damages = \"0 USD/MW-day\" }` if it has none]";
    let signed = told("offers/nnn.toml", "class = ", "status = \"signed\"\nclass = ");
    assert_eq!(signed, [format!("offers/nnn.toml:11:12 W402 {expected}")]);
    let with_damages = "status = \"signed\"\nlate = { damages = \"0 USD/MW-day\" }\nclass = ";
    assert_eq!(told("offers/nnn.toml", "class = ", with_damages), Vec::<String>::new());
    let started = "[[lock]]\nkind = \"started\"\nsite = \"alpha\"\nhall = \"north\"\nretrofit = \"liquid\"\n\
                   offer = \"nnn\"\nstart = 2026-10-01\n\n[moves]";
    let counts_as_signed = told("portfolio.toml", "[moves]", started);
    assert_eq!(counts_as_signed, [format!("offers/nnn.toml:10:12 W402 {expected}")]);
}

/// The small portfolio with a lock on capacity without an offer, with or without a cap, and with a deck that lets it or not.
fn merchant(lock: &str, cap: &str, market: &str) -> Vec<String> {
    let head = format!("{cap}{lock}\n\n[moves]");
    let curve = format!(
        "[[merchant]]\nmarket = \"{market}\"\nclass = \"liquid\"\nrent = \"100 USD/kW-month\"\nfrom = 2027-01-01\n\
         [[absorption]]\nmarket = \"{market}\"\namount = \"90 MW-IT\"\n[[halving]]"
    );
    let changes = [
        ("portfolio.toml", "[moves]", head.as_str()),
        ("../library/decks/flat/deck.toml", "[[halving]]", curve.as_str()),
    ];
    printed(&read(&with(&changes)))
}

#[test]
fn a_lock_may_name_capacity_without_an_offer() {
    const CAP: &str = "[merchant]\ncap = \"20 MW-IT\"\n";
    let lock = |kind: &str| format!("[[lock]]\nkind = \"{kind}\"\nsite = \"alpha\"\noffer = \"merchant\"");
    let started = |halls: u32| {
        let named = "hall = \"north\"\nretrofit = \"liquid\"\nstart = 2026-10-01";
        format!("{}\n{named}\nhalls = {halls}", lock("started"))
    };
    for lock in [lock("force"), lock("forbid"), started(1)] {
        assert_eq!(merchant(&lock, CAP, "PJM"), Vec::<String>::new(), "{lock}");
    }
    let cannot = merchant(&lock("force"), "", "PJM");
    assert_eq!(
        cannot,
        [
            "portfolio.toml:21:1 E304 lock `1` cannot be met: the portfolio has no `merchant`, so nothing is built without an offer [correct what the lock names, or remove it]"
        ]
    );
    let elsewhere = merchant(&lock("force"), CAP, "ERCOT");
    assert!(
        elsewhere.iter().any(|line| line.contains("E304 lock `1` cannot be met: the deck has no market that takes capacity without an offer in any hall that it names")),
        "{elsewhere:?}"
    );
    let both = merchant(&started(2), CAP, "PJM");
    assert_eq!(
        both,
        [
            "portfolio.toml:30:9 E304 29.63 MW-IT have started for `merchant`, more than `merchant.cap` of the portfolio, 20 MW-IT [lower `halls`, or raise `merchant.cap`]"
        ]
    );
    let three = merchant(&started(3), "[merchant]\ncap = \"90 MW-IT\"\n", "PJM");
    assert!(three.iter().any(|line| line.contains("more than the halls that can meet lock `1`: 2")), "{three:?}");
}

#[test]
fn keys_of_later_parts_are_refused_wherever_they_stand() {
    let tables = [
        ("portfolio.toml", "[moves]"),
        ("portfolio.toml", "[money]"),
        ("sites/alpha.toml", "[power]"),
        ("sites/beta.toml", "[mining]"),
        ("offers/nnn.toml", "tenant = "),
        ("../library/retrofits/air.toml", "[opex]"),
        ("../library/decks/flat/deck.toml", "[[halving]]"),
    ];
    let keys = [
        "tax",
        "tax_rate",
        "debt",
        "dscr",
        "liquidity",
        "cash_floor",
        "opening_cash",
        "valuation",
        "currency",
        "scenario",
    ];
    for (file, before) in tables {
        for key in keys {
            for written in [format!("[{key}]\nx = 1\n{before}"), format!("{key} = \"x\"\n{before}")] {
                if written.starts_with('[') && !before.starts_with('[') {
                    continue;
                }
                let checked = read(&with(&[(file, before, &written)]));
                let later: Vec<_> = checked.diagnostics.iter().filter(|one| one.code == Code::LaterKey).collect();
                assert_eq!(
                    (later.len(), checked.diagnostics.len()),
                    (1, 1),
                    "{file} {written}: {:?}",
                    printed(&checked)
                );
            }
        }
    }
    let portfolio = said("portfolio.toml", "[moves]", "[debt]\nltc = \"60 %\"\n[moves]");
    assert_eq!(
        portfolio,
        [
            "portfolio.toml:21:2 E104 `debt` belongs to a part of the model that this version does not plan yet [remove it]"
        ]
    );
    let mut folder = lists();
    let sites = folder.0.get_mut("sites.csv").unwrap();
    let wider = |(at, line): (usize, &str)| format!("{line}{}\n", if at == 0 { ",debt.ltc" } else { ",60 %" });
    *sites = sites.lines().enumerate().map(wider).collect();
    let of_lists: Vec<String> = printed(&read(&folder)).into_iter().filter(|line| line.contains("E104")).collect();
    assert_eq!(of_lists.len(), 1, "one for a column: {of_lists:?}");
}
