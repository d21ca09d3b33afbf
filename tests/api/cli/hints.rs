//! What the program suggests to type can be pasted as it is into the same shell.

use super::{assert_done, stderr, stdout};
use crate::support::Program;
use std::process::{Command, Output, Stdio};

/// A shell in a directory of its own, with the program on its path.
struct Shell {
    directory: tempfile::TempDir,
}

impl Shell {
    fn command(&self, line: &str) -> Command {
        let program = Program::path();
        let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
        let mut command = Command::new("sh");
        command.args(["-c", line]).current_dir(self.directory.path()).env_clear();
        command.env("PATH", path).env("TZ", "UTC");
        command
    }

    fn run(&self, line: &str) -> Output {
        self.command(line).stdin(Stdio::null()).output().unwrap()
    }

    /// Runs a line that succeeds; what it suggests on either output.
    fn suggested(&self, line: &str) -> Vec<String> {
        let output = self.run(line);
        assert!(output.status.success(), "{line}: {}", stderr(&output));
        suggested(&output)
    }

    fn paste(&self, line: &str) {
        let output = self.run(line);
        assert!(output.status.success(), "{line}: {}{}", stdout(&output), stderr(&output));
    }
}

fn suggested(output: &Output) -> Vec<String> {
    let said = stdout(output) + &stderr(output);
    let quoted = said.split('`').skip(1).step_by(2).map(str::to_owned);
    // What would free a number is a line of its own.
    let lines = said.lines().filter_map(|line| line.strip_prefix("  numberd "));
    quoted.chain(lines.map(|line| format!("numberd {line}"))).collect()
}

#[test]
fn what_is_suggested_can_be_pasted_where_the_files_have_names_of_their_own() {
    let shell = Shell { directory: tempfile::tempdir().unwrap() };
    let files = "--database 'my numbers.db' --key-file its.key";
    let init = shell.suggested(&format!("numberd init --login-name boss {files}"));
    let [password, instance, serve] = &init[..] else { panic!("{init:?}") };
    shell.paste(&format!("echo a-good-long-password | {password}"));
    for id in ["north", "south"] {
        shell.paste(&instance.replace(" ID", &format!(" {id}")));
    }
    let mut serving = shell.command(&format!("exec {serve} --listen 127.0.0.1:0"));
    serving.stderr(Stdio::null());
    drop(Program::start_command(serving));

    let files = format!("{files} --instance north");
    let [undo] = &shell.suggested(&format!("numberd numbers add 02155500001 {files}"))[..] else {
        panic!("no undo")
    };
    assert!(!undo.contains("--instance"), "a request is known without its instance: {undo}");
    shell.paste(undo);
    shell.paste(&format!("numberd numbers add 02155500001 {files}"));
    let [undo] = &shell.suggested(&format!("numberd numbers add '#31' --csv {files}"))[..] else {
        panic!("no undo beside CSV")
    };
    shell.paste(undo);
    shell.paste(&format!("numberd numbers add '#31' {files}"));
    // Of numbers that are there already.
    let again = shell.suggested(&format!("numberd numbers add 02155500001 '#31' {files}"));
    let [one, other, ..] = &again[..] else { panic!("nothing is suggested: {again:?}") };
    assert!(one.contains(" show 02155500001 ") && other.contains(" show '#31' "), "{again:?}");
    for show in [one, other] {
        shell.paste(show);
    }
    for login in ["lina", "wangfang"] {
        let made = ["--display-name", login, "--email", "a@example.com"].join(" ");
        shell.paste(&format!("numberd users create {login} {made} {files}"));
    }
    shell.paste(&format!("numberd numbers assign 02155500001 --to lina {files}"));
    let refused = shell.run(&format!("numberd numbers assign 02155500001 --to wangfang {files}"));
    let refused = suggested(&refused);
    let Some(why) = refused.iter().find(|line| line.starts_with("numberd why ")) else {
        panic!("nothing says why: {refused:?}")
    };
    let [free] = &shell.suggested(why)[..] else { panic!("nothing would free it") };
    shell.paste(free);
    shell.paste(&format!("numberd numbers assign 02155500001 --to wangfang {files}"));
    shell.paste(&format!("numberd numbers assign '#31' --to lina {files}"));
    let [free] = &shell.suggested(&format!("numberd why '#31' --user wangfang {files}"))[..] else {
        panic!("nothing would free it")
    };
    shell.paste(free);

    let [mark] = &shell.suggested(&format!("numberd capacity {files}"))[..] else {
        panic!("no mark is suggested")
    };
    shell.paste(mark);
    let [capacity, ..] =
        &shell.suggested(&format!("numberd low-water-mark 5 --city nowhere {files}"))[..]
    else {
        panic!("no city is suggested")
    };
    shell.paste(capacity);

    // What an error suggests.
    std::fs::remove_file(shell.directory.path().join("its.key")).unwrap();
    let [renew] = &suggested(&shell.run(&serve.replace("serve", "access-key create boss")))[..]
    else {
        panic!("no new key is suggested")
    };
    let [again] = &shell.suggested(renew)[..] else { panic!("no AccessKey is suggested") };
    shell.paste(&again.replace(" LOGIN", " boss"));
    let init = suggested(&shell.run("numberd check --database another.db"));
    assert_eq!(init, suggested(&shell.run("numberd check --database another.db --json")));
    let [init] = &init[..] else { panic!("no database is suggested") };
    shell.paste(init);
    assert!(shell.directory.path().join("another.key").exists());
    let [token] = &shell.suggested("numberd seed --database sample.db")[..] else {
        panic!("no token is suggested")
    };
    shell.paste(token);
}

#[test]
fn what_is_suggested_repeats_no_option_that_was_not_given() {
    let shell = Shell { directory: tempfile::tempdir().unwrap() };
    assert_done(&shell.run("numberd init"));
    let made = shell.suggested("numberd instances create north");
    assert!(made.iter().all(|line| !line.contains("--")), "{made:?}");
    // Variables of the shell say the same of the next line.
    let made = shell.suggested(
        "export NUMBERD_DATABASE=numberd.db NUMBERD_INSTANCE=north; numberd numbers add 02155500001",
    );
    assert!(made.len() == 1 && !made[0].contains("--"), "{made:?}");
}
