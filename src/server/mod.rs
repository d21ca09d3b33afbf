//! The web server: what is mounted where, its limits, and its graceful stop.

mod backups;
mod compressed;
mod connection;
mod exchange;
mod page_headers;
pub mod service;
mod signals;
mod tls;

use crate::domain::{Error, Paging};
use crate::http::{BasePath, LoginAttempts, TrustedProxies};
use crate::metrics::{self, Metrics};
use crate::ops::last_use::LastUse;
use crate::store::{KeyFile, Store, integrity, number_index};
use crate::{admin, ccc, console, http, vcc};
use actix_http::HttpService;
use actix_http::error::DispatchError;
use actix_service::{IntoServiceFactory, ServiceFactoryExt, map_config};
use actix_web::dev::{AppConfig, Server, fn_service};
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::rt::net::TcpStream;
use actix_web::{App, HttpResponse, Route, guard, middleware, web};
pub use backups::Schedule;
use connection::Connections;
use signals::Signals;
use std::net::{SocketAddr, TcpListener};
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tls::Wire;
pub use tls::{Certificate, read_certificates};

/// How long the head of a request may take to arrive.
const HEAD_PATIENCE: Duration = Duration::from_secs(5);

/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How long a stop waits for requests that are being answered, in seconds; ten in all with what
/// comes after.
const SHUTDOWN_SECONDS: u64 = 8;

/// What a server is made of.
pub struct Parts {
    /// The database.
    pub store: Arc<Store>,
    /// When credentials were last used; to be written down at the end.
    pub last_use: Arc<LastUse>,
    /// The key of its AccessKey secrets.
    pub key_file: KeyFile,
    /// What the CCC face does with pages outside the limits.
    pub paging: Paging,
    /// How many requests a minute one client of the VCC face may make; `None`: as many as it likes.
    pub vcc_rate_limit: Option<NonZeroU32>,
    /// The directory that the admin API puts backups into; made when it is needed.
    pub backups: PathBuf,
    /// When backups are made without being asked for; `None`: never.
    pub schedule: Option<Schedule>,
    /// The path below which a proxy shows the server.
    pub base_path: BasePath,
    /// The proxies that are trusted to report client addresses.
    pub trusted_proxies: TrustedProxies,
    /// How many connections may be open.
    pub max_connections: NonZeroUsize,
    /// The certificate for TLS; `None`: plain HTTP.
    pub certificate: Option<Arc<Certificate>>,
    /// What SIGHUP does.
    pub on_hangup: Hangup,
}

/// What a server does when it is told that its terminal has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hangup {
    /// It goes on, with its certificate read again.
    GoOn,
    /// It finishes what runs, and ends.
    Stop,
}

/// How many connections may be open unless it is said otherwise: at most some 64 KiB each.
pub const USUAL_CONNECTIONS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1023);

/// How many may be open at the most: a million.
pub const MOST_CONNECTIONS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(999_999);

/// Gives the application of a worker what all of them share: the faces, and what they are made of.
fn share(
    parts: &Parts,
    metrics: web::Data<Metrics>,
) -> std::io::Result<impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static> {
    // One limit on guessing for all faces.
    let attempts = Arc::new(LoginAttempts::new(parts.store.clock()));
    let face = || (Arc::clone(&parts.store), Arc::clone(&attempts), Arc::clone(&parts.last_use));
    let ((store, tries, last_use), key_file) = (face(), parts.key_file.clone());
    let ccc = web::Data::new(ccc::Face::new(store, tries, last_use, key_file, parts.paging));
    let (store, tries, last_use) = face();
    let vcc = web::Data::new(vcc::Face::new(store, tries, last_use, parts.vcc_rate_limit));
    let (store, tries, last_use) = face();
    let admin = web::Data::new(admin::Face::new(store, tries, last_use, parts.backups.clone()));
    let (store, tries, _) = face();
    let console = web::Data::new(console::Face::new(store, tries));
    let description = web::Data::new(admin::Description::default());
    let indexer = web::Data::new(number_index::keep(&parts.store)?);
    let store = web::Data::from(Arc::clone(&parts.store));
    let attempts = web::Data::from(attempts);
    let proxies = web::Data::new(parts.trusted_proxies.clone());
    let base_path = web::Data::new(parts.base_path.clone());
    Ok(move |config: &mut web::ServiceConfig| {
        config
            .app_data(ccc.clone())
            .app_data(vcc.clone())
            .app_data(admin.clone())
            .app_data(console.clone())
            .app_data(description.clone())
            .app_data(metrics.clone())
            .app_data(store.clone())
            .app_data(indexer.clone())
            .app_data(attempts.clone())
            .app_data(proxies.clone())
            .app_data(base_path.clone());
    })
}

