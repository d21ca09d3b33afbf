//! Who answers in a vendor's place: a server, and somebody in front of it who says something else.

use crate::support::{App, agent};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What is done with a request instead of passing its answer on.
pub(super) enum Instead {
    Pass,
    /// Another status, with a header and a body.
    Say(u16, (&'static str, &'static str), Value),
    /// The same with a body that need not be JSON.
    Write(u16, (&'static str, &'static str), &'static str),
    /// The answer ends in its middle.
    Cut,
    /// It comes late.
    Late(Duration),
    /// It says something else.
    Edit(Box<dyn FnOnce(&mut Value)>),
}

/// A vendor: a server, and somebody in front of it who decides about each request by its line and
/// by how many of that kind came before.
pub(super) struct Vendor {
    pub(super) address: SocketAddr,
    asked: Arc<Mutex<Vec<(String, Instant)>>>,
    _app: Option<App>,
}

impl Vendor {
    pub(super) fn new(decide: impl Fn(&str, usize) -> Instead + Send + 'static) -> Self {
        let app = App::spawn();
        let address = app.address;
        Self { _app: Some(app), ..Self::before(address, decide) }
    }

    /// The same before another server.
    pub(super) fn before(
        server: SocketAddr,
        decide: impl Fn(&str, usize) -> Instead + Send + 'static,
    ) -> Self {
        let asked: Arc<Mutex<Vec<(String, Instant)>>> = Arc::default();
        let kept = Arc::clone(&asked);
        let address = listen(move |request| {
            let what = request.what();
            let mut all = kept.lock().unwrap();
            let before = all.iter().filter(|(other, _)| *other == what).count();
            all.push((what.clone(), Instant::now()));
            drop(all);
            request.pass_on(server, decide(&what, before))
        });
        Self { address, asked, _app: None }
    }

    /// All that was asked.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|(asked, _)| asked.clone()).collect()
    }

    /// When something was asked.
    pub(super) fn moments(&self, what: &str) -> Vec<Instant> {
        let all = self.asked.lock().unwrap();
        all.iter().filter(|(asked, _)| asked == what).map(|(_, at)| *at).collect()
    }
}

/// Answers requests, one to a connection, until the test is over.
pub(super) fn listen(mut answer: impl FnMut(&Request) -> Answer + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            if let Ok(Some(request)) = Request::read(&stream) {
                let _ = answer(&request).send(&mut stream);
            }
        }
    });
    address
}

/// What is answered; the body may be cut off.
pub(super) struct Answer {
    status: u16,
    header: (&'static str, &'static str),
    body: String,
    shown: usize,
}

impl Answer {
    pub(super) fn new(status: u16, body: &Value) -> Self {
        Self {
            status,
            header: ("content-type", "application/json"),
            body: body.to_string(),
            shown: usize::MAX,
        }
    }

    fn send(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        let Self { status, header: (name, value), body, shown } = self;
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 {status} X\r\n{name}: {value}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
        )?;
        stream.write_all(&body.as_bytes()[..length.min(*shown)])
    }
}

/// A request.
pub(super) struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn read(stream: &TcpStream) -> std::io::Result<Option<Self>> {
        let mut reader = BufReader::new(stream);
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? <= 2 {
                break;
            }
            lines.push(line.trim_end().to_owned());
        }
        let Some(first) = lines.first() else { return Ok(None) };
        let mut words = first.split(' ').map(str::to_owned);
        let (method, target) = (words.next().unwrap(), words.next().unwrap());
        let pair = |line: &String| {
            let (name, value) = line.split_once(": ")?;
            Some((name.to_ascii_lowercase(), value.to_owned()))
        };
        let headers = lines[1..].iter().filter_map(pair).collect();
        let mut request = Self { method, target, headers, body: Vec::new() };
        let length = request.header("content-length").and_then(|length| length.parse().ok());
        request.body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut request.body)?;
        Ok(Some(request))
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The path.
    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    /// A parameter of the query.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let (_, query) = self.target.split_once('?')?;
        let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
        Some(percent_decode_str(value).decode_utf8().unwrap().into_owned())
    }

    /// What is asked: the operation with the page, or the method and the path.
    fn what(&self) -> String {
        let page = self.parameter("PageNumber").unwrap_or_default();
        match self.header("x-acs-action") {
            Some(action) => format!("{action} {page}").trim().to_owned(),
            None => format!("{} {}", self.method, self.path()),
        }
    }

    /// The answer of a server, or what is said instead of it.
    fn pass_on(&self, server: SocketAddr, instead: Instead) -> Answer {
        match instead {
            Instead::Say(status, header, body) => {
                return Answer { header, ..Answer::new(status, &body) };
            }
            Instead::Write(status, header, body) => {
                return Answer { status, header, body: body.to_owned(), shown: usize::MAX };
            }
            _ => {}
        }
        let address = format!("http://{server}{}", self.target);
        let mut request = ureq::http::Request::builder().method(self.method.as_str()).uri(address);
        for (name, value) in self.headers.iter().filter(|(name, _)| name != "content-length") {
            request = request.header(name, value);
        }
        let mut answer = agent().run(request.body(self.body.clone()).unwrap()).unwrap();
        let text = answer.body_mut().with_config().limit(1 << 30).read_to_string().unwrap();
        let status = answer.status().as_u16();
        let mut value: Value = serde_json::from_str(&text).unwrap_or_default();
        match instead {
            Instead::Edit(edit) => edit(&mut value),
            Instead::Late(time) => std::thread::sleep(time),
            Instead::Cut => return Answer { shown: text.len() / 2, ..Answer::new(status, &value) },
            Instead::Pass | Instead::Say(..) | Instead::Write(..) => {}
        }
        Answer::new(status, &value)
    }
}
