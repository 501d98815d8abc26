//! From files to the fleet: which files are read, in which order, and how
//! folders and lists of the same things come together.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::deck::{self, DeckFile};
use super::desk::{At, Desk, Named, clip};
use super::kinds::{id, id_rule, is_id};
use super::machines::{self, LotRead};
use super::monthly::{self, Monthly};
use super::offer::{self, OfferRead};
use super::portfolio_file::{self, FILE, Head};
use super::retrofit::{self, RetrofitRead};
use super::rows::Rows;
use super::site::{self, SiteRead, SiteRows};
use super::table::Fields;
use super::tree::Table;
use super::work::{self, WorkRead};
use super::{asics, locked, together, unread, worked};
use crate::diagnostics::Code;
use crate::domain::Fleet;
use crate::domain::ids::ModelId;
use crate::domain::machine::MachineModel;
use crate::domain::market::Deck;
use crate::domain::site::Site;
use crate::domain::work::Work;
use crate::letters::canonical;
use crate::units::{Months, UsdPerKw};

/// Folders above a portfolio in which its lost library is looked for.
const MOST_ABOVE: usize = 6;

/// Everything read, as far as it is right.
pub(super) struct Gathered {
    pub head: Head,
    pub sites: Vec<SiteRead>,
    pub offers: Vec<OfferRead>,
    /// Works that sites share; a site has its own.
    pub works: Vec<WorkRead>,
    /// Retrofits that some hall or override names and the library has.
    pub retrofits: BTreeMap<String, RetrofitRead>,
    /// Names of all retrofits of the library.
    pub library: BTreeSet<String>,
    pub deck: Option<DeckFile>,
    pub monthly: Option<Monthly>,
    /// `None` when the file could not be read.
    pub models: Option<BTreeMap<String, Option<MachineModel>>>,
    pub lots: Vec<LotRead>,
}

/// Reads everything; `None` when something is wrong, which is reported.
pub(super) fn fleet(desk: &Desk<'_>, more: Months) -> Option<Fleet> {
    let text = desk.open(FILE, &At::top(FILE), "a portfolio begins with it")?;
    let file = desk.toml(FILE, text);
    let mut head = portfolio_file::read(desk, &file)?;
    if let Some(calendar) = &mut head.calendar {
        calendar.periods = calendar.periods.saturating_add(more.0 / calendar.period.months().unsigned_abs().max(1));
    }
    let calendar = head.calendar.as_ref();

    unread::beside_the_portfolio(desk);
    let (work_rows, shared): (Vec<_>, Vec<_>) = list(desk, "works").into_iter().partition(work::is_of_a_site);
    let halls = by_site(desk, list(desk, "halls"), "a row of halls");
    let own_works = by_site(desk, work_rows, "a row of works");
    let site_tables = things(desk, "sites", "site", list(desk, "sites"));
    let mut sites = vec![];
    for (id, thing) in &site_tables {
        let rows = SiteRows { halls: halls.of(id), works: own_works.of(id) };
        sites.push(site::read(desk, &thing.table, id, rows, calendar, thing.is_row));
    }
    let offer_tables = things(desk, "offers", "offer", list(desk, "offers"));
    let offers = offer_tables.iter().map(|(id, thing)| offer::read(desk, &thing.table, id, thing.is_row)).collect();
    let works = things(desk, "works", "work", shared);
    let works = works.iter().map(|(id, thing)| work::read_shared(desk, &thing.table, id, thing.is_row)).collect();
    incomplete(desk, site_tables.values().map(|thing| &thing.table));
    for (_, (site, _)) in halls.0.iter().chain(&own_works.0).filter(|(id, _)| !site_tables.contains_key(*id)) {
        desk.unknown_id("site", site, site_tables.keys().map(String::as_str));
    }
    let lots = rows(desk, "machines.csv").map(|rows| machines::read(desk, &rows)).unwrap_or_default();

    let mut gathered = Gathered {
        head,
        sites,
        offers,
        works,
        retrofits: BTreeMap::new(),
        library: BTreeSet::new(),
        deck: None,
        monthly: None,
        models: None,
        lots,
    };
    library(desk, &mut gathered);
    together::check(desk, &gathered);
    let works = worked::check(desk, &gathered);
    locked::check(desk, &gathered, works.as_deref());
    if desk.has_errors() { None } else { assemble(gathered, works?) }
}

