//! Slow, large and hostile clients. The server is the real program; the bytes are sent as they
//! stand here.

use crate::support::{Client, PATIENCE, Program};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

const CALL: &str = "/?Action=ListInstancesOfUser&PageNumber=1&PageSize=1";
const TOKEN: &str = "Host: localhost\r\nAuthorization: Bearer demo-token\r\n";

/// Sends bytes and returns all that comes back until the server closes the connection or is silent
/// for a second.
fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    // The server may close before it has taken everything; what it said is read all the same.
    let _ = stream.write_all(bytes);
    read(&mut stream)
}

fn read(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answer = Vec::new();
    let mut chunk = [0; 65_536];
    while let Ok(count @ 1..) = stream.read(&mut chunk) {
        answer.extend_from_slice(&chunk[..count]);
        // A busy server takes its time to begin, and then goes on.
        stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// The status of the first answer.
fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("none")
}

#[test]
fn a_head_that_comes_too_slowly_is_given_up() {
    let demo = Program::start(&["demo"]);
    let began = Instant::now();
    let answer = exchange(demo.address, b"GET /healthz HTTP/1.1\r\nHost: loc");
    let took = began.elapsed();
    assert_eq!(status(&answer), "408", "{answer}");
    assert!((Duration::from_secs(4)..Duration::from_secs(20)).contains(&took), "{took:?}");
}

#[test]
fn a_body_that_comes_too_slowly_is_answered_as_the_face_answers() {
    let demo = Program::start(&["demo"]);
    for (format, code) in
        [("JSON", "\"Code\":\"RequestTimeout\""), ("", "\"Code\":\"RequestTimeout\"")]
    {
        let mut stream = TcpStream::connect(demo.address).unwrap();
        let head = format!(
            "POST {CALL}&Format={format} HTTP/1.1\r\n{TOKEN}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let began = Instant::now();
        // A byte now and then does not buy more time.
        let mut trickle = stream.try_clone().unwrap();
        let trickling = std::thread::spawn(move || {
            for _ in 0..30 {
                if trickle.write_all(b"a").is_err() {
                    break;
                }
                std::thread::sleep(Duration::from_millis(300));
            }
        });
        let answer = read(&mut stream);
        assert_eq!(status(&answer), "408", "{answer}");
        assert!(answer.contains(code), "{answer}");
        assert!(
            (Duration::from_secs(9)..Duration::from_secs(40)).contains(&began.elapsed()),
            "{:?}",
            began.elapsed()
        );
        trickling.join().unwrap();
        if format.is_empty() {
            break;
        }
    }
}

#[test]
fn a_body_that_is_too_large_is_refused() {
    let demo = Program::start(&["demo"]);
    let head = |length: usize| {
        format!(
            "POST {CALL} HTTP/1.1\r\n{TOKEN}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    for length in [256 * 1024 + 1, 5_000_000] {
        let answer =
            exchange(demo.address, &[head(length).as_bytes(), &vec![b'a'; length]].concat());
        assert_eq!(status(&answer), "413", "{length}: {answer}");
        assert!(
            answer.contains("\"Code\":\"RequestTooLarge\"") && answer.contains("262144 bytes"),
            "{length}: {answer}"
        );
    }
    let largest = [b"X=".to_vec(), vec![b'a'; 256 * 1024 - 2]].concat();
    let answer = exchange(demo.address, &[head(largest.len()).into_bytes(), largest].concat());
    assert_eq!(status(&answer), "200", "{answer}");
    let chunks = format!("10000\r\n{}\r\n", "a".repeat(65_536)).repeat(5);
    let head = format!(
        "POST {CALL} HTTP/1.1\r\n{TOKEN}Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let answer = exchange(demo.address, format!("{head}{chunks}0\r\n\r\n").as_bytes());
    assert_eq!(status(&answer), "413", "{answer}");
}

#[test]
fn a_query_that_is_too_large_is_refused() {
    let demo = Program::start(&["demo"]);
    let ask = |length: usize| {
        let query = &CALL[2..];
        let filler = "a".repeat(length - query.len() - 3);
        exchange(
            demo.address,
            format!("GET /?{query}&X={filler} HTTP/1.1\r\n{TOKEN}\r\n").as_bytes(),
        )
    };
    assert_eq!(status(&ask(60 * 1024)), "200");
    let answer = ask(60 * 1024 + 1);
    assert_eq!(status(&answer), "413", "{answer}");
    assert!(answer.contains("The query is larger than 61440 bytes."), "{answer}");
    // Beyond that it is the web framework that refuses the target, without a body.
    let target = "/?".len();
    assert_eq!(status(&ask(65_534 - target)), "413");
    let answer = ask(65_535 - target);
    assert_eq!(status(&answer), "400");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    assert_eq!(status(&ask(200_000)), "431");
    assert_eq!(Client::new(demo.address).get("/healthz").status, 200);
}

/// A request whose end two servers could see in different places.
fn smuggled(headers: &str) -> String {
    format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    )
}

#[test]
fn a_request_with_two_ends_is_refused_and_the_connection_closed() {
    let demo = Program::start(&["demo"]);
    for headers in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: +5",
        "Content-Length: -5",
        "Content-Length: 0x5",
        "Content-Length : 5",
        " Content-Length: 5",
        "Content-Length: 99999999999999999999999",
    ] {
        let answer = exchange(demo.address, smuggled(headers).as_bytes());
        assert_eq!(status(&answer), "400", "{headers}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{headers}: {answer}");
        assert!(!answer.contains("ok\n"), "{headers}: {answer}");
    }
    // The control: the same two requests with one end each are both answered.
    let answer = exchange(demo.address, smuggled("Transfer-Encoding: chunked").as_bytes());
    assert!(answer.ends_with("ok\n"), "{answer}");
}

#[test]
fn a_chunk_whose_size_can_not_be_read_is_answered_400_and_the_connection_closed() {
    let demo = Program::start(&["demo"]);
    for size in ["0x0", "-1", "+1", "g", "", " 1", "1 1", "fffffffffffffffff", "1\n", ";x"] {
        for (target, headers) in [
            (CALL, TOKEN.to_owned() + "Content-Type: application/x-www-form-urlencoded\r\n"),
            ("/api/v1/instances", TOKEN.to_owned() + "Content-Type: application/json\r\n"),
            ("/useradmin/skills", TOKEN.to_owned()),
            ("/Auth/connect/token", "Host: localhost\r\n".to_owned()),
            ("/console/login", "Host: localhost\r\n".to_owned()),
            ("/healthz", "Host: localhost\r\n".to_owned()),
        ] {
            let request = format!(
                "POST {target} HTTP/1.1\r\n{headers}Transfer-Encoding: chunked\r\n\r\n{size}\r\n{{}}\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
            );
            let answer = exchange(demo.address, request.as_bytes());
            // What doesn't look at bodies may have answered before.
            let known = match target {
                "/healthz" | "/console/login" => ["400", "404", "403"].as_slice(),
                _ => &["400"],
            };
            assert!(known.contains(&status(&answer)), "{size:?} to {target}: {answer}");
            assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{size:?} to {target}: {answer}");
        }
    }
    // The controls: what can be read is answered, and a client that goes in the middle is not.
    let call =
        format!("POST {CALL} HTTP/1.1\r\n{TOKEN}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    assert_eq!(status(&exchange(demo.address, call.as_bytes())), "200");
    let mut stream = TcpStream::connect(demo.address).unwrap();
    stream.write_all(call.replace("0\r\n\r\n", "5\r\nab").as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let _ = read(&mut stream);
    assert_eq!(Client::new(demo.address).get("/healthz").status, 200);
}

#[test]
fn pipelined_requests_are_answered_in_their_order() {
    let demo = Program::start(&["demo"]);
    let requests = format!(
        "GET {CALL} HTTP/1.1\r\n{TOKEN}\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"
    );
    let answer = exchange(demo.address, requests.as_bytes());
    let statuses: Vec<&str> =
        answer.match_indices("HTTP/1.1 ").map(|(at, _)| &answer[at + 9..at + 12]).collect();
    assert_eq!(statuses, ["200", "200", "404"], "{answer}");
}

#[test]
fn a_client_is_answered_while_two_hundred_slow_ones_hold_their_connections() {
    let demo = Program::start(&["demo"]);
    let slow: Vec<TcpStream> = (0..200)
        .map(|number| {
            let mut stream = TcpStream::connect(demo.address).unwrap();
            let head: &[u8] = if number % 2 == 0 {
                b"GET /?Act"
            } else {
                b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\na"
            };
            stream.write_all(head).unwrap();
            stream
        })
        .collect();
    let client = Client::new(demo.address);
    let number = client.numbers(false)[0].clone();
    for round in 0..40 {
        let began = Instant::now();
        assert_eq!(client.try_hold(&number, round % 2 == 0).unwrap().status, 200);
        // The slow ones are given up after 5 and 10 s: whoever waited for them would take longer.
        assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    }
    drop(slow);
}

#[test]
fn what_is_no_http_is_refused() {
    let demo = Program::start(&["demo"]);
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
    ] {
        let answer = exchange(demo.address, bytes);
        assert_eq!(status(&answer), "400", "{bytes:?}: {answer}");
    }
    assert_eq!(Client::new(demo.address).get("/healthz").status, 200);
}
