//! Phone numbers: what is known of one, what can be changed, and which of them a list shows.

use super::characters::composed;
use super::history;
use super::instance::CountryCode;
use super::reservation::Reservation;
use super::spelling::{self, Forms};
use super::text::{Malformed, Parsed, parsed_text};
use super::word::words;
use super::{ContactFlowId, SkillGroupId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PhoneNumber {
    /// The number as it was entered: text, with its leading zeros.
    pub number: String,
    /// What it is used for.
    pub usage: Usage,
    /// Whether it can be used.
    pub active: bool,
    /// The province; empty if unknown.
    pub province: String,
    /// The city; empty if unknown.
    pub city: String,
    /// The contact flow of incoming calls; null if it has none.
    #[schema(required = true)]
    pub contact_flow_id: Option<String>,
}

/// A number of an instance, with its holders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NumberDetails {
    /// The number as it was entered: text, with its leading zeros.
    pub number: String,
    /// Whether somebody holds it.
    pub state: NumberState,
    /// The users who hold it as personal, by id.
    pub user_ids: Vec<String>,
    /// The skill groups that hold it, by id.
    pub skill_group_ids: Vec<String>,
    /// Those users or skill groups, with their names.
    pub holders: Vec<history::Holder>,
    /// What keeps it, if nobody holds it: a hold or a cool-down; null if nothing does.
    #[schema(required = true)]
    pub reservation: Option<Reservation>,
    /// What it is used for.
    pub usage: Usage,
    /// Whether it can be used.
    pub active: bool,
    /// The province; empty if unknown.
    pub province: String,
    /// The city; empty if unknown.
    pub city: String,
    /// The contact flow of incoming calls; null if it has none.
    #[schema(required = true)]
    pub contact_flow_id: Option<String>,
    /// The name of that contact flow.
    #[schema(required = true)]
    pub contact_flow_name: Option<String>,
    /// The provider.
    pub provider: String,
    /// The company that it is registered to.
    pub corp_name: String,
    /// Tags to find it by.
    pub tags: Vec<String>,
    /// What people want to remember of it.
    pub note: String,
    /// Its name in VCC; null if it is the number itself.
    #[schema(required = true)]
    pub callback_number_name: Option<String>,
    /// Its id in VCC.
    #[serde(skip)]
    pub callback_number_id: String,
    /// Grows with every change of the number or its holders.
    pub version: u64,
    /// When the account got it.
    pub created_at: Timestamp,
}

/// A number that is personal to a user.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Assignment {
    /// The number.
    pub number: String,
    /// The user.
    pub user_id: UserId,
    /// Since when.
    pub since: Timestamp,
}

/// A number that is bound to a skill group.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Binding {
    /// The number.
    pub number: String,
    /// The skill group.
    pub skill_group_id: SkillGroupId,
    /// Since when.
    pub since: Timestamp,
}

/// A number of the account's pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnassignedNumber {
    /// The number as it was entered: text, with its leading zeros.
    pub number: String,
    /// The province; empty if unknown.
    pub province: String,
    /// The city; empty if unknown.
    pub city: String,
}

parsed_text! {
    /// A text that can be a phone number. The schema says the same to whoever writes by hand; `x`
    /// is how the vendors mask digits.
    Number {
        WHAT: "a phone number",
        RULE: "2 to 32 characters of digits, *, #, -, x and a leading +, with at least one digit",
        LENGTH: (2, 32),
        PATTERN: "^[+*#x-]?[*#x-]*[0-9][0-9*#x-]*$",
        fits(text) {
            let inner = |byte| matches!(byte, b'0'..=b'9' | b'*' | b'#' | b'-' | b'x');
            let fits = |(at, byte)| inner(byte) || (at == 0 && byte == b'+');
            text.bytes().any(|byte| byte.is_ascii_digit()) && text.bytes().enumerate().all(fits)
        }
    }
}

impl Number {
    /// Reads a number to look it up, which may be from before each had to have a digit. The schema
    /// refuses a new one.
    pub fn known(text: &str) -> Result<Self, Malformed> {
        let inner = |byte: u8| matches!(byte, b'*' | b'#' | b'-' | b'x');
        let fits = |(at, byte)| inner(byte) || (at == 0 && byte == b'+');
        Self::parse(text).or_else(|malformed| {
            let (least, most) = Self::LENGTH;
            let is_known =
                (least..=most).contains(&text.len()) && text.bytes().enumerate().all(fits);
            if is_known { Ok(Self::of(text)) } else { Err(malformed) }
        })
    }
}

words! {
    /// What a number is used for; the vendor's spelling.
    #[derive(serde::Deserialize)]
    Usage {
        /// Incoming calls.
        Inbound = "Inbound",
        /// Outgoing calls.
        Outbound = "Outbound",
        /// Both (sic).
        Bidirection = "Bidirection",
    }
}

impl Usage {
    /// The usage of a number of which nothing is said: a 400 number is Inbound only.
    #[must_use]
    pub fn usual(number: &str, country_code: CountryCode) -> Self {
        match spelling::is_service_number(Forms::of(number).within(country_code)) {
            true => Self::Inbound,
            false => Self::Bidirection,
        }
    }

    /// Whether such a number can be called from.
    #[must_use]
    pub const fn dials_out(self) -> bool {
        !matches!(self, Self::Inbound)
    }
}

words! {
    /// Whether somebody holds a number of an instance.
    NumberState {
        /// Nobody holds it.
        Free = "free",
        /// Skill groups hold it.
        Bound = "bound",
        /// Users hold it.
        Personal = "personal",
    }
}

