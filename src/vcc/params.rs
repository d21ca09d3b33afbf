//! What a request carries: the id in its path, its query, its JSON body. Readers return domain
//! types, so that no endpoint checks a parameter again; whatever is wrong becomes a sentence that
//! names it with its value.

use super::error::{Failure, Result};
use crate::domain::skill_group::SKILL_LEVELS;
use crate::domain::{PageRequest, Paging, json};
use crate::http::{BodyError, Headers, form};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;

/// The greatest `limit`, and the one when none is given.
const MOST_ITEMS: u64 = 5000;
pub(super) const DEFAULT_LIMIT: u64 = 25;

/// The greatest `page`.
const LAST_PAGE: u64 = 1_000_000_000;

/// The name and the value of a path's `{…}`, if it has one.
pub(super) type PathParameter<'a> = Option<(&'static str, &'a str)>;

/// A request, its endpoint known.
pub(super) struct Request<'a> {
    pub(super) path_parameter: PathParameter<'a>,
    pub(super) query: &'a str,
    pub(super) headers: &'a Headers,
    pub(super) body: Result<&'a [u8], BodyError>,
}

/// What can be read from a request. A pair reads its first half first, so that the first fault is
/// reported.
pub(super) trait FromRequest: Sized {
    fn read(request: &Request<'_>) -> Result<Self>;
}

impl<A: FromRequest, B: FromRequest> FromRequest for (A, B) {
    fn read(request: &Request<'_>) -> Result<Self> {
        Ok((A::read(request)?, B::read(request)?))
    }
}

// Path
// ------------------------------------------------------------------------------------------

/// An id of 8-4-4-4-12 hexadecimal digits, in lower case. The vendor's samples are not RFC 4122
/// UUIDs, so no more is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guid(String);

impl Guid {
    fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 36
            && text.bytes().enumerate().all(|(place, byte)| {
                if matches!(place, 8 | 13 | 18 | 23) {
                    byte == b'-'
                } else {
                    byte.is_ascii_hexdigit()
                }
            });
        fits.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromRequest for Guid {
    fn read(request: &Request<'_>) -> Result<Self> {
        let (name, value) = request.path_parameter.unwrap_or_default();
        Self::parse(value).ok_or_else(|| {
            Failure::Invalid(format!(
                "{name} must be a GUID of 36 characters, but is {}.",
                shown(value)
            ))
        })
    }
}

impl<'de> Deserialize<'de> for Guid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::invalid_value(Unexpected::Str(&shortened(&text)), &"a GUID of 36 characters")
        })
    }
}

// Query
// ------------------------------------------------------------------------------------------

impl FromRequest for PageRequest {
    fn read(request: &Request<'_>) -> Result<Self> {
        let size = request.number("limit", MOST_ITEMS)?.unwrap_or(DEFAULT_LIMIT);
        let number = request.number("page", LAST_PAGE)?.unwrap_or(1);
        Ok(Self { number, size, paging: Paging::Strict })
    }
}

/// The page that an endpoint shows which takes no paging parameters.
pub(super) const FIRST_PAGE: PageRequest =
    PageRequest { number: 1, size: DEFAULT_LIMIT, paging: Paging::Strict };

/// Which users are listed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Include {
    Active,
    Archived,
    All,
}

impl FromRequest for Include {
    fn read(request: &Request<'_>) -> Result<Self> {
        match request.query("include")?.as_deref() {
            None | Some("Active") => Ok(Self::Active),
            Some("Archived") => Ok(Self::Archived),
            Some("All") => Ok(Self::All),
            Some(other) => Err(Failure::Invalid(format!(
                "include must be Active, Archived or All, but is {}.",
                shown(other)
            ))),
        }
    }
}

impl Request<'_> {
    /// The value of a query parameter that may be given once; unknown ones are ignored.
    fn query(&self, wanted: &str) -> Result<Option<String>> {
        let mut found = None;
        for pair in self.query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if form::decode_part(name.as_bytes()).as_deref() != Some(wanted) {
                continue;
            }
            let value = form::decode_part(value.as_bytes())
                .ok_or_else(|| Failure::Invalid(format!("{wanted} must be UTF-8.")))?;
            if found.replace(value).is_some() {
                return Err(Failure::Invalid(format!("{wanted} must be given once.")));
            }
        }
        Ok(found)
    }

    /// A flag in the query: `true`, or `false` as when it is absent.
    pub(super) fn flag(&self, name: &str) -> Result<bool> {
        match self.query(name)?.as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(Failure::Invalid(format!(
                "{name} must be true or false, but is {}.",
                shown(other)
            ))),
        }
    }

    /// A query parameter of decimal digits from 1 to `most`.
    fn number(&self, name: &str, most: u64) -> Result<Option<u64>> {
        let Some(text) = self.query(name)? else { return Ok(None) };
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|number| digits && (1..=most).contains(number));
        number.map(Some).ok_or_else(|| {
            Failure::Invalid(format!(
                "{name} must be an integer from 1 to {most}, but is {}.",
                shown(&text)
            ))
        })
    }
}

