//! The sample call centre of `seed.sql`.

use super::WriteTx;
use crate::domain::Error;

/// The sample: plain inserts.
const SEED: &str = include_str!("../../seed.sql");

/// Whether the database holds nothing yet.
pub fn is_empty(tx: &super::ReadTx<'_>) -> Result<bool, Error> {
    let sql = "SELECT (SELECT count(*) FROM ram_user) + (SELECT count(*)
                FROM instance) + (SELECT count(*) FROM phone_number)";
    tx.count(sql, []).map(|rows| rows == 0)
}

/// Loads the sample.
///
/// # Errors
/// Those of the database; a used database refuses it.
pub fn load(tx: &WriteTx<'_>) -> Result<(), Error> {
    tx.batch(SEED)
}
