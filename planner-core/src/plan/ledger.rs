//! Dated cash lines in exact cents, and their present value.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::calendar::{Calendar, Period};
use crate::domain::ids::SiteId;
use crate::domain::money::Class;
use crate::units::{Cents, Share, Usd, UsdCents};

/// One dated cash line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LedgerLine {
    /// When; `N` is the horizon date.
    pub period: Period,
    /// Where.
    pub site: SiteId,
    /// What it belongs to: a conversion, a machine model, or the site.
    pub subject: String,
    /// What kind of money.
    pub category: Category,
    /// Class, for the discount rate and the reports.
    pub class: Class,
    /// Its yearly discount rate.
    pub rate: Share,
    /// Income positive, cost negative.
    pub amount_cents: Cents,
}

/// What kind of money a line is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Capital of a retrofit, by the cost line's own category.
    Capex(String),
    /// Rent under a contract.
    Rent,
    /// Damages for a hall that is late.
    DelayDamages,
    /// Money lent by a tenant.
    Advance,
    /// Rent paid in advance.
    Prepayment,
    /// Advance and prepayment credited against bills.
    RentCredit,
    /// Warrants or equity given to a tenant: in NPV, not in budget or cash.
    GiveUp,
    /// Expected loss of bills to defaults in the initial term.
    CreditLoss,
    /// Expected rent of renewals.
    RenewalExpected,
    /// Expected rent of capacity let again.
    MerchantExpected,
    /// Expected operating cost of renewals and of capacity let again.
    OperatingExpected,
    /// Rent of capacity built without a contract.
    MerchantRent,
    /// Staff, maintenance, site services of a hosted hall.
    Operations,
    /// Property tax of a hosted hall.
    PropertyTax,
    /// Insurance of a hosted hall.
    Insurance,
    /// Energy of a hosted hall, where included in the rent.
    HostingEnergy,
    /// Demand charge of a hosted hall, where power is included in the rent.
    DemandCharge,
    /// Charge on firm power of a hosted hall.
    FirmCharge,
    /// Fixed cost of hosting at a site.
    HostingFixedCost,
    /// Gross income of running machines, after pool fee.
    MiningRevenue,
    /// Energy of running machines.
    MiningEnergy,
    /// Credit for standing by to switch off.
    DemandResponse,
    /// Gross income of machines on the slack of hosted load, after pool fee.
    BallastRevenue,
    /// Energy of machines on the slack of hosted load.
    BallastEnergy,
    /// Income from a mining customer's hall.
    ThirdPartyMargin,
    /// What the least bill for energy is more than the energy used.
    MinimumBill,
    /// Fixed cost of a site.
    MiningFixedCost,
    /// Fixed cost that mothballs save.
    MothballSaving,
    /// Rent paid for a leased site.
    SiteRent,
    /// Machines bought.
    MachinePurchase,
    /// Machines sold.
    MachineSale,
    /// Machines taken off their racks to be moved or stored.
    MachineRemoval,
    /// Freight of machines moved.
    MachineFreight,
    /// Machines moved and put on racks.
    MachineInstallation,
    /// Income lost while machines are moved.
    MoveDowntime,
    /// Machines in storage.
    MachineStorage,
    /// A site sold.
    SiteSale,
    /// Contract cash after the horizon; of class corporate, what is then still to be paid again.
    ContractEndValue,
    /// Connection at the horizon.
    SiteEndValue,
    /// Machines at the horizon.
    MachineEndValue,
}

const NAMES: &[(Category, &str)] = &[
    (Category::Rent, "rent"),
    (Category::DelayDamages, "delay_damages"),
    (Category::Advance, "advance"),
    (Category::Prepayment, "prepayment"),
    (Category::RentCredit, "rent_credit"),
    (Category::GiveUp, "give_up"),
    (Category::CreditLoss, "credit_loss"),
    (Category::RenewalExpected, "renewal_expected"),
    (Category::MerchantExpected, "merchant_expected"),
    (Category::OperatingExpected, "operating_expected"),
    (Category::MerchantRent, "merchant_rent"),
    (Category::Operations, "operations"),
    (Category::PropertyTax, "property_tax"),
    (Category::Insurance, "insurance"),
    (Category::HostingEnergy, "hosting_energy"),
    (Category::DemandCharge, "demand_charge"),
    (Category::FirmCharge, "firm_charge"),
    (Category::HostingFixedCost, "hosting_fixed_cost"),
    (Category::MiningRevenue, "mining_revenue"),
    (Category::MiningEnergy, "mining_energy"),
    (Category::DemandResponse, "demand_response"),
    (Category::BallastRevenue, "ballast_revenue"),
    (Category::BallastEnergy, "ballast_energy"),
    (Category::ThirdPartyMargin, "third_party_margin"),
    (Category::MinimumBill, "minimum_bill"),
    (Category::MiningFixedCost, "mining_fixed_cost"),
    (Category::MothballSaving, "mothball_saving"),
    (Category::SiteRent, "site_rent"),
    (Category::MachinePurchase, "machine_purchase"),
    (Category::MachineSale, "machine_sale"),
    (Category::MachineRemoval, "machine_removal"),
    (Category::MachineFreight, "machine_freight"),
    (Category::MachineInstallation, "machine_installation"),
    (Category::MoveDowntime, "move_downtime"),
    (Category::MachineStorage, "machine_storage"),
    (Category::SiteSale, "site_sale"),
    (Category::ContractEndValue, "contract_end_value"),
    (Category::SiteEndValue, "site_end_value"),
    (Category::MachineEndValue, "machine_end_value"),
];

