//! What the pages for whoever keeps numberd running say to type: every block is run by a test, or
//! is listed here with the reason why not. The blocks of the Chinese pages are the same.

use super::{blocks, page, root};
use crate::support::{LONG_PATIENCE, Program, eventually};
use rustix::process::{Pid, Signal, kill_process_group};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const OPERATING: &str = "docs/operating.md";
const SECOND: &str = "docs/second-machine.md";

/// What becomes of a block.
enum Tried {
    /// It is run here.
    Here,
    /// Another test runs it: its name.
    By(&'static str),
    /// Nothing runs it, because of this.
    Not(&'static str),
}

use Tried::{By, Here, Not};

/// Every block, by its page and its first line, in the order of the pages.
const BLOCKS: &[(&str, &str, Tried)] = &[
    (
        OPERATING,
        "cargo install --path .",
        By(
            "the_steps_of_the_image_make_a_root_in_which_the_program_serves_as_nobody_in_particular",
        ),
    ),
    (
        OPERATING,
        "packaging/release",
        Not(
            "`.ci/run package` runs packaging/try-debian, which installs the package in a clean Debian; no systemd runs there to enable anything",
        ),
    ),
    (OPERATING, "export NUMBERD_DATABASE=", Here),
    (OPERATING, "numberd init --database", Here),
    (OPERATING, "numberd serve --backup-every", Here),
    (OPERATING, "numberd backup --to", Here),
    (
        OPERATING,
        "numberd restore /var/backups/numberd/numberd-20261122T180000.000Z.db --verify",
        Here,
    ),
    (
        OPERATING,
        "numberd restore /var/backups/numberd/numberd-20261122T180000.000Z.db --database",
        Here,
    ),
    (OPERATING, "numberd changes archive", Here),
    (OPERATING, "numberd serve --listen :8443", Here),
    (
        OPERATING,
        "location /numberd/ {",
        By("the_example_for_a_path_of_a_shared_host_passes_signatures_addresses_events_and_files"),
    ),
    (
        OPERATING,
        "numbers.example.com {",
        By("the_examples_for_caddy_pass_signatures_addresses_events_and_files"),
    ),
    (
        OPERATING,
        "docker build",
        Not(
            "the check has no Docker; the steps of the Dockerfile are run by the_steps_of_the_image…, which also starts what it starts",
        ),
    ),
    (
        SECOND,
        "systemctl enable --now numberd-litestream",
        Not(
            "no systemd runs in the check; systemd-analyze reads the unit, and the line that it starts is run here",
        ),
    ),
    (SECOND, "umask 077\nlitestream restore -f", Here),
    (SECOND, "umask 077\nlitestream restore -config", Here),
    (SECOND, "numberd restore /var/lib/numberd/standby.db", Here),
];

/// The block of a page that begins so.
fn block(name: &str, beginning: &str) -> String {
    let found = blocks(&page(name)).into_iter().find(|(_, text)| text.starts_with(beginning));
    found.unwrap_or_else(|| panic!("{name} has no block {beginning:?}")).1
}

/// The text of all tests.
fn tests(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &tests(&path);
        } else if path.extension().is_some_and(|end| end == "rs") {
            text += &std::fs::read_to_string(path).unwrap();
        }
    }
    text
}

#[test]
fn every_block_of_the_pages_for_operating_is_run_or_listed_with_the_reason_why_not() {
    let tests = tests(&root().join("tests/api"));
    let mut left = BLOCKS.iter();
    for name in [OPERATING, SECOND] {
        for (_, text) in blocks(&page(name)) {
            let Some((on, beginning, tried)) = left.next() else { panic!("not listed: {text}") };
            assert!(*on == name && text.starts_with(beginning), "{beginning:?} is not {text:?}");
            match tried {
                Here => {}
                By(test) => assert!(tests.contains(&format!("fn {test}(")), "{test} is gone"),
                Not(reason) => assert!(reason.len() > 20, "{text}"),
            }
        }
    }
    assert!(left.next().is_none(), "listed, and on no page");
}

/// A machine: the pages' directories, somewhere else, and a shell with `numberd` on its path.
struct Machine {
    directory: tempfile::TempDir,
    /// Where `/var/backups/numberd` is.
    backups: PathBuf,
}

impl Machine {
    fn new(backups: &Path) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for name in ["bin", "var", "etc"] {
            std::fs::create_dir(directory.path().join(name)).unwrap();
        }
        let bin = directory.path().join("bin");
        std::os::unix::fs::symlink(Program::path(), bin.join("numberd")).unwrap();
        // What it is told is written down.
        let stub = "#!/bin/sh\necho \"$@\" >> \"$(dirname \"$0\")/systemctl.log\"\n";
        std::fs::write(bin.join("systemctl"), stub).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(bin.join("systemctl"), mode).unwrap();
        Self { directory, backups: backups.to_owned() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// A text with this machine's directories for those of the pages.
    fn here(&self, text: &str) -> String {
        text.replace("/var/lib/numberd", self.path("var").to_str().unwrap())
            .replace("/etc/numberd", self.path("etc").to_str().unwrap())
            .replace("/var/backups/numberd", self.backups.to_str().unwrap())
            .replace("/usr/bin/", "")
    }

    /// Lines of a page in a shell, below the variables that the page has it export.
    fn shell(&self, lines: &str) -> Command {
        let mut command = Command::new("sh");
        let exported = block(OPERATING, "export NUMBERD_DATABASE=");
        command.arg("-ec").arg(self.here(&format!("{exported}{lines}")));
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        command.env("PATH", path).current_dir(self.directory.path()).stdin(Stdio::null());
        command
    }

    /// Runs lines that succeed; what they print.
    fn run(&self, lines: &str) -> String {
        let output = self.shell(lines).stderr(Stdio::piped()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{lines}{said}");
        String::from_utf8(output.stdout).unwrap() + &said
    }

    /// Starts a server as a line of a page does, on a port of its own.
    fn serve(&self, line: &str) -> Program {
        let line = match line.split_once("--listen :8443") {
            Some((before, after)) => format!("{before}--listen 127.0.0.1:0{after}"),
            None => format!("{line} --listen 127.0.0.1:0"),
        };
        Program::start_command(self.shell(&format!("exec {line}")))
    }

    /// Starts what goes on in the background.
    fn start(&self, lines: &str) -> Background {
        let mut command = self.shell(lines);
        command.stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        Background(command.spawn().unwrap())
    }
}

/// A process and whatever it has started; killed when it is dropped.
struct Background(Child);

impl Drop for Background {
    fn drop(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.0), Signal::KILL);
        let _ = self.0.wait();
    }
}

