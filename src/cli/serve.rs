//! `numberd serve`

use super::{Failure, Options, output, public_credentials};
use crate::http::TrustedProxies;
use crate::server::{self, Hangup, Parts};
use crate::store::{self, KeyFile, Migrate, Store};
use crate::telemetry;
use std::net::SocketAddr;
use std::sync::Arc;

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    telemetry::init(options.log_format);
    let store = open_alone(options, Migrate::Apply)?;
    let key_file = options.open_key_file(&store)?;
    if !options.listen.ip().is_loopback() {
        let public = public_credentials::usable(&store, &key_file)?;
        if !public.is_empty() {
            return Err(Failure::Refused(format!(
                "{} has credentials of the demo that everybody knows ({}), so it is served on this machine only; revoke them, or listen on 127.0.0.1.",
                options.database().display(),
                public.join(", ")
            )));
        }
        tracing::warn!(listen = %options.listen, "listening beyond this machine without TLS: put a proxy that speaks TLS in front");
    }
    listen(options, store, key_file, Hangup::GoOn, |_| ())
}

/// Opens the database for the only server that it may have.
pub(super) fn open_alone(options: &Options, migrate: Migrate) -> Result<Arc<Store>, Failure> {
    let database = options.database();
    if !store::serve_alone(&database)? {
        return Err(Failure::Conflict(format!(
            "Another numberd serves {} already; a second one would not see what the first remembers.",
            database.display()
        )));
    }
    options.open(migrate)
}

/// Serves until a signal asks for the end; greets and prints the address once it is bound.
pub(super) fn listen(
    options: &Options,
    store: Arc<Store>,
    key_file: KeyFile,
    on_hangup: Hangup,
    greet: impl FnOnce(SocketAddr),
) -> Result<(), Failure> {
    allow_many_connections();
    let address = options.listen;
    let (paging, vcc_rate_limit) = (options.paging, options.vcc_rate_limit);
    let max_connections = options.max_connections;
    let trusted_proxies = TrustedProxies::new(options.trusted_proxies.clone());
    let backups = options.database().with_file_name("backups");
    actix_web::rt::System::new().block_on(async move {
        let unusable = |error: std::io::Error| {
            Failure::Usage(format!("{address} can't be listened on: {error}."))
        };
        let parts = Parts {
            store,
            key_file,
            paging,
            vcc_rate_limit,
            backups,
            trusted_proxies,
            max_connections,
            on_hangup,
        };
        let (server, bound) = server::bind(address, parts).map_err(unusable)?;
        let mut announce = Some(move || {
            greet(bound);
            // What nobody can read is no reason not to serve.
            let _ = output::line(&format!("listening on http://{bound}"));
        });
        let mut server = std::pin::pin!(server);
        // Polled once the server catches signals; only then is it said to listen, so that a stop is
        // always a graceful one.
        let serving = std::future::poll_fn(move |context| {
            let state = server.as_mut().poll(context);
            if let Some(announce) = announce.take() {
                announce();
            }
            state
        });
        serving.await.map_err(unusable)
    })
}

/// Every connection is an open file, and the usual limit of 1,024 is soon reached; a program may
/// raise its own up to the hard limit. Where it can't, the usual one has to do.
fn allow_many_connections() {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let raised = rustix::process::Rlimit {
        current: limit.maximum.map(|hard| hard.min(65_536)).or(Some(65_536)),
        ..limit
    };
    if limit.current < raised.current {
        let _ = rustix::process::setrlimit(rustix::process::Resource::Nofile, raised);
    }
}
