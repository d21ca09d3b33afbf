//! Large texts are compressed with gzip for clients that accept it.
//!
//! Small ones gain nothing, and a stream of events must not wait for a full block. No answer holds
//! a secret beside text of the caller's own choice, which compression would give away by its
//! length: sessions and tokens are in headers, and a form's origin is proved by the browser.

use crate::http;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_MATCH, IF_NONE_MATCH, VARY,
};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// Bodies up to this size are sent as they are.
const SMALL: u64 = 8 * 1024;

/// What a strong ETag ends in when the body is compressed: other bytes, another tag.
const SUFFIX: &str = "-gzip\"";

pub(super) async fn for_those_who_accept(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let accepted = accepts_gzip(request.headers());
    let tagged = [IF_MATCH, IF_NONE_MATCH].map(|name| plain_tags(request.headers_mut(), &name));
    let mut response = next.call(request).await?.map_into_boxed_body();
    if tagged.contains(&true) && response.status() == 304 {
        mark(response.headers_mut());
    }
    let large = matches!(response.response().body().size(), BodySize::Sized(size) if size > SMALL);
    if !large || !is_text(response.headers()) || response.headers().contains_key(CONTENT_ENCODING) {
        return Ok(response);
    }
    response.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
    if !accepted {
        return Ok(response);
    }
    let (request, response) = response.into_parts();
    let (mut response, body) = response.into_parts();
    let body = match body.try_into_bytes() {
        Ok(body) => compress(body).await?,
        Err(body) => return Ok(ServiceResponse::new(request, response.set_body(body))),
    };
    response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    mark(response.headers_mut());
    Ok(ServiceResponse::new(request, response.set_body(body.boxed())))
}

/// On a thread of its own, since a long list takes a while.
async fn compress(body: Bytes) -> Result<Bytes, actix_web::Error> {
    let work = move || {
        let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::fast());
        encoder.write_all(&body)?;
        encoder.finish()
    };
    Ok(http::blocking(work).await??.into())
}

/// Whether `Accept-Encoding` names gzip, and not to refuse it.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(ACCEPT_ENCODING).filter_map(|value| value.to_str().ok());
    let items: Vec<(&str, u16)> = lists.flat_map(http::weighted).collect();
    let weight = |wanted: &str| {
        items.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, weight)| *weight)
    };
    ["gzip", "x-gzip", "*"].into_iter().find_map(weight).is_some_and(|weight| weight > 0)
}

/// Whether the body is of a kind that compression makes smaller.
fn is_text(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()) else {
        return false;
    };
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.starts_with("text/")
        || ["json", "xml", "javascript"].iter().any(|ending| kind.ends_with(ending))
}

/// Gives the ETag of a compressed body its suffix.
fn mark(headers: &mut HeaderMap) {
    let tag = headers.get(ETAG).and_then(|tag| tag.to_str().ok());
    let marked = tag.and_then(|tag| tag.strip_suffix('"')).map(|tag| format!("{tag}{SUFFIX}"));
    if let Some(Ok(marked)) = marked.map(HeaderValue::try_from) {
        headers.insert(ETAG, marked);
    }
}

/// Takes the suffix from the ETags that a client sends back, so that whoever compares them knows
/// nothing of it. Tells whether there was one.
fn plain_tags(headers: &mut HeaderMap, name: &HeaderName) -> bool {
    let sent = headers.get(name).and_then(|tags| tags.to_str().ok());
    let Some(tags) = sent.filter(|tags| tags.contains(SUFFIX)) else { return false };
    let Ok(plain) = HeaderValue::try_from(tags.replace(SUFFIX, "\"")) else { return false };
    headers.insert(name.clone(), plain);
    true
}

#[cfg(test)]
mod tests {
    use super::{ACCEPT_ENCODING, HeaderMap, HeaderValue, accepts_gzip};

    #[test]
    fn gzip_is_accepted_where_it_is_named_and_not_refused() {
        for (value, expected) in [
            ("gzip", true),
            ("gzip, deflate, br", true),
            ("deflate;q=0.5, GZIP ; q=0.1", true),
            ("x-gzip", true),
            ("*", true),
            ("br, *;q=0.2", true),
            ("gzip;q=0", false),
            ("gzip;q=0, *", false),
            ("gzip;q=0.000", false),
            ("*;q=0", false),
            ("gzip;q=x", false),
            ("identity", false),
            ("gzipped", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(value));
            assert_eq!(accepts_gzip(&headers), expected, "{value:?}");
        }
        assert!(!accepts_gzip(&HeaderMap::new()));
    }
}
