//! Section 3, fair use: a limit for each client, off unless it is set.

use super::{V4, Vcc, ask_token, send, token};
use crate::support::{Program, Reply};

/// A server that lets each client make five requests a minute, that for its token included.
fn limited() -> Program {
    Program::start(&["demo", "--vcc-rate-limit", "5"])
}

fn assert_limited(reply: &Reply, body: &str) {
    assert_eq!((reply.status, reply.body.as_str()), (429, body));
    let seconds: u64 = reply.header("retry-after").expect("a Retry-After").parse().unwrap();
    assert!((1..=12).contains(&seconds), "a twelfth of a minute at most: {seconds}");
}

#[test]
fn a_client_that_makes_more_requests_than_it_may_waits_and_others_go_on() {
    let program = limited();
    let address = program.address;
    let client = |name| Vcc { address, token: token(address, name, "users:read users:write") };
    let vcc = client("demo-client");
    for request in 2..=5 {
        // Neither is a request of the client's.
        assert_eq!(
            send(
                address,
                "GET",
                "/useradmin/skills",
                &[("accept", V4), ("authorization", "Bearer wrong")],
                None
            )
            .status,
            401
        );
        assert_eq!(vcc.get("/nowhere").status, 404);
        assert_eq!(vcc.get("/skills").status, 200, "request {request}");
    }
    let message = "The client has made more requests than it may in a minute; try again later.";
    let body = format!(r#"{{"statusCode":429,"error":"Too Many Requests","message":"{message}"}}"#);
    assert_limited(&vcc.get("/skills"), &body);
    assert_limited(&vcc.replace(super::ANNA, &[]), &body);
    let right = ask_token(
        address,
        "grant_type=client_credentials&scope=users:read&client_id=demo-client&client_secret=demo-client-secret",
    );
    assert_limited(
        &right,
        &format!(r#"{{"error":"Too Many Requests","error_description":"{message}"}}"#),
    );
    assert_eq!(client("demo-client-ccc").get("/skills").status, 200);
}

#[test]
fn without_the_option_there_is_no_limit_and_none_of_it_is_a_usage_error() {
    let program = Program::start(&["demo"]);
    let vcc = Vcc {
        address: program.address,
        token: token(program.address, "demo-client", "users:read"),
    };
    for _ in 0..200 {
        assert_eq!(vcc.get("/skills").status, 200);
    }
    assert_eq!(Program::run(&["serve", "--vcc-rate-limit", "0"], "").status.code(), Some(2));
}
