//! What is printed reaches its reader, and does nothing to the terminal.

use super::{Place, assert_done, assert_refused, json, stderr, stdout};
use crate::support::{Program, SeededDatabase};
use std::process::{Output, Stdio};

/// A character that clears, one that rings, one that begins a sequence in eight bits, one that
/// turns the direction.
const HOSTILE: &str = "x\u{1b}]0;pwned\u{7}\u{1b}[2J\u{9b}2J\u{202e}\ny";

/// Runs a subcommand whose standard output is a full disk.
fn to_full_disk(database: &SeededDatabase, line: &str) -> Output {
    to(full_disk(), database, line)
}

fn to(standard_output: Stdio, database: &SeededDatabase, line: &str) -> Output {
    let mut arguments: Vec<&str> = line.split_whitespace().collect();
    arguments.extend(["--database", database.path().to_str().unwrap(), "--instance", "ccc-test"]);
    Program::command(&arguments).stdout(standard_output).stderr(Stdio::piped()).output().unwrap()
}

fn full_disk() -> Stdio {
    std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap().into()
}

/// A pipe whose reader is gone.
fn closed_pipe() -> Stdio {
    let (_, writer) = std::io::pipe().unwrap();
    writer.into()
}

#[test]
fn a_credential_that_could_not_be_shown_is_not_kept() {
    let database = SeededDatabase::new();
    let credentials = "SELECT group_concat(v, ' ') FROM (
        SELECT access_key_id AS v FROM access_key UNION ALL SELECT token_id FROM api_token
        UNION ALL SELECT client_id || hex(secret_hash) FROM oauth_client)";
    let before = (database.query(credentials), database.query("SELECT count(*) FROM change"));
    for line in [
        "access-key create user-test",
        "token create user-test --name x",
        "oauth-client create vcc-test --name t --scopes users:read",
        "oauth-client rotate demo-client",
        "token create user-test --json",
    ] {
        let output = to_full_disk(&database, line);
        assert_refused(&output, 5, "is not kept; nothing was changed");
        let after = (database.query(credentials), database.query("SELECT count(*) FROM change"));
        assert_eq!(after, before, "{line}");
    }
}

/// Standard output that is closed is /dev/null by the time the program begins.
#[test]
fn a_credential_that_nobody_reads_is_not_kept_and_all_else_is_done() {
    let database = SeededDatabase::new();
    let count = |table: &str| database.query(&format!("SELECT count(*) FROM {table}"));
    let before = [count("api_token"), count("change")];
    for to in [">&-", ">/dev/null"] {
        let run = |line: &str| {
            let program = Program::path();
            let shell = format!(
                "{} {line} --database {} {to}",
                program.display(),
                database.path().display()
            );
            std::process::Command::new("sh").args(["-c", &shell]).output().unwrap()
        };
        for line in ["token create user-test", "access-key create user-test --json"] {
            let output = run(line);
            assert_refused(&output, 5, "Standard output is closed, or /dev/null.");
            assert_eq!([count("api_token"), count("change")], before, "{line}");
        }
        assert_done(&run("numbers list --instance ccc-test"));
    }
}

#[test]
fn what_is_done_although_it_could_not_be_told_is_said() {
    let database = SeededDatabase::new();
    let held = "SELECT count(*) FROM personal_assignment
        WHERE number = '02855500007' AND user_id = 'lina@ccc-test' AND released_at IS NULL";
    let done = "The change is made all the same: its request is ";
    let output = to_full_disk(&database, "numbers assign 02855500007 --to lina");
    assert_refused(&output, 5, done);
    assert_eq!(database.query(held), "1");
    let output = to_full_disk(&database, "groups edit sales --description told");
    assert_refused(&output, 5, done);
    for line in [
        "numbers assign 02855500007 --to wangfang",
        "numbers assign 02855500009 --to lina --dry-run",
        "numbers list",
    ] {
        let output = to_full_disk(&database, line);
        assert_refused(&output, 5, "Standard output can't be written");
        assert!(!stderr(&output).contains("is made"), "{line}: {}", stderr(&output));
    }
}

