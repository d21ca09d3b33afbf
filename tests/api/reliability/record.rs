//! What a server asks of its disk, recorded by `strace`.

use crate::support::{PATIENCE, Program};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// The program under `strace`, which stays in the background: the process that is started is the
/// program itself.
pub(super) fn traced(options: &[&str], output: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("strace");
    command
        .args(["-D", "-f", "-y", "-xx", "-s", "1048576", "-o"])
        .arg(output)
        .args(options)
        .arg(Program::path())
        .args(arguments);
    command
}

/// One thing that was asked of the disk, or told to a client. Files are named without their
/// directory.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Created {
        file: String,
    },
    Written {
        file: String,
        offset: usize,
        bytes: Vec<u8>,
    },
    Truncated {
        file: String,
        length: usize,
    },
    Synced {
        file: String,
    },
    DirectorySynced,
    Removed {
        file: String,
    },
    /// A reply went out, with this request id.
    Answered {
        request_id: String,
    },
}

/// The calls that a record needs.
pub(super) const RECORDED: &[&str] =
    &["-e", "trace=openat,pwrite64,ftruncate,fsync,fdatasync,unlink,write,writev,sendto,sendmsg"];

/// Reads a record, once `strace` has written its end: what became of the files of a directory, and
/// what was answered.
pub(super) fn read(record: &Path, directory: &Path) -> Vec<Event> {
    let until = Instant::now() + PATIENCE;
    let text = loop {
        let text = std::fs::read_to_string(record).unwrap();
        // The first line is the first thread's, which ends last.
        let process = text.split(' ').next().unwrap_or_default();
        let end = text.lines().last().and_then(|line| line.strip_prefix(process));
        if end.is_some_and(|end| end.trim_start() == "+++ exited with 0 +++") {
            break text;
        }
        assert!(Instant::now() < until, "strace has not ended: {:?}", text.lines().last());
        std::thread::sleep(Duration::from_millis(50));
    };
    let mut unfinished = BTreeMap::new();
    text.lines().filter_map(|line| event(&whole(line, &mut unfinished)?, directory)).collect()
}

/// A call on one line: when another thread came in between, `strace` writes its beginning and its
/// end on two.
fn whole(line: &str, unfinished: &mut BTreeMap<String, String>) -> Option<String> {
    let (thread, call) = line.split_once(' ')?;
    let call = call.trim_start();
    if let Some(beginning) = call.strip_suffix(" <unfinished ...>") {
        unfinished.insert(thread.to_owned(), beginning.to_owned());
        return None;
    }
    match call.strip_prefix("<... ") {
        Some(resumed) => Some(unfinished.remove(thread)? + resumed.split_once(" resumed>")?.1),
        None => Some(call.to_owned()),
    }
}

/// What a call that succeeded did; `None` for one that has nothing to do with the files.
fn event(call: &str, directory: &Path) -> Option<Event> {
    let (name, rest) = call.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    let arguments = arguments.trim_end().strip_suffix(')')?;
    if result.starts_with('-') {
        return None;
    }
    // Strings are between quotes, and the path of a descriptor behind its number, between angle
    // brackets.
    let descriptor = || decoded(arguments.split_once('<')?.1.split('>').next()?);
    let mut strings = arguments.split('"').skip(1).step_by(2);
    let last: Option<usize> = arguments.rsplit(", ").next().and_then(|number| number.parse().ok());
    // The log's index is not among the files: it is shared memory, and made anew from the log.
    let file = |path: Option<Vec<u8>>| {
        let path = String::from_utf8(path?).ok()?;
        let name = path.strip_prefix(directory.to_str()?)?.strip_prefix('/')?;
        matches!(name, "demo.db" | "demo.db-wal").then(|| name.to_owned())
    };
    match name {
        "openat" if arguments.contains("O_CREAT") => {
            Some(Event::Created { file: file(decoded(strings.next()?))? })
        }
        "unlink" => Some(Event::Removed { file: file(decoded(strings.next()?))? }),
        "ftruncate" => Some(Event::Truncated { file: file(descriptor())?, length: last? }),
        "fsync" | "fdatasync" if descriptor()? == directory.to_str()?.as_bytes() => {
            Some(Event::DirectorySynced)
        }
        "fsync" | "fdatasync" => Some(Event::Synced { file: file(descriptor())? }),
        "pwrite64" => {
            let (file, bytes) = (file(descriptor())?, decoded(strings.next()?)?);
            assert_eq!(result.parse(), Ok(bytes.len()), "a write that was done in part");
            Some(Event::Written { file, offset: last?, bytes })
        }
        "write" | "writev" | "sendto" | "sendmsg" => {
            let sent: Vec<u8> = strings.filter_map(decoded).flatten().collect();
            let head = String::from_utf8_lossy(&sent);
            let request_id = head
                .strip_prefix("HTTP/1.1 200 ")?
                .split_once("x-acs-request-id: ")?
                .1
                .split("\r\n")
                .next()?;
            Some(Event::Answered { request_id: request_id.to_owned() })
        }
        _ => None,
    }
}

/// The bytes of a string that is written as `\x2f\x74` and so on.
fn decoded(text: &str) -> Option<Vec<u8>> {
    text.as_bytes()
        .chunks(4)
        .map(|byte| Some(digit(*byte.get(2)?)? << 4 | digit(*byte.get(3)?)?))
        .collect()
}

fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    }
}
