//! Below a path of a host that others share: everything works through a proxy that takes the path
//! off and through one that leaves it on, and nothing that the server points to leads out of it.

use crate::ccc::signer::{self, pairs};
use crate::console::{PASSWORD, encoded, give_passwords, hidden};
use crate::support::{App, Reply};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

const BASE: &str = "/tools/numberd";

/// What a proxy does with the path.
#[derive(Clone, Copy, Debug)]
enum Proxy {
    TakesOff,
    LeavesOn,
}

impl Proxy {
    /// Passes on what is below [`BASE`], one request for each connection; for all else it is
    /// another site.
    fn in_front_of(self, server: SocketAddr) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                std::thread::spawn(move || self.pass_on(client, server));
            }
        });
        address
    }

    fn pass_on(self, mut client: TcpStream, server: SocketAddr) -> Option<()> {
        let mut reader = BufReader::new(client.try_clone().ok()?);
        let mut first = String::new();
        reader.read_line(&mut first).ok()?;
        let (method, target) = first.split_once(' ')?;
        let rest = target.strip_prefix(BASE).filter(|rest| rest.starts_with(['/', '?', ' ']));
        let Some(rest) = rest else {
            let answer =
                "HTTP/1.1 421 Other site\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            return client.write_all(answer.as_bytes()).ok();
        };
        let target = match self {
            Self::LeavesOn => target.to_owned(),
            Self::TakesOff if rest.starts_with('/') => rest.to_owned(),
            Self::TakesOff => format!("/{rest}"),
        };
        let mut server = TcpStream::connect(server).ok()?;
        write!(server, "{method} {target}Connection: close\r\n").ok()?;
        let mut answers = server.try_clone().ok()?;
        let back = std::thread::spawn(move || {
            let _ = std::io::copy(&mut answers, &mut client);
            let _ = client.shutdown(std::net::Shutdown::Both);
        });
        let _ = std::io::copy(&mut reader, &mut server);
        back.join().ok()
    }
}

/// A browser, as far as it is needed.
struct Browser {
    address: SocketAddr,
    cookie: String,
}

impl Browser {
    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut all = vec![("sec-fetch-site", "same-origin")];
        if !self.cookie.is_empty() {
            all.push(("cookie", &self.cookie));
        }
        all.extend(headers);
        let body = (!body.is_empty()).then_some(body.as_bytes());
        crate::vcc::send(self.address, method, path, &all, body)
    }

    fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], "")
    }

    fn post_form(&self, path: &str, form: &str) -> Reply {
        let form_type = [("content-type", "application/x-www-form-urlencoded")];
        self.send("POST", path, &form_type, form)
    }
}

/// Runs a test behind both kinds of proxy.
fn behind_both(test: impl Fn(SocketAddr, &App)) {
    for proxy in [Proxy::TakesOff, Proxy::LeavesOn] {
        let app = App::below(BASE);
        give_passwords(&app);
        test(proxy.in_front_of(app.address), &app);
    }
}

fn logged_in(address: SocketAddr) -> Browser {
    let mut browser = Browser { address, cookie: String::new() };
    let form = format!("login=user-test&password={}", encoded(PASSWORD));
    let reply = browser.post_form(&format!("{BASE}/console/login"), &form);
    assert_eq!(reply.status, 303, "{}", reply.body);
    let cookie = reply.header("set-cookie").unwrap();
    // Kept to the path, so that the other sites of the host don't get it.
    assert!(cookie.starts_with("__Secure-numberd-session="), "{cookie}");
    assert!(cookie.split("; ").any(|part| part == format!("Path={BASE}")), "{cookie}");
    browser.cookie = cookie.split(';').next().unwrap().to_owned();
    browser
}

/// The addresses in a page: (attribute, address).
fn addresses(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for attribute in ["href", "src", "action", "data-root"] {
        for part in page.split(&format!(" {attribute}=\"")).skip(1) {
            let address =
                part.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
            found.push((attribute.to_owned(), address));
        }
    }
    found
}

