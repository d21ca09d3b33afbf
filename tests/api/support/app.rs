//! The server inside the test's process, on a port of its own.

use super::SeededDatabase;
use numberd::domain::{Clock, Paging};
use numberd::http::{BasePath, TrustedProxies};
use numberd::ops::last_use::LastUse;
use numberd::server::{self, Hangup, Parts, USUAL_CONNECTIONS};
use numberd::store::Store;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc;

/// A running server over the sample database.
pub struct App {
    pub database: Arc<SeededDatabase>,
    pub address: SocketAddr,
    store: Option<Arc<Store>>,
    handle: actix_web::dev::ServerHandle,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl App {
    /// The usual server.
    pub fn spawn() -> Self {
        Self::with(Paging::Strict, Clock::System)
    }

    /// With another paging or clock.
    pub fn with(paging: Paging, clock: Clock) -> Self {
        Self::over(SeededDatabase::new(), paging, clock)
    }

    /// Over a database that a test has prepared.
    pub fn over(database: SeededDatabase, paging: Paging, clock: Clock) -> Self {
        Self::start(Arc::new(database), paging, clock, BasePath::default())
    }

    /// Shown by a proxy below a path.
    pub fn below(path: &str) -> Self {
        let database = Arc::new(SeededDatabase::new());
        Self::start(database, Paging::Strict, Clock::System, path.parse().unwrap())
    }

    /// Stops the server and starts another over the same database, at another time.
    pub fn restarted(self, clock: Clock) -> Self {
        let database = Arc::clone(&self.database);
        drop(self);
        Self::start(database, Paging::Strict, clock, BasePath::default())
    }

    fn start(
        database: Arc<SeededDatabase>,
        paging: Paging,
        clock: Clock,
        base_path: BasePath,
    ) -> Self {
        let (store, backups) =
            (Arc::new(database.store(clock)), database.path().with_file_name("backups"));
        let last_use = Arc::new(LastUse::new(Arc::clone(&store)));
        let parts = Parts {
            store: Arc::clone(&store),
            last_use: Arc::clone(&last_use),
            key_file: database.key_file(),
            paging,
            vcc_rate_limit: None,
            backups,
            schedule: None,
            base_path,
            trusted_proxies: TrustedProxies::default(),
            max_connections: USUAL_CONNECTIONS,
            certificate: None,
            on_hangup: Hangup::GoOn,
        };
        let (started, address) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let (server, address) =
                    server::bind("127.0.0.1:0".parse().unwrap(), parts).unwrap();
                started.send((server.handle(), address)).unwrap();
                server.await.unwrap();
                last_use.write_down();
            });
        });
        let (handle, address) = address.recv().unwrap();
        Self { database, address, store: Some(store), handle, thread: Some(thread) }
    }

    /// What the server itself has open.
    pub fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    /// Calls an operation with the demo's token; the parameters go into the query.
    pub fn call(&self, action: &str, parameters: &[(&str, &str)]) -> Reply {
        self.call_as("demo-token", action, parameters)
    }

    /// The same with another token.
    pub fn call_as(&self, token: &str, action: &str, parameters: &[(&str, &str)]) -> Reply {
        let mut request = agent()
            .get(format!("http://{}/", self.address))
            .header("authorization", format!("Bearer {token}"))
            .query("Action", action);
        for (name, value) in parameters {
            request = request.query(name, value);
        }
        reply(request.call())
    }

    /// Any request; a body is sent as JSON.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&serde_json::Value>,
    ) -> Reply {
        let text = body.map(ToString::to_string);
        self.send_text(method, path, headers, text.as_deref())
    }

    /// Any request; the body is labelled as JSON, and sent as it is.
    pub fn send_text(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Reply {
        self.send_labelled(method, path, headers, "application/json", body.map(str::as_bytes)).0
    }

    /// Any request; a body is sent as a form.
    pub fn send_form(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Reply {
        let form = "application/x-www-form-urlencoded";
        self.send_labelled(method, path, headers, form, body.map(str::as_bytes)).0
    }

    /// Any request, whose body has this label; the reply's body is there as bytes too.
    pub fn send_labelled(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        label: &str,
        body: Option<&[u8]>,
    ) -> (Reply, Vec<u8>) {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .build()
            .into();
        let request = match body {
            None => return reply_bytes(agent.run(request.body(()).unwrap())).unwrap(),
            Some(_) if label.is_empty() => request,
            Some(_) => request.header("content-type", label),
        };
        reply_bytes(agent.run(request.body(body.unwrap_or_default()).unwrap())).unwrap()
    }

    /// A plain GET.
    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = agent().get(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        reply(request.call())
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // The returned future is only a wait; the stop is sent at once.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        if let Some(store) = &self.store
            && Arc::strong_count(store) == 1
        {
            self.database.examine_last(store);
        }
        // The slice of a run that is being done still needs the file.
        let store = self.store.take().map(|store| Arc::downgrade(&store));
        while store.as_ref().is_some_and(|store| store.strong_count() > 0) {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }
}

/// A client that takes every status as an answer.
pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

pub(super) fn reply(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Reply {
    try_reply(result).expect("a reply")
}

/// For a server that may die before it has answered whole.
pub(super) fn try_reply(
    result: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Reply, ureq::Error> {
    Ok(reply_bytes(result)?.0)
}

fn reply_bytes(
    result: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<(Reply, Vec<u8>), ureq::Error> {
    let mut response = result?;
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let bytes = response.body_mut().with_config().limit(1 << 30).read_to_vec()?;
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Ok((Reply { status: response.status().as_u16(), headers, body }, bytes))
}
