//! One request after the other to a vendor: bounded in time, tried again while the vendor is busy.

use super::Failure;
use rustls::crypto::ring;
use serde_json::Value;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use ureq::http::{Request, Response, Uri};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Body};

/// How often a request is tried.
const TRIES: u32 = 5;

/// The first wait between two tries if the vendor does not say how long; each next one is twice as
/// long.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// The first wait after too many requests: VCC never says how long, and counts by the minute. Each
/// next one is four times as long.
const FIRST_REST: Duration = Duration::from_secs(1);

/// The longest wait that a vendor may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// The longest time to connect.
const CONNECT: Duration = Duration::from_secs(10);

/// The largest answer. The vendor lists an instance with all its numbers.
const LARGEST: u64 = 256 * 1024 * 1024;

/// Where a vendor's API is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    scheme: String,
    /// The host, with the port if it is not the usual one.
    pub(super) authority: String,
    /// What every path begins with, without the slash at its end.
    path: String,
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let uri: Uri = text.parse().map_err(|_| "it is not a URL".to_owned())?;
        let scheme = uri.scheme_str().unwrap_or_default().to_owned();
        let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
        let host = uri.host().unwrap_or_default();
        if authority.contains('@') || uri.query().is_some() {
            return Err("it must have a host and a path, and nothing else".to_owned());
        }
        let is_here = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
        match scheme.as_str() {
            "https" => {}
            "http" if is_here => {}
            "http" => {
                return Err("it must begin with https://; http:// is for this machine".to_owned());
            }
            _ => return Err("it must begin with https://".to_owned()),
        }
        let usual = if scheme == "https" { ":443" } else { ":80" };
        let authority = authority.strip_suffix(usual).unwrap_or(&authority).to_owned();
        let path = uri.path().trim_end_matches('/').to_owned();
        Ok(Self { scheme, authority, path })
    }
}

impl Endpoint {
    pub(super) fn path(&self, path: &str) -> String {
        format!("{}{path}", self.path)
    }

    pub(super) fn address(&self, path: &str) -> String {
        format!("{}://{}{}", self.scheme, self.authority, self.path(path))
    }
}

/// What a vendor answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
    is_json: bool,
    /// Where else to ask.
    location: Option<String>,
    wait: Option<Duration>,
}

impl Answer {
    fn read(mut response: Response<Body>) -> Result<Self, ureq::Error> {
        let header = |name: &str| response.headers().get(name)?.to_str().ok();
        let whole = |name: &str| header(name)?.trim().parse::<u64>().ok();
        let wait = whole("x-acs-retry-after").map(Duration::from_millis);
        let wait = wait.or_else(|| whole("retry-after").map(Duration::from_secs));
        let location = header("location").map(str::to_owned);
        let status = response.status().as_u16();
        let text = response.body_mut().with_config().limit(LARGEST).read_to_vec()?;
        let (body, is_json) = match serde_json::from_slice(&text) {
            Ok(body) => (body, true),
            Err(error) if status < 300 && error.is_eof() => {
                return Err(std::io::Error::other("its answer ends too early").into());
            }
            // A proxy's error page is not JSON, and its text does not matter.
            Err(_) => (Value::Null, false),
        };
        Ok(Self { status, body, is_json, location, wait })
    }

    /// Whether the vendor asks to come again later.
    fn is_busy(&self) -> bool {
        self.is_throttled() || matches!(self.status, 500 | 502 | 503 | 504)
    }

    /// Whether too many requests came.
    fn is_throttled(&self) -> bool {
        let code = self.body["Code"].as_str().unwrap_or_default();
        self.status == 429 || code.starts_with("Throttling")
    }
}

/// A client of a vendor.
pub struct Client {
    agent: Agent,
    pub(super) endpoint: Endpoint,
}

