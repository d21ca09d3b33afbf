//! The vendor's own SDKs against the real program: unmodified clients work, all of them, with every
//! operation they know.
//!
//! The drivers are in `tests/sdk`. They are run by `NUMBERD_SDK_PYTHON` (a Python with
//! `requirements.txt` installed; `NUMBERD_SDK_OLDEST_PYTHON` has `requirements-oldest.txt`) and by
//! `node` with the packages in `NUMBERD_SDK_NODE_MODULES`; `.ci/run` makes them, in the places that
//! are used otherwise.

use crate::support::{Program, Relay};
use numberd::ccc::Operation;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

/// Every driver with every way of calling that it has.
const DRIVERS: &[(&str, &str)] = &[
    ("ccc_python.py", "v3"),
    ("ccc_python.py", "v1"),
    ("ccc_python_classic.py", "POST"),
    ("ccc_python_classic.py", "GET"),
    ("ccc_node_pop_core.js", "GET"),
    ("ccc_node_pop_core.js", "POST"),
    ("ccc_node_openapi_client.js", "v3"),
    ("ccc_node_openapi_client.js", "v1"),
];

/// Clients that are other ways to the same wire: the first day, which has every operation, is
/// enough for them.
const MORE_DRIVERS: &[(&str, &str)] = &[
    ("ccc_python_async.py", "v3"),
    ("ccc_python_async.py", "v1"),
    ("ccc_python_common_request.py", "POST"),
    ("ccc_python_common_request.py", "GET"),
    ("ccc_python_common_request.py", "body"),
    ("ccc_python_credentials.py", "access_key-v3"),
    ("ccc_python_credentials.py", "access_key-v1"),
    ("ccc_python_credentials.py", "sts-v3"),
    ("ccc_python_credentials.py", "sts-v1"),
    ("ccc_python_credentials.py", "bearer-v3"),
    ("ccc_python_credentials.py", "bearer-v1"),
    ("ccc_python_oldest.py", ""),
    ("ccc_python_tea_rpc.py", "query"),
    ("ccc_python_tea_rpc.py", "body"),
    ("ccc_node_openapi_core.js", "query"),
    ("ccc_node_openapi_core.js", "body"),
    ("ccc_node_openapi_core.js", "v1"),
];

/// Those that can't be beside the newest packages.
const OLDEST: &[&str] = &["ccc_python_oldest.py", "ccc_python_tea_rpc.py"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A place that a variable names, or the one that `.ci/run` makes.
fn place(variable: &str, usual: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| root().join(usual), PathBuf::from)
}

/// The command line of a driver, behind `wrapper`.
fn command(wrapper: &[&str], driver: &str, mode: &str, address: &str) -> Command {
    let interpreter = if driver.ends_with(".js") {
        PathBuf::from("node")
    } else if OLDEST.contains(&driver) {
        place("NUMBERD_SDK_OLDEST_PYTHON", "target/sdk/oldest/bin/python")
    } else {
        place("NUMBERD_SDK_PYTHON", "target/sdk/venv/bin/python")
    };
    let mut command = match wrapper {
        [] => Command::new(interpreter),
        [program, arguments @ ..] => {
            let mut command = Command::new(program);
            command.args(arguments).arg(interpreter);
            command
        }
    };
    command.arg(root().join("tests/sdk").join(driver)).args([address, mode]);
    command.env("NODE_PATH", place("NUMBERD_SDK_NODE_MODULES", "target/sdk/node_modules"));
    // No byte code beside the drivers, and no way to the vendor's servers.
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("no_proxy", "*").env("NO_PROXY", "*");
    command
}

/// Does something with each driver, on two threads: a driver and its server wait for each other.
fn with_each<'a>(
    drivers: impl IntoIterator<Item = &'a (&'static str, &'static str)>,
    act: impl Fn(&str, &str) + Sync,
) {
    let left = Mutex::new(drivers.into_iter().collect::<Vec<_>>());
    let next = || left.lock().unwrap().pop();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((driver, mode)) = next() {
                    act(driver, mode);
                }
            });
        }
    });
}

fn shown(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The operations that were answered OK, from the lines of JSON that a driver prints.
fn called(output: &Output) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(&output.stdout);
    let calls =
        text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    calls
        .filter(|call| call["outcome"] == "OK")
        .filter_map(|call| call["action"].as_str().map(str::to_owned))
        .collect()
}

