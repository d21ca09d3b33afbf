//! The readers are shared by callers, not by credentials: one who has many of them has one share.

use crate::support::{App, Reply};
use crate::vcc::Vcc;
use numberd::domain::Error;
use numberd::ops::credentials::{self, Issued};
use numberd::store::ReadTx;
use numberd::store::api_tokens::NewToken;
use std::io::Write;
use std::net::TcpStream;
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

#[test]
fn a_login_has_two_places_for_its_files_and_keeps_no_other_waiting() {
    let app = App::spawn();
    let issued = Issued { id: "lina".to_owned(), secret: "lina".to_owned() };
    app.database.write(move |tx| credentials::add_token(tx, "lina", &issued, &NewToken::default()));
    app.database.query("UPDATE user SET role = 'Admin' WHERE user_id = 'lina@ccc-test'");
    let address = "/api/v1/instances/ccc-test/imports";
    let send = |token: &str| {
        let bearer = [("authorization", token)];
        app.send_labelled("POST", address, &bearer, "text/csv", Some(b"number\n07771234\n"))
            .0
            .status
    };
    let head = format!(
        "POST {address} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer demo-token\r\nContent-Type: text/csv\r\nContent-Length: 10000\r\n\r\nnumber\n"
    );
    let unfinished: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut stream = TcpStream::connect(app.address).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    std::thread::sleep(Duration::from_millis(300));
    std::thread::scope(|scope| {
        let (answered, answer) = mpsc::channel();
        scope.spawn(move || answered.send(send("Bearer demo-token")).unwrap());
        let other = send("Bearer lina");
        let early = answer.recv_timeout(Duration::from_millis(400));
        drop(unfinished);
        assert_eq!(other, 201);
        assert!(early.is_err(), "a login has more than two places");
        assert_eq!(answer.recv().unwrap(), 201);
    });
}
