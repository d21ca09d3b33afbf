//! Section 3, fair use: whoever guesses secrets or tokens is told to wait; right ones are served.

use super::{V4, Vcc, ask_token, send, token};
use crate::support::{App, Reply};
use numberd::domain::{Clock, ManualClock, Paging};
use numberd::http::AttemptLimit;

fn guess_token(app: &App) -> Reply {
    send(
        app.address,
        "GET",
        "/useradmin/users",
        &[("accept", V4), ("authorization", "Bearer wrong")],
        None,
    )
}

fn guess_secret(app: &App, client: &str) -> Reply {
    ask_token(
        app.address,
        &format!(
            "grant_type=client_credentials&scope=users:read&client_id={client}&client_secret=wrong"
        ),
    )
}

/// A server whose clock stands still until the test moves it.
pub(super) fn app_with_a_clock() -> (App, &'static ManualClock) {
    let now: &'static ManualClock =
        Box::leak(Box::new(ManualClock::starting_at(Clock::System.now())));
    (App::with(Paging::Strict, Clock::Manual(now)), now)
}

/// Guesses until it is told to wait; gives how often it could, and that answer.
fn exhaust(mut guess: impl FnMut() -> Reply) -> (u32, Reply) {
    for guesses in 0..10_000 {
        let reply = guess();
        if reply.status == 429 {
            return (guesses, reply);
        }
    }
    panic!("no limit was met");
}

fn assert_wait(reply: &Reply) {
    let seconds: u64 = reply.header("retry-after").expect("a Retry-After").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
}

#[test]
fn wrong_tokens_of_one_address_are_told_to_wait_beyond_the_limit_and_right_credentials_are_served()
{
    let (app, now) = app_with_a_clock();
    let vcc = Vcc::of(&app);
    let (guesses, reply) = exhaust(|| guess_token(&app));
    assert_eq!(guesses, AttemptLimit::ADDRESS.burst.get());
    assert_eq!(
        reply.body,
        r#"{"statusCode":429,"error":"Too Many Requests","message":"Too many attempts with wrong credentials; try again later."}"#
    );
    assert_wait(&reply);
    // The limit is one for every way in.
    let (_, reply) = exhaust(|| guess_token(&app));
    assert_wait(&reply);
    assert_eq!(guess_secret(&app, "demo-client").status, 429);
    // A neighbour behind the same address is served meanwhile.
    assert_eq!(vcc.get("/users").status, 200);
    token(app.address, "demo-client", "users:read");
    now.advance(1_000);
    assert_eq!(guess_token(&app).status, 401, "it recovers by itself");
}

#[test]
fn wrong_secrets_of_one_client_are_forgiven_up_to_the_limit_and_other_clients_go_on() {
    let (app, _) = app_with_a_clock();
    let vcc = Vcc::of(&app);
    let (guesses, reply) = exhaust(|| guess_secret(&app, "demo-client"));
    assert_eq!(guesses, AttemptLimit::NAME.burst.get());
    assert_eq!(
        reply.body,
        r#"{"error":"Too Many Requests","error_description":"Too many attempts with wrong credentials; try again later."}"#
    );
    assert_wait(&reply);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let right = ask_token(
        app.address,
        "grant_type=client_credentials&scope=users:read&client_id=demo-client&client_secret=demo-client-secret",
    );
    assert_eq!(right.status, 200, "nobody can shut a client out");
    token(app.address, "demo-client-ccc", "users:read");
    assert_eq!(vcc.get("/users").status, 200, "its tokens go on working");
}

#[test]
fn a_client_id_that_is_too_long_is_a_guess_of_its_address_and_no_account() {
    for (length, limit) in [(128, AttemptLimit::NAME), (129, AttemptLimit::ADDRESS)] {
        let (app, _) = app_with_a_clock();
        let (guesses, _) = exhaust(|| guess_secret(&app, &"x".repeat(length)));
        assert_eq!(guesses, limit.burst.get(), "{length} characters");
    }
}

#[test]
fn only_failures_count() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    for _ in 0..AttemptLimit::ADDRESS.burst.get() * 2 {
        assert_eq!(vcc.get("/skills").status, 200);
        // No token is no guess.
        assert_eq!(
            send(app.address, "GET", "/useradmin/skills", &[("accept", V4)], None).status,
            401
        );
    }
    for _ in 0..AttemptLimit::NAME.burst.get() + 10 {
        token(app.address, "demo-client", "users:read");
    }
}
