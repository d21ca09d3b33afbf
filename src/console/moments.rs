//! Moments that people type into forms, in their own time.

use crate::domain::Timestamp;

/// A moment as a form sends it, with the reader's offset from UTC in minutes; `None` if the text is
/// not a moment.
pub(super) fn local(text: &str, offset: i64) -> Option<Timestamp> {
    let local = Timestamp::parse_moment(&text.replace('T', " ")).ok()?;
    local.minutes_before(offset)
}
