//! What a dry run does: nothing, at every subcommand that writes.

use super::help::pages;
use super::{assert_done, assert_refused, json, stdout};
use crate::support::{App, Program, SeededDatabase};
use std::process::Output;
use std::sync::Arc;

/// The subcommands that only read, or that have no dry run.
pub(super) const READING: &[&str] = &[
    "access-key list",
    "backup list",
    "candidates",
    "capacity",
    "changes",
    "check",
    "completion",
    "contact-flows list",
    "contact-flows show",
    "demo",
    "export",
    "groups list",
    "groups members",
    "groups show",
    "healthcheck",
    "instances list",
    "man",
    "numbers history",
    "numbers list",
    "numbers reservations",
    "numbers show",
    "numbers unassigned",
    "oauth-client list",
    // Writes only with --stop and --continue, whose dry runs `ops::followed` tries.
    "run",
    "serve",
    "sql",
    "token list",
    "users history",
    "users list",
    "users numbers",
    "users show",
    "whois",
    "why",
];

/// The subcommands that write, each with arguments that it does something for.
const WRITING: &[(&str, &str)] = &[
    ("access-key add", "user-test"),
    ("access-key create", "user-test"),
    ("access-key revoke", "demo-access-key"),
    ("adopt ccc", "--endpoint VENDOR --access-key demo-access-key"),
    ("adopt vcc", "--endpoint VENDOR --client-id demo-client-ccc"),
    ("backup", "--to backup.db"),
    ("batch", "-"),
    ("changes archive", "--before NOW --to lines.jsonl"),
    ("contact-flows add", "Evening"),
    ("contact-flows delete", "a3fb6c62-9b49-4942-ae5b-cf2abd4123ek --force"),
    ("contact-flows edit", "a3fb6c62-9b49-4942-ae5b-cf2abd4123ek --name Day"),
    ("groups add-user", "sales@ccc-test lina@ccc-test"),
    ("groups create", "nightly"),
    ("groups delete", "sales@ccc-test --force"),
    ("groups edit", "sales@ccc-test --description night"),
    ("groups remove-user", "test@ccc-test liuyang@ccc-test"),
    ("import", "-"),
    ("init", "--database new.db"),
    ("instances create", "leshan"),
    ("instances delete", "vcc-test --force"),
    ("instances edit", "vcc-test --country-code 86"),
    ("instances rename", "vcc-test VCC"),
    ("key-file renew", "--key-file lost.key"),
    ("key-file rotate", ""),
    ("low-water-mark", "5 --city 西安"),
    ("migrate", ""),
    ("numbers add", "0990001"),
    ("numbers add-range", "0990001 --count 3"),
    ("numbers assign", "08335550009 --to lina@ccc-test"),
    ("numbers bind", "08335550009 --to test@ccc-test"),
    ("numbers edit", "08335550009 --note seen"),
    ("numbers end-reservation", "08335550006"),
    ("numbers hold", "08335550009 --for lina@ccc-test --until 2099-01-01T09:00:00Z"),
    ("numbers release", "083xxxx0011"),
    ("numbers remove", "08335550009"),
    ("numbers transfer", "083xxxx0011 --to lina@ccc-test"),
    ("numbers unbind", "BOUND"),
    ("oauth-client create", "ccc-test"),
    ("oauth-client revoke", "demo-client"),
    ("oauth-client rotate", "demo-client"),
    ("password set", "user-test"),
    ("restore", "BACKUP"),
    ("seed", "--database empty.db"),
    ("swap", "083xxxx0011 08335550009"),
    ("token create", "user-test"),
    ("token revoke", "demo"),
    ("undo", "CHANGE"),
    ("users create", "newcomer"),
    ("users edit", "lina@ccc-test --note seen"),
    ("users forget", "wuxia --force"),
    ("users hand-over", "user-test@ccc-test --to lina@ccc-test"),
    ("users import", "annakowalska"),
    ("users remove", "lina@ccc-test --force"),
];

const BATCH: &str =
    r#"[{"action": "assign", "number": "08335550009", "user_id": "lina@ccc-test"}]"#;

/// What a subcommand reads.
fn stdin(name: &str) -> &'static str {
    match name {
        "batch" => BATCH,
        "import" => "number,city\n0990001,成都\n",
        "adopt ccc" => "demo-access-secret\n",
        "adopt vcc" => "demo-client-ccc-secret\n",
        "access-key add" => "taken-over\na-secret-of-its-own\n",
        "password set" => "a-password-of-its-own\n",
        _ => "",
    }
}

