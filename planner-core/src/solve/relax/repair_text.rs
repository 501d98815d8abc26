//! Repairs in words.

use jiff::civil::Date;

use super::apply::{moved, mw};
use super::limit_text::{figure, halls};
use super::repair::Change;
use crate::domain::Fleet;
use crate::domain::ids::OfferId;
use crate::domain::site::Tenure;

impl Change {
    pub(super) fn text(&self, amount: u32, fleet: &Fleet) -> String {
        let money = || format!("{} M$", figure(f64::from(amount) / 1e3, 3));
        let (weeks, load) = (weeks(amount), format!("{} MW-IT", figure(mw(amount), 1)));
        match self {
            Self::Pot { pot, from, lapses: false } => format!("raise pot `{pot}` by {} (released by {from})", money()),
            Self::Pot { pot, from, lapses: true } => {
                format!("raise the release of {from} of pot `{pot}` by {}", money())
            }
            Self::CarryOver { pot } => format!("let pot `{pot}` carry over what is not spent"),
            Self::Budget => format!("raise the budget by {}", money()),
            Self::PayFor { pot, site } => format!("let pot `{pot}` pay for `{site}`"),
            Self::Fund { site } => format!("give `{site}` a pot of its own with {}", money()),
            Self::Power { site, connection, firm, from } => {
                let what = match (connection, firm) {
                    (true, true) => "connection and firm power",
                    (true, false) => "connection",
                    _ => "firm power",
                };
                format!("{} MW more {what} at `{site}` from {from}", figure(mw(amount), 1))
            }
            Self::Racks { site } => format!("{} MW more racks at `{site}`", figure(mw(amount), 1)),
            Self::Halls { site, hall } => {
                format!("{amount} more {} in the group `{hall}` at `{site}`", halls(amount))
            }
            Self::LatestStart => {
                let to = moved(fleet.calendar.latest_start, i64::from(amount));
                format!("let conversions start {weeks} later (to {to})")
            }
            Self::Horizon => {
                format!("lengthen the horizon by {amount} {}", if amount == 1 { "period" } else { "periods" })
            }
            Self::Lease { site } => {
                let to = fleet.site(site).and_then(|site| match site.tenure {
                    Tenure::Leased { until, .. } => Some(moved(until, i64::from(amount))),
                    Tenure::Owned => None,
                });
                format!("extend the lease of `{site}` by {weeks}{}", to_date(to))
            }
            Self::MerchantCap => format!("allow {load} more without a contract"),
            Self::Absorption { market } => format!("let the market `{market}` take {load} more without a contract"),
            Self::CrewHalls { crew } => format!("{amount} more {} at once for the crew `{crew}`", halls(amount)),
            Self::CrewLoad { crew } => format!("{load} more a year for the crew `{crew}`"),
            Self::Deliveries { item } => format!("{amount} more of `{item}` in each period"),
            Self::Reservations { item } => format!("let {amount} more of `{item}` be reserved for each period"),
            Self::ReserveLead { item } => format!("let `{item}` be reserved {} later", months(amount)),
            Self::AnyOrder { work } => format!("let the work `{work}` start without what it comes after"),
            Self::Shorter { work } => format!("finish the work `{work}` in {} less", months(amount)),
            Self::Beyond { work } => {
                format!("let {} MW more be in service without the work `{work}`", figure(mw(amount), 1))
            }
            Self::PayForWork { pot, work } => format!("let pot `{pot}` pay for the work `{work}`"),
            Self::HashrateFloor => {
                format!("lower the floor of policy_hashrate by {} EH/s", figure(f64::from(amount) / 100.0, 2))
            }
            Self::MixShare => format!("lower the share of policy_mix by {} %", figure(f64::from(amount) / 10.0, 1)),
            Self::TenantFree => format!("raise the free load of policy_tenant by {load}"),
            Self::RegionFree => format!("raise the free load of policy_region by {load}"),
            Self::LockHalls { lock } => format!("ask for {amount} fewer {} in lock {lock}", halls(amount)),
            Self::LeaveOut { lock } => format!("leave lock {lock} out"),
            Self::Group { group } => format!("let more than one offer of the group `{group}` be accepted"),
            Self::NotExclusive { site } => format!("let more than one offer be served at `{site}`"),
            _ => self.text_of_offer(amount, fleet),
        }
    }

    fn text_of_offer(&self, amount: u32, fleet: &Fleet) -> String {
        let (by, load) = (weeks(amount), format!("{} MW-IT", figure(mw(amount), 1)));
        let find = |id: &OfferId| fleet.offer(id);
        match self {
            Self::LongStop { offer } => {
                let to = find(offer).and_then(|offer| offer.long_stop).map(|date| moved(date, i64::from(amount)));
                format!("move the long-stop of `{offer}` by {by}{}", to_date(to))
            }
            Self::Tranches { offer } => {
                let last = find(offer).and_then(|offer| offer.tranches.last());
                let to = last.map(|tranche| moved(tranche.by, i64::from(amount)));
                let what =
                    if find(offer).is_some_and(|offer| offer.tranches.len() > 1) { "tranches" } else { "tranche" };
                format!("move the {what} of `{offer}` by {by}{}", to_date(to))
            }
            Self::Deadlines { offer } => format!("move tranches and long-stop of `{offer}` by {by}"),
            Self::Earliest { offer } => {
                let to = find(offer).and_then(|offer| offer.earliest).map(|date| moved(date, -i64::from(amount)));
                format!("let `{offer}` commence {by} earlier{}", to_date(to))
            }
            Self::LeastSize { offer } => format!("lower the least size of `{offer}` by {load}"),
            Self::GreatestSize { offer } => format!("raise the greatest size of `{offer}` by {load}"),
            Self::TrancheLoad { offer } => format!("lower the tranche loads of `{offer}` by {load}"),
            Self::ServeAt { offer, site } => format!("let `{offer}` be served at `{site}`"),
            Self::Split { offer } => format!("let `{offer}` be served at several sites"),
            Self::Accept { offer, class } => {
                format!("let `{offer}` take the class `{class}`, whatever its density and redundancy")
            }
            Self::PlanOn { offer } => format!("count the letter of intent `{offer}`"),
            Self::DoWithout { offer } => format!("do without the signed offer `{offer}`"),
            _ => String::new(),
        }
    }
}

fn weeks(amount: u32) -> String {
    format!("{amount} {}", if amount == 1 { "week" } else { "weeks" })
}

fn months(amount: u32) -> String {
    format!("{amount} {}", if amount == 1 { "month" } else { "months" })
}

fn to_date(date: Option<Date>) -> String {
    date.map_or_else(String::new, |date| format!(" (to {date})"))
}