/// Binds the address and builds the server, which runs when it is awaited. A port of 0 lets the
/// system choose; the address returned is the one that was bound.
///
/// # Errors
/// The address can't be bound.
pub fn bind(listen: SocketAddr, parts: Parts) -> std::io::Result<(Server, SocketAddr)> {
    let listener = TcpListener::bind(listen)?;
    let address = listener.local_addr()?;
    let metrics = web::Data::<Metrics>::default();
    let share = share(&parts, metrics.clone())?;
    if let Some(schedule) = parts.schedule {
        actix_web::rt::spawn(schedule.run(Arc::clone(&parts.store), metrics));
    }
    actix_web::rt::spawn(service::keep_alive(parts.store));
    let app = move || {
        App::new()
            .wrap(middleware::from_fn(metrics::measure))
            .wrap(middleware::from_fn(http::observe))
            .wrap(middleware::from_fn(page_headers::add))
            .wrap(middleware::from_fn(compressed::for_those_who_accept))
            .wrap(middleware::from_fn(exchange::bounded))
            .wrap(middleware::from_fn(BasePath::take_off))
            .configure(&share)
            .configure(routes)
            .default_service(web::to(not_found))
    };
    let builder = Server::build()
        .shutdown_timeout(SHUTDOWN_SECONDS)
        .worker_max_blocking_threads(256)
        .shutdown_signal(Signals::catch(parts.on_hangup, parts.certificate.clone())?.stop());
    let stopping = builder.graceful_shutdown_signal();
    let connections = Connections::new(parts.max_connections.get());
    let tls = parts.certificate.map(tls::acceptor).transpose()?;
    // What the framework's own HttpServer does, except for the stream.
    let server = builder.listen("http", listener, move || {
        let (stopping, connections, tls) = (stopping.clone(), connections.clone(), tls.clone());
        let app = app().into_factory().map_err(|error| error.error_response());
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .client_request_timeout(HEAD_PATIENCE)
            .client_disconnect_timeout(HEAD_PATIENCE)
            .keep_alive(KEEP_ALIVE)
            .on_connect_ext(|wire: &Wire, data| wire.connection().introduce(data))
            .h1(map_config(app, |()| AppConfig::default()));
        let open = move |stream: TcpStream| {
            let (admitted, tls) = (connections.admit(stream), tls.clone());
            async move {
                let (connection, peer) = admitted?;
                Ok::<_, DispatchError>((Wire::open(connection, tls).await?, peer))
            }
        };
        fn_service(open).and_then(http)
    })?;
    Ok((server.run(), address))
}

fn routes(config: &mut web::ServiceConfig) {
    config
        .configure(admin::configure)
        .route("/", web::route().guard(guard::fn_guard(ccc::is_call)).to(http::handle::<ccc::Face>))
        .configure(console::configure)
        .route("/", get_or_head().to(landing))
        .route(
            "/{auth:[Aa][Uu][Tt][Hh]}/connect/token{slash:/?}",
            web::to(http::handle::<vcc::Face>),
        )
        .route("/useradmin{rest:(/.*)?}", web::to(http::handle::<vcc::Face>))
        .route("/metrics", web::get().to(metrics::handle))
        .route("/healthz", get_or_head().to(healthz))
        .route("/readyz", get_or_head().to(readyz));
}

/// Load balancers like to ask with HEAD; the web framework leaves the body out of the answer.
fn get_or_head() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// The landing page has styles of its own and nothing else.
const LANDING_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Where everything is, for a person who opens the address in a browser.
async fn landing(base_path: web::Data<BasePath>) -> HttpResponse {
    let links = base_path.of_clients("/");
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, LANDING_POLICY))
        .body(include_str!("landing.html").replace("href=\"/", &format!("href=\"{links}")))
}

/// The process is alive.
async fn healthz() -> HttpResponse {
    http::plain_text(StatusCode::OK, "ok\n")
}

/// The database answers.
async fn readyz(store: web::Data<Store>) -> HttpResponse {
    let look = move || match store.require_in_place() {
        Ok(()) => store.read(integrity::ping).map_err(|error: Error| error.to_string()),
        Err(sentence) => Err(sentence),
    };
    match http::blocking(look).await {
        Ok(Ok(())) => http::plain_text(StatusCode::OK, "ready\n"),
        Ok(Err(error)) => not_ready(format!("not ready: {error}\n")),
        Err(_) => not_ready("not ready\n".to_owned()),
    }
}

fn not_ready(text: String) -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .insert_header(("retry-after", http::whole_seconds(http::RETRY_AFTER)))
        .body(text)
}

async fn not_found() -> HttpResponse {
    let sentence = "There is nothing at this address; / shows what there is.\n";
    http::plain_text(StatusCode::NOT_FOUND, sentence)
}