/// The database, the files beside it, and what a dry run must leave as it is.
struct Desk {
    database: SeededDatabase,
    /// The sample as it was, at a vendor's.
    vendor: Arc<App>,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { database: SeededDatabase::new(), vendor: Arc::new(App::spawn()) };
        assert_done(&desk.run("numbers assign 08335550007 --to lina@ccc-test", ""));
        assert_done(&desk.run("numbers hold 08335550006 --until 2099-01-01T09:00:00Z", ""));
        assert_done(&desk.run("backup --to kept.db", ""));
        std::fs::set_permissions(desk.folder().join("kept.db"), private()).unwrap();
        numberd::store::create(&desk.folder().join("empty.db")).unwrap();
        let empty = desk.folder().join("empty.db");
        assert_done(&Program::run(&["migrate", "--database", empty.to_str().unwrap()], ""));
        desk
    }

    /// Another, as this one was made.
    fn copy(&self) -> Self {
        Self { database: self.database.copy(), vendor: Arc::clone(&self.vendor) }
    }

    fn folder(&self) -> std::path::PathBuf {
        self.database.path().parent().unwrap().to_owned()
    }

    fn run(&self, line: &str, stdin: &str) -> Output {
        let folder = self.folder();
        let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
        let mut arguments: Vec<String> = line
            .split_whitespace()
            .map(|word| match word {
                "BOUND" => self.database.query(
                    "SELECT min(number) FROM skill_group_number WHERE instance_id = 'ccc-test'",
                ),
                "BACKUP" => at("kept.db"),
                "CHANGE" => self.database.query(
                    "SELECT max(change_id) FROM change WHERE entity = 'personal_assignment'",
                ),
                "VENDOR" => format!("http://{}", self.vendor.address),
                "NOW" => numberd::domain::Clock::System.now().to_string(),
                name if [".db", ".key", ".jsonl"].iter().any(|end| name.ends_with(end)) => at(name),
                word => word.to_owned(),
            })
            .collect();
        if !line.contains("--database") {
            arguments.extend(["--database".to_owned(), at("numberd.db")]);
        }
        arguments.extend(["--instance".to_owned(), "ccc-test".to_owned()]);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        Program::run(&arguments, stdin)
    }

    /// The names and bytes of all files, but for what open connections leave.
    fn bytes(&self) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(self.folder())
            .unwrap()
            .map(|file| file.unwrap().path())
            .map(|path| (path.to_string_lossy().into_owned(), std::fs::read(path).unwrap()))
            .filter(|(name, bytes)| {
                !(name.ends_with("-shm") || name.ends_with("-wal") && bytes.is_empty())
            })
            .collect();
        files.sort();
        files
    }
}

fn private() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o600)
}

#[test]
fn every_subcommand_is_known_to_write_or_to_read() {
    let pages = pages();
    let leaves = pages.iter().map(|(path, _)| path.join(" ")).filter(|name| {
        let has_more =
            pages.iter().any(|(path, _)| path.join(" ").starts_with(&format!("{name} ")));
        // These do something themselves too.
        !name.is_empty() && (!has_more || ["backup", "changes"].contains(&name.as_str()))
    });
    let mut leaves: Vec<String> = leaves.collect();
    leaves.sort();
    let mut known: Vec<String> = READING.iter().map(|name| (*name).to_owned()).collect();
    known.extend(WRITING.iter().map(|(name, _)| (*name).to_owned()));
    known.sort();
    assert_eq!(leaves, known);
}

#[test]
fn a_dry_run_of_any_subcommand_changes_nothing_says_so_and_shows_no_secret() {
    let desk = Desk::new();
    let before = desk.bytes();
    for (name, arguments) in WRITING {
        let line = format!("{name} {arguments} --dry-run");
        let output = desk.run(&line, stdin(name));
        assert_done(&output);
        let said = stdout(&output);
        let admits = ["Would ", "dry run", "can be restored", "there is nothing to do"];
        assert!(admits.iter().any(|word| said.contains(word)), "{line}: {said}");
        for word in ["secret  ", "nbd_", "is revoked", "is given up", "Removed:", "is created"] {
            assert!(!said.contains(word), "{line}: {said}");
        }
        let typed = stdin(name).lines().last().unwrap_or_default();
        let is_secret = ["-secret", "a-password"].iter().any(|word| typed.contains(word));
        assert!(!is_secret || !said.contains(typed), "{line}: {said}");
        let value = json(&desk.run(&format!("{line} --json"), stdin(name)));
        assert!(value["secret"].is_null() && value["request_id"].is_null(), "{line}: {value}");
        assert!(value["dry_run"] == true || *name == "restore", "{line}: {value}");
        assert_eq!(desk.bytes().len(), before.len(), "{line} made a file");
        assert!(desk.bytes() == before, "{line} changed a file");
    }
    let unknown = desk.run("token revoke nothing --dry-run", "");
    assert_refused(&unknown, 3, "does not exist");
}

#[test]
fn the_same_lines_without_it_do_something() {
    let made = Desk::new();
    for (name, arguments) in WRITING {
        if ["restore", "migrate", "init"].contains(name) {
            continue;
        }
        let desk = made.copy();
        let before = desk.bytes();
        assert_done(&desk.run(&format!("{name} {arguments}"), stdin(name)));
        assert!(desk.bytes() != before, "{name} {arguments} did nothing");
    }
}
