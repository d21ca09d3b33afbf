//! The parameters of a request: query and form body merged, each name once.
//!
//! The only maker of `Parameter.*` for what a caller sends; its readers return domain types, so
//! that no operation checks a parameter again. Verifier and operations read the same map: what is
//! signed is what is used.

mod ids;
mod lists;
mod texts;
mod wire;

pub(super) use wire::Wire;

use super::error::{Failure, Result};
use crate::domain::text::quoted;
use crate::domain::{Paging, Parsed};
use crate::http::form;
use std::collections::BTreeMap;

/// The longest list in one call.
pub(super) const LONGEST_LIST: usize = 1000;

/// The longest search pattern, in characters.
pub(super) const LONGEST_PATTERN: usize = 64;

/// Decodes `application/x-www-form-urlencoded` pairs; `+` and `%20` are both a space.
///
/// # Errors
/// The name of what is not UTF-8.
pub(super) fn decode(encoded: &[u8]) -> Result<Vec<(String, String)>> {
    let pairs = form::decode(encoded).map_err(|form::Undecodable(name)| {
        Failure::Unreadable(name.unwrap_or_else(|| "a parameter's name".to_owned()))
    })?;
    check_characters(&pairs)?;
    Ok(pairs)
}

/// Refuses names and values that no reply could carry.
fn check_characters(pairs: &[(String, String)]) -> Result<()> {
    for (name, value) in pairs {
        if name.contains(is_illegal_in_xml) {
            return Err(Failure::Unreadable("a parameter's name".to_owned()));
        }
        if value.contains(is_illegal_in_xml) {
            return Err(Failure::Unreadable(name.clone()));
        }
    }
    Ok(())
}

/// Characters that XML 1.0 can't carry, so no reply could; nor does any name, id or number hold
/// them.
pub(super) fn is_illegal_in_xml(c: char) -> bool {
    (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// Why a group of numbers is refused.
pub(super) const NO_NUMBER_GROUPS: &str = "can't be looked up: number groups are not kept here";

/// A request's parameters by name.
pub(super) struct Params {
    values: BTreeMap<String, String>,
    paging: Paging,
}

impl Params {
    /// Takes the decoded pairs of query and body.
    ///
    /// # Errors
    /// A name that is given more than once: nobody knows which of the two was meant.
    pub(super) fn unique(pairs: Vec<(String, String)>, paging: Paging) -> Result<Self> {
        let mut values = BTreeMap::new();
        for (name, value) in pairs {
            if values.contains_key(&name) {
                return Err(Failure::Unusable(name, "it is given more than once"));
            }
            values.insert(name, value);
        }
        Ok(Self { values, paging })
    }

    /// The raw value of a parameter that may be absent.
    ///
    /// # Errors
    /// It is there in a form that is not read (`Name[0]`, `Name.1`, `name`): taking it as absent
    /// would do something else than was asked.
    fn optional(&self, name: &'static str) -> Result<Option<&str>> {
        match (self.get(name), self.other_forms(name).next()) {
            (None, Some(other)) => Err(Failure::Format(
                name,
                format!("{} is not a form of it that is read here.", quoted(other)),
            )),
            (value, _) => Ok(value),
        }
    }

    /// The names of the parameters that are other forms of this one.
    fn other_forms<'a>(&'a self, name: &'static str) -> impl Iterator<Item = &'a str> {
        let is_form = move |key: &&str| {
            let Some((start, rest)) = key.split_at_checked(name.len()) else { return false };
            start.eq_ignore_ascii_case(name)
                && (rest.starts_with(['.', '[']) || (rest.is_empty() && start != name))
        };
        self.values.keys().map(String::as_str).filter(is_form)
    }

    /// The raw value, if the parameter is there.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Every pair, sorted by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Reads a text of a kind that the domain knows.
fn parsed<T: Parsed>(name: &'static str, text: &str) -> Result<T> {
    T::parse(text).map_err(|malformed| Failure::Format(name, format!("{malformed}.")))
}

/// What an operation is called with, read from the parameters once.
pub(super) trait Request: Sized {
    fn read(params: &Params) -> Result<Self>;
}

/// An operation that is called with nothing but the place it works in.
impl Request for () {
    fn read(_: &Params) -> Result<Self> {
        Ok(())
    }
}

/// Declares requests: the operation's name, which links the vendor's page, then `field: Type =
/// reader(arguments)` for each parameter, in the order in which they are checked; the first bad one
/// is reported. `InstanceId` is read before them all.
macro_rules! request {
    ($($name:ident { $($field:ident: $type:ty = $reader:ident($($argument:expr),*),)* })*) => {$(
        #[doc = concat!(
            "<https://api.aliyun.com/#product=CCC&api=",
            stringify!($name),
            "&type=RPC&version=2020-07-01>, read 2026-11-21."
        )]
        #[derive(Debug)]
        pub(super) struct $name { $(pub(super) $field: $type,)* }

        impl $crate::ccc::params::Request for $name {
            fn read(
                params: &$crate::ccc::params::Params,
            ) -> Result<Self, $crate::ccc::error::Failure> {
                Ok(Self { $($field: params.$reader($($argument),*)?,)* })
            }
        }
    )*};
}
pub(super) use request;
