//! Lines of a conversion: capital, its contract or its merchant rent, what is
//! expected beside it, what is given up for it, what a mining customer no longer
//! pays, and the connection it holds at the horizon.

use super::contract::{self, Contract};
use super::{Amounts, Head, Told, capital, customer, expected, merchant, units};
use crate::audit::column::{Column, subject};
use crate::domain::Fleet;
use crate::domain::money::Class;
use crate::plan::ledger::Category;

/// All lines of a conversion.
pub(in crate::audit) fn tell(fleet: &Fleet, column: &Column) -> Vec<Told> {
    let halls = column.conversion.halls;
    if halls == 0 {
        return vec![];
    }
    let head = |class| Head::new(fleet, &column.site.id, subject(column.conversion), class);
    let mut told = Vec::new();
    let mut tell = |head: &Head, amounts: Amounts| told.extend(units(head, amounts, |unit| unit.times(halls)));
    let mut corporate = capital::hall(fleet, column);
    customer::exit(fleet, column, &mut corporate);
    tell(&head(Class::Mining), customer::lost(fleet, column));
    if let Some(offer) = column.offer {
        // Connection under a running lease is worth nothing to another buyer.
        let horizon = fleet.calendar.horizon_month();
        if column.term_end > horizon && column.held_on(fleet.calendar.month_start(horizon)) {
            let connection = fleet.deck.site_value * column.hall.reserved();
            corporate.add_in(fleet.calendar.horizon(), Category::SiteEndValue, -connection);
        }
        corporate.add(fleet, column.start, Category::GiveUp, -(offer.give_up * column.hall_it()));
        let contract = Contract::new(fleet, column, offer);
        capital::after_horizon(&contract, &mut corporate);
        tell(&Head { rate: contract::rate(fleet, offer), ..head(Class::Contracted) }, contract.lines());
        tell(&head(Class::Merchant), expected::lines(&contract));
    } else {
        tell(&head(Class::Merchant), merchant::lines(fleet, column));
    }
    tell(&head(Class::Corporate), corporate);
    told
}
