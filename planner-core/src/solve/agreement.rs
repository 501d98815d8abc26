//! What is written is worth what was solved: the ledger, read back from the solver's values, against the objective at the
//! same values.
//!
//! The two may differ by a cent's rounding of the lines, for which a dollar is allowed, and by thousandths of machines:
//! what is bought, moved or held is written to the thousandth, survivors are rounded to the nearest one each period, and
//! what was rounded in one period is carried into the next. So five thousandths of a machine are allowed in everything
//! that is done with machines: some ten to some hundreds of dollars, where a sale that is written wrongly costs thousands.

use super::SolveError;
use crate::model::{Model, scale};
use crate::units::UsdCents;

/// Thousandths of a machine by which what is written may differ from what was solved.
const THOUSANDTHS: f64 = 5.0;

/// A plan or twin that is not written as it was solved.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error(
    "what was solved is worth {solved:.2} USD, what is written of it {written:.2} USD, and rounding explains no more than \
     {allowed:.2} USD: this is a bug of the planner, please report it with the portfolio that shows it"
)]
pub struct Misread {
    /// Dollars of the objective at the solver's values.
    pub solved: f64,
    /// Dollars of the ledger.
    pub written: f64,
    /// Dollars by which they may differ.
    pub allowed: f64,
}

/// Whether a ledger of this present value is worth what its model's columns are at these values.
pub(super) fn check(model: &Model, values: &[f64], npv: UsdCents) -> Result<(), SolveError> {
    let columns = || model.variables.columns.iter().zip(values);
    let solved = scale::dollars(model.constant + columns().map(|(column, value)| column.value * value).sum::<f64>());
    // What is not whole counts machines, or the part of a least bill that is not used.
    let in_use = columns().filter(|(column, value)| !column.integer && scale::machine_count(**value) > 1e-3);
    let one = in_use.map(|(column, _)| scale::dollars(column.value.abs()) / scale::MACHINES).sum::<f64>();
    let (written, allowed) = (npv.0.usd(), 1.0 + THOUSANDTHS * one / 1000.0);
    if (written - solved).abs() <= allowed {
        return Ok(());
    }
    Err(SolveError::Misread(Misread { solved, written, allowed }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, Variables};
    use crate::units::Cents;

    #[test]
    fn a_dollar_and_five_thousandths_of_a_machine_are_rounding_and_no_more() {
        let column = |integer, value| Column { name: String::new(), integer, lower: 0.0, upper: 9.0, value };
        // A hall of 2 M$, machines of 4,000 $ that run and others of which there are none.
        let columns = vec![column(true, 2.0), column(false, 4.0), column(false, 9.0)];
        let model = Model { variables: Variables { columns, ..Variables::default() }, rows: vec![], constant: 1.0 };
        let judged = |cents: i64| check(&model, &[1.0, 0.5, 0.0], UsdCents(Cents(cents)));
        // 1 + 2 + 500 machines; 1 $ and 0.005 machines.
        assert_eq!(judged(500_000_000), Ok(()));
        assert_eq!(judged(500_002_099), Ok(()));
        assert_eq!(judged(499_997_901), Ok(()));
        let misread = |cents| SolveError::Misread(Misread { solved: 5e6, written: cents, allowed: 21.0 });
        assert_eq!(judged(500_002_101), Err(misread(5_000_021.01)));
        let error = judged(499_997_899).unwrap_err().to_string();
        assert!(
            error.contains("5000000.00 USD, what is written of it 4999978.99 USD") && error.contains("a bug"),
            "{error}"
        );
    }
}
