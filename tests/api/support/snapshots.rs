//! Whole texts that a person has looked at: `tests/snapshots/<suite>/<test>.snap`.

use std::path::Path;

/// Compares a text with a file below `tests/snapshots`, `suite/test`. A test that leaves something
/// out, as random ids, does so with insta's filters around this.
#[track_caller]
pub fn assert_snapshot(name: &str, text: &str) {
    let (suite, test) = name.rsplit_once('/').expect("suite/test");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(suite),
    );
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(test, text));
}
