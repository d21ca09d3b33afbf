//! Readers of names that are given at the command line for something that is to be made.

use crate::domain::text::is_control;
use crate::domain::{instance, ram_user, skill_group};

/// The longest name that people call something, in characters; as in the admin API.
const LONGEST_NAME: usize = 64;

/// The longest mobile number, in characters.
const LONGEST_MOBILE: usize = 32;

/// The longest description, in characters.
const LONGEST_DESCRIPTION: usize = 256;

fn shaped(text: &str, fits: fn(&str) -> bool, rule: &str) -> Result<String, String> {
    if fits(text) { Ok(text.to_owned()) } else { Err(rule.to_owned()) }
}

/// The id of an instance.
pub(super) fn instance_id(text: &str) -> Result<String, String> {
    shaped(text, instance::is_id, "an instance's id has 4 to 48 letters, digits, - and _")
}

/// The name of a login.
pub(super) fn login_name(text: &str) -> Result<String, String> {
    shaped(text, ram_user::is_login_name, "a login name has 1 to 64 letters, digits, -, . and _")
}

/// An e-mail address.
pub(super) fn email(text: &str) -> Result<String, String> {
    shaped(
        text,
        ram_user::is_email,
        "an e-mail address has no white space, and something on both sides of its last @",
    )
}

/// The short name of a skill group.
pub(super) fn group_name(text: &str) -> Result<String, String> {
    shaped(
        text,
        skill_group::is_name,
        "a skill group's name is a letter and at most 63 more letters, digits, _ and -",
    )
}

/// What people call something.
pub(super) fn display_name(text: &str) -> Result<String, String> {
    shaped(
        text,
        |text| !text.is_empty() && is_text(text, LONGEST_NAME),
        "a name has 1 to 64 characters, none of them a control character",
    )
}

/// A mobile number, in whatever form people write it.
pub(super) fn mobile(text: &str) -> Result<String, String> {
    shaped(
        text,
        |text| is_text(text, LONGEST_MOBILE),
        "a mobile number has at most 32 characters, none of them a control character",
    )
}

/// What something is for.
pub(super) fn description(text: &str) -> Result<String, String> {
    shaped(
        text,
        |text| is_text(text, LONGEST_DESCRIPTION),
        "a description has at most 256 characters, none of them a control character",
    )
}

fn is_text(text: &str, longest: usize) -> bool {
    text.chars().count() <= longest && !text.contains(is_control)
}
