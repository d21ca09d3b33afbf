//! Backups by schedule: each is made, restored on trial, and only then may older ones go.

use crate::domain::Timestamp;
use crate::metrics::Metrics;
use crate::store::Store;
use crate::store::backup::{self, Backup, BackupError, Contents};
use crate::store::backups::{self, Keep, Listed};
use actix_web::web;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How often it is looked whether a backup is due, as clocks may jump and machines sleep.
const LOOK: Duration = Duration::from_secs(60);

/// When backups are made, where, and which of them are kept.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The time from one to the next.
    pub every: Duration,
    /// The directory; made when it is needed.
    pub directory: PathBuf,
    /// Which are kept; `None`: all.
    pub keep: Option<Keep>,
}

/// A backup, what its trial found in it, and what was removed after it.
struct Done {
    made: Backup,
    contents: Contents,
    removed: Vec<Listed>,
}

impl Schedule {
    /// How long it is until the next backup, when the last one was begun at a moment. One from the
    /// future, before the clock was set back, counts from now on.
    fn wait(&self, last: &mut Option<Timestamp>, now: Timestamp) -> Duration {
        *last = last.map(|last| last.min(now));
        let Some(last) = *last else { return Duration::ZERO };
        let passed = now.millis().saturating_sub(last.millis()).unsigned_abs();
        self.every.saturating_sub(Duration::from_millis(passed))
    }

    fn make(&self, store: &Store) -> Result<Done, BackupError> {
        backups::make_directory(&self.directory)?;
        let made = store.backup(&self.directory, |_| ())?;
        match backup::verify(&made.path, &made.path, store.clock(), |_| ()) {
            Ok(contents) => Ok(Done { removed: self.prune(store), made, contents }),
            Err(error) => {
                // It is of no use, and the next try makes another.
                let _ = std::fs::remove_file(&made.path);
                Err(error)
            }
        }
    }

    /// Removes older backups. One that can't be removed now is removed after the next backup.
    fn prune(&self, store: &Store) -> Vec<Listed> {
        let Some(keep) = self.keep else { return Vec::new() };
        let removed = store.backups_in(&self.directory).and_then(|own| {
            let old = backups::superfluous(own, keep, store.clock().now(), 0);
            backups::remove(&old).map(|()| old)
        });
        removed.unwrap_or_else(|error| {
            tracing::error!(%error, directory = %self.directory.display(), "old backups stay");
            Vec::new()
        })
    }

    /// Makes backups for as long as the server runs. One that fails is tried again at the next
    /// look.
    pub(super) async fn run(self, store: Arc<Store>, metrics: web::Data<Metrics>) {
        let now = store.clock().now();
        let found = store.backups_in(&self.directory).unwrap_or_default();
        let mut last = found.iter().map(|backup| backup.begun_at).find(|begun_at| *begun_at <= now);
        loop {
            // 1 s as long as there is no backup: 0 would mean that none is asked for.
            metrics.backed_up(last.unwrap_or(Timestamp::from_millis(1000)));
            let wait = self.wait(&mut last, store.clock().now());
            if !wait.is_zero() {
                tokio::time::sleep(wait.min(LOOK)).await;
                continue;
            }
            let (schedule, store) = (self.clone(), Arc::clone(&store));
            match web::block(move || schedule.make(&store)).await {
                Ok(Ok(done)) => {
                    last = Some(done.made.begun_at);
                    tracing::info!(
                        path = %done.made.path.display(), bytes = done.made.bytes,
                        changes = done.contents.changes, removed = done.removed.len(),
                        "a backup was made, and restored on trial"
                    );
                }
                Ok(Err(error)) => {
                    let directory = self.directory.display();
                    tracing::error!(%error, %directory, "the backup failed");
                    tokio::time::sleep(LOOK).await;
                }
                Err(_) => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Schedule;
    use crate::domain::Timestamp;
    use std::time::Duration;

    #[test]
    fn a_backup_is_due_when_there_is_none_or_its_time_has_passed() {
        let every = Duration::from_secs(3600);
        let schedule = Schedule { every, directory: "/nowhere".into(), keep: None };
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        let wait = |mut last, now| schedule.wait(&mut last, now);
        assert_eq!(wait(None, at(0)), Duration::ZERO);
        assert_eq!(wait(Some(at(100)), at(100)), every);
        assert_eq!(wait(Some(at(100)), at(1900)), Duration::from_secs(1800));
        assert_eq!(wait(Some(at(100)), at(9000)), Duration::ZERO);
    }

    #[test]
    fn a_clock_that_is_set_back_puts_the_next_backup_off_by_no_more_than_the_usual_time() {
        let every = Duration::from_secs(3600);
        let schedule = Schedule { every, directory: "/nowhere".into(), keep: None };
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        let mut last = Some(at(9000));
        assert_eq!(schedule.wait(&mut last, at(100)), every);
        assert_eq!(schedule.wait(&mut last, at(1900)), Duration::from_secs(1800));
    }
}
