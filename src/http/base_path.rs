//! The path below which a proxy shows this server to the world.
//!
//! A proxy takes the path off or leaves it on, so a request is understood with it and without it.
//! Whatever the server itself points to (links, redirects, `Location`, the cookie's path) has it.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Uri;
use actix_web::http::uri::PathAndQuery;
use actix_web::middleware::Next;
use actix_web::{HttpRequest, web};
use std::str::FromStr;
use std::sync::Arc;

/// The first parts of this server's own addresses: a base path that began with one could not be
/// told from them.
const OWN: [&str; 11] = [
    "api",
    "auth",
    "console",
    "docs",
    "healthz",
    "metrics",
    "openapi.json",
    "problems",
    "readyz",
    "useradmin",
    "version",
];

/// A path such as `/numberd`, without a slash at its end; empty: the server has its host to itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BasePath(Arc<str>);

/// The text is not a base path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotABasePath {
    /// It has another form.
    Form,
    /// It begins as an address of this server does.
    Own(String),
}

impl std::fmt::Display for NotABasePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Form => f.write_str(
                "it must be a path such as /numberd, of at most 100 letters, digits, -, ., _ and ~ between its slashes",
            ),
            Self::Own(part) => write!(f, "/{part} is an address of numberd itself"),
        }
    }
}

impl std::error::Error for NotABasePath {}

impl FromStr for BasePath {
    type Err = NotABasePath;

    fn from_str(text: &str) -> Result<Self, NotABasePath> {
        let path = text.strip_suffix('/').unwrap_or(text);
        if path.is_empty() {
            return Ok(Self::default());
        }
        let inner = path.strip_prefix('/').ok_or(NotABasePath::Form)?;
        let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let is_part = |part: &str| {
            !part.is_empty() && part.bytes().all(usual) && ![".", ".."].contains(&part)
        };
        if path.len() > 100 || !inner.split('/').all(is_part) {
            return Err(NotABasePath::Form);
        }
        let first = inner.split('/').next().unwrap_or_default();
        match OWN.iter().find(|own| own.eq_ignore_ascii_case(first)) {
            Some(own) => Err(NotABasePath::Own((*own).to_owned())),
            None => Ok(Self(path.into())),
        }
    }
}

impl std::fmt::Display for BasePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl BasePath {
    /// The base path of the server that a request came to.
    pub fn of(request: &HttpRequest) -> Self {
        request.app_data::<web::Data<Self>>().map_or_else(Self::default, |base| Self::clone(base))
    }

    /// A path of this server as its clients know it.
    pub fn of_clients(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// Whether the server shares its host with others.
    pub fn is_shared(&self) -> bool {
        !self.0.is_empty()
    }

    /// The address without the base path, if it has it.
    fn without(&self, uri: &Uri) -> Option<Uri> {
        let rest = uri.path().strip_prefix(&*self.0).filter(|_| self.is_shared())?;
        let path = match rest {
            "" => "/",
            rest if rest.starts_with('/') => rest,
            _ => return None,
        };
        let target = uri.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::try_from(target).ok()?);
        Uri::from_parts(parts).ok()
    }

    /// The middleware that takes the base path off, before anything looks at the address.
    pub async fn take_off(
        mut request: ServiceRequest,
        next: Next<impl MessageBody>,
    ) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
        if let Some(uri) = Self::of(request.request()).without(request.uri()) {
            request.match_info_mut().get_mut().update(&uri);
            request.head_mut().uri = uri;
        }
        next.call(request).await
    }
}

#[cfg(test)]
mod tests {
    use super::{BasePath, NotABasePath};

    #[test]
    fn a_base_path_is_a_plain_path_that_is_not_this_servers_own() {
        for (text, path) in [
            ("/numberd", "/numberd"),
            ("/numberd/", "/numberd"),
            ("/a/b-c_d.e~f", "/a/b-c_d.e~f"),
            ("/", ""),
            ("", ""),
            ("/apis", "/apis"),
        ] {
            assert_eq!(text.parse::<BasePath>().unwrap().to_string(), path, "{text}");
        }
        let long = format!("/{}", "a".repeat(100));
        for text in
            ["numberd", "//", "/a//b", "/a/../b", "/.", "/a b", "/a%20b", "/号", "/a?b", &long]
        {
            assert_eq!(text.parse::<BasePath>(), Err(NotABasePath::Form), "{text}");
        }
        for text in ["/api", "/console/", "/Auth/x", "/openapi.json"] {
            assert!(matches!(text.parse::<BasePath>(), Err(NotABasePath::Own(_))), "{text}");
        }
    }

    #[test]
    fn only_whole_parts_of_an_address_are_taken_off() {
        let base: BasePath = "/numberd".parse().unwrap();
        let without = |uri: &str| base.without(&uri.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(without("/numberd").as_deref(), Some("/"));
        assert_eq!(without("/numberd?Action=X").as_deref(), Some("/?Action=X"));
        assert_eq!(without("/numberd/docs/?a=%2F").as_deref(), Some("/docs/?a=%2F"));
        assert_eq!(without("http://h:1/numberd/a").as_deref(), Some("http://h:1/a"));
        assert_eq!(without("/numberdocs"), None);
        assert_eq!(without("/docs/"), None);
        assert_eq!(BasePath::default().without(&"/docs/".parse().unwrap()), None);
    }
}
