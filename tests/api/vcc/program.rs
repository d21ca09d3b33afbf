//! The program itself: tokens across restarts, clients on the command line, and OAuth2 clients that
//! know nothing of it.

use super::{V4, Vcc, send};
use crate::support::{App, Program, SeededDatabase};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs a command on the test's database; gives its exit code and what it printed.
fn run(database: &SeededDatabase, arguments: &[&str]) -> (i32, String) {
    let path = database.path().to_str().unwrap();
    let output = Program::run(&[arguments, &["--database", path]].concat(), "");
    (
        output.status.code().unwrap(),
        format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        ),
    )
}

fn json(database: &SeededDatabase, arguments: &[&str]) -> Value {
    let (code, printed) = run(database, &[arguments, &["--json"]].concat());
    assert_eq!(code, 0, "{printed}");
    serde_json::from_str(&printed).unwrap()
}

/// Asks for a token; its status, and the token if there is one.
fn ask(app: &App, id: &str, secret: &str, scope: &str) -> (u16, String) {
    let reply = super::ask_token(
        app.address,
        &format!(
            "grant_type=client_credentials&scope={scope}&client_id={id}&client_secret={secret}"
        ),
    );
    (reply.status, reply.json()["access_token"].as_str().unwrap_or_default().to_owned())
}

fn status(app: &App, token: &str) -> u16 {
    send(
        app.address,
        "GET",
        "/useradmin/users",
        &[("accept", V4), ("authorization", &format!("Bearer {token}"))],
        None,
    )
    .status
}

#[test]
fn a_token_and_an_acknowledged_change_survive_kill_9() {
    let database = SeededDatabase::new();
    let path = database.path().to_str().unwrap().to_owned();
    let mut program = Program::start(&["serve", "--database", &path]);
    let token = super::token(program.address, "demo-client", "users:read users:write");
    let client = Vcc { address: program.address, token: token.clone() };
    assert_eq!(client.replace(super::ANNA, &[super::LONDON_SPARE]).status, 200);
    program.kill();
    let program = Program::start(&["serve", "--database", &path]);
    assert_eq!(Vcc { address: program.address, token }.numbers(super::ANNA), [super::LONDON_SPARE]);
}

#[test]
fn create_prints_the_secret_once_and_the_client_belongs_to_one_instance() {
    let app = App::spawn();
    let created = json(
        &app.database,
        &["oauth-client", "create", "vcc-test", "--name", "dialler", "--scopes", "users:read"],
    );
    let (id, secret) = (created["id"].as_str().unwrap(), created["secret"].as_str().unwrap());
    let listed = json(&app.database, &["oauth-client", "list"]);
    let row = listed.as_array().unwrap().iter().find(|row| row["client_id"] == id).unwrap();
    assert_eq!(
        (&row["instance_id"], &row["name"], &row["scopes"]),
        (&"vcc-test".into(), &"dialler".into(), &"users:read".into())
    );
    assert!(!listed.to_string().contains(secret));
    let (code, token) = ask(&app, id, secret, "users:read");
    assert_eq!((code, status(&app, &token)), (200, 200));
    assert_eq!(ask(&app, id, secret, "users:write").0, 400, "a scope that it was not given");
    let (code, text) = run(&app.database, &["oauth-client", "create", "ccc-test"]);
    assert!(code == 0 && text.contains("Client id") && text.contains("not shown again"), "{text}");
    assert_eq!(run(&app.database, &["oauth-client", "create", "nowhere"]).0, 3);
    assert_eq!(
        run(&app.database, &["oauth-client", "create", "vcc-test", "--scopes", "users:all"]).0,
        2
    );
}

