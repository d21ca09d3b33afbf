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
    while let Some(first) = next.take().or_else(|| queue.recv().ok()) {
        let mut length = first.len();
        let mut lines = vec![first];
        while let Ok(line) = queue.try_recv() {
            length += line.len();
            if length > WHOLE {
                next = Some(line);
                break;
            }
            lines.push(line);
        }
        DROPPED.fetch_add(write_together(&lines, &mut std::io::stderr()), Ordering::Relaxed);
        WAITING.fetch_sub(lines.len() as u64, Ordering::AcqRel);
        if next.is_none() {
            std::thread::sleep(REST);
        }
    }
}

/// Writes lines at once or, where there isn't room for all, as many as there is room for; how many
/// were not written.
fn write_together(lines: &[Vec<u8>], to: &mut impl Write) -> u64 {
    if to.write_all(&lines.concat()).is_ok() {
        return 0;
    }
    let fails = |line: &&Vec<u8>| lines.len() == 1 || to.write_all(line).is_err();
    lines.iter().filter(fails).count() as u64
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

#[cfg(test)]
mod tests {
    use super::write_together;
    use std::io::{Error, ErrorKind, Result, Write};

    /// A pipe that doesn't block: what it hasn't room for it refuses as a whole.
    struct Pipe {
        room: usize,
        text: Vec<u8>,
    }

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> Result<usize> {
            if self.text.len() + bytes.len() > self.room {
                return Err(Error::from(ErrorKind::WouldBlock));
            }
            self.text.write(bytes)
        }

        fn flush(&mut self) -> Result<()> {
            Ok(())
        }
    }

    #[test]
    fn of_lines_for_which_there_is_no_room_together_those_are_written_that_there_is_room_for() {
        let lines = ["one\n", "longer\n", "two\n"].map(|line| line.as_bytes().to_vec());
        for (room, text, lost) in [(15, "one\nlonger\ntwo\n", 0), (8, "one\ntwo\n", 1), (3, "", 3)]
        {
            let mut pipe = Pipe { room, text: Vec::new() };
            assert_eq!(write_together(&lines, &mut pipe), lost);
            assert_eq!(pipe.text, text.as_bytes());
        }
    }
}
