//! The one thread that writes.
//!
//! # Group commit
//! Waiting for the disk costs more than a write itself, so writes that wait together share one
//! transaction and one commit. The first is the transaction; each further one runs inside its own
//! savepoint, so that one that fails or panics is taken back alone. All are answered after the
//! commit; when that fails, all of them have failed.
//!
//! # Savepoints
//! SQLite keeps the pages that a savepoint would restore in a list in memory, and walks the whole
//! list whenever a savepoint inside it ends: what sets a savepoint for each of many items takes
//! quadratic time inside another one.
//!
//! # Deadline
//! Whoever has waited for their turn until the deadline gives it up themselves, so that they are
//! answered in time however long the write before them takes.

use super::error::from_sqlite;
use super::file::DatabaseFile;
use super::tx::{Commit, WriteTx};
use crate::domain::{Author, Clock, Error, Unavailable};
use crate::telemetry;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long after its arrival a write may still begin; then it is answered "unavailable, try
/// again".
pub const WRITE_DEADLINE: Duration = Duration::from_millis(1800);

/// How many writes may wait. More are refused at once, so that waiting writes never take all
/// blocking threads from the reads.
const QUEUE: usize = 128;

/// How long a transaction takes in further writes that wait; those that are in it wait for them.
const COMMIT_WINDOW: Duration = Duration::from_millis(10);

/// How often the file is looked at while nothing is written.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A write that waits for its turn.
struct Job {
    /// When it must have begun.
    deadline: Instant,
    /// Whether it has begun, or nobody waits for it any more: whoever sets it decides which.
    claimed: Arc<AtomicBool>,
    /// Its turn: the transaction, or why it gets none.
    turn: Turn,
}

impl Job {
    /// Whether it may begin; if not, its caller has been told that it took too long.
    fn begins(&self) -> bool {
        !self.claimed.swap(true, Ordering::Relaxed)
    }
}

type Turn = Box<dyn FnOnce(Result<&Connection, Error>) -> Done + Send>;

/// A write that had its turn, and is not answered yet.
struct Done {
    /// Whether its changes stay.
    keep: bool,
    /// Why it could not write, if it could not.
    failed: Option<Unavailable>,
    /// Answers it: why the commit failed, if it did.
    answer: Box<dyn FnOnce(Option<Error>)>,
}

pub(super) struct Writer {
    /// `None` only while it is dropped.
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    clock: Clock,
    waiting: AtomicU64,
}

impl Drop for Writer {
    /// Waits until what was queued is done and the file is closed.
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Writer {
    /// Starts the thread, which lives as long as the `Writer`.
    pub(super) fn start(
        connection: Connection,
        clock: Clock,
        file: Arc<DatabaseFile>,
    ) -> std::io::Result<Self> {
        let (jobs, queue) = sync_channel::<Job>(QUEUE);
        let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(move || {
            work(&connection, &file, &queue);
            // Usually closing does this. A reader of another program, or one that the pool still
            // closes, keeps the WAL there; then at least nothing stays in it.
            let _ = connection.busy_timeout(Duration::from_millis(100));
            let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), clock, waiting: AtomicU64::new(0) })
    }

    pub(super) fn run<T, E>(
        &self,
        author: Author,
        commit: Commit,
        act: impl FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, outcome) = sync_channel(1);
        let clock = self.clock;
        let turn: Turn = Box::new(move |connection| {
            let mut failed = None;
            let result = connection.map_err(E::from).and_then(|connection| {
                let tx = WriteTx::new(connection, clock, commit);
                let result = catch_unwind(AssertUnwindSafe(|| perform(&tx, &author, act)));
                failed = tx.failed();
                result.unwrap_or_else(|_| {
                    Err(Error::Internal("a write panicked; it was taken back".to_owned()).into())
                })
            });
            let keep = result.is_ok() && commit == Commit::Keep;
            let answer = move |failure: Option<Error>| {
                let result = match failure {
                    Some(error) if keep => Err(error.into()),
                    _ => result,
                };
                // The caller may be gone; what was committed stays.
                let _ = reply.send(result);
            };
            Done { keep, failed, answer: Box::new(answer) }
        });
        let Some(jobs) = &self.jobs else { return Err(stopped().into()) };
        let claimed = Arc::new(AtomicBool::new(false));
        let deadline = Instant::now() + WRITE_DEADLINE;
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let result = match jobs.try_send(Job { deadline, claimed: Arc::clone(&claimed), turn }) {
            Ok(()) => match outcome.recv_timeout(WRITE_DEADLINE) {
                Ok(result) => result,
                Err(RecvTimeoutError::Timeout) if !claimed.swap(true, Ordering::Relaxed) => {
                    Err(Error::Unavailable(Unavailable::Busy).into())
                }
                // It has begun, and takes as long as it takes.
                Err(_) => outcome.recv().unwrap_or_else(|_| Err(stopped().into())),
            },
            Err(TrySendError::Full(_)) => Err(Error::Unavailable(Unavailable::Busy).into()),
            Err(TrySendError::Disconnected(_)) => Err(stopped().into()),
        };
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        result
    }

    /// How many writes wait, or are being done.
    pub(super) fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }
}

fn stopped() -> Error {
    Error::Internal("the writer thread has stopped".to_owned())
}

