//! Replies: JSON, and what every list says of its page.

use crate::domain::{Error, NamedSkillGroup, Page, User};
use crate::http::Answer;
use crate::store::memberships::Member;
use serde::Serialize;
use std::collections::BTreeMap;

const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// What a list says of its page; the first member of the body.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    page: u64,
    count: usize,
    page_count: u64,
    total_count: u64,
}

impl Meta {
    fn of<T>(page: &Page<T>) -> Self {
        Self {
            page: page.shown.number,
            count: page.rows.len(),
            page_count: page.total.div_ceil(page.shown.size),
            total_count: page.total,
        }
    }
}

/// A page of a list: whose it is, and its rows under the name that the vendor gives them.
#[derive(Serialize)]
pub(super) struct Listing<T> {
    meta: Meta,
    #[serde(flatten)]
    owner: Owner,
    #[serde(flatten)]
    rows: BTreeMap<&'static str, Vec<T>>,
}

/// Whose list it is; the account's, if it is nobody's.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Owner {
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_display_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skill_id: Option<String>,
}

impl Owner {
    pub(super) fn user(user: User) -> Self {
        let (user_id, display_id) = (Some(user.user_guid), given(&user.display_id));
        Self { user_id, agent_display_id: display_id, ..Self::default() }
    }

    pub(super) fn group(group: NamedSkillGroup) -> Self {
        Self { group_id: Some(group.skill_group_guid), ..Self::default() }
    }

    pub(super) fn skill(skill: NamedSkillGroup) -> Self {
        Self { skill_id: Some(skill.skill_group_guid), ..Self::default() }
    }
}

impl<T> Listing<T> {
    /// A list of the account.
    pub(super) fn new<R>(name: &'static str, page: Page<R>, row: impl FnMut(R) -> T) -> Self {
        let (meta, owner) = (Meta::of(&page), Owner::default());
        Self { meta, owner, rows: [(name, page.rows.into_iter().map(row).collect())].into() }
    }

    /// The list of a user, a group or a skill.
    pub(super) fn of(self, owner: Owner) -> Self {
        Self { owner, ..self }
    }
}

/// A user of a group, or of a skill: these have a level.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MemberRow {
    user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_display_id: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_skill_level: Option<String>,
}

impl MemberRow {
    pub(super) fn new(row: Member, level: Option<u8>) -> Self {
        Self {
            user_id: row.user_guid,
            agent_display_id: given(&row.display_id),
            name: row.name,
            agent_skill_level: level.map(|level| level.to_string()),
        }
    }
}

/// A text that is left out of the reply when it is empty.
pub(super) fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Writes a body.
pub(super) fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value)
        .map_err(|error| Error::Internal(format!("a reply can't be written: {error}")))
}

/// An answer whose body is JSON. The vendor's authentication pages show `Pragma` beside
/// `Cache-Control`, so both are sent.
pub(super) fn answer(status: u16, body: Vec<u8>) -> Answer {
    Answer::new(status, CONTENT_TYPE, body).with("pragma", "no-cache")
}
