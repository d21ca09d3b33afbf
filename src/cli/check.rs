//! `numberd check`

use super::as_csv::AsCsv;
use super::{Failure, Options, hint, output};
use crate::domain::text::counted;
use crate::store::integrity::{Examination, Finding};
use crate::store::{KeyFile, Migrate, Store, access_keys};
use std::path::Path;

pub(super) fn run(options: &Options, csv: AsCsv) -> Result<(), Failure> {
    let store = options.open(Migrate::Require)?;
    let mut found = store.examine()?;
    secrets(options, &store, &mut found)?;
    csv.print(options, &found, &found.findings, table)?;
    if found.findings.is_empty() {
        return Ok(());
    }
    let wrong = counted(found.findings.len() as u64, "thing is", "things are");
    Err(Failure::database(format!("{wrong} wrong in {}.", options.database().display())))
}

fn table(found: &Examination) -> String {
    let mut lines: Vec<String> = match found.findings.as_slice() {
        [] => {
            vec!["All is well: the file, its schema, every text, rule and counter.".to_owned()]
        }
        findings => {
            let row = |finding: &Finding| {
                vec![finding.check.clone(), finding.subject.clone(), finding.detail.clone()]
            };
            vec![output::table(&["CHECK", "SUBJECT", "WHAT IS WRONG"], findings.iter().map(row))]
        }
    };
    lines.extend(found.notes.iter().map(|note| format!("Note: {note}.")));
    lines.join("\n")
}

/// Whether the secrets of the AccessKeys can be read. That there is no key file, as beside a
/// backup, is only mentioned.
fn secrets(options: &Options, store: &Store, found: &mut Examination) -> Result<(), Failure> {
    let path = options.key_file();
    let key_file = match key_of(&path, store)? {
        Key::Fits(key_file) => key_file,
        Key::Missing(note) => {
            found.notes.push(note);
            return Ok(());
        }
        Key::OfAnother => {
            let what = hint::completed(OF_ANOTHER);
            found.findings.push(Finding::new("key file", &path.display().to_string(), &what));
            return Ok(());
        }
    };
    for id in store.read(|tx| access_keys::unreadable(tx, &key_file))? {
        let detail = "the secret of this AccessKey can't be decrypted";
        found.findings.push(Finding::new("key file", id.as_str(), detail));
    }
    Ok(())
}

/// Says so of the key file of another database, and what to do.
const OF_ANOTHER: &str = "it is not the key file of this database; put back the right one. If it is lost, move this one away and make a new one with `numberd key-file renew`, which ends the AccessKeys";

/// The key file, as far as it is one for a database.
enum Key {
    Fits(KeyFile),
    /// It can't be read: why, and what to do.
    Missing(String),
    OfAnother,
}

fn key_of(path: &Path, store: &Store) -> Result<Key, Failure> {
    let key_file = match KeyFile::open(path) {
        Ok(key_file) => key_file,
        Err(error) => {
            let sentence = error.to_string();
            let reason = sentence.trim_end_matches('.');
            let rest = if store.read(access_keys::need_a_key_file)? {
                "so the secrets of AccessKeys were not checked. Put back the copy of the key file; if there is none, `numberd key-file renew` makes a new one and ends the AccessKeys"
            } else {
                "and the server needs it. No AccessKey does yet, so `numberd key-file renew` can make a new one and nothing is lost"
            };
            return Ok(Key::Missing(format!("{reason}, {}", hint::completed(rest))));
        }
    };
    let fits = store.read(|tx| access_keys::is_key_file_of(tx, &key_file))?;
    Ok(if fits { Key::Fits(key_file) } else { Key::OfAnother })
}

/// What is wrong with the key file for a database, and what to do; `None` if nothing is.
pub(super) fn trouble_with_key(path: &Path, store: &Store) -> Result<Option<String>, Failure> {
    Ok(match key_of(path, store)? {
        Key::Fits(_) => None,
        Key::Missing(note) => Some(note),
        Key::OfAnother => {
            Some(hint::completed(&format!("The key file {}: {OF_ANOTHER}", path.display())))
        }
    })
}
