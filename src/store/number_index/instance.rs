//! The index of one instance: sets of numbers, as bitmaps of their positions.

use super::grams::Grams;
use super::moments::Moments;
use super::numbers::Numbers;
use super::remembered::{Found, Of, Sought};
use crate::domain::SearchWords;
use crate::domain::phone_number::{Filters, Property, ValueCount};
use crate::domain::search_words::{Word, begins, folded, in_every_spelling, without_separators};
use crate::store::engine::may_take_long;
use roaring::RoaringBitmap;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

/// The values of one property, each with the numbers that have it.
pub(super) type Values = BTreeMap<String, RoaringBitmap>;

/// What ids are called.
pub(super) type Names = HashMap<String, Named>;

/// What an id is called, and the folded text in which words are looked for.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) text: String,
}

/// The index of an instance.
#[derive(Default)]
pub(in crate::store) struct InstanceIndex {
    /// The newest change that it knows.
    pub(super) seen: i64,
    pub(super) numbers: Numbers,
    pub(super) created: Moments,
    /// Since when somebody holds them.
    pub(super) since: Moments,
    /// The numbers that the instance has; a number that it lost keeps its position.
    pub(super) present: RoaringBitmap,
    /// Those with separators.
    pub(super) separated: RoaringBitmap,
    pub(super) grams: Grams,
    pub(super) values: [Values; Property::NAMES.len()],
    /// By note, folded.
    pub(super) notes: Values,
    /// By user id, the numbers that each holds.
    pub(super) held: Values,
    /// By id.
    pub(super) users: Names,
    pub(super) skill_groups: Names,
    pub(super) contact_flows: Names,
    pub(super) found: Found,
}

/// In how many numbers, or texts, a set is looked for on a thread that must not be held up.
const FEW_NUMBERS: u64 = 20_000;
const FEW_TEXTS: usize = 5_000;

static NONE: LazyLock<RoaringBitmap> = LazyLock::new(RoaringBitmap::new);

impl InstanceIndex {
    /// All numbers.
    pub(in crate::store) fn all(&self) -> &RoaringBitmap {
        &self.present
    }

    /// A set without these numbers.
    pub(in crate::store) fn without(
        &self,
        set: Arc<RoaringBitmap>,
        numbers: &[String],
    ) -> Arc<RoaringBitmap> {
        if numbers.is_empty() {
            return set;
        }
        let positions = numbers.iter().filter_map(|number| self.numbers.position(number));
        Arc::new(&*set - positions.collect::<RoaringBitmap>())
    }

    /// The numbers that have a value.
    pub(in crate::store) fn having(&self, property: Property, value: &str) -> &RoaringBitmap {
        self.values[property as usize].get(value).unwrap_or(&NONE)
    }

    /// The numbers that a user holds.
    pub(in crate::store) fn held_by(&self, user_id: &str) -> &RoaringBitmap {
        self.held.get(user_id).unwrap_or(&NONE)
    }

    /// The numbers that skill groups hold; `None` if one is held by several.
    pub(in crate::store) fn bound_once(&self) -> Option<&RoaringBitmap> {
        let bound = self.having(Property::State, "bound");
        let by_group = self.values[Property::SkillGroup as usize].iter();
        let held: u64 = by_group.filter(|(id, _)| !id.is_empty()).map(|(_, set)| set.len()).sum();
        (held == bound.len()).then_some(bound)
    }

    /// The numbers that contain a text as `LIKE` finds it, whatever its case.
    pub(in crate::store) fn containing(&self, pattern: &str) -> Arc<RoaringBitmap> {
        self.parts(&pattern.to_ascii_lowercase(), Of::Entered)
    }

    /// Those of them that nobody holds.
    pub(in crate::store) fn free_containing(&self, pattern: &str) -> Arc<RoaringBitmap> {
        self.remembered(Sought::Free(pattern.to_owned()), || {
            &*self.containing(pattern) & self.having(Property::State, "free")
        })
    }

    /// The numbers that words and filters let through.
    pub(in crate::store) fn matching(
        &self,
        words: &SearchWords,
        filters: &Filters,
    ) -> Arc<RoaringBitmap> {
        let sought = Sought::Matching(words.text().to_owned(), Box::new(filters.clone()));
        self.remembered(sought, || self.find(words, filters))
    }

    fn find(&self, words: &SearchWords, filters: &Filters) -> RoaringBitmap {
        let mut set = self.present.clone();
        for property in Property::ALL {
            let chosen = filters.of(property);
            if !chosen.is_empty() {
                let values = &self.values[property as usize];
                set &= union(chosen.iter().filter_map(|value| values.get(value)));
            }
        }
        for term in words.terms() {
            let mut words = term.words.iter().map(|word| self.having_word(word));
            let mut found = words.next().map(|first| (*first).clone()).unwrap_or_default();
            words.for_each(|word| found &= &*word);
            if !term.together.is_empty() {
                found |= &*self.parts(&term.together, Of::Bare);
                found |= self.beginning(&term.beginning);
            }
            set &= found;
        }
        set
    }

