//! The face's place in the web server.

use super::{Answer, Face, Incoming, reply};
use crate::http;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, PRAGMA};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use std::net::{IpAddr, Ipv4Addr};

/// Answers one request to the User Admin API.
pub async fn handle(
    face: web::Data<Face>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let incoming = read(&request, payload).await;
    respond(&request, http::blocking(move || face.answer(&incoming)).await)
}

/// Answers one request to the token endpoint.
pub async fn issue_token(
    face: web::Data<Face>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let incoming = read(&request, payload).await;
    respond(&request, http::blocking(move || face.answer_token(&incoming)).await)
}

async fn read(request: &HttpRequest, payload: web::Payload) -> Incoming {
    let http::Incoming { method, query, headers, body, request_id, .. } =
        http::Incoming::read(request, payload).await;
    // Without an address (there always is one for TCP) all share one.
    let address = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    Incoming { method, path: request.path().to_owned(), query, headers, body, address, request_id }
}

fn respond(
    request: &HttpRequest,
    answer: Result<Answer, actix_web::error::BlockingError>,
) -> HttpResponse {
    let Ok(answer) = answer else {
        tracing::error!("a request was given up");
        return HttpResponse::InternalServerError().finish();
    };
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response
        .insert_header((CONTENT_TYPE, reply::CONTENT_TYPE))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((PRAGMA, "no-cache"));
    for (name, value) in answer.headers {
        response.insert_header((name, value));
    }
    request.extensions_mut().insert(http::Outcome {
        face: "vcc",
        operation: answer.endpoint,
        code: answer.code,
        fault: answer.fault,
    });
    response.body(answer.body)
}