/// Notes of which things some may be in files, or parts of files, that could not be read.
fn incomplete<'a>(desk: &Desk<'_>, mut sites: impl Iterator<Item = &'a Table>) {
    const LISTS: [(&str, &[&str]); 7] = [
        ("sites", &["site"]),
        ("sites.csv", &["site", "hall"]),
        ("halls.csv", &["hall"]),
        ("offers", &["offer"]),
        ("offers.csv", &["offer"]),
        ("works", &["work", "shared work"]),
        ("works.csv", &["work", "shared work"]),
    ];
    let site = sites.any(|table| desk.is_broken(&table.at.file)).then_some(&["hall", "work"][..]);
    let lists = LISTS.iter().filter(|(file, _)| desk.is_broken(file)).map(|(_, whats)| *whats);
    for what in lists.chain(site).flatten() {
        desk.incomplete(what);
    }
}

/// Rows of a list by the site that they name, and where it is first named.
struct BySite(BTreeMap<String, (Named, Vec<Table>)>);

impl BySite {
    fn of(&self, site: &str) -> &[Table] {
        self.0.get(site).map(|(_, rows)| rows.as_slice()).unwrap_or_default()
    }
}

fn by_site(desk: &Desk<'_>, rows: Vec<Table>, what: &str) -> BySite {
    let mut sites: BTreeMap<String, (Named, Vec<Table>)> = BTreeMap::new();
    for row in rows {
        if let Some(site) = row_id(desk, &row, "site", what) {
            sites.entry(site.name.clone()).or_insert_with(|| (site, vec![])).1.push(row);
        }
    }
    BySite(sites)
}

/// A site, an offer or a work: a file of its own, or a row.
struct Thing {
    table: Table,
    is_row: bool,
}

/// The things of a folder and of the rows of the list of the same name, by id.
fn things(desk: &Desk<'_>, folder: &str, what: &str, list: Vec<Table>) -> BTreeMap<String, Thing> {
    let mut things = BTreeMap::new();
    for (id, path) in toml_files(desk, folder) {
        // The name may not be UTF-8 either: what is listed then is not what can be opened.
        let text = if is_id(&id) {
            desk.open_listed(&path)
        } else {
            let message = format!("the file name `{}` is the name of the {what}: {}", clip(&id), id_rule(&id));
            desk.error(Code::Word, At::top(&path), message, "rename the file");
            desk.open_if_there(&path)
        };
        // What cannot be read is there all the same: it is not said to be missing.
        let empty = || Table { at: At::top(&path), entries: vec![], row: None };
        let table = text.map_or_else(empty, |text| desk.toml(&path, text));
        things.insert(id, Thing { table, is_row: false });
    }
    for row in list {
        let Some(id) = row_id(desk, &row, "id", &format!("a row of {folder}")) else {
            desk.incomplete(what);
            continue;
        };
        match things.entry(id.name) {
            Entry::Vacant(place) => {
                place.insert(Thing { table: row, is_row: true });
            }
            Entry::Occupied(first) => {
                let message = format!("there are two {what}s `{}`", clip(first.key()));
                let help = format!("keep one of the two; `{folder}/` and `{folder}.csv` are read together");
                desk.error(Code::DuplicateId, id.at, message, help);
            }
        }
    }
    things
}

/// Names and paths of the TOML files of a folder.
fn toml_files(desk: &Desk<'_>, folder: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for name in desk.list(folder) {
        match name.strip_suffix(".toml").filter(|id| !id.is_empty() && !unread::is_left_by_others(&name)) {
            Some(id) => {
                let path = format!("{folder}/{name}");
                if let Some(other) = files.insert(canonical(id), path.clone()) {
                    let message = format!("`{}` and `{}` are one name, written in two ways", clip(&other), clip(&path));
                    desk.error(Code::DuplicateId, At::top(&path), message, "keep one of the two");
                }
            }
            None => unread::among_things(desk, folder, &name),
        }
    }
    files
}

