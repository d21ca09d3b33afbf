//! `numberd healthcheck`

use super::{Failure, Options};
use std::time::Duration;

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(3))).build().into();
    let mut address = options.listen;
    if address.ip().is_unspecified() {
        // A server that listens everywhere is asked on this machine.
        address.set_ip(if address.is_ipv4() { std::net::Ipv4Addr::LOCALHOST.into() } else { std::net::Ipv6Addr::LOCALHOST.into() });
    }
    let url = format!("http://{address}/healthz");
    agent.get(&url).call().map(|_| ()).map_err(|error| Failure::Database(format!("{url} does not answer: {error}.")))
}
