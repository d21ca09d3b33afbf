//! The console's style sheet, scripts and icon: files of `assets/`, compiled into the program (a
//! debug build reads them from disk, so that editing one needs no build).

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

/// Answers `GET /console/assets/{file}`; a browser that has the file already gets 304.
pub(super) async fn serve(request: HttpRequest, file: web::Path<String>) -> HttpResponse {
    let Some(asset) = Assets::get(&file) else {
        return HttpResponse::NotFound().content_type("text/plain").body("No such file.\n");
    };
    let tag = tag(&asset.metadata.sha256_hash());
    let known = request.headers().get(IF_NONE_MATCH).is_some_and(|value| value == tag.as_str());
    if known {
        return HttpResponse::NotModified().insert_header((ETAG, tag)).finish();
    }
    let body = match asset.data {
        std::borrow::Cow::Borrowed(bytes) => web::Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => web::Bytes::from(bytes),
    };
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, asset.metadata.mimetype().to_owned()))
        // A new program has new files under the same names, so a browser asks each time.
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((ETAG, tag))
        .body(body)
}

fn tag(hash: &[u8; 32]) -> String {
    let hex: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}