/// The operations of the program that the drivers have a valid call for.
fn known() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("tests/sdk/expectations.json")).unwrap();
    let expectations: serde_json::Value = serde_json::from_str(&text).unwrap();
    let valid = expectations["valid"].as_object().unwrap();
    Operation::ALL
        .iter()
        .map(|operation| operation.name().to_owned())
        .filter(|name| valid.contains_key(name))
        .collect()
}

#[test]
#[ignore = "needs the vendor's SDKs"]
fn every_sdk_calls_every_operation() {
    let known = known();
    assert!(known.len() >= 10, "the drivers know only {known:?}");
    with_each(DRIVERS, |driver, mode| {
        let demo = Program::start(&["demo"]);
        let output = command(&[], driver, mode, &demo.address.to_string()).output().unwrap();
        assert!(output.status.success(), "{driver} {mode}: {}", shown(&output));
        let missing: Vec<&String> =
            known.iter().filter(|name| !called(&output).contains(*name)).collect();
        assert!(missing.is_empty(), "{driver} {mode} called no {missing:?}: {}", shown(&output));
    });
}

/// The one SDK that asks for compressed pages: the others ask for none, or for `identity`.
const ASKS_FOR_GZIP: &str = "ccc_python_async.py";

/// The steps of `first_day.json`: an administrator opens a call centre, fills it, works with it,
/// and closes it.
fn first_day() -> Vec<serde_json::Value> {
    serde_json::from_str(&std::fs::read_to_string(root().join("tests/sdk/first_day.json")).unwrap())
        .unwrap()
}

#[test]
#[ignore = "needs the vendor's SDKs"]
fn a_first_day_goes_well_through_every_sdk_compressed_for_who_asks_and_is_in_the_history() {
    let all: BTreeSet<String> =
        Operation::ALL.iter().map(|operation| operation.name().to_owned()).collect();
    // A pick is a mark on a number, not a change of who has it.
    let changes = |step: &&serde_json::Value| {
        let operation =
            Operation::ALL.iter().find(|operation| step["action"] == operation.name()).unwrap();
        let refused = step["expect"].get("Code").is_some();
        operation.is_write() && operation.name() != "PickOutboundNumbers" && !refused
    };
    let written = first_day().iter().filter(changes).count();
    with_each(DRIVERS.iter().chain(MORE_DRIVERS), |driver, mode| {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("demo.db");
        let mut demo = Program::start(&["demo", "--database", path.to_str().unwrap()]);
        let relay = Relay::to(demo.address);
        let mut command = command(&[], driver, mode, &relay.address.to_string());
        let output = command.arg("--first-day").output().unwrap();
        // What they read is compared with what they expect, compressed or not.
        assert!(output.status.success(), "{driver} {mode}: {}", shown(&output));
        assert_eq!(called(&output), all, "{driver} {mode}");
        let compressed = relay.answered(b"content-encoding: gzip") > 0;
        assert_eq!(compressed, driver == ASKS_FOR_GZIP, "{driver} {mode}");
        demo.kill();
        let history = rusqlite::Connection::open(&path).unwrap();
        let logged: usize =
            history.query_row("SELECT count(DISTINCT request_id) FROM v_change WHERE via = 'ccc' AND actor = 'user-test'", [], |row| row.get(0)).unwrap();
        assert_eq!(logged, written, "{driver} {mode}: each step has its request in the change log");
        let sql = "SELECT group_concat(released_via) FROM v_assignment_history WHERE user_id = 'wangfang@first-day'";
        let released: String = history.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(
            released, "ccc,ccc,ccc",
            "{driver} {mode}: one given back, two taken when they left"
        );
    });
}

#[test]
#[ignore = "needs faketime and the vendor's SDKs"]
fn a_skewed_clock_is_refused_to_every_sdk() {
    let demo = Program::start(&["demo"]);
    let address = demo.address.to_string();
    for offset in ["-20m", "+20m"] {
        with_each(DRIVERS, |driver, mode| {
            let output = command(&["faketime", "-f", offset], driver, mode, &address)
                .arg("--expect-expired")
                .output()
                .unwrap();
            assert!(output.status.success(), "{driver} {mode} at {offset}: {}", shown(&output));
        });
    }
}

#[test]
#[ignore = "needs the vendor's SDKs"]
fn a_driver_fails_when_it_is_not_answered_as_it_expects() {
    // With a right clock no time stamp has expired.
    let demo = Program::start(&["demo"]);
    with_each(DRIVERS, |driver, mode| {
        let output = command(&[], driver, mode, &demo.address.to_string())
            .arg("--expect-expired")
            .output()
            .unwrap();
        assert!(!output.status.success(), "{driver} {mode}: {}", shown(&output));
    });
}
