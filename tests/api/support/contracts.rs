//! What the vendors' documents say, as data: `tests/contracts/`.

use serde_json::Value;
use std::path::Path;
use std::sync::OnceLock;

/// A file of `tests/contracts`.
pub fn contract(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contracts").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The vendor's description of every CCC operation, by its name: parameters, codes of its errors,
/// and the shape of its reply.
pub fn ccc_operations() -> &'static serde_json::Map<String, Value> {
    static ALL: OnceLock<Value> = OnceLock::new();
    let all = ALL.get_or_init(|| serde_json::from_str(&contract("ccc-operations.json")).unwrap());
    all["operations"].as_object().unwrap()
}

/// The vendor's description of one CCC operation.
pub fn ccc_operation(name: &str) -> &'static Value {
    ccc_operations().get(name).unwrap_or_else(|| panic!("the vendor has no operation {name}"))
}
