//! When the numbers were made, and the order of that: an index of the database would be written with
//! every number.

use super::numbers::Numbers;
use roaring::RoaringBitmap;

/// A set of no more numbers is sorted for its page; of a larger one the order of all is walked along.
const FEW: u64 = 1000;

/// When the numbers of an instance were made.
#[derive(Default)]
pub(super) struct Created {
    /// By position.
    at: Vec<i64>,
    /// The positions by that, then by number; with those of numbers that the instance has lost.
    order: Vec<u32>,
}

impl Created {
    /// Adds the next number in the order of the list; [`Self::sort`] follows.
    pub(super) fn push(&mut self, at: i64) {
        self.order.push(self.at.len() as u32);
        self.at.push(at);
    }

    /// Puts in order what was pushed.
    pub(super) fn sort(&mut self) {
        // Numbers of one moment stay in order.
        self.order.sort_by_key(|position| self.at[*position as usize]);
        self.order.shrink_to_fit();
        self.at.shrink_to_fit();
    }

    /// Says when a number was made that is new, or there again.
    pub(super) fn set(&mut self, numbers: &Numbers, position: u32, at: i64) {
        match self.at.get_mut(position as usize) {
            Some(was) if *was == at => return,
            Some(was) => {
                *was = at;
                self.order.retain(|other| *other != position);
            }
            None => self.at.push(at),
        }
        let key = |position: u32| (self.at[position as usize], numbers.get(position));
        let place = self.order.partition_point(|other| key(*other) < key(position));
        self.order.insert(place, position);
    }

    /// A part of a set in this order, or the other way round.
    pub(super) fn page(
        &self,
        numbers: &Numbers,
        set: &RoaringBitmap,
        (offset, size): (u64, u64),
        backward: bool,
    ) -> Vec<String> {
        let few: Vec<u32> = if set.len() > FEW {
            Vec::new()
        } else {
            let mut few: Vec<u32> = set.iter().collect();
            let key = |position: &u32| (self.at[*position as usize], numbers.get(*position));
            few.sort_unstable_by(|one, other| key(one).cmp(&key(other)));
            few
        };
        let order = if set.len() > FEW { &self.order } else { &few };
        let chosen = |position: &u32| set.contains(*position);
        let text = |position: u32| numbers.get(position).to_owned();
        let (skipped, taken) = (offset as usize, size as usize);
        let all = order.iter().copied();
        match backward {
            false => all.filter(chosen).skip(skipped).take(taken).map(text).collect(),
            true => all.rev().filter(chosen).skip(skipped).take(taken).map(text).collect(),
        }
    }
}
