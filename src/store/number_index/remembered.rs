//! The sets that were found last: a list is asked for page after page, and its facets with each.

use crate::domain::phone_number::{Filters, Property, ValueCount};
use roaring::RoaringBitmap;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// How much of each kind is remembered: at a million numbers a set takes up to 128 KiB.
const MOST: usize = 64;

/// What a remembered set was found for.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Sought {
    Part(Of, String),
    Free(String),
    Word(String),
    Matching(String, Box<Filters>),
}

/// The text of a number that a part is looked for in.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Of {
    /// As it was entered.
    Entered,
    /// Without separators.
    Bare,
}

/// What was found for an index as it is; nothing of it is true of another.
#[derive(Default)]
pub(super) struct Found {
    pub(super) sets: Remembered<Sought, RoaringBitmap>,
    pub(super) counts: Remembered<(Sought, Property), Vec<ValueCount>>,
}

/// Values by what they were found for.
pub(super) struct Remembered<K, V>(Mutex<HashMap<K, Arc<V>>>);

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V> Remembered<K, V> {
    /// What was found before, or is found now; that may be nothing.
    pub(super) fn or(&self, key: K, find: impl FnOnce() -> Option<V>) -> Option<Arc<V>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if known.is_some() {
            return known;
        }
        let value = Arc::new(find()?);
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if found.len() >= MOST {
            found.clear();
        }
        found.insert(key, Arc::clone(&value));
        Some(value)
    }
}
