//! Instances: call centres, and what can be set of each.

use super::text::Parsed;
use super::word::words;
use super::{InstanceId, RamId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

words! {
    /// How many users may hold a number of an instance at once.
    #[derive(Default)]
    Sharing {
        /// One.
        #[default]
        Exclusive = "exclusive",
        /// Several.
        Shared = "shared",
    }
}

words! {
    /// The country whose national numbers an instance reads as its international ones.
    #[derive(Default)]
    CountryCode {
        /// None: 13800001234 and +8613800001234 are two numbers.
        #[default]
        None = "",
        /// China: they are one.
        China = "86",
    }
}

impl CountryCode {
    /// The country code of a new instance, if none is asked for: a shared one holds numbers of the
    /// world.
    #[must_use]
    pub const fn of_new(sharing: Sharing) -> Self {
        match sharing {
            Sharing::Exclusive => Self::China,
            Sharing::Shared => Self::None,
        }
    }
}

words! {
    /// What an instance is doing; the vendor's names.
    InstanceStatus {
        /// It is being made.
        Creating = "CREATING",
        /// It works.
        Running = "RUNNING",
        /// It does not take calls.
        Stopped = "STOPPED",
        /// It was given up.
        Released = "RELEASED",
    }
}

impl Parsed for InstanceId {
    const WHAT: &'static str = "an instance id";
    const RULE: &'static str = "4 to 48 ASCII letters, digits, - and _";
    const LENGTH: (usize, usize) = (4, 48);
    const PATTERN: &'static str = "^[A-Za-z0-9_-]*$";

    fn fits(text: &str) -> bool {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    }

    fn of(text: &str) -> Self {
        Self::new(text)
    }
}

/// An instance.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Instance {
    /// Its id, which is its domain name too.
    pub instance_id: InstanceId,
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// What it is doing.
    pub status: InstanceStatus,
    /// When it was created.
    pub created_at: Timestamp,
    /// `exclusive`: at most one user holds a number; `shared`: several may.
    pub personal_numbers: Sharing,
    /// `86`: a national and an international spelling of China are one number; empty: they are two.
    #[schema(value_type = String, pattern = "^(86)?$")]
    pub country_code: CountryCode,
    /// For how many days a number that was released cools down; 0: not at all.
    pub cool_down_days: u32,
    /// Whether people of the back office must say why they change something; the vendors' clients
    /// can't.
    pub reason_required: bool,
    /// Grows with every change.
    pub version: u64,
}

/// An instance that is to be made.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of `Instance`")]
pub struct NewInstance {
    pub instance_id: InstanceId,
    pub name: String,
    pub description: String,
    pub personal_numbers: Sharing,
    pub country_code: CountryCode,
    /// The logins that become its administrators.
    pub admins: Vec<RamId>,
    /// Numbers of the account's pool that it gets.
    pub numbers: Vec<String>,
}

/// The fields of an instance to change; `None` leaves one as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of `Instance`")]
pub struct InstanceEdit {
    pub name: Option<String>,
    pub description: Option<String>,
    pub personal_numbers: Option<Sharing>,
    pub country_code: Option<CountryCode>,
    pub cool_down_days: Option<u32>,
    pub reason_required: Option<bool>,
}
