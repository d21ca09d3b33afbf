//! Which numbers a list shows: the filter as its address has it, and as the store takes it.

use super::form_faults::FormFaults;
use super::page::Chrome;
use super::reply::Failure;
use crate::domain::history::HolderKind;
use crate::domain::phone_number::Filters;
use crate::domain::phone_number::{NumberState, Property, Usage};
use crate::domain::search_words::{MOST_WORDS, TooManyWords};
use crate::domain::{Error, Order, SearchWords};
use crate::store::phone_numbers::NumberQuery;
use crate::store::{ReadTx, suggestions};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the address of the numbers' list says.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct NumbersFilter {
    pub(super) q: String,
    /// People and groups, by id or as they are called.
    holder: Vec<String>,
    state: Vec<String>,
    city: Vec<String>,
    province: Vec<String>,
    usage: Vec<String>,
    active: Vec<String>,
    provider: Vec<String>,
    skill_group: Vec<String>,
    tag: Vec<String>,
    contact_flow: Vec<String>,
    pub(super) sort: String,
    pub(super) page: u64,
}

impl NumbersFilter {
    /// The values that a property may have; `none` stands for no value.
    pub(super) fn of(&self, property: Property) -> &[String] {
        match property {
            Property::State => &self.state,
            Property::City => &self.city,
            Property::Province => &self.province,
            Property::Usage => &self.usage,
            Property::Active => &self.active,
            Property::Provider => &self.provider,
            Property::Holder => &self.holder,
            Property::SkillGroup => &self.skill_group,
            Property::Tag => &self.tag,
            Property::ContactFlow => &self.contact_flow,
        }
    }

    /// Whose numbers are asked for; the form has a field for one.
    pub(super) fn holder(&self) -> &str {
        self.holder.first().map(String::as_str).unwrap_or_default()
    }

    /// Adds a value of a property, or takes it away.
    pub(super) fn toggle(&mut self, property: Property, value: &str) {
        let values = match property {
            Property::State => &mut self.state,
            Property::City => &mut self.city,
            Property::Province => &mut self.province,
            Property::Usage => &mut self.usage,
            Property::Active => &mut self.active,
            Property::Provider => &mut self.provider,
            Property::Holder => &mut self.holder,
            Property::SkillGroup => &mut self.skill_group,
            Property::Tag => &mut self.tag,
            Property::ContactFlow => &mut self.contact_flow,
        };
        match values.iter().position(|present| present == value) {
            Some(at) => drop(values.remove(at)),
            None => values.push(value.to_owned()),
        }
    }

    /// The filter as the store takes it. Unknown values are ignored: an empty list would be
    /// puzzling.
    ///
    /// # Errors
    /// [`Failure::BadFields`] for too many words, and for a holder whom nobody or several are
    /// called like.
    pub(super) fn query(&self, tx: &ReadTx<'_>, chrome: &Chrome) -> Result<NumberQuery, Failure> {
        let mut faults = FormFaults::new(chrome.t);
        let words = words(&mut faults, chrome, &self.q);
        let mut holders = Vec::new();
        for text in self.holder.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
            match meant(tx, chrome, text)? {
                Ok(id) => holders.push(id),
                Err(said) => faults.add("holder", said),
            }
        }
        let filters = Filters::new(|property| {
            let known = |value: &&String| match property {
                Property::State => NumberState::from_name(value).is_some(),
                Property::Usage => Usage::from_name(value).is_some(),
                Property::Active => ["true", "false"].contains(&value.as_str()),
                _ => !value.is_empty(),
            };
            match property {
                Property::Holder => holders.clone(),
                _ => self.of(property).iter().filter(known).cloned().collect(),
            }
        });
        let order = Order::parse(&self.sort).unwrap_or_default();
        faults.unless_any(words.map(|words| NumberQuery { words, filters, order }))
    }

    pub(super) fn is_narrow(&self) -> bool {
        !self.q.is_empty() || !self.holder().is_empty() || self.pairs().next().is_some()
    }

    /// What it is for people: the key of each property, and its values.
    pub(super) fn said(
        &self,
        tx: &ReadTx<'_>,
        chrome: &Chrome,
    ) -> Result<Vec<(&'static str, String)>, Error> {
        let t = chrome.t;
        let called = |property: Property, value: &String| match property {
            _ if value == "none" => Ok(t.say("none").to_string()),
            Property::State | Property::Usage | Property::Active => {
                Ok(t.name(property.name(), value).to_string())
            }
            // Nobody of another call centre is named.
            Property::Holder | Property::SkillGroup => match meant(tx, chrome, value.trim())? {
                Ok(id) => {
                    let name = suggestions::name_of_skill_group(tx, &id)?;
                    if name == id { suggestions::name_of_user(tx, &id) } else { Ok(name) }
                }
                Err(_) => Ok(value.clone()),
            },
            _ => Ok(value.clone()),
        };
        let mut said = vec![("search", self.q.clone())];
        for property in Property::ALL {
            let values = self.of(property).iter().filter(|value| !value.is_empty());
            let names: Vec<String> =
                values.map(|value| called(property, value)).collect::<Result<_, Error>>()?;
            said.push((property.name(), t.list(&names)));
        }
        Ok(said)
    }

    /// The values of all properties but the one that has a field, as fields of a form.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let rest = |property| match property {
            Property::Holder => self.holder.get(1..).unwrap_or_default(),
            _ => self.of(property),
        };
        let named =
            move |property: Property| rest(property).iter().map(move |v| (property.name(), v));
        Property::ALL.into_iter().flat_map(named)
    }
}

/// The words of a search, unless they are too many.
pub(super) fn words(faults: &mut FormFaults, chrome: &Chrome, text: &str) -> Option<SearchWords> {
    let said = |TooManyWords(count)| {
        let said = chrome.t.say("too-many-words").count(count).with("most", MOST_WORDS);
        faults.add("q", said);
    };
    SearchWords::parse(text).map_err(said).ok()
}

/// The id of the person or group that a text names; `none` is nobody. Else what to say instead.
fn meant(tx: &ReadTx<'_>, chrome: &Chrome, text: &str) -> Result<Result<String, String>, Error> {
    if text == "none" {
        return Ok(Ok(text.to_owned()));
    }
    let mut found = BTreeSet::new();
    for kind in [HolderKind::User, HolderKind::SkillGroup] {
        found.extend(suggestions::meant(tx, kind, chrome.instance_id(), text)?);
    }
    let key = if found.is_empty() { "missing-holder" } else { "target-several" };
    Ok(match (found.pop_first(), found.is_empty()) {
        (Some(id), true) => Ok(id),
        _ => Err(chrome.t.say(key).with("name", text).to_string()),
    })
}
