//! Addresses: which route one belongs to, and what its parts name.
//!
//! The address is cut at its slashes before it is decoded, so a number may be written with `%2B` or
//! with a plain `+`, and an id may hold anything.

use super::fields::{FaultCode, FieldError, Source, integer, quoted, string};
use super::problem::{Failure, Result};
use crate::domain::history::LAST_CHANGE;
use crate::domain::{ContactFlowId, Number, Parsed, SkillGroupId, UserId};
use utoipa::openapi::schema::ObjectBuilder;

/// The parts of an address, decoded.
pub(super) fn segments(raw: &str) -> Result<Vec<String>> {
    let decoded = |raw: &str| match percent_encoding::percent_decode_str(raw).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => {
            let (place, detail) = (format!("/{raw}"), "The path must be percent-encoded UTF-8.");
            Err(Failure::malformed(Source::Path, &place, FaultCode::Encoding, detail))
        }
    };
    raw.strip_prefix('/').unwrap_or(raw).split('/').map(decoded).collect()
}

/// What the parts of an address name.
#[derive(Debug)]
pub(super) struct PathValues(Vec<(&'static str, String)>);

impl PathValues {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }
}

/// The parameter that a part of a pattern names, and the text behind it, such as `:undo`.
fn named(part: &str) -> Option<(&str, &str)> {
    part.strip_prefix('{')?.split_once('}')
}

/// The name and the value of a parameter, if the part of a pattern is one and the segment fits it.
fn value<'s>(part: &'static str, segment: &'s str) -> Option<(&'static str, &'s str)> {
    let (name, suffix) = named(part)?;
    let value = segment.strip_suffix(suffix).filter(|value| !value.is_empty())?;
    Some((name, value))
}

/// Fits an address to a pattern such as `/instances/{instance}/changes/{change}:undo`.
///
/// Each request is compared with every pattern, so the comparison begins at the end, where patterns
/// differ, and allocates nothing for those that don't fit.
pub(super) fn fit(pattern: &'static str, segments: &[String]) -> Option<PathValues> {
    let fits = |part, segment| value(part, segment).is_some() || part == segment;
    let mut parts = pattern.rsplit('/');
    let fit = segments.iter().rev().all(|segment| parts.next().is_some_and(|p| fits(p, segment)));
    // All that is left is what precedes the first slash.
    if !fit || parts.next() != Some("") {
        return None;
    }
    let parts = pattern.split('/').skip(1).zip(segments);
    let values = parts.filter_map(|(part, segment)| value(part, segment));
    Some(PathValues(values.map(|(name, value)| (name, value.to_owned())).collect()))
}

/// Whether a pattern is that of an act on something, as `…/{change}:undo` is.
pub(super) fn is_act(pattern: &str) -> bool {
    pattern.contains("}:")
}

/// The names of a pattern's parts.
pub(super) fn names(pattern: &'static str) -> impl Iterator<Item = &'static str> {
    pattern.split('/').filter_map(|part| named(part).map(|(name, _)| name))
}

/// A part of an address.
pub(super) trait Segment: Sized + Send + 'static {
    /// Its name in the pattern.
    const NAME: &'static str;

    /// Reads it, or says what it must be.
    fn read(text: &str) -> Result<Self, (FaultCode, String)>;
}

impl Segment for Number {
    const NAME: &'static str = "number";

    fn read(text: &str) -> Result<Self, (FaultCode, String)> {
        Self::known(text).map_err(|_| (FaultCode::Number, format!("be {}", Self::RULE)))
    }
}

/// A request in an address.
pub(super) struct RequestId(pub(super) String);

/// A previewed spreadsheet in an address.
pub(super) struct ImportId(pub(super) String);

/// A login, by its name.
pub(super) struct Login(pub(super) String);

/// A change in an address: its id.
pub(super) struct ChangeId(pub(super) u64);

impl Segment for ChangeId {
    const NAME: &'static str = "change";

    fn read(text: &str) -> Result<Self, (FaultCode, String)> {
        text.parse().ok().filter(|id| (1..=LAST_CHANGE).contains(id)).map(Self).ok_or_else(|| {
            (FaultCode::Change, format!("be a whole number from 1 to {LAST_CHANGE}"))
        })
    }
}

