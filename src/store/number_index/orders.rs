//! The orders in which the numbers of an instance are listed: one page of a set in each of them.

use super::instance::{InstanceIndex, union};
use crate::domain::phone_number::Property;
use roaring::RoaringBitmap;
use std::collections::BTreeMap;

impl InstanceIndex {
    /// A part of a set by number, or the other way round.
    pub(in crate::store) fn by_number(
        &self,
        set: &RoaringBitmap,
        (offset, size): (u64, u64),
        backward: bool,
    ) -> Vec<String> {
        let total = set.len();
        let end = total.min(offset.saturating_add(size));
        let (from, size) = match backward {
            false => (offset, size),
            true => (total - end, end.saturating_sub(offset)),
        };
        let page = self.numbers.page(set, from, size).into_iter().map(str::to_owned);
        if backward { page.rev().collect() } else { page.collect() }
    }

    /// A part of a set by a property of which each number has one value, then by number.
    pub(in crate::store) fn by_property(
        &self,
        set: &RoaringBitmap,
        property: Property,
        (offset, size): (u64, u64),
        backward: bool,
    ) -> Vec<String> {
        let values: Vec<&RoaringBitmap> = self.values[property as usize].values().collect();
        self.part(set, values, None, (offset, size), backward)
    }

    /// A part of a set by the first tag of each number, then by number; those without one are
    /// last, either way round.
    pub(in crate::store) fn by_tag(
        &self,
        set: &RoaringBitmap,
        part: (u64, u64),
        backward: bool,
    ) -> Vec<String> {
        let tags = self.values[Property::Tag as usize].iter();
        let tagged = tags.filter(|(tag, _)| !tag.is_empty()).map(|(_, numbers)| numbers);
        self.by_first(set, tagged, part, backward)
    }

    /// A part of a set by the first of the names of each number's holders, then by number; those
    /// that nobody holds are last, either way round.
    pub(in crate::store) fn by_holder(
        &self,
        set: &RoaringBitmap,
        part: (u64, u64),
        backward: bool,
    ) -> Vec<String> {
        let mut named: BTreeMap<&str, RoaringBitmap> = BTreeMap::new();
        let groups = &self.values[Property::SkillGroup as usize];
        for (values, names) in [(&self.held, &self.users), (groups, &self.skill_groups)] {
            for (id, numbers) in values.iter().filter(|(id, _)| !id.is_empty()) {
                let name = names.get(id).map(|named| named.name.as_str());
                *named.entry(name.filter(|name| !name.is_empty()).unwrap_or(id)).or_default() |=
                    numbers;
            }
        }
        self.by_first(set, named.values(), part, backward)
    }

    /// A part of a set by the first of these sets that each number is in; those that are in none
    /// are last.
    fn by_first<'a>(
        &self,
        set: &RoaringBitmap,
        sets: impl Iterator<Item = &'a RoaringBitmap>,
        part: (u64, u64),
        backward: bool,
    ) -> Vec<String> {
        let own = firsts(set, sets);
        let none = set - union(own.iter());
        self.part(set, own.iter().collect(), Some(&none), part, backward)
    }

    /// A part of a set: its numbers in these sets, which have none in common, one set after the
    /// other or the other way round; and last, either way, those in one more set.
    fn part<'a>(
        &self,
        set: &RoaringBitmap,
        mut values: Vec<&'a RoaringBitmap>,
        last: Option<&'a RoaringBitmap>,
        (mut offset, size): (u64, u64),
        backward: bool,
    ) -> Vec<String> {
        if backward {
            values.reverse();
        }
        values.extend(last);
        let mut page = Vec::new();
        for value in values {
            let count = value.intersection_len(set);
            let missing = size - page.len() as u64;
            if offset < count && missing > 0 {
                page.extend(self.by_number(&(value & set), (offset, missing), backward));
            }
            offset = offset.saturating_sub(count);
        }
        page
    }

    /// A part of a set by creation, then by number.
    pub(in crate::store) fn by_creation(
        &self,
        set: &RoaringBitmap,
        part: (u64, u64),
        backward: bool,
    ) -> Vec<String> {
        self.created.page(&self.numbers, set, part, backward)
    }

    /// A part of a set by when the first of its holders was given each number, then by number;
    /// those that nobody holds are last, either way round.
    pub(in crate::store) fn by_since(
        &self,
        set: &RoaringBitmap,
        part: (u64, u64),
        backward: bool,
    ) -> Vec<String> {
        self.since.page(&self.numbers, set, part, backward)
    }
}

/// Of each set the numbers of `all` that no set before it has.
fn firsts<'a>(
    all: &RoaringBitmap,
    sets: impl Iterator<Item = &'a RoaringBitmap>,
) -> Vec<RoaringBitmap> {
    let mut left = all.clone();
    let first = |set: &RoaringBitmap| {
        let own = set & &left;
        left -= &own;
        own
    };
    sets.map(first).collect()
}
