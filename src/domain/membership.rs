//! Who belongs to which skill group, and how well they serve it.

use super::{SkillGroupId, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

/// A user's place in a skill group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The skill group.
    pub skill_group_id: SkillGroupId,
    /// The user.
    pub user_id: UserId,
    /// From 1, the strongest, to 10.
    pub skill_level: u8,
}

/// A user who is in a skill group.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DatedMembership {
    /// The skill group.
    pub skill_group_id: SkillGroupId,
    /// The user.
    pub user_id: UserId,
    /// From 1, the strongest, to 10.
    pub skill_level: u8,
    /// Since when.
    pub since: Timestamp,
}
