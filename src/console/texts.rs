//! What the console says, in the reader's language: messages from `locales/*.ftl`.
//!
//! A test holds the two files against each other and against the templates, so a message that one
//! language lacks never reaches a page.

use crate::http;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::fmt;
use std::sync::LazyLock;
use unic_langid::{LanguageIdentifier, langid};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Language {
    #[default]
    English,
    Chinese,
}

impl Language {
    pub(super) const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The language tag, as in `lang="zh-CN"`.
    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The language's own name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "中文",
        }
    }

    pub(super) fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The one that fits an `Accept-Language` header best. One that is refused is better than
    /// none.
    pub(super) fn negotiated(accepted: &str) -> Self {
        let wanted = http::weighted(accepted);
        Self::ALL.into_iter().min_by_key(|language| language.place(&wanted)).unwrap_or_default()
    }

    /// Where a header with its best items first has the language: the first place is 0, behind
    /// all are languages that it does not name, and last those that it refuses.
    fn place(self, wanted: &[(&str, u16)]) -> usize {
        let kind = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let is = |name: &str| name.eq_ignore_ascii_case(self.tag());
        let is_any_of_it = |name: &str| kind(name) == kind(self.tag());
        let at = |fits: &dyn Fn(&str) -> bool| {
            wanted.iter().position(|(name, weight)| *weight > 0 && fits(name))
        };
        let is_refused = wanted.iter().any(|(name, weight)| {
            *weight == 0 && (is(name) || !name.contains('-') && is_any_of_it(name))
        });
        match at(&is) {
            None if is_refused => usize::MAX,
            Some(place) if is_refused => place,
            _ => at(&is_any_of_it).or_else(|| at(&|name| name == "*")).unwrap_or(wanted.len()),
        }
    }

    const fn identifier(self) -> LanguageIdentifier {
        match self {
            Self::English => langid!("en"),
            Self::Chinese => langid!("zh-CN"),
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> =
    LazyLock::new(|| bundle(Language::English, include_str!("../../locales/en.ftl")));
static CHINESE: LazyLock<Bundle> =
    LazyLock::new(|| bundle(Language::Chinese, include_str!("../../locales/zh-CN.ftl")));

fn bundle(language: Language, source: &str) -> Bundle {
    // What can't be parsed is left out, and the test of the files says so.
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    let mut bundle = Bundle::new_concurrent(vec![language.identifier()]);
    // Invisible marks around values would end up in what people copy from a page.
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The messages in one language.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Texts {
    pub(super) language: Language,
}

impl Texts {
    /// A message; arguments are added with [`Message::with`].
    pub(super) fn say(self, key: &str) -> Message {
        Message { language: self.language, key: key.to_owned(), arguments: FluentArgs::new() }
    }

    /// A message whose key has two parts, as `state-free`.
    pub(super) fn name(self, prefix: &str, word: impl fmt::Display) -> Message {
        self.say(&format!("{prefix}-{word}").replace(['_', '.'], "-"))
    }

    /// Several things, with what the language puts between them.
    pub(super) fn list<T: AsRef<str>>(self, things: &[T]) -> String {
        let between = match self.language {
            Language::English => ", ",
            Language::Chinese => "、",
        };
        things.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(between)
    }

    pub(super) fn tag(self) -> &'static str {
        self.language.tag()
    }
}

/// A message with its arguments; written out by `Display`.
#[derive(Debug)]
pub(super) struct Message {
    language: Language,
    key: String,
    arguments: FluentArgs<'static>,
}

impl Message {
    /// Adds an argument, as text.
    pub(super) fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.arguments.set(name, value.to_string());
        self
    }

    /// Adds a count, by which the language chooses between singular and plural.
    pub(super) fn count(mut self, value: impl fmt::Display) -> Self {
        let count: i64 = value.to_string().parse().unwrap_or(i64::MAX);
        self.arguments.set("count", FluentValue::from(count));
        self
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bundle: &Bundle = match self.language {
            Language::English => &ENGLISH,
            Language::Chinese => &CHINESE,
        };
        let pattern = bundle.get_message(&self.key).and_then(|message| message.value());
        match pattern {
            Some(pattern) => {
                let mut errors = Vec::new();
                f.write_str(&bundle.format_pattern(pattern, Some(&self.arguments), &mut errors))
            }
            None => f.write_str(&self.key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{self, Chinese, English};

    #[test]
    fn the_language_is_the_one_that_is_liked_best_and_never_one_that_is_refused() {
        for (accepted, expected) in [
            ("", English),
            ("fr", English),
            ("zh", Chinese),
            ("zh-CN,zh;q=0.9,en;q=0.8", Chinese),
            ("ZH-hant-TW, en", Chinese),
            ("en;q=0.1, zh;q=0.9", Chinese),
            ("zh;q=0.1, en-GB;q=0.9", English),
            ("fr, zh;q=0.2", Chinese),
            ("fr, *;q=0.5, zh;q=0.1", English),
            ("zh;q=0", English),
            ("zh;q=0, *", English),
            ("zh-CN;q=0.000, zh-TW;q=0", English),
            ("en;q=0, *", Chinese),
            ("zh;q=0, zh-CN", Chinese),
            ("en;q=0, zh;q=0", English),
        ] {
            assert_eq!(Language::negotiated(accepted), expected, "{accepted:?}");
        }
    }
}
