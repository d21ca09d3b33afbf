//! Readers of lists: a JSON array in one parameter, as the typed SDKs send it, or the flat form
//! `Name.1`, `Name.2`, … (of objects `Name.1.Member`) of the others.

use super::texts::faulty;
use super::{LONGEST_LIST, Params, parsed, quoted};
use crate::ccc::error::{Failure, Result};
use crate::domain::json::{self, JsonError};
use crate::domain::skill_group::SKILL_LEVELS;
use crate::domain::text::{self, LONGEST_WORD, MOST_TAGS};
use crate::domain::{Number, SkillGroupId};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashSet};

/// The members of each item of a flat list; of a list of texts the only one, without a name.
type Flat<'a> = Vec<BTreeMap<&'a str, &'a str>>;

impl Params {
    /// Numbers that are new to the account.
    pub(in crate::ccc) fn new_numbers(&self, name: &'static str) -> Result<Vec<Number>> {
        let numbers = self.list(name)?;
        numbers.iter().map(|number| parsed(name, number)).collect()
    }

    /// A list of texts that must be there and not be empty. An item that is given twice is taken
    /// once.
    pub(in crate::ccc) fn list(&self, name: &'static str) -> Result<Vec<String>> {
        self.list_of(name, LONGEST_LIST)
    }

    /// Like [`Self::list`], of at most `most` items.
    fn list_of(&self, name: &'static str, most: usize) -> Result<Vec<String>> {
        let items = match self.flat(name, &[""])? {
            Some(flat) => flat
                .into_iter()
                .filter_map(|item| item.get("").map(|text| (*text).to_owned()))
                .collect(),
            None => {
                let value = self.text(name)?;
                serde_json::from_str::<Vec<String>>(value).map_err(|_| {
                    Failure::Format(
                        name,
                        format!("{} is not a JSON array of strings.", quoted(value)),
                    )
                })?
            }
        };
        check_length(name, items.len(), most)?;
        let mut seen = HashSet::new();
        Ok(items.into_iter().filter(|item| seen.insert(item.clone())).collect())
    }

