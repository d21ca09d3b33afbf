//! Logging in, staying in, and getting out.

use super::{App, PASSWORD, Visitor, app, encoded, hidden};
use numberd::domain::{Clock, ManualClock, Paging, Timestamp};

#[test]
fn a_stranger_is_led_to_the_login_page_and_back_to_what_they_asked_for() {
    let app = app();
    let visitor = Visitor::stranger(&app);
    let reply = visitor.get("/console/ccc-test/numbers?state=free");
    assert_eq!(reply.status, 303);
    let next = encoded("/console/ccc-test/numbers?state=free");
    let login = format!("/console/login?next={next}");
    assert_eq!(reply.header("location"), Some(login.as_str()));

    let form = [
        ("login", "user-test"),
        ("password", PASSWORD),
        ("next", "/console/ccc-test/numbers?state=free"),
    ];
    let reply = visitor.post("/console/login", &form);
    assert_eq!(reply.status, 303);
    let reply = visitor.get(reply.header("location").unwrap());
    assert_eq!(reply.header("location"), Some("/console/ccc-test/numbers?state=free"));
    assert_eq!(visitor.get("/console/ccc-test/numbers?state=free").status, 200);
}

#[test]
fn a_wrong_password_and_an_unknown_login_are_refused_alike() {
    let app = app();
    let visitor = Visitor::stranger(&app);
    let texts =
        [("user-test", "wrong-password"), ("nobody-here", PASSWORD)].map(|(login, password)| {
            let reply = visitor.post("/console/login", &[("login", login), ("password", password)]);
            assert_eq!(reply.status, 403);
            assert_eq!(reply.header("set-cookie"), None);
            reply.body.replace(login, "")
        });
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn a_login_without_a_password_can_not_be_entered() {
    let app = App::spawn();
    let visitor = Visitor::stranger(&app);
    for password in ["", PASSWORD] {
        let form = [("login", "user-test"), ("password", password)];
        assert_eq!(visitor.post("/console/login", &form).status, 403);
    }
}

#[test]
fn no_session_lasts_longer_because_the_clock_was_set_back() {
    const HOUR: i64 = 3_600_000;
    static CLOCK: ManualClock = ManualClock::starting_at(Timestamp::from_millis(1_790_000_000_000));
    let app = App::with(Paging::Strict, Clock::Manual(&CLOCK));
    super::give_passwords(&app);
    let visitor = Visitor::of(&app, "user-test");
    CLOCK.advance(11 * HOUR);
    CLOCK.set_by(-10 * HOUR);
    assert_eq!(visitor.get("/console/ccc-test/").status, 200, "eleven hours idle");
    CLOCK.advance(12 * HOUR);
    CLOCK.set_by(-10 * HOUR);
    assert_eq!(visitor.get("/console/ccc-test/").status, 303, "twelve hours idle");

    let cookie = Visitor::of(&app, "user-test").cookie();
    CLOCK.set_by(-HOUR);
    let app = app.restarted(Clock::Fixed(Clock::Manual(&CLOCK).now()));
    let visitor = Visitor::with_cookie(&app, &cookie);
    assert_eq!(visitor.get("/console/ccc-test/").status, 303, "used in what is now the future");
}

#[test]
fn guessing_is_slowed_down_and_the_page_says_so() {
    let now = Timestamp::from_millis(1_790_000_000_000);
    let app = App::with(Paging::Strict, Clock::Fixed(now));
    super::give_passwords(&app);
    let visitor = Visitor::stranger(&app);
    let form = [("login", "lina"), ("password", "wrong-password")];
    let statuses: Vec<u16> =
        (0..60).map(|_| visitor.post("/console/login", &form).status).collect();
    assert_eq!(statuses[0], 403);
    let last = visitor.post("/console/login", &form);
    assert!(statuses.contains(&429) && last.header("retry-after").is_some(), "{statuses:?}");

    // Nor is the box for the current password a way around it.
    let visitor = Visitor::of(&app, "user-test");
    let form = [("present", "wrong"), ("new", "another-password"), ("again", "another-password")];
    let guess = || visitor.post("/console/ccc-test/password", &form);
    assert_eq!(guess().status, 422);
    let answers: Vec<_> = (0..60).map(|_| guess()).collect();
    let last = &answers[59];
    assert!(last.status == 429 && last.header("retry-after").is_some(), "{last:?}");
    assert!(last.body.contains("Too many failed attempts"), "{}", last.body);
}

#[test]
fn the_cookie_is_bound_to_the_host_and_hidden_from_scripts_and_new_at_each_login() {
    let app = app();
    let cookies = [(); 2].map(|()| {
        let visitor = Visitor::with_cookie(&app, "__Host-numberd-session=chosen-by-somebody-else");
        let form = [("login", "user-test"), ("password", PASSWORD)];
        let reply = visitor.post("/console/login", &form);
        let cookie = reply.header("set-cookie").unwrap().to_owned();
        for part in ["__Host-", "HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
            assert!(cookie.contains(part), "{part}: {cookie}");
        }
        visitor.cookie()
    });
    assert_ne!(cookies[0], cookies[1]);
    // Of the token only a hash is in the file.
    let token = cookies[0].split('=').nth(1).unwrap();
    let kept = std::fs::read(app.database.path()).unwrap();
    assert!(!kept.windows(token.len()).any(|window| window == token.as_bytes()));
}

#[test]
fn a_session_ends_with_the_logout_for_whoever_kept_its_cookie_too() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let copy = Visitor::with_cookie(&app, &visitor.cookie());
    assert_eq!(copy.get("/console/ccc-test/").status, 200);
    assert_eq!(visitor.post("/console/logout", &[]).status, 303);
    assert_eq!(copy.get("/console/ccc-test/").status, 303);
}

