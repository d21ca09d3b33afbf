//! What skills and groups share: both are skill groups, and a user's skills are the memberships
//! that his groups are.

use super::error::Failure;
use super::params::Guid;
use crate::domain::{InstanceId, NamedSkillGroup, SkillGroupId, UserId};
use crate::store::{ReadTx, skill_groups, users};

/// The skill group of the account that a path names.
///
/// # Errors
/// There is none; `what` is what the path calls it.
pub(super) fn find(
    tx: &ReadTx<'_>,
    account: &InstanceId,
    what: &'static str,
    id: &Guid,
) -> Result<NamedSkillGroup, Failure> {
    skill_groups::find_by_guid(tx, account, id.as_str())?
        .ok_or_else(|| Failure::NoSuch(what, id.as_str().to_owned()))
}

/// The skill group that a body names.
///
/// # Errors
/// There is none in the account.
pub(super) fn named_skill_group(
    tx: &ReadTx<'_>,
    account: &InstanceId,
    what: &str,
    id: &Guid,
) -> Result<SkillGroupId, Failure> {
    let found = skill_groups::find_by_guid(tx, account, id.as_str())?;
    found
        .map(|group| group.skill_group_id)
        .ok_or_else(|| Failure::Invalid(format!("There is no {what} {}.", id.as_str())))
}

/// The user that a body names.
///
/// # Errors
/// There is none in the account.
pub(super) fn named_user(
    tx: &ReadTx<'_>,
    account: &InstanceId,
    id: &Guid,
) -> Result<UserId, Failure> {
    let found = users::find_by_guid(tx, account, id.as_str())?;
    found
        .map(|user| user.user_id)
        .ok_or_else(|| Failure::Invalid(format!("There is no user {}.", id.as_str())))
}
