//! What can be done with numbers, and what the forms about it say.

use super::filter::NumbersFilter;
use super::form::fields;
use super::moments;
use super::page::Chrome;
use super::reply::Failure;
use crate::domain::Timestamp;
use crate::domain::batch::BatchMode;
use crate::domain::phone_number::NumberState;
use crate::store::ReadTx;
use crate::store::phone_numbers::NumberQuery;
use serde::{Deserialize, Serialize};

/// An action that a list offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ActionChoice {
    /// The word on the wire, and of the message.
    pub(super) word: &'static str,
}

impl ActionChoice {
    const ASSIGNING: [&str; 5] = ["assign", "release", "transfer", "hold", "end-reservation"];
    const BINDING: [&str; 2] = ["bind", "unbind"];

    /// Whether a form that names it means any.
    pub(super) fn is_known(word: &str) -> bool {
        Self::ASSIGNING.contains(&word) || Self::BINDING.contains(&word)
    }

    /// What this person may do with numbers.
    pub(super) fn offered(chrome: &Chrome) -> Vec<Self> {
        let mut words = Vec::new();
        if chrome.may_assign() {
            words.extend(Self::ASSIGNING);
        }
        if chrome.may_bind() {
            words.extend(Self::BINDING);
        }
        words.into_iter().map(|word| Self { word }).collect()
    }

    /// The class of a field that the first of these actions doesn't use. Where scripts run, such a
    /// field is hidden from the start, so that nothing on the page moves.
    pub(super) fn unless(offered: &[Self], wanted: &str) -> &'static str {
        match offered.first() {
            Some(first) if wanted.split(' ').any(|word| word == first.word) => "",
            _ => " later",
        }
    }

    /// Whether it makes sense for a number in this state, reserved or not.
    pub(super) fn fits(self, state: NumberState, reserved: bool) -> bool {
        match self.word {
            "end-reservation" => reserved,
            "assign" | "hold" => state == NumberState::Free,
            "release" | "transfer" => state == NumberState::Personal,
            "unbind" => state == NumberState::Bound,
            _ => state != NumberState::Personal,
        }
    }
}

/// What the forms of a list and of its preview say.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct ActionForm {
    pub(super) action: String,
    /// A user, by id or login name.
    pub(super) target: String,
    /// A skill group, by id or short name.
    pub(super) group: String,
    /// From whom a number is taken; empty: from whoever holds it.
    pub(super) holder: String,
    /// For a hold: until when, in the reader's own time.
    pub(super) until: String,
    /// The reader's offset from UTC in minutes.
    pub(super) offset: i64,
    /// For a release: for how many days a number cools down; empty: as long as usual.
    pub(super) days: String,
    pub(super) reason: String,
    /// The selected numbers, unless all are.
    pub(super) number: Vec<String>,
    /// Whether all are selected that match the filter.
    pub(super) all: bool,
    pub(super) filter: String,
    pub(super) mode: BatchMode,
    pub(super) hash: String,
    /// The newest change that the preview knew.
    pub(super) seen: i64,
    /// Where to go afterwards.
    pub(super) back: String,
}

impl ActionForm {
    /// The query that selects all matching numbers, unless single numbers are selected.
    pub(super) fn query(
        &self,
        tx: &ReadTx<'_>,
        chrome: &Chrome,
    ) -> Result<Option<NumberQuery>, Failure> {
        if !self.all {
            return Ok(None);
        }
        let filter: NumbersFilter = fields(chrome.t, self.filter.as_bytes())?;
        filter.query(tx, chrome).map(Some)
    }

    pub(super) fn until(&self) -> Option<Timestamp> {
        moments::local(&self.until, self.offset)
    }

    pub(super) fn cool_down_days(&self) -> Option<u32> {
        self.days.trim().parse().ok()
    }
}
