//! Fields that are texts: of limited length, names, what is searched for.

use super::source::{FaultCode, Path, RawValue};
use super::types::{FieldType, built, string, text_of};
use crate::domain::characters::{INVISIBLE, is_blank};
use crate::domain::text::{self, LONGEST_WORD, TextFault};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema};

/// The control and direction characters, as a part of a pattern.
macro_rules! control {
    () => {
        r"\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069\uFFFE\uFFFF"
    };
}

/// Text without control and direction characters, as a pattern.
const NO_CONTROL: &str = concat!("^[^", control!(), "]*$");

/// Like [`NO_CONTROL`], with something that can be seen. Of what is invisible it has those of 16
/// bits: how others are written depends on who reads the pattern.
fn not_blank() -> String {
    let mut visible = concat!(r"[^\s", control!()).to_owned();
    for (first, last) in INVISIBLE.map(|(first, last)| (u32::from(first), u32::from(last))) {
        if last <= 0xffff {
            visible += &format!("\\u{first:04X}-\\u{last:04X}");
        }
    }
    let any = concat!("[^", control!(), "]*");
    format!("{any}{visible}]{any}")
}

/// What the pattern says.
pub(in crate::admin) const NO_CONTROL_RULE: &str = "have no control or direction characters";

/// Text of limited length.
pub(in crate::admin) struct Text {
    least: usize,
    most: usize,
    /// Whether it is only compared with what the file holds, so that it stays as it was given.
    is_sought: bool,
}

impl Text {
    fn limited(&self) -> ObjectBuilder {
        string().min_length(Some(self.least)).max_length(Some(self.most))
    }
}

/// Text of `least` to `most` characters without control characters.
pub(in crate::admin) fn text(least: usize, most: usize) -> Text {
    Text { least, most, is_sought: false }
}

/// A word that a filter compares with those in the file, or nothing.
pub(in crate::admin) fn sought() -> Text {
    Text { least: 0, most: LONGEST_WORD, is_sought: true }
}

/// An id as it was given: what a vendor made is not composed.
pub(in crate::admin) fn id() -> Text {
    Text { least: 1, most: 128, is_sought: true }
}

pub(in crate::admin) struct Name(Text);

/// What a thing or a person is called: text of 1 to `most` characters that is not blank.
pub(in crate::admin) fn name_text(most: usize) -> Name {
    Name(text(1, most))
}

/// Like [`name_text`], or nothing at all.
pub(in crate::admin) fn name_or_nothing(most: usize) -> Name {
    Name(text(0, most))
}

impl FieldType for Name {
    type Value = String;

    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<String> {
        let name = self.0.read(value, path)?;
        if !name.is_empty() && is_blank(&name) {
            return path.must(FaultCode::Characters, "have something that can be seen", value);
        }
        Some(name)
    }

    fn schema(&self) -> RefOr<Schema> {
        let pattern = match self.0.least {
            0 => format!("^({})?$", not_blank()),
            _ => format!("^{}$", not_blank()),
        };
        built(self.0.limited().pattern(Some(pattern)))
    }
}

pub(in crate::admin) struct Pattern(Text);

pub(in crate::admin) fn pattern() -> Pattern {
    Pattern(text(1, 64))
}

/// Text of a query whose leading `+` was decoded as a space, as in `q=+486`. Nothing that is
/// searched begins with a space and a digit.
pub(super) fn leading_plus(value: RawValue<'_>) -> Option<String> {
    let RawValue::Text(text) = value else { return None };
    let digits = text.strip_prefix(' ')?;
    digits.starts_with(|c: char| c.is_ascii_digit()).then(|| format!("+{digits}"))
}

impl FieldType for Pattern {
    type Value = String;

    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<String> {
        match leading_plus(value) {
            Some(text) => self.0.read(RawValue::Text(&text), path),
            None => self.0.read(value, path),
        }
    }

    fn schema(&self) -> RefOr<Schema> {
        self.0.schema()
    }
}

impl FieldType for Text {
    type Value = String;

    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<String> {
        let text = text_of(value, path)?;
        match text::free(text, self.least, self.most) {
            Ok(_) if self.is_sought => Some(text.to_owned()),
            Ok(text) => Some(text),
            Err(TextFault::Character(_) | TextFault::Blank) => {
                path.must(FaultCode::Characters, NO_CONTROL_RULE, value)
            }
            Err(TextFault::Length(least, most, length)) => {
                let rule = match least == most {
                    true => format!("have exactly {most} characters"),
                    false => format!("have {least} to {most} characters"),
                };
                path.must(FaultCode::Length, &rule, format_args!("{length}"))
            }
        }
    }

    fn schema(&self) -> RefOr<Schema> {
        built(self.limited().pattern(Some(NO_CONTROL)))
    }
}
