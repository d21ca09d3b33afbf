//! RAM users: the logins of the account, whatever instances they belong to.

use super::RamId;
use super::text::{Parsed, is_control, parsed_text};

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

/// A login that is to be made.
#[derive(Clone, Debug)]
pub struct NewLogin {
    /// Its id.
    pub ram_id: RamId,
    /// Its name, new to the account.
    pub login_name: LoginName,
    /// What people call the person.
    pub display_name: String,
    /// The person's e-mail address.
    pub email: Option<Email>,
    /// The person's mobile number, in whatever form people write it.
    pub mobile: String,
}

parsed_text! {
    /// The name of a login, and the front of its users' ids.
    LoginName
}

impl Parsed for LoginName {
    const WHAT: &'static str = "a login name";
    const RULE: &'static str = "1 to 64 ASCII letters, digits, -, . and _";
    const LENGTH: (usize, usize) = (1, 64);
    const PATTERN: &'static str = "^[A-Za-z0-9._-]*$";

    fn fits(text: &str) -> bool {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
    }

    fn of(text: &str) -> Self {
        Self(text.to_owned())
    }
}

parsed_text! {
    /// An e-mail address. More than this is only known by sending something to it.
    Email
}

impl Parsed for Email {
    const WHAT: &'static str = "an e-mail address";
    const RULE: &'static str = "a text of at most 254 characters, without white space, with \
                                something on both sides of its last @";
    const LENGTH: (usize, usize) = (3, 254);
    const PATTERN: &'static str = r"^[^\s\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069\uFFFE\uFFFF]+@[^\s@\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069\uFFFE\uFFFF]+$";

    fn fits(text: &str) -> bool {
        let has_sides = text
            .rsplit_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
        has_sides && !text.contains(|c: char| c.is_whitespace() || is_control(c))
    }

    fn of(text: &str) -> Self {
        Self(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{Email, LoginName, Parsed};

    #[test]
    fn a_login_name_is_short_and_has_neither_spaces_nor_an_at_sign() {
        let [longest, too_long] = [64, 65].map(|length| "a".repeat(length));
        for name in ["a", "li.na-2_x", longest.as_str()] {
            assert!(LoginName::parse(name).is_ok(), "{name}");
        }
        for name in ["", "li na", "lina@ccc-test", "\u{674e}", too_long.as_str()] {
            assert!(LoginName::parse(name).is_err(), "{name}");
        }
    }

    #[test]
    fn an_e_mail_address_has_something_on_both_sides_of_its_last_at_sign() {
        for address in ["a@b", "li.na@example.com", "\"a@b\"@example.com", "\u{674e}@example.com"] {
            assert!(Email::parse(address).is_ok(), "{address}");
        }
        let too_long = format!("{}@b", "a".repeat(253));
        for address in ["", "a", "@b", "a@", "a b@c", "a@b\u{7}", "a@b\u{ffff}", too_long.as_str()]
        {
            assert!(Email::parse(address).is_err(), "{address}");
        }
    }
}
