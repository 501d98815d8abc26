//! What is said of halvings that the protocol does not know.

use super::*;

const DECK_TOML: &str = "../library/decks/flat/deck.toml";

/// The deck with another list of halvings, `height date subsidy` each.
fn told(at_start: &str, halvings: &[(u32, &str, &str)]) -> Vec<String> {
    let mut folder = small();
    let list = |(height, date, subsidy): &(u32, &str, &str)| {
        format!("[[halving]]\nheight = {height}\ndate = {date}\nsubsidy = \"{subsidy} BTC\"\n")
    };
    let deck = format!("subsidy.at_start = \"{at_start} BTC\"\n") + &halvings.iter().map(list).collect::<String>();
    folder.0.insert(DECK_TOML.to_owned(), deck);
    let checked = read(&folder);
    assert!(checked.fleet.is_some(), "only warnings: {:?}", printed(&checked));
    printed(&checked).iter().map(|line| line.replace(&format!("{DECK_TOML}:"), "")).collect()
}

#[test]
fn what_the_protocol_pays_is_believed() {
    for (at_start, halvings) in [
        ("3.125", &[(1_050_000, "2028-04-13", "1.5625"), (1_260_000, "2032-04-10", "0.78125")][..]),
        ("6.25", &[(840_000, "2024-04-20", "3.125"), (1_050_000, "2028-06-30", "1.5625")]),
        ("0.00000002", &[(6_720_000, "2136-01-01", "0.00000001"), (6_930_000, "2140-01-01", "0")]),
        ("3.125", &[]),
    ] {
        assert_eq!(told(at_start, halvings), Vec::<String>::new(), "{halvings:?}");
    }
}

/// The subsidy at the start, halvings by height, day and subsidy, and what is said of them.
type Case = (&'static str, &'static [(u32, &'static str, &'static str)], &'static [&'static str]);

#[test]
fn every_way_to_leave_the_protocol_is_told() {
    const RIGHT: (u32, &str, &str) = (1_050_000, "2028-04-13", "1.5625");
    let cases: [Case; 9] = [
        (
            "3.125",
            &[(1_050_000, "2028-04-13", "3.125")],
            &[
                "5:11 W402 `subsidy` is 3.125 BTC, but from height 1050000 on a block pays 1.5625 BTC [write `subsidy = \"1.5625 BTC\"`, or `height = 840000`, from which a block pays 3.125 BTC]",
            ],
        ),
        (
            "3.125",
            &[(1_050_000, "2028-04-13", "1.5")],
            &[
                "5:11 W402 `subsidy` is 1.5 BTC, but from height 1050000 on a block pays 1.5625 BTC [write `subsidy = \"1.5625 BTC\"`]",
            ],
        ),
        (
            "6.25",
            &[RIGHT],
            &[
                "1:20 W402 `subsidy.at_start` is 6.25 BTC, but before height 1050000 a block pays 3.125 BTC [write `at_start = \"3.125 BTC\"`, or give every halving of the horizon]",
            ],
        ),
        (
            "3.1",
            &[],
            &[
                "1:20 W402 `subsidy.at_start` is 3.1 BTC, but from height 840000 on a block pays 3.125 BTC [write `at_start = \"3.125 BTC\"`, or give every halving of the horizon]",
            ],
        ),
        (
            "3.125",
            &[(105_000, "2028-04-13", "1.5625")],
            &[
                "3:10 W402 `height` is 105000, where nothing is halved: the subsidy halves every 210000 blocks [write `height = 1050000`, from which a block pays 1.5625 BTC]",
            ],
        ),
        (
            "3.125",
            &[(1_050_001, "2028-04-13", "1.6")],
            &[
                "3:10 W402 `height` is 1050001, where nothing is halved: the subsidy halves every 210000 blocks [write `height = 1050000`]",
            ],
        ),
        (
            "3.125",
            &[RIGHT, (1_470_000, "2036-04-07", "0.390625")],
            &["7:10 W402 the halving at height 1260000 is left out [write a `[[halving]]` for it]"],
        ),
        (
            "3.125",
            &[RIGHT, (1_050_000, "2028-05-13", "1.5625")],
            &[
                "7:10 W402 the heights of `halving` must rise, but 1050000 follows 1050000 [write each halving once, in order]",
            ],
        ),
        (
            "3.125",
            &[(1_050_000, "2029-04-13", "1.5625")],
            &[
                "2:1 W402 `date` is 2029-04-13, but at ten minutes a block height 1050000 is reached about 2028-04 [correct the date or the height]",
            ],
        ),
    ];
    for (at_start, halvings, expected) in cases {
        assert_eq!(told(at_start, halvings), expected, "{halvings:?}");
    }
}

#[test]
fn a_halving_that_the_horizon_meets_is_missed() {
    let mut folder = with(&[("portfolio.toml", "periods = 4", "periods = 24")]);
    let header = monthly();
    let months = (0..73).map(|at| format!("{:04}-{:02},90000,900,20,40.5,9,3\n", 2027 + at / 12, at % 12 + 1));
    let head = header.lines().next().unwrap_or_default().to_owned() + "\n";
    folder.0.insert("../library/decks/flat/monthly.csv".to_owned(), head + &months.collect::<String>());
    let expected = "../library/decks/flat/deck.toml:4:1 W402 the list has no halving at height 1260000, about 2032-03, \
                    though the horizon ends on 2033-01-01 [write a `[[halving]]` for each halving up to the end]";
    assert_eq!(printed(&read(&folder)), [expected]);
}
