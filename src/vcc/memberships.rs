//! What skills and groups share: both are skill groups here, so the skills and the groups of a user
//! are the same memberships.

use super::error::{Failure, Result};
use super::params::Guid;
use crate::domain::skill_group::{MediaType, NewSkillGroup};
use crate::domain::text::{self, LONGEST_NAME, Parsed};
use crate::domain::{InstanceId, NamedSkillGroup, SkillGroupName};
use crate::ops;
use crate::store::key_file::random_bytes;
use crate::store::{ReadTx, WriteTx, skill_groups};

/// The skill group of the account that a request names; `what` is the vendor's word for it.
pub(super) fn find(
    tx: &ReadTx<'_>,
    account: &InstanceId,
    what: &'static str,
    id: &Guid,
) -> Result<NamedSkillGroup> {
    skill_groups::find_by_guid(tx, account, id.as_str())?
        .ok_or_else(|| Failure::NoSuch(what, id.as_str().to_owned()))
}

/// Makes a skill group of a display name: what the vendor calls a skill or a group. Its name, which
/// its id is made of, is the display id if one is given, else the display name if that can be one,
/// else one that is made up.
pub(super) fn create(
    tx: &WriteTx<'_>,
    account: &InstanceId,
    (parameter, display_name): (&str, &str),
    display_id: Option<String>,
) -> Result<NamedSkillGroup> {
    let display_name = text::name(display_name, LONGEST_NAME)
        .map_err(|fault| Failure::Invalid(format!("{parameter}: {fault}.")))?;
    let name = match (display_id, SkillGroupName::parse(&display_name)) {
        (Some(id), _) => SkillGroupName::parse(&id)
            .map_err(|malformed| Failure::Invalid(format!("groupDisplayId: {malformed}.")))?,
        (None, Ok(name)) => name,
        (None, Err(_)) => {
            SkillGroupName::of(&format!("group-{:08x}", u32::from_be_bytes(random_bytes()?)))
        }
    };
    let new = NewSkillGroup {
        name,
        display_name,
        description: String::new(),
        media_type: MediaType::default(),
        guid: None,
    };
    let id = ops::skill_groups::create(tx, account, &new)?;
    Ok(skill_groups::get_named(tx, account, &id)?)
}