/// The rows of a list that need not be there.
fn list(desk: &Desk<'_>, name: &str) -> Vec<Table> {
    rows(desk, &format!("{name}.csv")).map(|rows| rows.rows).unwrap_or_default()
}

fn rows(desk: &Desk<'_>, path: &str) -> Option<Rows> {
    desk.open_if_there(path).map(|text| desk.csv(path, text))
}

/// Reads of the price library what the portfolio names.
fn library(desk: &Desk<'_>, gathered: &mut Gathered) {
    let Some(root) = gathered.head.library.clone() else { return };
    if !is_library(desk, &root.name) {
        // One that cannot be listed is told already.
        if !desk.is_broken(&root.name) {
            no_library(desk, &root);
        }
        gathered.head.library = None;
        return;
    }
    let files = toml_files(desk, &format!("{}/retrofits", root.name));
    gathered.library = files.keys().cloned().collect();
    if desk.is_broken(&format!("{}/retrofits", root.name)) {
        desk.incomplete("retrofit");
    }
    let halls = gathered.sites.iter().flat_map(|site| site.halls.iter().flat_map(|hall| &hall.retrofits));
    let overrides = gathered.sites.iter().flat_map(|site| site.overrides.iter().map(|o| &o.retrofit));
    let wanted: BTreeSet<&str> = halls.chain(overrides).map(|named| named.name.as_str()).collect();
    for (id, path) in files.iter().filter(|(id, _)| wanted.contains(id.as_str())) {
        if let Some(text) = desk.open_listed(path) {
            gathered.retrofits.insert(id.clone(), retrofit::read(desk, &desk.toml(path, text), id));
        }
    }
    let path = format!("{}/asics.csv", root.name);
    let text = desk.open(&path, &root.at, "the price library needs the ASIC models");
    gathered.models = text.map(|text| asics::read(desk, &desk.csv(&path, text)));
    if desk.is_broken(&path) {
        desk.incomplete("ASIC model");
    }
    let Some(named) = gathered.head.deck.clone() else { return };
    // The disk may have the name in other letters that are the same.
    let decks = desk.list(&format!("{}/decks", root.name));
    let on_disk = decks.iter().map(|name| name.trim_end_matches('/')).find(|name| canonical(name) == named.name);
    let folder = format!("{}/decks/{}", root.name, on_disk.unwrap_or(&named.name));
    let path = format!("{folder}/deck.toml");
    if let Some(text) = desk.open(&path, &named.at, "`deck` names a folder of the library's `decks`") {
        gathered.deck = Some(deck::read(desk, &desk.toml(&path, text), &named.name, gathered.head.calendar.as_ref()));
    }
    let path = format!("{folder}/monthly.csv");
    // One mistake in `deck` is one message, not two.
    let text = match gathered.deck {
        Some(_) => desk.open(&path, &named.at, "a deck has its prices by month in it"),
        None => desk.open_if_there(&path),
    };
    if let Some(text) = text {
        gathered.monthly = Some(monthly::read(desk, &desk.csv(&path, text), gathered.head.calendar.as_ref()));
    }
    if desk.is_broken(&path) {
        desk.incomplete("deck energy price");
    }
}

/// Whether a folder holds any part of a price library.
fn is_library(desk: &Desk<'_>, path: &str) -> bool {
    let names = desk.list(path);
    ["asics.csv", "retrofits/", "decks/"].iter().any(|part| names.iter().any(|name| name == part))
}

/// Says once that there is no price library, and where there is one.
fn no_library(desk: &Desk<'_>, root: &Named) {
    let name = root.name.rsplit('/').find(|part| *part != "..").unwrap_or("library");
    let paths = (0..=MOST_ABOVE).flat_map(|above| [name, "library"].map(|name| "../".repeat(above) + name));
    let help = match paths.into_iter().find(|path| desk.is_there(&format!("{path}/asics.csv"))) {
        Some(path) => format!("write `library = \"{path}\"`"),
        None => "copy the library too, or write where it is, like `library = \"../../library\"`".to_owned(),
    };
    let message = format!("there is no price library in `{}`", clip(&root.name));
    desk.error(Code::MissingFile, root.at.clone(), message, help);
}

