//! Kinds of hosting contract, with the range of their terms.

/// Who bears operations, property tax and insurance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bears {
    /// Triple-net: the tenant bears all three.
    Net,
    /// Modified gross: the landlord operates.
    Modified,
    /// Gross: the landlord bears all three.
    Gross,
}

/// A term that some offers of a kind have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Term {
    /// May be served by several sites.
    Split,
    /// Load in two steps.
    Tranches,
    /// Damages for being late.
    Late,
    /// First-year rent paid before.
    Prepayment,
    /// The tenant pays most of the works, and lends.
    Funded,
    /// May default.
    Default,
    /// May default, and a large company stands behind it.
    Backstop,
    /// May stay on.
    Renewal,
    /// Gets warrants.
    Warrants,
    /// Rent ramps up.
    Ramp,
    /// Asks for a spare of everything and for dense racks.
    Spare,
    /// The landlord buys the energy.
    PowerIncluded,
}

/// A kind of offer. Ranges are from and to, both included.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub id: &'static str,
    pub tenants: &'static [&'static str],
    pub class: &'static str,
    /// Retrofits that qualify, with gross power per critical IT load in per cent.
    pub retrofits: &'static [(&'static str, u32)],
    pub months: u32,
    /// First-year rent, USD/kW-month.
    pub rent: (u32, u32),
    /// Escalator and discount rate, in tenths of a per cent a year.
    pub escalator: (u32, u32),
    pub rate: (u32, u32),
    pub bears: Bears,
    /// Per cent of the reserved load that is drawn.
    pub load: (u32, u32),
    /// Most critical IT load, MW.
    pub most: u32,
    /// Quarter at whose end the load is wanted.
    pub ready: (u32, u32),
    /// Terms and in how many of a hundred cases they are there.
    pub terms: &'static [(u32, Term)],
}

const LIQUID: &[(&str, u32)] = &[("liquid-hpc", 138), ("modular-liquid", 125), ("liquid-new-build", 135)];
const SPARE: &[(&str, u32)] = &[("liquid-hpc", 138), ("liquid-new-build", 135)];
const AIR: &[(&str, u32)] = &[("air-colo", 140)];
const SHELL: &[(&str, u32)] = &[("powered-shell", 135)];

const HYPERSCALER: &str = "hyperscaler (invented)";
const NEOCLOUD: &str = "neocloud (invented)";
const LABORATORY: &str = "AI laboratory (invented)";
const CHIPS: &str = "chip maker (invented)";
const ENTERPRISE: &str = "enterprise group (invented)";
const PUBLIC: &str = "public-sector consortium (invented)";
const INFERENCE: &str = "inference provider (invented)";
const RESEARCH: &str = "research cloud (invented)";

/// Leases of miners, 2024 to 2026. First-year rents in USD/kW-month, from the geometric sum at the escalator:
/// fifteen years triple-net 112 to 128 (245, 352 and 526 MW-IT among them); ten years modified gross 134 to 136;
/// ten years in a small new hall 157; twelve years where the customer pays most of the works 98 to 105; a retrofit of an
/// existing building, ten years, 90. Escalators 2 to 3 %. Bond coupons from 6.1 % (investment grade) to 9.25 %.
/// Rents of powered shells and of short contracts with the power included have not been published: assumed.
pub(super) const KINDS: [(u32, Kind); 8] = [
    (
        16,
        Kind {
            id: "nnn-ig-15y",
            tenants: &[HYPERSCALER, LABORATORY],
            class: "liquid",
            retrofits: SPARE,
            months: 180,
            rent: (112, 130),
            escalator: (25, 30),
            rate: (70, 80),
            bears: Bears::Net,
            load: (85, 95),
            most: 170,
            ready: (8, 13),
            terms: &[(100, Term::Spare), (50, Term::Tranches), (60, Term::Late), (40, Term::Renewal)],
        },
    ),
    (
        18,
        Kind {
            id: "gross-neocloud-10y",
            tenants: &[NEOCLOUD, RESEARCH],
            class: "liquid",
            retrofits: LIQUID,
            months: 120,
            rent: (134, 154),
            escalator: (25, 30),
            rate: (85, 95),
            bears: Bears::Gross,
            load: (80, 90),
            most: 90,
            ready: (7, 14),
            terms: &[(60, Term::Default), (40, Term::Prepayment), (50, Term::Ramp), (30, Term::Late)],
        },
    ),
    (
        12,
        Kind {
            id: "backstop-10y",
            tenants: &[NEOCLOUD],
            class: "liquid",
            retrofits: LIQUID,
            months: 120,
            rent: (132, 142),
            escalator: (30, 30),
            rate: (78, 86),
            bears: Bears::Modified,
            load: (85, 92),
            most: 110,
            ready: (7, 13),
            terms: &[(100, Term::Backstop), (50, Term::Warrants), (40, Term::Renewal), (30, Term::Tranches)],
        },
    ),
    (
        8,
        Kind {
            id: "funded-12y",
            tenants: &[NEOCLOUD],
            class: "liquid",
            retrofits: SPARE,
            months: 144,
            rent: (98, 106),
            escalator: (30, 30),
            rate: (80, 90),
            bears: Bears::Modified,
            load: (85, 92),
            most: 120,
            ready: (8, 12),
            terms: &[(100, Term::Funded), (50, Term::Late)],
        },
    ),
    (
        18,
        Kind {
            id: "air-enterprise-10y",
            tenants: &[CHIPS, ENTERPRISE],
            class: "air",
            retrofits: AIR,
            months: 120,
            rent: (90, 110),
            escalator: (20, 30),
            rate: (80, 90),
            bears: Bears::Gross,
            load: (75, 85),
            most: 40,
            ready: (6, 12),
            terms: &[(40, Term::Renewal), (30, Term::Late)],
        },
    ),
    (
        12,
        Kind {
            id: "colo-included-5y",
            tenants: &[INFERENCE],
            class: "air",
            retrofits: AIR,
            months: 60,
            rent: (148, 168),
            escalator: (25, 30),
            rate: (90, 100),
            bears: Bears::Gross,
            load: (70, 85),
            most: 24,
            ready: (6, 13),
            terms: &[(100, Term::PowerIncluded), (50, Term::Default), (40, Term::Renewal)],
        },
    ),
    (
        8,
        Kind {
            id: "framework-air-10y",
            tenants: &[PUBLIC, ENTERPRISE],
            class: "air",
            retrofits: AIR,
            months: 120,
            rent: (100, 124),
            escalator: (20, 25),
            rate: (80, 88),
            bears: Bears::Gross,
            load: (70, 80),
            most: 60,
            ready: (7, 12),
            terms: &[(100, Term::Split), (40, Term::PowerIncluded), (30, Term::Prepayment)],
        },
    ),
    (
        8,
        Kind {
            id: "shell-ig-15y",
            tenants: &[HYPERSCALER],
            class: "shell",
            retrofits: SHELL,
            months: 180,
            rent: (34, 42),
            escalator: (20, 30),
            rate: (70, 80),
            bears: Bears::Net,
            load: (85, 95),
            most: 150,
            ready: (9, 14),
            terms: &[(30, Term::Renewal)],
        },
    ),
];
