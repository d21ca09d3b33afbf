//! The kinds of text whose shape the domain knows: numbers, names, addresses.

use super::fields::{Given, Spot};
use super::kinds::{Kind, built, string, text_of};
use crate::domain::phone_number::is_phone_number;
use crate::domain::{instance, ram_user, skill_group};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

/// What a phone number looks like.
pub(super) const PHONE_NUMBER: &str = r"^[+0-9*#x-][0-9*#x-]{1,31}$";

/// What an e-mail address looks like.
const EMAIL: &str =
    r"^[^\s\u0000-\u001F\u007F-\u009F\uFFFE\uFFFF]+@[^\s@\u0000-\u001F\u007F-\u009F\uFFFE\uFFFF]+$";

/// Text of a shape that the domain knows.
pub(super) struct Shaped {
    fits: fn(&str) -> bool,
    code: &'static str,
    least: usize,
    most: usize,
    pattern: &'static str,
    /// What it is, and what such a thing looks like.
    what: &'static str,
}

/// A phone number, as it was given.
pub(super) fn phone_number() -> Shaped {
    let what = "phone number: 2 to 32 of the characters 0-9 * # - x, and a + only in front";
    Shaped {
        fits: is_phone_number,
        code: "phone-number",
        least: 2,
        most: 32,
        pattern: PHONE_NUMBER,
        what,
    }
}

/// The short name of a skill group.
pub(super) fn group_name() -> Shaped {
    let what = "name of a skill group: a letter and at most 63 more letters, digits, _ and -, all of ASCII";
    Shaped {
        fits: skill_group::is_name,
        code: "name",
        least: 1,
        most: skill_group::LONGEST_NAME,
        pattern: "^[A-Za-z][A-Za-z0-9_-]*$",
        what,
    }
}

/// The id of an instance that is to be made.
pub(super) fn instance_id() -> Shaped {
    let what = "id of an instance: 4 to 48 letters, digits, - and _, all of ASCII";
    Shaped {
        fits: instance::is_id,
        code: "instance-id",
        least: 4,
        most: 48,
        pattern: "^[A-Za-z0-9_-]*$",
        what,
    }
}

/// The name of a login.
pub(super) fn login_name() -> Shaped {
    let what = "login name: 1 to 64 letters, digits, -, . and _, all of ASCII";
    Shaped {
        fits: ram_user::is_login_name,
        code: "login-name",
        least: 1,
        most: 64,
        pattern: "^[A-Za-z0-9._-]*$",
        what,
    }
}

/// An e-mail address.
pub(super) fn email() -> Shaped {
    let what = "e-mail address: no white space, and something on both sides of its last @";
    Shaped {
        fits: ram_user::is_email,
        code: "email",
        least: 3,
        most: ram_user::LONGEST_EMAIL,
        pattern: EMAIL,
        what,
    }
}

impl Kind for Shaped {
    type Value = String;

    fn read(&self, given: Given<'_>, spot: &mut Spot<'_>) -> Option<String> {
        let text = text_of(given, spot)?;
        if (self.fits)(text) {
            return Some(text.to_owned());
        }
        let shown: String = text.chars().take(40).collect();
        spot.wrong(self.code, format!("{shown:?} is no {}.", self.what))
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