impl Client {
    /// A client that waits this long for an answer and trusts the operating system's certificates.
    pub fn new(endpoint: Endpoint, patience: Duration) -> Result<Self, Failure> {
        let mut tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()));
        if endpoint.scheme == "https" {
            let found = rustls_native_certs::load_native_certs();
            if found.certs.is_empty() {
                return Err(Failure::Unavailable(
                    "This machine trusts no certificate: install those of your system (the package ca-certificates), or name a file with SSL_CERT_FILE.".to_owned(),
                ));
            }
            let own =
                |der: &rustls::pki_types::CertificateDer<'_>| Certificate::from_der(der).to_owned();
            let certificates: Vec<_> = found.certs.iter().map(own).collect();
            tls = tls.root_certs(RootCerts::new_with_certs(&certificates));
        }
        let agent = Agent::config_builder()
            .tls_config(tls.build())
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(patience))
            .user_agent(concat!("numberd/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        Ok(Self { agent, endpoint })
    }

    /// Sends a request, which is made anew for each try.
    pub(super) fn ask(
        &self,
        make: impl Fn() -> Result<Request<Vec<u8>>, ureq::http::Error>,
    ) -> Result<Answer, Failure> {
        let host = &self.endpoint.authority;
        let (mut tries, mut pause, mut rest) = (0, FIRST_WAIT, FIRST_REST);
        loop {
            tries += 1;
            let request =
                make().map_err(|error| Failure::Unavailable(format!("{host}: {error}.")))?;
            let answer = self.agent.run(request).and_then(Answer::read);
            let (wait, why) = match answer {
                Ok(answer) if !answer.is_busy() => return self.understood(answer),
                Ok(answer) if answer.is_throttled() => {
                    let wait = answer.wait.unwrap_or(rest);
                    rest *= 4;
                    (Some(wait), said(&answer))
                }
                Ok(answer) => (answer.wait, said(&answer)),
                Err(ureq::Error::Io(error)) => (None, error.to_string()),
                Err(error) => (None, error.to_string()),
            };
            let wait = wait.unwrap_or(pause);
            if tries == TRIES || wait > LONGEST_WAIT {
                let asked = match wait > LONGEST_WAIT {
                    true => format!(", and asks to wait for {} s", wait.as_secs()),
                    false => format!(", {tries} times"),
                };
                return Err(Failure::Unavailable(format!("{host} does not answer{asked}: {why}.")));
            }
            std::thread::sleep(wait);
            pause *= 2;
        }
    }

    /// An answer of the API, and not of somebody else. Where it leads to another address nothing is
    /// asked there: whoever is there would get to know the credentials.
    fn understood(&self, answer: Answer) -> Result<Answer, Failure> {
        let host = &self.endpoint.authority;
        let what = match (answer.status, &answer.location) {
            (300..400, Some(to)) => {
                let to = to.split('?').next().unwrap_or_default();
                format!("redirects to {}", shortened(to))
            }
            (300..400, None) => format!("answers only with {}", said(&answer)),
            (..300, _) if !answer.is_json => "answers with something that is not JSON".to_owned(),
            _ => return Ok(answer),
        };
        Err(Failure::Unavailable(format!(
            "{host} {what}; is --endpoint the address of the vendor's API?"
        )))
    }

    /// The failure where there is nothing at an address.
    pub(super) fn not_found(&self, path: &str, answer: &Answer) -> Failure {
        let (host, said) = (&self.endpoint.authority, said(answer));
        Failure::NotFound(format!(
            "{host} has no {path}: {said}; is --endpoint the address of the vendor's API?"
        ))
    }

    /// The failure for an answer that can't be used.
    pub(super) fn unavailable(&self, what: &str, answer: &Answer) -> Failure {
        let (host, said) = (&self.endpoint.authority, said(answer));
        Failure::Unavailable(format!("{host} does not answer {what}: {said}."))
    }
}

/// The beginning of what a vendor says.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 160;
    let text: String = text.chars().take(LONGEST).collect();
    text.lines().next().unwrap_or_default().to_owned()
}

/// The status, code and message of an answer, in the words of either vendor; the beginning of a
/// message, without the full stop.
pub(super) fn said(answer: &Answer) -> String {
    let first = |names: [&str; 3]| {
        let found = names.iter().find_map(|name| answer.body[*name].as_str());
        shortened(found.unwrap_or_default())
    };
    let code = first(["Code", "error", ""]);
    let message = first(["Message", "message", "error_description"]);
    let message = message.split_once(". ").map_or(message.as_str(), |(sentence, _)| sentence);
    let parts = [answer.status.to_string(), code, message.trim_end_matches(['.', '。']).to_owned()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    #[test]
    fn an_endpoint_is_https_or_on_this_machine() {
        let endpoint = |text: &str| text.parse::<Endpoint>();
        let vendor = endpoint("https://ccc.cn-shanghai.aliyuncs.com:443/").unwrap();
        assert_eq!(vendor.address("/"), "https://ccc.cn-shanghai.aliyuncs.com/");
        let below = endpoint("http://127.0.0.1:8080/numbers/").unwrap();
        assert_eq!(below.address("/useradmin"), "http://127.0.0.1:8080/numbers/useradmin");
        for wrong in
            ["http://example.com", "example.com", "ftp://a", "https://a@b", "https://a?b", ""]
        {
            assert!(endpoint(wrong).is_err(), "{wrong}");
        }
    }
}