#[test]
fn revoke_and_rotate_end_the_tokens_at_once_and_are_in_the_change_log() {
    let app = App::spawn();
    let (_, first) = ask(&app, "demo-client", "demo-client-secret", "users:read");
    let (_, other) = ask(&app, "demo-client-ccc", "demo-client-ccc-secret", "users:read");
    let rotated = json(&app.database, &["oauth-client", "rotate", "demo-client"]);
    assert_eq!(status(&app, &first), 401);
    assert_eq!(
        ask(&app, "demo-client", "demo-client-secret", "users:read").0,
        400,
        "the old secret"
    );
    let (code, second) =
        ask(&app, "demo-client", rotated["secret"].as_str().unwrap(), "users:read");
    assert_eq!((code, status(&app, &second)), (200, 200));
    let rotated = json(&app.database, &["oauth-client", "rotate", "demo-client"]);
    assert_eq!(status(&app, &second), 401);
    let (code, third) = ask(&app, "demo-client", rotated["secret"].as_str().unwrap(), "users:read");
    assert_eq!((code, status(&app, &third)), (200, 200));
    assert_eq!(run(&app.database, &["oauth-client", "revoke", "demo-client"]).0, 0);
    assert_eq!(status(&app, &third), 401);
    assert_eq!(ask(&app, "demo-client", rotated["secret"].as_str().unwrap(), "users:read").0, 400);
    assert_eq!(status(&app, &other), 200, "the other client goes on");
    let changes =
        app.database.query("SELECT action FROM change WHERE entity = 'oauth_client' AND json_extract(new, '$.client_id') = 'demo-client' ORDER BY change_id");
    assert_eq!(changes.lines().collect::<Vec<_>>(), ["insert", "update", "update", "update"]);
    assert_eq!(
        run(&app.database, &["oauth-client", "revoke", "demo-client"]).0,
        0,
        "again changes nothing"
    );
    assert_eq!(
        run(&app.database, &["oauth-client", "rotate", "demo-client"]).0,
        3,
        "a revoked client gets no new secret"
    );
    assert_eq!(run(&app.database, &["oauth-client", "revoke", "nobody"]).0, 3);
}

#[test]
fn a_token_of_a_client_that_is_revoked_by_hand_ends_at_once() {
    let app = App::spawn();
    let (_, token) = ask(&app, "demo-client", "demo-client-secret", "users:read");
    app.database.query(
        "UPDATE oauth_client SET revoked_at = 1 WHERE client_id = 'demo-client' RETURNING 1",
    );
    assert_eq!(status(&app, &token), 401);
}

#[test]
fn the_demo_prints_both_clients_and_they_work() {
    let program = Program::start(&["demo"]);
    for (client, user) in
        [("demo-client", super::ANNA), ("demo-client-ccc", "e0000000-0000-4000-a000-000000001001")]
    {
        let vcc = Vcc {
            address: program.address,
            token: super::token(program.address, client, "users:read users:write"),
        };
        assert_eq!(vcc.read(&format!("/users/{user}"))["userId"], user);
    }
    let page = send(program.address, "GET", "/", &[], None);
    assert!(page.body.contains("/useradmin/") && page.body.contains("/Auth/connect/token"));
}

/// A place that a variable names, or the usual one.
fn place(variable: &str, usual: &str) -> PathBuf {
    std::env::var_os(variable)
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(usual), PathBuf::from)
}

/// The command that runs a Go file with the Go libraries that Debian packages.
fn go_run() -> Command {
    let mut command = Command::new("go");
    command.arg("run").env("GO111MODULE", "off").env("GOPATH", "/usr/share/gocode");
    command
}

/// Runs a driver of an OAuth2 client against a fresh demo; it prints what differs from what it
/// expects. A Python with `tests/sdk/requirements.txt` and the packages of `tests/sdk/package.json`
/// are where the vendor's SDKs are.
fn drive(driver: &str) {
    let program = Program::start(&["demo"]);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk").join(driver);
    let mut command = match file.extension().and_then(|extension| extension.to_str()) {
        Some("py") => Command::new(place("NUMBERD_SDK_PYTHON", "target/sdk/venv/bin/python")),
        Some("go") => go_run(),
        _ => Command::new("node"),
    };
    command.arg(file).arg(program.address.to_string());
    command.env("NODE_PATH", place("NUMBERD_SDK_NODE_MODULES", "target/sdk/node_modules"));
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("no_proxy", "*").env("NO_PROXY", "*");
    let output = command.output().unwrap();
    let printed = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success() && printed.contains("checks: "), "{driver}:\n{printed}");
}

#[test]
#[ignore = "needs OAuth2 clients"]
fn requests_oauthlib_with_credentials_in_the_form_calls_every_endpoint() {
    drive("vcc_requests_oauthlib.py");
}

#[test]
#[ignore = "needs OAuth2 clients"]
fn authlib_with_http_basic_calls_every_endpoint() {
    drive("vcc_authlib.py");
}

#[test]
#[ignore = "needs OAuth2 clients"]
fn oauth4webapi_with_both_calls_every_endpoint() {
    drive("vcc_oauth4webapi.mjs");
}

#[test]
#[ignore = "needs OAuth2 clients"]
fn oauthlib_httpx_auth_openid_client_and_simple_oauth2_call_every_endpoint() {
    drive("vcc_oauthlib.py");
    drive("vcc_httpx_auth.py");
    drive("vcc_openid_client.mjs");
    drive("vcc_simple_oauth2.mjs");
}

#[test]
#[ignore = "needs OAuth2 clients"]
fn gos_x_oauth2_calls_every_endpoint_however_it_sends_the_credentials() {
    drive("vcc_x_oauth2.go");
}
