//! The headers of a request.

/// Names in lower case, values as bytes, in the order of the request.
#[derive(Clone, Debug, Default)]
pub struct Headers(Vec<(String, Vec<u8>)>);

/// A header's value is not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotUtf8;

impl Headers {
    /// From pairs whose names are in lower case.
    pub fn new(pairs: Vec<(String, Vec<u8>)>) -> Self {
        Self(pairs)
    }

    /// Those of a request of the web framework.
    pub fn of(request: &actix_web::HttpRequest) -> Self {
        let pairs = request
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()));
        Self(pairs.collect())
    }

    /// The names, each as often as the request has it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Whether the request has a header.
    pub fn has(&self, name: &str) -> bool {
        self.names().any(|there| there == name)
    }

    /// The values of a header, trimmed, in the order of the request.
    pub fn values(&self, name: &str) -> Result<Vec<&str>, NotUtf8> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| std::str::from_utf8(value).map(str::trim).map_err(|_| NotUtf8))
            .collect()
    }

    /// The token of `Authorization: Bearer …`; `None` unless the header is there exactly once with
    /// that scheme and a token.
    pub fn bearer(&self) -> Option<&str> {
        let values = self.values("authorization").ok()?;
        let &[value] = values.as_slice() else { return None };
        let (scheme, token) = value.split_once(' ')?;
        let token = token.trim();
        (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
    }

    /// The media type of the body in lower case, without its parameters; empty if it is not given.
    pub fn media_type(&self) -> String {
        let values = self.values("content-type").unwrap_or_default();
        let first = values.first().copied().unwrap_or_default();
        first.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::{Headers, NotUtf8};

    fn headers(pairs: &[(&str, &[u8])]) -> Headers {
        Headers::new(
            pairs.iter().map(|(name, value)| ((*name).to_owned(), value.to_vec())).collect(),
        )
    }

    #[test]
    fn a_bearer_token_is_found_whatever_the_case_of_its_scheme_and_only_if_there_is_one() {
        let bearer = |values: &[&str]| {
            let pairs: Vec<_> =
                values.iter().map(|value| ("authorization", value.as_bytes())).collect();
            headers(&pairs).bearer().map(str::to_owned)
        };
        assert_eq!(bearer(&["Bearer abc"]).as_deref(), Some("abc"));
        assert_eq!(bearer(&["bEARER   abc "]).as_deref(), Some("abc"));
        for none in [&[][..], &["Bearer"], &["Bearer "], &["Basic abc"], &["Bearer a", "Bearer b"]]
        {
            assert_eq!(bearer(none), None, "{none:?}");
        }
    }

    #[test]
    fn a_value_that_is_not_utf8_is_an_error_and_a_media_type_loses_its_parameters() {
        let headers = headers(&[("x", b"\xff"), ("content-type", b"Application/JSON; charset=x")]);
        assert_eq!(headers.values("x"), Err(NotUtf8));
        assert_eq!(headers.values("y"), Ok(Vec::new()));
        assert_eq!(headers.media_type(), "application/json");
    }
}
