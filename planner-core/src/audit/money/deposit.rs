//! Deposits that reserve scarce equipment: paid ahead of the delivery, and
//! credited when it comes.

use super::{Amounts, Head, Told, units};
use crate::audit::case::Case;
use crate::audit::long_lead::deposit_month;
use crate::domain::money::Class;
use crate::plan::ledger::Category;
use crate::plan::{PORTFOLIO, Reservation};

/// Both lines of a reservation; none where nothing can be reserved.
pub(in crate::audit) fn tell(case: &Case, reservation: &Reservation) -> Vec<Told> {
    let item = case.fleet.long_lead.iter().find(|item| item.item == reservation.item);
    let Some(reserve) = item.and_then(|item| item.reserve).filter(|_| reservation.count > 0) else { return vec![] };
    let category = || Category::Capex("deposit".to_owned());
    let credited = case.fleet.calendar.first_month(reservation.period);
    let mut amounts = Amounts::default();
    amounts.add(case.fleet, deposit_month(case, reservation, &reserve), category(), -reserve.deposit);
    amounts.add(case.fleet, credited, category(), reserve.deposit);
    let head = Head::new(case.fleet, &PORTFOLIO.into(), reservation.subject(&case.fleet.calendar), Class::Corporate);
    units(&head, amounts, |unit| unit.times(reservation.count))
}
