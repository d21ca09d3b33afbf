//! What the console says, in the reader's language: messages from `locales/*.ftl`.
//!
//! A test holds the two files against each other and against the templates, so a message that one
//! language lacks never reaches a page.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_langneg::{NegotiationStrategy, negotiate_languages, parse_accepted_languages};
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

    /// The one that fits an `Accept-Language` header best.
    pub(super) fn negotiated(accepted: &str) -> Self {
        let requested = parse_accepted_languages(accepted);
        let available = Self::ALL.map(Self::identifier);
        let best =
            negotiate_languages(&requested, &available, None, NegotiationStrategy::Filtering);
        let fits =
            |language: &Self| best.first().is_some_and(|best| **best == language.identifier());
        Self::ALL.into_iter().find(fits).unwrap_or_default()
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
