//! A signed write is done once, however it is sent again.

use super::signer::pairs;
use super::wire::{NOON, Request, v1_common, v1_get};
use super::{code, requests};
use crate::support::{App, figure, times};
use numberd::domain::{Clock, ManualClock, Paging, Timestamp};

/// A write, signed at a moment; whether it is done again would be seen.
fn write(nonce: &str, millis: i64) -> Request {
    let moment = Timestamp::from_millis(millis).to_string();
    let action = pairs(&[("Action", "AddPersonalNumbersToUser")]);
    let golden = pairs(requests::golden("AddPersonalNumbersToUser"));
    v1_get(&[v1_common(nonce, &moment), action, golden].concat())
}

/// Sends a request on eight connections at once: how many are answered.
fn at_once(app: &App, request: &Request) -> usize {
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..8).map(|_| scope.spawn(|| code(&request.send(app)))).collect();
        let codes = callers.into_iter().map(|caller| caller.join().unwrap());
        codes.filter(|code| code == "OK").count()
    })
}

#[test]
fn a_write_is_not_done_again_at_once_later_after_a_restart_or_when_the_clock_jumps() {
    static CLOCK: ManualClock = ManualClock::starting_at(Timestamp::from_millis(NOON));
    let mut app = App::with(Paging::Strict, Clock::Manual(&CLOCK));
    let writes: Vec<Request> =
        (0..times(20, 200)).map(|number| write(&format!("n-{number}"), NOON)).collect();
    let done: usize = writes.iter().map(|request| at_once(&app, request)).sum();
    assert_eq!(done, writes.len(), "each exactly once");
    let again = |app: &App| {
        let codes = writes.iter().map(|request| code(&request.send(app)));
        codes.filter(|code| code != "SignatureNonceUsed").collect::<Vec<String>>()
    };
    assert_eq!(again(&app), [""; 0], "later");
    app = app.restarted(Clock::Manual(&CLOCK));
    assert_eq!(again(&app), [""; 0], "after a restart");
    CLOCK.set_by(40 * 60_000);
    assert_eq!(code(&write("ahead", NOON + 40 * 60_000).send(&app)), "OK");
    CLOCK.set_by(-40 * 60_000);
    assert_eq!(again(&app), [""; 0], "after the clock jumped ahead and back");
    let anew = writes.len();
    for number in 0..anew {
        assert_eq!(code(&write(&format!("anew-{number}"), NOON).send(&app)), "OK");
    }
    figure(
        "replays of signed writes",
        0,
        (7 + 3) * writes.len(),
        "at once, later, after a restart, after the clock jumped ahead and back",
        &format!("{anew} of {anew} with a new nonce were answered"),
    );
}
