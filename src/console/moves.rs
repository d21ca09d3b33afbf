//! What a preview shows of each number: who has it and what keeps it, now and afterwards.

use crate::domain::batch::{BatchReport, ItemOutcome, Outcome, RefusalCode};
use crate::domain::history::Holder;
use crate::domain::reservation::Reservation;
use crate::domain::{Error, InstanceId};
use crate::store::{ReadTx, WriteTx, holders, reservations, spellings};

/// How many rows a preview shows; the refused ones come first.
const SHOWN: usize = 500;

/// Who has a number, or what keeps it.
#[derive(Debug, Default)]
pub(super) struct Place {
    pub(super) holders: Vec<Holder>,
    pub(super) kept: Option<Reservation>,
}

/// A number that goes from one place to another, or stays.
#[derive(Debug)]
pub(super) struct Move {
    pub(super) item: ItemOutcome,
    pub(super) before: Place,
    pub(super) after: Place,
}

/// What would become of several numbers, and what the preview has seen of them.
pub(super) struct Preview {
    pub(super) moves: Moves,
    pub(super) hash: String,
}

/// What would become of several numbers.
#[derive(Debug)]
pub(super) struct Moves {
    pub(super) done: usize,
    pub(super) unchanged: usize,
    pub(super) refused: usize,
    /// How many numbers there are.
    pub(super) count: usize,
    pub(super) rows: Vec<Move>,
    /// How many of them are not shown.
    pub(super) hidden: usize,
}

impl Move {
    /// Whether the call centre has the number.
    pub(super) fn is_there(&self) -> bool {
        let refusal = self.item.refusal.as_ref();
        refusal.is_none_or(|refusal| refusal.code != RefusalCode::NumberNotFound)
    }
}

impl Place {
    fn of(tx: &ReadTx<'_>, instance_id: &InstanceId, number: &str) -> Result<Self, Error> {
        let number = &spellings::stored_or_given(tx, instance_id, number)?;
        let holders = holders::of_number(tx, instance_id, number)?;
        Ok(Self { holders, kept: reservations::of_number(tx, instance_id, number)? })
    }
}

impl Moves {
    /// Does something with numbers in a transaction that is taken back, and looks at each of them
    /// before and after.
    pub(super) fn rehearsed<'a>(
        tx: &WriteTx<'_>,
        instance_id: &InstanceId,
        numbers: impl Iterator<Item = &'a str>,
        act: impl FnOnce() -> Result<BatchReport, Error>,
    ) -> Result<Self, Error> {
        let before = numbers
            .map(|number| Place::of(tx, instance_id, number))
            .collect::<Result<Vec<_>, Error>>()?;
        let BatchReport { done, unchanged, refused, untried, items, .. } = act()?;
        let count = items.len();
        let mut both: Vec<_> = items.into_iter().zip(before).collect();
        both.sort_by_key(|(item, _)| item.outcome != Outcome::Refused);
        let hidden = count.saturating_sub(SHOWN) + untried.unwrap_or_default() as usize;
        both.truncate(SHOWN);
        let moved = |(item, before): (ItemOutcome, Place)| {
            let after = Place::of(tx, instance_id, &item.number)?;
            Ok(Move { item, before, after })
        };
        let rows = both.into_iter().map(moved).collect::<Result<_, Error>>()?;
        Ok(Self { done, unchanged, refused, count, rows, hidden })
    }

    /// Whether all of it can be done, and some of it would change something.
    pub(super) const fn is_whole(&self) -> bool {
        self.refused == 0 && self.done > 0
    }
}
