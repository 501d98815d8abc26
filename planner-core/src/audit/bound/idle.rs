//! A site that hosts nothing yet: its periods in mothballs, and its sale. Prices of `site_state` are those of a MW of
//! machines that run in a period in which the site may be in mothballs.

use super::bill::Bill;
use super::prices::{Prices, Series, month};
use super::racks::Racks;
use super::worth::Worth;
use crate::audit::case::Case;
use crate::audit::herd::Herd;
use crate::audit::machine_balance::ONE_THOUSANDTH;
use crate::audit::money::site;
use crate::audit::site_state::customer_in;
use crate::domain::calendar::{Month, Period};
use crate::domain::site::{Site, Tenure};
use crate::plan::SiteDecision;
use crate::units::GrossMw;

/// What a site is worth by its state alone.
pub(super) struct Idle {
    run: Series,
    /// MW that may run there at most.
    most: f64,
    /// Whatever is decided.
    pub(super) working: f64,
    /// What a period in mothballs adds, never below nil.
    mothballs: Vec<f64>,
    /// What a sale at the start of a period adds, and no mothballs before it.
    sales: Vec<(Period, f64)>,
}

impl Idle {
    pub(super) fn new(
        case: &Case,
        at: &Site,
        worth: &Worth,
        racks: &[Racks; 3],
        bill: &Bill,
        prices: &mut Prices,
    ) -> Self {
        let calendar = &case.fleet.calendar;
        let herds = case.herds.iter().filter(|herd: &&Herd| herd.site.id == at.id);
        let rounding: GrossMw = herds.map(|herd| herd.gross(ONE_THOUSANDTH)).sum();
        let most = racks.iter().map(|racks| racks.most() + GrossMw::ONE_KILOWATT).sum::<GrossMw>() + rounding;
        let most = most.get();
        let tell = |state: SiteDecision| worth.of(&site::tell(case.fleet, at, Some(&state)));
        let state = SiteDecision::working(at.id.clone());
        let working = tell(state.clone());
        let may = |period: &Period| at.exit.mothball.is_some() && !customer_in(case, at, *period);
        let (mut run, mut mothballs) = (vec![], vec![]);
        for period in calendar.all_periods() {
            if !may(&period) {
                run.push(0.0);
                mothballs.push(0.0);
                continue;
            }
            let price = prices.take("site_state", &format!("{},{},run", at.id, month(calendar, period)));
            let saved = tell(SiteDecision { mothballed: vec![period], ..state.clone() }) - working;
            mothballs.push((saved - most * price).max(0.0));
            run.push(price);
        }
        let for_sale = at.exit.sale.is_some() && at.tenure == Tenure::Owned;
        let sale = |period: Period| {
            let brings = tell(SiteDecision { sold: Some(period), ..state.clone() }) - working + bill.by_sale(period);
            (period, brings - racks.iter().map(|racks| racks.of_sale(period)).sum::<f64>())
        };
        let sales = calendar.all_periods().filter(|period| for_sale && !customer_in(case, at, *period)).map(sale);
        let sales = sales.collect();
        Self { run: Series::new(run), most, working, mothballs, sales }
    }

    /// Price × limit.
    pub(super) fn limits(&self) -> f64 {
        self.most * self.run.from(Period(0))
    }

    /// What a MW of machines that run pays.
    pub(super) fn of_run(&self, period: Period) -> f64 {
        self.run.at(period)
    }

    /// The best mothballs in periods that end by a month.
    pub(super) fn mothballs_until(&self, case: &Case, month: Month) -> f64 {
        let calendar = &case.fleet.calendar;
        let ended = |period: &Period| calendar.first_month(Period(period.0.saturating_add(1))) <= month;
        let periods = calendar.all_periods().zip(&self.mothballs);
        periods.filter(|(period, _)| ended(period)).map(|(_, saved)| saved).sum()
    }

    /// The best without a conversion.
    pub(super) fn never_hosting(&self, case: &Case) -> f64 {
        let calendar = &case.fleet.calendar;
        let before = |period: Period| self.mothballs_until(case, calendar.first_month(period));
        let sales = self.sales.iter().map(|(period, sale)| before(*period) + sale);
        sales.fold(before(calendar.horizon()), f64::max)
    }
}
