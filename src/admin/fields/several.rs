//! Fields of a query that take several values, and words to search for.

use super::presence::Field;
use super::source::{FaultCode, Path, RawValue};
use super::texts::{leading_plus, text};
use super::types::{Choice, FieldType, built, choice, string, text_of};
use crate::domain::SearchWords;
use crate::domain::search_words::{MOST_WORDS, TooManyWords};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayBuilder, Schema};

const MOST_VALUES: usize = 50;

/// What is between words, as a pattern.
const BLANK: &str = r"[ \u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]";

/// A character of a word: neither that nor a control or direction character.
const WORD: &str = r"[^ \u00A0\u1680\u2000-\u200A\u202F\u205F\u3000\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069\uFFFE\uFFFF]";

/// The name is given once for each value: `city=成都&city=绵阳`. A value may hold commas.
pub(in crate::admin) struct Several<T>(T);

/// A field of a query that takes several values.
pub(in crate::admin) fn several<T: FieldType>(field_type: T) -> Several<T> {
    Several(field_type)
}

impl<T: FieldType> Field for Several<T> {
    type Value = Vec<T::Value>;

    fn is_required(&self) -> bool {
        false
    }

    fn read(self, values: &[RawValue<'_>], path: &mut Path<'_>) -> Option<Self::Value> {
        if values.len() > MOST_VALUES {
            let rule = format!("be given at most {MOST_VALUES} times");
            return path.must(FaultCode::Length, &rule, values.len());
        }
        values.iter().map(|value| self.0.read(*value, path)).collect()
    }

    fn schema(&self) -> RefOr<Schema> {
        let array = ArrayBuilder::new().items(self.0.schema()).max_items(Some(MOST_VALUES));
        RefOr::T(Schema::Array(array.build()))
    }
}

/// Some of a few words: the name is repeated for each, or commas are between them.
pub(in crate::admin) struct SomeOf(Several<Choice>);

pub(in crate::admin) fn some_of(words: &'static [&'static str]) -> SomeOf {
    SomeOf(several(choice(words)))
}

impl Field for SomeOf {
    type Value = Vec<&'static str>;

    fn is_required(&self) -> bool {
        false
    }

    fn read(self, values: &[RawValue<'_>], path: &mut Path<'_>) -> Option<Self::Value> {
        let mut words = Vec::new();
        for value in values {
            words.extend(text_of(*value, path)?.split(',').map(RawValue::Text));
        }
        let mut found = self.0.read(&words, path)?;
        found.sort_unstable();
        found.dedup();
        Some(found)
    }

    fn schema(&self) -> RefOr<Schema> {
        self.0.schema()
    }
}

pub(in crate::admin) struct Words;

/// Words to search for.
pub(in crate::admin) fn words() -> Words {
    Words
}

impl FieldType for Words {
    type Value = SearchWords;

    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<SearchWords> {
        let restored = leading_plus(value);
        let value = restored.as_deref().map_or(value, RawValue::Text);
        let text = text(1, 128).read(value, path)?;
        let rule = format!("have at most {MOST_WORDS} words");
        match SearchWords::parse(&text) {
            Ok(words) => Some(words),
            Err(TooManyWords(count)) => path.must(FaultCode::Words, &rule, count),
        }
    }

    fn schema(&self) -> RefOr<Schema> {
        let pattern =
            format!("^{BLANK}*(?:{WORD}+{BLANK}+){{0,{}}}{WORD}*{BLANK}*$", MOST_WORDS - 1);
        let limited = string().min_length(Some(1)).max_length(Some(128));
        built(limited.pattern(Some(pattern)))
    }
}
