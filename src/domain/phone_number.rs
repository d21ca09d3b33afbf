//! Phone numbers.

use serde::Serialize;

/// A number with what the faces show of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber {
    /// As it was given: text, never an integer.
    pub number: String,
    /// What it is used for.
    pub usage: String,
    /// Whether it can be used.
    pub active: bool,
    /// Where it belongs; empty when unknown.
    pub province: String,
    /// Where it belongs; empty when unknown.
    pub city: String,
    /// The contact flow that an incoming call runs through.
    pub contact_flow_id: Option<String>,
}

/// What a number is used for; the vendor's spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Usage {
    /// Incoming calls.
    Inbound,
    /// Outgoing calls.
    Outbound,
    /// Both (sic).
    Bidirection,
}

impl Usage {
    /// The names, in the vendor's order.
    pub const NAMES: [&str; 3] = ["Inbound", "Outbound", "Bidirection"];

    /// The usage of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Inbound, Self::Outbound, Self::Bidirection].into_iter().find(|usage| usage.name() == name)
    }

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inbound => Self::NAMES[0],
            Self::Outbound => Self::NAMES[1],
            Self::Bidirection => Self::NAMES[2],
        }
    }
}

/// Which numbers of an instance are listed; an absent filter lets every number through.
#[derive(Clone, Debug, Default)]
pub struct NumberFilter {
    /// Part of the number.
    pub search_pattern: Option<String>,
    /// Only numbers of this usage.
    pub usage: Option<Usage>,
    /// Only numbers that can or can't be used.
    pub active: Option<bool>,
}

/// A number as VCC clients see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackNumber {
    /// The id that they know it by.
    pub callback_number_id: String,
    /// What people call it; the number itself when it has no name.
    pub name: String,
    /// The number.
    pub number: String,
}

/// Who holds a number: a user or a skill group, by what people call it and by the id that VCC clients know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// What holds it.
    pub kind: HolderKind,
    /// What people call it.
    pub name: String,
    /// Its GUID.
    pub guid: String,
}

/// What can hold a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolderKind {
    /// A user: the number is personal.
    User,
    /// A skill group: the number is bound.
    SkillGroup,
}
