//! Search by a part of a text.

use crate::domain::characters::composed;

/// The `LIKE` pattern for "contains this text", with `\` as the escape character. The text is
/// composed, as what it is looked for in is kept.
pub(in crate::store) fn like_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in composed(text).chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
