//! Instances.

use super::InstanceId;

/// How many users may hold a number of an instance: one, or several at once. The first is the
/// usual.
pub const PERSONAL_NUMBERS: [&str; 2] = ["exclusive", "shared"];

/// Whether a text can be an instance's id: 4 to 48 letters, digits, `-` and `_`, all of ASCII, as
/// the schema takes it.
pub fn is_id(text: &str) -> bool {
    (4..=48).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
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
    /// When it was created, in milliseconds since the epoch.
    pub created_at: i64,
}

#[cfg(test)]
mod tests {
    use super::is_id;

    #[test]
    fn an_id_has_4_to_48_letters_digits_hyphens_and_underscores() {
        let [longest, too_long] = [48, 49].map(|length| "a".repeat(length));
        for id in ["abcd", "ccc-test", "A_1-", longest.as_str()] {
            assert!(is_id(id), "{id}");
        }
        for id in
            ["", "abc", "ccc.test", "ccc test", "ccc@test", "\u{4e50}\u{5c71}", too_long.as_str()]
        {
            assert!(!is_id(id), "{id}");
        }
    }
}
