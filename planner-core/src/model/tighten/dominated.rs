//! Machine columns that can never pay.
//!
//! Followed through places and periods, a machine earns what its columns are worth; with racks, power and slack free for
//! all that is the most it can earn. Where the most that a column leads to is no more than selling at once, where the
//! machine is, some best plan does without the column: a sale takes up no rack and no power. Its upper bound is then nil.
//! Purchases that never earn their price go too.
//!
//! Energy counts against a least bill: running is worth at most that much more. A floor of the hashrate may want
//! machines that do not pay: nothing goes until it is over.

use crate::domain::calendar::Period;
use crate::model::{ColumnId, HubColumns, TrackColumns, Variables, scale};
use crate::options::{LeastBill, MachineTrack, Options};
use crate::units::Usd;

/// Bars every machine column that can never pay.
pub(super) fn bar(periods: Period, options: &Options, vars: &mut Variables) {
    let models = options.machines.iter().map(|track| track.model).max().map_or(0, |last| last + 1);
    let mut barred = vec![];
    for model in 0..models {
        let mut worth = Worth::of(model, options, vars);
        for period in (options.machines_must_pay.0..periods.0).rev() {
            barred.extend(worth.step_back(Period(period)));
        }
    }
    for column in barred {
        vars.columns[column.0].upper = 0.0;
    }
}

/// One place where machines of a model work.
struct Place<'a> {
    track: usize,
    hub: Option<usize>,
    survival: f64,
    columns: &'a TrackColumns,
    /// The most that a unit on a rack is worth when the next period begins.
    ahead: f64,
}

/// One region in which they change place.
struct Region<'a> {
    columns: &'a HubColumns,
    /// The most that a unit in storage is worth when the next period begins.
    ahead: f64,
}

/// The most that machines of one model are worth, from the last period back. M$ of one unit of a column.
struct Worth<'a> {
    options: &'a Options,
    vars: &'a Variables,
    places: Vec<Place<'a>>,
    regions: Vec<Region<'a>>,
}

const NEVER: f64 = f64::NEG_INFINITY;

fn most(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(NEVER, f64::max)
}

fn least(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::INFINITY, f64::min)
}

impl<'a> Worth<'a> {
    fn of(model: usize, options: &'a Options, vars: &'a Variables) -> Self {
        let hubs: Vec<_> = options.hubs.iter().zip(&vars.hubs).filter(|(hub, _)| hub.model == model).collect();
        let tracks = options.machines.iter().zip(&vars.machines).enumerate();
        let place = |(track, (of, columns)): (usize, (&'a MachineTrack, &'a TrackColumns))| Place {
            track,
            hub: hubs.iter().position(|(hub, _)| hub.tracks.contains(&track)),
            survival: of.survival,
            columns,
            ahead: 0.0,
        };
        let places = tracks.filter(|(_, (track, _))| track.model == model).map(place).collect();
        let regions = hubs.iter().map(|(_, columns)| Region { columns, ahead: 0.0 }).collect();
        Self { options, vars, places, regions }
    }

    fn value(&self, column: ColumnId) -> f64 {
        self.vars.columns[column.0].value
    }

    /// What running may save of least bills beside what it earns.
    fn saved(&self, track: usize, at: usize, energy: fn(&LeastBill) -> &[(usize, Usd)]) -> f64 {
        let bills = self.options.bills.iter().zip(&self.vars.shortfalls).filter(|(bill, _)| bill.period.index() == at);
        let saved = bills.flat_map(|(bill, shortfall)| {
            let of_track = energy(bill).iter().filter(move |(of, _)| *of == track);
            of_track.map(|(_, energy)| -self.value(*shortfall) * scale::machine_amount(*energy))
        });
        saved.sum()
    }

    /// The columns of a period that can never pay, the next period being known.
    fn step_back(&mut self, period: Period) -> Vec<ColumnId> {
        let now = Now::of(self, period.index());
        let mut barred = vec![];
        let mut bar = |column: Option<ColumnId>, pays: bool| {
            let gone = column.filter(|_| !pays);
            barred.extend(gone);
            column.is_some() && gone.is_none()
        };
        let mut ahead = Vec::with_capacity(self.places.len());
        for (place, (racked, sale)) in now.places() {
            let (columns, at) = (place.columns, now.at);
            let receive = self.then(columns.receive[at], *racked);
            let received = place.hub.is_some_and(|hub| bar(columns.receive[at], receive > now.spare(hub)));
            let bought = bar(columns.buy[at], self.then(columns.buy[at], *racked) > 0.0);
            bar(Some(columns.stock[at]), racked > sale || received || bought);
            let sent = place.hub.map_or(NEVER, |hub| self.then(columns.send[at], now.arrive(hub)));
            bar(columns.send[at], sent > *sale);
            ahead.push(racked.max(*sale).max(sent));
        }
        let mut kept = Vec::with_capacity(self.regions.len());
        for (number, region) in self.regions.iter().enumerate() {
            bar(region.columns.stored[now.at], now.store(number) > now.spare(number));
            bar(region.columns.leave[now.at], now.leave(number) > now.own(number));
            bar(region.columns.come[now.at], now.come(number) > now.others(number));
            kept.push(now.out_of_storage(number).max(now.arrive(number)));
        }
        for (place, ahead) in self.places.iter_mut().zip(ahead) {
            place.ahead = ahead;
        }
        for (region, ahead) in self.regions.iter_mut().zip(kept) {
            region.ahead = ahead;
        }
        barred
    }

    /// What a column that may not be there is worth, with what it leads to.
    fn then(&self, column: Option<ColumnId>, next: f64) -> f64 {
        column.map_or(NEVER, |column| self.value(column) + next)
    }

