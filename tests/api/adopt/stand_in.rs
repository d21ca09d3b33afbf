//! A vendor that answers differently from a server.

use crate::support::{App, agent};
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
    _app: App,
}

impl Vendor {
    pub(super) fn new(decide: impl Fn(&str, usize) -> Instead + Send + 'static) -> Self {
        let app = App::spawn();
        let (listener, server) = (TcpListener::bind("127.0.0.1:0").unwrap(), app.address);
        let (address, asked) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let kept = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = serve(stream, server, |request| {
                    let mut all = kept.lock().unwrap();
                    let before = all.iter().filter(|(other, _)| *other == request).count();
                    all.push((request.to_owned(), Instant::now()));
                    decide(request, before)
                });
            }
        });
        Self { address, asked, _app: app }
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

/// Answers one request, and ends the connection. What is asked is the operation, or the method and
/// the path, with the page.
fn serve(
    mut stream: TcpStream,
    server: SocketAddr,
    mut decide: impl FnMut(&str) -> Instead,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? <= 2 {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let Some(first) = lines.first() else { return Ok(()) };
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let headers: Vec<(&str, &str)> =
        lines[1..].iter().filter_map(|line| line.split_once(": ")).collect();
    let of = |name: &str| {
        headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    };
    let mut body =
        vec![0; of("content-length").and_then(|length| length.parse().ok()).unwrap_or(0)];
    reader.read_exact(&mut body)?;
    let page = target
        .split(['?', '&'])
        .find_map(|part| part.to_ascii_lowercase().strip_prefix("pagenumber=").map(str::to_owned));
    let asked = match of("x-acs-action") {
        Some(action) => format!("{action} {}", page.unwrap_or_default()),
        None => format!("{method} {}", target.split('?').next().unwrap()),
    };
    let instead = decide(asked.trim());
    if let Instead::Say(status, (name, value), body) = &instead {
        let body = body.to_string();
        return write!(
            stream,
            "HTTP/1.1 {status} X\r\n{name}: {value}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
    }
    let mut request =
        ureq::http::Request::builder().method(method).uri(format!("http://{server}{target}"));
    for (name, value) in
        headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-length"))
    {
        request = request.header(*name, *value);
    }
    let mut answer = agent().run(request.body(body).unwrap()).unwrap();
    let mut text = answer.body_mut().with_config().limit(1 << 30).read_to_string().unwrap();
    let mut shown = usize::MAX;
    match instead {
        Instead::Edit(edit) => {
            let mut value = serde_json::from_str(&text).unwrap();
            edit(&mut value);
            text = value.to_string();
        }
        Instead::Late(time) => std::thread::sleep(time),
        Instead::Cut => shown = text.len() / 2,
        Instead::Pass | Instead::Say(..) => {}
    }
    let status = answer.status().as_u16();
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        text.len()
    )?;
    stream.write_all(&text.as_bytes()[..text.len().min(shown)])
}
