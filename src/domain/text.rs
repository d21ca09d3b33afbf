//! What names and descriptions are made of.

/// Characters that no reply in XML could carry, and that no name or number holds.
pub fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}')
}