/// The line of a unit that starts its program.
fn started_by(unit: &str) -> String {
    let text = page(unit);
    text.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap().to_owned()
}

#[test]
fn the_lines_for_operating_do_what_the_page_says() {
    let backups = tempfile::tempdir().unwrap();
    let machine = Machine::new(backups.path());
    let first = block(OPERATING, "numberd init --database");
    let (init, serve) = first.trim_end().split_once('\n').unwrap();
    assert!(machine.run(init).contains("AccessKey secret"));
    drop(machine.serve(serve));

    let scheduled = block(OPERATING, "numberd serve --backup-every");
    let server = machine.serve(scheduled.trim_end());
    let in_folder = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths.filter(|path| path.extension().is_some_and(|end| end == "db")).collect()
    };
    let own = machine.path("var").join("backups");
    eventually("the server makes a backup", || in_folder(&own).len() == 1);
    let listed = machine.run(&block(OPERATING, "numberd backup --to"));
    assert!(listed.contains("before-upgrade"), "{listed}");
    drop(server);

    let made = in_folder(backups.path());
    let [backup] = made.as_slice() else { panic!("{made:?}") };
    let restore = |beginning: &str| {
        let lines = block(OPERATING, &format!("numberd restore {NAMED} {beginning}"));
        machine.run(&lines.replace(NAMED, backup.to_str().unwrap()))
    };
    let database = machine.path("var/numberd.db");
    let before = std::fs::read(&database).unwrap();
    assert!(restore("--verify").contains("can be restored"));
    assert_eq!(std::fs::read(&database).unwrap(), before, "nothing is touched");
    assert!(restore("--database").contains("is kept as "));
    machine.run("numberd check");
    let archived = machine.run(&block(OPERATING, "numberd changes archive"));
    assert!(archived.contains("No change in the log was made before"), "{archived}");

    for (name, of) in [("tls.crt", "first.crt"), ("tls.key", "first.key")] {
        let to = machine.path("etc").join(name);
        std::fs::copy(root().join("tests/tls").join(of), &to).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(to, mode).unwrap();
    }
    drop(machine.serve(block(OPERATING, "numberd serve --listen :8443").trim_end()));
}

/// The backup that the page names.
const NAMED: &str = "/var/backups/numberd/numberd-20261122T180000.000Z.db";

#[test]
#[ignore = "needs litestream"]
fn the_lines_for_a_second_machine_follow_are_drilled_and_take_over() {
    let replica = tempfile::tempdir().unwrap();
    let [one, two] = [(); 2].map(|()| Machine::new(replica.path()));
    for machine in [&one, &two] {
        let configuration = machine.here(&page("packaging/litestream.yml"));
        std::fs::write(machine.path("etc/litestream.yml"), configuration).unwrap();
    }
    one.run("numberd init\nnumberd instances create north\nnumberd numbers add 02155500001");
    std::fs::copy(one.path("etc/numberd.key"), two.path("etc/numberd.key")).unwrap();
    let server = one.serve(&started_by("packaging/numberd.service"));
    let sending = one.start(&started_by("packaging/numberd-litestream.service"));

    let follows = block(SECOND, "umask 077\nlitestream restore -f");
    // It ends while there is no replica yet.
    let following = one_that_goes_on(&two, &follows);
    one.run("numberd numbers add 02155500002");
    let standby = two.path("var/standby.db");
    let is_there = || {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let count = || {
            let connection = rusqlite::Connection::open_with_flags(&standby, flags)?;
            connection.query_row("SELECT count(*) FROM phone_number", (), |row| row.get(0))
        };
        count().is_ok_and(|count: u64| count == 2)
    };
    eventually("the standby has what was changed", is_there);
    let drill = two.run(&block(SECOND, "umask 077\nlitestream restore -config"));
    assert!(drill.contains("All is well"), "{drill}");

    drop((server, sending, following));
    two.run(&block(SECOND, "numberd restore /var/lib/numberd/standby.db"));
    let told = std::fs::read_to_string(two.path("bin/systemctl.log")).unwrap();
    assert_eq!(told, "enable --now numberd\n");
    let _server = two.serve(&started_by("packaging/numberd.service"));
    assert!(two.run("numberd numbers show 02155500002").contains("02155500002"));
}

/// What follows a replica, begun anew until there is one.
fn one_that_goes_on(machine: &Machine, lines: &str) -> Background {
    let begun = std::time::Instant::now();
    loop {
        let mut background = machine.start(lines);
        std::thread::sleep(std::time::Duration::from_secs(1));
        if background.0.try_wait().unwrap().is_none() {
            return background;
        }
        assert!(begun.elapsed() < LONG_PATIENCE, "there is no replica to follow");
    }
}
