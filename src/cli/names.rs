//! Readers of texts and numbers that are given at the command line: clap names the argument and the
//! value, these name the rule.

use super::Failure;
use crate::domain::Word;
use crate::domain::reservation::MAX_COOL_DOWN_DAYS;
use crate::domain::text::{
    LONGEST_COMPANY, LONGEST_DESCRIPTION, LONGEST_MOBILE, LONGEST_NAME, LONGEST_NOTE,
    LONGEST_PERSON_NAME, LONGEST_REASON, LONGEST_WORD, MOST_TAGS, check,
};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

fn free(text: &str, least: usize, most: usize) -> Result<String, String> {
    check(text, least, most).map(|()| text.to_owned()).map_err(|fault| fault.to_string())
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

fn name(text: &str, most: usize) -> Result<String, String> {
    let name = free(text, 1, most)?;
    if name.trim().is_empty() {
        return Err("It must not be blank".to_owned());
    }
    Ok(name)
}

/// What people call a thing.
pub(super) fn display_name(text: &str) -> Result<String, String> {
    name(text, LONGEST_NAME)
}

/// What people call a person.
pub(super) fn person_name(text: &str) -> Result<String, String> {
    name(text, LONGEST_PERSON_NAME)
}

/// Declares readers of texts, each with its fewest and its most characters.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $least:literal, $most:ident;)*) => {$(
        $(#[$doc])*
        pub(super) fn $name(text: &str) -> Result<String, String> {
            free(text, $least, $most)
        }
    )*};
}

texts! {
    /// A nickname or a display id, or nothing.
    person_name_or_nothing: 0, LONGEST_PERSON_NAME;
    /// A mobile number, in whatever form people write it.
    mobile: 0, LONGEST_MOBILE;
    /// What something is for.
    description: 0, LONGEST_DESCRIPTION;
    /// What people want to remember of something.
    note: 0, LONGEST_NOTE;
    /// Why something is changed.
    reason: 0, LONGEST_REASON;
    /// A company, or what VCC clients call a number; or nothing.
    corp_name: 0, LONGEST_COMPANY;
    /// A province, a city, a provider, or a word to find something by.
    word: 1, LONGEST_WORD;
    /// Like [`word`], or nothing.
    word_or_nothing: 0, LONGEST_WORD;
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
