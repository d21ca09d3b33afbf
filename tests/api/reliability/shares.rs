//! The readers are shared by callers, not by credentials: one who has many of them has one share.

use crate::support::{App, Reply};
use crate::vcc::Vcc;
use numberd::domain::Error;
use numberd::ops::credentials::{self, Issued};
use numberd::store::ReadTx;
use numberd::store::api_tokens::NewToken;
use std::sync::{Mutex, mpsc};
use std::time::Duration;

/// That `busy`, called with a credential that was not used yet, waits while its caller has as many
/// reads under way as one may have, and that `other` doesn't.
fn assert_shared(
    app: &App,
    caller: &str,
    busy: &(dyn Fn() -> Reply + Sync),
    other: &dyn Fn() -> Reply,
) {
    let gate = Mutex::new(());
    let closed = gate.lock().unwrap();
    let (began, begun) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            let (began, gate) = (began.clone(), &gate);
            scope.spawn(move || {
                let act = |_: &ReadTx<'_>| {
                    began.send(()).unwrap();
                    drop(gate.lock());
                    Ok::<_, Error>(())
                };
                app.store().read_whole(caller, act).unwrap();
            });
        }
        (0..3).for_each(|_| begun.recv().unwrap());
        let (answered, answer) = mpsc::channel();
        scope.spawn(move || answered.send(busy().status).unwrap());
        let early = answer.recv_timeout(Duration::from_millis(400));
        let beside = other();
        drop(closed);
        assert!(early.is_err(), "{caller} has more than one share");
        assert_eq!(beside.status, 200, "{}", beside.body);
        assert_eq!(answer.recv().unwrap(), 200);
    });
}

#[test]
fn a_caller_has_one_share_of_the_long_reads_however_many_credentials_they_have() {
    let app = App::spawn();
    let issued = Issued { id: "second".to_owned(), secret: "second".to_owned() };
    app.database
        .write(move |tx| credentials::add_token(tx, "user-test", &issued, &NewToken::default()));
    let client = Vcc::with(&app, "demo-client", "users:read");
    let other = Vcc::with(&app, "demo-client-ccc", "users:read");
    let list = || other.send("GET", "/users", None);
    assert_shared(&app, "demo-client", &|| client.send("GET", "/users", None), &list);
    let root =
        || app.call_as("second", "ListInstances", &[("PageNumber", "1"), ("PageSize", "10")]);
    assert_shared(&app, "user-test", &root, &list);
    let bearer = [("authorization", "Bearer second")];
    let file = || app.get("/api/v1/instances/ccc-test/numbers.csv", &bearer);
    assert_shared(&app, "user-test", &file, &list);
}
