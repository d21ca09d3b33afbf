//! What operations answer, as examples for their description. `UPDATE_DOCS=1 cargo test examples`
//! takes them from the replies of a server over the sample.

use serde_json::Value;
use std::sync::LazyLock;

/// The example of an operation's response with this status.
pub(super) fn of(operation: &str, status: &str) -> Option<&'static Value> {
    static ALL: LazyLock<Value> =
        LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).unwrap_or_default());
    ALL.get(operation)?.get(status)
}
