//! A face's place in the web server, and the one bridge from the server to blocking work.

use super::answer::Answer;
use super::request::Request;
use actix_web::{HttpRequest, HttpResponse, web};

/// One of the program's wire interfaces.
pub trait Face: Send + Sync + 'static {
    /// The name in logs and metrics.
    const NAME: &'static str;

    /// Answers a request. Blocking: it runs on a thread of its own.
    fn answer(&self, request: Request) -> Answer;
}

/// Reads a request, has the face answer it, and sends the answer.
pub async fn handle<F: Face>(
    face: web::Data<F>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let whole = Request::read(&request, payload).await;
    let request_id = whole.request_id.clone();
    match blocking(move || face.answer(whole)).await {
        Ok(answer) => answer.send(&request, F::NAME),
        Err(error) => {
            tracing::error!(%request_id, %error, "a request was given up");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// Runs blocking work on a thread made for it, inside the request's span.
///
/// # Errors
/// The work panicked.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, actix_web::error::BlockingError> {
    let span = tracing::Span::current();
    web::block(move || span.in_scope(work)).await
}
