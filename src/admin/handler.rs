//! The face's place in the web server.

use super::{Answer, Face, ROOT};
use crate::http::{self, Incoming};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};

/// Answers one request to an address below [`ROOT`].
pub async fn handle(
    face: web::Data<Face>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let incoming = Incoming::read(&request, payload).await;
    let request_id = incoming.request_id.clone();
    // As it was sent: the framework's own decoding would not tell %2F from a slash.
    let path = request.uri().path();
    let path = path.strip_prefix(ROOT).unwrap_or(path).to_owned();
    match http::blocking(move || face.answer(incoming, path)).await {
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
    // With an ETag a client may keep it, if it asks each time whether it is still so.
    let caching = if answer.header("etag").is_some() && answer.status < 400 {
        "private, no-cache"
    } else {
        "no-store"
    };
    response.insert_header((CACHE_CONTROL, caching));
    if !answer.body.is_empty() {
        response.insert_header((CONTENT_TYPE, answer.content_type));
    }
    for (name, value) in answer.headers {
        response.insert_header((name, value));
    }
    request.extensions_mut().insert(http::Outcome {
        face: "admin",
        operation: answer.operation,
        code: answer.code,
        fault: answer.fault,
    });
    response.body(answer.body)
}