words! {
    /// What numbers are filtered by, and counted by.
    #[derive(Hash)]
    Property {
        /// Its state.
        State = "state",
        /// Its city.
        City = "city",
        /// Its province.
        Province = "province",
        /// What it is used for.
        Usage = "usage",
        /// Whether it can be used: `true` or `false`.
        Active = "active",
        /// Its provider.
        Provider = "provider",
        /// The users or skill groups that hold it, by id.
        Holder = "holder",
        /// The skill groups that hold it, by id.
        SkillGroup = "skill_group",
        /// Each of its tags.
        Tag = "tag",
        /// The contact flow of its incoming calls, by id.
        ContactFlow = "contact_flow",
    }
}

words! {
    /// What numbers are sorted by.
    #[derive(Default)]
    NumberOrder {
        /// The number.
        #[default]
        Number = "number",
        /// Its city.
        City = "city",
        /// Its usage.
        Usage = "usage",
        /// Its state.
        State = "state",
        /// When it was made.
        CreatedAt = "created_at",
        /// The first of the names of its holders; what nobody holds comes last, either way round.
        Holder = "holder",
        /// Since when somebody holds it; what nobody holds comes last, either way round.
        Since = "since",
        /// The first of its tags; what has none comes last, either way round.
        Tags = "tags",
    }
}

/// The values that each property may have; without any, each value is let through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filters([Vec<String>; Property::NAMES.len()]);

impl Filters {
    /// The filters that let through these values of each property; `none` stands for no value.
    pub fn new(mut values: impl FnMut(Property) -> Vec<String>) -> Self {
        let all = Property::ALL.iter();
        all.fold(Self::default(), |filters, property| filters.with(*property, values(*property)))
    }

    /// The values that a property may have; the empty text is no value.
    pub fn of(&self, property: Property) -> &[String] {
        &self.0[property as usize]
    }

    /// These filters, but a property may have other values; `none` stands for no value.
    #[must_use]
    pub fn with(mut self, property: Property, values: Vec<String>) -> Self {
        // As it was given too: a file may hold texts from before all were composed.
        let stored = |value: String| {
            if value == "none" {
                return vec![String::new()];
            }
            let kept = composed(&value).into_owned();
            if kept == value { vec![value] } else { vec![kept, value] }
        };
        self.0[property as usize] = values.into_iter().flat_map(stored).collect();
        self
    }

    /// Whether every number is let through.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// The state, if nothing else is filtered by, or that nothing is.
    pub fn only_state(&self) -> Option<Option<NumberState>> {
        let rest = Property::ALL.iter().filter(|property| **property != Property::State);
        match self.of(Property::State) {
            _ if rest.into_iter().any(|property| !self.of(*property).is_empty()) => None,
            [] => Some(None),
            [state] => NumberState::from_name(state).map(Some),
            _ => None,
        }
    }
}

/// How many numbers have a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ValueCount {
    /// The value as a filter takes it; `none` counts the numbers without one.
    pub value: String,
    /// What people call it: the name of a skill group or contact flow, else the value itself.
    pub name: String,
    /// How many numbers have it.
    pub count: u64,
}

impl ValueCount {
    /// The most values of a property that are counted.
    pub const MOST: usize = 1000;
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

impl NumberFilter {
    /// Whether it leaves any number out.
    pub fn is_narrow(&self) -> bool {
        self.search_pattern.is_some() || self.usage.is_some() || self.active.is_some()
    }
}

/// What is said of numbers when the account gets them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `NumberDetails`")]
pub struct NewNumbers {
    pub provider: String,
    pub corp_name: String,
    /// Where they belong; `None`: what their area code says.
    pub province: Option<String>,
    /// Where they belong; `None`: what their area code says.
    pub city: Option<String>,
    pub tags: Vec<String>,
    pub note: String,
    /// The id of the one number in VCC; `None`: a new one for each.
    pub callback_number_id: Option<String>,
    /// What an instance uses them for; `None`: what is usual.
    pub usage: Option<Usage>,
    pub contact_flow_id: Option<ContactFlowId>,
}

/// The fields of a number to change; `None` leaves one as it is, and `Some(None)` empties it.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of `NumberDetails`")]
pub struct NumberEdit {
    pub usage: Option<Usage>,
    pub active: Option<bool>,
    pub province: Option<String>,
    pub city: Option<String>,
    pub contact_flow_id: Option<Option<ContactFlowId>>,
    pub provider: Option<String>,
    pub corp_name: Option<String>,
    pub tags: Option<Vec<String>>,
    pub note: Option<String>,
    pub callback_number_name: Option<Option<String>>,
}

impl From<NumberEdit> for NewNumbers {
    /// What is to be said of a number that is not there yet. Whether it can be used, and its name
    /// in VCC, can't be said before it is.
    fn from(edit: NumberEdit) -> Self {
        Self {
            provider: edit.provider.unwrap_or_default(),
            corp_name: edit.corp_name.unwrap_or_default(),
            province: edit.province,
            city: edit.city,
            tags: edit.tags.unwrap_or_default(),
            note: edit.note.unwrap_or_default(),
            callback_number_id: None,
            usage: edit.usage,
            contact_flow_id: edit.contact_flow_id.flatten(),
        }
    }
}

/// A number as VCC clients see it, in their words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallbackNumber {
    /// The id that they know it by.
    pub callback_number_id: String,
    /// What people call it; the number itself when it has no name.
    pub callback_number_name: String,
    /// The number.
    pub callback_number_clid: String,
}
