//! The one error of everything below the faces. Each face turns every variant into an answer of its
//! own, exhaustively.

use super::history::Archived;
use super::{InstanceId, Rule, UserId};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// The part of an advice that says that it can be done by force. Each face says it in its own way,
/// such as `--force`.
pub const USE_FORCE: &str = "use force";

/// The part of an advice that says that what a user holds and belongs to has to end first. Each
/// face says this in its own way, too.
pub const END_FIRST: &str = "end that first";

/// Why something could not be done.
#[derive(Clone, Debug)]
pub enum Error {
    /// Something that was named does not exist, or this caller may not know that it does.
    NotFound(Missing),
    /// Something of that name exists already.
    AlreadyExists(Existing),
    /// A skill group holds numbers or has members, and was not to be deleted by force: its id, and
    /// what it has.
    SkillGroupInUse(String, String),
    /// The instance would be left without an administrator.
    LastAdmin(InstanceId),
    /// Somebody would remove themselves: their user.
    OwnUser(UserId),
    /// A number would be swapped with itself, perhaps in another spelling: as it is stored.
    SameNumber(String),
    /// A rule of the schema stands in the way.
    Rule {
        /// The rule.
        rule: Rule,
        /// What it protects: a number, a user, …; empty when unknown.
        subject: String,
        /// The sentence of the trigger: what to do.
        advice: String,
    },
    /// The instance requires a reason for every change, and the request gave none.
    ReasonRequired,
    /// The caller's role does not allow it; a sentence that says which role and what.
    Forbidden(String),
    /// The nonce of a signed request was used before.
    NonceUsed,
    /// The database can't be used, or not in time; nothing was changed.
    Unavailable(Unavailable),
    /// A fault of the program or of the disk; for the log, not for the caller.
    Internal(String),
}

impl Error {
    /// The whole error for the log, where a face's caller sees a summary of it.
    pub fn fault(&self) -> Option<String> {
        matches!(self, Self::Internal(_) | Self::Unavailable(_)).then(|| self.to_string())
    }

    /// That something can't be taken away, because something else needs it.
    pub fn still_needed(subject: impl ToString, advice: String) -> Self {
        Self::Rule { rule: Rule::ReferencedRowIsKept, subject: subject.to_string(), advice }
    }

    /// This error with the subject as the caller spelled it.
    #[must_use]
    pub fn about(self, named: &str) -> Self {
        match self {
            Self::Rule { rule, advice, .. } => {
                Self::Rule { rule, subject: named.to_owned(), advice }
            }
            error => error,
        }
    }
}

/// What does not exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Missing {
    /// An instance, or one that the caller does not belong to.
    Instance(String),
    /// A user of an instance.
    User(String, InstanceId),
    /// A skill group of an instance.
    SkillGroup(String, InstanceId),
    /// A number of an instance.
    Number(String, InstanceId),
    /// A RAM user.
    RamUser(String),
    /// A role, by its id.
    Role(String),
    /// A contact flow of an instance.
    ContactFlow(String, InstanceId),
    /// A membership: the user and the skill group, both of which exist.
    Membership(String, String),
    /// A credential: its kind and its id.
    Credential(Cow<'static, str>, String),
    /// A change, by its id or by that of a request.
    Change(String),
    /// A spreadsheet that was previewed.
    Import(String),
    /// A run, by the id of its request.
    Run(String),
    /// One of these that may be in an archive of the change log.
    Archived(Box<Missing>, Archived),
}

/// What exists already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Existing {
    /// An instance.
    Instance(String),
    /// An instance that was given up, and the request that did so.
    GivenUp(String, String),
    /// A user of an instance.
    User(String, InstanceId),
    /// A RAM user, by id or login name.
    RamUser(String),
    /// A login name that belongs to somebody of the account.
    UserName(String),
    /// A skill group of an instance.
    SkillGroup(String, InstanceId),
    /// A number of an instance, or of the account's pool.
    PhoneNumber(String),
    /// A number that exists in another spelling: as it was given, and as it is stored.
    Spelling(String, String),
    /// An undo that is under way: the request that it takes back, and its own.
    Undo(String, String),
}

