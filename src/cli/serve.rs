//! `numberd serve`

use super::server_options::ServerOptions;
use super::{Failure, Options, hint, output, public_credentials};
use crate::http::TrustedProxies;
use crate::ops::last_use::LastUse;
use crate::server::{self, Hangup, Parts, Schedule, service};
use crate::store::backups::{self, Keep};
use crate::store::{self, KeyFile, Migrate, Store, ram_users};
use crate::telemetry;
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    server: ServerOptions,
    /// How often a backup is made (12h, 1d).
    #[arg(long, env = "NUMBERD_BACKUP_EVERY", value_name = "TIME", value_parser = interval)]
    backup_every: Option<Duration>,
    /// The directory of these backups [default: backups, beside the database].
    #[arg(long, env = "NUMBERD_BACKUP_TO", value_name = "DIR")]
    backup_to: Option<PathBuf>,
    /// How many backups to keep (14), for how long (30d), or both.
    #[arg(long, env = "NUMBERD_BACKUP_KEEP", value_name = "LIMITS", requires = "backup_every")]
    backup_keep: Option<Keep>,
}

/// Reads how often something is done.
fn interval(text: &str) -> Result<Duration, String> {
    let every = backups::duration(text).filter(|every| *every >= Duration::from_secs(60));
    every.ok_or_else(|| "it must be a time of a minute or more, such as 30m, 12h or 1d".to_owned())
}

pub(super) fn run(options: &Options, serve: &Serve) -> Result<(), Failure> {
    let server = &serve.server;
    telemetry::init(server.log_format);
    let listen_on = server.address.listen;
    let store = open_alone(options, Migrate::Apply)?;
    let key_file = options.open_key_file(&store)?;
    if !listen_on.ip().is_loopback() {
        let public = public_credentials::usable(&store, &key_file)?;
        if !public.is_empty() {
            return Err(Failure::refused(format!(
                "{} has credentials of the demo that everybody knows ({}), so it is served on this machine only; revoke them, or listen on 127.0.0.1.",
                options.database().display(),
                public.join(", ")
            )));
        }
        if server.tls_certificate.is_none() {
            tracing::warn!(listen = %listen_on, "listening beyond this machine without TLS: use --tls-certificate, or put a proxy that speaks TLS in front");
        }
    }
    if let Some(root) = store.read(ram_users::root_without_password)? {
        let command = hint::command(&format!("password set {root}"));
        tracing::info!(login_name = %root, command, "the root user can't log in to the console yet: `numberd password set LOGIN` reads a password from standard input");
    }
    let beside = options.database().with_file_name("backups");
    let directory = serve.backup_to.clone().unwrap_or(beside);
    store::remove_abandoned(&store::directory_of(&options.database()));
    store::remove_abandoned(&directory);
    let schedule = serve.backup_every.map(|every| Schedule {
        every,
        directory: directory.clone(),
        keep: serve.backup_keep,
    });
    let backups = Backups { directory, schedule };
    listen(backups, server, store, key_file, Hangup::GoOn, |_| ())
}

/// Where backups go, and when they are made.
pub(super) struct Backups {
    /// The directory that the admin API puts them into.
    pub(super) directory: PathBuf,
    /// When they are made without being asked for.
    pub(super) schedule: Option<Schedule>,
}

/// Opens the database for the only server that it may have.
pub(super) fn open_alone(options: &Options, migrate: Migrate) -> Result<Arc<Store>, Failure> {
    let database = options.database();
    if !store::serve_alone(&database)? {
        return Err(Failure::conflict(format!(
            "Another numberd serves {} already; a second one would not see what the first remembers.",
            database.display()
        )));
    }
    let store = options.open(migrate)?;
    store::reserve_shared_memory(&database);
    Ok(store)
}

/// Serves until a signal asks for the end; greets and prints the address once it is bound.
pub(super) fn listen(
    backups: Backups,
    server: &ServerOptions,
    store: Arc<Store>,
    key_file: KeyFile,
    on_hangup: Hangup,
    greet: impl FnOnce(&str),
) -> Result<(), Failure> {
    allow_many_connections();
    let address = server.address.listen;
    let base_path = server.base_path.clone();
    let certificate = server.certificate()?;
    let scheme = if certificate.is_some() { "https" } else { "http" };
    let last_use = Arc::new(LastUse::new(Arc::clone(&store)));
    let parts = Parts {
        store,
        last_use: Arc::clone(&last_use),
        key_file,
        paging: server.paging,
        vcc_rate_limit: server.vcc_rate_limit,
        backups: backups.directory,
        schedule: backups.schedule,
        base_path: base_path.clone(),
        trusted_proxies: TrustedProxies::new(server.trusted_proxies.clone()),
        max_connections: server.max_connections,
        certificate,
        on_hangup,
    };
    actix_web::rt::System::new().block_on(async move {
        let unusable = |error: std::io::Error| {
            Failure::usage(format!(
                "{address} can't be listened on: {error}. --listen chooses another address."
            ))
        };
        let (server, bound) = server::bind(address, parts).map_err(unusable)?;
        let mut announce = Some(move || {
            let base = format!("{scheme}://{bound}{base_path}");
            greet(&base);
            // What nobody can read is no reason not to serve.
            let _ = output::line(&format!("listening on {base}"));
            service::ready();
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
        let served = serving.await.map_err(unusable);
        last_use.write_down();
        served
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
