//! Readers of lists.

use super::{LONGEST_LIST, Params, parsed, shortened};
use crate::ccc::error::Failure;
use crate::domain::{Number, RamId, SkillGroupId, UserId};
use std::collections::BTreeMap;

impl Params {
    /// Numbers that are new to the account.
    pub(in crate::ccc) fn new_numbers(&self, name: &'static str) -> Result<Vec<Number>, Failure> {
        let numbers = self.list(name)?;
        numbers.iter().map(|number| parsed(name, number)).collect()
    }

    /// A list of texts that must be there and hold something: a JSON array in one parameter, or
    /// `Name.1`, `Name.2`, …. What stands in it twice is taken once.
    pub(in crate::ccc) fn list(&self, name: &'static str) -> Result<Vec<String>, Failure> {
        let repeated = self.repeated(name);
        let items = if repeated.is_empty() {
            let value = self.text(name)?;
            serde_json::from_str::<Vec<String>>(value).map_err(|_| {
                Failure::Format(
                    name,
                    format!("{} is not a JSON array of strings.", shortened(value)),
                )
            })?
        } else if self.get(name).is_some() {
            return Err(Failure::Format(
                name,
                format!("It is given twice, as {name} and as {name}.1."),
            ));
        } else {
            repeated
        };
        if items.is_empty() {
            return Err(Failure::Empty(name));
        }
        if items.len() > LONGEST_LIST {
            return Err(Failure::Maximum(name, format!("{LONGEST_LIST} items")));
        }
        let mut seen = std::collections::HashSet::new();
        Ok(items.into_iter().filter(|item| seen.insert(item.clone())).collect())
    }

    /// `Name.1`, `Name.2`, … as some SDKs send a list, in the order of their figures.
    fn repeated(&self, name: &str) -> Vec<String> {
        let prefix = format!("{name}.");
        let mut items: Vec<(u32, &String)> = self
            .values
            .range(prefix.clone()..)
            .take_while(|(key, _)| key.starts_with(&prefix))
            .filter_map(|(key, value)| Some((key[prefix.len()..].parse().ok()?, value)))
            .collect();
        items.sort_unstable_by_key(|(figure, _)| *figure);
        items.into_iter().map(|(_, value)| value.clone()).collect()
    }

    /// A list of skill groups.
    pub(in crate::ccc) fn skill_groups(
        &self,
        name: &'static str,
    ) -> Result<Vec<SkillGroupId>, Failure> {
        self.list(name).map(|ids| ids.into_iter().map(SkillGroupId::new).collect())
    }

    /// A list of users.
    pub(in crate::ccc) fn users(&self, name: &'static str) -> Result<Vec<UserId>, Failure> {
        self.list(name).map(|ids| ids.into_iter().map(UserId::new).collect())
    }

    /// A list of skill groups or users (`key` says which) with a level from 1 to 10 each: a JSON
    /// array of objects such as `{"skillGroupId":"test@ccc-test","skillLevel":5}`. An id that
    /// stands in it twice has the level of its last place.
    pub(in crate::ccc) fn levels(
        &self,
        name: &'static str,
        key: &'static str,
    ) -> Result<Vec<(String, u8)>, Failure> {
        let value = self.text(name)?;
        let malformed = || {
            Failure::Format(
                name,
                format!(
                    "{} is not a JSON array of objects with {key} and skillLevel.",
                    shortened(value)
                ),
            )
        };
        let items: Vec<serde_json::Map<String, serde_json::Value>> =
            serde_json::from_str(value).map_err(|_| malformed())?;
        if items.is_empty() {
            return Err(Failure::Empty(name));
        }
        if items.len() > LONGEST_LIST {
            return Err(Failure::Maximum(name, format!("{LONGEST_LIST} items")));
        }
        let mut levels = BTreeMap::new();
        for item in &items {
            // Older pages write the keys with a capital.
            let field = |key: &str| {
                item.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
            };
            let id = field(key)
                .and_then(serde_json::Value::as_str)
                .filter(|id| !id.is_empty())
                .ok_or_else(malformed)?;
            let level = field("skillLevel")
                .and_then(|level| level.as_i64().or_else(|| level.as_str()?.parse().ok()))
                .ok_or_else(malformed)?;
            let level = match level {
                ..1 => return Err(Failure::Minimum("SkillLevel", "1".to_owned())),
                11.. => return Err(Failure::Maximum("SkillLevel", "10".to_owned())),
                level => u8::try_from(level).map_err(|_| malformed())?,
            };
            levels.insert(id.to_owned(), level);
        }
        Ok(levels.into_iter().collect())
    }

    /// The same, where the list may be absent or empty.
    pub(in crate::ccc) fn optional_levels(
        &self,
        name: &'static str,
        key: &'static str,
    ) -> Result<Vec<(String, u8)>, Failure> {
        match self.get(name) {
            None | Some("" | "[]") => Ok(Vec::new()),
            Some(_) => self.levels(name, key),
        }
    }

    /// A list of texts that may be absent or empty.
    pub(in crate::ccc) fn optional_list(&self, name: &'static str) -> Result<Vec<String>, Failure> {
        match self.get(name) {
            Some("" | "[]") => Ok(Vec::new()),
            None if self.repeated(name).is_empty() => Ok(Vec::new()),
            _ => self.list(name),
        }
    }

    /// A list of RAM users.
    pub(in crate::ccc) fn ram_ids(&self, name: &'static str) -> Result<Vec<RamId>, Failure> {
        self.list(name).map(|ids| ids.into_iter().map(RamId::new).collect())
    }

    /// `SkillLevelList`: the skill groups that users join, with the level in each; it may be absent
    /// or empty.
    pub(in crate::ccc) fn skill_levels(&self) -> Result<Vec<(SkillGroupId, u8)>, Failure> {
        let levels = self.optional_levels("SkillLevelList", "skillGroupId")?;
        Ok(levels.into_iter().map(|(id, level)| (SkillGroupId::new(id), level)).collect())
    }
}
