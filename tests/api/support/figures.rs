//! How often faults are tried, and what came of it.
//!
//! Each fault is a test with a usual count; `NUMBERD_FAULTS=long` asks for the long one. What was
//! found is a line of the file that `NUMBERD_FIGURES` names, which `.ci/run` shows at its end.

use std::io::Write;

/// How many times something is tried: usually, and in the long form.
pub fn times(usual: usize, long: usize) -> usize {
    if std::env::var_os("NUMBERD_FAULTS").is_some_and(|form| form == "long") { long } else { usual }
}

/// Notes a figure: what was tried, how many of how many tries went wrong, what else was measured,
/// and what became of the control, in which something had to go wrong.
pub fn figure(what: &str, wrong: usize, of: usize, measured: &str, control: &str) {
    let line = format!("{what}: {wrong}/{of} wrong; {measured}; control: {control}\n");
    eprint!("{line}");
    let Some(path) = std::env::var_os("NUMBERD_FIGURES") else { return };
    let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
    file.and_then(|mut file| file.write_all(line.as_bytes())).unwrap();
}
