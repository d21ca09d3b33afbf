//! What is at which address, and what odd requests get.

use crate::support::{App, PATIENCE, assert_snapshot};
use std::io::{Read, Write};

/// The answer to one request on a connection of its own; without what differs each time.
fn ask(app: &App, request: &str) -> String {
    let mut stream = std::net::TcpStream::connect(app.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(format!("{request}\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<&str> = head.lines().filter(|line| !line.starts_with("date: ")).collect();
    lines[1..].sort_unstable();
    format!("{}\n\n{body}", lines.join("\n"))
}

/// The request's id, in the header and in bodies.
fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter("[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", "<request id>");
    settings
}

#[test]
fn odd_requests_are_answered_politely() {
    let app = App::spawn();
    let answers: Vec<String> = [
        "GET /healthz HTTP/1.0",
        "GET /readyz HTTP/1.1\r\nHost: localhost",
        "HEAD /healthz HTTP/1.1\r\nHost: localhost",
        "HEAD /readyz HTTP/1.1\r\nHost: localhost",
        "POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0",
        "OPTIONS /healthz HTTP/1.1\r\nHost: localhost",
        "OPTIONS / HTTP/1.1\r\nHost: localhost",
        "OPTIONS * HTTP/1.1\r\nHost: localhost",
        "PUT /?Action=ListInstancesOfUser HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0",
        "HEAD /?Action=ListInstancesOfUser HTTP/1.1\r\nHost: localhost",
        "TRACE / HTTP/1.1\r\nHost: localhost",
        "GET /nothing/here HTTP/1.1\r\nHost: localhost",
        "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost",
        "GET //healthz HTTP/1.1\r\nHost: localhost",
        "GET /?Action=NoSuchAction HTTP/1.1\r\nHost: localhost",
        "GET /?Action=ListInstancesOfUser&PageNumber=1&PageSize=10 HTTP/1.1\r\nHost: localhost",
    ]
    .iter()
    .map(|request| format!("> {}\n{}", request.replace("\r\n", "\n> "), ask(&app, request)))
    .collect();
    settings().bind(|| assert_snapshot("reliability/odd_requests", &answers.join("\n----\n")));
}

#[test]
fn the_root_in_a_browser_is_a_page_that_shows_where_everything_is() {
    let app = App::spawn();
    let accept = [
        ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
        ("user-agent", "Mozilla/5.0"),
    ];
    for path in ["/", "/?", "/?utm_source=mail"] {
        let page = app.get(path, &accept);
        assert_eq!(
            (page.status, page.header("content-type")),
            (200, Some("text/html; charset=utf-8")),
            "{path}"
        );
        assert!(
            page.body.starts_with("<!doctype html>") && page.body.contains("/healthz"),
            "{path}: {}",
            page.body
        );
    }
    let head = ask(&app, "HEAD / HTTP/1.1\r\nHost: localhost");
    assert!(
        head.starts_with("HTTP/1.1 200 OK\n")
            && head.ends_with("\n\n")
            && head.contains("text/html"),
        "{head}"
    );
}
