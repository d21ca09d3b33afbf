//! What Unicode says of the characters of texts: which can't be seen, and which forms are one.

use icu_normalizer::ComposingNormalizerBorrowed;
use std::borrow::Cow;

/// Characters of which nothing can be seen, apart from white space and control characters: those
/// that Unicode lets a font ignore (`Default_Ignorable_Code_Point`), and the empty pattern of
/// Braille. Within a name they have their uses: an emoji or a Persian word needs joiners.
pub const INVISIBLE: [(char, char); 19] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2060}', '\u{2065}'),
    ('\u{206a}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fff8}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
    // Annotations between lines, which no screen shows.
    ('\u{fff9}', '\u{fffb}'),
];

/// Whether nothing of a text can be seen.
pub fn is_blank(text: &str) -> bool {
    let is_invisible = |c| INVISIBLE.iter().any(|(first, last)| (*first..=*last).contains(&c));
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// A text as it is kept and compared: in NFC. What looks the same is then the same, whether it was
/// typed or comes from a Mac's file name, which has each accent behind its letter.
pub fn composed(text: &str) -> Cow<'_, str> {
    static NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();
    if text.is_ascii() { Cow::Borrowed(text) } else { NFC.normalize(text) }
}