/// Why the database can't be used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// Another process holds the lock, or too many writes wait.
    Busy,
    /// The disk is full.
    DiskFull,
    /// The file or its file system is read-only.
    ReadOnly,
    /// The disk failed.
    Disk,
}

impl Missing {
    /// What does not exist and what is nearest to it, without a full stop.
    #[must_use]
    pub fn or_near(&self, nearest: &[String]) -> String {
        match nearest {
            [] => self.to_string(),
            [only] => format!("{self}; the nearest is {only}"),
            [others @ .., last] => {
                format!("{self}; the nearest are {} and {last}", others.join(", "))
            }
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instance(id) => write!(f, "instance {id} does not exist"),
            Self::User(id, instance) => {
                write!(f, "user {id} does not exist in instance {instance}")
            }
            Self::SkillGroup(id, instance) => {
                write!(f, "skill group {id} does not exist in instance {instance}")
            }
            Self::Number(number, instance) => {
                write!(f, "number {number} does not exist in instance {instance}")
            }
            Self::RamUser(name) => write!(f, "RAM user {name} does not exist"),
            Self::Role(id) => write!(f, "role {id} does not exist"),
            Self::ContactFlow(id, instance) => {
                write!(f, "contact flow {id} does not exist in instance {instance}")
            }
            Self::Membership(user, group) => write!(f, "user {user} is not in skill group {group}"),
            Self::Credential(kind, id) => write!(f, "{kind} {id} does not exist"),
            Self::Change(id) => write!(f, "change {id} does not exist"),
            Self::Import(id) => write!(f, "import {id} does not exist"),
            Self::Run(id) => write!(f, "run {id} does not exist"),
            Self::Archived(missing, archived) => write!(f, "{missing}; {archived}"),
        }
    }
}

impl fmt::Display for Existing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instance(id) => write!(f, "instance {id} exists already"),
            Self::GivenUp(id, request_id) => write!(
                f,
                "instance {id} was given up, and its id stays taken; undoing request {request_id} brings it back"
            ),
            Self::User(id, instance) => {
                write!(f, "user {id} exists already in instance {instance}")
            }
            Self::RamUser(name) => write!(f, "RAM user {name} exists already"),
            Self::UserName(name) => write!(f, "login name {name} exists already"),
            Self::SkillGroup(id, instance) => {
                write!(f, "skill group {id} exists already in instance {instance}")
            }
            Self::PhoneNumber(number) => write!(f, "number {number} exists already"),
            Self::Spelling(number, there) => {
                write!(f, "number {number} exists already, as {there}")
            }
            Self::Undo(of, by) => write!(
                f,
                "request {of} is being undone already, by run {by}; follow that run, or stop it first"
            ),
        }
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Busy => "the database is locked by another writer",
            Self::DiskFull => "the disk is full",
            Self::ReadOnly => "the database is read-only",
            Self::Disk => "the disk failed",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound(missing) => missing.fmt(f),
            Self::AlreadyExists(existing) => existing.fmt(f),
            Self::SkillGroupInUse(id, held) => {
                write!(f, "skill group {id} {held}; take them out first")
            }
            Self::LastAdmin(id) => {
                write!(
                    f,
                    "instance {id} would be left without an Admin; make another user Admin first"
                )
            }
            Self::OwnUser(id) => {
                write!(f, "nobody can remove themselves; another Admin can remove {id}")
            }
            Self::SameNumber(number) => write!(f, "{number} can't be swapped with itself"),
            Self::Rule { subject, advice, .. } if subject.is_empty() => f.write_str(advice),
            Self::Rule { subject, advice, .. } => write!(f, "{subject}: {advice}"),
            Self::ReasonRequired => f.write_str("changes of this instance need a reason"),
            Self::Forbidden(why) | Self::Internal(why) => f.write_str(why),
            Self::NonceUsed => f.write_str("the nonce was used before"),
            Self::Unavailable(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// A result whose error may be that there is no such thing.
pub trait Optional<T> {
    /// `None` for what does not exist.
    fn optional(self) -> Result<Option<T>, Error>;
}

impl<T> Optional<T> for Result<T, Error> {
    fn optional(self) -> Result<Option<T>, Error> {
        match self {
            Ok(found) => Ok(Some(found)),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
