//! A face's place in the web server, and the one bridge from the server to blocking work.

use super::answer::Answer;
use super::request::Request;
use super::upload::Spool;
use crate::store;
use actix_web::error::BlockingError;
use actix_web::{HttpRequest, HttpResponse, web};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// One of the program's wire interfaces.
pub trait Face: Send + Sync + 'static {
    /// The name in logs and metrics.
    const NAME: &'static str;

    /// Answers a request. It may block, unless it is tried [briefly](Self::may_be_brief).
    fn answer(&self, request: &Request) -> Answer;

    /// Whether a request may only read, so that it is tried at once before it gets a thread: see
    /// [`store::briefly`].
    fn may_be_brief(_: &Request) -> bool {
        false
    }

    /// Whether a request may bring a file, as far as method and path tell.
    fn takes_file(_: &Request) -> bool {
        false
    }

    /// Where such a file is kept until its request is answered; or the answer at once, for somebody
    /// whose file is not read. It may block.
    fn admit_file(&self, _: &Request) -> Result<Spool, Box<Answer>> {
        Ok(Spool { directory: std::env::temp_dir(), owner: String::new() })
    }
}

/// Why a request was given up.
struct GivenUp(String);

impl From<BlockingError> for GivenUp {
    fn from(error: BlockingError) -> Self {
        Self(error.to_string())
    }
}

/// Reads a request, has the face answer it, and sends the answer.
pub async fn handle<F: Face>(
    face: web::Data<F>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let head = Request::head(&request);
    let request_id = head.request_id.clone();
    match answer(face, head, payload).await {
        Ok(answer) => answer.send(&request, F::NAME),
        Err(GivenUp(error)) => {
            tracing::error!(%request_id, %error, "a request was given up");
            HttpResponse::InternalServerError().finish()
        }
    }
}

async fn answer<F: Face>(
    face: web::Data<F>,
    head: Request,
    payload: web::Payload,
) -> Result<Answer, GivenUp> {
    if !F::takes_file(&head) {
        let whole = head.with_body(payload).await;
        if let Some(answer) = at_once(&**face, &whole)? {
            return Ok(answer);
        }
        return Ok(blocking(move || face.answer(&whole)).await?);
    }
    let asked = face.clone();
    let (admitted, head) = blocking(move || (asked.admit_file(&head), head)).await?;
    match admitted {
        Err(answer) => Ok(*answer),
        Ok(spool) => {
            let whole = head.with_file(payload, spool).await;
            Ok(blocking(move || face.answer(&whole)).await?)
        }
    }
}

/// The answer, if it is there in a moment: without a thread of its own.
fn at_once<F: Face>(face: &F, request: &Request) -> Result<Option<Answer>, GivenUp> {
    if !(F::may_be_brief(request) && request.is_small()) {
        return Ok(None);
    }
    let tried = AssertUnwindSafe(|| store::briefly(|| face.answer(request)));
    // What panicked is logged; the connection goes on.
    catch_unwind(tried).map_err(|_| GivenUp("it panicked".to_owned()))
}

/// Runs blocking work on a thread made for it, inside the request's span.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, BlockingError> {
    let span = tracing::Span::current();
    web::block(move || span.in_scope(work)).await
}
