//! What the face shows to a person with a browser, without a token: its description, and the pages
//! of its problems.

use super::docs;
use super::openapi::document;
use crate::http::{self, BasePath};
use actix_web::body::MessageBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, LOCATION};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, web};
use std::sync::OnceLock;

/// A style sheet and an icon of this server; nothing else, and no script.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/// Mounts the face: its routes, its description, its pages.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(web::scope(super::ROOT).default_service(web::to(http::handle::<super::Face>)))
        .route("/openapi.json", web::get().to(openapi))
        .route("/docs", web::get().to(to_docs))
        .route("/docs/", web::get().to(docs))
        .route("/problems", web::get().to(problems))
        .route("/problems/{name}", web::get().to(problem))
        .route("/version", web::get().to(version));
}

/// The description with the server's own address in it, written once: no response copies it.
#[derive(Default)]
pub struct Description(OnceLock<Bytes>);

async fn openapi(
    description: web::Data<Description>,
    base_path: web::Data<BasePath>,
) -> HttpResponse {
    let text = description.0.get_or_init(|| {
        let here = format!("\"url\": \"{}\"", super::ROOT);
        let there = format!("\"url\": \"{}\"", base_path.of_clients(super::ROOT));
        document().replacen(&here, &there, 1).into()
    });
    HttpResponse::Ok().content_type("application/json").body(text.clone())
}

async fn to_docs(base_path: web::Data<BasePath>) -> HttpResponse {
    let docs = base_path.of_clients("/docs/");
    HttpResponse::PermanentRedirect().insert_header((LOCATION, docs)).finish()
}

async fn docs() -> HttpResponse {
    page(docs::page())
}

async fn problem(name: web::Path<String>) -> HttpResponse {
    match docs::problem(&name) {
        Some(text) => rendered(text),
        None => http::plain_text(StatusCode::NOT_FOUND, "No such problem.\n"),
    }
}

async fn problems() -> HttpResponse {
    rendered(docs::problems())
}

fn rendered(text: Result<String, askama::Error>) -> HttpResponse {
    text.map_or_else(|_| HttpResponse::InternalServerError().finish(), page)
}

fn page(text: impl MessageBody + 'static) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .body(text)
}

/// The program, the schema that it works with, and the versions of what it speaks.
async fn version() -> HttpResponse {
    let version = serde_json::json!({
        "name": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "schema": crate::store::migrations::newest(),
        "wire": { "ccc": ["2020-07-01"], "vcc": ["v4"], "admin": ["v1"] },
    });
    HttpResponse::Ok().content_type("application/json").body(version.to_string())
}
