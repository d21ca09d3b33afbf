//! Requests byte by byte, as no well-behaved client sends them.

use crate::ccc::signer::{self, Pairs, pairs};
use crate::support::{App, Reply};
use std::io::{Read, Write};
use std::net::TcpStream;

/// The moment at which the requests with a fixed clock arrive: 2026-11-21T12:00:00Z.
pub const NOON: i64 = 1_795_262_400_000;

/// The same as a request writes it.
pub const NOON_TEXT: &str = "2026-11-21T12:00:00Z";

/// A request to be sent as it is; `Host`, `Content-Length` and `Connection` are added when the
/// request has none.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub target: String,
    pub headers: Pairs,
    pub body: Vec<u8>,
}

impl Request {
    pub fn get(query: &str) -> Self {
        Self {
            method: "GET".to_owned(),
            target: format!("/?{query}"),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub fn post(query: &str, body: &[u8]) -> Self {
        let target = if query.is_empty() { "/".to_owned() } else { format!("/?{query}") };
        let headers = if body.is_empty() {
            Vec::new()
        } else {
            pairs(&[("content-type", "application/x-www-form-urlencoded")])
        };
        Self { method: "POST".to_owned(), target, headers, body: body.to_vec() }
    }

    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With the demo's token.
    #[must_use]
    pub fn bearer(self) -> Self {
        self.header("authorization", "Bearer demo-token")
    }

    pub fn send(&self, app: &App) -> Reply {
        let has = |name: &str| self.headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        let mut line = |name: &str, value: &str| {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes())
        };
        for (name, value) in
            self.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("connection"))
        {
            line(name, value);
        }
        if !has("host") {
            line("host", "ccc.example.com");
        }
        if !has("content-length") && !has("transfer-encoding") && !self.body.is_empty() {
            line("content-length", &self.body.len().to_string());
        }
        line("connection", "close");
        bytes.extend_from_slice(b"\r\n");
        if has("transfer-encoding") {
            bytes.extend_from_slice(format!("{:x}\r\n", self.body.len()).as_bytes());
            bytes.extend_from_slice(&self.body);
            bytes.extend_from_slice(b"\r\n0\r\n\r\n");
        } else {
            bytes.extend_from_slice(&self.body);
        }
        exchange(app, &bytes)
    }
}

/// Sends bytes and reads the reply until the server closes the connection.
pub fn exchange(app: &App, bytes: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(app.address).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let text = String::from_utf8(answer).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head in {text:?}"));
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|status| status.parse().ok())
        .unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    Reply { status, headers, body: body.to_owned() }
}

/// The common parameters of V1 for the demo's AccessKey, without the signature.
pub fn v1_common(nonce: &str, timestamp: &str) -> Pairs {
    pairs(&[
        ("Version", "2020-07-01"),
        ("Format", "JSON"),
        ("AccessKeyId", "demo-access-key"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", nonce),
        ("Timestamp", timestamp),
    ])
}

/// A GET with these parameters and the right V1 signature.
pub fn v1_get(parameters: &Pairs) -> Request {
    let signature = signer::v1_signature("GET", parameters, b"demo-access-secret");
    Request::get(&format!("{}&Signature={}", signer::form(parameters), signer::encode(&signature)))
}

/// A GET of an operation, signed by V1 at noon.
pub fn v1_call(nonce: &str, action: &str, parameters: &[(&str, &str)]) -> Request {
    v1_get(&[v1_common(nonce, NOON_TEXT), pairs(&[("Action", action)]), pairs(parameters)].concat())
}

/// The headers that V3 prescribes, sorted, for a request with an empty body.
pub fn v3_headers(nonce: &str, action: &str, timestamp: &str, body: &[u8]) -> Pairs {
    pairs(&[
        ("host", "ccc.example.com"),
        ("x-acs-action", action),
        ("x-acs-content-sha256", &signer::sha256(body)),
        ("x-acs-date", timestamp),
        ("x-acs-signature-nonce", nonce),
        ("x-acs-version", "2020-07-01"),
    ])
}

/// A POST with the parameters in the query and these headers signed by V3.
pub fn v3_post(query: &[(&str, &str)], headers: &Pairs) -> Request {
    let query = pairs(query);
    let authorization = signer::v3_authorization(
        "POST",
        &query,
        headers,
        b"",
        "demo-access-key",
        b"demo-access-secret",
    );
    let mut request =
        Request::post(&signer::form(&query), b"").header("authorization", &authorization);
    request.headers.extend(headers.iter().cloned());
    request
}

/// A POST of an operation, signed by V3 at noon.
pub fn v3_call(nonce: &str, action: &str, parameters: &[(&str, &str)]) -> Request {
    v3_post(parameters, &v3_headers(nonce, action, NOON_TEXT, b""))
}