    /// The most that a unit is worth that is on a rack in a period.
    fn hold(&self, place: &Place, at: usize) -> f64 {
        let run = place.columns.run[at].map(|run| self.value(run) + self.saved(place.track, at, |bill| &bill.running));
        let ballast = place.columns.ballast[at]
            .map(|ballast| self.value(ballast) + self.saved(place.track, at, |bill| &bill.on_slack));
        let earned = most(run.into_iter().chain(ballast).chain([0.0]));
        self.value(place.columns.stock[at]) + earned + place.survival * place.ahead
    }
}

/// The most that a unit is worth in a period, by where it is and where it goes.
struct Now<'a> {
    worth: &'a Worth<'a>,
    at: usize,
    /// On a rack, by place.
    racked: Vec<f64>,
    /// Sold at once, by place.
    sale: Vec<f64>,
    /// Gone from a hub to a rack of its region, by region.
    enter: Vec<f64>,
}

impl<'a> Now<'a> {
    fn of(worth: &'a Worth<'a>, at: usize) -> Self {
        let racked = worth.places.iter().map(|place| worth.hold(place, at)).collect();
        let sale = worth.places.iter().map(|place| worth.value(place.columns.sell[at])).collect();
        let mut now = Self { worth, at, racked, sale, enter: vec![] };
        let enter = |region| {
            let receive = |(place, (racked, _)): (&Place, (&f64, _))| worth.then(place.columns.receive[at], *racked);
            most(now.of_region(region).map(receive))
        };
        now.enter = (0..worth.regions.len()).map(enter).collect();
        now
    }

    fn places(&self) -> impl Iterator<Item = (&Place<'a>, (&f64, &f64))> {
        self.worth.places.iter().zip(self.racked.iter().zip(&self.sale))
    }

    fn of_region(&self, region: usize) -> impl Iterator<Item = (&Place<'a>, (&f64, &f64))> {
        self.places().filter(move |(place, _)| place.hub == Some(region))
    }

    fn columns(&self, region: usize) -> &HubColumns {
        self.worth.regions[region].columns
    }

    fn all_but(&self, region: usize) -> impl Iterator<Item = usize> + use<> {
        (0..self.worth.regions.len()).filter(move |other| *other != region)
    }

    /// Come from another region and gone to a rack.
    fn come(&self, region: usize) -> f64 {
        self.worth.then(self.columns(region).come[self.at], self.enter[region])
    }

    fn leave(&self, region: usize) -> f64 {
        self.worth.then(self.columns(region).leave[self.at], most(self.all_but(region).map(|other| self.come(other))))
    }

    fn store(&self, region: usize) -> f64 {
        self.worth.then(self.columns(region).stored[self.at], self.worth.regions[region].ahead)
    }

    /// In a hub, wherever it goes.
    fn arrive(&self, region: usize) -> f64 {
        self.enter[region].max(self.leave(region)).max(self.store(region))
    }

    fn out_of_storage(&self, region: usize) -> f64 {
        self.worth.then(self.columns(region).sell[self.at], 0.0)
    }

    /// The least that a unit of the region in its hub would have fetched, had it been sold instead.
    fn own(&self, region: usize) -> f64 {
        let cost = |place: &Place| Some(self.worth.value(place.columns.send[self.at]?));
        let sent = self.of_region(region).filter_map(|(place, (_, sale))| Some(sale - cost(place)?));
        let any_stored = self.at > 0 && self.columns(region).stored[self.at - 1].is_some();
        least(sent.chain(any_stored.then(|| self.out_of_storage(region))))
    }

    /// The same for units of other regions, where they are.
    fn others(&self, region: usize) -> f64 {
        least(self.all_but(region).map(|other| self.own(other)))
    }

    /// The same for whatever is in the hub.
    fn spare(&self, region: usize) -> f64 {
        self.own(region).min(self.others(region) - self.worth.then(self.columns(region).come[self.at], 0.0))
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::Fleet;
    use crate::domain::machine::Moves;
    use crate::domain::policy::HashratePolicy;
    use crate::model::tests::tight_model;
    use crate::units::{Days, TeraHash, UsdPerMachine};

    /// Names of columns that are barred, of those that begin so.
    fn barred(with: &str, change: impl FnOnce(&mut Fleet)) -> Vec<String> {
        let model = tight_model(change);
        let columns = model.variables.columns.into_iter();
        columns
            .filter(|column| column.upper == 0.0 && column.name.starts_with(with))
            .map(|column| column.name)
            .collect()
    }

    #[test]
    fn a_machine_that_no_longer_earns_is_not_kept() {
        let all = |fleet: &mut Fleet| fleet.calendar.period_start(fleet.calendar.horizon());
        // Without income every period's best is to sell.
        let poor =
            |fleet: &mut Fleet| fleet.deck.months.iter_mut().for_each(|month| month.hashrate = TeraHash::new(1e15));
        let kept = barred("stock[north", |fleet| poor(fleet));
        assert_eq!(kept.len(), 8, "{kept:?}");
        let floored = barred("stock[north", |fleet| {
            poor(fleet);
            let to = all(fleet);
            fleet.policies.hashrate = Some(HashratePolicy { floor: TeraHash::ZERO, from: fleet.calendar.start, to });
        });
        assert!(floored.is_empty(), "a floor may want them: {floored:?}");
    }

    #[test]
    fn no_machine_moves_where_freight_is_more_than_it_can_earn() {
        let moved = |freight: f64| {
            barred("send[north", move |fleet| {
                let (freight, further) = (UsdPerMachine::new(freight), UsdPerMachine::new(freight));
                fleet.handling.moves = Some(Moves { freight, freight_other_region: further, downtime: Days(5) });
            })
        };
        let columns = moved(1e6).len();
        assert!(columns > 0 && moved(5.0).len() < columns);
    }
}
