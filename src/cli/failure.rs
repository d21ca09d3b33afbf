//! How a command fails, and the exit code that says so.

use super::{Options, hint};
use crate::adopt;
use crate::domain::error::{END_FIRST, USE_FORCE};
use crate::domain::{Error, Existing, Missing, Rule};
use crate::store::{Migrate, OpenError, near_numbers};

/// For how many unknown numbers others are looked for.
const MOST_LOOKED_UP: usize = 3;

/// Why a command failed.
#[derive(Debug)]
pub(super) struct Failure {
    /// The exit code.
    pub(super) code: u8,
    pub(super) sentence: String,
    /// The numbers that it says the instance doesn't have.
    missing: Vec<Missing>,
}

/// Declares how each kind of failure is made, with its exit code.
macro_rules! kinds {
    ($($kind:ident = $code:literal,)*) => {
        impl Failure {
            $(pub(super) fn $kind(sentence: impl Into<String>) -> Self {
                Self { code: $code, sentence: sentence.into(), missing: Vec::new() }
            })*
        }
    };
}

kinds! { refused = 1, usage = 2, not_found = 3, conflict = 4, database = 5, }

impl Failure {
    /// This failure, which says that these numbers don't exist.
    pub(super) fn of_unknown(self, missing: Vec<Missing>) -> Self {
        Self { missing, ..self }
    }

    /// This failure, with what the numbers may have been meant to be: looked up once here, for all
    /// commands.
    pub(super) fn or_near(mut self, options: &Options) -> Self {
        if self.missing.is_empty() {
            return self;
        }
        let Ok(store) = options.open(Migrate::Require) else { return self };
        for missing in self.missing.iter().take(MOST_LOOKED_UP) {
            let Missing::Number(number, instance_id) = missing else { continue };
            let found: Result<Vec<String>, Error> =
                store.read(|tx| near_numbers::nearest(tx, instance_id, number));
            self.sentence += &match found.unwrap_or_default().as_slice() {
                [] => String::new(),
                [only] => format!(" The nearest to {number} is {only}."),
                several => format!(" The nearest to {number} are {}.", several.join(", ")),
            };
        }
        self
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::database(error.to_string())
    }
}

impl From<adopt::Failure> for Failure {
    fn from(failure: adopt::Failure) -> Self {
        match failure {
            adopt::Failure::Refused(text) => Self::usage(text),
            adopt::Failure::NotFound(text) => Self::not_found(text),
            adopt::Failure::Shifted(text) => Self::conflict(text),
            adopt::Failure::Unavailable(text) => Self::database(text),
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
            Error::AlreadyExists(Existing::Undo(_, by)) => {
                format!("{error}: `{}`, and with `--stop`.", hint::command(&format!("run {by}")))
            }
            error => format!("{error}."),
        };
        match error {
            Error::NotFound(missing @ Missing::Number(..)) => {
                Self::not_found(text).of_unknown(vec![missing])
            }
            Error::NotFound(_) => Self::not_found(text),
            Error::SameNumber(_) => Self::usage(text),
            Error::AlreadyExists(_)
            | Error::Rule { rule: Rule::RowKeepsItsKey | Rule::OneRoot, .. } => {
                Self::conflict(text)
            }
            Error::Rule { .. }
            | Error::ReasonRequired
            | Error::SkillGroupInUse(..)
            | Error::LastAdmin(_)
            | Error::OwnUser(_)
            | Error::Forbidden(_)
            | Error::NonceUsed => Self::refused(text),
            Error::Unavailable(_) | Error::Internal(_) => Self::database(text),
        }
    }
}
