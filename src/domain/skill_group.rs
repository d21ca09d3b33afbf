//! Skill groups: teams that hold numbers and have members.

use super::text::parsed_text;
use super::word::words;
use super::{InstanceId, SkillGroupId, Timestamp};
use serde::Serialize;
use std::ops::RangeInclusive;
use utoipa::ToSchema;

words! {
    /// What a skill group answers; the vendor's names.
    #[derive(Default)]
    MediaType {
        /// Calls.
        #[default]
        Audio = "AUDIO",
        /// Messages.
        Chat = "CHAT",
        /// Calls with a picture.
        Video = "VIDEO",
    }
}

parsed_text! {
    /// The short name of a skill group, which is the front of its id and so holds no `@`.
    SkillGroupName {
        WHAT: "a skill group name",
        RULE: "a letter, then at most 63 ASCII letters, digits, _ and -",
        LENGTH: (1, 64),
        PATTERN: "^[A-Za-z][A-Za-z0-9_-]*$",
        fits(text) {
            text.starts_with(|c: char| c.is_ascii_alphabetic())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        }
    }
}

/// A skill group. What is skipped is for the program itself.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SkillGroup {
    /// Name @ instance.
    pub skill_group_id: SkillGroupId,
    /// The instance.
    #[serde(skip)]
    pub instance_id: InstanceId,
    /// The short name.
    pub name: String,
    /// The display name.
    pub display_name: String,
    /// The description.
    pub description: String,
    /// What it answers.
    pub media_type: MediaType,
    /// The id in VCC.
    pub skill_group_guid: String,
    /// The number of numbers that it holds.
    pub phone_number_count: u64,
    /// The number of members.
    pub user_count: u64,
    /// Grows with every change, except of the counts.
    pub version: u64,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A skill group that is to be created.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of `SkillGroup`")]
pub struct NewSkillGroup {
    pub name: SkillGroupName,
    pub display_name: String,
    pub description: String,
    pub media_type: MediaType,
    /// Its id in VCC; `None`: a new one.
    pub guid: Option<String>,
}

/// The fields of a skill group to change; `None` leaves one as it is.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of `SkillGroup`")]
pub struct SkillGroupEdit {
    pub display_name: Option<String>,
    pub description: Option<String>,
}

/// Which skill groups of an instance are listed; an absent filter lets every group through.
#[derive(Clone, Debug, Default)]
pub struct SkillGroupFilter {
    /// Part of the name or of the display name.
    pub search_pattern: Option<String>,
    /// Only groups of this media type.
    pub media_type: Option<MediaType>,
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

/// The skill levels that a member can have, from the strongest.
pub const SKILL_LEVELS: RangeInclusive<u8> = 1..=10;

/// The skill level of a new member when none is named.
pub const DEFAULT_SKILL_LEVEL: u8 = 5;
