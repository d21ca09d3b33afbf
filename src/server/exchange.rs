//! What every request and its answer go through on a connection: bytes of an answer in slices, and
//! the end of a connection whose request was answered before it was read.

use super::connection::Waiting;
use actix_web::HttpMessage;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use futures_util::Stream;
use std::cell::{Cell, RefCell};
use std::error::Error;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// How much of an answer is copied for its connection at a time: what a client that reads slowly
/// costs.
const SLICE: usize = 16 * 1024;

pub(super) async fn bounded(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<Answer>, actix_web::Error> {
    let waiting = request.conn_data::<Waiting>().cloned();
    if let Some(waiting) = &waiting {
        waiting.end();
    }
    let unread = Unread::share(&mut request);
    let watch = Watch { unread: unread.clone(), waiting: waiting.clone() };
    let response = next.call(request).await?;
    watch.end();
    Ok(response.map_body(|_, body| Answer::new(body, unread, waiting)))
}

/// The body of a request, shared with the answer.
///
/// The web framework closes the connection after an answer that came before the request's body. It
/// does not when the body is chunked and nobody holds it any more: that body it reads to its end,
/// however long it is.
#[derive(Clone)]
struct Unread {
    payload: Rc<RefCell<Payload>>,
    ended: Rc<Cell<bool>>,
    broken: Rc<Cell<bool>>,
}

impl Unread {
    /// `None` for a request that has no body.
    fn share(request: &mut ServiceRequest) -> Option<Self> {
        let payload = match request.take_payload() {
            Payload::None => return None,
            payload => payload,
        };
        let payload = Rc::new(RefCell::new(payload));
        let shared = Self { payload, ended: Rc::default(), broken: Rc::default() };
        request.set_payload(Payload::Stream { payload: Box::pin(shared.clone()) });
        Some(shared)
    }
}

impl Stream for Unread {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let next = Pin::new(&mut *this.payload.borrow_mut()).poll_next(context);
        match &next {
            Poll::Ready(None) => this.ended.set(true),
            Poll::Ready(Some(Err(_))) => this.broken.set(true),
            Poll::Ready(Some(Ok(_))) | Poll::Pending => {}
        }
        next
    }
}

/// Sees whether a request is given up because its body is broken.
struct Watch {
    unread: Option<Unread>,
    waiting: Option<Waiting>,
}

impl Watch {
    /// The request is answered.
    fn end(mut self) {
        self.unread = None;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let (Some(unread), Some(waiting)) = (&mut self.unread, &self.waiting) else { return };
        let mut context = Context::from_waker(Waker::noop());
        // What came before the break may not have been read yet.
        while let Poll::Ready(Some(Ok(_))) = Pin::new(&mut *unread).poll_next(&mut context) {}
        if unread.broken.get() {
            waiting.break_off();
        }
    }
}

/// An answer's body, in slices.
pub(super) struct Answer {
    content: Content,
    size: BodySize,
    /// Held until the answer is sent.
    _unread: Option<Unread>,
    waiting: Option<Waiting>,
}

enum Content {
    Whole(Bytes),
    Stream(BoxBody),
}

impl Answer {
    fn new(
        body: impl MessageBody + 'static,
        unread: Option<Unread>,
        waiting: Option<Waiting>,
    ) -> Self {
        let size = body.size();
        let content = match body.try_into_bytes() {
            Ok(bytes) => Content::Whole(bytes),
            Err(body) => Content::Stream(body.boxed()),
        };
        let unread = unread.filter(|unread| !unread.ended.get());
        Self { content, size, _unread: unread, waiting }
    }
}

impl MessageBody for Answer {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.size
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        match &mut self.get_mut().content {
            Content::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Content::Whole(bytes) => Poll::Ready(Some(Ok(bytes.split_to(SLICE.min(bytes.len()))))),
            Content::Stream(body) => Pin::new(body).poll_next(context),
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if let Some(waiting) = &self.waiting {
            waiting.begin();
        }
    }
}
