//! Skill groups.

use super::{InstanceId, SkillGroupId};

/// What a skill group answers; the vendor's names, the first is the default.
pub const MEDIA_TYPES: [&str; 3] = ["AUDIO", "CHAT", "VIDEO"];

/// A skill group, as the faces show it.
#[derive(Clone, Debug)]
pub struct SkillGroup {
    /// `<name>@<instance id>`.
    pub skill_group_id: SkillGroupId,
    /// Its instance.
    pub instance_id: InstanceId,
    /// Its short name, part of the id.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// How many numbers it holds.
    pub phone_number_count: u64,
    /// How many members it has.
    pub user_count: u64,
}

/// A skill group by its names.
#[derive(Clone, Debug)]
pub struct NamedSkillGroup {
    /// `<name>@<instance id>`.
    pub skill_group_id: SkillGroupId,
    /// The id that VCC clients know it by.
    pub skill_group_guid: String,
    /// Its short name, part of the id.
    pub name: String,
    /// What people call it; its short name when it has no other.
    pub display_name: String,
}

/// The skill level of a new member when none is named.
pub const DEFAULT_SKILL_LEVEL: u8 = 5;
