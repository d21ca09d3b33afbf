//! How a command fails, and the exit code that says so.

use crate::adopt;
use crate::domain::error::{END_FIRST, USE_FORCE};
use crate::domain::{Error, Rule};
use crate::store::OpenError;

/// Why a command failed.
#[derive(Debug)]
pub(super) enum Failure {
    Refused(String),
    Usage(String),
    NotFound(String),
    Conflict(String),
    Database(String),
}

impl Failure {
    pub(super) fn code(&self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Usage(_) => 2,
            Self::NotFound(_) => 3,
            Self::Conflict(_) => 4,
            Self::Database(_) => 5,
        }
    }

    pub(super) fn sentence(&self) -> &str {
        match self {
            Self::Refused(text)
            | Self::Usage(text)
            | Self::NotFound(text)
            | Self::Conflict(text)
            | Self::Database(text) => text,
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::Database(error.to_string())
    }
}

impl From<adopt::Failure> for Failure {
    fn from(failure: adopt::Failure) -> Self {
        match failure {
            adopt::Failure::Refused(text) => Self::Usage(text),
            adopt::Failure::NotFound(text) => Self::NotFound(text),
            adopt::Failure::Shifted(text) => Self::Conflict(text),
            adopt::Failure::Unavailable(text) => Self::Database(text),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let text = match &error {
            Error::ReasonRequired => {
                "Changes of this instance need a reason; give one with --reason.".to_owned()
            }
            Error::SkillGroupInUse(..) => format!("{error}, or use --force."),
            // The rule's name is for programs.
            Error::Rule { subject, advice, .. } if !subject.is_empty() => {
                let ends = "end that first (users hand-over, numbers release, groups remove-user)";
                let advice = advice.replace(USE_FORCE, "use --force").replace(END_FIRST, ends);
                format!("{subject}: {advice}.")
            }
            error => format!("{error}."),
        };
        match error {
            Error::NotFound(_) => Self::NotFound(text),
            Error::AlreadyExists(_)
            | Error::Rule { rule: Rule::RowKeepsItsKey | Rule::OneRoot, .. } => {
                Self::Conflict(text)
            }
            Error::Rule { .. }
            | Error::ReasonRequired
            | Error::SkillGroupInUse(..)
            | Error::LastAdmin(_)
            | Error::OwnUser(_)
            | Error::Forbidden(_)
            | Error::NonceUsed => Self::Refused(text),
            Error::Unavailable(_) | Error::Internal(_) => Self::Database(text),
        }
    }
}
