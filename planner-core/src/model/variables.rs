//! The columns: one per decision, with its bounds and its value.

use std::collections::{BTreeMap, BTreeSet};

use super::{objective, scale};
use crate::domain::Fleet;
use crate::domain::calendar::Period;
use crate::domain::machine::Cooling;
use crate::domain::site::Site;
use crate::options::{Arrival, Hub, MachineTrack, Options, UnitLine};
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
    /// Running on the slack of hosted load; `None` where there is none, or no month has a margin.
    pub ballast: Vec<Option<ColumnId>>,
    /// Sent away at the start of the period.
    pub send: Vec<Option<ColumnId>>,
    /// Received at the start of the period.
    pub receive: Vec<Option<ColumnId>>,
}

/// Columns of one hub, by period.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HubColumns {
    /// In the region's storage.
    pub stored: Vec<Option<ColumnId>>,
    /// Sold from storage at the start of the period.
    pub sell: Vec<Option<ColumnId>>,
    /// Left for other regions.
    pub leave: Vec<Option<ColumnId>>,
    /// Come from other regions.
    pub come: Vec<Option<ColumnId>>,
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
    /// Where machines change place.
    pub hubs: Vec<HubColumns>,
    /// 1 when the site is in mothballs then.
    pub mothballs: Vec<ColumnId>,
    /// 1 when the site is sold then.
    pub sales: Vec<ColumnId>,
    /// M$ of a least bill for energy that are not used.
    pub shortfalls: Vec<ColumnId>,
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
    let slack = slack(fleet, options);
    for track in &options.machines {
        let columns = track_columns(fleet, track, &slack, &mut vars);
        vars.machines.push(columns);
    }
    for hub in &options.hubs {
        let columns = hub_columns(fleet, hub, &mut vars);
        vars.hubs.push(columns);
    }
    site_states(fleet, options, &mut vars);
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

/// Sites and periods in which hosted load may leave slack.
fn slack(fleet: &Fleet, options: &Options) -> BTreeSet<(usize, Period)> {
    let leaves = |period: Period| {
        let options = options.halls.iter();
        options.filter(move |o| o.slack_in(fleet, period) > GrossMw::ZERO).map(move |o| (o.site, period))
    };
    fleet.calendar.all_periods().flat_map(leaves).collect()
}

/// Mothballs, sales, and what is not used of least bills.
fn site_states(fleet: &Fleet, options: &Options, vars: &mut Variables) {
    let calendar = &fleet.calendar;
    let key =
        |site: usize, period| format!("{},{}", fleet.sites[site].id, calendar.period_start(period).strftime("%Y-%m"));
    for one in &options.mothballs {
        let name = format!("mothball[{}]", key(one.site, one.period));
        let column = vars.add(name, true, 1.0, scale::value(calendar, &one.lines));
        vars.mothballs.push(column);
    }
    for sale in &options.sales {
        let name = format!("sale[{}]", key(sale.site, sale.period));
        let value = scale::value(calendar, &sale.lines) + scale::value(calendar, &sale.ended);
        let column = vars.add(name, true, 1.0, value);
        vars.sales.push(column);
    }
    for bill in &options.bills {
        let month = calendar.month_start(bill.month).strftime("%Y-%m");
        let name = format!("shortfall[{},{month}]", fleet.sites[bill.site].id);
        let value = scale::value(calendar, &[bill.line(scale::MILLION)]);
        let column = vars.add(name, false, scale::amount(bill.owed), value);
        vars.shortfalls.push(column);
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

fn hub_columns(fleet: &Fleet, hub: &Hub, vars: &mut Variables) -> HubColumns {
    let (calendar, model) = (&fleet.calendar, &fleet.models[hub.model].id);
    let mut columns = HubColumns::default();
    for (period, at) in calendar.all_periods().zip(&hub.periods) {
        let date = calendar.period_start(period).strftime("%Y-%m");
        let mut add = |what: &str, value: f64| {
            vars.add(format!("{what}[{},{model},{date}]", hub.region), false, f64::INFINITY, value)
        };
        let last = if period.0 + 1 == calendar.periods { scale::machine_value(calendar, &hub.end_lines) } else { 0.0 };
        let stored = at.store.as_ref().map(|lines| add("stored", scale::machine_value(calendar, lines) + last));
        columns.stored.push(stored);
        let sell = at.sell.as_ref().map(|lines| add("sell_stored", scale::machine_value(calendar, lines)));
        columns.sell.push(sell);
        columns.leave.push(hub.leaves.then(|| add("leave", 0.0)));
        columns.come.push(hub.comes.then(|| add("come", scale::machine_value(calendar, &at.come))));
    }
    columns
}

fn track_columns(
    fleet: &Fleet,
    track: &MachineTrack,
    slack: &BTreeSet<(usize, Period)>,
    vars: &mut Variables,
) -> TrackColumns {
    let (site, model) = (&fleet.sites[track.site], &fleet.models[track.model]);
    // A purchase that no rack can hold has no use; without this bound a resale
    // price above the price of a new machine would have no end.
    let most = scale::power(all_racks(fleet, site, track.cooling)) / scale::machine_power(track.gross);
    let (mut stock, mut run, mut sell, mut buy) = (vec![], vec![], vec![], vec![]);
    let (mut ballast, mut send, mut receive) = (vec![], vec![], vec![]);
    for (period, at) in fleet.calendar.all_periods().zip(&track.periods) {
        let date = fleet.calendar.period_start(period).strftime("%Y-%m");
        let worth = |lines: &[UnitLine]| scale::machine_value(&fleet.calendar, lines);
        let mut add = |what: &str, most: f64, value: f64| {
            vars.add(format!("{what}[{},{},{date}]", site.id, model.id), false, most, value)
        };
        let any = f64::INFINITY;
        stock.push(add("stock", any, objective::stock_value(fleet, track, period)));
        run.push((!at.run.is_empty()).then(|| add("run", any, worth(&at.run))));
        sell.push(add("sell", any, worth(&at.sell)));
        buy.push(at.buy.as_ref().map(|lines| add("buy", most, worth(lines))));
        let may = !at.ballast.is_empty() && slack.contains(&(track.site, period));
        ballast.push(may.then(|| add("ballast", any, worth(&at.ballast))));
        send.push(at.send.as_ref().map(|lines| add("send", any, worth(lines))));
        let arrives = |arrival: &Arrival| worth(&arrival.near) + worth(&arrival.placing);
        receive.push(at.receive.as_ref().map(|arrival| add("receive", any, arrives(arrival))));
    }
    TrackColumns { stock, run, sell, buy, ballast, send, receive }
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
