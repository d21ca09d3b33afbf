//! The console in a real browser: `tests/browser/console.js`.

use crate::support::Program;
use std::path::Path;
use std::process::Command;

#[test]
#[ignore = "needs node, playwright-core, axe-core and Chromium"]
fn the_console_works_in_a_browser_by_mouse_by_keyboard_and_without_javascript() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = std::env::var_os("NUMBERD_SDK_NODE_MODULES")
        .unwrap_or_else(|| root.join("target/sdk/node_modules").into_os_string());
    let demo = Program::start(&["demo"]);
    let output = Command::new("node")
        .arg(root.join("tests/browser/console.js"))
        .arg(format!("http://{}", demo.address))
        .env("NODE_PATH", modules)
        .output()
        .unwrap();
    let shown = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{}{}", shown[0], shown[1]);
    // A line for each thing that was seen.
    assert!(shown[0].lines().count() > 30, "{}", shown[0]);
}
