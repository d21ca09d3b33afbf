//! Skill groups of a spreadsheet.

use super::{Imported, require_same_id};
use crate::domain::Optional;
use crate::domain::batch::RefusalCode;
use crate::domain::import::{GroupLine, Why};
use crate::domain::skill_group::NewSkillGroup;
use crate::domain::{Error, InstanceId, SkillGroup, SkillGroupId};
use crate::ops::skill_groups as ops_of_groups;
use crate::ops::stop::{Stop, stop};
use crate::store::{ReadTx, WriteTx, skill_groups};

impl Imported for SkillGroup {
    fn find(tx: &ReadTx<'_>, instance_id: &InstanceId, key: &str) -> Result<Option<Self>, Error> {
        skill_groups::get(tx, instance_id, &SkillGroupId::of(key, instance_id)).optional()
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn create(tx: &WriteTx<'_>, instance_id: &InstanceId, line: &GroupLine) -> Result<(), Stop> {
        let Some(name) = line.name.clone() else { return Ok(()) };
        let edit = line.edit.clone();
        let new = NewSkillGroup {
            display_name: edit.display_name.unwrap_or_else(|| name.to_string()),
            name,
            description: edit.description.unwrap_or_default(),
            media_type: line.media_type.unwrap_or_default(),
            guid: line.guid.clone(),
        };
        let made = ops_of_groups::create(tx, instance_id, &new);
        made.map(|_| ()).map_err(|error| stop(tx, instance_id, "", error))
    }

    fn change(
        &self,
        tx: &WriteTx<'_>,
        instance_id: &InstanceId,
        line: &GroupLine,
    ) -> Result<(), Stop> {
        if line.media_type.is_some_and(|wanted| wanted != self.media_type) {
            let why = Why::MediaStays(self.name.clone(), self.media_type.to_string());
            return Err(Stop::because(RefusalCode::RuleBroken, why));
        }
        require_same_id(&self.name, line.guid.as_ref(), &self.skill_group_guid)?;
        ops_of_groups::modify(tx, instance_id, &self.skill_group_id, &line.edit)
            .map_err(|error| stop(tx, instance_id, "", error))
    }

    fn column_of(code: RefusalCode, _: impl Fn(&str) -> bool) -> &'static str {
        match code {
            RefusalCode::AlreadyExists => "name",
            RefusalCode::RuleBroken => "media_type",
            RefusalCode::ChangedSince => "version",
            _ => "",
        }
    }
}
