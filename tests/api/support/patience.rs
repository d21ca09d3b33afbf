//! Waiting until something holds, on a machine that may be busy with much else.

use std::time::{Duration, Instant};

/// How long anything is waited for that usually takes a moment.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// How long to wait for a run of thousands. A machine that has time does a thousand in a few
/// seconds.
pub const LONG_PATIENCE: Duration = Duration::from_secs(600);

/// When a change that can't be written is answered at the latest. Two seconds by the program's own
/// measure are promised; the rest is for a busy machine. One that waited for others in turn, or for
/// whoever has the lock, would take longer by far.
pub const IN_TIME: Duration = Duration::from_secs(6);

/// Waits until something is so.
#[track_caller]
pub fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}: not after {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
