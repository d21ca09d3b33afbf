//! Every problem that the admin API answers: one row each of type, HTTP status and title, as RFC
//! 9457 wants them.
//!
//! The type is an address on this server that explains it; the detail names what stands in the way
//! and who holds it.

use super::batch::BatchReport;
use super::fields::Fault;
use super::reply::{Answer, Respond};
use crate::domain::batch::{Refusal, RefusalCode};
use crate::domain::history::{Holder, HolderKind};
use crate::domain::{Error, Existing, InstanceId, Missing, Rule, Unavailable};
use crate::http::{self, BodyFault};
use crate::store::{ReadTx, holders};
use serde::Serialize;
use utoipa::ToSchema;

/// Declares the types of problem: variant, status, name in the address, title, and what to do about
/// it.
macro_rules! problems {
    ($($variant:ident $status:literal $name:literal $title:literal $explanation:literal,)*) => {
        /// A type of problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ProblemType { $(#[doc = $title] $variant,)* }

        impl ProblemType {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// The last part of its address.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it is called; the same every time.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// What it means and what to do, for the page at its address.
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }
        }
    };
}

problems! {
    MalformedRequest        400 "malformed-request" "The request can't be read" "Its address, query or headers hold something that can't be used, or its body is no JSON. `errors` names each place; a field that is not known is refused, so that a misspelt filter is not taken for none.",
    AuthenticationRequired  401 "authentication-required" "An API token is needed" "Send `Authorization: Bearer` and an API token that has neither expired nor been revoked. `numberd token create` makes one.",
    RoleNotAllowed          403 "role-not-allowed" "The role does not allow it" "Your role in the instance does not allow this. docs/roles.md lists who may do what.",
    NoSuchAddress           404 "no-such-address" "There is nothing at this address" "/docs lists every address.",
    InstanceNotFound        404 "instance-not-found" "There is no such instance" "It does not exist, or you do not belong to it; which of the two is not told.",
    NumberNotFound          404 "number-not-found" "There is no such number" "The instance does not have the number.",
    UserNotFound            404 "user-not-found" "There is no such user" "The instance does not have the user.",
    SkillGroupNotFound      404 "skill-group-not-found" "There is no such skill group" "The instance does not have the skill group.",
    ContactFlowNotFound     404 "contact-flow-not-found" "There is no such contact flow" "The instance does not have the contact flow.",
    LoginNotFound           404 "login-not-found" "There is no such login" "The account does not have the RAM user.",
    ChangeNotFound          404 "change-not-found" "There is no such change" "The change log of the instance does not have the change.",
    AssignmentNotFound      404 "assignment-not-found" "The user does not hold the number" "Both exist, but the number is not personal to the user.",
    BindingNotFound         404 "binding-not-found" "The skill group does not hold the number" "Both exist, but the number is not bound to the skill group.",
    MembershipNotFound      404 "membership-not-found" "The user is not in the skill group" "Both exist, but the user is not a member.",
    MethodNotAllowed        405 "method-not-allowed" "The address does not take this method" "The header `Allow` lists those that it takes.",
    BodyTooSlow             408 "body-too-slow" "The body did not arrive in time" "A body must arrive within ten seconds.",
    NumberHeldBySkillGroup  409 "number-held-by-skill-group" "A skill group holds the number" "A bound number can't become personal. `blocked_by` names the skill groups; unbind it from them first.",
    NumberHeldByUser        409 "number-held-by-user" "A user holds the number" "A personal number can't be bound, and in an exclusive instance it has one holder. `blocked_by` names him; take it back from him first.",
    ServiceNumberIsInbound  409 "service-number-is-inbound" "A service number is Inbound" "A number of ten digits that begins with 400 takes calls and makes none, so its usage is Inbound.",
    ContactFlowNeedsInbound 409 "contact-flow-needs-inbound" "A contact flow needs incoming calls" "Only a number of usage Inbound or Bidirection has a contact flow.",
    StillReferredTo         409 "still-referred-to" "Others still refer to it" "Take away first what refers to it.",
    SkillGroupInUse         409 "skill-group-in-use" "The skill group is in use" "It holds numbers or has members. Take them out first, or delete it with `force=true`.",
    InstanceExists          409 "instance-exists" "There is such an instance" "Choose another id.",
    UserExists              409 "user-exists" "There is such a user" "He is in the instance already.",
    LoginExists             409 "login-exists" "There is such a login" "Choose another name.",
    SkillGroupExists        409 "skill-group-exists" "There is such a skill group" "Choose another name.",
    NumberExists            409 "number-exists" "There is such a number" "The account has it already.",
    IdempotencyKeyInUse     409 "idempotency-key-in-use" "A request with this key is still running" "Wait for its answer, then send the same request again to see it.",
    BatchRefused            409 "batch-refused" "Items of the batch were refused" "It was to be all or nothing, so nothing was changed. `report` has every item in order, with what stands in the way of each that was refused; leave those out, free them, or send `mode` `best_effort`.",
    BackupFailed            409 "backup-failed" "There is no backup" "The backup could not be written, or was not sound; the detail says why. Nothing half-made stays behind.",
    VersionIsStale          412 "version-is-stale" "Somebody else changed it" "What you read has another version by now, so nothing was changed. Read it again, look at what is new, and send your change with the new ETag.",
    BodyTooLarge            413 "body-too-large" "The body is too large" "A body has at most 256 KiB.",
    NotJson                 415 "not-json" "The body is not JSON" "Send `Content-Type: application/json`.",
    FieldsInvalid           422 "fields-invalid" "Fields can't be used" "`errors` names every field that is wrong, and why.",
    IdempotencyKeyReused    422 "idempotency-key-reused" "The key was used for another request" "An Idempotency-Key belongs to one request; use a new key for another.",
    VersionRequired         428 "version-required" "If-Match is needed" "Send the ETag of what you read as `If-Match`, so that you don't undo what somebody else changed since.",
    Internal                500 "internal" "The server failed" "It is not your fault; the log has the reason under this request's id.",
    Unavailable             503 "unavailable" "The database can't be written now" "Nothing was changed. Try again after the time in `Retry-After`.",
}