/// Every kind of write, and every printer. Two of each, as most can be done once.
#[rustfmt::skip]
const WRITES: [[&str; 2]; 15] = [
    ["numbers add 0999001", "numbers add 0999002 --json"],
    ["numbers add-range 0998001 --count 3", "numbers add-range 0997001 --count 3 --csv"],
    ["numbers assign 0999001 --to lina", "numbers assign 0999002 --to lina --csv"],
    ["numbers edit 0999001 --note a", "numbers edit 0999002 --note a --json"],
    ["users create one --display-name 1 --email a@example.com", "users create two --display-name 2 --email b@example.com"],
    ["users edit one --nickname a", "users edit two --nickname a"],
    ["groups create one --display-name 1", "groups create two --display-name 2 --json"],
    ["groups add-user one one", "groups add-user two two"],
    ["users forget one --force", "users forget two --force --json"],
    ["instances create first", "instances create second"],
    ["low-water-mark 3 --city 乐山", "low-water-mark 4 --city 乐山 --json"],
    ["groups edit one --description a", "oauth-client revoke demo-client"],
    ["contact-flows add one", "contact-flows add two --json"],
    ["export DIR/one.csv", "export DIR/two.xlsx --json"],
    ["backup --to DIR/one.db", "backup --to DIR/two.db --json"],
];

#[test]
fn a_write_that_could_not_be_told_says_that_it_is_done_and_one_that_only_reads_is_quiet_in_a_pipe()
{
    let database = SeededDatabase::new();
    let directory = database.path().parent().unwrap().to_str().unwrap();
    for [one, other] in WRITES {
        for (line, standard_output) in [(one, full_disk()), (other, closed_pipe())] {
            let output = to(standard_output, &database, &line.replace("DIR", directory));
            assert_refused(&output, 5, "Standard output can't be written: ");
            assert!(stderr(&output).contains("all the same"), "{line}: {}", stderr(&output));
        }
    }
    for line in ["restore DIR/one.db --database DIR/new.db", "seed --database DIR/sample.db"] {
        let line = line.replace("DIR", directory);
        let mut command = Program::command(&line.split(' ').collect::<Vec<_>>());
        let output = command.stdout(closed_pipe()).stderr(Stdio::piped()).output().unwrap();
        assert_refused(&output, 5, "all the same");
    }
    for line in [
        "numbers list",
        "numbers list --csv",
        "check --json",
        "export",
        "man",
        "completion zsh",
        "--help",
    ] {
        let quiet = to(closed_pipe(), &database, line);
        assert!(quiet.status.success() && quiet.stderr.is_empty(), "{line}: {quiet:?}");
        let output = to_full_disk(&database, line);
        assert_refused(&output, 5, "Standard output can't be written");
        assert!(!stderr(&output).contains("all the same"), "{line}: {}", stderr(&output));
    }
}

#[test]
fn a_list_that_could_not_be_written_is_an_error() {
    let database = SeededDatabase::new();
    let lists = ["numbers list --json", "users list", "check", "man", "completion bash"];
    for line in lists.iter().chain(&["--version", "--help", "numbers list --help"]) {
        let output = to_full_disk(&database, line);
        assert_refused(&output, 5, "Standard output can't be written");
    }
}

#[test]
fn init_whose_secret_could_not_be_shown_leaves_no_files() {
    let place = Place::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let database = place.database();
    let mut command = Program::command(&["init", "--database", database.to_str().unwrap()]);
    let output = command.stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_refused(&output, 5, "is not kept");
    assert_eq!(place.files(), Vec::<String>::new());
}

