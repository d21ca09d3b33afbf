//! The rows for what the domain refuses, whichever operation was called.

use super::{Failure, Row, row};
use crate::domain::error::{END_FIRST, USE_FORCE};
use crate::domain::{Error, Existing, Missing, Rule, Unavailable};

#[rustfmt::skip]
pub(super) fn refused(error: &Error) -> Row {
    match error {
        Error::NotFound(missing) => not_found(missing),
        Error::AlreadyExists(existing) => already_exists(existing),
        Error::SkillGroupInUse(id, _) => row(400, "InUse.SkillGroup", format!("Skill group {id} is in use now.")),
        Error::Rule { rule, subject, advice } => broken(*rule, subject, advice),
        Error::LastAdmin(_) | Error::OwnUser(_) => row(403, "Permission.Common", format!("You have no permission to access. {error}.")),
        Error::Forbidden(why) => row(403, "Permission.Common", format!("You have no permission to access. {why}.")),
        Error::NonceUsed => Failure::NonceUsed.row(),
        Error::Unavailable(
            Unavailable::Busy | Unavailable::DiskFull | Unavailable::ReadOnly | Unavailable::Disk,
        ) => row(503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server."),
        // The vendor's clients swap no numbers, and are not asked for a reason.
        Error::SameNumber(_) | Error::ReasonRequired | Error::Internal(_) => row(500, "InternalError", "The request processing has failed due to some unknown error."),
    }
}

#[rustfmt::skip]
fn not_found(missing: &Missing) -> Row {
    let (code, message) = match missing {
        Missing::Instance(id) => ("NotExists.InstanceId", format!("The specified instance {id} does not exist.")),
        Missing::User(id, instance) => ("NotExists.UserId", format!("The user {id} does not exist in instance {instance}.")),
        Missing::SkillGroup(id, instance) => ("NotExists.SkillGroupId", format!("The skill group ID {id} does not exist in instance {instance}.")),
        Missing::Number(number, instance) => ("NotExists.Number", format!("The specified number {number} does not exist in instance {instance}.")),
        Missing::RamUser(id) => ("NotExists.RamId", format!("RAM user {id} does not exist.")),
        Missing::Role(id) => ("NotExists.RoleId", format!("Role {id} does not exist.")),
        Missing::ContactFlow(id, instance) => ("NotExists.ContactFlowId", format!("The contact flow {id} does not exist in instance {instance}.")),
        Missing::Membership(user, group) => ("NotExists.UserId", format!("The user {user} does not exist in skill group {group}.")),
        // No operation of this face names a credential, a change or what was archived; the command
        // line does.
        Missing::Credential(kind, id) => ("NotExists.Credential", format!("{kind} {id} does not exist.")),
        Missing::Run(id) => ("NotExists.Run", format!("The run {id} does not exist.")),
        Missing::Change(id) => ("NotExists.Change", format!("The change {id} does not exist.")),
        Missing::Import(id) => ("NotExists.Import", format!("The import {id} does not exist.")),
        Missing::Archived(missing, _) => return not_found(missing),
    };
    row(404, code, message)
}

#[rustfmt::skip]
fn already_exists(existing: &Existing) -> Row {
    let (code, message) = match existing {
        Existing::Instance(id) | Existing::GivenUp(id, _) => ("AlreadyExists.InstanceId", format!("The instance {id} already exists.")),
        Existing::User(id, instance) => ("AlreadyExists.User", format!("User {id} already exists in instance {instance}.")),
        Existing::RamUser(name) => ("AlreadyExists.RamUser", format!("RAM user {name} already exists.")),
        // The full-width stop is the vendor's.
        Existing::UserName(name) => ("AlreadyExists.UserName", format!("User name {name} already exists。")),
        Existing::SkillGroup(id, instance) => ("AlreadyExists.SkillGroupId", format!("Skill group {id} already exists in instance {instance}.")),
        Existing::PhoneNumber(number) => ("AlreadyExists.PhoneNumber", format!("The specified number {number} already exists in the instance.")),
        Existing::Spelling(number, there) => ("AlreadyExists.PhoneNumber", format!("The specified number {number} (as {there}) already exists in the instance.")),
        Existing::Undo(of, _) => ("AlreadyExists.Undo", format!("An undo of the request {of} already exists.")),
    };
    row(409, code, message)
}

/// A rule that no parameter was blamed for.
fn broken(rule: Rule, subject: &str, advice: &str) -> Row {
    let parameter = match rule {
        Rule::BoundNumberIsNotPersonal
        | Rule::PersonalNumberHasOneHolder
        | Rule::NumberIsReserved
        | Rule::NumberExistsOnce
        | Rule::NumberHasADigit
        | Rule::StateFollowsRelations => "Number",
        Rule::ServiceNumberIsInbound => "Usage",
        Rule::ContactFlowNeedsInbound => "ContactFlowId",
        Rule::ExtensionIsUnique => "Extension",
        Rule::SelectedCallbackNumberIsPersonal | Rule::UserIsARamUser | Rule::HolderIsActive => {
            "UserId"
        }
        Rule::SameInstance | Rule::OneRoot => "InstanceId",
        Rule::HistoryIsKept
        | Rule::RowKeepsItsKey
        | Rule::ReferencedRowIsKept
        | Rule::ReasonIsRequired
        | Rule::CountersFollowRows => "request",
    };
    Failure::Invalid(parameter, format!("{subject}: {}", in_words(advice))).row()
}

/// An advice in the words of this face.
pub(super) fn in_words(advice: &str) -> String {
    let ends = "call RemovePersonalNumbersFromUser and RemoveSkillGroupsFromUser first";
    advice.replace(USE_FORCE, "set Force to true").replace(END_FIRST, ends)
}
