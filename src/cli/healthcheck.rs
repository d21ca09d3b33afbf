//! `numberd healthcheck`

use super::{Failure, Options};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let agent: ureq::Agent =
        ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(3))).build().into();
    let url = format!("http://{}/healthz", asked(options.listen));
    agent
        .get(&url)
        .call()
        .map(|_| ())
        .map_err(|error| Failure::Database(format!("{url} does not answer: {error}.")))
}

/// Where a server that listens at an address is asked: one that listens everywhere, on this
/// machine.
fn asked(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() {
            Ipv4Addr::LOCALHOST.into()
        } else {
            Ipv6Addr::LOCALHOST.into()
        });
    }
    address
}

#[cfg(test)]
mod tests {
    use super::asked;

    #[test]
    fn a_server_that_listens_everywhere_is_asked_on_this_machine() {
        // Linux would take the address as it is, others would not.
        for (listen, expected) in [
            ("0.0.0.0:80", "127.0.0.1:80"),
            ("[::]:80", "[::1]:80"),
            ("10.0.0.7:80", "10.0.0.7:80"),
        ] {
            assert_eq!(asked(listen.parse().unwrap()), expected.parse().unwrap());
        }
    }
}
