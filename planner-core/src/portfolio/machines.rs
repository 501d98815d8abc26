//! `machines.csv`: the ASIC fleet at the start.

use std::collections::BTreeSet;

use super::desk::{Desk, Named, clip};
use super::kinds::{between, integer, months, quantity, text};
use super::rows::Rows;
use super::table::Fields;
use crate::diagnostics::Code;
use crate::domain::ids::{ModelId, SiteId};
use crate::domain::machine::MachineLot;
use crate::units::{MilliMachines, UsdPerMachine};

/// A row, as far as it is right.
pub(super) struct LotRead {
    pub site: Option<Named>,
    pub model: Option<Named>,
    pub lot: Option<MachineLot>,
}

/// Reads the rows.
pub(super) fn read<'a>(desk: &'a Desk<'a>, csv: &'a Rows) -> Vec<LotRead> {
    let mut seen = BTreeSet::new();
    let mut lots = vec![];
    for row in &csv.rows {
        let fields = Fields::new(desk, row, "a row of machines", "");
        let named = |key| fields.required(key, text()).map(|name| Named { name, at: fields.at(key) });
        let (site, model) = (named("site"), named("model"));
        let count = fields.required("count", integer(0, 10_000_000));
        let book = fields.required("book", quantity::<UsdPerMachine>(between(0.0, 1e6)));
        let life_left = fields.required("life_left", months(0, 480));
        let evidence = fields.evidence();
        if let (Some(site), Some(model)) = (&site, &model)
            && !seen.insert((site.name.clone(), model.name.clone()))
        {
            let message = format!("there are two rows of `{}` at `{}`", clip(&model.name), clip(&site.name));
            fields.error(Code::DuplicateId, "model", message, "add the two counts up in one row");
        }
        fields.finish(&[]);
        let lot = || {
            Some(MachineLot {
                site: SiteId::from(site.as_ref()?.name.as_str()),
                model: ModelId::from(model.as_ref()?.name.as_str()),
                count: MilliMachines(i64::from(count?) * 1000),
                book: book?,
                life_left: life_left?,
                evidence,
            })
        };
        let lot = lot();
        lots.push(LotRead { site, model, lot });
    }
    lots
}
