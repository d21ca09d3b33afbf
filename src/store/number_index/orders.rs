//! The orders in which the numbers of an instance are listed: one page of a set in each of them.

use super::instance::{InstanceIndex, union};
use crate::domain::Order;
use crate::domain::phone_number::{NumberOrder, Property};
use roaring::RoaringBitmap;
use std::collections::BTreeMap;

impl InstanceIndex {
    /// A part of a set in an order, from an offset on and of a size; of one key, by number.
    pub(in crate::store) fn part(
        &self,
        set: &RoaringBitmap,
        Order { key, backward }: Order<NumberOrder>,
        part: (u64, u64),
    ) -> Vec<String> {
        let by = |property| {
            let values = self.values[property as usize].values().collect();
            self.by_values(set, values, None, part, backward)
        };
        match key {
            NumberOrder::Number => self.by_number(set, part, backward),
            NumberOrder::City => by(Property::City),
            NumberOrder::Usage => by(Property::Usage),
            NumberOrder::State => by(Property::State),
            NumberOrder::CreatedAt => self.created.page(&self.numbers, set, part, backward),
            NumberOrder::Since => self.since.page(&self.numbers, set, part, backward),
            NumberOrder::Tags => {
                let tags = self.values[Property::Tag as usize].iter();
                let tagged = tags.filter(|(tag, _)| !tag.is_empty()).map(|(_, numbers)| numbers);
                self.by_first(set, tagged, part, backward)
            }
            NumberOrder::Holder => self.by_first(set, self.held_by_name().values(), part, backward),
        }
    }

    fn by_number(
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

    /// The numbers that are held, by the names of their holders.
    fn held_by_name(&self) -> BTreeMap<&str, RoaringBitmap> {
        let mut named: BTreeMap<&str, RoaringBitmap> = BTreeMap::new();
        let groups = &self.values[Property::SkillGroup as usize];
        for (values, names) in [(&self.held, &self.users), (groups, &self.skill_groups)] {
            for (id, numbers) in values.iter().filter(|(id, _)| !id.is_empty()) {
                let name = names.get(id).map(|named| named.name.as_str());
                *named.entry(name.filter(|name| !name.is_empty()).unwrap_or(id)).or_default() |=
                    numbers;
            }
        }
        named
    }

    /// A part of a set by the first of these sets that each number is in; those that are in none
    /// are last, either way round.
    fn by_first<'a>(
        &self,
        set: &RoaringBitmap,
        sets: impl Iterator<Item = &'a RoaringBitmap>,
        part: (u64, u64),
        backward: bool,
    ) -> Vec<String> {
        let mut left = set.clone();
        let first = |set: &RoaringBitmap| {
            let own = set & &left;
            left -= &own;
            own
        };
        let own: Vec<RoaringBitmap> = sets.map(first).collect();
        let none = set - union(own.iter());
        self.by_values(set, own.iter().collect(), Some(&none), part, backward)
    }

    /// A part of a set: its numbers in these sets, which have none in common, one set after the
    /// other or the other way round; and last, either way, those in one more set.
    fn by_values<'a>(
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
}
