//! What callers give as text: each kind has its limits, its characters and its sentence here, once.
//!
//! A face reads a text with `parse`; from then on the type says that it fits, and nothing below
//! looks again. Free text stays a `String`, and is read by [`free`]; what something is called, by
//! [`name`].

use super::characters::{composed, is_blank};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// Characters that no name, number or note holds: control characters, line breaks, what XML can't
/// carry, and those that change the direction of the text after them, so that a screen shows
/// something else than the file holds.
pub fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The most characters of what a thing is called: an instance, a skill group, a contact flow.
pub const LONGEST_NAME: usize = 64;

/// The most characters of what a person is called: the display name, the nickname, the display id.
pub const LONGEST_PERSON_NAME: usize = 128;

/// The most characters of a mobile number, in whatever form people write it.
pub const LONGEST_MOBILE: usize = 32;

/// The most characters of the address of a picture.
pub const LONGEST_AVATAR_URL: usize = 1024;

/// The most characters of what a thing is for.
pub const LONGEST_DESCRIPTION: usize = 256;

/// The most characters of a province, a city, a provider or a tag.
pub const LONGEST_WORD: usize = 64;

/// The most characters of a company, and of what VCC clients call a number.
pub const LONGEST_COMPANY: usize = 128;

/// The most tags of a number.
pub const MOST_TAGS: usize = 50;

/// The most characters of a note, which the schema's CHECK says, too.
pub const LONGEST_NOTE: usize = 500;

/// The most characters of why something is changed.
pub const LONGEST_REASON: usize = 500;

/// What is wrong with a free text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextFault {
    /// It holds a character of [`is_control`].
    Character(char),
    /// It is too short or too long: the limits, and its length, in characters.
    Length(usize, usize, usize),
    /// Nothing of it can be seen.
    Blank,
}

impl fmt::Display for TextFault {
    /// A sentence without its full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character(c) => write!(
                f,
                "It must not contain control or direction characters; it contains U+{:04X}",
                u32::from(*c)
            ),
            Self::Length(least, most, length) if least == most => {
                write!(f, "It must have exactly {most} characters, not {length}")
            }
            Self::Length(least, most, length) => {
                write!(f, "It must have {least} to {most} characters, not {length}")
            }
            Self::Blank => f.write_str("It must not be blank"),
        }
    }
}

impl std::error::Error for TextFault {}

/// Checks a free text of `least` to `most` characters.
pub fn check(text: &str, least: usize, most: usize) -> Result<(), TextFault> {
    let length = text.chars().count();
    if let Some(c) = text.chars().find(|c| is_control(*c)) {
        return Err(TextFault::Character(c));
    }
    if (least..=most).contains(&length) {
        Ok(())
    } else {
        Err(TextFault::Length(least, most, length))
    }
}

/// Reads a free text of `least` to `most` characters, which is kept [`composed`].
pub fn free(text: &str, least: usize, most: usize) -> Result<String, TextFault> {
    let text = composed(text);
    check(&text, least, most).map(|()| text.into_owned())
}

/// Reads what something is called: a free text of which something can be seen.
pub fn name(text: &str, most: usize) -> Result<String, TextFault> {
    free(text, 1, most)
        .and_then(|name| if is_blank(&name) { Err(TextFault::Blank) } else { Ok(name) })
}

/// Like [`name`], or nothing at all.
pub fn name_or_nothing(text: &str, most: usize) -> Result<String, TextFault> {
    if text.is_empty() { Ok(String::new()) } else { name(text, most) }
}

/// A name; if nothing of it can be seen, what else the thing is called.
pub fn name_or(name: String, otherwise: &str) -> String {
    if is_blank(&name) { otherwise.to_owned() } else { name }
}

/// A text as it is quoted in a sentence: escaped, and no longer than a line.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 80;
    let shown: String = text.chars().take(LONGEST).collect();
    let more = if shown.len() < text.len() { "…" } else { "" };
    format!("{}{more}", escaped(&format!("{shown:?}")))
}

