//! How SQLite goes about a statement; for the tests that hold the lists to their indexes.

use super::open::{self, Migrate};
use super::store::Store;
use crate::domain::{Clock, Error};
use rusqlite::{params_from_iter, types::Null};

/// The steps of a statement with this many parameters, over the program's schema.
pub(in crate::store) fn plan(sql: &str, parameters: usize) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("numberd.db");
    open::create(&path).unwrap();
    let store = Store::open(&path, Migrate::Apply, Clock::System).unwrap();
    let explained = store.read(|tx| {
        let sql = format!("EXPLAIN QUERY PLAN {sql}");
        tx.rows(&sql, params_from_iter(vec![Null; parameters]), |row| row.get("detail"))
    });
    explained.map_err(|error: Error| error.to_string()).unwrap()
}
