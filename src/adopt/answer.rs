//! What a vendor answers, or why it doesn't, in words.

use super::body;
use serde_json::Value;
use std::fmt::{self, Display, Formatter};
use std::io::ErrorKind;
use std::time::Duration;
use ureq::http::Response;
use ureq::{Body, Error, Timeout};

/// The longest time to connect.
pub(super) const CONNECT: Duration = Duration::from_secs(10);

/// The longest answer that is read. CCC shows an instance with all its numbers, although nothing of
/// them is kept.
const LARGEST: u64 = 256 << 20;

/// What a vendor answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
    pub(super) is_json: bool,
    /// Where else to ask.
    pub(super) location: Option<String>,
    pub(super) wait: Option<Duration>,
}

impl Answer {
    pub(super) fn read(mut response: Response<Body>) -> Result<Self, Unanswered> {
        let header = |name: &str| response.headers().get(name)?.to_str().ok();
        let whole = |name: &str| header(name)?.trim().parse::<u64>().ok();
        let wait = whole("x-acs-retry-after").map(Duration::from_millis);
        let wait = wait.or_else(|| whole("retry-after").map(Duration::from_secs));
        let location = header("location").map(str::to_owned);
        let status = response.status().as_u16();
        let (body, is_json) =
            match body::read(response.body_mut().with_config().limit(LARGEST).reader()) {
                Ok(body) => (body, true),
                Err(error) if error.is_io() => {
                    return Err(Unanswered::of(std::io::Error::from(error).into()));
                }
                Err(error) if error.is_data() => return Err(Unanswered::TooLarge),
                Err(error) if status < 300 && error.is_eof() => return Err(Unanswered::Cut),
                // A proxy's error page is not JSON, and its text does not matter.
                Err(_) => (Value::Null, false),
            };
        Ok(Self { status, body, is_json, location, wait })
    }

    /// Whether the vendor asks to come again later.
    pub(super) fn is_busy(&self) -> bool {
        self.is_throttled() || matches!(self.status, 500 | 502 | 503 | 504)
    }

    /// Whether the vendor says that there were too many requests.
    pub(super) fn is_throttled(&self) -> bool {
        let code = self.body["Code"].as_str().unwrap_or_default();
        self.status == 429 || code.starts_with("Throttling")
    }
}

/// Why there is no answer. The HTTP client's own messages are for programmers.
#[derive(Debug)]
pub(super) enum Unanswered {
    /// There is more of it than is read, or kept.
    TooLarge,
    /// It is JSON that ends in its middle.
    Cut,
    Fault(Error),
}

impl Unanswered {
    fn of(error: Error) -> Self {
        match error {
            Error::BodyExceedsLimit(_) => Self::TooLarge,
            error => Self::Fault(error),
        }
    }

    /// Whether the time for it ran out.
    pub(super) fn is_slow(&self) -> bool {
        matches!(self, Self::Fault(Error::Timeout(_)))
    }
}

impl Display for Unanswered {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let error = match self {
            Self::TooLarge => {
                return write!(f, "its answer takes more than {} MiB of memory", body::MOST >> 20);
            }
            Self::Cut => return f.write_str("its answer ends too early"),
            Self::Fault(error) => error,
        };
        match error {
            Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
                write!(f, "no connection to it came about within {} s", CONNECT.as_secs())
            }
            Error::Timeout(_) => f.write_str("the whole answer did not come in time (--timeout)"),
            Error::HostNotFound => f.write_str("no address of it is known"),
            Error::Protocol(_) | Error::Http(_) | Error::LargeResponseHeader(..) => {
                f.write_str("what comes back is not HTTP")
            }
            Error::Io(error) if error.kind() == ErrorKind::UnexpectedEof => {
                f.write_str("the connection ended before its answer did")
            }
            Error::Io(error) => error.fmt(f),
            Error::Rustls(error) => write!(f, "the encryption failed: {error}"),
            error => error.fmt(f),
        }
    }
}

/// The beginning of what a vendor says.
pub(super) fn shortened(text: &str) -> String {
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
