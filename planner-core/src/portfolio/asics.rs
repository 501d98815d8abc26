//! `library/asics.csv`: the ASIC models.

use std::collections::BTreeMap;

use super::desk::{Desk, clip};
use super::hall::COOLING;
use super::kinds::{above_zero, between, quantity, share_per_year, text, word};
use super::rows::Rows;
use super::table::Fields;
use crate::diagnostics::Code;
use crate::domain::ids::ModelId;
use crate::domain::machine::MachineModel;
use crate::units::{TeraHash, Watts};

/// Reads the models; a model that is named, but not right, maps to `None`.
pub(super) fn read<'a>(desk: &'a Desk<'a>, csv: &'a Rows) -> BTreeMap<String, Option<MachineModel>> {
    let mut models = BTreeMap::new();
    for row in &csv.rows {
        let fields = Fields::new(desk, row, "an ASIC model", "");
        let id = fields.required("model", text());
        let hashrate = fields.required("hashrate", quantity::<TeraHash>(above_zero(1e6)));
        let power = fields.required("power", quantity::<Watts>(above_zero(1e6)));
        let cooling = fields.required("cooling", word(COOLING));
        let failure = fields.required("failure", share_per_year(between(0.0, 1.0)));
        let evidence = fields.evidence();
        let at = fields.at("model");
        fields.finish(&[]);
        let Some(id) = id else { continue };
        let model = || {
            let (hashrate, power, cooling, failure) = (hashrate?, power?, cooling?, failure?);
            Some(MachineModel { id: ModelId::from(id.as_str()), hashrate, power, cooling, failure, evidence })
        };
        if models.insert(id.clone(), model()).is_some() {
            desk.error(Code::DuplicateId, at, format!("there are two models `{}`", clip(&id)), "keep one of the two");
        }
    }
    models
}
