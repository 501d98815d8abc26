//! The finer terms of an offer: delay, money in advance, who pays the capex,
//! default and renewal, and what a hall must be able to do.

use super::kinds::{Kind, above_zero, between, days, id, integer, months, paid_on, quantity, share, share_per_year};
use super::problem::{Problem, quoted};
use super::retrofit::{MOST_PER_KW, rating};
use super::table::Fields;
use super::tree::{Node, Value};
use crate::diagnostics::Code;
use crate::domain::offer::{Advance, Credit, Late, OfferStatus, PaidOn, Prepayment, Renewal, TenantFunded};
use crate::domain::retrofit::Redundancy;
use crate::units::{self, Days, ItMw, KwPerRack, Months, Quantity, Remedy, Share, Usd, UsdPerKwIt, UsdPerMwDay};

/// The finer terms of an offer.
pub(super) struct Terms {
    pub probability: Option<Share>,
    pub late: Option<Late>,
    pub prepayment: Option<Prepayment>,
    pub advance: Option<Advance>,
    pub tenant_funded: TenantFunded,
    pub credit: Option<Credit>,
    pub renewal: Option<Renewal>,
    pub give_up: UsdPerKwIt,
    pub density: Option<KwPerRack>,
    pub redundancy: Option<Redundancy>,
    pub exclusive_group: Option<String>,
}

/// What is already read of the offer.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub status: Option<OfferStatus>,
    /// Greatest load: what an amount for the whole offer is spread over.
    pub max: Option<ItMw>,
    pub term: Option<Months>,
}

/// Reads the finer terms.
pub(super) fn read(fields: &Fields<'_>, known: Known) -> Option<Terms> {
    let max = known.max;
    let probability = probability(fields, known.status);
    let late = optional_table(fields, "late", "the damages for delay", |late| {
        if !fields.has("ready_by") {
            let help = "add `ready_by`, the date from which `late` counts the delay, or remove `late`";
            fields.missing("ready_by", help);
        }
        read_late(late, max)
    });
    let prepayment =
        optional_table(fields, "prepayment", "the prepayment", |prepayment| read_prepayment(prepayment, known.term));
    let advance = optional_table(fields, "advance", "the advance", |advance| {
        let amount = advance.required("amount", per_it_load(max));
        let (paid, credited) = paid_and_credited(&advance);
        advance.finish(&[]);
        Some(Advance { amount: amount?, paid: paid?, credited: credited? })
    });
    let tenant_funded = tenant_funded(fields, max);
    let credit = optional_table(fields, "credit", "the default risk", read_credit);
    let renewal = optional_table(fields, "renewal", "the renewal", read_renewal);
    let give_up = fields.or("give_up", per_it_load(max), UsdPerKwIt::ZERO, "0 USD/MW-IT");
    let (density, redundancy) = rating(fields);
    let exclusive_group = fields.optional_or("exclusive_group", id(), "none");
    Some(Terms {
        probability: probability?,
        late: late?,
        prepayment: prepayment?,
        advance: advance?,
        tenant_funded: tenant_funded?,
        credit: credit?,
        renewal: renewal?,
        give_up: give_up?,
        density: density?,
        redundancy: redundancy?,
        exclusive_group: exclusive_group?,
    })
}

/// A table that may be absent; the outer `None` when it is wrong, which is reported.
#[allow(clippy::option_option)]
pub(super) fn optional_table<'a, T>(
    fields: &Fields<'a>,
    key: &'static str,
    what: &str,
    read: impl FnOnce(Fields<'a>) -> Option<T>,
) -> Option<Option<T>> {
    if !fields.has(key) {
        fields.default_used(key, "none");
        return Some(None);
    }
    fields.table_if_there(key, what).and_then(read).map(Some)
}

#[allow(clippy::option_option)]
fn probability(fields: &Fields<'_>, status: Option<OfferStatus>) -> Option<Option<Share>> {
    let kind = share(between(0.0, 1.0));
    match status {
        Some(OfferStatus::LetterOfIntent { .. }) => return fields.optional_or("probability", kind, "none"),
        Some(_) if fields.has("probability") => {
            let message = "`probability` is only for an offer with `status = \"letter-of-intent\"`";
            fields.error(Code::Contradiction, "probability", message, "remove `probability`, or change the status");
        }
        _ => {}
    }
    fields.optional("probability", kind)
}

fn read_late(fields: Fields<'_>, max: Option<ItMw>) -> Option<Late> {
    let grace = fields.or("grace", days(3650), Days(0), "0 days");
    let damages = fields.required("damages", quantity::<UsdPerMwDay>(between(0.0, 1e6)));
    let cap = fields.optional_or("cap", per_it_load(max), "none");
    fields.finish(&[]);
    Some(Late { grace: grace?, damages: damages?, cap: cap? })
}

