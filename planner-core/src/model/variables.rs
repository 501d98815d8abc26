//! The columns: one per decision, with its bounds and its value.

use std::collections::{BTreeMap, BTreeSet};

use super::{objective, scale};
use crate::domain::Fleet;
use crate::domain::machine::Cooling;
use crate::domain::site::Site;
use crate::options::{MachineTrack, Options};
use crate::plan::MERCHANT;
use crate::units::GrossMw;

/// A column of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ColumnId(pub usize);

/// Bounds, kind and value of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Readable, unique.
    pub name: String,
    /// Whole numbers only.
    pub integer: bool,
    /// Least value.
    pub lower: f64,
    /// Greatest value.
    pub upper: f64,
    /// M$ of present value per unit.
    pub value: f64,
}

/// Accepting an offer: at one site, or at all of them when it may be split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acceptance {
    /// Index of the offer.
    pub offer: usize,
    /// Index of the site; `None` for an offer that may be split.
    pub site: Option<usize>,
    /// 1 when accepted (there).
    pub column: ColumnId,
}

/// Serving an offer that may be split at an exclusive site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Serve {
    /// Index of the offer.
    pub offer: usize,
    /// Index of the site.
    pub site: usize,
    /// 1 when it is served there.
    pub column: ColumnId,
}

/// Columns of one machine track, by period.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackColumns {
    /// On racks.
    pub stock: Vec<ColumnId>,
    /// Running; `None` when no month has a margin.
    pub run: Vec<Option<ColumnId>>,
    /// Sold at the start of the period.
    pub sell: Vec<ColumnId>,
    /// Bought at the start of the period.
    pub buy: Vec<Option<ColumnId>>,
}

/// Every column, and which decision it is. Lists run parallel to [`Options`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Variables {
    /// All columns.
    pub columns: Vec<Column>,
    /// Halls converted.
    pub halls: Vec<ColumnId>,
    /// First hall of a retrofit at a site starts then.
    pub setups: Vec<ColumnId>,
    /// First service at a site is then.
    pub hosting: Vec<ColumnId>,
    /// Offers accepted.
    pub accept: Vec<Acceptance>,
    /// Split offers at exclusive sites.
    pub serve: Vec<Serve>,
    /// Works started.
    pub works: Vec<ColumnId>,
    /// Deliveries reserved.
    pub reservations: Vec<ColumnId>,
    /// Machines.
    pub machines: Vec<TrackColumns>,
}

impl Variables {
    fn add(&mut self, name: String, integer: bool, upper: f64, value: f64) -> ColumnId {
        self.columns.push(Column { name, integer, lower: 0.0, upper, value });
        ColumnId(self.columns.len() - 1)
    }
}

/// Makes the columns of priced options.
pub(super) fn variables(fleet: &Fleet, options: &Options) -> Variables {
    let calendar = &fleet.calendar;
    let mut vars = Variables::default();
    for option in &options.halls {
        let site = &fleet.sites[option.site];
        let hall = &site.halls[option.hall];
        let (retrofit, offer) = (
            &fleet.retrofits[option.retrofit].id,
            option.offer.map_or(MERCHANT, |offer| fleet.offers[offer].id.as_str()),
        );
        let start = calendar.month_start(option.start).strftime("%Y-%m");
        let name = format!("convert[{},{},{retrofit},{offer},{start}]", site.id, hall.id);
        let value = scale::value(calendar, &option.lines);
        let column = vars.add(name, true, f64::from(hall.count), value);
        vars.halls.push(column);
    }
    for setup in &options.setups {
        let (site, retrofit) = (&fleet.sites[setup.site].id, &fleet.retrofits[setup.retrofit].id);
        let start = calendar.month_start(setup.start).strftime("%Y-%m");
        let value = scale::value(calendar, &setup.lines);
        let column = vars.add(format!("setup[{site},{retrofit},{start}]"), true, 1.0, value);
        vars.setups.push(column);
    }
    for hosting in &options.hosting {
        let first = calendar.month_start(hosting.first_service).strftime("%Y-%m");
        let value = scale::value(calendar, &hosting.lines);
        let column = vars.add(format!("hosting[{},{first}]", fleet.sites[hosting.site].id), true, 1.0, value);
        vars.hosting.push(column);
    }
    works(fleet, options, &mut vars);
    accept(fleet, options, &mut vars);
    serve(fleet, options, &mut vars);
    for track in &options.machines {
        let columns = track_columns(fleet, track, &mut vars);
        vars.machines.push(columns);
    }
    vars
}