/// Does what comes out of the queue until nothing can come any more. In between it looks at the
/// file, so that a database that was replaced is noticed soon even when nothing is written.
fn work(connection: &Connection, file: &DatabaseFile, queue: &Receiver<Job>) {
    let mut missed = false;
    loop {
        match queue.recv_timeout(LOOK_AGAIN) {
            Ok(first) if first.begins() => commit_together(connection, file, first, queue),
            Ok(_) => {}
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => match file.require_in_place() {
                Ok(()) => missed = false,
                // It may be on its way back.
                Err(_) if !missed => missed = true,
                Err(sentence) => telemetry::last_words(&sentence),
            },
        }
    }
}

/// Runs a write and those that wait behind it in one transaction, commits it, and answers them.
fn commit_together(
    connection: &Connection,
    file: &DatabaseFile,
    first: Job,
    queue: &Receiver<Job>,
) {
    let transaction = match begin(connection, first.deadline) {
        Ok(transaction) => transaction,
        Err(error) => return ((first.turn)(Err(error)).answer)(None),
    };
    let until = Instant::now() + COMMIT_WINDOW;
    let (first, mut broken) = unshared(&transaction, first);
    // With the first the whole transaction is taken back.
    let open = first.keep;
    let mut done = vec![first];
    while open && broken.is_none() && Instant::now() < until {
        let Some(job) = queue.try_recv().ok().filter(Job::begins) else { break };
        let (write, why) = in_savepoint(&transaction, job);
        broken = why;
        done.push(write);
    }
    let failure = match (broken, done.iter().any(|write| write.keep)) {
        (Some(why), _) => Some(Error::Unavailable(why)),
        (None, true) => transaction.commit().err().map(unknown_outcome_ends_the_process),
        // Nothing is kept, so nothing has to reach the disk.
        (None, false) => transaction.rollback().err().map(from_sqlite),
    };
    // What was committed into a file that is no longer there must not be acknowledged.
    if let Err(sentence) = file.require_in_place() {
        telemetry::last_words(&sentence);
    }
    for write in done {
        (write.answer)(failure.clone());
    }
}

fn begin(connection: &Connection, deadline: Instant) -> Result<Transaction<'_>, Error> {
    connection.busy_timeout(patience(deadline)?).map_err(from_sqlite)?;
    Transaction::new_unchecked(connection, TransactionBehavior::Immediate).map_err(from_sqlite)
}

/// How long a write may still wait.
fn patience(deadline: Instant) -> Result<Duration, Error> {
    deadline.checked_duration_since(Instant::now()).ok_or(Error::Unavailable(Unavailable::Busy))
}

/// Gives the first write its turn; returns why the transaction can't go on after it, if it can't.
fn unshared(connection: &Connection, job: Job) -> (Done, Option<Unavailable>) {
    let done = (job.turn)(Ok(connection));
    let broken = connection.is_autocommit().then(|| why_broken(&done));
    (done, broken)
}

/// Gives a further write its turn; returns why the transaction can't go on after it, if it can't.
fn in_savepoint(connection: &Connection, job: Job) -> (Done, Option<Unavailable>) {
    let ready = patience(job.deadline)
        .and_then(|_| connection.execute_batch("SAVEPOINT one_write").map_err(from_sqlite));
    if let Err(error) = ready {
        return ((job.turn)(Err(error)), None);
    }
    let done = (job.turn)(Ok(connection));
    let ended = connection.execute_batch(if done.keep {
        "RELEASE one_write"
    } else {
        "ROLLBACK TO one_write; RELEASE one_write"
    });
    let broken = ended.err().map(|error| match (done.failed, from_sqlite(error)) {
        (None, Error::Unavailable(why)) => why,
        _ => why_broken(&done),
    });
    (done, broken)
}

/// Some errors, a full disk among them, take back the whole transaction, and with it the writes
/// before. They are told the same reason as the write that met the error.
fn why_broken(write: &Done) -> Unavailable {
    write.failed.unwrap_or(Unavailable::Busy)
}

fn perform<T, E: From<Error>>(
    tx: &WriteTx<'_>,
    author: &Author,
    act: impl FnOnce(&WriteTx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    // What somebody put in by hand, or left behind, must not count as this program's.
    tx.execute("", "DELETE FROM write_context", [])?;
    tx.execute("", "DELETE FROM counting", [])?;
    tx.execute("", "DELETE FROM forgetting", [])?;
    tx.execute(
        "",
        "INSERT INTO write_context (only_row, now, actor, via, request_id, reason)
          VALUES (1, ?1, ?2, ?3, ?4, ?5)",
        params![tx.now(), author.actor, author.via, author.request_id, author.reason],
    )?;
    let value = act(tx)?;
    tx.execute("", "DELETE FROM write_context", [])?;
    Ok(value)
}

/// After a failed fsync the kernel may have dropped the pages, so neither success nor failure can
/// be told, nor the commit tried again: only opening the file again finds out what is there.
fn unknown_outcome_ends_the_process(error: rusqlite::Error) -> Error {
    if error
        .sqlite_error()
        .is_some_and(|failure| failure.extended_code == rusqlite::ffi::SQLITE_IOERR_FSYNC)
    {
        telemetry::last_words(&format!(
            "the disk failed while a change was being committed ({error}); exiting, restart to see what was kept"
        ));
    }
    from_sqlite(error)
}

#[cfg(test)]
mod tests;