#[test]
fn a_new_password_ends_all_sessions_but_the_one_that_set_it() {
    let app = app();
    let (visitor, other) = (Visitor::of(&app, "user-test"), Visitor::of(&app, "user-test"));
    let form = [("present", PASSWORD), ("new", "another-password"), ("again", "another-password")];
    let reply = visitor.post("/console/ccc-test/password", &form);
    assert_eq!(reply.status, 303, "{}", reply.body);
    assert_eq!(visitor.get("/console/ccc-test/").status, 200);
    assert_eq!(other.get("/console/ccc-test/").status, 303);
    let form = [("login", "user-test"), ("password", "another-password")];
    assert_eq!(Visitor::stranger(&app).post("/console/login", &form).status, 303);
}

#[test]
fn a_password_that_is_wrong_or_short_or_differs_is_refused_with_the_reason() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    for (present, new, again, reason) in [
        ("wrong", "another-password", "another-password", "current password is wrong"),
        (PASSWORD, "another-password", "other-password", "differ"),
        (PASSWORD, "short", "short", "8 to 64 characters"),
    ] {
        let form = [("present", present), ("new", new), ("again", again)];
        let reply = visitor.post("/console/ccc-test/password", &form);
        assert!(reply.status == 422 && reply.body.contains(reason), "{}", reply.body);
    }
    assert_eq!(visitor.get("/console/ccc-test/").status, 200);
}

#[test]
fn what_was_typed_when_the_session_ended_is_kept_and_sent_again_only_on_request() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    visitor.post("/console/logout", &[]);
    let form = [("name", "Renamed"), ("description", "a & b"), ("reason", "typo")];
    let reply = visitor.post("/console/ccc-test/settings", &form);
    assert_eq!(reply.status, 401);
    let (next, pending) = (hidden(&reply.body, "next"), hidden(&reply.body, "pending"));
    let login =
        [("login", "user-test"), ("password", PASSWORD), ("next", &next), ("pending", &pending)];
    let reply = visitor.post("/console/login", &login);
    assert_eq!(reply.status, 200);
    assert!(reply.body.contains("action=\"/console/ccc-test/settings\""), "{}", reply.body);
    assert_eq!(hidden(&reply.body, "name"), "Renamed");
    assert_eq!(hidden(&reply.body, "description"), "a & b");
    assert!(!visitor.get("/console/ccc-test/settings").body.contains("Renamed"));
}

#[test]
fn a_login_never_leads_to_another_site() {
    let app = app();
    for next in [
        "https://evil.example/",
        "//evil.example/",
        "/api/v1/instances",
        "",
        "/console/../api",
        "/console/x/%2e%2e/..//evil.example",
        "/console/\\evil.example",
        "/console/\r\nset-cookie: a=b",
        "/console/%ff",
    ] {
        let visitor = Visitor::stranger(&app);
        let form = [("login", "user-test"), ("password", PASSWORD), ("next", next)];
        let reply = visitor.post("/console/login", &form);
        let reply = visitor.get(reply.header("location").unwrap());
        assert_eq!(reply.header("location"), Some("/console/"), "{next}");
    }
}

#[test]
fn whoever_is_locked_is_out_at_their_next_request_and_back_when_the_lock_is_gone() {
    let app = app();
    let (locked, other) = (Visitor::of(&app, "zhaolei"), Visitor::of(&app, "lina"));
    let own = "/console/ccc-test/users/zhaolei%40ccc-test";
    assert_eq!(locked.get(own).status, 200);
    let lock = |is| {
        let sql = format!("UPDATE user SET locked = {is} WHERE user_id = 'zhaolei@ccc-test'");
        app.database.query(&sql);
    };
    lock(1);
    let refused = locked.get(own);
    assert_eq!(refused.status, 404, "{}", refused.body);
    assert!(!refused.body.contains("zhaolei@ccc-test"), "{}", refused.body);
    assert_eq!(locked.post("/console/ccc-test/preferences", &[("language", "en")]).status, 404);
    assert_eq!(other.get("/console/ccc-test/").status, 200, "others go on");
    lock(0);
    assert_eq!(Visitor::of(&app, "zhaolei").get(own).status, 200);
}
