//! `numberd serve`

use super::{Failure, Options, output};
use crate::server::{self, Parts};
use crate::store::{KeyFile, Migrate, Store};
use crate::telemetry;
use std::sync::Arc;

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    telemetry::init(options.log_format);
    let store = options.open(Migrate::Apply)?;
    let key_file = options.open_key_file(&store)?;
    if !options.listen.ip().is_loopback() {
        tracing::warn!(listen = %options.listen, "listening beyond this machine without TLS: put a proxy that speaks TLS in front");
    }
    listen(options, store, key_file)
}

/// Serves until SIGTERM or SIGINT; prints the address once it is bound.
pub(super) fn listen(options: &Options, store: Arc<Store>, key_file: KeyFile) -> Result<(), Failure> {
    let address = options.listen;
    let paging = options.paging;
    let backups = options.database().with_file_name("backups");
    actix_web::rt::System::new().block_on(async move {
        let unusable = |error: std::io::Error| Failure::Usage(format!("{address} can't be listened on: {error}."));
        let (server, bound) = server::bind(address, Parts { store, key_file, paging, backups }).map_err(unusable)?;
        output::line(&format!("listening on http://{bound}"));
        server.await.map_err(unusable)
    })
}
