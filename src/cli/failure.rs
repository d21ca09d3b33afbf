//! How a command fails, and the exit code that says so.

use super::Options;
use crate::adopt;
use crate::domain::error::{END_FIRST, USE_FORCE};
use crate::domain::{Error, Missing, Rule};
use crate::store::{Migrate, OpenError, near_numbers};

/// For how many unknown numbers others are looked for.
const MOST_LOOKED_UP: usize = 3;

/// Why a command failed.
#[derive(Debug)]
pub(super) enum Failure {
    Refused(String),
    Usage(String),
    NotFound(String),
    Conflict(String),
    Database(String),
    /// One of these, and the numbers that it says the instance doesn't have.
    UnknownNumbers(Box<Failure>, Vec<Missing>),
}

impl Failure {
    pub(super) fn code(&self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Usage(_) => 2,
            Self::NotFound(_) => 3,
            Self::Conflict(_) => 4,
            Self::Database(_) => 5,
            Self::UnknownNumbers(failure, _) => failure.code(),
        }
    }

    pub(super) fn sentence(&self) -> &str {
        match self {
            Self::Refused(text)
            | Self::Usage(text)
            | Self::NotFound(text)
            | Self::Conflict(text)
            | Self::Database(text) => text,
            Self::UnknownNumbers(failure, _) => failure.sentence(),
        }
    }

    /// This failure, which says that these numbers don't exist.
    pub(super) fn of_unknown(self, missing: Vec<Missing>) -> Self {
        if missing.is_empty() { self } else { Self::UnknownNumbers(Box::new(self), missing) }
    }

    /// This failure, with what the numbers may have been meant to be: looked up once here, for all
    /// commands.
    pub(super) fn or_near(self, options: &Options) -> Self {
        let Self::UnknownNumbers(failure, missing) = self else { return self };
        let Ok(store) = options.open(Migrate::Require) else { return *failure };
        let found = missing.iter().take(MOST_LOOKED_UP).filter_map(|missing| {
            let Missing::Number(number, instance_id) = missing else { return None };
            let found: Result<_, Error> =
                store.read(|tx| near_numbers::nearest(tx, instance_id, number));
            found.ok().filter(|nearest| !nearest.is_empty()).map(|nearest| (number, nearest))
        });
        let near = |(number, nearest): (&String, Vec<String>)| match nearest.as_slice() {
            [only] => format!(" The nearest to {number} is {only}."),
            several => format!(" The nearest to {number} are {}.", several.join(", ")),
        };
        let near: String = found.map(near).collect();
        failure.map(|text| text + &near)
    }

    fn map(self, change: impl FnOnce(String) -> String) -> Self {
        match self {
            Self::Refused(text) => Self::Refused(change(text)),
            Self::Usage(text) => Self::Usage(change(text)),
            Self::NotFound(text) => Self::NotFound(change(text)),
            Self::Conflict(text) => Self::Conflict(change(text)),
            Self::Database(text) => Self::Database(change(text)),
            Self::UnknownNumbers(failure, missing) => failure.map(change).of_unknown(missing),
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
            Error::NotFound(missing @ Missing::Number(..)) => {
                Self::NotFound(text).of_unknown(vec![missing])
            }
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
