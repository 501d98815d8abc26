//! What one machine of a model brings and pays in a period, by what is done with it and where.

use super::Scene;
use super::racks::KINDS;
use crate::audit::herd::{Herd, plus};
use crate::audit::machine_balance::for_sale;
use crate::audit::money::{Amounts, Head, Told, Use, earns, machine, moved, units};
use crate::audit::storage::regions;
use crate::domain::calendar::Period;
use crate::domain::ids::SiteId;
use crate::domain::machine::{MachineModel, storage_in};
use crate::domain::money::Class;
use crate::units::{MilliMachines, Share};

/// All machines of one model.
pub(super) struct Pool<'s, 'a> {
    scene: &'s Scene<'a>,
    pub(super) model: &'a MachineModel,
    /// By site.
    herds: Vec<&'s Herd<'a>>,
    /// Index of the region, by site.
    pub(super) region_of: Vec<usize>,
    /// Storage, by region.
    storages: Vec<SiteId>,
}

/// One machine put on a rack of a site, from the same region and from another.
pub(super) struct Arrival {
    pub(super) placing: f64,
    pub(super) near: f64,
    pub(super) far: f64,
}

/// What can be done in a period. What cannot is worth less than anything.
pub(super) struct Arcs {
    /// By site: on a rack, running or not, before the rack is paid for.
    pub(super) used: Vec<f64>,
    /// By site, and so on.
    pub(super) sale: Vec<f64>,
    pub(super) buy: Vec<f64>,
    /// It leaves its rack, not to be sold.
    pub(super) removal: Vec<f64>,
    pub(super) arrivals: Vec<Arrival>,
    /// By region: in storage for the period.
    pub(super) keeping: Vec<f64>,
    /// It comes to that storage from another region.
    pub(super) further: Vec<f64>,
    pub(super) stored_sale: Vec<f64>,
    /// What the rounding of all these lines to cents may add.
    pub(super) rounding: f64,
}

impl<'s, 'a> Pool<'s, 'a> {
    pub(super) fn new(scene: &'s Scene<'a>, model: &'a MachineModel) -> Self {
        let regions: Vec<&str> = regions(scene.case.fleet).into_iter().collect();
        let herds = scene.case.herds.iter().filter(|herd| herd.model.id == model.id).collect();
        let region = |site: &crate::domain::site::Site| regions.iter().position(|of| *of == site.location.region);
        let region_of = scene.case.fleet.sites.iter().map(|site| region(site).unwrap_or(0)).collect();
        let storages = regions.into_iter().map(storage_in).collect();
        Self { scene, model, herds, region_of, storages }
    }

    /// Index of the racks it fits.
    pub(super) fn kind(&self) -> usize {
        KINDS.iter().position(|kind| *kind == self.model.cooling).unwrap_or(0)
    }

    /// Gross MW of one machine at a site.
    pub(super) fn gross(&self, at: usize) -> f64 {
        self.herds.get(at).map_or(0.0, |herd| self.model.power.gross(herd.site.mining.overhead).get())
    }

    /// Share that outlives a period on racks.
    pub(super) fn survival(&self) -> f64 {
        Share(-self.model.failure.0).growth(self.scene.case.fleet.calendar.period.months())
    }

