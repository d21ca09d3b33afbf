//! What a list is sorted by.

use super::Word;

/// A key of a list, and whether the last comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order<K> {
    /// The default is the natural order.
    pub key: K,
    /// The last first.
    pub backward: bool,
}

impl<K: Word> Order<K> {
    /// Reads the name of a key; with `-` in front, the last first.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, backward) = text.strip_prefix('-').map_or((text, false), |rest| (rest, true));
        K::from_name(name).map(|key| Self { key, backward })
    }
}
