//! The streams of money in which a reader sees a plan: every ledger category belongs to exactly one.

use crate::plan::ledger::Category;

/// A group of ledger categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stream {
    /// Rent under contracts.
    Rent,
    /// What bills are credited with, and damages for delay.
    Credits,
    /// Advances and prepayments of tenants.
    TenantMoney,
    /// Rent of capacity built without a contract.
    MerchantRent,
    /// Operations, tax, insurance, energy, charges and fixed cost of hosted halls.
    HostingCost,
    /// Renewals, capacity let again and losses to defaults: expectations, no terms of a contract.
    Expected,
    /// Income of machines and of customers' halls, less energy.
    Mining,
    /// Fixed cost and rent of sites, less what mothballs save.
    SiteCost,
    /// Machines sold, less what taking off, moving and storing machines costs.
    Machines,
    /// Sites sold.
    SiteSales,
    /// All landlord-funded capital.
    Capital,
    /// What is left at the horizon.
    EndValue,
    /// Warrants or equity given to tenants: worth money, but no cash.
    GiveUp,
}

impl Stream {
    /// All of them, income from hosting first, as a statement lists them.
    pub const ALL: [Self; 13] = [
        Self::Rent,
        Self::Credits,
        Self::TenantMoney,
        Self::MerchantRent,
        Self::HostingCost,
        Self::Expected,
        Self::Mining,
        Self::SiteCost,
        Self::Machines,
        Self::SiteSales,
        Self::Capital,
        Self::EndValue,
        Self::GiveUp,
    ];

    /// The stream of a category.
    #[must_use]
    pub const fn of(category: &Category) -> Self {
        match category {
            Category::Rent => Self::Rent,
            Category::DelayDamages | Category::RentCredit => Self::Credits,
            Category::Advance | Category::Prepayment => Self::TenantMoney,
            Category::MerchantRent => Self::MerchantRent,
            Category::Operations
            | Category::PropertyTax
            | Category::Insurance
            | Category::HostingEnergy
            | Category::DemandCharge
            | Category::FirmCharge
            | Category::HostingFixedCost => Self::HostingCost,
            Category::CreditLoss
            | Category::RenewalExpected
            | Category::MerchantExpected
            | Category::OperatingExpected => Self::Expected,
            Category::MiningRevenue
            | Category::MiningEnergy
            | Category::DemandResponse
            | Category::BallastRevenue
            | Category::BallastEnergy
            | Category::ThirdPartyMargin
            | Category::MinimumBill => Self::Mining,
            Category::MiningFixedCost | Category::MothballSaving | Category::SiteRent => Self::SiteCost,
            Category::MachineSale
            | Category::MachineRemoval
            | Category::MachineFreight
            | Category::MachineInstallation
            | Category::MoveDowntime
            | Category::MachineStorage => Self::Machines,
            Category::SiteSale => Self::SiteSales,
            Category::Capex(_) | Category::MachinePurchase => Self::Capital,
            Category::ContractEndValue | Category::SiteEndValue | Category::MachineEndValue => Self::EndValue,
            Category::GiveUp => Self::GiveUp,
        }
    }

    /// As printed.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Rent => "Rent under contracts",
            Self::Credits => "Credits and damages",
            Self::TenantMoney => "Tenants' money",
            Self::MerchantRent => "Merchant rent",
            Self::HostingCost => "Cost of hosting",
            Self::Expected => "Expected after terms",
            Self::Mining => "Mining after energy",
            Self::SiteCost => "Fixed cost of sites",
            Self::Machines => "Machines",
            Self::SiteSales => "Sites sold",
            Self::Capital => "Capital",
            Self::EndValue => "Value at the horizon",
            Self::GiveUp => "Equity given up",
        }
    }

    /// Whether its money is cash.
    #[must_use]
    pub const fn is_cash(self) -> bool {
        !matches!(self, Self::GiveUp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_keep_what_categories_say_of_themselves() {
        let names =
            ["capex:power", "machine_purchase", "rent", "give_up", "advance", "contract_end_value", "credit_loss"];
        for category in names.map(|name| name.parse::<Category>().unwrap()) {
            let stream = Stream::of(&category);
            assert_eq!(stream == Stream::Capital, category.is_capital(), "{category}");
            assert_eq!(stream == Stream::EndValue, category.is_end_value(), "{category}");
            assert_eq!(stream == Stream::Expected, category.is_expectation(), "{category}");
            assert_eq!(stream.is_cash(), category.is_cash(), "{category}");
        }
        let mut all = Stream::ALL.to_vec();
        all.dedup();
        assert!(all.is_sorted() && all.len() == 13);
    }
}
