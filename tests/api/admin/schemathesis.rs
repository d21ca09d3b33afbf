//! schemathesis makes requests out of the description, fitting ones and others, and holds every
//! reply against it. `pip install -r tests/api/admin/requirements.txt`, and `st` on the path.

use crate::support::Program;
use std::path::Path;
use std::process::Command;

#[test]
#[ignore = "needs schemathesis"]
fn no_request_meets_a_server_error_and_every_reply_is_inside_the_description() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/admin");
    // Once with things of the demo that are there, once with whatever schemathesis thinks of.
    for config in ["schemathesis_of_the_demo.toml", "schemathesis.toml"] {
        let program = Program::start(&["demo"]);
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
            .args(["--max-examples", "40", "--seed", "5", "--generation-database", "none"])
            .current_dir(std::env::temp_dir())
            .output()
            .expect("schemathesis");
        assert!(
            run.status.success(),
            "{config}: {}{}",
            String::from_utf8_lossy(&run.stdout),
            String::from_utf8_lossy(&run.stderr)
        );
    }
}
