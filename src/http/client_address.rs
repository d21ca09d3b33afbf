//! Who asks: the address at the other end of the connection, or the one that a trusted proxy
//! reports.
//!
//! A proxy adds the address that it saw at the right end of `X-Forwarded-For` or `Forwarded`
//! (RFC 7239); whatever is left of that came with the request and may be invented. So the
//! list is read from the right: the first address that isn't a trusted proxy's is the client's.
//! Most proxies write one of the two headers and let the other through as it came, and nobody knows
//! here which: where both are there and don't name the same client, neither is believed.

use super::headers::{Headers, NotUtf8};
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

/// A network of addresses, as `10.0.0.0/8`, or a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

/// The text is neither an address nor a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANetwork;

impl std::fmt::Display for NotANetwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it must be an IP address such as 10.0.0.7, or a network such as 10.0.0.0/8")
    }
}

impl std::error::Error for NotANetwork {}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_| NotANetwork)?;
        if bits > most { Err(NotANetwork) } else { Ok(Self { address, bits }) }
    }
}

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        let same = |a: u128, b: u128, width: u32| {
            a.checked_shr(width - self.bits).unwrap_or(0)
                == b.checked_shr(width - self.bits).unwrap_or(0)
        };
        match (self.address, address) {
            (IpAddr::V4(a), IpAddr::V4(b)) => same(a.to_bits().into(), b.to_bits().into(), 32),
            (IpAddr::V6(a), IpAddr::V6(b)) => same(a.to_bits(), b.to_bits(), 128),
            _ => false,
        }
    }
}

/// The proxies that are trusted to report client addresses.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<Network>);

impl TrustedProxies {
    /// These networks and addresses.
    pub fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }

    /// The client of a request that came from `peer`.
    pub(super) fn client(&self, peer: IpAddr, headers: &Headers) -> IpAddr {
        let peer = peer.to_canonical();
        let reported =
            [hops(headers, "x-forwarded-for", address), hops(headers, "forwarded", of_pairs)];
        let mut clients = reported.into_iter().flatten().map(|hops| self.before(peer, hops));
        match (clients.next(), clients.next()) {
            (Some(client), None) => client,
            (Some(client), Some(other)) if client == other => client,
            _ => peer,
        }
    }

    /// The client of a request that came to `peer` by these hops.
    fn before(&self, peer: IpAddr, hops: Vec<Option<IpAddr>>) -> IpAddr {
        let mut client = peer;
        for reported in hops.into_iter().rev() {
            if !self.trusts(client) {
                break;
            }
            // What a trusted proxy reports and nobody can read is the proxy's own doing.
            let Some(address) = reported else { break };
            client = address;
        }
        client
    }
}

/// The addresses that a header reports, from the left; `None` among them for what is not an
/// address, and instead of them if there is no such header.
fn hops(
    headers: &Headers,
    name: &str,
    read: fn(&str) -> Option<IpAddr>,
) -> Option<Vec<Option<IpAddr>>> {
    match headers.values(name) {
        Ok(lists) if lists.is_empty() => None,
        Ok(lists) => Some(lists.iter().flat_map(|list| list.split(',')).map(read).collect()),
        Err(NotUtf8) => Some(vec![None]),
    }
}

/// The address in a hop of `Forwarded`.
fn of_pairs(hop: &str) -> Option<IpAddr> {
    hop.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let named = name.trim().eq_ignore_ascii_case("for");
        named.then(|| address(value.trim().trim_matches('"'))).flatten()
    })
}