// Body
// ------------------------------------------------------------------------------------------

/// The JSON body. Members that its type does not have are ignored: clients send back what they were
/// given.
pub(super) struct Body<T>(pub(super) T);

impl<T: for<'de> Deserialize<'de>> FromRequest for Body<T> {
    fn read(request: &Request<'_>) -> Result<Self> {
        let body = request.body.map_err(Failure::Body)?;
        let media_type = request.headers.media_type();
        if request.headers.has("content-type") && !is_json(&media_type) {
            return Err(Failure::MediaType(shown(&media_type)));
        }
        let body = json::without_bom(body);
        let mut json = serde_json::Deserializer::from_slice(body);
        let Object(value) = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            // `.` is the body itself, and `?` a place that the text breaks off at.
            let path = error.path().to_string();
            let place =
                if path == "." || path.ends_with('?') { "The body".to_owned() } else { path };
            Failure::Invalid(format!("{place}: {}.", error.into_inner()))
        })?;
        json.end().map_err(|error| Failure::Invalid(format!("The body: {error}.")))?;
        // Of members that the type does not have, none was looked at.
        json::read(body).map_err(|error| Failure::Invalid(format!("The body: {error}.")))?;
        Ok(Self(value))
    }
}

/// The body of a `PUT` that replaces a whole set.
pub(super) struct Whole<T>(pub(super) T);

/// What a client sends back of the page that it has read.
#[derive(Deserialize)]
struct Echo {
    meta: Option<serde_json::Value>,
}

impl<T: for<'de> Deserialize<'de>> FromRequest for Whole<T> {
    /// A set that was read in part, by its own `meta`, would take the rest away.
    fn read(request: &Request<'_>) -> Result<Self> {
        let Body(set) = Body::<T>::read(request)?;
        let Body(Echo { meta }) = Body::<Echo>::read(request)?;
        let figure = |name: &str| meta.as_ref()?.get(name)?.as_u64();
        match (figure("count"), figure("totalCount")) {
            (Some(count), Some(total)) if total > count => Err(Failure::Conflict(format!(
                "The body is a page of {count} of {total} items, so the others would be taken away. Read them all (limit is at most {MOST_ITEMS}) and send them all; nothing was changed."
            ))),
            _ => Ok(Self(set)),
        }
    }
}

/// A JSON object. (serde reads a struct from an array as well, its members in order.)
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(Object)
            }
        }

        deserializer.deserialize_map(Members(PhantomData))
    }
}

fn is_json(media_type: &str) -> bool {
    media_type == "application/json"
        || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

/// A skill level in a body: an integer from 1 to 10, or the text that replies have.
#[derive(Clone, Copy, Debug)]
pub(super) struct SkillLevel(pub(super) u8);

impl<'de> Deserialize<'de> for SkillLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Level;

        impl Visitor<'_> for Level {
            type Value = i64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a skill level from 1 to 10")
            }

            fn visit_i64<E: serde::de::Error>(self, level: i64) -> Result<i64, E> {
                Ok(level)
            }

            fn visit_u64<E: serde::de::Error>(self, level: u64) -> Result<i64, E> {
                Ok(i64::try_from(level).unwrap_or(i64::MAX))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<i64, E> {
                text.parse().map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
            }
        }

        let level = deserializer.deserialize_any(Level)?;
        let fits = u8::try_from(level).ok().filter(|level| SKILL_LEVELS.contains(level));
        fits.map(Self).ok_or_else(|| {
            D::Error::invalid_value(Unexpected::Signed(level), &"a skill level from 1 to 10")
        })
    }
}

// Shown values
// ------------------------------------------------------------------------------------------

/// A value as a message shows it: quoted, and not longer than what a person looks at.
pub(super) fn shown(value: &str) -> String {
    format!("{:?}", shortened(value))
}

pub(super) fn shortened(value: &str) -> String {
    if value.chars().count() > 64 {
        value.chars().take(64).chain(['…']).collect()
    } else {
        value.to_owned()
    }
}