fn assemble(gathered: Gathered, works: Vec<Work>) -> Option<Fleet> {
    let Gathered { head, sites, offers, retrofits, deck, monthly, models, lots, .. } = gathered;
    let (file, monthly) = (deck?, monthly?);
    let allowed: BTreeSet<&str> =
        sites.iter().flat_map(|site| &site.halls).flat_map(|hall| &hall.retrofits).map(|r| r.name.as_str()).collect();
    let retrofits = retrofits.into_iter().filter(|(id, _)| allowed.contains(id.as_str()));
    let retrofits = retrofits.map(|(_, read)| read.retrofit).collect::<Option<Vec<_>>>()?;
    let site_value = file.site_value?;
    let mut sites = sites.into_iter().map(|read| at_site_value(read, site_value)).collect::<Option<Vec<_>>>()?;
    let mut offers = offers.into_iter().map(|read| read.offer).collect::<Option<Vec<_>>>()?;
    let mut machines = lots.into_iter().map(|read| read.lot).collect::<Option<Vec<_>>>()?;
    sites.sort_by(|a, b| a.id.cmp(&b.id));
    offers.sort_by(|a, b| a.id.cmp(&b.id));
    machines.sort_by(|a, b| (&a.site, &a.model).cmp(&(&b.site, &b.model)));
    let mut crews = head.crews.into_iter().map(|read| read.crew).collect::<Option<Vec<_>>>()?;
    let mut long_lead = head.long_lead.into_iter().map(|read| read.long_lead).collect::<Option<Vec<_>>>()?;
    crews.sort_by(|a, b| a.id.cmp(&b.id));
    long_lead.sort_by(|a, b| a.item.cmp(&b.item));
    let machine_prices = file.machine_prices?;
    let used: BTreeSet<&str> = machines
        .iter()
        .map(|lot| &lot.model)
        .chain(machine_prices.iter().map(|p| &p.model))
        .map(ModelId::as_str)
        .collect();
    let models = models?.into_iter().filter(|(id, _)| used.contains(id.as_str()));
    let models = models.map(|(_, model)| model).collect::<Option<Vec<_>>>()?;
    Some(Fleet {
        name: head.name?,
        calendar: head.calendar?,
        money: head.money?,
        pots: head.pots.into_iter().collect::<Option<Vec<_>>>()?,
        handling: head.handling?,
        works,
        crews,
        long_lead,
        merchant: head.merchant?,
        policies: head.policies?,
        locks: head.locks.into_iter().map(|read| read.lock).collect::<Option<Vec<_>>>()?,
        deck: Deck {
            merchant: file.merchant?,
            absorption: file.absorption?,
            name: file.name?,
            subsidy_at_start: file.subsidy_at_start?,
            halvings: file.halvings?,
            months: monthly.months?,
            resale_bands: monthly.bands,
            machine_prices,
            site_value,
            evidence: file.evidence,
        },
        sites,
        retrofits,
        offers,
        models,
        machines,
    })
}

/// A site with the price of a sale at the site value of the deck.
fn at_site_value(read: SiteRead, site_value: UsdPerKw) -> Option<Site> {
    let mut site = read.site?;
    if read.sale_at_site_value {
        site.exit.sale = Some(site_value);
    }
    Some(site)
}

/// The id of a row, which a folder of files has in its file names.
fn row_id<'a>(desk: &'a Desk<'a>, row: &'a Table, key: &'static str, what: &str) -> Option<Named> {
    let fields = Fields::new(desk, row, what, "");
    let id = fields.required(key, id()).map(|name| Named { name, at: fields.at(key) });
    // The other columns are the business of whoever reads the row.
    fields.report_missing(&[]);
    id
}
