//! Large answers are compressed for clients that accept it, and are the same answers.

use crate::admin::{CCC, Caller};
use crate::support::App;
use crate::vcc::Vcc;
use flate2::read::GzDecoder;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

/// An answer as it is on the wire.
struct Raw {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Raw {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The text without the request's id, which no two answers share.
    fn comparable(&self) -> String {
        let id = self.header("x-acs-request-id").unwrap_or("none");
        self.text().replace(id, "")
    }

    /// The body, decompressed if it says that it is compressed.
    fn text(&self) -> String {
        let mut text = String::new();
        match self.header("content-encoding") {
            Some("gzip") => GzDecoder::new(&self.body[..]).read_to_string(&mut text).unwrap(),
            Some(other) => panic!("{other}"),
            None => (&self.body[..]).read_to_string(&mut text).unwrap(),
        };
        text
    }
}

fn ask(app: &App, method: &str, path: &str, headers: &str, body: &str) -> Raw {
    let mut stream = TcpStream::connect(app.address).unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}",
        app.address
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|part| part == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.map(|line| line.split_once(": ").unwrap());
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
    Raw { status, headers: headers.collect(), body: answer[end + 4..].to_vec() }
}

const TOKEN: &str = "authorization: Bearer demo-token\r\n";
const GZIP: &str = "accept-encoding: deflate, gzip;q=0.8\r\n";

#[test]
fn a_large_page_of_every_face_is_compressed_for_who_accepts_it_and_says_the_same() {
    let app = App::spawn();
    let vcc = Vcc::with(&app, "demo-client-ccc", "users:read");
    let vcc = format!(
        "authorization: Bearer {}\r\naccept: application/vnd.newvoicemedia.v4+json\r\n",
        vcc.token
    );
    let list = "/?Action=ListPhoneNumbers&InstanceId=ccc-test&PageNumber=1&PageSize=100";
    for (path, headers) in [
        (list, TOKEN),
        (&format!("{list}&Format=XML"), TOKEN),
        (&format!("{CCC}/numbers?per_page=200"), TOKEN),
        ("/useradmin/callbackNumbers?limit=5000", vcc.as_str()),
        ("/openapi.json", ""),
        ("/console/assets/console.css", ""),
    ] {
        let plain = ask(&app, "GET", path, headers, "");
        let packed = ask(&app, "GET", path, &format!("{headers}{GZIP}"), "");
        assert_eq!((plain.status, packed.status), (200, 200), "{path}: {}", plain.text());
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        assert_eq!(packed.header("content-encoding"), Some("gzip"), "{path}");
        for answer in [&plain, &packed] {
            assert_eq!(answer.header("vary"), Some("accept-encoding"), "{path}");
            let length = answer.body.len().to_string();
            assert_eq!(answer.header("content-length"), Some(length.as_str()), "{path}");
        }
        assert!(packed.comparable() == plain.comparable(), "{path} says something else");
        assert!(packed.body.len() * 2 < plain.body.len(), "{path}: {}", packed.body.len());
        assert_eq!(packed.header("content-type"), plain.header("content-type"), "{path}");
    }
}

#[test]
fn a_small_answer_and_one_to_a_client_that_refuses_gzip_are_sent_as_they_are() {
    let app = App::spawn();
    let list = format!("{CCC}/numbers?per_page=200");
    for (path, accept) in [
        (format!("{CCC}/numbers?per_page=1"), "gzip"),
        (list.clone(), "gzip;q=0, *"),
        (list.clone(), "identity"),
        (list, "br, zstd"),
    ] {
        let headers = format!("{TOKEN}accept-encoding: {accept}\r\n");
        let answer = ask(&app, "GET", &path, &headers, "");
        assert_eq!(answer.header("content-encoding"), None, "{path} {accept}");
        assert!(answer.text().starts_with('{'), "{path} {accept}");
    }
    let small = ask(&app, "GET", &format!("{CCC}/numbers?per_page=1"), TOKEN, "");
    assert_eq!(small.header("vary"), None);
}

#[test]
fn a_compressed_answer_has_an_etag_of_its_own_which_the_client_may_send_back() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let made = root.post(
        &format!("{CCC}/contact-flows"),
        json!({ "name": "Long", "definition": "\"步\"".repeat(5_000) }),
    );
    assert_eq!(made.status, 201, "{}", made.body);
    let path = made.header("location").unwrap();
    let plain = ask(&app, "GET", path, TOKEN, "");
    let packed = ask(&app, "GET", path, &format!("{TOKEN}{GZIP}"), "");
    assert_eq!(packed.text(), plain.text());
    let tags = [&plain, &packed].map(|answer| answer.header("etag").unwrap().to_owned());
    assert_eq!(tags[1], format!("{}-gzip\"", tags[0].strip_suffix('"').unwrap()));

    for (tag, headers) in [(&tags[0], TOKEN.to_owned()), (&tags[1], format!("{TOKEN}{GZIP}"))] {
        for sent in [tag.clone(), format!("\"other\", W/{tag}")] {
            let known = format!("{headers}if-none-match: {sent}\r\n");
            let same = ask(&app, "GET", path, &known, "");
            assert_eq!((same.status, same.header("etag")), (304, Some(tag.as_str())), "{sent}");
            assert!(same.body.is_empty());
        }
    }
    let edit = r#"{"description": "changed"}"#;
    let change = |tag: &str| {
        let headers = format!("{TOKEN}content-type: application/json\r\nif-match: {tag}\r\n");
        ask(&app, "PATCH", path, &headers, edit)
    };
    let changed = change(&tags[1]);
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert_eq!(change(&tags[1]).status, 412, "the tag is of the version before");
}

#[test]
fn a_stream_of_events_is_never_compressed() {
    let app = crate::console::app();
    let visitor = crate::console::Visitor::of(&app, "user-test");
    let mut stream = TcpStream::connect(app.address).unwrap();
    let request = format!(
        "GET /console/ccc-test/events HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n{GZIP}\r\n",
        app.address,
        visitor.cookie()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut head = [0; 1024];
    let read = stream.read(&mut head).unwrap();
    let head = String::from_utf8_lossy(&head[..read]).to_lowercase();
    assert!(head.contains("200 ok") && head.contains("text/event-stream"), "{head}");
    assert!(!head.contains("content-encoding"), "{head}");
}