    /// Machines at the start, by site.
    pub(super) fn owned(&self) -> impl Iterator<Item = MilliMachines> + use<'_> {
        self.herds.iter().map(|herd| {
            let lots = self.scene.case.fleet.machines.iter();
            let here = lots.filter(|lot| lot.site == herd.site.id && lot.model == herd.model.id);
            here.fold(MilliMachines::ZERO, |sum, lot| plus(sum, lot.count))
        })
    }

    fn lines(&self, place: &SiteId, class: Class, amounts: Amounts) -> Vec<Told> {
        let head = Head::new(self.scene.case.fleet, place, self.model.id.to_string(), class);
        units(&head, amounts, |unit| unit)
    }

    /// What one machine is worth at the horizon by site and in storage, and what rounding may add.
    pub(super) fn at_horizon(&self) -> (Vec<f64>, Vec<f64>, f64) {
        let (fleet, mut rounding) = (self.scene.case.fleet, 0.0);
        let mut value = |place: &SiteId, amounts: Amounts| {
            let told = self.lines(place, Class::Mining, amounts);
            rounding += self.scene.worth.of_half_cents(&told);
            self.scene.worth.of(&told)
        };
        let sites = self.herds.iter().map(|herd| value(&herd.site.id, machine::end_value(fleet, herd))).collect();
        let stored = self.storages.iter().map(|place| value(place, moved::stored_end_value(fleet, self.model)));
        let stored = stored.collect();
        (sites, stored, rounding)
    }

    /// What can be done with one machine in a period.
    pub(super) fn arcs(&self, period: Period) -> Arcs {
        let (fleet, hashprices) = (self.scene.case.fleet, &self.scene.hashprices);
        let mut rounding = 0.0;
        let mut value = |place: &SiteId, class: Class, amounts: Amounts| {
            let told = self.lines(place, class, amounts);
            rounding += self.scene.worth.of_half_cents(&told);
            self.scene.worth.of(&told)
        };
        let moves = if fleet.handling.moves.is_some() { 0.0 } else { f64::NEG_INFINITY };
        let storage = if fleet.handling.storage.is_some() { moves } else { f64::NEG_INFINITY };
        let (mut used, mut sale, mut buy, mut removal, mut arrivals) = (vec![], vec![], vec![], vec![], vec![]);
        for (at, herd) in self.herds.iter().enumerate() {
            let site = &herd.site.id;
            let mut income =
                |usage| value(site, Class::Mining, machine::income(fleet, herd, usage, period, hashprices));
            let run = income(Use::Run) - self.of_run(at, herd, period);
            let ballast = self.of_ballast(at, herd, period).map(|pays| income(Use::Ballast) - pays);
            used.push(run.max(ballast.unwrap_or(0.0)).max(0.0));
            sale.push(value(site, Class::Mining, machine::sale(fleet, herd, period)));
            let purchase = value(site, Class::Corporate, machine::purchase(fleet, herd, period));
            buy.push(if self.may_buy(herd, period) { purchase } else { f64::NEG_INFINITY });
            removal.push(value(site, Class::Mining, moved::removal(fleet, period)));
            arrivals.push(Arrival {
                placing: moves
                    + value(site, Class::Mining, moved::installation(fleet, period))
                    + value(site, Class::Mining, moved::downtime(fleet, herd, period, hashprices)),
                near: value(site, Class::Mining, moved::freight(fleet, period, false)),
                far: value(site, Class::Mining, moved::freight(fleet, period, true)),
            });
        }
        let mut at_storages = |of: &dyn Fn() -> Amounts| -> Vec<f64> {
            self.storages.iter().map(|place| value(place, Class::Mining, of())).collect()
        };
        let keeping = at_storages(&|| moved::storage(fleet, period)).into_iter().map(|cost| cost + storage).collect();
        let further = at_storages(&|| moved::further(fleet, period));
        let stored_sale = at_storages(&|| moved::stored_sale(fleet, self.model, period));
        Arcs { used, sale, buy, removal, arrivals, keeping, further, stored_sale, rounding }
    }

    /// Whether there is one to buy and a pot that pays for it.
    fn may_buy(&self, herd: &Herd, period: Period) -> bool {
        let fleet = self.scene.case.fleet;
        let lines = self.lines(&herd.site.id, Class::Corporate, machine::purchase(fleet, herd, period));
        for_sale(fleet, &self.model.id, period).is_ok() && self.scene.worth.paid_for(&lines)
    }

    /// What one running machine pays, less what it brings to a bill and a policy.
    fn of_run(&self, at: usize, herd: &Herd, period: Period) -> f64 {
        let Some(site) = self.scene.sites.get(at) else { return 0.0 };
        let hashprices = &self.scene.hashprices;
        let power = self.gross(at) * (site.power.of_run(period) + site.idle.of_run(period));
        let hashes = earns(self.scene.case.fleet, herd, period, hashprices);
        let policy = if hashes { self.scene.policies.by_run(herd, period) } else { 0.0 };
        power - site.bill.by_machine(herd, Use::Run, period, hashprices) - policy
    }

    /// The same on slack; `None` where none may run on it.
    fn of_ballast(&self, at: usize, herd: &Herd, period: Period) -> Option<f64> {
        let site = self.scene.sites.get(at)?;
        let slack = self.gross(at) * site.slack.of_machines(period)?;
        Some(slack - site.bill.by_machine(herd, Use::Ballast, period, &self.scene.hashprices))
    }
}
