//! Which numbers a list shows: the filter as its address has it, and as the store takes it.

use super::page::Chrome;
use super::reply::Failure;
use crate::domain::phone_number::Filters;
use crate::domain::phone_number::{NumberState, Property, Usage};
use crate::domain::search_words::{MOST_WORDS, TooManyWords};
use crate::domain::{Order, SearchWords};
use crate::store::phone_numbers::NumberQuery;
use serde::{Deserialize, Serialize};

/// What the address of the numbers' list says.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct NumbersFilter {
    pub(super) q: String,
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
            Property::SkillGroup => &self.skill_group,
            Property::Tag => &self.tag,
            Property::ContactFlow => &self.contact_flow,
        }
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
    /// [`Failure::BadForm`] for too many words.
    pub(super) fn query(&self, chrome: &Chrome) -> Result<NumberQuery, Failure> {
        let words = words(chrome, &self.q)?;
        let filters = Filters::new(|property| {
            let known = |value: &&String| match property {
                Property::State => NumberState::from_name(value).is_some(),
                Property::Usage => Usage::from_name(value).is_some(),
                Property::Active => ["true", "false"].contains(&value.as_str()),
                _ => !value.is_empty(),
            };
            self.of(property).iter().filter(known).cloned().collect()
        });
        let order = Order::parse(&self.sort).unwrap_or_default();
        Ok(NumberQuery { words, filters, order })
    }

    pub(super) fn is_narrow(&self) -> bool {
        !self.q.is_empty() || self.pairs().next().is_some()
    }

    /// The values of all properties, as fields of a form.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'static str, &String)> {
        Property::ALL
            .into_iter()
            .flat_map(|property| self.of(property).iter().map(move |v| (property.name(), v)))
    }
}

/// The words of a search.
///
/// # Errors
/// [`Failure::BadForm`] for too many.
pub(super) fn words(chrome: &Chrome, text: &str) -> Result<SearchWords, Failure> {
    SearchWords::parse(text).map_err(|TooManyWords(count)| {
        let sentence = chrome.t.say("too-many-words").count(count).with("most", MOST_WORDS);
        Failure::BadForm(sentence.to_string())
    })
}
