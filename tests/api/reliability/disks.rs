//! Disks that are full or can't be written: changes are refused, reading goes on, and writing too
//! once it can be done.

use super::{Demo, assert_sound};
use crate::support::{Client, IN_TIME, Program, Reply, figure, times};
use crate::vcc::{self, Vcc};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// A file system of its own.
struct Mount {
    directory: tempfile::TempDir,
}

impl Mount {
    /// In memory.
    fn new(options: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        run(Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(directory.path()));
        Self { directory }
    }

    /// What an image holds; it becomes read-only after an error, as Debian's root file system does.
    fn of(image: &Path) -> Self {
        let directory = tempfile::tempdir().unwrap();
        run(Command::new("mount")
            .args(["-o", "loop,errors=remount-ro"])
            .arg(image)
            .arg(directory.path()));
        Self { directory }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // Lazily: a test that failed may have left a server there.
        let _ = Command::new("umount").arg("-l").arg(self.directory.path()).status();
    }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Gives and takes numbers until a change is refused; returns which. A smaller one might still find
/// room.
fn fill<'n>(client: &Client, numbers: &'n [String]) -> (&'n str, bool) {
    for round in 0..2000 {
        let (number, hold) =
            (&numbers[round % numbers.len()], (round / numbers.len()).is_multiple_of(2));
        let reply = client.try_hold(number, hold).unwrap();
        if reply.status != 200 {
            assert_unavailable(&reply);
            return (number, hold);
        }
    }
    panic!("the disk took 2,000 changes");
}

fn assert_unavailable(reply: &Reply) {
    assert_eq!(
        (reply.status, reply.json()["Code"].as_str()),
        (503, Some("ServiceUnavailable")),
        "{}",
        reply.body
    );
    assert_eq!(reply.header("retry-after"), Some("2"));
}

/// A caller of each of the three APIs, who changes something that none of the others does.
pub(super) struct Callers {
    ccc: Client,
    vcc: Vcc,
    number: String,
}

impl Callers {
    pub(super) fn of(demo: &Demo) -> Self {
        let address = demo.program.address;
        let vcc =
            Vcc { address, token: vcc::token(address, "demo-client", "users:read users:write") };
        let ccc = demo.client();
        let number = ccc.numbers(false)[0].clone();
        Self { ccc, vcc, number }
    }

    /// A change through each, the same every time or its opposite.
    fn change(&self, give: bool) -> [Reply; 3] {
        let method = if give { "PUT" } else { "DELETE" };
        let spare: &[&str] = if give { &[vcc::LONDON_SPARE] } else { &[] };
        [
            self.ccc.try_hold(&self.number, give).unwrap(),
            self.vcc.replace(vcc::ANNA, spare),
            self.membership(method),
        ]
    }

    /// What they changed, as each reads it.
    fn read(&self) -> (bool, Vec<String>, u16) {
        (
            self.ccc.numbers(true).contains(&self.number),
            self.vcc.numbers(vcc::ANNA),
            self.membership("GET").status,
        )
    }

    /// A request of the admin API for a membership that the sample has not.
    fn membership(&self, method: &str) -> Reply {
        let path = "/api/v1/instances/ccc-test/skill-groups/night@ccc-test/users/wangfang@ccc-test";
        vcc::send(self.vcc.address, method, path, &[("authorization", "Bearer demo-token")], None)
    }

    pub(super) fn assert_done(&self, give: bool) {
        let statuses = self.change(give).map(|reply| reply.status);
        assert_eq!(statuses, [200, 200, 200]);
        let spare = if give { vec![vcc::LONDON_SPARE.to_owned()] } else { Vec::new() };
        assert_eq!(self.read(), (give, spare, if give { 200 } else { 404 }));
    }

    /// That each is refused in its own words, in time, and goes on reading what was there.
    pub(super) fn assert_refused(&self, give: bool) {
        let before = self.read();
        let began = Instant::now();
        let [ccc, vcc, admin] = self.change(give);
        assert!(
            began.elapsed() < 3 * IN_TIME,
            "three changes were refused after {:?}",
            began.elapsed()
        );
        assert_unavailable(&ccc);
        assert_eq!(
            (vcc.status, vcc.json()["message"].as_str()),
            (503, Some("The service is unavailable just now; try again.")),
            "{}",
            vcc.body
        );
        let problem = admin.json()["type"].as_str().map(|kind| kind.ends_with("/unavailable"));
        assert_eq!(
            (admin.status, admin.header("content-type"), problem),
            (503, Some("application/problem+json"), Some(true)),
            "{}",
            admin.body
        );
        assert!([ccc, vcc, admin].iter().all(|reply| reply.header("retry-after") == Some("2")));
        assert_eq!(self.read(), before);
        assert_eq!(self.ccc.get("/readyz").status, 200);
    }
}