/// A text with whatever would move the cursor of a terminal, or turn the direction of its text,
/// written as an escape. Faces refuse such characters; a hand edit can put them into the file.
pub fn escaped(text: &str) -> String {
    if !text.contains(is_control) {
        return text.to_owned();
    }
    text.chars().fold(String::with_capacity(text.len() + 8), |mut shown, c| {
        if is_control(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
        shown
    })
}

/// `1 number`, `2 numbers`.
pub fn counted(count: u64, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Why a text can't be what it was given as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Malformed {
    text: String,
    what: Cow<'static, str>,
    rule: Cow<'static, str>,
}

impl Malformed {
    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the text should be, with its article: "a phone number".
    pub fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Display for Malformed {
    /// `"a b" is not a login name: 1 to 64 letters, …`, without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not {}: {}", quoted(&self.text), self.what, self.rule)
    }
}

impl std::error::Error for Malformed {}

/// A kind of text with a shape of its own.
pub trait Parsed: Sized {
    /// What it is, with its article.
    const WHAT: &'static str;
    /// What such a text looks like.
    const RULE: &'static str;
    /// The fewest and the most characters.
    const LENGTH: (usize, usize);
    /// The rule as a regular expression (ECMA 262), without the length.
    const PATTERN: &'static str;

    /// Whether a text within the length fits.
    fn fits(text: &str) -> bool;

    /// The value of a text that fits.
    fn of(text: &str) -> Self;

    /// Reads a text.
    fn parse(text: &str) -> Result<Self, Malformed> {
        let (least, most) = Self::LENGTH;
        if (least..=most).contains(&text.chars().count()) && Self::fits(text) {
            return Ok(Self::of(text));
        }
        Err(Malformed { text: text.to_owned(), what: Self::WHAT.into(), rule: Self::RULE.into() })
    }
}

/// Declares a kind of text that is made by [`Parsed::parse`] only.
macro_rules! parsed_text {
    ($(#[$doc:meta])* $name:ident {
        WHAT: $what:expr, RULE: $rule:expr, LENGTH: $length:expr, PATTERN: $pattern:expr,
        fits($text:ident) $fits:block
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl $crate::domain::text::Parsed for $name {
            const WHAT: &'static str = $what;
            const RULE: &'static str = $rule;
            const LENGTH: (usize, usize) = $length;
            const PATTERN: &'static str = $pattern;

            fn fits($text: &str) -> bool $fits

            fn of(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::text::Malformed;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::domain::text::Parsed::parse(text)
            }
        }
    };
}
pub(super) use parsed_text;

#[cfg(test)]
mod tests {
    use super::{Parsed, TextFault, check, escaped, free, name, name_or_nothing, quoted};
    use crate::domain::{Email, InstanceId, LoginName, SkillGroupName};

    /// What is a text of a kind, and what is not; in either, `longest` stands for the longest run
    /// of the letter, or for one more.
    fn assert_kind<T: Parsed>(fit: &[&str], unfit: &[&str]) {
        let most = T::LENGTH.1;
        for text in fit {
            let text = text.replace("longest", &"a".repeat(most));
            assert!(T::parse(&text).is_ok(), "{text} is {}", T::WHAT);
        }
        for text in unfit {
            let text = text.replace("longest", &"a".repeat(most + 1));
            assert!(T::parse(&text).is_err(), "{text} is not {}", T::WHAT);
        }
    }

    #[test]
    fn each_kind_of_text_takes_what_its_rule_says_and_nothing_else() {
        assert_kind::<InstanceId>(
            &["abcd", "ccc-test", "A_1-", "longest"],
            &["", "abc", "ccc.test", "ccc test", "ccc@test", "\u{4e50}\u{5c71}", "longest"],
        );
        assert_kind::<LoginName>(
            &["a", "li.na-2_x", "longest"],
            &["", "li na", "lina@ccc-test", "\u{674e}", "longest"],
        );
        assert_kind::<SkillGroupName>(
            &["a", "Z9_-", "longest"],
            &["", "1a", "_a", "-a", "a b", "a@b", "a.b", "\u{e9}tage", "a\u{6d4b}", "longest"],
        );
        let too_long = format!("{}@b", "a".repeat(253));
        assert_kind::<Email>(
            &["a@b", "li.na@example.com", "\"a@b\"@example.com", "\u{674e}@example.com"],
            &["", "a", "@b", "a@", "a b@c", "a@b\u{7}", "a@b\u{ffff}", &too_long],
        );
    }

    #[test]
    fn a_free_text_holds_neither_control_nor_direction_characters() {
        assert_eq!(check("成都 — 50 %", 1, 10), Ok(()));
        for c in ['\u{1b}', '\u{7}', '\n', '\u{9b}', '\u{202e}', '\u{2066}', '\u{2028}'] {
            assert_eq!(check(&format!("a{c}b"), 0, 10), Err(TextFault::Character(c)));
        }
        assert_eq!(check("", 1, 10), Err(TextFault::Length(1, 10, 0)));
        assert_eq!(check("成都", 0, 1), Err(TextFault::Length(0, 1, 2)));
    }

    #[test]
    fn a_name_can_be_seen() {
        for blank in [
            " ",
            "\u{3000}",
            "\u{a0}",
            "\u{200f}",
            "\u{200e}",
            "\u{feff}",
            "\u{200b}",
            "\u{200d}",
            "\u{2060}",
            "\u{ad}",
            "\u{3164}",
            "\u{115f}",
            "\u{ffa0}",
            "\u{2800}",
            "\u{fe0f}",
            "\u{e0020}",
            " \u{200c}\u{a0}",
        ] {
            assert_eq!(name(blank, 10), Err(TextFault::Blank), "{blank:?}");
            assert_eq!(name_or_nothing(blank, 10), Err(TextFault::Blank), "{blank:?}");
        }
        // A family, Persian with a joiner between two letters, and Hebrew that ends with a mark.
        for seen in ["👨\u{200d}👩\u{200d}👧", "نمی\u{200c}خواهم", "א\u{200f}", "李娜"]
        {
            assert_eq!(name(seen, 10).as_deref(), Ok(seen));
        }
        assert_eq!(name("", 10), Err(TextFault::Length(1, 10, 0)));
        assert_eq!(name_or_nothing("", 10).as_deref(), Ok(""));
    }

    #[test]
    fn a_free_text_is_composed_before_it_is_counted() {
        assert_eq!(free("e\u{301}", 1, 1).as_deref(), Ok("\u{e9}"));
        assert_eq!(free("\u{1112}\u{1161}\u{11ab}", 1, 1).as_deref(), Ok("한"));
        assert_eq!(free("e\u{323}\u{302}", 1, 1).as_deref(), Ok("\u{1ec7}"));
    }

    #[test]
    fn what_would_move_the_cursor_is_shown_as_an_escape() {
        assert_eq!(
            escaped("x\u{1b}]0;pwned\u{7}\u{202e}\ny"),
            "x\\u{1b}]0;pwned\\u{7}\\u{202e}\\ny"
        );
        assert_eq!(escaped("成都"), "成都");
        assert_eq!(quoted("a\r\u{202e}"), "\"a\\r\\u{202e}\"");
        assert_eq!(quoted(&"x".repeat(100)), format!("\"{}\"…", "x".repeat(80)));
    }
}
