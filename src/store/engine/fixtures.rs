//! What the tests of the store begin with.

use super::open::{self, Migrate};
use super::store::Store;
use crate::domain::{Author, Clock, Error, Origin};
use rusqlite::{params_from_iter, types::Null};
use std::sync::Arc;
use tempfile::TempDir;

/// A new database, open, and the directory that it is in.
pub(in crate::store) fn store_at(clock: Clock) -> (TempDir, Arc<Store>) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("numberd.db");
    open::create(&path).unwrap();
    let store = Store::open(&path, Migrate::Apply, clock).unwrap();
    (directory, Arc::new(store))
}

/// Like [`store_at`], by the machine's clock.
pub(in crate::store) fn store() -> (TempDir, Arc<Store>) {
    store_at(Clock::System)
}

/// Who writes.
pub(in crate::store) fn author() -> Author {
    Author::new("test", Origin::Cli, "")
}

/// How SQLite goes about a statement with this many parameters, step by step; for the tests that
/// hold the lists to their indexes.
pub(in crate::store) fn plan(sql: &str, parameters: usize) -> Vec<String> {
    let (_directory, store) = store();
    let sql = format!("EXPLAIN QUERY PLAN {sql}");
    let explained = store.read(|tx| {
        tx.rows(&sql, params_from_iter(vec![Null; parameters]), |row| row.get("detail"))
    });
    explained.map_err(|error: Error| error.to_string()).unwrap()
}
