//! What the face shows to a person with a browser, without a token: its description, and the pages
//! of its problems.

use super::openapi::document;
use super::problem::ProblemType;
use crate::http;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, web};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use utoipa_swagger_ui::Config;

/// Nothing is loaded from anywhere else. The viewer sets styles of its own and draws its icons as
/// data.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

/// Mounts the face: its routes, its description, its pages.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(web::scope(super::ROOT).default_service(web::to(http::handle::<super::Face>)))
        .route("/openapi.json", web::get().to(openapi))
        .route("/docs", web::get().to(to_docs))
        .route("/docs/{file:.*}", web::get().to(docs))
        .route("/problems", web::get().to(problems))
        .route("/problems/{name}", web::get().to(problem))
        .route("/version", web::get().to(version));
}

async fn openapi() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(document())
}

async fn to_docs() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish()
}

/// Swagger UI, out of the program itself.
async fn docs(file: web::Path<String>) -> HttpResponse {
    match viewer_file(&file) {
        Some((content_type, bytes)) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, content_type))
            .insert_header((CONTENT_SECURITY_POLICY, POLICY))
            .body(bytes),
        None => HttpResponse::NotFound()
            .content_type("text/plain; charset=utf-8")
            .body("No such page.\n"),
    }
}

/// A file of the viewer with its type. They are few and large, so each is made once and shared by
/// all who ask for it.
fn viewer_file(name: &str) -> Option<(String, Bytes)> {
    static FILES: LazyLock<Mutex<HashMap<String, (String, Bytes)>>> = LazyLock::new(Mutex::default);
    // Without the validator, which would send the document to a server of the viewer's makers.
    static CONFIG: LazyLock<Arc<Config<'static>>> =
        LazyLock::new(|| Arc::new(Config::from("/openapi.json").validator_url("none")));
    let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = files.get(name) {
        return Some(known.clone());
    }
    let found = utoipa_swagger_ui::serve(name, Arc::clone(&CONFIG)).ok().flatten()?;
    let file = (found.content_type, Bytes::from(found.bytes.into_owned()));
    files.insert(name.to_owned(), file.clone());
    Some(file)
}

/// The texts of the table are the program's own, so nothing needs to be escaped.
fn page(title: &str, body: &str) -> HttpResponse {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<h1>{title}</h1>\n{body}\n<p><a href=\"/problems\">All problems</a></p>\n</html>\n"
    );
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .body(html)
}

/// The text with what is between backticks marked as code.
fn code(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(
            |(at, part)| if at % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() },
        )
        .collect()
}

async fn problem(name: web::Path<String>) -> HttpResponse {
    match ProblemType::ALL.iter().find(|kind| kind.name() == name.as_str()) {
        Some(kind) => page(
            kind.title(),
            &format!(
                "<p><code>{}</code>, HTTP status {}</p>\n<p>{}</p>",
                kind.name(),
                kind.status(),
                code(kind.explanation())
            ),
        ),
        None => HttpResponse::NotFound()
            .content_type("text/plain; charset=utf-8")
            .body("No such problem.\n"),
    }
}

async fn problems() -> HttpResponse {
    let rows: Vec<String> = ProblemType::ALL
        .iter()
        .map(|kind| {
            format!(
                "<li><a href=\"/problems/{0}\"><code>{0}</code></a> ({1}): {2}",
                kind.name(),
                kind.status(),
                kind.title()
            )
        })
        .collect();
    page("Problems of the admin API", &format!("<ul>\n{}\n</ul>", rows.join("\n")))
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
