//! A run at the command line: followed, stopped and continued, for real and as a dry run.

use super::runs::{Fixture, NUMBERS};
use crate::support::Program;
use numberd::domain::batch::BatchMode;
use numberd::ops::runs;
use serde_json::{Value, json};

#[test]
fn a_run_is_followed_stopped_and_continued_at_the_command_line() {
    let at = Fixture::new();
    at.start("RUN", BatchMode::AllOrNothing);
    let slice = at.step("RUN");
    let file = at.database.path().to_owned();
    let run = |more: &[&str]| {
        let line = [&["run", "RUN", "--database", file.to_str().unwrap()], more].concat();
        let output = Program::run(&line, "");
        assert!(output.status.success(), "{more:?}: {output:?}");
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let followed = run(&[]).0;
    assert!(followed.contains("assign running: "), "{followed}");
    let here = format!("--database {}", file.display());
    let stop = format!(
        "`numberd run RUN --stop {here}` stops it; if nobody works on it any more, `--continue` goes on."
    );
    assert!(followed.contains(&stop), "{followed}");
    let [done, left] = [slice.done, slice.left];
    let would_stop = format!("Would stop RUN after {done} of 1100.");
    let would_continue = format!("Would continue RUN: {left} of 1100 are left.");
    let tried = |act: &str, would: &str| {
        let before = run(&[]).0;
        assert_eq!(run(&[act, "--dry-run"]).0, format!("{would}\n"));
        let value: Value = serde_json::from_str(&run(&[act, "--dry-run", "--json"]).0).unwrap();
        assert_eq!(value, json!({ "dry_run": true, "would": would }));
        let (row, said) = run(&[act, "--dry-run", "--csv"]);
        assert!(row.contains("\nRUN,assign,"), "{row}");
        assert_eq!(said, format!("numberd: {would}\n"));
        assert_eq!(run(&[]).0, before);
    };
    tried("--stop", &would_stop);
    tried("--continue", &would_continue);
    assert_eq!(at.store.read(|tx| runs::require(tx, None, "RUN")).unwrap().stopped, None);
    let stopped = run(&["--stop"]).0;
    assert!(stopped.contains("assign stopped: "), "{stopped}");
    assert!(
        stopped.contains(&format!(
            "It was asked to stop.\n`numberd run RUN --continue {here}` goes on."
        )),
        "{stopped}"
    );
    tried("--stop", "It has stopped already: there is nothing to stop.");
    tried("--continue", &would_continue);
    assert_eq!(at.step("RUN").done, slice.done);
    let (ended, told) = run(&["--continue"]);
    assert!(ended.contains("1100 of 1100 done"), "{ended}");
    for hint in [
        format!("`numberd run RUN {here}` shows how far it is, and with `--stop` stops it"),
        format!("`numberd run RUN --continue {here}` goes on"),
        format!("`numberd undo RUN {here}` takes back what is done"),
    ] {
        assert!(told.contains(&hint), "{told}");
    }
    assert!(run(&["--stop"]).0.contains("It has ended: there is nothing to stop."));
    tried("--stop", "It has ended: there is nothing to stop.");
    tried("--continue", "It has ended: there is nothing to continue.");
    assert_eq!(at.held(), NUMBERS);
}
