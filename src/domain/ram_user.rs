//! RAM users: the logins of the account, whatever instances they belong to.

use super::RamId;
use super::text::is_control;

/// A login, as the faces show it.
#[derive(Clone, Debug)]
pub struct RamUser {
    /// Its id.
    pub ram_id: RamId,
    /// Its name.
    pub login_name: String,
    /// What people call the person.
    pub display_name: String,
    /// The person's e-mail address.
    pub email: String,
    /// The person's mobile number.
    pub mobile: String,
    /// Whether it is the account's root.
    pub is_root: bool,
}

/// The longest e-mail address that mail servers take, in characters.
pub const LONGEST_EMAIL: usize = 254;

/// Whether a text can be a login name: 1 to 64 letters, digits, `-`, `.` and `_`, all of ASCII, as
/// the schema takes it.
pub fn is_login_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
}

/// Whether a text can be an e-mail address: no white space, something on both sides of its last
/// `@`, and not too long.
pub fn is_email(text: &str) -> bool {
    let has_sides = text
        .rsplit_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    has_sides
        && !text.contains(|c: char| c.is_whitespace() || is_control(c))
        && text.chars().count() <= LONGEST_EMAIL
}

#[cfg(test)]
mod tests {
    use super::{is_email, is_login_name};

    #[test]
    fn a_login_name_is_short_and_has_neither_spaces_nor_an_at_sign() {
        let [longest, too_long] = [64, 65].map(|length| "a".repeat(length));
        for name in ["a", "li.na-2_x", longest.as_str()] {
            assert!(is_login_name(name), "{name}");
        }
        for name in ["", "li na", "lina@ccc-test", "\u{674e}", too_long.as_str()] {
            assert!(!is_login_name(name), "{name}");
        }
    }

    #[test]
    fn an_e_mail_address_has_something_on_both_sides_of_its_last_at_sign() {
        for address in ["a@b", "li.na@example.com", "\"a@b\"@example.com", "\u{674e}@example.com"] {
            assert!(is_email(address), "{address}");
        }
        let too_long = format!("{}@b", "a".repeat(253));
        for address in ["", "a", "@b", "a@", "a b@c", "a@b\u{7}", "a@b\u{ffff}", too_long.as_str()]
        {
            assert!(!is_email(address), "{address}");
        }
    }
}