#[test]
#[ignore = "needs root, to mount a file system"]
fn on_a_full_mounted_disk_changes_are_refused_until_there_is_room() {
    assert_survives_a_full_disk("in memory", &Mount::new("size=4m,mode=700"));
    let image = image(8);
    assert_survives_a_full_disk("of ext4", &Mount::of(image.path()));
}

/// An image of a file system of this size in megabytes.
fn image(megabytes: u64) -> tempfile::NamedTempFile {
    let image = tempfile::NamedTempFile::new().unwrap();
    image.as_file().set_len(megabytes * 1024 * 1024).unwrap();
    run(Command::new("mkfs.ext4").args(["-q", "-F", "-b", "1024", "-m", "0"]).arg(image.path()));
    image
}

/// Writes until a disk has as much room as given and no more.
fn leave_room(ballast: &Path, bytes: u64) {
    let mut file = std::fs::File::create(ballast).unwrap();
    while std::io::Write::write_all(&mut file, &[0; 4096]).is_ok() {}
    let taken = file.metadata().unwrap().len() / 4096 * 4096;
    file.set_len(taken.saturating_sub(bytes)).unwrap();
    file.sync_all().unwrap();
}

fn assert_survives_a_full_disk(what: &str, mount: &Mount) {
    let mut demo = Demo::start_in(mount.path());
    let client = demo.client();
    let numbers = client.numbers(false);
    let ballast = mount.path().join("ballast");
    leave_room(&ballast, 40_960);
    let (number, hold) = fill(&client, &numbers);
    let refusals = times(20, 200);
    for _ in 0..refusals {
        let began = Instant::now();
        assert_unavailable(&client.try_hold(number, hold).unwrap());
        assert!(began.elapsed() < IN_TIME, "{:?}", began.elapsed());
    }
    let holds = || client.numbers(true).iter().any(|held| held == number);
    assert_ne!(holds(), hold, "nothing of the refused change is there, and the rest can be read");
    assert_eq!(client.get("/readyz").status, 200);
    std::fs::remove_file(&ballast).unwrap();
    assert_eq!(client.try_hold(number, hold).unwrap().status, 200);
    assert_eq!(holds(), hold);
    demo.program.kill();
    assert_sound(&demo.database());
    figure(
        &format!("changes on a full disk {what}"),
        0,
        refusals + 1,
        "each 503 with Retry-After in 2 s, reads went on, nothing half done",
        "with room again the same change is done without a restart",
    );
}

#[test]
#[ignore = "needs root, to mount a file system"]
fn an_init_on_a_full_mounted_disk_leaves_nothing_or_a_whole_database() {
    let mut refused = 0;
    for room in (200..).step_by(40) {
        let mount = Mount::new(&format!("size={room}k,mode=700"));
        let database = mount.path().join("numberd.db");
        let output = Program::run(&["init", "--database", database.to_str().unwrap()], "");
        if output.status.success() {
            assert_sound(&database);
            break;
        }
        assert_eq!(output.status.code(), Some(5), "{room}: {output:?}");
        assert!(std::fs::read_dir(mount.path()).unwrap().next().is_none(), "{room}");
        refused += 1;
    }
    assert!(refused > 3, "{refused}");
    figure(
        "init on a full disk",
        0,
        refused,
        "each left nothing behind",
        "with more room it is done",
    );
}

