//! The options of a server: of `serve`, and of the demo.

use super::{Failure, names};
use crate::domain::Paging;
use crate::http::{BasePath, Network};
use crate::server::{Certificate, MOST_CONNECTIONS, USUAL_CONNECTIONS};
use crate::telemetry::LogFormat;
use clap::Args;
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, Args)]
pub(super) struct ServerOptions {
    #[command(flatten)]
    pub(super) address: Address,
    /// The certificate for HTTPS, in PEM; read again on SIGHUP [default: plain HTTP].
    #[arg(long, env = "NUMBERD_TLS_CERTIFICATE", value_name = "FILE", requires = "tls_key")]
    pub(super) tls_certificate: Option<PathBuf>,
    /// Its private key, in PEM.
    #[arg(long, env = "NUMBERD_TLS_KEY", value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// What the CCC face does with pages outside the limits: strict, last-page or clamp.
    #[arg(long, env = "NUMBERD_PAGING", value_enum, default_value_t, hide_possible_values = true)]
    pub(super) paging: Paging,
    /// How many requests a minute one OAuth2 client of the VCC face may make [default: no limit].
    #[arg(
        long,
        env = "NUMBERD_VCC_RATE_LIMIT",
        value_name = "REQUESTS",
        value_parser = names::between(NonZeroU32::MIN..=NonZeroU32::MAX)
    )]
    pub(super) vcc_rate_limit: Option<NonZeroU32>,
    /// The path below which a proxy shows it.
    #[arg(
        long,
        env = "NUMBERD_BASE_PATH",
        value_name = "PATH",
        default_value_t,
        hide_default_value = true
    )]
    pub(super) base_path: BasePath,
    /// The address or network (10.0.0.0/8) of a proxy that reports clients; may be repeated.
    #[arg(
        long = "trusted-proxy",
        env = "NUMBERD_TRUSTED_PROXY",
        value_name = "NETWORK",
        value_delimiter = ','
    )]
    pub(super) trusted_proxies: Vec<Network>,
    /// How many connections may be open; further ones are answered 503.
    #[arg(
        long,
        env = "NUMBERD_MAX_CONNECTIONS",
        value_name = "NUMBER",
        default_value_t = USUAL_CONNECTIONS,
        value_parser = names::between(NonZeroUsize::MIN..=MOST_CONNECTIONS)
    )]
    pub(super) max_connections: NonZeroUsize,
    /// Log as text or json.
    #[arg(
        long,
        env = "NUMBERD_LOG_FORMAT",
        value_enum,
        default_value_t,
        hide_possible_values = true
    )]
    pub(super) log_format: LogFormat,
}

/// Where a server listens.
#[derive(Debug, Args)]
pub(super) struct Address {
    /// The address that the server listens on.
    #[arg(
        long,
        env = "NUMBERD_LISTEN",
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:8080",
        value_parser = listen_address
    )]
    pub(super) listen: SocketAddr,
}

impl ServerOptions {
    /// The certificate, if there is to be TLS.
    pub(super) fn certificate(&self) -> Result<Option<Arc<Certificate>>, Failure> {
        let both = self.tls_certificate.as_deref().zip(self.tls_key.as_deref());
        let read = both.map(|(chain, key)| Certificate::read(chain, key)).transpose();
        read.map_err(|error| Failure::usage(format!("{error}.")))
    }
}

/// Reads an address to listen on: with an IP address, a name, or none for every address.
fn listen_address(text: &str) -> Result<SocketAddr, String> {
    let example = || {
        "it must be an address and a port, such as 127.0.0.1:8080, [::1]:8080, localhost:8080 or :8080"
            .to_owned()
    };
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let (host, port) = text.rsplit_once(':').ok_or_else(example)?;
    let port: u16 = port.parse().map_err(|_| example())?;
    if host.is_empty() {
        return Ok((Ipv4Addr::UNSPECIFIED, port).into());
    }
    if host.contains(':') {
        return Err(format!("an IPv6 address needs brackets: [{host}]:{port}"));
    }
    let found: Vec<SocketAddr> = (host, port)
        .to_socket_addrs()
        .map_err(|error| format!("{host} can't be resolved: {error}"))?
        .collect();
    // The loopback name has two addresses; most clients try the shorter one.
    let first = found.iter().find(|address| address.is_ipv4()).or(found.first());
    first.copied().ok_or_else(|| format!("{host} has no address"))
}
