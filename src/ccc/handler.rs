//! The face's place in the web server.

use super::{Answer, Face};
use crate::http::{self, Incoming, RequestId};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};

/// Whether a request to `/` is one for this face rather than a look at the landing page.
pub fn is_call(request: &actix_web::guard::GuardContext<'_>) -> bool {
    let head = request.head();
    let query = head.uri.query().unwrap_or_default();
    !matches!(head.method, Method::GET | Method::HEAD)
        || head.headers().contains_key("x-acs-action")
        || head.headers().contains_key("authorization")
        || query.split('&').any(|pair| pair.starts_with("Action=") || pair.starts_with("Signature"))
}

/// Answers one request.
pub async fn handle(
    face: web::Data<Face>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let incoming = Incoming::read(&request, payload).await;
    let request_id = incoming.request_id.clone();
    let answer = http::blocking(move || face.answer(incoming)).await;
    match answer {
        Ok(answer) => respond(&request, answer),
        Err(error) => {
            tracing::error!(%request_id, %error, "a request was given up");
            HttpResponse::InternalServerError().finish()
        }
    }
}

fn respond(request: &HttpRequest, answer: Answer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response
        .insert_header((CONTENT_TYPE, answer.content_type))
        .insert_header((CACHE_CONTROL, "no-store"));
    if matches!(answer.status, 429 | 503) {
        response.insert_header((RETRY_AFTER, HeaderValue::from_static("2")));
    }
    request.extensions_mut().insert(http::Outcome {
        face: "ccc",
        operation: answer.operation,
        code: answer.code,
        fault: answer.fault,
    });
    debug_assert!(
        request.extensions().contains::<RequestId>(),
        "the server gives every request an id"
    );
    response.body(answer.body)
}
