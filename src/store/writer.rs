//! The one thread that writes.

use super::error::from_sqlite;
use super::tx::WriteTx;
use crate::domain::{Author, Clock, Error, Unavailable};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long after its arrival a write may still begin; then it is answered "unavailable, try again".
pub const WRITE_DEADLINE: Duration = Duration::from_millis(1800);

/// How many writes may wait. More are refused at once, so that waiting writes never take all blocking threads from the reads.
const QUEUE: usize = 128;

type Job = Box<dyn FnOnce(&Connection) + Send>;

/// Whether a transaction's changes stay.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Commit,
    TakeBack,
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
    pub(super) fn start(connection: Connection, clock: Clock) -> std::io::Result<Self> {
        let (jobs, queue) = sync_channel::<Job>(QUEUE);
        let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(move || {
            for job in queue {
                job(&connection);
            }
        })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), clock, waiting: AtomicU64::new(0) })
    }

    pub(super) fn run<T, E>(&self, author: Author, ending: Ending, act: impl FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, outcome) = sync_channel(1);
        let deadline = Instant::now() + WRITE_DEADLINE;
        let clock = self.clock;
        let job: Job = Box::new(move |connection| {
            let result = catch_unwind(AssertUnwindSafe(|| transact(connection, deadline, clock, &author, ending, act)))
                .unwrap_or_else(|_| Err(Error::Internal("a write panicked; it was taken back".to_owned()).into()));
            // The caller may be gone; what was committed stays.
            let _ = reply.send(result);
        });
        let Some(jobs) = &self.jobs else { return Err(stopped().into()) };
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let result = match jobs.try_send(job) {
            Ok(()) => outcome.recv().unwrap_or_else(|_| Err(stopped().into())),
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

fn transact<T, E: From<Error>>(
    connection: &Connection,
    deadline: Instant,
    clock: Clock,
    author: &Author,
    ending: Ending,
    act: impl FnOnce(&WriteTx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let patience = deadline.checked_duration_since(Instant::now()).ok_or(Error::Unavailable(Unavailable::Busy))?;
    connection.busy_timeout(patience).map_err(from_sqlite)?;
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate).map_err(from_sqlite)?;
    let tx = WriteTx::new(&transaction, clock.now());
    tx.execute(
        "",
        "INSERT INTO write_context (only_row, now, actor, via, request_id, reason) VALUES (1, ?1, ?2, ?3, ?4, ?5)",
        params![tx.now().millis(), author.actor, author.via.as_str(), author.request_id, author.reason],
    )?;
    let value = act(&tx)?;
    tx.execute("", "DELETE FROM write_context", [])?;
    if ending == Ending::Commit {
        transaction.commit().map_err(unknown_outcome_ends_the_process)?;
    }
    Ok(value)
}

/// After a failed fsync the kernel may have dropped the pages, so neither success nor failure can be told, nor the commit
/// tried again: only opening the file anew finds out what is there.
fn unknown_outcome_ends_the_process(error: rusqlite::Error) -> Error {
    if error.sqlite_error().is_some_and(|failure| failure.extended_code == rusqlite::ffi::SQLITE_IOERR_FSYNC) {
        tracing::error!(%error, "the disk failed while a change was being committed; exiting, restart to see what was kept");
        std::process::exit(5);
    }
    from_sqlite(error)
}
