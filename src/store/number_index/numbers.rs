//! The texts of the numbers, and the order in which they are listed.
//!
//! A number's position is its rank in the order of the list, so that a page is cut out of a bitmap
//! by rank. A number that is added later gets the next free position instead, and its place in the
//! order is kept beside it.

use roaring::RoaringBitmap;
use std::collections::HashMap;

/// The numbers of an instance, by position.
#[derive(Default)]
pub(super) struct Numbers {
    /// All texts, one behind the other.
    text: String,
    /// Where each ends.
    ends: Vec<u32>,
    /// How many have their rank as position.
    ranked: u32,
    /// The positions of the others, and their order.
    later: HashMap<Box<str>, u32>,
    order: Vec<Later>,
}

/// A number that was added later.
#[derive(Clone, Copy)]
struct Later {
    position: u32,
    /// How many ranked numbers come before it.
    before: u32,
}

impl Numbers {
    /// Adds the next number in the order of the list.
    pub(super) fn push(&mut self, number: &str) -> u32 {
        self.ranked += 1;
        self.append(number)
    }

    /// Adds a number whose place in the order is anywhere.
    pub(super) fn insert(&mut self, number: &str) -> u32 {
        let before = self.rank(number).unwrap_or_else(|before| before);
        let at = self.order.partition_point(|later| self.get(later.position) < number);
        let position = self.append(number);
        self.order.insert(at, Later { position, before });
        self.later.insert(number.into(), position);
        position
    }

    fn append(&mut self, number: &str) -> u32 {
        self.text.push_str(number);
        self.ends.push(self.text.len() as u32);
        self.ends.len() as u32 - 1
    }

    /// How many were added later.
    pub(super) fn later(&self) -> usize {
        self.order.len()
    }

    /// The number at a position.
    pub(super) fn get(&self, position: u32) -> &str {
        let at = position as usize;
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.text[begin..self.ends[at] as usize]
    }

    /// The position of a number.
    pub(super) fn position(&self, number: &str) -> Option<u32> {
        self.rank(number).ok().or_else(|| self.later.get(number).copied())
    }

    /// The rank of a number, or how many ranked ones come before it.
    fn rank(&self, number: &str) -> Result<u32, u32> {
        let (mut low, mut high) = (0, self.ranked);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle).cmp(number) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(middle),
            }
        }
        Err(low)
    }

    /// A part of a set in the order of the list.
    pub(super) fn page(&self, set: &RoaringBitmap, offset: u64, size: u64) -> Vec<&str> {
        let later: Vec<Later> =
            self.order.iter().filter(|later| set.contains(later.position)).copied().collect();
        let before = |rank: u32| rank.checked_sub(1).map_or(0, |last| set.rank(last));
        let ranked = before(self.ranked);
        // Of those that were added later, how many come before the part.
        let mut next = 0;
        while later.get(next).is_some_and(|l| before(l.before) + (next as u64) < offset) {
            next += 1;
        }
        let skipped = offset - next as u64;
        let first = if skipped < ranked { set.select(skipped as u32) } else { None };
        let mut ranks = set.range(first.unwrap_or(self.ranked)..self.ranked).peekable();
        let mut page = Vec::new();
        while (page.len() as u64) < size {
            let position = match (ranks.peek(), later.get(next)) {
                (Some(rank), Some(later)) if later.before > *rank => ranks.next(),
                (Some(_), None) => ranks.next(),
                (_, Some(later)) => {
                    next += 1;
                    Some(later.position)
                }
                (None, None) => None,
            };
            match position {
                Some(position) => page.push(self.get(position)),
                None => break,
            }
        }
        page
    }

    /// Gives back the room that was kept for more numbers.
    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::Numbers;
    use proptest::prelude::*;
    use roaring::RoaringBitmap;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_page_is_a_part_of_the_sorted_set_whenever_its_numbers_were_added(
            first in prop::collection::btree_set(0..60_u32, 0..30),
            added in prop::collection::vec(0..60_u32, 0..30),
            chosen in prop::collection::btree_set(0..60_u32, 0..60),
            offset in 0..30_u64,
            size in 0..30_u64,
        ) {
            let text = |number: &u32| format!("0{number}");
            let first: BTreeSet<String> = first.iter().map(text).collect();
            let mut numbers = Numbers::default();
            for number in &first {
                numbers.push(number);
            }
            for number in added.iter().map(text) {
                if numbers.position(&number).is_none() {
                    numbers.insert(&number);
                }
            }
            let sorted: BTreeSet<String> = chosen.iter().map(text)
                .filter(|number| numbers.position(number).is_some()).collect();
            let set: RoaringBitmap =
                sorted.iter().filter_map(|number| numbers.position(number)).collect();
            let (skipped, shown) = (offset as usize, size as usize);
            let page: Vec<&str> =
                sorted.iter().map(String::as_str).skip(skipped).take(shown).collect();
            prop_assert_eq!(numbers.page(&set, offset, size), page);
        }
    }
}