/// Who holds what is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Blocker {
    /// `user` or `skill_group`.
    pub(super) kind: &'static str,
    /// The id.
    pub(super) id: String,
    /// What people call it; empty when it is gone.
    pub(super) display_name: String,
    /// Since when.
    pub(super) since: String,
}

impl From<Holder> for Blocker {
    fn from(holder: Holder) -> Self {
        let kind = match holder.kind {
            HolderKind::SkillGroup => "skill_group",
            HolderKind::User => "user",
        };
        Self {
            kind,
            id: holder.id,
            display_name: holder.display_name,
            since: holder.since.to_string(),
        }
    }
}

/// Who holds a number now.
pub(super) fn blockers(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<Vec<Blocker>, Error> {
    Ok(holders::of_number(tx, instance_id, number)?.into_iter().map(Blocker::from).collect())
}

/// Why a request is not answered with success.
#[derive(Debug)]
pub(super) enum Failure {
    /// No token, or none that can be used: a sentence.
    Unauthenticated(&'static str),
    /// No route.
    NoSuchAddress,
    /// No route of this method: those there are.
    MethodNotAllowed(String),
    /// What is wrong with path, query or headers.
    Malformed(Vec<Fault>),
    /// What is wrong with the fields of the body.
    Invalid(Vec<Fault>),
    /// The body is not labelled as JSON.
    NotJson,
    /// The body broke a bound.
    Body(BodyFault),
    /// No `If-Match`.
    VersionRequired,
    /// `If-Match` names another version: the present one.
    VersionIsStale(String),
    /// The key was used for another request.
    IdempotencyKeyReused,
    /// A request of that key is running.
    IdempotencyKeyInUse,
    /// A batch that was to be all or nothing, and what became of its items.
    BatchRefused(Box<BatchReport>),
    /// There is no backup: a sentence.
    BackupFailed(String),
    /// What a batch of one met.
    ItemRefused(Refusal),
    /// Two things that exist, but are not related: the type of problem, and a sentence.
    NotRelated(ProblemType, String),
    /// A number can't be given or bound: what the domain refused, and who holds the number.
    Held(Error, Vec<Blocker>),
    /// What the domain refused.
    Refused(Error),
    /// No failure but an answer, whose changes are taken back: what a rehearsal shows.
    TakenBack(Box<Answer>),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl From<BodyFault> for Failure {
    fn from(fault: BodyFault) -> Self {
        Self::Body(fault)
    }
}

/// What is sent: RFC 9457, with who stands in the way and what is wrong.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// The address that explains this type of problem.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// The type in words.
    pub(super) title: &'static str,
    /// The HTTP status.
    pub(super) status: u16,
    /// What happened here.
    pub(super) detail: String,
    /// The request's id.
    pub(super) instance: String,
    /// Everything that is wrong with the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(super) errors: Vec<Fault>,
    /// Who holds what was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(super) blocked_by: Vec<Blocker>,
    /// What became of each item of a batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) report: Option<Box<BatchReport>>,
}

impl Failure {
    /// An answer whose changes are taken back.
    pub(super) fn taken_back(reply: impl Respond) -> Self {
        match reply.answer() {
            Ok(answer) => Self::TakenBack(Box::new(answer)),
            Err(error) => Self::Refused(error),
        }
    }

    /// The type of problem, and the sentence that tells what happened.
    pub(super) fn row(&self) -> (ProblemType, String) {
        match self {
            Self::Unauthenticated(why) => (ProblemType::AuthenticationRequired, (*why).to_owned()),
            Self::NoSuchAddress => (
                ProblemType::NoSuchAddress,
                "There is nothing at this address; /docs lists what there is.".to_owned(),
            ),
            Self::MethodNotAllowed(allowed) => {
                (ProblemType::MethodNotAllowed, format!("This address takes {allowed}."))
            }
            Self::Malformed(faults) => (ProblemType::MalformedRequest, count(faults)),
            Self::Invalid(faults) => (ProblemType::FieldsInvalid, count(faults)),
            Self::NotJson => (
                ProblemType::NotJson,
                "The body must be JSON, and its Content-Type application/json.".to_owned(),
            ),
            Self::Body(BodyFault::TooLarge) => (
                ProblemType::BodyTooLarge,
                format!("The body is larger than {} bytes.", http::BODY_LIMIT),
            ),
            Self::Body(BodyFault::TooSlow) => {
                (ProblemType::BodyTooSlow, "The body did not arrive in time.".to_owned())
            }
            Self::Body(BodyFault::Broken) => (
                ProblemType::MalformedRequest,
                "The body broke off, or its framing is wrong.".to_owned(),
            ),
            Self::VersionRequired => (
                ProblemType::VersionRequired,
                "Send the ETag of what you read as If-Match.".to_owned(),
            ),
            Self::VersionIsStale(present) => (
                ProblemType::VersionIsStale,
                format!("Its ETag is {present} by now; nothing was changed."),
            ),
            Self::IdempotencyKeyReused => (
                ProblemType::IdempotencyKeyReused,
                "The Idempotency-Key was used for another request in the last 24 hours.".to_owned(),
            ),
            Self::IdempotencyKeyInUse => (
                ProblemType::IdempotencyKeyInUse,
                "A request with this Idempotency-Key is still running.".to_owned(),
            ),
            Self::BatchRefused(report) => (
                ProblemType::BatchRefused,
                format!(
                    "{} of {} items were refused, so nothing was changed.",
                    report.refused(),
                    report.total()
                ),
            ),
            Self::BackupFailed(sentence) => (ProblemType::BackupFailed, sentence.clone()),
            Self::ItemRefused(refusal) => {
                (item_refused(refusal.code), format!("{}.", capitalized(&refusal.detail)))
            }
            Self::NotRelated(kind, sentence) => (*kind, sentence.clone()),
            Self::Held(error, blockers) => held(error, blockers),
            Self::Refused(error) => refused(error),
            // It is answered before anybody asks for its problem.
            Self::TakenBack(_) => (ProblemType::Internal, String::new()),
        }
    }

    /// The problem as it is sent.
    pub(super) fn problem(self, request_id: &str) -> (ProblemType, Problem) {
        let (kind, detail) = self.row();
        let mut errors = Vec::new();
        let mut blocked_by = Vec::new();
        let mut report = None;
        if let Self::Malformed(faults) | Self::Invalid(faults) = self {
            errors = faults;
        } else if let Self::Held(_, blockers) = self {
            blocked_by = blockers;
        } else if let Self::ItemRefused(refusal) = self {
            blocked_by = refusal.blocked_by.into_iter().map(Blocker::from).collect();
        } else if let Self::BatchRefused(refused) = self {
            report = Some(refused);
        }
        let address = format!("/problems/{}", kind.name());
        (
            kind,
            Problem {
                kind: address,
                title: kind.title(),
                status: kind.status(),
                detail,
                instance: request_id.to_owned(),
                errors,
                blocked_by,
                report,
            },
        )
    }
}

fn count(faults: &[Fault]) -> String {
    match faults {
        [fault] => format!("{}: {}", fault.pointer, fault.detail),
        faults => format!("{} things are wrong.", faults.len()),
    }
}

fn held(error: &Error, blockers: &[Blocker]) -> (ProblemType, String) {
    let (kind, sentence) = refused(error);
    let holders: Vec<String> = blockers
        .iter()
        .map(|blocker| format!("{} ({})", blocker.id, blocker.display_name))
        .collect();
    let Error::Rule { subject, .. } = error else { return (kind, sentence) };
    match blockers.first() {
        Some(Blocker { kind: "skill_group", .. }) => (
            ProblemType::NumberHeldBySkillGroup,
            format!("{subject} is bound to {}; unbind it first.", holders.join(", ")),
        ),
        Some(_) => (
            ProblemType::NumberHeldByUser,
            format!("{subject} is personal to {}; take it back first.", holders.join(", ")),
        ),
        None => (kind, sentence),
    }
}

/// The rows for what the domain refuses.
fn refused(error: &Error) -> (ProblemType, String) {
    let kind = match error {
        Error::NotFound(missing) => not_found(missing),
        Error::AlreadyExists(existing) => already_exists(existing),
        Error::SkillGroupInUse(_) => ProblemType::SkillGroupInUse,
        Error::Rule { rule, .. } => broken(*rule),
        Error::Forbidden(_) => ProblemType::RoleNotAllowed,
        Error::Unavailable(
            Unavailable::Busy | Unavailable::DiskFull | Unavailable::ReadOnly | Unavailable::Disk,
        ) => ProblemType::Unavailable,
        // No request of this face has a nonce.
        Error::NonceUsed | Error::Internal(_) => ProblemType::Internal,
    };
    let sentence = match error {
        // What goes wrong inside is for the log.
        _ if kind == ProblemType::Internal => {
            "The request failed for a reason that only the server's log tells.".to_owned()
        }
        Error::Rule { subject, advice, .. } if subject.is_empty() => {
            format!("{}.", capitalized(advice))
        }
        Error::Rule { subject, advice, .. } => format!("{subject}: {advice}."),
        error => format!("{}.", capitalized(&error.to_string())),
    };
    (kind, sentence)
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
        // A role is one of three words here, no credential is named, and a change is looked up
        // before it is undone.
        Missing::Role(_) | Missing::Credential(..) | Missing::Change(_) => ProblemType::Internal,
    }
}

fn already_exists(existing: &Existing) -> ProblemType {
    match existing {
        Existing::Instance(_) => ProblemType::InstanceExists,
        Existing::User(..) => ProblemType::UserExists,
        Existing::RamUser(_) | Existing::UserName(_) => ProblemType::LoginExists,
        Existing::SkillGroup(..) => ProblemType::SkillGroupExists,
        Existing::PhoneNumber(_) => ProblemType::NumberExists,
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
        | RefusalCode::NotANumber
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
        Rule::ReferencedRowIsKept => ProblemType::StillReferredTo,
        Rule::SameInstance
        | Rule::HistoryIsKept
        | Rule::RowKeepsItsKey
        | Rule::StateFollowsRelations
        | Rule::CountersFollowRows
        | Rule::UserIsARamUser
        | Rule::ExtensionIsUnique
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