/// Money per critical IT load. An amount for the whole offer is refused with
/// the text it would be at full load.
fn per_it_load(max: Option<ItMw>) -> Kind<impl Fn(&Node) -> Result<UsdPerKwIt, Problem>> {
    let plain = quantity::<UsdPerKwIt>(between(0.0, MOST_PER_KW));
    let read = move |node: &Node| {
        let whole = node.text().and_then(|text| units::parse::<Usd>(text).ok());
        whole.map_or_else(|| (plain.read)(node), |whole| Err(for_the_whole_offer(whole, max)))
    };
    Kind {
        example: "\"1.5 MUSD/MW-IT\"".to_owned(),
        read,
        #[cfg(test)]
        form: quantity::<UsdPerKwIt>(between(0.0, MOST_PER_KW)).form,
    }
}

fn for_the_whole_offer(whole: Usd, max: Option<ItMw>) -> Problem {
    let message = ", an amount of money for the whole offer: expected cost per critical IT load, because an amount per offer \
                   would not be linear in the load that is served";
    let Some(max) = max else {
        return Problem::new(Code::Quantity, format!("{message}; divide it by the load"), "\"30000 USD/MW-IT\"");
    };
    let each = (whole.get() / max.get() * 100.0).round() / 100.0;
    if (each * max.get()).to_bits() != whole.get().to_bits() {
        let message = format!("{message}; over `size.max`, {max}, it is about {each} USD/MW-IT");
        return Problem::new(Code::Quantity, message, "\"30000 USD/MW-IT\"");
    }
    let fix = format!("\"{each} USD/MW-IT\"");
    let message = format!("{message}; over `size.max`, {max}, it is {each} USD/MW-IT");
    Problem { remedy: Some(Remedy::certain(fix)), ..Problem::new(Code::Quantity, message, "") }
}

fn paid_and_credited(fields: &Fields<'_>) -> (Option<PaidOn>, Option<Share>) {
    let paid = fields.or("paid", paid_on(), PaidOn::Start, "start");
    (paid, fields.or("credited", share(between(0.0, 1.0)), Share::ALL, "100 %"))
}

fn read_prepayment(fields: Fields<'_>, term: Option<Months>) -> Option<Prepayment> {
    let months = fields.required("months", months(1, 480));
    if let (Some(months), Some(term)) = (months, term)
        && months > term
    {
        let message = format!("`prepayment.months` is {months}, more than the `term`, {term}");
        fields.error(Code::Contradiction, "months", message, "rent is prepaid for months of the initial term only");
    }
    let (paid, credited) = paid_and_credited(&fields);
    fields.finish(&[]);
    Some(Prepayment { months: months?, paid: paid?, credited: credited? })
}

/// A share of the capex, or an amount per critical IT load: the unit says which.
fn tenant_funded(fields: &Fields<'_>, max: Option<ItMw>) -> Option<TenantFunded> {
    let Some(node) = fields.node("tenant_funded") else {
        fields.default_used("tenant_funded", "0 %");
        return Some(TenantFunded::Share(Share::NONE));
    };
    let text = match &node.value {
        Value::Number(text) => Some(text.as_str()),
        _ => node.text(),
    };
    if text.is_some_and(|text| units::parse::<UsdPerKwIt>(text).is_ok() || units::parse::<Usd>(text).is_ok()) {
        return fields.read("tenant_funded", node, &per_it_load(max)).map(TenantFunded::Amount);
    }
    if let Some(text) = text.filter(|text| Share::parse(text, false).is_err()) {
        let message = ": expected a share of the capex, or cost per critical IT load";
        let accepted = [Share::accepted(false), (UsdPerKwIt::DIMENSION, UsdPerKwIt::UNITS)];
        let remedy = units::remedy(text, &accepted, "30 %", |_| true).map(quoted);
        let problem = Problem { remedy: Some(remedy), ..Problem::new(Code::Quantity, message, "") };
        fields.problem("tenant_funded", node, problem);
        return None;
    }
    fields.read("tenant_funded", node, &share(between(0.0, 1.0))).map(TenantFunded::Share)
}

fn read_credit(fields: Fields<'_>) -> Option<Credit> {
    let default = fields.required("default", share_per_year(between(0.0, 1.0)));
    let backstop = fields.or("backstop", share(between(0.0, 1.0)), Share::NONE, "0 %");
    fields.finish(&[]);
    Some(Credit { default: default?, backstop: backstop? })
}

fn read_renewal(fields: Fields<'_>) -> Option<Renewal> {
    let probability = fields.required("probability", share(between(0.0, 1.0)));
    let term = fields.required("term", months(1, 480));
    let rent_factor = fields.or("rent_factor", share(above_zero(3.0)), Share::ALL, "100 %");
    let count = fields.or("count", integer(0, 5), 1, "1");
    fields.finish(&[]);
    Some(Renewal { probability: probability?, term: term?, rent_factor: rent_factor?, count: count? })
}
