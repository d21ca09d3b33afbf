//! The readers are shared by callers, not by credentials: one who has many of them has one share.

use crate::console::{Visitor, give_passwords};
use crate::support::{App, Reply, eventually};
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
/// long reads under way as one may have, and that `other`, the same caller's, doesn't.
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
fn a_caller_has_one_share_of_the_long_reads_of_every_face_however_many_credentials_they_have() {
    let app = App::spawn();
    let issued = Issued { id: "second".to_owned(), secret: "second".to_owned() };
    app.database
        .write(move |tx| credentials::add_token(tx, "user-test", &issued, &NewToken::default()));
    // So many that it takes long to sort them, or to go through them to a late page.
    app.database.query(
        "INSERT INTO phone_number (instance_id, number)
         WITH RECURSIVE n (value) AS
                (VALUES (1) UNION ALL SELECT value + 1 FROM n WHERE value < 10000)
         SELECT instance_id, format('09%06d', value)
           FROM n CROSS JOIN instance WHERE instance_id IN ('ccc-test', 'vcc-test')",
    );
    give_passwords(&app);
    let client = Vcc::with(&app, "demo-client", "users:read");
    let late = || client.send("GET", "/callbackNumbers?limit=2500&page=4", None);
    let early = || client.send("GET", "/callbackNumbers?limit=25&page=1", None);
    assert_shared(&app, "demo-client", &late, &early);

    let pattern = [
        ("InstanceId", "ccc-test"),
        ("UserId", "lina@ccc-test"),
        ("IsMember", "false"),
        ("SearchPattern", "1"),
        ("PageNumber", "90"),
        ("PageSize", "100"),
    ];
    let searched = || app.call_as("second", "ListPersonalNumbersOfUser", &pattern);
    let roles = || app.call_as("second", "ListRoles", &[("InstanceId", "ccc-test")]);
    assert_shared(&app, "user-test", &searched, &roles);

    let numbers = "/api/v1/instances/ccc-test/numbers";
    let rest = |path: String| app.get(&path, &[("authorization", "Bearer second")]);
    let one = || rest(format!("{numbers}/02855500018"));
    assert_shared(&app, "user-test", &|| rest(format!("{numbers}?sort=tags")), &one);
    assert_shared(&app, "user-test", &|| rest(format!("{numbers}.csv")), &one);

    let cookie = Visitor::of(&app, "user-test").cookie();
    let console = |path: &str| Visitor::with_cookie(&app, &cookie).get(path);
    let sorted = || console("/console/ccc-test/numbers?sort=tags");
    let group = || console("/console/ccc-test/groups");
    assert_shared(&app, "user-test", &sorted, &group);
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
    std::thread::scope(|scope| {
        let (answered, answer) = mpsc::channel();
        // Until the first two have come in there is room.
        eventually("a login has two places", || {
            let answered = answered.clone();
            scope.spawn(move || answered.send(send("Bearer demo-token")).unwrap());
            answer.recv_timeout(Duration::from_millis(400)).is_err()
        });
        let other = send("Bearer lina");
        let early = answer.recv_timeout(Duration::from_millis(400));
        drop(unfinished);
        assert_eq!(other, 201);
        assert!(early.is_err(), "a login has more than two places");
        assert_eq!(answer.recv().unwrap(), 201);
    });
}
