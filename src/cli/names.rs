//! Readers of texts and numbers that are given at the command line: clap names the argument and the
//! value, these name the rule.

use super::Failure;
use crate::domain::reservation::MAX_COOL_DOWN_DAYS;
use crate::domain::text::{
    LONGEST_COMPANY, LONGEST_DESCRIPTION, LONGEST_MOBILE, LONGEST_NAME, LONGEST_NOTE,
    LONGEST_PERSON_NAME, LONGEST_REASON, LONGEST_WORD, MOST_TAGS,
};
use crate::domain::{Word, text};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

fn free(text: &str, most: usize) -> Result<String, String> {
    text::free(text, 0, most).map_err(|fault| fault.to_string())
}

fn name(text: &str, most: usize) -> Result<String, String> {
    text::name(text, most).map_err(|fault| fault.to_string())
}

fn name_or_nothing(text: &str, most: usize) -> Result<String, String> {
    text::name_or_nothing(text, most).map_err(|fault| fault.to_string())
}

/// A whole number within bounds.
pub(super) fn between<T: FromStr + PartialOrd + Display + Clone + Send + Sync + 'static>(
    limits: RangeInclusive<T>,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text| {
        text.parse().ok().filter(|number| limits.contains(number)).ok_or_else(|| {
            format!("it must be a whole number from {} to {}", limits.start(), limits.end())
        })
    }
}

/// The days of a cool-down.
pub(super) fn cool_down_days() -> impl Fn(&str) -> Result<u32, String> + Clone + Send + Sync {
    between(0..=MAX_COOL_DOWN_DAYS)
}

/// One of the words of a type.
pub(super) fn word_of<T: Word>() -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(T::NAMES)
        .try_map(|word| T::from_name(&word).ok_or("It is not one of these words"))
}

/// Declares readers of texts: of what kind each is, and how long at most.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $kind:ident, $most:ident;)*) => {$(
        $(#[$doc])*
        pub(super) fn $name(text: &str) -> Result<String, String> {
            $kind(text, $most)
        }
    )*};
}

texts! {
    /// What people call a thing.
    display_name: name, LONGEST_NAME;
    /// What people call a person.
    person_name: name, LONGEST_PERSON_NAME;
    /// A nickname or a display id, or nothing.
    person_name_or_nothing: name_or_nothing, LONGEST_PERSON_NAME;
    /// A mobile number, in whatever form people write it.
    mobile: free, LONGEST_MOBILE;
    /// What something is for.
    description: free, LONGEST_DESCRIPTION;
    /// What people want to remember of something.
    note: free, LONGEST_NOTE;
    /// Why something is changed.
    reason: free, LONGEST_REASON;
    /// A company, or what VCC clients call a number; or nothing.
    corp_name: name_or_nothing, LONGEST_COMPANY;
    /// A city, or a word to find something by.
    word: name, LONGEST_WORD;
    /// A word to find something by, or nothing.
    tag_or_nothing: name_or_nothing, LONGEST_WORD;
    /// A province, a city or a provider, or what a credential is for; or nothing.
    word_or_nothing: free, LONGEST_WORD;
}

/// The words to find a number by; an empty one stands for none.
pub(super) fn tags(given: Vec<String>) -> Result<Vec<String>, Failure> {
    let tags: Vec<String> = given.into_iter().filter(|tag| !tag.is_empty()).collect();
    if tags.len() > MOST_TAGS {
        let count = tags.len();
        return Err(Failure::usage(format!(
            "A number has at most {MOST_TAGS} tags; --tag gives {count}."
        )));
    }
    Ok(tags)
}
