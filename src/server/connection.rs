//! A connection that ends when nothing comes of it.
//!
//! The web framework limits how long the first head of a connection may take, and how long a
//! connection may be idle. It does not limit the head of a later request, or an answer that the
//! client doesn't take. So every stream is wrapped in one that keeps two deadlines of its own:
//! - A write that makes no progress for [`WRITE_PATIENCE`] ends the connection. A long download
//!   goes on as long as the client takes some of it.
//! - The next request must be there [`REQUEST_PATIENCE`] after the answer to the one before.
//!
//! The number of connections is bounded too; one too many is answered 503 and closed.
//!
//! When the size of a chunk can't be read, the web framework thinks that the client has gone, and
//! answers nothing. Here the client is answered 400.

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use std::cell::Cell;
use std::future::Future;
use std::io::{Error, ErrorKind, IoSlice, Result, Write};
use std::net::{Shutdown, SocketAddr};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// How long a write may make no progress.
pub(super) const WRITE_PATIENCE: Duration = Duration::from_secs(20);

/// How long a TLS handshake may take.
pub(super) const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(5);

/// How long after an answer the head of the next request must be there: the time that an idle
/// connection is kept, and the time that a head may take.
pub(super) const REQUEST_PATIENCE: Duration = Duration::from_secs(20);

/// What a connection beyond the limit is told.
const TOO_MANY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 31\r\n\r\nThere are too many connections\n";

/// What a client is told whose body can't be read any further.
pub(super) const BROKEN: &[u8] =
    b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

#[derive(Clone)]
pub(super) struct Connections {
    open: Arc<AtomicUsize>,
    most: usize,
}

impl Connections {
    pub(super) fn new(most: usize) -> Self {
        Self { open: Arc::default(), most }
    }

    /// Takes a connection in.
    ///
    /// # Errors
    /// There are too many; the client was told so.
    pub(super) fn admit(&self, stream: TcpStream) -> Result<(Connection, Option<SocketAddr>)> {
        let place = Place(Arc::clone(&self.open));
        if self.open.fetch_add(1, Ordering::AcqRel) >= self.most {
            refuse(stream, TOO_MANY);
            return Err(ErrorKind::ConnectionRefused.into());
        }
        let peer = stream.peer_addr().ok();
        Ok((Connection::new(stream, place), peer))
    }
}

/// Tells a client why its connection ends. A new socket has room for this little; where it hasn't,
/// the client only sees the end.
fn refuse(stream: TcpStream, answer: &[u8]) {
    if let Ok(mut stream) = stream.into_std() {
        let _ = stream.write_all(answer);
        let _ = stream.shutdown(Shutdown::Write);
    }
}

/// A connection's place among those that may be open.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What the requests of a connection say of it.
#[derive(Clone)]
pub(super) struct Waiting {
    /// Since when it waits for a request; `None` while it has one.
    since: Rc<Cell<Option<Instant>>>,
    /// The body of its request can't be read any further, and nothing was answered.
    broken: Rc<Cell<bool>>,
}

impl Waiting {
    /// A request is there.
    pub(super) fn end(&self) {
        self.since.set(None);
    }

    /// The request is answered.
    pub(super) fn begin(&self) {
        self.since.set(Some(Instant::now()));
    }

    /// The request is given up, because its body is broken.
    pub(super) fn break_off(&self) {
        self.broken.set(true);
    }
}

/// A TCP stream with deadlines.
pub(super) struct Connection {
    stream: TcpStream,
    waiting: Waiting,
    reading: Deadline,
    writing: Deadline,
    /// The client has closed its side, or the connection is lost.
    ended: bool,
    _place: Place,
}

impl Connection {
    fn new(stream: TcpStream, place: Place) -> Self {
        let since = Rc::new(Cell::new(Some(Instant::now())));
        let waiting = Waiting { since, broken: Rc::default() };
        let (reading, writing) = (Deadline::default(), Deadline::default());
        Self { stream, waiting, reading, writing, ended: false, _place: place }
    }

    /// Lets the requests of the connection say when they begin and end.
    pub(super) fn introduce(&self, data: &mut Extensions) {
        data.insert(self.waiting.clone());
    }

    /// Whether the first thing that the client says is a letter, as in HTTP and never in TLS.
    pub(super) async fn begins_with_a_letter(&self) -> Result<bool> {
        let mut first = [0];
        Ok(self.stream.peek(&mut first).await? == 1 && first[0].is_ascii_alphabetic())
    }

    /// Whether its last request was given up because its body is broken, and the client could
    /// still be told. (An answer that it does not take must not be mixed with another.)
    pub(super) fn is_broken_off(&self) -> bool {
        self.waiting.broken.get() && !self.ended && self.writing.0.is_none()
    }

    pub(super) fn refuse(self, answer: &[u8]) {
        refuse(self.stream, answer);
    }

    /// The result of a write; while it is pending, its deadline runs.
    fn progress(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<Result<usize>>,
    ) -> Poll<Result<usize>> {
        if written.is_ready() {
            self.writing.clear();
            // The answer reaches the client only now.
            if self.waiting.since.get().is_some() {
                self.waiting.begin();
            }
            return written;
        }
        self.writing.start(Instant::now() + WRITE_PATIENCE);
        ready!(self.writing.poll(context));
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut this.stream).poll_read(context, buffer) {
            this.ended = read.is_err() || buffer.filled().len() == before;
            return Poll::Ready(read);
        }
        // While a write is pending, its own deadline counts.
        let since = this.waiting.since.get().filter(|_| this.writing.0.is_none());
        let Some(since) = since else {
            this.reading.clear();
            return Poll::Pending;
        };
        this.reading.restart(since + REQUEST_PATIENCE);
        ready!(this.reading.poll(context));
        Poll::Ready(Err(Error::new(ErrorKind::TimedOut, "no request came")))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.progress(context, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        this.progress(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

/// A moment that is waited for, or none.
#[derive(Default)]
struct Deadline(Option<Pin<Box<Sleep>>>);

impl Deadline {
    /// Sets it, unless it is set already.
    fn start(&mut self, at: Instant) {
        self.0.get_or_insert_with(|| Box::pin(sleep_until(at)));
    }

    /// Sets it again.
    fn restart(&mut self, at: Instant) {
        match &mut self.0 {
            Some(sleep) if sleep.deadline() == at => {}
            Some(sleep) => sleep.as_mut().reset(at),
            none => *none = Some(Box::pin(sleep_until(at))),
        }
    }

    fn clear(&mut self) {
        self.0 = None;
    }

    /// Ready once it has passed.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().map_or(Poll::Pending, |sleep| sleep.as_mut().poll(context))
    }
}