/// Parts that may be any text.
macro_rules! texts {
    ($($name:literal: $part:ty = $new:expr,)*) => {$(
        impl Segment for $part {
            const NAME: &'static str = $name;

            fn read(text: &str) -> Result<Self, (FaultCode, String)> {
                Ok($new(text.to_owned()))
            }
        }
    )*};
}

texts! {
    "user": UserId = UserId::new,
    "skill_group": SkillGroupId = SkillGroupId::new,
    "contact_flow": ContactFlowId = ContactFlowId::new,
    "request": RequestId = RequestId,
    "import": ImportId = ImportId,
    "login": Login = Login,
}

/// The parts of an address that an operation takes, beside the instance.
pub(super) trait FromPath: Sized + Send + 'static {
    /// Reads them; `None` when one is wrong, which was noted.
    fn read(values: &PathValues, errors: &mut Vec<FieldError>) -> Option<Self>;
}

fn read<S: Segment>(values: &PathValues, errors: &mut Vec<FieldError>) -> Option<S> {
    let text = values.get(S::NAME).unwrap_or_default();
    match S::read(text) {
        Ok(segment) => Some(segment),
        Err((code, rule)) => {
            let detail = format!("{} must {rule}, not {}.", S::NAME, quoted(text));
            errors.push(FieldError::new(Source::Path, format!("/{}", S::NAME), code, detail));
            None
        }
    }
}

impl FromPath for () {
    fn read(_: &PathValues, _: &mut Vec<FieldError>) -> Option<Self> {
        Some(())
    }
}

impl<A: Segment> FromPath for (A,) {
    fn read(values: &PathValues, errors: &mut Vec<FieldError>) -> Option<Self> {
        Some((read(values, errors)?,))
    }
}

impl<A: Segment, B: Segment> FromPath for (A, B) {
    fn read(values: &PathValues, errors: &mut Vec<FieldError>) -> Option<Self> {
        let (first, second) = (read(values, errors), read(values, errors));
        Some((first?, second?))
    }
}

/// The explanation, an example and the schema of a part of an address.
#[rustfmt::skip]
pub(super) fn describe(name: &str) -> (&'static str, serde_json::Value, ObjectBuilder) {
    let (text, example) = match name {
        "instance" => ("The id of the instance.", "ccc-test"),
        "number" => ("The phone number; a + may be written as %2B.", "083xxxx0011"),
        "user" => ("The id of the user: login name @ instance.", "wangfang@ccc-test"),
        "skill_group" => ("The id of the skill group: name @ instance.", "sales@ccc-test"),
        "request" => ("The id of a request: the header X-Request-Id of its response.", "3F2504E0-4F89-11D3-9A0C-0305E82C3301"),
        "import" => ("The id of a previewed spreadsheet.", "3F2504E0-4F89-11D3-9A0C-0305E82C3301"),
        "login" => ("The login name of a person.", "wuxia"),
        "contact_flow" => ("The id of the contact flow.", "a3fb6c62-9b49-4942-ae5b-cf2abd4123ek"),
        "change" => return ("The id of a change.", 4711.into(), integer(1..=LAST_CHANGE).limited()),
        _ => ("", ""),
    };
    let schema = match name {
        "number" => string().min_length(Some(2)).max_length(Some(32)).pattern(Some(Number::PATTERN)),
        _ => string().min_length(Some(1)),
    };
    (text, example.into(), schema)
}

#[cfg(test)]
mod tests {
    use super::{fit, segments};

    #[test]
    fn an_act_on_something_follows_its_id() {
        let undo = "/instances/{instance}/changes/{change}:undo";
        assert_eq!(
            fit(undo, &segments("/instances/a/changes/12:undo").unwrap()).unwrap().get("change"),
            Some("12")
        );
        assert!(fit(undo, &segments("/instances/a/changes/12").unwrap()).is_none());
        assert!(fit(undo, &segments("/instances/a/changes/:undo").unwrap()).is_none());
        assert!(fit(undo, &segments("/instances/a/changes/12:undo/x").unwrap()).is_none());
    }

    #[test]
    fn a_slash_that_is_encoded_does_not_cut() {
        assert_eq!(segments("/a%2Fb/c").unwrap(), ["a/b", "c"]);
        assert!(segments("/%FF").is_err());
    }
}
