//! Which numbers a list shows: what its address says, and the same as the store takes it.

use crate::domain::phone_number::{NumberState, Usage};
use crate::store::Order;
use crate::store::phone_numbers::{NumberOrder, NumberQuery};
use serde::{Deserialize, Serialize};

/// What the address of the numbers' list says.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct NumbersFilter {
    pub(super) q: String,
    pub(super) state: String,
    pub(super) city: Option<String>,
    pub(super) usage: String,
    pub(super) active: String,
    pub(super) sort: String,
    pub(super) page: u64,
}

impl NumbersFilter {
    /// The same filter as the store takes it. A word that is none of a property's lets no number
    /// through would be a riddle, so it counts as absent.
    pub(super) fn query(&self) -> NumberQuery {
        NumberQuery {
            search: Some(self.q.trim().to_owned()).filter(|text| !text.is_empty()),
            state: NumberState::from_name(&self.state),
            usage: Usage::from_name(&self.usage),
            active: match self.active.as_str() {
                "1" => Some(true),
                "0" => Some(false),
                _ => None,
            },
            city: self.city.clone(),
            order: Order {
                key: NumberOrder::named(self.sort.trim_start_matches('-')),
                backward: self.sort.starts_with('-'),
            },
            ..NumberQuery::default()
        }
    }

    pub(super) fn is_narrow(&self) -> bool {
        let words = [&self.q, &self.state, &self.usage, &self.active];
        words.iter().any(|word| !word.is_empty()) || self.city.is_some()
    }
}
