//! Where sites lie: state, power market, region, energy price.

/// How a site pays for its energy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Energy {
    /// As a series of the deck.
    Deck(&'static str),
    /// A fixed price, in USD/MWh, from and to.
    Fixed(u32, u32),
}

/// A state or province as miners know it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub state: &'static str,
    pub country: &'static str,
    /// Power market.
    pub market: &'static str,
    pub region: &'static str,
    pub energy: Energy,
    /// Cost of building, in per cent of the library, from and to.
    pub building: (u32, u32),
}

const fn place(names: [&'static str; 4], energy: Energy, building: (u32, u32)) -> Place {
    let [state, country, market, region] = names;
    Place { state, country, market, region, energy, building }
}

use Energy::{Deck, Fixed};

/// Weights follow the sites of eleven public miners (2022 to 2026): about a third of them in Texas. Energy: 27 to 39 USD/MWh
/// in Texas, 36 to 40 in Kentucky, 45 in Québec and British Columbia, 56 in Georgia, Tennessee and Wyoming (fleet averages).
/// Building: construction costs of 19 US markets lie between 9.3 and 15 MUSD/MW-IT around 11.7 (2024-10); the cheap half
/// of that range is where mines are.
pub(super) const PLACES: [(u32, Place); 17] = [
    (24, place(["TX", "US", "ERCOT", "texas"], Deck("ercot"), (92, 100))),
    (8, place(["TX", "US", "ERCOT", "texas"], Fixed(30, 40), (92, 100))),
    (8, place(["PA", "US", "PJM", "mid-atlantic"], Deck("pjm-west"), (98, 108))),
    (6, place(["OH", "US", "PJM", "mid-atlantic"], Deck("pjm-west"), (94, 104))),
    (10, place(["GA", "US", "Southern", "southeast"], Fixed(46, 58), (92, 102))),
    (6, place(["TN", "US", "TVA", "southeast"], Fixed(44, 58), (92, 102))),
    (4, place(["KY", "US", "TVA", "southeast"], Fixed(36, 44), (92, 102))),
    (4, place(["NC", "US", "SERC", "southeast"], Fixed(40, 50), (94, 104))),
    (4, place(["OK", "US", "SPP", "plains"], Fixed(34, 44), (92, 100))),
    (4, place(["NE", "US", "SPP", "plains"], Fixed(36, 46), (94, 102))),
    (6, place(["ND", "US", "MISO", "plains"], Fixed(36, 46), (96, 108))),
    (4, place(["NY", "US", "NYISO", "northeast"], Fixed(40, 55), (104, 116))),
    (4, place(["WA", "US", "Mid-C", "northwest"], Deck("mid-c"), (100, 112))),
    (4, place(["WY", "US", "Black Hills", "northwest"], Fixed(48, 58), (96, 106))),
    (6, place(["QC", "CA", "Hydro-Sherbrooke", "quebec"], Fixed(40, 46), (98, 108))),
    (5, place(["QC", "CA", "Hydro-Quebec", "quebec"], Fixed(44, 48), (98, 108))),
    (5, place(["BC", "CA", "BC Hydro", "northwest"], Fixed(43, 48), (100, 112))),
];
