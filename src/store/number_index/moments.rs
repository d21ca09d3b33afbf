//! A moment of each number, such as when it was created, and the order of the numbers by it. It is
//! kept here because an index in the database would have to be written with every change.

use super::numbers::Numbers;
use roaring::RoaringBitmap;

/// Up to this many numbers are sorted for their page; for a larger set the order of all numbers is
/// walked along.
const FEW: u64 = 1000;

/// What comes after all moments, in either order.
pub(super) const NEVER: i64 = i64::MAX;

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
            && at < *was
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

    /// Takes over the moments of numbers that are new or have changed, in the order of their
    /// positions. However many they are, the order of all numbers is gone through once to take them
    /// out and once to put them in.
    pub(super) fn set(&mut self, numbers: &Numbers, said: &[(u32, i64)]) {
        let was = |position: u32| self.at.get(position as usize);
        let mut moved: Vec<(u32, i64)> =
            said.iter().copied().filter(|(position, at)| was(*position) != Some(at)).collect();
        let known = moved.iter().filter(|(position, _)| was(*position).is_some());
        let mut places: Vec<usize> =
            known.map(|(position, _)| self.place(numbers, &self.order, *position)).collect();
        places.sort_unstable();
        self.take_out(&places);
        for (position, at) in &moved {
            match self.at.get_mut(*position as usize) {
                Some(was) => *was = *at,
                None => self.at.push(*at),
            }
        }
        let key = |(position, at): &(u32, i64)| (*at, numbers.get(*position));
        moved.sort_unstable_by(|one, other| key(one).cmp(&key(other)));
        self.put_in(numbers, &moved);
    }

    /// Takes out of the order what is at these places.
    fn take_out(&mut self, places: &[usize]) {
        let Some(mut to) = places.first().copied() else { return };
        for (nth, place) in places.iter().enumerate() {
            let next = places.get(nth + 1).copied().unwrap_or(self.order.len());
            self.order.copy_within(place + 1..next, to);
            to += next - place - 1;
        }
        self.order.truncate(to);
    }

    /// Puts sorted positions into the order, from its end on.
    fn put_in(&mut self, numbers: &Numbers, sorted: &[(u32, i64)]) {
        let mut end = self.order.len();
        self.order.resize(end + sorted.len(), 0);
        for (nth, (position, _)) in sorted.iter().enumerate().rev() {
            let place = self.place(numbers, &self.order[..end], *position);
            self.order.copy_within(place..end, place + nth + 1);
            self.order[place + nth] = *position;
            end = place;
        }
    }

    /// Where a number is in a part of the order, or belongs.
    fn place(&self, numbers: &Numbers, order: &[u32], position: u32) -> usize {
        let key = |position: u32| (self.at[position as usize], numbers.get(position));
        order.partition_point(|other| key(*other) < key(position))
    }

    /// A part of a set in this order, or the other way round; what has no moment is last in both.
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
        let timed = order.partition_point(|position| self.at[*position as usize] != NEVER);
        let (timed, never) = order.split_at(timed);
        let chosen = |position: &u32| set.contains(*position);
        let text = |position: u32| numbers.get(position).to_owned();
        let (skipped, taken) = (offset as usize, size as usize);
        let part = |all: &mut dyn Iterator<Item = u32>| -> Vec<String> {
            all.filter(chosen).skip(skipped).take(taken).map(text).collect()
        };
        let (timed, never) = (timed.iter().copied(), never.iter().copied());
        match backward {
            false => part(&mut timed.chain(never)),
            true => part(&mut timed.rev().chain(never.rev())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Moments, Numbers};
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_order_is_that_of_the_moments_however_many_are_said_at_once(
            first in vec(0..5_i64, 0..12),
            said in vec(btree_map(0..20_u32, 0..5_i64, 0..12), 0..4),
        ) {
            let (mut numbers, mut moments) = (Numbers::default(), Moments::default());
            for (nth, at) in first.iter().enumerate() {
                numbers.push(&format!("{:03}", 2 * nth));
                moments.push(*at);
            }
            moments.sort();
            for said in said {
                let mut all = Vec::new();
                for (number, at) in said {
                    let text = format!("{number:03}");
                    let position = numbers.position(&text);
                    all.push((position.unwrap_or_else(|| numbers.insert(&text)), at));
                }
                moments.set(&numbers, &all);
                for (position, at) in &all {
                    prop_assert_eq!(moments.at[*position as usize], *at);
                }
                let mut sorted: Vec<u32> = (0..moments.at.len() as u32).collect();
                sorted.sort_by_key(|at| (moments.at[*at as usize], numbers.get(*at).to_owned()));
                prop_assert_eq!(&moments.order, &sorted);
            }
        }
    }
}
