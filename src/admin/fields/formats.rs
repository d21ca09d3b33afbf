//! Text whose format the domain knows: numbers, names, addresses.

use super::source::{Path, RawValue};
use super::types::{FieldType, built, string, text_of};
use crate::domain::phone_number::is_phone_number;
use crate::domain::{instance, ram_user, skill_group};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

/// The pattern of a phone number.
pub(in crate::admin) const PHONE_NUMBER: &str = r"^[+0-9*#x-][0-9*#x-]{1,31}$";

/// The pattern of an e-mail address.
const EMAIL: &str =
    r"^[^\s\u0000-\u001F\u007F-\u009F\uFFFE\uFFFF]+@[^\s@\u0000-\u001F\u007F-\u009F\uFFFE\uFFFF]+$";

/// Text of a format that the domain knows.
pub(in crate::admin) struct Format {
    fits: fn(&str) -> bool,
    code: &'static str,
    least: usize,
    most: usize,
    pattern: &'static str,
    /// What it must be, with the rule.
    rule: &'static str,
}

/// A phone number.
pub(in crate::admin) fn phone_number() -> Format {
    let rule = "be a phone number: 2 to 32 of the characters 0-9 * # - x, with a + only in front";
    Format {
        fits: is_phone_number,
        code: "phone-number",
        least: 2,
        most: 32,
        pattern: PHONE_NUMBER,
        rule,
    }
}

/// The short name of a skill group.
pub(in crate::admin) fn group_name() -> Format {
    let rule = "be a skill group name: a letter, then at most 63 ASCII letters, digits, _ and -";
    Format {
        fits: skill_group::is_name,
        code: "name",
        least: 1,
        most: skill_group::LONGEST_NAME,
        pattern: "^[A-Za-z][A-Za-z0-9_-]*$",
        rule,
    }
}

/// The id of a new instance.
pub(in crate::admin) fn instance_id() -> Format {
    let rule = "be an instance id: 4 to 48 ASCII letters, digits, - and _";
    Format {
        fits: instance::is_id,
        code: "instance-id",
        least: 4,
        most: 48,
        pattern: "^[A-Za-z0-9_-]*$",
        rule,
    }
}

/// A login name.
pub(in crate::admin) fn login_name() -> Format {
    let rule = "be a login name: 1 to 64 ASCII letters, digits, -, . and _";
    Format {
        fits: ram_user::is_login_name,
        code: "login-name",
        least: 1,
        most: 64,
        pattern: "^[A-Za-z0-9._-]*$",
        rule,
    }
}

/// An e-mail address.
pub(in crate::admin) fn email() -> Format {
    let rule = "be an e-mail address: no white space, and text on both sides of the last @";
    Format {
        fits: ram_user::is_email,
        code: "email",
        least: 3,
        most: ram_user::LONGEST_EMAIL,
        pattern: EMAIL,
        rule,
    }
}

impl FieldType for Format {
    type Value = String;

    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<String> {
        let text = text_of(value, path)?;
        if (self.fits)(text) {
            return Some(text.to_owned());
        }
        path.must(self.code, self.rule, value)
    }

    fn schema(&self) -> RefOr<Schema> {
        built(
            string()
                .min_length(Some(self.least))
                .max_length(Some(self.most))
                .pattern(Some(self.pattern)),
        )
    }
}
