//! When something was of each number, such as its making, and the order of that: an index of the
//! database would be written with every change of it.

use super::numbers::Numbers;
use roaring::RoaringBitmap;

/// A set of no more numbers is sorted for its page; of a larger one the order of all is walked along.
const FEW: u64 = 1000;

/// What comes before all moments.
pub(super) const NEVER: i64 = i64::MIN;

/// A moment of each number of an instance.
#[derive(Default)]
pub(super) struct Moments {
    /// By position.
    at: Vec<i64>,
    /// The positions by that, then by number; with those of numbers that the instance has lost.
    order: Vec<u32>,
}

impl Moments {
    /// Adds the next number in the order of the list; [`Self::sort`] follows.
    pub(super) fn push(&mut self, at: i64) {
        self.order.push(self.at.len() as u32);
        self.at.push(at);
    }

    /// Keeps the earliest moment of a number; [`Self::sort`] follows.
    pub(super) fn lower(&mut self, position: u32, at: i64) {
        if let Some(was) = self.at.get_mut(position as usize)
            && (*was == NEVER || at < *was)
        {
            *was = at;
        }
    }

    /// Puts in order what was pushed.
    pub(super) fn sort(&mut self) {
        // Numbers of one moment stay in order.
        self.order.sort_by_key(|position| self.at[*position as usize]);
        self.order.shrink_to_fit();
        self.at.shrink_to_fit();
    }

    /// Says the moment of a number that is new, or has another one now.
    pub(super) fn set(&mut self, numbers: &Numbers, position: u32, at: i64) {
        match self.at.get(position as usize) {
            Some(was) if *was == at => return,
            Some(_) => {
                let place = self.place(numbers, position);
                self.order.remove(place);
                self.at[position as usize] = at;
            }
            None => self.at.push(at),
        }
        let place = self.place(numbers, position);
        self.order.insert(place, position);
    }

    /// Where a number is in the order, or belongs.
    fn place(&self, numbers: &Numbers, position: u32) -> usize {
        let key = |position: u32| (self.at[position as usize], numbers.get(position));
        self.order.partition_point(|other| key(*other) < key(position))
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