fn works(fleet: &Fleet, options: &Options, vars: &mut Variables) {
    let calendar = &fleet.calendar;
    for option in &options.works {
        let start = calendar.month_start(option.start).strftime("%Y-%m");
        let value = option.lines.iter().map(|(_, lines)| scale::value(calendar, lines)).sum();
        let column = vars.add(format!("work[{},{start}]", fleet.works[option.work].id), true, 1.0, value);
        vars.works.push(column);
    }
    for option in &options.reservations {
        let (item, period) = (&fleet.long_lead[option.item], calendar.period_start(option.period).strftime("%Y-%m"));
        let most = item.reserve.map_or(0.0, |reserve| f64::from(reserve.most));
        let value = scale::value(calendar, &option.lines);
        let column = vars.add(format!("reserve[{},{period}]", item.item), true, most, value);
        vars.reservations.push(column);
    }
}

fn accept(fleet: &Fleet, options: &Options, vars: &mut Variables) {
    let mut places: BTreeMap<usize, BTreeSet<Option<usize>>> = BTreeMap::new();
    for (option, offer) in options.halls.iter().filter_map(|option| Some((option, option.offer?))) {
        let split = fleet.offers[offer].split;
        places.entry(offer).or_default().insert((!split).then_some(option.site));
    }
    for (offer, sites) in places {
        for site in sites {
            let place = site.map_or("split", |s| fleet.sites[s].id.as_str());
            let column = vars.add(format!("accept[{},{place}]", fleet.offers[offer].id), true, 1.0, 0.0);
            vars.accept.push(Acceptance { offer, site, column });
        }
    }
}

fn serve(fleet: &Fleet, options: &Options, vars: &mut Variables) {
    let places = options.halls.iter().filter_map(|option| Some((option.offer?, option.site)));
    let tied = |(offer, site): &(usize, usize)| fleet.offers[*offer].split && fleet.sites[*site].exclusive;
    for (offer, site) in places.filter(tied).collect::<BTreeSet<_>>() {
        let name = format!("serve[{},{}]", fleet.offers[offer].id, fleet.sites[site].id);
        let column = vars.add(name, true, 1.0, 0.0);
        vars.serve.push(Serve { offer, site, column });
    }
}

fn track_columns(fleet: &Fleet, track: &MachineTrack, vars: &mut Variables) -> TrackColumns {
    let (site, model) = (&fleet.sites[track.site], &fleet.models[track.model]);
    // A purchase that no rack can hold has no use; without this bound a resale
    // price above the price of a new machine would have no end.
    let most = scale::power(all_racks(fleet, site, track.cooling)) / scale::machine_power(track.gross);
    let mut columns = TrackColumns { stock: vec![], run: vec![], sell: vec![], buy: vec![] };
    for (period, at) in fleet.calendar.all_periods().zip(&track.periods) {
        let date = fleet.calendar.period_start(period).strftime("%Y-%m");
        let name = |what: &str| format!("{what}[{},{},{date}]", site.id, model.id);
        let value = objective::stock_value(fleet, track, period);
        columns.stock.push(vars.add(name("stock"), false, f64::INFINITY, value));
        let run = scale::machine_value(&fleet.calendar, &at.run);
        columns.run.push((!at.run.is_empty()).then(|| vars.add(name("run"), false, f64::INFINITY, run)));
        let sell = scale::machine_value(&fleet.calendar, &at.sell);
        columns.sell.push(vars.add(name("sell"), false, f64::INFINITY, sell));
        columns.buy.push(
            at.buy
                .as_ref()
                .map(|lines| vars.add(name("buy"), false, most, scale::machine_value(&fleet.calendar, lines))),
        );
    }
    columns
}

/// All racks of one kind that a site may ever have.
pub(super) fn all_racks(fleet: &Fleet, site: &Site, cooling: Cooling) -> GrossMw {
    let effects = fleet.works.iter().filter_map(|work| work.effect_at(&site.id));
    racks(site, cooling) + effects.filter(|_| cooling == Cooling::Air).map(|effect| effect.racks).sum()
}

/// All racks of one kind at a site before anything is stripped.
pub(super) fn racks(site: &Site, cooling: Cooling) -> GrossMw {
    let spare = if cooling == Cooling::Air { site.mining.spare_racks } else { GrossMw::ZERO };
    let halls = site.halls.iter().filter(|hall| hall.cooling == cooling);
    halls.map(|hall| hall.racks() * f64::from(hall.count)).sum::<GrossMw>() + spare
}
