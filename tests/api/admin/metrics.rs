//! What Prometheus gets.

use super::{CCC, Caller};
use crate::support::App;

#[test]
fn requests_are_counted_by_face_operation_and_outcome_and_numbers_by_state() {
    let app = App::spawn();
    let root = Caller::root(&app);
    root.get(&format!("{CCC}/numbers"));
    root.get(&format!("{CCC}/numbers?nonsense=1"));
    app.send("GET", "/api/v1/instances", &[("authorization", "Bearer demo-token-2")], None);
    app.call(
        "ListPhoneNumbers",
        &[("InstanceId", "ccc-test"), ("PageNumber", "1"), ("PageSize", "10")],
    );
    app.call(
        "ListPhoneNumbers",
        &[("InstanceId", "secret-name"), ("PageNumber", "1"), ("PageSize", "10"), ("Odd", "1")],
    );
    let reply = app.get("/metrics", &[("authorization", "Bearer demo-token")]);
    assert_eq!(
        reply.header("content-type"),
        Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    for line in [
        "numberd_requests_total{face=\"admin\",operation=\"phone_numbers.list\",outcome=\"ok\"} 1",
        "numberd_requests_total{face=\"admin\",operation=\"phone_numbers.list\",outcome=\"refused\"} 1",
        "numberd_requests_total{face=\"admin\",operation=\"unknown\",outcome=\"refused\"} 1",
        "numberd_requests_total{face=\"ccc\",operation=\"ListPhoneNumbers\",outcome=\"ok\"} 1",
        "numberd_request_duration_seconds_count{face=\"admin\",operation=\"phone_numbers.list\"} 2",
        "numberd_writes_waiting 0",
        "numberd_readers{state=\"busy\"}",
        "numberd_wal_bytes",
    ] {
        assert!(reply.body.contains(line), "{line} is missing in\n{}", reply.body);
    }
    let free = app.database.query(
        "SELECT count(*) FROM phone_number WHERE instance_id = 'ccc-test' AND state = 'free'",
    );
    assert!(
        reply
            .body
            .contains(&format!("numberd_numbers{{instance=\"ccc-test\",state=\"free\"}} {free}\n")),
        "{}",
        reply.body
    );
    for secret in ["demo-token", "demo-access", "secret-name", "nonsense"] {
        assert!(!reply.body.contains(secret), "{secret}");
    }
}

#[test]
fn the_counters_need_the_token_of_the_root_wherever_the_request_comes_from() {
    let app = App::spawn();
    let manager = Caller::of(&app, "lina");
    let bearer = format!("Bearer {}", manager.token);
    for headers in [
        &[][..],
        &[("x-real-ip", "1.2.3.4")],
        &[("x-forwarded-for", "192.0.2.1")],
        &[("host", "evil.example")],
        &[("authorization", bearer.as_str())],
        &[("authorization", "Bearer wrong")],
        &[("authorization", "Basic demo-token")],
    ] {
        let reply = app.get("/metrics", headers);
        assert_eq!(reply.status, 401, "{headers:?}");
        assert!(reply.header("www-authenticate").is_some(), "{headers:?}");
        assert!(!reply.body.contains("ccc-test"), "{}", reply.body);
    }
    assert_eq!(app.get("/metrics", &[("authorization", "Bearer demo-token")]).status, 200);
}
