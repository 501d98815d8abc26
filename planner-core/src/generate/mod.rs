//! Synthetic portfolios of any size, for tests, benchmarks and first acquaintance.
//!
//! The same request gives the same bytes on every machine: whole numbers drawn from `ChaCha8`, no float, no clock, no
//! hash order. Every site and every offer draws from a series of its own, so that a site is the same in a portfolio of
//! five and of five hundred. Figures lie inside public ranges, named where they stand; names and tenants are invented.

mod date;
mod draw;
mod extras;
mod head;
mod kind;
mod machines;
mod names;
mod offer;
mod place;
mod site;
mod works;

use std::collections::BTreeMap;

use names::Names;
use site::Site;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Number of sites; nought is taken as one.
    pub sites: u32,
    /// Anything; another one gives another portfolio.
    pub seed: u64,
    /// How many sites in a hundred have finer facts: works, demand response, ballast, least bills, notice, exits, a
    /// customer's hall. Above nought there are also crews, moves and storage. Sites without them are the same at any share.
    pub extras: u32,
}

/// The files of a portfolio by path. They name things of the price library that is shipped with the planner, and expect it
/// in the folder `library`.
#[must_use]
pub fn portfolio(request: &Request) -> BTreeMap<String, String> {
    let seed = request.seed;
    let names = Names::new(seed);
    let sites: Vec<Site> =
        (0..request.sites.max(1)).map(|index| site::invent(seed, index, request.extras, &names)).collect();
    let offers = offer::all(seed, &sites);
    let mut files = BTreeMap::new();
    files.insert("portfolio.toml".to_owned(), head::file(request, &sites, &offers));
    let mut machines = "site,model,count,book [USD/machine],life_left [months]\n".to_owned();
    for (index, site) in (0..).zip(&sites) {
        files.insert(format!("sites/{}.toml", site.id), site::file(seed, index, site) + &works::own(seed, index, site));
        machines += &machines::rows(seed, index, site);
    }
    files.extend(works::shared(seed, &sites));
    files.insert("machines.csv".to_owned(), machines);
    files.extend(offers.into_iter().map(|offer| (format!("offers/{}.toml", offer.id), offer.text)));
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::identity::hex;
    use sha2::{Digest, Sha256};

    fn hash(files: &BTreeMap<String, String>) -> String {
        let all: Vec<&str> = files.iter().flat_map(|(path, text)| [path.as_str(), "\n", text]).collect();
        let all = all.concat();
        hex(&Sha256::digest(all.as_bytes()))
    }

    /// When what is generated changes on purpose, so does this hash, and the changelog says it.
    #[test]
    fn the_same_seed_gives_the_same_bytes_everywhere() {
        let files = portfolio(&Request { sites: 5, seed: 1, extras: 0 });
        assert_eq!(files, portfolio(&Request { sites: 5, seed: 1, extras: 0 }));
        assert_eq!(hash(&files), "87c0219cc0bcc0919afb529bc6473242a02f978cdebe9981db2a2bef6034fe5a");
    }

    #[test]
    fn another_seed_gives_another_portfolio() {
        let hashes: std::collections::BTreeSet<String> =
            (0..20).map(|seed| hash(&portfolio(&Request { sites: 3, seed, extras: 0 }))).collect();
        assert_eq!(hashes.len(), 20);
    }

    #[test]
    fn a_site_does_not_depend_on_how_many_there_are() {
        let (few, many) = (
            portfolio(&Request { sites: 4, seed: 9, extras: 0 }),
            portfolio(&Request { sites: 60, seed: 9, extras: 0 }),
        );
        for (path, text) in few.iter().filter(|(path, _)| path.starts_with("sites/")) {
            assert_eq!(many.get(path), Some(text));
        }
        assert_eq!(many.keys().filter(|path| path.starts_with("sites/")).count(), 60);
        assert_eq!(many.keys().filter(|path| path.starts_with("offers/")).count(), 24);
    }
}