    /// How many of the numbers that words and filters let through have each value of a property;
    /// most numbers first.
    pub(in crate::store) fn counts(
        &self,
        words: &SearchWords,
        filters: &Filters,
        property: Property,
    ) -> Vec<ValueCount> {
        let sought = Sought::Matching(words.text().to_owned(), Box::new(filters.clone()));
        let counts = self.found.counts.or((sought, property), || {
            self.may_find().then(|| self.count(&self.matching(words, filters), property))
        });
        counts.as_deref().cloned().unwrap_or_default()
    }

    fn count(&self, set: &RoaringBitmap, property: Property) -> Vec<ValueCount> {
        let names: &[&Names] = match property {
            Property::Holder => &[&self.users, &self.skill_groups],
            Property::SkillGroup => &[&self.skill_groups],
            Property::ContactFlow => &[&self.contact_flows],
            _ => &[],
        };
        let named = |id: &str| names.iter().find_map(|names| names.get(id));
        let called = |id| named(id).map(|n| n.name.as_str()).filter(|name| !name.is_empty());
        let (all, of_set) = (self.present.len(), set.len());
        let mut counts: Vec<ValueCount> = self.values[property as usize]
            .iter()
            .map(|(value, numbers)| {
                let every = numbers.len() == all;
                let count = if every { of_set } else { numbers.intersection_len(set) };
                let value = if value.is_empty() { "none" } else { value.as_str() };
                let name = called(value).unwrap_or(value).to_owned();
                ValueCount { value: value.to_owned(), name, count }
            })
            .filter(|value| value.count > 0)
            .collect();
        counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        counts.truncate(ValueCount::MOST);
        counts
    }

    /// The numbers in whose texts a word is found.
    fn having_word(&self, word: &Word) -> Arc<RoaringBitmap> {
        self.remembered(Sought::Word(word.text.clone()), || {
            let mut found = (*self.parts(&word.text, Of::Entered)).clone();
            if !word.ending.is_empty() {
                let ends = |position: &u32| word.ends(self.numbers.get(*position));
                found.extend(self.parts(&word.ending, Of::Bare).iter().filter(ends));
            }
            if !word.digits.is_empty() {
                found |= &*self.parts(&word.digits, Of::Bare);
                found |= self.beginning(&word.beginning);
            }
            for property in [Property::City, Property::Province, Property::Provider, Property::Tag]
            {
                let values = self.values[property as usize].iter();
                found |= union(
                    values.filter(|(v, _)| folded(v).contains(&word.text)).map(|(_, set)| set),
                );
            }
            let named = [
                (&self.values[Property::SkillGroup as usize], &self.skill_groups),
                (&self.values[Property::ContactFlow as usize], &self.contact_flows),
                (&self.held, &self.users),
            ];
            let noted = self.notes.iter().filter(|(note, _)| note.contains(&word.text));
            found |= union(noted.map(|(_, set)| set));
            for (values, names) in named {
                let is_named =
                    |id| names.get(id).is_some_and(|n: &Named| n.text.contains(&word.text));
                found |= union(values.iter().filter(|(id, _)| is_named(*id)).map(|(_, set)| set));
            }
            found
        })
    }

    /// The numbers that begin so when they are spelled internationally.
    fn beginning(&self, beginning: &str) -> RoaringBitmap {
        if beginning.is_empty() {
            return RoaringBitmap::new();
        }
        let candidates = self.parts(in_every_spelling(beginning), Of::Bare);
        let spelled = |position: &u32| begins(self.numbers.get(*position), beginning);
        candidates.iter().filter(spelled).collect()
    }

    /// The numbers that contain a part.
    fn parts(&self, part: &str, of: Of) -> Arc<RoaringBitmap> {
        self.remembered(Sought::Part(of, part.to_owned()), || {
            if part.is_empty() {
                return self.present.clone();
            }
            let short = part.len() <= 3;
            let mut candidates = self.grams.candidates(part).unwrap_or_default();
            candidates &= &self.present;
            if short && candidates.is_disjoint(&self.separated) {
                return candidates;
            }
            // The bitmaps know the number as it was entered and without separators.
            let contains = |position: &u32| {
                if !self.separated.contains(*position) {
                    return short || self.numbers.get(*position).contains(part);
                }
                let number = self.numbers.get(*position);
                match of {
                    Of::Entered => number.contains(part),
                    Of::Bare => without_separators(number).contains(part),
                }
            };
            candidates.iter().filter(contains).collect()
        })
    }

    /// Whether something may be looked for here: no budget counts how long that takes.
    fn may_find(&self) -> bool {
        let texts: usize =
            self.values.iter().chain([&self.notes, &self.held]).map(Values::len).sum();
        let is_short = self.present.len() <= FEW_NUMBERS && texts <= FEW_TEXTS;
        is_short || may_take_long()
    }

    /// A set that was found before, or is found now.
    fn remembered(&self, key: Sought, find: impl FnOnce() -> RoaringBitmap) -> Arc<RoaringBitmap> {
        let set = self.found.sets.or(key, || self.may_find().then(find));
        set.unwrap_or_default()
    }
}

pub(super) fn union<'a>(sets: impl Iterator<Item = &'a RoaringBitmap>) -> RoaringBitmap {
    let mut all = RoaringBitmap::new();
    sets.for_each(|set| all |= set);
    all
}
