//! The sample call centre of `seed.sql`.

use super::WriteTx;
use crate::domain::{Error, Timestamp};

/// The sample: plain inserts.
const SEED: &str = include_str!("../../seed.sql");

/// Whether the database holds nothing yet.
pub fn is_empty(tx: &super::ReadTx<'_>) -> Result<bool, Error> {
    let sql = "SELECT (SELECT count(*) FROM ram_user) + (SELECT count(*)
                FROM instance) + (SELECT count(*) FROM phone_number)";
    tx.count(sql, []).map(|rows| rows == 0)
}

/// When the sample's stock was complete: 2026-04-02 at 02:00. Its history begins after that.
const STOCK_COMPLETE: Timestamp = Timestamp::from_millis(1_775_095_200_000);

/// When the sample's history ends: 2026-09-27 at 16:00, a Sunday.
pub const HISTORY_ENDS: Timestamp = Timestamp::from_millis(1_790_524_800_000);

const WEEK: i64 = 7 * 24 * 60 * 60 * 1000;

/// Loads the sample. Its history is moved by whole weeks, so that it ends in the last seven days
/// (and not at all before [`HISTORY_ENDS`]).
///
/// # Errors
/// Those of the database; a used database refuses it.
pub fn load(tx: &WriteTx<'_>) -> Result<(), Error> {
    let weeks = (tx.now().millis() - HISTORY_ENDS.millis()).max(0) / WEEK;
    tx.batch(
        "CREATE TEMP TABLE history_shift (weeks INTEGER NOT NULL);
              CREATE TEMP TABLE loader AS SELECT * FROM write_context;",
    )?;
    tx.execute("", "INSERT INTO history_shift (weeks) VALUES (?1)", [weeks])?;
    tx.execute("", "UPDATE write_context SET now = ?1", [STOCK_COMPLETE.millis()])?;
    tx.batch(SEED)?;
    tx.batch("INSERT INTO write_context SELECT * FROM loader; DROP TABLE loader;")
}

#[cfg(test)]
mod tests {
    use super::{HISTORY_ENDS, STOCK_COMPLETE, WEEK, load};
    use crate::domain::{Author, Clock, Error, Origin, Timestamp};
    use crate::store::fixtures::store_at;

    /// The moments of the log's lines when the sample is loaded at a moment, and who made them.
    fn loaded_at(now: Timestamp) -> Vec<(i64, String, String)> {
        let (_directory, store) = store_at(Clock::Fixed(now));
        let loader = Author::new("loader", Origin::Cli, "REQUEST");
        store.write(loader, load).unwrap();
        let lines = "SELECT changed_at, actor, via FROM change ORDER BY change_id";
        let read = |row: &crate::store::engine::Row<'_>| {
            Ok((row.get("changed_at")?, row.get("actor")?, row.get("via")?))
        };
        store.read(|tx| tx.rows::<_>(lines, [], read)).map_err(|error: Error| error).unwrap()
    }

    #[test]
    fn the_history_ends_in_the_last_seven_days_on_its_own_weekdays() {
        let last = |now| loaded_at(now).last().unwrap().0;
        let unmoved = last(HISTORY_ENDS);
        assert!((HISTORY_ENDS.millis() - WEEK..=HISTORY_ENDS.millis()).contains(&unmoved));
        for later in [0, 1, WEEK - 1, WEEK, 60 * WEEK + 5] {
            let now = HISTORY_ENDS.millis() + later;
            let moved = last(Timestamp::from_millis(now));
            assert_eq!(moved, unmoved + later / WEEK * WEEK);
        }
        let early = last(Timestamp::from_millis(HISTORY_ENDS.millis() - WEEK));
        assert_eq!(early, unmoved, "the history is never moved back");
    }

    #[test]
    fn each_event_has_its_own_moment_and_author_and_the_stock_comes_before() {
        let lines = loaded_at(HISTORY_ENDS);
        assert!(lines.is_sorted_by_key(|line| line.0));
        let (stock, events): (Vec<_>, Vec<_>) =
            lines.into_iter().partition(|line| line.0 == STOCK_COMPLETE.millis());
        assert!(stock.iter().all(|line| line.1 == "loader"));
        for author in [("lina", "console"), ("zhangwei", "ccc"), ("demo-client", "vcc")] {
            assert!(events.iter().any(|line| (&*line.1, &*line.2) == author), "{author:?}");
        }
        assert!(events.iter().all(|line| line.1 != "loader" && line.2 != "sql"));
    }
}
