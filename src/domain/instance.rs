//! Instances.

use super::InstanceId;
use super::text::Parsed;
use super::word::words;

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

/// An instance, as the faces show it.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Its id, which is its domain name too.
    pub instance_id: InstanceId,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// `CREATING`, `RUNNING`, `STOPPED` or `RELEASED`.
    pub status: String,
    /// How many users may hold a number.
    pub sharing: Sharing,
    /// For how many days a number that was released cools down; 0: not at all.
    pub cool_down_days: u32,
    /// Grows with every change.
    pub version: u64,
    /// When it was created, in milliseconds since the epoch.
    pub created_at: i64,
}

#[cfg(test)]
mod tests {
    use super::{InstanceId, Parsed};

    #[test]
    fn an_id_has_4_to_48_letters_digits_hyphens_and_underscores() {
        let [longest, too_long] = [48, 49].map(|length| "a".repeat(length));
        for id in ["abcd", "ccc-test", "A_1-", longest.as_str()] {
            assert!(InstanceId::parse(id).is_ok(), "{id}");
        }
        for id in
            ["", "abc", "ccc.test", "ccc test", "ccc@test", "\u{4e50}\u{5c71}", too_long.as_str()]
        {
            assert!(InstanceId::parse(id).is_err(), "{id}");
        }
    }
}
