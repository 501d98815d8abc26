//! What is right becomes facts, from folders and lists alike.

use super::*;

#[test]
fn the_small_portfolio_is_right() {
    let checked = read(&small());
    assert_eq!(printed(&checked), Vec::<String>::new());
    let fleet = checked.fleet.unwrap();
    assert_eq!(fleet.sites.len(), 2);
    assert_eq!(fleet.deck.months.len(), 12, "the horizon is cut out of the series");
    assert_eq!(fleet.models.iter().map(|m| m.id.as_str()).collect::<Vec<_>>(), ["Antminer S19", "Antminer S21"]);
}