impl Category {
    /// Whether the line is capital that a pot pays for.
    #[must_use]
    pub const fn is_capital(&self) -> bool {
        matches!(self, Self::Capex(_) | Self::MachinePurchase)
    }

    /// Whether the line is an expectation, not a term of a contract: rent roll, yield on cost and contracted
    /// share never count it, and neither does a pot.
    #[must_use]
    pub const fn is_expectation(&self) -> bool {
        matches!(self, Self::CreditLoss | Self::RenewalExpected | Self::MerchantExpected | Self::OperatingExpected)
    }

    /// Whether the line belongs to net operating income of hosting, with a contract or without: rent less running
    /// cost. Tenants' money and its credits, damages and expectations do not.
    #[must_use]
    pub const fn is_operating(&self) -> bool {
        matches!(
            self,
            Self::Rent
                | Self::MerchantRent
                | Self::Operations
                | Self::PropertyTax
                | Self::Insurance
                | Self::HostingEnergy
                | Self::DemandCharge
                | Self::FirmCharge
        )
    }

    /// Whether the line is cash; what is given up in warrants or equity is not.
    #[must_use]
    pub const fn is_cash(&self) -> bool {
        !matches!(self, Self::GiveUp)
    }

    /// Whether the line stands for what is left at the horizon.
    #[must_use]
    pub const fn is_end_value(&self) -> bool {
        matches!(self, Self::ContractEndValue | Self::SiteEndValue | Self::MachineEndValue)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Capex(line) => write!(f, "capex:{line}"),
            named => f.pad(NAMES.iter().find(|(category, _)| category == named).map_or("", |(_, name)| name)),
        }
    }
}

impl FromStr for Category {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(line) = text.strip_prefix("capex:") {
            return Ok(Self::Capex(line.to_owned()));
        }
        NAMES
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(category, _)| category.clone())
            .ok_or_else(|| format!("`{text}` is not a ledger category"))
    }
}

impl JsonSchema for Category {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Category".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let names: Vec<&str> = NAMES.iter().map(|(_, name)| *name).collect();
        let about = "what a line is: one of these, or capex:<category of the cost line>";
        schemars::json_schema!({ "description": about, "anyOf": [
            { "enum": names }, { "type": "string", "pattern": "^capex:" }
        ] })
    }
}

impl Serialize for Category {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Category {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Discount factor of a period at a yearly rate: `(1+r)^-years` from the
/// middle of the period, or from the horizon date for `period = N`.
#[must_use]
pub fn discount_factor(calendar: &Calendar, period: Period, rate: Share) -> f64 {
    libm::pow(1.0 + rate.0, -calendar.discount_years(period))
}

/// Present value of lines in their order, rounded once.
#[must_use]
pub fn present_value<'a>(calendar: &Calendar, lines: impl IntoIterator<Item = &'a LedgerLine>) -> UsdCents {
    let usd: f64 =
        lines.into_iter().map(|line| line.amount_cents.usd() * discount_factor(calendar, line.period, line.rate)).sum();
    UsdCents(Usd::new(usd).to_cents())
}

/// What is paid for a subject, without what is credited.
#[must_use]
pub fn paid(lines: &[LedgerLine], subject: &str) -> Cents {
    let own = lines.iter().filter(|line| line.subject == subject && line.amount_cents < Cents::ZERO);
    own.map(|line| -line.amount_cents).sum()
}

/// The ledger's order: period, site, subject, category, class.
pub fn sort(lines: &mut [LedgerLine]) {
    lines.sort_by(|a, b| {
        (a.period, &a.site, &a.subject, &a.category, a.class).cmp(&(
            b.period,
            &b.site,
            &b.subject,
            &b.category,
            b.class,
        ))
    });
}

/// Adds up lines, in the ledger's order, that are alike in everything but their amount.
pub fn merge(lines: &mut Vec<LedgerLine>) {
    lines.dedup_by(|next, first| {
        let alike = (next.period, &next.site, &next.subject, &next.category, next.class)
            == (first.period, &first.site, &first.subject, &first.category, first.class);
        if alike {
            first.amount_cents += next.amount_cents;
        }
        alike
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lenders_read_holds_no_expectation() {
        let all = NAMES.iter().map(|(category, _)| category);
        for category in all.filter(|category| category.is_expectation()) {
            assert!(!category.is_operating() && !category.is_capital(), "{category}");
        }
    }

    #[test]
    fn categories_round_trip() {
        for (category, _) in NAMES {
            assert_eq!(category.to_string().parse().as_ref(), Ok(category));
        }
        assert_eq!("capex:cooling".parse(), Ok(Category::Capex("cooling".to_owned())));
        assert!("cooling".parse::<Category>().is_err());
    }
}
