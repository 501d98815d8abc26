//! `[policy]` of `portfolio.toml`.

use super::kinds::{between, date, quantity, share};
use super::offer_terms::optional_table;
use super::site::MOST_MW;
use super::table::Fields;
use crate::diagnostics::Code;
use crate::domain::calendar::Calendar;
use crate::domain::policy::{CapPolicy, HashratePolicy, MixPolicy, Policies};
use crate::units::{ItMw, TeraHash};

/// Most hashrate of a fleet, in TH/s.
const MOST_TH: f64 = 1e15;

/// Reads the policies.
pub(super) fn read(fields: &Fields<'_>, calendar: Option<&Calendar>) -> Option<Policies> {
    let policy = optional_table(fields, "policy", "the policies", |fields| {
        let mix = optional_table(&fields, "mix", "the revenue mix", |fields| mix(fields, calendar));
        let hashrate = optional_table(&fields, "hashrate", "the hashrate policy", |fields| hashrate(fields, calendar));
        let tenant = optional_table(&fields, "tenant", "the tenant policy", cap);
        let region = optional_table(&fields, "region", "the region policy", cap);
        fields.finish(&[]);
        Some(Policies { mix: mix?, hashrate: hashrate?, tenant: tenant?, region: region? })
    });
    policy.map(Option::unwrap_or_default)
}

fn mix(fields: Fields<'_>, calendar: Option<&Calendar>) -> Option<MixPolicy> {
    let share = fields.required("share", share(between(0.0, 1.0)));
    let from = fields.required("from", date());
    if let (Some(from), Some(calendar)) = (from, calendar)
        && !calendar.all_periods().any(|period| calendar.period_start(period) >= from)
    {
        let message = format!("no period of the horizon begins on or after {from}, so the policy rules nothing");
        fields.warning(Code::Unused, "from", message, "write an earlier date, or remove the policy");
    }
    fields.finish(&[]);
    Some(MixPolicy { share: share?, from: from? })
}

fn hashrate(fields: Fields<'_>, calendar: Option<&Calendar>) -> Option<HashratePolicy> {
    let floor = fields.required("floor", quantity::<TeraHash>(between(0.0, MOST_TH)));
    let from = fields.required("from", date());
    let to = fields.required("to", date());
    if let (Some(from), Some(to)) = (from, to) {
        let begins_inside = |calendar: &Calendar| {
            calendar.all_periods().any(|period| (from..=to).contains(&calendar.period_start(period)))
        };
        if to < from {
            let message = format!("`to` is {to}, before `from`, {from}");
            fields.error(Code::Contradiction, "to", message, "exchange the two, or correct one of them");
        } else if calendar.is_some_and(|calendar| !begins_inside(calendar)) {
            let message = format!("no period of the horizon begins from {from} to {to}, so the policy rules nothing");
            fields.warning(Code::Unused, "from", message, "correct the dates, or remove the policy");
        }
    }
    fields.finish(&[]);
    Some(HashratePolicy { floor: floor?, from: from?, to: to? })
}

fn cap(fields: Fields<'_>) -> Option<CapPolicy> {
    let cap = fields.required("cap", share(between(0.0, 1.0)));
    if !fields.has("free") {
        let why = "the load that is always allowed: without it the first lease, at first all of the contracted load, \
                   could never be taken";
        fields.missing("free", &format!("add `free = \"50 MW-IT\"`, {why}"));
    }
    let free = fields.optional("free", quantity::<ItMw>(between(0.0, MOST_MW))).flatten();
    fields.finish(&[]);
    Some(CapPolicy { cap: cap?, free: free? })
}
