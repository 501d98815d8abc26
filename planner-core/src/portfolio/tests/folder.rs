//! What is said when the folder itself does not hold what it promises.

use super::*;
use crate::portfolio::{Folder, FolderError};

/// The small portfolio on a disk that changes meanwhile: one file goes after its folder was listed, one folder cannot be
/// listed.
struct Unsteady {
    files: InMemory,
    gone: &'static str,
    closed: &'static str,
}

impl Folder for Unsteady {
    fn read(&self, path: &str) -> Result<String, FolderError> {
        if path == self.gone { Err(FolderError::Missing) } else { self.files.read(path) }
    }

    fn list(&self, dir: &str) -> Result<Vec<String>, FolderError> {
        if dir == self.closed { Err(FolderError::Other("it is closed".to_owned())) } else { self.files.list(dir) }
    }
}

fn said_of(gone: &'static str, closed: &'static str) -> Vec<String> {
    let checked = read(&Unsteady { files: small(), gone, closed });
    assert!(checked.fleet.is_none());
    printed(&checked)
}

#[test]
fn a_file_that_vanishes_is_not_left_out_in_silence() {
    for path in ["offers/nnn.toml", "sites/beta.toml", "../library/retrofits/air.toml"] {
        let said = said_of(path, "");
        let gone = format!(
            "{path}:1:1 E003 `{path}` has gone: its folder lists it, but it is not there \
             [check again, when nothing else writes the folder]"
        );
        assert!(said.contains(&gone), "{said:#?}");
    }
}

#[test]
fn a_folder_that_cannot_be_listed_is_not_an_empty_one() {
    for folder in ["offers", "sites", "works", "../library/retrofits"] {
        let said = said_of("", folder);
        let closed = format!(
            "{folder}:1:1 E002 `{folder}` cannot be listed: it is closed [it must be a folder that you may read]"
        );
        assert!(said.contains(&closed), "{said:#?}");
    }
}

#[test]
fn a_million_rows_are_refused_by_their_number() {
    for (path, head) in
        [("machines.csv", ""), ("offers.csv", "id,tenant\n"), ("sites.csv", "a\n"), ("halls.csv", "a\n")]
    {
        let mut folder = small();
        let text = folder.0.entry(path.to_owned()).or_default();
        text.push_str(head);
        text.push_str(&"x,y\n".repeat(1_000_000));
        let said = printed(&read(&folder));
        let refused = format!("{path}:1:1 E004 the file holds more than 100000 rows [leave out what is not needed]");
        assert!(said.contains(&refused), "no `{refused}` in {} lines", said.len());
    }
    let mut folder = small();
    folder.0.get_mut("machines.csv").unwrap().push_str(&"\n".repeat(1_000_000));
    assert_eq!(printed(&read(&folder)), Vec::<String>::new(), "empty lines are no rows");
}

#[test]
fn a_header_that_swallows_its_rows_is_told() {
    let mut folder = small();
    folder.0.insert("halls.csv".to_owned(), "site,\"id\nalpha,north\nalpha,field\n".to_owned());
    assert_eq!(
        printed(&read(&folder)),
        [
            "halls.csv:1:7 E001 the name of column 2 has control or invisible characters, the first of them U+000A [close the quote, and write the name on one line]"
        ]
    );
}