/// Where an address of a page leads.
fn resolved(page: &str, address: &str) -> String {
    let path = page.split('?').next().unwrap();
    if address.starts_with('/') {
        return address.to_owned();
    }
    if address.is_empty() || address.starts_with(['?', '#']) {
        return format!("{path}{address}");
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    let mut rest = address;
    while let Some(after) = rest.strip_prefix("../") {
        parts.pop();
        rest = after;
    }
    format!("{}/{rest}", parts.join("/"))
}

/// The form of an address, so that of a hundred numbers one is looked at.
fn form_of(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap();
    let lists = ["numbers", "users", "groups", "requests", "problems"];
    let mut parts: Vec<&str> = path.split('/').collect();
    for at in 1..parts.len() {
        if lists.contains(&parts[at - 1]) && !["add", "preview"].contains(&parts[at]) {
            parts[at] = "*";
        }
    }
    parts.join("/")
}

#[test]
fn no_link_of_any_page_leads_out_of_the_path_and_each_leads_somewhere() {
    behind_both(|address, _| {
        let browser = logged_in(address);
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut open: Vec<String> = ["/", "", "/console/", "/docs", "/console/nowhere/at/all"]
            .map(|page| format!("{BASE}{page}"))
            .into();
        let mut statuses: BTreeMap<String, u16> = BTreeMap::new();
        while let Some(page) = open.pop() {
            let reply = browser.get(&page);
            statuses.insert(form_of(&page), reply.status);
            if let Some(location) = reply.header("location") {
                assert!(location.starts_with(&format!("{BASE}/")), "{page} → {location}");
                open.push(location.to_owned());
            }
            if !reply.header("content-type").unwrap_or_default().starts_with("text/html") {
                continue;
            }
            for (attribute, link) in addresses(&reply.body) {
                let link = resolved(&page, &link);
                assert!(link.starts_with(&format!("{BASE}/")), "{page}: {attribute} {link}");
                // A workbook is no text, and is fetched elsewhere.
                let readable =
                    ["href", "src"].contains(&attribute.as_str()) && !link.contains(".xlsx");
                if readable && seen.insert(form_of(&link)) {
                    open.push(link.split('#').next().unwrap().to_owned());
                }
            }
        }
        assert!(statuses.len() > 40, "{statuses:#?}");
        for (page, status) in statuses {
            let expected: &[u16] = match page.strip_prefix(BASE).unwrap() {
                "/metrics" => &[401],
                "/console/nowhere/at/all" => &[404],
                "/docs" => &[308],
                // What is found first may have been undone by something later.
                page if page.ends_with("/undo") => &[200, 409],
                _ => &[200, 303],
            };
            assert!(expected.contains(&status), "{page}: {status}");
        }
    });
}

#[test]
fn a_person_logs_in_changes_something_goes_back_and_logs_out_below_the_path() {
    behind_both(|address, _| {
        let stranger = Browser { address, cookie: String::new() };
        let numbers = format!("{BASE}/console/ccc-test/numbers");
        let login = format!("{BASE}/console/login");
        let reply = stranger.get(&numbers);
        let next = format!("{login}?next={}", encoded(&numbers));
        assert_eq!(reply.header("location"), Some(next.as_str()));
        assert_eq!(hidden(&stranger.get(&next).body, "next"), numbers);

        let browser = logged_in(address);
        assert_eq!(browser.get(&next).header("location"), Some(numbers.as_str()));
        for elsewhere in ["/console/ccc-test/", "//example.com/", "/other"] {
            let reply = browser.get(&format!("{login}?next={}", encoded(elsewhere)));
            assert_eq!(reply.header("location"), Some(format!("{BASE}/console/").as_str()));
        }
        let back = format!("language=zh-CN&back={}", encoded(&numbers));
        let reply = browser.post_form(&format!("{BASE}/console/ccc-test/preferences"), &back);
        assert_eq!(reply.header("location"), Some(numbers.as_str()), "{}", reply.body);
        // A form whose session has ended is carried along and sent to the same place.
        let reply = stranger.post_form(&numbers, "a=1");
        assert_eq!((reply.status, hidden(&reply.body, "next")), (401, numbers));

        let events = browser_stream(&browser, &format!("{BASE}/console/ccc-test/events"));
        assert!(events.contains("text/event-stream"), "{events}");

        let reply = browser.post_form(&format!("{BASE}/console/logout"), "");
        assert_eq!(reply.header("location"), Some(login.as_str()));
        let ended = reply.header("set-cookie").unwrap();
        let says = |part: &str| ended.split("; ").any(|said| said == part);
        assert!(says(&format!("Path={BASE}")) && says("Max-Age=0"), "{ended}");
    });
}

/// The head of an answer that does not end.
fn browser_stream(browser: &Browser, path: &str) -> String {
    let mut stream = TcpStream::connect(browser.address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: a\r\nCookie: {}\r\n\r\n", browser.cookie).unwrap();
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

#[test]
fn the_admin_api_points_below_the_path() {
    behind_both(|address, app| {
        let browser = Browser { address, cookie: String::new() };
        let bearer = [("authorization", "Bearer demo-token"), ("content-type", "application/json")];
        let description = browser.get(&format!("{BASE}/openapi.json")).json();
        let root = description["servers"][0]["url"].as_str().unwrap().to_owned();
        assert_eq!(root, format!("{BASE}/api/v1"));

        let key = [&bearer[..], &[("idempotency-key", "once")]].concat();
        let number = json!({"number": "02160600009"}).to_string();
        for _ in 0..2 {
            let made =
                browser.send("POST", &format!("{root}/instances/ccc-test/numbers"), &key, &number);
            assert_eq!(made.status, 201, "{}", made.body);
            let location = made.header("location").unwrap();
            assert_eq!(location, format!("{root}/instances/ccc-test/numbers/02160600009"));
            assert_eq!(browser.send("GET", location, &bearer, "").status, 200);
        }
        let problem = browser.send("GET", &format!("{root}/instances/nope"), &bearer, "").json();
        let page = problem["type"].as_str().unwrap();
        assert!(page.starts_with(&format!("{BASE}/problems/")), "{page}");
        assert_eq!(browser.get(page).status, 200);
        for path in ["/healthz", "/readyz", "/version"] {
            assert_eq!(browser.get(&format!("{BASE}{path}")).status, 200, "{path}");
            // On the machine itself, without the proxy.
            assert_eq!(app.get(path, &[]).status, 200, "{path}");
        }
    });
}

#[test]
fn signed_calls_and_oauth_clients_work_below_the_path() {
    behind_both(|address, _| {
        let browser = Browser { address, cookie: String::new() };
        for at in ["", "/"] {
            let call = format!("{BASE}{at}?{}", v1_query());
            let reply = browser.send("POST", &call, &[], "");
            assert_eq!(reply.status, 200, "{}", reply.body);
        }
        // The SDKs sign `/`; a client of one's own signs what it sends.
        for (signed, expected) in [("/", 200), (&format!("{BASE}/"), 200), ("/other/", 400)] {
            let reply = v3_call(&browser, signed);
            assert_eq!(reply.status, expected, "{signed}: {}", reply.body);
        }

        let form = "grant_type=client_credentials&scope=users:read&client_id=demo-client&client_secret=demo-client-secret";
        let token = browser.post_form(&format!("{BASE}/Auth/connect/token"), form).json();
        let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
        let v4 = "application/vnd.newvoicemedia.v4+json";
        let headers = [("authorization", bearer.as_str()), ("accept", v4)];
        let reply = browser.send("GET", &format!("{BASE}/useradmin/users"), &headers, "");
        assert_eq!(reply.status, 200, "{}", reply.body);
    });
}

fn now() -> String {
    numberd::domain::Clock::System.now().to_string()
}

fn v1_query() -> String {
    let nonce = uuid::Uuid::new_v4().to_string();
    let now = now();
    let mut query = pairs(&[
        ("Action", "ListInstancesOfUser"),
        ("PageNumber", "1"),
        ("PageSize", "1"),
        ("Version", "2020-07-01"),
        ("AccessKeyId", "demo-access-key"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", &nonce),
        ("Timestamp", &now),
    ]);
    let signature = signer::v1_signature("POST", &query, b"demo-access-secret");
    query.push(("Signature".to_owned(), signature));
    signer::form(&query)
}

fn v3_call(browser: &Browser, signed_path: &str) -> Reply {
    let query = pairs(&[("PageNumber", "1"), ("PageSize", "1")]);
    let (host, nonce) = (browser.address.to_string(), uuid::Uuid::new_v4().to_string());
    let headers = pairs(&[
        ("host", &host),
        ("x-acs-action", "ListInstancesOfUser"),
        ("x-acs-content-sha256", &signer::sha256(b"")),
        ("x-acs-date", &now()),
        ("x-acs-signature-nonce", &nonce),
        ("x-acs-version", "2020-07-01"),
    ]);
    let (key, secret) = ("demo-access-key", b"demo-access-secret");
    let authorization =
        signer::v3_authorization_of(signed_path, "POST", &query, &headers, b"", key, secret);
    let mut sent: Vec<(&str, &str)> =
        headers.iter().skip(1).map(|(name, value)| (name.as_str(), value.as_str())).collect();
    sent.push(("authorization", &authorization));
    browser.send("POST", &format!("{BASE}/?{}", signer::form(&query)), &sent, "")
}
