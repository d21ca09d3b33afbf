//! Numbers in replies. The vendor's pages show their fields in two orders, and each operation some
//! of them; what an operation does not show is absent.

use crate::domain::phone_number::{NumberDetails, PhoneNumber};
use crate::domain::{Error, InstanceId, SkillGroup};
use crate::store::outbound_numbers::OutboundNumber;
use crate::store::{ReadTx, skill_groups};
use serde::Serialize;

/// A number as it is listed, its fields in alphabetical order. Providers have only a name here; the
/// vendor's other words for them stay empty.
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListedNumber {
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    pub(super) city: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_flow_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_flow_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    create_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_id: Option<String>,
    number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_short_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_type: Option<&'static str>,
    pub(super) province: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    skill_groups: Option<Vec<BriefSkillGroup>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct BriefSkillGroup {
    display_name: String,
    instance_id: String,
    name: String,
    skill_group_id: String,
}

impl ListedNumber {
    /// A number and where it belongs.
    pub(super) fn place(number: String, province: String, city: String) -> Self {
        Self { city, number, province, ..Self::default() }
    }

    /// A number to dial out with.
    pub(super) fn outbound(row: OutboundNumber) -> Self {
        Self {
            city: row.city,
            number: row.number,
            provider_code: Some(""),
            provider_display_name: Some(row.provider.clone()),
            provider: Some(row.provider),
            provider_short_name: Some(""),
            provider_type: Some(""),
            province: row.province,
            ..Self::default()
        }
    }

    /// A number that a skill group has or could have.
    pub(super) fn of_skill_group(instance_id: &InstanceId, row: PhoneNumber) -> Self {
        Self {
            active: Some(row.active),
            city: row.city,
            contact_flow_id: Some(row.contact_flow_id.unwrap_or_default()),
            instance_id: Some(instance_id.to_string()),
            number: row.number,
            province: row.province,
            usage: Some(row.usage.name()),
            ..Self::default()
        }
    }

    /// A number of an instance, with who holds it.
    pub(super) fn whole(
        tx: &ReadTx<'_>,
        instance_id: &InstanceId,
        row: NumberDetails,
    ) -> Result<Self, Error> {
        let brief = |group: SkillGroup| BriefSkillGroup {
            display_name: group.display_name,
            instance_id: group.instance_id.to_string(),
            name: group.name,
            skill_group_id: group.skill_group_id.to_string(),
        };
        let skill_groups = skill_groups::list_of_number(tx, instance_id, &row)?;
        Ok(Self {
            active: Some(row.active),
            city: row.city,
            contact_flow_id: Some(row.contact_flow_id.unwrap_or_default()),
            contact_flow_name: Some(row.contact_flow_name.unwrap_or_default()),
            create_time: Some(row.created_at.millis().to_string()),
            instance_id: Some(instance_id.to_string()),
            number: row.number,
            provider: Some(row.provider),
            province: row.province,
            skill_groups: Some(skill_groups.into_iter().map(brief).collect()),
            tags: Some(serde_json::to_string(&row.tags).unwrap_or_default()),
            usage: Some(row.usage.name()),
            user_id: Some(row.user_ids.into_iter().next().unwrap_or_default()),
            ..Self::default()
        })
    }
}

/// A number as it is shown with its instance or its user.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownNumber {
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_flow_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    province: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skill_groups: Option<Vec<NumberSkillGroup>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NumberSkillGroup {
    description: String,
    phone_number_count: u64,
    instance_id: String,
    user_count: u64,
    display_name: String,
    skill_group_id: String,
    name: String,
}

impl ShownNumber {
    /// The number and nothing else of it.
    pub(super) fn bare(number: String) -> Self {
        Self { number, ..Self::default() }
    }

    /// A number of a user in the list of users.
    pub(super) fn of_listed_user(row: PhoneNumber) -> Self {
        Self {
            usage: Some(row.usage.name()),
            active: Some(row.active),
            number: row.number,
            city: Some(row.city),
            province: Some(row.province),
            ..Self::default()
        }
    }

    /// A number that a user has or could have.
    pub(super) fn personal(instance_id: &InstanceId, mut row: PhoneNumber) -> Self {
        Self {
            usage: None,
            instance_id: Some(instance_id.to_string()),
            contact_flow_id: Some(row.contact_flow_id.take().unwrap_or_default()),
            ..Self::of_listed_user(row)
        }
    }

    /// A number of an instance that a user holds: no skill group has it.
    pub(super) fn held(instance_id: &InstanceId, user_id: String, row: PhoneNumber) -> Self {
        Self {
            usage: Some(row.usage.name()),
            user_id: Some(user_id),
            skill_groups: Some(Vec::new()),
            ..Self::personal(instance_id, row)
        }
    }

    /// A number of an instance, with the skill groups that hold it.
    pub(super) fn whole(
        tx: &ReadTx<'_>,
        instance_id: &InstanceId,
        row: NumberDetails,
    ) -> Result<Self, Error> {
        let shown = |group: SkillGroup| NumberSkillGroup {
            description: group.description,
            phone_number_count: group.phone_number_count,
            instance_id: group.instance_id.to_string(),
            user_count: group.user_count,
            display_name: group.display_name,
            skill_group_id: group.skill_group_id.to_string(),
            name: group.name,
        };
        let skill_groups = skill_groups::list_of_number(tx, instance_id, &row)?;
        Ok(Self {
            usage: Some(row.usage.name()),
            active: Some(row.active),
            number: row.number,
            instance_id: Some(instance_id.to_string()),
            contact_flow_id: Some(row.contact_flow_id.unwrap_or_default()),
            user_id: Some(row.user_ids.into_iter().next().unwrap_or_default()),
            city: Some(row.city),
            province: Some(row.province),
            skill_groups: Some(skill_groups.into_iter().map(shown).collect()),
        })
    }
}
