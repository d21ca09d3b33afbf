//! Every error that the CCC face answers: one row each of code, HTTP status and message.
//!
//! Sources: the error tables of the operations' pages on help.aliyun.com and the gateway's common
//! error codes, read 2026-11-21.

mod refused;

use crate::domain::{Error, Missing};
use crate::http::{self, BodyError};
use refused::refused;

/// What a step on the way to an answer comes to.
pub(super) type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why a request is not answered with success.
#[derive(Debug)]
pub(super) enum Failure {
    // The gateway's, before the operation runs
    /// No operation of that name.
    ActionNotFound,
    /// Another API version than 2020-07-01.
    VersionInvalid,
    /// A common parameter that must be there: its name.
    Missing(&'static str),
    /// No AccessKey of that id.
    AccessKeyNotFound,
    /// The AccessKey was revoked.
    AccessKeyInactive,
    /// The bearer token is unknown, expired or revoked.
    TokenNotFound,
    /// The time stamp is not `YYYY-MM-DDThh:mm:ssZ`.
    TimestampFormat,
    /// The time stamp is more than 15 minutes off.
    TimestampExpired,
    NonceUsed,
    /// The signature is not that of this string.
    SignatureMismatch(String),
    /// The signature does not cover what it must: the string to sign, and what is missing.
    SignatureIncomplete(String, String),
    /// Neither HMAC-SHA1 nor ACS3-HMAC-SHA256.
    SignatureMethod,
    /// `Format` is neither XML nor JSON.
    ReplyFormat,
    /// A parameter that can't be used, and why: it is given more than once, or means nothing to
    /// the gateway.
    Unusable(String, &'static str),
    /// A parameter that is not UTF-8, or holds a control character.
    Unreadable(String),
    /// The body is not the JSON that it should be, and why.
    Json(String),
    /// Neither GET nor POST.
    HttpMethod,
    /// The body, or the query, is larger than its limit in bytes.
    TooLarge(&'static str, usize),
    /// The body did not arrive in time.
    TooSlow,
    /// The body is compressed.
    Encoded,
    /// More requests of one AccessKey than nonces can be remembered, or more wrong credentials from
    /// one address than are looked at.
    Throttled,

    // The product's
    /// The parameter is not there.
    Null(&'static str),
    /// The parameter is there, but empty.
    Empty(&'static str),
    /// The parameter holds white space only.
    Blank(&'static str),
    /// The parameter is below its least value.
    Minimum(&'static str, String),
    /// The parameter is above its greatest value.
    Maximum(&'static str, String),
    /// The parameter is not one of these words.
    Enumeration(&'static str, &'static [&'static str]),
    /// The parameter can't be read, and why.
    Format(&'static str, String),
    /// The parameter can't be meant, and why.
    Invalid(&'static str, String),
    Refused(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::NonceUsed => Self::NonceUsed,
            error => Self::Refused(error),
        }
    }
}

impl From<BodyError> for Failure {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge => Self::TooLarge("body", http::BODY_LIMIT),
            BodyError::TooSlow => Self::TooSlow,
            BodyError::Broken => Self::Unreadable("body".to_owned()),
            BodyError::Encoded => Self::Encoded,
        }
    }
}

/// A row of the table: what is sent for a failure.
pub(super) struct Row {
    pub(super) status: u16,
    pub(super) code: String,
    pub(super) message: String,
}

impl Failure {
    /// Whether nothing was done because the database can't be written now.
    pub(super) fn is_unavailable(&self) -> bool {
        matches!(self, Self::Refused(Error::Unavailable(_)))
    }

    /// The failure of a rule, or a missing membership, blamed on the parameter that named its
    /// subject.
    pub(super) fn of(parameter: &'static str) -> impl Fn(Error) -> Self {
        move |error| match error {
            Error::Rule { subject, advice, .. } => {
                Self::Invalid(parameter, format!("{subject}: {}", refused::in_words(&advice)))
            }
            Error::NotFound(Missing::Membership(user, group)) => {
                Self::Invalid(parameter, format!("{user} is not in skill group {group}"))
            }
            error @ (Error::LastAdmin(_) | Error::OwnUser(_)) => {
                Self::Invalid(parameter, error.to_string())
            }
            error => error.into(),
        }
    }

    /// The full error for the log, where the caller sees a summary.
    pub(super) fn fault(&self) -> Option<String> {
        if let Self::Refused(error) = self { error.fault() } else { None }
    }

    #[rustfmt::skip]
    pub(super) fn row(&self) -> Row {
        match self {
            Self::ActionNotFound => row(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method."),
            Self::VersionInvalid => row(400, "InvalidVersion", "Specified parameter Version is not valid."),
            Self::Missing(name) => row(400, format!("Missing{name}"), format!("{name} is mandatory for this action.")),
            Self::AccessKeyNotFound => row(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."),
            Self::AccessKeyInactive => row(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled."),
            Self::TokenNotFound => row(401, "InvalidBearerToken", "Specified parameter BearerToken is not valid."),
            Self::TimestampFormat => row(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted."),
            Self::TimestampExpired => row(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."),
            Self::NonceUsed => row(400, "SignatureNonceUsed", "Specified signature nonce was used already."),
            Self::SignatureMismatch(to_sign) => row(400, "SignatureDoesNotMatch", format!("Specified signature is not matched with our calculation. server string to sign is:{to_sign}")),
            Self::SignatureIncomplete(to_sign, gap) => row(400, "IncompleteSignature", format!("The request signature does not conform to Aliyun standards. server string to sign is:{to_sign}. {gap}.")),
            Self::SignatureMethod => row(400, "InvalidSignatureMethod", "Specified signature method is not valid."),
            Self::ReplyFormat => row(400, "InvalidParameter.Format", "Specified parameter format is not valid."),
            Self::Unusable(name, why) => row(400, format!("Invalid{}", in_code(name)), format!("Specified parameter {name} is not valid: {why}.")),
            Self::Unreadable(name) => row(400, "InvalidParameter.Encoding", format!("Specified parameter {name} is not valid: it is not UTF-8 text without control characters.")),
            Self::Json(why) => row(400, "InvalidBody", format!("Specified parameter Body is not valid: {why}.")),
            Self::HttpMethod => row(400, "UnsupportedHTTPMethod", "This http method is not supported."),
            Self::TooLarge(what, limit) => row(413, "RequestTooLarge", format!("The {what} is larger than {limit} bytes.")),
            Self::TooSlow => row(408, "RequestTimeout", "The body of the request did not arrive in time."),
            Self::Encoded => row(415, "InvalidContentEncoding", "Specified parameter ContentEncoding is not valid: a compressed body is not read, send it as it is."),
            Self::Throttled => row(429, "Throttling.User", "Request was denied due to user flow control."),
            Self::Null(name) => row(400, "Parameter.Null", format!("The parameter {name} may not be null.")),
            Self::Empty(name) => row(400, "Parameter.Empty", format!("The parameter {name} may not be null or empty.")),
            Self::Blank(name) => row(400, "Parameter.Blank", format!("The parameter {name} may not be null or blank.")),
            Self::Minimum(name, least) => row(400, "Parameter.Minimum", format!("The parameter {name} must be greater than or equal to {least}.")),
            Self::Maximum(name, most) => row(400, "Parameter.Maximum", format!("The parameter {name} must be less than or equal to {most}.")),
            Self::Enumeration(name, values) => row(400, "Parameter.Enumeration", format!("The parameter {name} must be one of the value of enumeration [{}].", values.join(", "))),
            Self::Format(name, why) => row(400, "Parameter.Format", format!("The format of parameter {name} is invalid. {why}")),
            Self::Invalid(name, why) => row(400, "Parameter.Invalid", format!("The parameter {name} is invalid. {why}.")),
            Self::Refused(error) => refused(error),
        }
    }
}

fn row(status: u16, code: impl Into<String>, message: impl Into<String>) -> Row {
    Row { status, code: code.into(), message: message.into() }
}

/// A parameter in a code. Its name may be the caller's own; the log shows the code, so it holds
/// nothing but the characters of a name.
fn in_code(name: &str) -> &str {
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if name.len() <= 64 && name.bytes().all(usual) { name } else { "Parameter" }
}

#[cfg(test)]
mod tests;
