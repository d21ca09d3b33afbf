//! RAM users: the logins of the account, whatever instances they belong to.

use super::RamId;
use super::text::{is_control, parsed_text};

/// A login, as the faces show it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct RamUser {
    pub ram_id: RamId,
    pub login_name: String,
    pub display_name: String,
    pub email: String,
    pub mobile: String,
    pub is_root: bool,
}

/// A login that is to be made.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of `RamUser`")]
pub struct NewLogin {
    pub ram_id: RamId,
    pub login_name: LoginName,
    pub display_name: String,
    pub email: Option<Email>,
    /// The person's mobile number, in whatever form people write it.
    pub mobile: String,
}

parsed_text! {
    /// The name of a login, and the front of its users' ids.
    LoginName {
        WHAT: "a login name",
        RULE: "1 to 64 ASCII letters, digits, -, . and _",
        LENGTH: (1, 64),
        PATTERN: "^[A-Za-z0-9._-]*$",
        fits(text) {
            let others = |byte| matches!(byte, b'-' | b'.' | b'_');
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || others(byte))
        }
    }
}

parsed_text! {
    /// An e-mail address. More than this is only known by sending something to it.
    Email {
        WHAT: "an e-mail address",
        RULE: "a text of at most 254 characters, without white space, with something on both \
               sides of its last @",
        LENGTH: (3, 254),
        PATTERN: r"^[^\s\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069\uFFFE\uFFFF]+@[^\s@\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069\uFFFE\uFFFF]+$",
        fits(text) {
            let has_sides = text
                .rsplit_once('@')
                .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
            has_sides && !text.contains(|c: char| c.is_whitespace() || is_control(c))
        }
    }
}
