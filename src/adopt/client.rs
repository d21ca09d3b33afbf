//! One request after the other to a vendor: bounded in time, tried again while the vendor is busy.

use super::Failure;
use super::answer::{Answer, CONNECT, Unanswered, said, shortened};
use rustls::crypto::ring;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::http::{Request, Uri};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

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

/// A wait that is longer is announced, so that nobody takes it for a program that hangs.
const SILENT: Duration = Duration::from_secs(2);

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

/// A client of a vendor.
pub struct Client {
    agent: Agent,
    pub(super) endpoint: Endpoint,
    /// Says a sentence to whoever waits.
    tell: fn(&str),
}

impl Client {
    /// A client that waits this long for an answer and trusts the operating system's certificates.
    pub fn new(endpoint: Endpoint, patience: Duration, tell: fn(&str)) -> Result<Self, Failure> {
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
        Ok(Self { agent, endpoint, tell })
    }

    /// Sends a request, which is built again for each try.
    pub(super) fn ask(
        &self,
        make: impl Fn() -> Result<Request<Vec<u8>>, ureq::http::Error>,
    ) -> Result<Answer, Failure> {
        let host = &self.endpoint.authority;
        let (mut tries, mut pause, mut rest) = (0, FIRST_WAIT, FIRST_REST);
        loop {
            tries += 1;
            let mut is_slow = false;
            let request = make().map_err(|error| {
                Failure::Unavailable(format!("The request to {host} can't be made: {error}."))
            })?;
            let answer = self.agent.run(request).map_err(Unanswered::Fault).and_then(Answer::read);
            let (wait, why) = match answer {
                Ok(answer) if !answer.is_busy() => return self.understood(answer),
                Ok(answer) if answer.is_throttled() => {
                    let wait = answer.wait.unwrap_or(rest);
                    rest *= 4;
                    (Some(wait), said(&answer))
                }
                Ok(answer) => (answer.wait, said(&answer)),
                // It would be as large the next time.
                Err(why @ Unanswered::TooLarge) => {
                    return Err(Failure::Unavailable(format!("{host} can't be read: {why}.")));
                }
                Err(why) => {
                    is_slow = why.is_slow();
                    (None, why.to_string())
                }
            };
            let wait = wait.unwrap_or(pause);
            if tries == TRIES || wait > LONGEST_WAIT {
                let asked = match wait > LONGEST_WAIT {
                    true => format!(", and asks to wait for {} s", wait.as_secs()),
                    false => format!(", {tries} times"),
                };
                return Err(Failure::Unavailable(format!("{host} does not answer{asked}: {why}.")));
            }
            if wait > SILENT || is_slow {
                let when = match wait.as_secs() {
                    0 => String::new(),
                    seconds => format!(" in {seconds} s"),
                };
                (self.tell)(&format!("{host} is asked again{when}: {why}."));
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
