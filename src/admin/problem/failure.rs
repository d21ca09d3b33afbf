//! Everything that can end a request without success, with the type of its problem and its
//! sentence.

use super::table::ProblemType;
use crate::admin::fields::{FaultCode, FieldError, Source};
use crate::domain::batch::{BatchReport, Refusal, RefusalCode};
use crate::domain::error::{END_FIRST, USE_FORCE};
use crate::domain::history::{Holder, HolderKind};
use crate::domain::undo::UndoReport;
use crate::domain::{Error, Existing, Missing, Rule, Unavailable};
use crate::http::{self, BodyError, UploadError};
use crate::ops::imports::NotApplied;
use std::time::Duration;

/// The most errors of one answer: a request of a few kilobytes can have thousands of faults.
pub(super) const MOST_ERRORS: usize = 100;

/// What a step on the way to an answer comes to.
pub(in crate::admin) type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why a request is not answered with success.
#[derive(Debug)]
pub(in crate::admin) enum Failure {
    /// No token, or none that can be used: a sentence.
    Unauthenticated(&'static str),
    /// Too many tokens that can't be used: how long to wait.
    TooManyAttempts(Duration),
    NoSuchAddress,
    /// No route of this method: those there are.
    MethodNotAllowed(String),
    /// What is wrong with path, query or headers.
    Malformed(Vec<FieldError>),
    /// What is wrong with the fields of the body.
    Invalid(Vec<FieldError>),
    /// The body is not labelled as JSON.
    NotJson,
    /// The body broke a bound.
    Body(BodyError),
    /// A file can't be used.
    Upload(UploadError),
    /// A file can't be read as a spreadsheet: a sentence.
    FileUnreadable(String),
    /// A preview is not applied.
    NotApplied(NotApplied),
    /// No `If-Match`.
    VersionRequired,
    /// `If-Match` names another version: the present one.
    VersionIsStale(String),
    /// The key was used for another request.
    IdempotencyKeyReused,
    /// A request of that key is running.
    IdempotencyKeyInUse,
    /// The answers that are kept for the caller's keys leave no room for one more.
    IdempotencyKeysFull,
    /// A batch that was to be all or nothing, and what became of its items.
    BatchRefused(Box<BatchReport>),
    /// A query selects something else than its dry run did: a sentence.
    SelectionChanged(String),
    /// An undo that was to be all or nothing, and what became of its rows.
    UndoRefused(Box<UndoReport>),
    /// The backup failed: a sentence.
    BackupFailed(String),
    /// What a batch of one met.
    ItemRefused(Refusal),
    /// The instance does not have the number: a sentence with those that are nearest.
    NumberNotFound(String),
    /// Two things that exist, but are not related: the type of problem, and a sentence.
    NotRelated(ProblemType, String),
    /// A number can't be given or bound: what the domain refused, and who holds the number.
    Held(Error, Vec<Holder>),
    Refused(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl From<BodyError> for Failure {
    fn from(error: BodyError) -> Self {
        Self::Body(error)
    }
}

impl Failure {
    /// One thing is wrong with the body: a JSON pointer to it, and a sentence.
    pub(in crate::admin) fn invalid(
        pointer: &str,
        code: FaultCode,
        detail: impl Into<String>,
    ) -> Self {
        Self::Invalid(vec![FieldError::new(Source::Body, pointer, code, detail)])
    }

    /// One thing is wrong with the path, the query or a header, or with the body's encoding.
    pub(in crate::admin) fn malformed(
        source: Source,
        pointer: &str,
        code: FaultCode,
        detail: impl Into<String>,
    ) -> Self {
        Self::Malformed(vec![FieldError::new(source, pointer, code, detail)])
    }

    /// The number that the request is about and the instance doesn't have.
    pub(in crate::admin) fn unknown_number(&self) -> Option<Missing> {
        match self {
            Self::Refused(Error::NotFound(missing @ Missing::Number(..))) => Some(missing.clone()),
            Self::ItemRefused(refusal) => refusal.unknown_number(),
            _ => None,
        }
    }

    /// As [`Self::unknown_number`], with the numbers that may have been meant.
    pub(in crate::admin) fn unknown_but_near(missing: &Missing, nearest: &[String]) -> Self {
        Self::NumberNotFound(format!("{}.", capitalized(&missing.or_near(nearest))))
    }

    /// The type of problem, and a sentence on what happened.
    #[rustfmt::skip]
    pub(in crate::admin) fn row(&self) -> (ProblemType, String) {
        let fixed = |kind, sentence: &str| (kind, sentence.to_owned());
        match self {
            Self::Unauthenticated(why) => fixed(ProblemType::AuthenticationRequired, why),
            Self::TooManyAttempts(_) => fixed(ProblemType::TooManyAttempts, "Too many requests with tokens that can't be used came from this address."),
            Self::NoSuchAddress => fixed(ProblemType::NoSuchAddress, "Nothing is at this address; /docs lists every address."),
            Self::MethodNotAllowed(allowed) => (ProblemType::MethodNotAllowed, format!("This address takes {allowed}.")),
            Self::Malformed(errors) => (ProblemType::MalformedRequest, summary(errors)),
            Self::Invalid(errors) => (ProblemType::FieldsInvalid, summary(errors)),
            Self::NotJson => fixed(ProblemType::NotJson, "The body must be JSON, and its Content-Type application/json."),
            Self::Body(BodyError::Encoded) => fixed(ProblemType::NotJson, "The body is compressed; send it as it is, without Content-Encoding."),
            Self::Body(BodyError::TooLarge) => (ProblemType::BodyTooLarge, format!("The body is larger than {} bytes.", http::BODY_LIMIT)),
            Self::Body(BodyError::TooSlow) => fixed(ProblemType::BodyTooSlow, "The body did not arrive in time."),
            Self::Body(BodyError::Broken) => fixed(ProblemType::MalformedRequest, "The body broke off, or its framing is wrong."),
            Self::Upload(error) => (unusable(error), error.to_string()),
            Self::FileUnreadable(sentence) => fixed(ProblemType::FileUnreadable, sentence),
            Self::NotApplied(why) => (not_applied(why), why.to_string()),
            Self::VersionRequired => fixed(ProblemType::VersionRequired, "Send the ETag of what you read as If-Match."),
            Self::VersionIsStale(present) => (ProblemType::VersionIsStale, format!("Its ETag is now {present}; nothing was changed.")),
            Self::IdempotencyKeyReused => fixed(ProblemType::IdempotencyKeyReused, "The Idempotency-Key was used for another request within the last 24 hours."),
            Self::IdempotencyKeyInUse => fixed(ProblemType::IdempotencyKeyInUse, "A request with this Idempotency-Key is still running."),
            Self::IdempotencyKeysFull => fixed(ProblemType::IdempotencyKeysFull, "The answers to your requests of the last 24 hours leave no room for this one."),
            Self::BatchRefused(report) => (ProblemType::BatchRefused, format!("{} of {} items were refused, so nothing was changed.", report.refused, report.items.len())),
            Self::SelectionChanged(sentence) => fixed(ProblemType::SelectionChanged, sentence),
            Self::UndoRefused(report) => (ProblemType::UndoRefused, format!("{} of {} changes can't be undone, so nothing was changed.", report.refused, report.changes.len())),
            Self::BackupFailed(sentence) => fixed(ProblemType::BackupFailed, sentence),
            Self::ItemRefused(refusal) => (item_refused(refusal.code), format!("{}.", capitalized(&refusal.detail))),
            Self::NumberNotFound(sentence) => fixed(ProblemType::NumberNotFound, sentence),
            Self::NotRelated(kind, sentence) => fixed(*kind, sentence),
            Self::Held(error, blockers) => held(error, blockers),
            Self::Refused(error) => refused(error),
        }
    }
}

fn summary(errors: &[FieldError]) -> String {
    match errors {
        [error] => error.detail.clone(),
        errors => {
            let count = errors.len();
            let first = if count > MOST_ERRORS { "the first of " } else { "" };
            format!("{count} values can't be used; `errors` lists {first}them.")
        }
    }
}

fn held(error: &Error, blockers: &[Holder]) -> (ProblemType, String) {
    let (kind, sentence) = refused(error);
    let Error::Rule { subject, .. } = error else { return (kind, sentence) };
    let names = blockers.iter().map(|holder| format!("{} ({})", holder.id, holder.display_name));
    let names = names.collect::<Vec<_>>().join(", ");
    match blockers.first().map(|holder| holder.kind) {
        Some(HolderKind::SkillGroup) => (
            ProblemType::NumberHeldBySkillGroup,
            format!("{subject} is bound to {names}; unbind it first."),
        ),
        Some(_) => (
            ProblemType::NumberHeldByUser,
            format!("{subject} is personal to {names}; release it first."),
        ),
        None => (kind, sentence),
    }
}

/// The rows for what the domain refuses.
fn refused(error: &Error) -> (ProblemType, String) {
    let kind = match error {
        Error::NotFound(missing) => not_found(missing),
        Error::AlreadyExists(existing) => already_exists(existing),
        Error::SkillGroupInUse(..) => ProblemType::SkillGroupInUse,
        Error::LastAdmin(_) => ProblemType::LastAdmin,
        Error::OwnUser(_) => ProblemType::OwnUser,
        // The operation that swaps says which field it is.
        Error::SameNumber(_) => ProblemType::FieldsInvalid,
        Error::Rule { rule, .. } => broken(*rule),
        Error::ReasonRequired => ProblemType::ReasonRequired,
        Error::Forbidden(_) => ProblemType::RoleNotAllowed,
        Error::Unavailable(
            Unavailable::Busy | Unavailable::DiskFull | Unavailable::ReadOnly | Unavailable::Disk,
        ) => ProblemType::Unavailable,
        // No request of this face has a nonce.
        Error::NonceUsed | Error::Internal(_) => ProblemType::Internal,
    };
    let whole = || capitalized(&error.to_string());
    let sentence = match error {
        // What goes wrong inside is for the log.
        _ if kind == ProblemType::Internal => {
            "The request failed; the server's log has the reason.".to_owned()
        }
        Error::ReasonRequired => {
            format!("{}: `reason` in the body, or the header `X-Change-Reason`.", whole())
        }
        Error::Rule { subject, advice, .. } if subject.is_empty() => {
            format!("{}.", capitalized(advice))
        }
        Error::Rule { subject, advice, .. } => {
            let ends = "release the numbers and remove the memberships first";
            let advice = advice.replace(USE_FORCE, "pass force=true").replace(END_FIRST, ends);
            format!("{subject}: {advice}.")
        }
        Error::SkillGroupInUse(..) => format!("{}, or pass force=true.", whole()),
        Error::AlreadyExists(Existing::Undo(_, by)) => {
            format!("{}: …/runs/{by} and …/runs/{by}:stop.", whole())
        }
        _ => format!("{}.", whole()),
    };
    (kind, sentence)
}

fn unusable(error: &UploadError) -> ProblemType {
    match error {
        UploadError::Body(BodyError::TooLarge) => ProblemType::BodyTooLarge,
        UploadError::Body(BodyError::TooSlow) => ProblemType::BodyTooSlow,
        UploadError::Body(BodyError::Broken) | UploadError::Form(_) => {
            ProblemType::MalformedRequest
        }
        UploadError::Body(BodyError::Encoded) | UploadError::Label(_) => ProblemType::NotAFile,
        UploadError::NoRoom | UploadError::NoPlace => ProblemType::Unavailable,
    }
}

fn not_applied(why: &NotApplied) -> ProblemType {
    match why {
        NotApplied::Already(_) => ProblemType::ImportApplied,
        NotApplied::HasFaults(..) => ProblemType::ImportHasFaults,
        NotApplied::OtherPlan | NotApplied::Changed(..) => ProblemType::ImportChanged,
    }
}

fn not_found(missing: &Missing) -> ProblemType {
    match missing {
        Missing::Instance(_) => ProblemType::InstanceNotFound,
        Missing::User(..) => ProblemType::UserNotFound,
        Missing::SkillGroup(..) => ProblemType::SkillGroupNotFound,
        Missing::Membership(..) => ProblemType::MembershipNotFound,
        Missing::Number(..) => ProblemType::NumberNotFound,
        Missing::RamUser(_) => ProblemType::LoginNotFound,
        Missing::ContactFlow(..) => ProblemType::ContactFlowNotFound,
        Missing::Import(_) => ProblemType::ImportNotFound,
        Missing::Change(_) | Missing::Run(_) => ProblemType::ChangeNotFound,
        Missing::Archived(missing, _) => not_found(missing),
        // A role is one of three words here, and no credential is named.
        Missing::Role(_) | Missing::Credential(..) => ProblemType::Internal,
    }
}

fn already_exists(existing: &Existing) -> ProblemType {
    match existing {
        Existing::Instance(_) | Existing::GivenUp(..) => ProblemType::InstanceExists,
        Existing::User(..) => ProblemType::UserExists,
        Existing::RamUser(_) | Existing::UserName(_) => ProblemType::LoginExists,
        Existing::SkillGroup(..) => ProblemType::SkillGroupExists,
        Existing::PhoneNumber(_) | Existing::Spelling(..) => ProblemType::NumberExists,
        Existing::Undo(..) => ProblemType::UndoUnderWay,
    }
}

fn item_refused(code: RefusalCode) -> ProblemType {
    match code {
        RefusalCode::NumberNotFound => ProblemType::NumberNotFound,
        RefusalCode::UserNotFound => ProblemType::UserNotFound,
        RefusalCode::SkillGroupNotFound => ProblemType::SkillGroupNotFound,
        RefusalCode::NumberHeldBySkillGroup => ProblemType::NumberHeldBySkillGroup,
        RefusalCode::NumberHeldByUser | RefusalCode::NumberHeldAlready => {
            ProblemType::NumberHeldByUser
        }
        RefusalCode::NumberIsReserved => ProblemType::NumberIsReserved,
        RefusalCode::HolderNotActive => ProblemType::HolderNotActive,
        RefusalCode::NumberNotHeld => ProblemType::AssignmentNotFound,
        RefusalCode::NumberTaken => ProblemType::NumberExists,
        RefusalCode::ServiceNumberIsInbound => ProblemType::ServiceNumberIsInbound,
        RefusalCode::ContactFlowNeedsInbound => ProblemType::ContactFlowNeedsInbound,
        // The batches of one item, a transfer and the adding of a number, meet none of these.
        RefusalCode::AlreadyExists
        | RefusalCode::NumberHasContactFlow
        | RefusalCode::StillInUse
        | RefusalCode::NotInInstance
        | RefusalCode::ExtensionTaken
        | RefusalCode::SelectedNumberNotHeld
        | RefusalCode::HistoryIsKept
        | RefusalCode::NotFound
        | RefusalCode::ChangedSince
        | RefusalCode::CredentialNotUndone
        | RefusalCode::NotUndoable
        | RefusalCode::RuleBroken => ProblemType::BatchRefused,
    }
}

/// The types for the rules that a request can break. The others guard against edits by hand: a
/// request that broke one would be the program's fault.
fn broken(rule: Rule) -> ProblemType {
    match rule {
        Rule::BoundNumberIsNotPersonal | Rule::PersonalNumberHasOneHolder => {
            ProblemType::NumberHeldByUser
        }
        Rule::ServiceNumberIsInbound => ProblemType::ServiceNumberIsInbound,
        Rule::ContactFlowNeedsInbound => ProblemType::ContactFlowNeedsInbound,
        Rule::NumberIsReserved => ProblemType::NumberIsReserved,
        Rule::NumberExistsOnce => ProblemType::NumberExists,
        Rule::HolderIsActive => ProblemType::HolderNotActive,
        Rule::ReferencedRowIsKept => ProblemType::StillReferredTo,
        Rule::ExtensionIsUnique => ProblemType::ExtensionTaken,
        Rule::SameInstance
        | Rule::ReasonIsRequired
        | Rule::HistoryIsKept
        | Rule::RowKeepsItsKey
        | Rule::StateFollowsRelations
        | Rule::CountersFollowRows
        | Rule::UserIsARamUser
        | Rule::NumberHasADigit
        | Rule::SelectedCallbackNumberIsPersonal
        | Rule::OneRoot => ProblemType::Internal,
    }
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
