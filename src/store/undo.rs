//! Setting rows back to what the change log says they were.
