//! The queue of log lines and the thread that writes them.

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};
use tracing_subscriber::fmt::MakeWriter;

/// How many lines may wait. Standard error that blocks for longer than these take loses lines.
const WAITING_LINES: usize = 4096;

/// How long the end of the program waits for lines that were logged before.
const FLUSH_PATIENCE: Duration = Duration::from_millis(500);

/// How much a pipe takes as a whole (`PIPE_BUF`).
const WHOLE: usize = 4096;

/// How long lines are collected.
const REST: Duration = Duration::from_millis(2);

/// Lines that were not written.
static DROPPED: AtomicU64 = AtomicU64::new(0);

/// Lines in the queue, or being written.
static WAITING: AtomicU64 = AtomicU64::new(0);

/// How many lines of the log were lost since the program started.
pub fn dropped() -> u64 {
    DROPPED.load(Ordering::Relaxed)
}

/// Waits until what was logged so far is written, for half a second at most: the end of the program
/// doesn't depend on who reads its log either.
pub fn flush() {
    let until = Instant::now() + FLUSH_PATIENCE;
    while WAITING.load(Ordering::Acquire) > 0 && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Where the log's lines go in.
pub(super) struct Queue(SyncSender<Vec<u8>>);

impl Queue {
    /// Starts the thread that writes to standard error. Without one (the system gives no thread)
    /// every line is dropped and counted.
    pub(super) fn start() -> Self {
        let (lines, queue) = sync_channel(WAITING_LINES);
        let _ = std::thread::Builder::new().name("log".to_owned()).spawn(move || write_all(&queue));
        Self(lines)
    }

    fn send(&self, line: Vec<u8>) {
        WAITING.fetch_add(1, Ordering::AcqRel);
        match self.0.try_send(line) {
            Ok(()) => {}
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                DROPPED.fetch_add(1, Ordering::Relaxed);
                WAITING.fetch_sub(1, Ordering::AcqRel);
            }
        }
    }
}

/// Writes line after line, or several that wait at once; each as a whole, so that the lines of
/// other programs at the same file stay whole too.
///
/// After each it rests a moment. Otherwise every line of a busy server would have to wake this
/// thread up, which costs its request more than the line.
fn write_all(queue: &Receiver<Vec<u8>>) {
    let mut next = None;
    while let Some(mut text) = next.take().or_else(|| queue.recv().ok()) {
        let mut lines = 1;
        while let Ok(line) = queue.try_recv() {
            if text.len() + line.len() > WHOLE {
                next = Some(line);
                break;
            }
            text.extend_from_slice(&line);
            lines += 1;
        }
        if std::io::stderr().lock().write_all(&text).is_err() {
            DROPPED.fetch_add(lines, Ordering::Relaxed);
        }
        WAITING.fetch_sub(lines, Ordering::AcqRel);
        if next.is_none() {
            std::thread::sleep(REST);
        }
    }
}

/// One line while it is written; it goes into the queue as a whole when it is dropped.
pub(super) struct Line<'q> {
    queue: &'q Queue,
    text: Vec<u8>,
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        let text = std::mem::take(&mut self.text);
        if !text.is_empty() {
            self.queue.send(text);
        }
    }
}

impl<'q> MakeWriter<'q> for Queue {
    type Writer = Line<'q>;

    fn make_writer(&'q self) -> Self::Writer {
        Line { queue: self, text: Vec::new() }
    }
}