    /// The items of the flat form, each with the members that it may have; `None` if the list is
    /// not given in that form.
    ///
    /// # Errors
    /// It is given in two forms, or in one that is not read: an index that is not 1, 2, 3, …, a gap
    /// between them, or a member that is not one of these.
    fn flat<'a>(
        &'a self,
        name: &'static str,
        members: &[&'static str],
    ) -> Result<Option<Flat<'a>>> {
        let wrong = |why: String| Failure::Format(name, why);
        let forms = members.iter().map(|member| match *member {
            "" => format!("{name}.N"),
            member => format!("{name}.N.{}", capitalised(member)),
        });
        let forms = forms.collect::<Vec<_>>().join(" or ");
        let unknown =
            |key: &str| wrong(format!("{} is not {forms} with N = 1, 2, 3, ….", quoted(key)));
        let prefix = format!("{name}.");
        if let Some(other) = self.other_forms(name).find(|key| !key.starts_with(&prefix)) {
            return Err(unknown(other));
        }
        let mut items: BTreeMap<usize, BTreeMap<&str, &str>> = BTreeMap::new();
        for key in self.other_forms(name) {
            let (value, rest) = (self.get(key).unwrap_or_default(), &key[prefix.len()..]);
            let (index, member) = rest.split_once('.').unwrap_or((rest, ""));
            let digits = index.bytes().all(|byte| byte.is_ascii_digit()) && !index.starts_with('0');
            let index: usize = index.parse().ok().filter(|_| digits).ok_or_else(|| unknown(key))?;
            let known = members.iter().find(|known| known.eq_ignore_ascii_case(member));
            let member = known.copied().ok_or_else(|| unknown(key))?;
            if items.entry(index).or_default().insert(member, value).is_some() {
                return Err(wrong(format!("{} is given more than once.", quoted(key))));
            }
        }
        if items.is_empty() {
            return Ok(None);
        }
        if self.get(name).is_some() {
            return Err(wrong(format!("It is given twice, as {name} and as {name}.1.")));
        }
        if let Some(gap) = (1..=items.len()).find(|index| !items.contains_key(index)) {
            return Err(wrong(format!("{name}.{gap} is missing, but a later item is given.")));
        }
        Ok(Some(items.into_values().collect()))
    }

    /// The ids of things that must be named.
    pub(in crate::ccc) fn ids<T: From<String>>(&self, name: &'static str) -> Result<Vec<T>> {
        self.list(name).map(|ids| ids.into_iter().map(T::from).collect())
    }

    /// A list of skill groups or users (`key` says which) with a level from 1 to 10 each: objects
    /// such as `{"skillGroupId":"test@ccc-test","skillLevel":5}`. If an id occurs twice, its last
    /// level wins.
    pub(in crate::ccc) fn levels(
        &self,
        name: &'static str,
        key: &'static str,
    ) -> Result<Vec<(String, u8)>> {
        let items = match self.flat(name, &[key, "skillLevel"])? {
            Some(flat) => flat.into_iter().map(object).collect(),
            None => self.objects(name, key)?,
        };
        check_length(name, items.len(), LONGEST_LIST)?;
        let malformed = || self.malformed_levels(name, key);
        let mut levels = BTreeMap::new();
        for item in &items {
            // Older pages write the members with a capital.
            let field = |key: &str| {
                item.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
            };
            let id = field(key)
                .and_then(Value::as_str)
                .filter(|id| !id.is_empty())
                .ok_or_else(malformed)?;
            let level = field("skillLevel")
                .and_then(|level| level.as_i64().or_else(|| level.as_str()?.parse().ok()))
                .ok_or_else(malformed)?;
            let (least, most) = SKILL_LEVELS.into_inner();
            if level < least.into() {
                return Err(Failure::Minimum("SkillLevel", least.to_string()));
            }
            let level = u8::try_from(level).ok().filter(|level| *level <= most);
            let level = level.ok_or_else(|| Failure::Maximum("SkillLevel", most.to_string()))?;
            levels.insert(id.to_owned(), level);
        }
        Ok(levels.into_iter().collect())
    }

    /// The objects of a JSON array.
    fn objects(&self, name: &'static str, key: &'static str) -> Result<Vec<Map<String, Value>>> {
        let malformed = || self.malformed_levels(name, key);
        match json::read(self.text(name)?.as_bytes()) {
            Ok(value) => serde_json::from_value(value).map_err(|_| malformed()),
            Err(JsonError::Syntax(_)) => Err(malformed()),
            Err(repeated) => Err(Failure::Format(name, format!("Its JSON: {repeated}."))),
        }
    }

    fn malformed_levels(&self, name: &'static str, key: &'static str) -> Failure {
        let why = match self.get(name) {
            Some(value) => format!(
                "{} is not a JSON array of objects with {key} and skillLevel.",
                quoted(value)
            ),
            None => {
                format!("Each item needs {name}.N.{} and {name}.N.SkillLevel.", capitalised(key))
            }
        };
        Failure::Format(name, why)
    }

    /// A list of texts that may be absent or empty.
    pub(in crate::ccc) fn optional_list(&self, name: &'static str) -> Result<Vec<String>> {
        if self.has_items(name) { self.list(name) } else { Ok(Vec::new()) }
    }

    /// The tags of a number; they may be absent or empty.
    pub(in crate::ccc) fn tags(&self, name: &'static str) -> Result<Vec<String>> {
        if !self.has_items(name) {
            return Ok(Vec::new());
        }
        let tags = self.list_of(name, MOST_TAGS)?;
        let read =
            |tag: &String| text::name(tag, LONGEST_WORD).map_err(|fault| faulty(name, fault));
        tags.iter().map(read).collect()
    }

    /// Whether a list that may be absent or empty is neither.
    fn has_items(&self, name: &'static str) -> bool {
        match self.get(name) {
            Some(value) => !matches!(value, "" | "[]"),
            None => self.other_forms(name).next().is_some(),
        }
    }

    /// `SkillLevelList`: the skill groups that users join, with the level in each; it may be absent
    /// or empty.
    pub(in crate::ccc) fn skill_levels(&self) -> Result<Vec<(SkillGroupId, u8)>> {
        if !self.has_items("SkillLevelList") {
            return Ok(Vec::new());
        }
        let levels = self.levels("SkillLevelList", "skillGroupId")?;
        Ok(levels.into_iter().map(|(id, level)| (SkillGroupId::new(id), level)).collect())
    }
}

/// A member as the flat form writes it.
fn capitalised(member: &str) -> String {
    let (first, rest) = member.split_at(member.len().min(1));
    format!("{}{rest}", first.to_ascii_uppercase())
}

fn object(members: BTreeMap<&str, &str>) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect()
}

fn check_length(name: &'static str, length: usize, most: usize) -> Result<()> {
    match length {
        0 => Err(Failure::Empty(name)),
        length if length > most => Err(Failure::Maximum(name, format!("{most} items"))),
        _ => Ok(()),
    }
}