/// An address, with or without a port: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`,
/// `[2001:db8::1]:4711`.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let parsed = bare.parse::<IpAddr>().ok();
    let address = parsed.or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::{Headers, Network, TrustedProxies};
    use std::net::IpAddr;

    fn client<V: AsRef<[u8]>>(trusted: &[&str], peer: &str, headers: &[(&str, V)]) -> String {
        let trusted = trusted.iter().map(|text| text.parse().unwrap()).collect();
        let owned = |(name, value): &(&str, V)| ((*name).to_owned(), value.as_ref().to_vec());
        let headers = headers.iter().map(owned).collect();
        let peer: IpAddr = peer.parse().unwrap();
        TrustedProxies::new(trusted).client(peer, &Headers::new(headers)).to_string()
    }

    #[test]
    fn without_a_trusted_proxy_only_the_connection_counts() {
        let headers = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1")];
        assert_eq!(client(&[], "127.0.0.1", &headers), "127.0.0.1");
        assert_eq!(client(&["10.0.0.0/8"], "127.0.0.1", &headers), "127.0.0.1");
        assert_eq!(client(&["10.0.0.0/8"], "::ffff:10.1.2.3", &headers), "192.0.2.1");
    }

    #[test]
    fn the_rightmost_address_that_is_no_trusted_proxy_is_the_clients() {
        let trusted = ["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"];
        for (header, value, expected) in [
            ("x-forwarded-for", "192.0.2.1", "192.0.2.1"),
            ("x-forwarded-for", "6.6.6.6, 192.0.2.1", "192.0.2.1"),
            ("x-forwarded-for", "6.6.6.6,192.0.2.1 , 10.0.0.9", "192.0.2.1"),
            ("x-forwarded-for", "6.6.6.6, 192.0.2.1:4711", "192.0.2.1"),
            ("x-forwarded-for", "10.0.0.8, 10.0.0.9", "10.0.0.8"),
            ("x-forwarded-for", "192.0.2.1, unknown", "127.0.0.1"),
            ("x-forwarded-for", "", "127.0.0.1"),
            ("forwarded", "for=6.6.6.6, for=192.0.2.1;proto=https", "192.0.2.1"),
            ("forwarded", "by=1.1.1.1;For=\"[2001:db9::1]:80\"", "2001:db9::1"),
            ("forwarded", "for=192.0.2.1, for=\"[2001:db8::1]\"", "192.0.2.1"),
            ("forwarded", "for=_hidden", "127.0.0.1"),
            ("forwarded", "proto=https", "127.0.0.1"),
        ] {
            assert_eq!(client(&trusted, "127.0.0.1", &[(header, value)]), expected, "{value}");
        }
        // Two headers are one list.
        let twice = [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "192.0.2.1, 10.0.0.9")];
        assert_eq!(client(&trusted, "127.0.0.1", &twice), "192.0.2.1");
    }

    #[test]
    fn a_header_that_the_proxy_lets_through_invents_no_client() {
        let seen = |headers: &[(&str, &[u8])]| client(&["127.0.0.1"], "127.0.0.1", headers);
        let (x, own) = ("x-forwarded-for", "forwarded");
        assert_eq!(seen(&[(x, b"192.0.2.1"), (own, b"for=6.6.6.6")]), "127.0.0.1");
        assert_eq!(seen(&[(x, b"6.6.6.6"), (own, b"for=192.0.2.1")]), "127.0.0.1");
        assert_eq!(seen(&[(x, b"\xff, 192.0.2.1"), (own, b"for=6.6.6.6")]), "127.0.0.1");
        assert_eq!(seen(&[(x, b"192.0.2.1"), (own, b"for=6.6.6.6, for=192.0.2.1")]), "192.0.2.1");
    }

    #[test]
    fn a_network_is_an_address_or_an_address_with_bits() {
        for text in ["10.0.0.0/8", "0.0.0.0/0", "::/0", "::1", "10.0.0.7", "10.0.0.7/32"] {
            assert!(text.parse::<Network>().is_ok(), "{text}");
        }
        for text in ["", "10.0.0.0/33", "::/129", "10.0.0", "localhost", "10.0.0.0/", "10.0.0.0/x"]
        {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
        let all = ["0.0.0.0/0"];
        assert_eq!(client(&all, "8.8.8.8", &[("x-forwarded-for", "192.0.2.1")]), "192.0.2.1");
    }
}
