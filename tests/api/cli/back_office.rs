//! The back office at the command line: tables for people, JSON for programs, exit codes.

use crate::ops::present;
use crate::support::{Program, SeededDatabase, assert_snapshot};
use numberd::domain::{Clock, Timestamp};

/// A command line over one database.
struct Shell {
    database: SeededDatabase,
}

/// What came of it: the exit code, standard output, standard error.
struct Said {
    code: i32,
    out: String,
    err: String,
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}exit {}", self.out, self.err, self.code)
    }
}

impl Shell {
    fn new() -> Self {
        Self { database: SeededDatabase::new() }
    }

    fn with_input(&self, line: &str, input: &str) -> Said {
        let mut arguments: Vec<&str> = line.split_whitespace().collect();
        arguments.extend(["--database", self.database.path().to_str().unwrap()]);
        let mut command = Program::command(&arguments);
        command.env_remove("SUDO_USER").env("COLUMNS", "100").env("TZ", "UTC");
        command
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Said {
            code: output.status.code().unwrap(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    fn run(&self, line: &str) -> Said {
        self.with_input(line, "")
    }

    /// In the exclusive instance.
    fn ccc(&self, line: &str) -> Said {
        self.run(&format!("{line} --instance ccc-test"))
    }
}

/// The login of whoever runs the tests.
fn login() -> String {
    let id = std::process::Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(id.stdout).unwrap().trim().to_owned()
}

/// Times of this run and random ids are left out of the snapshots.
fn snapshot(name: &str, said: &dyn std::fmt::Display) {
    let mut settings = insta::Settings::clone_current();
    // The sample's times lie in the past; whatever happened today or, around midnight, yesterday,
    // the test did.
    let day = |back: i64| {
        Timestamp::from_millis(Clock::System.now().millis() - back * 86_400_000).to_string()[..10]
            .to_owned()
    };
    // Whoever runs the tests makes the changes.
    settings.add_filter(&format!(r"\b{} +cli +", login()), "[login]  cli  ");
    settings.add_filter(&format!(r"\b{} via cli", login()), "[login] via cli");
    settings.add_filter(&format!(r#""editor": "{}""#, login()), r#""editor": "[login]""#);
    settings.add_filter(r"BY +VIA", "BY  VIA");
    settings.add_filter(&format!(r"({}|{})[T ][\d:.]+(Z|\+00:00)", day(0), day(1)), "[now]");
    // The number of a change depends on how long the sample is.
    settings.add_filter(r"(?m)^\d{3}     ", "[change]  ");
    settings.add_filter(
        r#"(?P<name>"change_id": |"changes": |  changes +|change |"schema": |  schema +)\d+"#,
        "$name[n]",
    );
    settings.add_filter(r"20\d{6}T\d{6}\.\d{3}Z", "[stamp]");
    settings
        .add_filter(r"[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}", "[request]");
    settings.add_filter(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "[guid]");
    settings.add_filter(r"(/[\w.+-]+)+/(?P<file>[\w.\[\]-]+)", "[dir]/$file");
    settings.add_filter(r#""created_at": \d+"#, r#""created_at": [now]"#);
    settings.bind(|| assert_snapshot(&format!("cli/back_office/{name}"), &said.to_string()));
}

const BATCH: &str = r#"{"mode": "best_effort", "items": [
    {"action": "assign", "number": "02155500001", "user_id": "lina@ccc-test"},
    {"action": "transfer", "number": "083xxxx0011", "user_id": "lina@ccc-test"},
    {"action": "release", "number": "083xxxx0011"},
    {"action": "bind", "number": "083xxxx0011", "skill_group_id": "night@ccc-test"},
    {"action": "unbind", "number": "083xxxx0011"},
    {"action": "assign", "number": "0999", "user_id": "lina@ccc-test"}
]}"#;

#[test]
fn lists_are_tables_for_people_and_json_for_programs() {
    let shell = Shell::new();
    snapshot("numbers_list", &shell.ccc("numbers list -q 083 --per-page 5"));
    snapshot("numbers_list_json", &shell.ccc("numbers list -q 083xxxx0011 --json"));
    snapshot("numbers_list_nothing", &shell.ccc("numbers list -q %"));
    snapshot("users_list", &shell.ccc("users list --page 2 --per-page 4"));
    snapshot("groups_list", &shell.ccc("groups list"));
    snapshot("groups_list_json", &shell.ccc("groups list -q night --json"));
    snapshot("candidates", &shell.ccc("candidates --user lina@ccc-test --blocked -q 083xxxx"));
    snapshot(
        "candidates_json",
        &shell.ccc("candidates --user lina@ccc-test --blocked -q 083xxxx0011 --json"),
    );
}

#[test]
fn contact_flows_are_made_shown_changed_and_deleted_once_no_number_uses_them() {
    let shell = Shell::new();
    snapshot("contact_flows_list", &shell.ccc("contact-flows list"));
    let id = "a3fb6c62-9b49-4942-ae5b-cf2abd4123ek";
    snapshot("contact_flows_show", &shell.ccc(&format!("contact-flows show {id}")));
    snapshot("contact_flows_delete_in_use", &shell.ccc(&format!("contact-flows delete {id}")));
    let made = shell.ccc("contact-flows add Evening --type SUB_FLOW --definition - --json");
    snapshot("contact_flows_add_json", &made);
    let listed = shell.ccc("contact-flows list -q Evening --json").to_string();
    snapshot("contact_flows_list_json", &listed);
    let id = listed.split("\"contact_flow_id\": \"").nth(1).unwrap().split('"').next().unwrap();
    let edit = format!("contact-flows edit {id} --description later --published false");
    snapshot("contact_flows_edit", &shell.ccc(&edit));
    snapshot("contact_flows_edited", &shell.ccc(&format!("contact-flows show {id} --json")));
    snapshot("contact_flows_edit_nothing", &shell.ccc(&format!("contact-flows edit {id}")));
    snapshot("contact_flows_delete", &shell.ccc(&format!("contact-flows delete {id}")));
    snapshot("contact_flows_show_gone", &shell.ccc(&format!("contact-flows show {id}")));
    snapshot("contact_flows_no_file", &shell.ccc("contact-flows add X --definition /nowhere"));
}

#[test]
fn why_and_who_are_answered_in_sentences_and_in_json() {
    let shell = Shell::new();
    snapshot("why", &shell.ccc("why 083xxxx0011 --user lina@ccc-test"));
    snapshot("why_json", &shell.ccc("why 083xxxx0011 --user lina@ccc-test --json"));
    snapshot("whois", &shell.ccc("whois 083xxxx0011"));
    snapshot("whois_at", &shell.run("whois 083xxxx0011 --at 2026-03-03T15:10 --instance ccc-test"));
    snapshot(
        "whois_at_json",
        &shell.run("whois 083xxxx0011 --at 2026-03-03T23:10:00+08:00 --json --instance ccc-test"),
    );
    snapshot("whois_nobody", &shell.ccc("whois 083xxxx0011 --at 2020-01-01T00:00:00Z"));
    snapshot("numbers_history", &shell.ccc("numbers history 083xxxx0011"));
    snapshot("users_history", &shell.ccc("users history lina@ccc-test"));
    snapshot(
        "users_numbers",
        &shell.ccc("users numbers liuyang@ccc-test --at 2026-03-03T15:10:00Z"),
    );
    snapshot(
        "users_numbers_json",
        &shell.ccc("users numbers liuyang@ccc-test --at 2026-03-03T15:10:00Z --json"),
    );
}

#[test]
fn a_number_goes_from_hand_to_hand_and_every_step_is_told_and_undone() {
    let shell = Shell::new();
    let before = present(&shell.database);
    let steps = [
        "numbers add-range 0990001 0990003 --city 乐山 --tag new --reason range",
        "numbers assign 0990001 0990002 --to lina@ccc-test --reason joins",
        "numbers transfer 0990001 --to zhangwei@ccc-test",
        "numbers bind 0990003 --to night@ccc-test",
        "swap 0990001 0990003 --reason swapped",
        "numbers release 0990003",
        "numbers unbind 0990001 --from night@ccc-test",
        "users hand-over lina@ccc-test --to zhangwei@ccc-test --reason leaves",
        "numbers remove 0990002 --force",
    ];
    let mut told = Vec::new();
    for step in steps {
        let rehearsed = shell.ccc(&format!("{step} --dry-run"));
        let said = shell.ccc(step);
        assert_eq!((rehearsed.code, said.code), (0, 0), "{step}: {said}");
        let table = |out: &str| {
            let ends = ["This was a dry run", "`numberd undo "];
            let lines = out.lines().filter(|line| !ends.iter().any(|end| line.starts_with(end)));
            lines
                .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
                .collect::<Vec<String>>()
        };
        let would: Vec<String> = table(&rehearsed.out)
            .iter()
            .map(|line| line.replace("would be done", "done"))
            .collect();
        assert_ne!(would, table(&rehearsed.out), "{step}: nothing was done by a rehearsal");
        assert_eq!(would, table(&said.out), "{step}: a rehearsal tells the same");
        told.push(format!("$ numberd {step}\n{said}"));
    }
    snapshot("steps", &told.join("\n\n"));
    let changes: serde_json::Value = serde_json::from_str(
        &shell.run(&format!("changes --limit 1000 --actor {} --json", login())).out,
    )
    .unwrap();
    let mut requests: Vec<&str> = changes["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["request_id"].as_str().unwrap())
        .collect();
    requests.dedup();
    assert_eq!(requests.len(), steps.len());
    snapshot("changes", &shell.run(&format!("changes --limit 4 --actor {}", login())));
    for request in requests {
        let undone = shell.run(&format!("undo {request} --reason back"));
        assert_eq!(undone.code, 0, "{undone}");
    }
    assert_eq!(present(&shell.database), before);
    let number = shell.ccc("numbers history 0990001");
    assert!(number.out.contains(&format!("{} via cli: back", login())), "{number}");
}

#[test]
fn what_is_kept_of_numbers_and_users_is_edited() {
    let shell = Shell::new();
    let edit = "numbers edit 02855500007 02855500018 --note spare --city 绵阳 --active false";
    assert_eq!(shell.ccc(edit).code, 0);
    let sql = "SELECT group_concat(note || city || active, ' ') FROM phone_number WHERE instance_id = 'ccc-test' AND number IN ('02855500007', '02855500018')";
    assert_eq!(shell.database.query(sql), "spare绵阳0 spare绵阳0");
    let unknown = shell.ccc("numbers edit 02855500007 0000 --note gone");
    assert!(unknown.code == 3 && unknown.err.contains("0000"), "{unknown}");
    assert_eq!(shell.database.query(sql), "spare绵阳0 spare绵阳0");

    let edit = "users edit lina@ccc-test --note mornings --role Agent --work-mode OFF_SITE";
    assert_eq!(shell.ccc(edit).code, 0);
    let sql = "SELECT note || role || work_mode || display_name FROM user WHERE user_id = 'lina@ccc-test'";
    assert_eq!(shell.database.query(sql), "morningsAgentOFF_SITE李娜");
    for nothing in ["numbers edit 02855500007", "users edit lina@ccc-test"] {
        assert_eq!(shell.ccc(nothing).code, 2, "{nothing}");
    }
    let long = shell.ccc(&format!("users edit lina@ccc-test --note {}", "x".repeat(501)));
    assert!(long.code == 2 && long.err.contains("not 501"), "{long}");
}

#[test]
fn a_batch_is_read_from_a_file_or_from_standard_input() {
    let shell = Shell::new();
    snapshot("batch", &shell.with_input("batch - --instance ccc-test --reason monday", BATCH));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), BATCH).unwrap();
    let line =
        format!("batch {} --mode all_or_nothing --json --instance ccc-test", file.path().display());
    snapshot("batch_all_or_nothing_json", &shell.run(&line));
    for (name, input) in [
        ("batch_no_json", "{"),
        (
            "batch_wrong_items",
            r#"[{"action":"assign","number":"1"},{"action":"sell","number":"2"},{"action":"release","number":3},{"action":"release","number":"4","by":"x"}]"#,
        ),
        ("batch_unknown_field", r#"{"items":[],"modus":"x"}"#),
        ("batch_nothing", "[]"),
    ] {
        snapshot(name, &shell.with_input("batch - --instance ccc-test", input));
    }
    assert_eq!(shell.run("batch /no/such/file --instance ccc-test").code, 2);
}

#[test]
fn an_undo_tells_what_was_refused_and_why() {
    let shell = Shell::new();
    let number = shell.database.query("SELECT number FROM phone_number WHERE instance_id = 'ccc-test' AND state = 'free' ORDER BY number LIMIT 1");
    assert_eq!(shell.ccc(&format!("numbers assign {number} --to lina@ccc-test")).code, 0);
    assert_eq!(shell.ccc(&format!("numbers transfer {number} --to zhangwei@ccc-test")).code, 0);
    let given = shell.database.query(&format!("SELECT min(change_id) FROM change WHERE number = '{number}' AND entity = 'personal_assignment'"));
    snapshot("undo_refused", &shell.run(&format!("undo {given}")));
    snapshot("undo_refused_json", &shell.run(&format!("undo {given} --json")));
    snapshot(
        "undo_dry_run",
        &shell.run(&format!("undo {} --dry-run", given.parse::<u64>().unwrap() + 1)),
    );
}

#[test]
fn a_rehearsal_of_what_founds_a_call_centre_tells_what_would_be_done_and_changes_nothing() {
    let shell = Shell::new();
    let changes = || shell.database.query("SELECT count(*) FROM change").parse::<u64>().unwrap();
    let mut told = Vec::new();
    for line in [
        "instances create new-test --name New --admin lina",
        "instances rename ccc-test New",
        "users create sunli --role Manager --email sunli@example.com",
        "users import annakowalska",
        "groups create new --display-name New --media-type CHAT",
        "groups add-user new@ccc-test lina@ccc-test sunli@ccc-test --level 3",
        "groups remove-user new@ccc-test lina@ccc-test",
        "groups delete new@ccc-test --force",
        "users remove sunli@ccc-test",
        "instances delete new-test --force",
    ] {
        let before = changes();
        let rehearsed = shell.ccc(&format!("{line} --dry-run"));
        assert_eq!((rehearsed.code, changes()), (0, before), "{line}: {rehearsed}");
        let done = shell.ccc(&format!("{line} --json"));
        let printed: serde_json::Value = serde_json::from_str(&done.out).unwrap();
        assert!(done.code == 0 && printed.is_object() && changes() > before, "{line}: {done}");
        told.push(format!("$ numberd {line} --dry-run\n{rehearsed}"));
    }
    snapshot("founding", &told.join("\n\n"));
}

#[test]
fn what_is_wrong_has_its_exit_code_and_a_sentence_that_names_it() {
    let shell = Shell::new();
    let before = present(&shell.database);
    let cases = [
        (1, "numbers assign 083xxxx0011 --to lina@ccc-test --instance ccc-test"),
        (1, "numbers bind 083xxxx0011 --to night@ccc-test --instance ccc-test"),
        (1, "users remove lina@ccc-test --instance ccc-test"),
        (1, "groups delete test@ccc-test --instance ccc-test"),
        (2, "instances create a,b"),
        (2, "users create li,na --instance ccc-test"),
        (2, "users create sunli --email sunli --instance ccc-test"),
        (2, "groups create 1a --instance ccc-test"),
        (2, "groups add-user night@ccc-test lina@ccc-test --level 11 --instance ccc-test"),
        (2, "numbers list"),
        (2, "numbers assign --to lina@ccc-test --instance ccc-test"),
        (2, "numbers add-range 0833001100 833001103 --instance ccc-test"),
        (2, "numbers add-range 0833001100 --count 10001 --instance ccc-test"),
        (2, "numbers add-range 0833001100 0833001101 --count 3 --instance ccc-test"),
        (2, "numbers list --per-page 501 --instance ccc-test"),
        (2, "whois 083xxxx0011 --at yesterday --instance ccc-test"),
        (2, "whois 083xxxx0011 --at 2999-01-01 --instance ccc-test"),
        (2, "users numbers lina --at 9999-12-31 --instance ccc-test"),
        (2, "users hand-over lina --to lina@ccc-test --instance ccc-test"),
        (2, "swap 02855500002 02855500002 --instance ccc-test"),
        (2, "swap 02855500002 +8602855500002 --instance ccc-test"),
        (2, "changes --after -1"),
        (3, "numbers assign 0999 --to lina@ccc-test --instance ccc-test"),
        (3, "numbers assign 083xxxx0011 --to nobody@ccc-test --instance ccc-test"),
        (3, "numbers assign 083xxxx0011 --to annakowalska@vcc-test --instance ccc-test"),
        (3, "numbers list --instance no-such"),
        (3, "whois 0999 --instance ccc-test"),
        (3, "why 083xxxx0011 --user lina@ccc-test --instance vcc-test"),
        (3, "users history nobody@ccc-test --instance ccc-test"),
        (3, "users hand-over lina@ccc-test --to annakowalska@vcc-test --instance ccc-test"),
        (3, "swap 083xxxx0011 0999 --instance ccc-test"),
        (3, "instances rename no-such New"),
        (3, "instances delete no-such"),
        (3, "users import lina nobody --instance vcc-test"),
        (3, "groups members none@ccc-test --instance ccc-test"),
        (3, "groups add-user night@ccc-test lina@ccc-test nobody@ccc-test --instance ccc-test"),
        (3, "undo 999999999"),
        (3, "undo no-such-request"),
        (4, "instances create ccc-test"),
        (4, "users create lina --instance ccc-test"),
        (4, "users import lina --instance ccc-test"),
        (4, "groups create test --instance ccc-test"),
        (5, "restore /no/such/file --verify"),
    ];
    let mut told = Vec::new();
    for (code, line) in cases {
        let said = shell.run(line);
        assert_eq!(said.code, code, "{line}: {said}");
        assert!(!said.err.is_empty(), "{line}: nothing on standard error");
        told.push(format!("$ numberd {line}\n{said}"));
    }
    let elsewhere = shell.database.query("SELECT number FROM phone_number WHERE instance_id = 'vcc-test' AND number NOT GLOB '+*' LIMIT 1");
    if !elsewhere.is_empty() {
        assert_eq!(shell.ccc(&format!("numbers add {elsewhere}")).code, 4);
    }
    let database = shell.database.path().display().to_string();
    assert_eq!(shell.run(&format!("backup --to {database}")).code, 4);
    assert_eq!(present(&shell.database), before);
    snapshot("refusals", &told.join("\n\n"));
}

#[test]
fn the_drill_tells_what_a_backup_holds() {
    let shell = Shell::new();
    let to = tempfile::tempdir().unwrap();
    let made = shell.run(&format!("backup --to {}", to.path().display()));
    snapshot("backup", &made);
    snapshot("restore_verify", &shell.run(&format!("restore {} --verify", made.out.trim())));
    snapshot(
        "restore_verify_json",
        &shell.run(&format!("restore {} --verify --json", made.out.trim())),
    );
    snapshot("restore", &shell.run(&format!("restore {}", made.out.trim())));
}