#[test]
#[ignore = "needs root, to mount a file system"]
fn an_archive_on_a_full_mounted_disk_leaves_the_lines_or_a_whole_file() {
    let mount = Mount::new("size=8m,mode=700");
    let database = mount.path().join("demo.db");
    drop(Demo::start_in(mount.path()));
    let lines = || {
        let connection = rusqlite::Connection::open(&database).unwrap();
        connection.query_row("SELECT count(*) FROM change", [], |row| row.get::<_, u64>(0)).unwrap()
    };
    let before = lines();
    let archive = || {
        let path = database.to_str().unwrap();
        let line = ["changes", "archive", "--before", "2026-11-01", "--database", path, "--json"];
        Program::run(&line, "")
    };
    let ballast = mount.path().join("ballast");
    let (mut tried, mut done) = (0, None);
    // From no room at all to enough for the file, and at last for what the database writes too.
    for room in (0..).map(|step| step * 64 * 1024) {
        leave_room(&ballast, room);
        let output = archive();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        std::fs::remove_file(&ballast).unwrap();
        tried += 1;
        let files = || {
            let names = std::fs::read_dir(mount.path()).unwrap().flatten();
            names.filter(|name| name.path().extension().is_some_and(|end| end == "jsonl")).count()
        };
        if output.status.success() {
            assert_eq!((files(), lines() < before), (1, true), "{said}");
            done = Some(room);
            break;
        }
        assert_eq!(output.status.code(), Some(5), "{said}");
        assert_eq!(lines(), before, "{said}");
        // A file that is there is whole: the next run takes it as it is.
        assert!(files() <= 1);
    }
    assert!(tried > 1 && done.is_some(), "{tried} tries");
    assert_sound(&database);
    figure(
        "changes archive on a full disk",
        0,
        tried,
        "each left all lines in the log, or a whole file",
        &format!("with {} KiB of room it is done", done.unwrap_or_default() / 1024),
    );
}

#[test]
fn when_the_files_cant_grow_changes_are_refused_and_reads_go_on() {
    // A limit on the size of files refuses writes as a disk does, and needs no root.
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("demo.db");
    drop(Demo::start_in(directory.path()));
    let kilobytes = std::fs::metadata(&database).unwrap().len() / 1024 + 100;
    let mut command = Command::new("bash");
    command
        .arg("-c")
        .arg(format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$@\""))
        .arg("bash")
        .arg(Program::path());
    command.args(["demo", "--listen", "127.0.0.1:0", "--database"]).arg(&database);
    let mut program = Program::start_command(command);
    let client = Client::new(program.address);
    let numbers = client.numbers(false);
    // Another program's long read keeps the log from being emptied.
    let reader = rusqlite::Connection::open(&database).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM phone_number").unwrap();
    let (number, hold) = fill(&client, &numbers);
    let held = client.numbers(true);
    assert_ne!(
        held.iter().any(|held| held == number),
        hold,
        "nothing of the refused change is there"
    );
    drop(reader);
    program.kill();
    assert_sound(&database);
    let again = Demo::start_in(directory.path());
    assert_eq!(again.client().numbers(true), held);
}

#[test]
#[ignore = "needs root, to mount a file system"]
fn a_read_only_mounted_disk_is_refused_at_the_start_with_a_sentence() {
    let mount = Mount::new("size=4m,mode=700");
    let mut demo = Demo::start_in(mount.path());
    demo.program.terminate();
    assert!(demo.program.child.wait().unwrap().success());
    run(Command::new("mount").args(["-o", "remount,ro"]).arg(mount.path()));
    let database = demo.database();
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["token", "create", "user-test"]]
    {
        let named = [arguments, &["--database", database.to_str().unwrap()]].concat();
        let output = Program::run(&named, "");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(5), "{said}");
        assert!(said.contains("read-only") && said.lines().count() == 1, "{said}");
    }
}

#[test]
#[ignore = "needs root, to mount a file system"]
fn on_a_mounted_disk_that_turns_read_only_changes_are_refused_and_reads_go_on() {
    let image = image(16);
    let mount = Mount::of(image.path());
    let mut demo = Demo::start_in(mount.path());
    let callers = Callers::of(&demo);
    callers.assert_done(true);
    // As after an error of the disk. The kernel lets nobody else do it while a file is open for
    // writing.
    run(Command::new("mount").args(["-o", "remount,abort"]).arg(mount.path()));
    callers.assert_refused(false);
    let held = callers.read();
    callers.assert_refused(false);
    demo.program.terminate();
    assert!(demo.program.child.wait().unwrap().success());
    // The kernel wants it mounted anew before it is written again, so the server can't go on by
    // itself.
    drop(mount);
    let mount = Mount::of(image.path());
    let mut again = Demo::start_in(mount.path());
    assert_sound(&again.database());
    let callers = Callers {
        ccc: again.client(),
        vcc: Vcc { address: again.program.address, token: callers.vcc.token.clone() },
        ..callers
    };
    assert_eq!(callers.read(), held);
    callers.assert_done(false);
    again.program.kill();
}