#[test]
fn what_the_file_holds_does_nothing_to_the_terminal() {
    let database = SeededDatabase::new();
    let hand = rusqlite::Connection::open(database.path()).unwrap();
    hand.execute("UPDATE user SET display_name = ?1 WHERE user_id = 'lina@ccc-test'", [HOSTILE])
        .unwrap();
    hand.execute("UPDATE skill_group SET description = ?1 WHERE name = 'sales'", [HOSTILE])
        .unwrap();
    drop(hand);
    let path = database.path().to_str().unwrap();
    for line in [
        "users list --per-page 500",
        "groups list",
        "changes",
        "users list --json --per-page 500",
        "groups list --json",
        "changes --json",
    ] {
        let mut arguments: Vec<&str> = line.split_whitespace().collect();
        arguments.extend(["--database", path, "--instance", "ccc-test"]);
        let output = Program::run(&arguments, "");
        assert_done(&output);
        let said = stdout(&output);
        let harmful = |c: &char| *c != '\n' && numberd::domain::text::is_control(*c);
        assert_eq!(said.chars().find(harmful), None, "{line}");
        if line.ends_with("list --json") {
            assert!(json(&output).to_string().contains("pwned"), "{line} lost what the file holds");
        }
    }
}

#[test]
fn texts_that_would_move_the_cursor_are_refused_and_repeated_as_escapes() {
    let database = SeededDatabase::new();
    let path = database.path().to_str().unwrap();
    let long = "r".repeat(501);
    let before = database.query("SELECT count(*) FROM change");
    for arguments in [
        &["numbers", "bind", "02855500020", "--to", "night@ccc-test", "--reason", HOSTILE][..],
        &["numbers", "bind", "02855500020", "--to", "night@ccc-test", "--reason", &long],
        &["numbers", "add", "0990001", "--city", HOSTILE],
        &["numbers", "add", "0990001", "--province", "\u{202e}"],
        &["numbers", "add", "0990001", "--provider", "a\tb"],
        &["numbers", "add", "0990001", "--tag", "\u{7}"],
        &["numbers", "add", "0285550001\r"],
        &["token", "create", "user-test", "--name", HOSTILE],
        &["oauth-client", "create", "ccc-test", "--name", HOSTILE],
        &["users", "create", "sunli", "--display-name", "  "],
        &["groups", "create", "nights", "--description", HOSTILE],
    ] {
        let more = ["--database", path, "--instance", "ccc-test"];
        let output = Program::run(&[arguments, &more].concat(), "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        let said = stderr(&output);
        let harmful = |c: &char| *c != '\n' && numberd::domain::text::is_control(*c);
        assert_eq!(said.chars().find(harmful), None, "{arguments:?}");
    }
    assert_eq!(database.query("SELECT count(*) FROM change"), before);
}

#[test]
fn the_actor_is_the_login_of_the_process_whatever_the_environment_says() {
    let database = SeededDatabase::new();
    let path = database.path().to_str().unwrap();
    let mut command = Program::command(&["token", "revoke", "demo", "--database", path]);
    command.envs([("USER", "boss"), ("LOGNAME", "boss"), ("SUDO_USER", "boss")]);
    assert_done(&command.output().unwrap());
    let actor = database.query("SELECT actor FROM change ORDER BY change_id DESC LIMIT 1");
    let id = std::process::Command::new("id").arg("-un").output().unwrap();
    assert_eq!(actor, String::from_utf8(id.stdout).unwrap().trim());
}

#[test]
fn a_result_names_its_request_and_undoing_that_takes_it_back() {
    let database = SeededDatabase::new();
    let path = database.path().to_str().unwrap();
    let run = |line: &str| {
        let mut arguments: Vec<&str> = line.split_whitespace().collect();
        arguments.extend(["--database", path, "--instance", "ccc-test"]);
        Program::run(&arguments, "")
    };
    let users = "SELECT count(*) FROM user WHERE instance_id = 'ccc-test'";
    let before = database.query(users);
    let made = json(&run("users create sunli --json"));
    let undone = run(&format!("undo {}", made["request_id"].as_str().unwrap()));
    assert_done(&undone);
    assert_eq!(database.query(users), before);
    let said = stdout(&run("numbers assign 08335550009 --to lina@ccc-test"));
    let line = said.lines().find(|line| line.starts_with("`numberd undo ")).unwrap();
    let undo: Vec<&str> = line.split('`').nth(1).unwrap().split(' ').skip(1).collect();
    assert_done(&Program::run(&undo, ""));
    assert_eq!(
        database.query("SELECT state FROM phone_number WHERE number = '08335550009'"),
        "free"
    );
}
