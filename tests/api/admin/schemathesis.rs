//! schemathesis makes requests out of the description, fitting ones and others, and holds every
//! reply against it. `pip install -r tests/api/admin/requirements.txt`, and `st` on the path.

use crate::support::{Program, times};
use std::path::Path;
use std::process::Command;

/// All of it, as a configuration says.
fn assert_conforms(config: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/admin");
    let program = Program::start(&["demo"]);
    // It leaves files where it runs.
    let place = tempfile::tempdir().unwrap();
    let run = Command::new("schemathesis")
        .arg("--config-file")
        .arg(folder.join(config))
        .args(["run", &format!("http://{}/openapi.json", program.address)])
        .args([
            "-H",
            "Authorization: Bearer demo-token",
            "--phases",
            "examples,coverage,fuzzing,stateful",
            "--no-color",
        ])
        // The same requests in every run, so that a failure is a change's and not a chance's;
        // another seed is for looking further.
        .args(["--max-examples", &times(15, 200).to_string()])
        .args(["--seed", "5", "--generation-database", "none"])
        .current_dir(place.path())
        .output()
        .expect("schemathesis");
    assert!(
        run.status.success(),
        "{config}: {}{}",
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr)
    );
}

#[test]
#[ignore = "needs schemathesis"]
fn no_request_for_what_is_there_meets_a_server_error_and_every_reply_is_as_described() {
    assert_conforms("schemathesis_of_the_demo.toml");
}

#[test]
#[ignore = "needs schemathesis"]
fn no_request_for_whatever_it_draws_meets_a_server_error_and_every_reply_is_as_described() {
    assert_conforms("schemathesis.toml");
}
