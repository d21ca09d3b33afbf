//! Forms and addresses, as their fields.

use super::reply::Failure;
use super::texts::Texts;
use crate::domain::{characters, text};
use crate::http::Request;
use serde::de::DeserializeOwned;
use std::borrow::Cow;

/// The fields of a form.
///
/// # Errors
/// [`Failure::BadForm`] for a body that is not a form, or a field of the wrong kind.
pub(super) fn form<T: DeserializeOwned>(t: Texts, request: &Request) -> Result<T, Failure> {
    fields(t, body(t, request)?)
}

pub(super) fn body(t: Texts, request: &Request) -> Result<&[u8], Failure> {
    let unreadable = |_| Failure::BadForm(t.say("form-unreadable").to_string());
    request.body.as_deref().map_err(unreadable)
}

/// A form whose texts are [`characters::composed`].
pub(super) fn composed(text: &[u8]) -> Cow<'_, [u8]> {
    if percent_encoding::percent_decode(text).all(|byte| byte.is_ascii()) {
        return Cow::Borrowed(text);
    }
    let pairs: Result<Vec<(String, String)>, _> = serde_html_form::from_bytes(text);
    let Ok(mut pairs) = pairs else { return Cow::Borrowed(text) };
    for (_, value) in &mut pairs {
        *value = characters::composed(value).into_owned();
    }
    let said = serde_html_form::to_string(pairs);
    said.map_or(Cow::Borrowed(text), |said| Cow::Owned(said.into_bytes()))
}

/// The fields of a form or an address.
///
/// # Errors
/// [`Failure::BadForm`], which names the field that is of the wrong kind.
pub(super) fn fields<T: DeserializeOwned>(t: Texts, text: &[u8]) -> Result<T, Failure> {
    serde_html_form::from_bytes(text).map_err(|_| {
        // The error doesn't say which it was; alone, it fails again.
        let all: Vec<(String, String)> = serde_html_form::from_bytes(text).unwrap_or_default();
        let wrong = all.iter().find(|field| {
            let alone = serde_html_form::to_string([field]).unwrap_or_default();
            serde_html_form::from_str::<T>(&alone).is_err()
        });
        let said = match wrong {
            Some((name, value)) => {
                t.say("field-wrong").with("field", name).with("value", text::quoted(value))
            }
            None => t.say("form-unreadable"),
        };
        Failure::BadForm(said.to_string())
    })
}

/// What a field says; nothing for one that is blank.
pub(super) fn said(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
