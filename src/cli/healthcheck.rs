//! `numberd healthcheck`

use super::Failure;
use super::server_options::Address;
use crate::server::read_certificates;
use clap::Args;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{self, CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme};
use std::io::{Error, Read, Result, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How long each step of the conversation may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// The server that is asked.
#[derive(Debug, Args)]
pub(super) struct Healthcheck {
    #[command(flatten)]
    address: Address,
    /// The certificate that the server uses; no other is trusted [default: plain HTTP].
    #[arg(long, env = "NUMBERD_TLS_CERTIFICATE", value_name = "FILE")]
    tls_certificate: Option<PathBuf>,
}

impl Healthcheck {
    pub(super) fn run(self) -> std::result::Result<(), Failure> {
        let address = asked(self.address.listen);
        let first = |file: PathBuf| read_certificates(&file).map(|mut all| all.swap_remove(0));
        let certificate = self.tls_certificate.map(first).transpose();
        let certificate = certificate.map_err(|why| Failure::database(format!("{why}.")))?;
        let scheme = if certificate.is_some() { "https" } else { "http" };
        let alive = match certificate {
            None => connect(address).and_then(|mut stream| is_alive(&mut stream, address)),
            Some(certificate) => connect_tls(address, certificate)
                .and_then(|mut stream| is_alive(&mut stream, address)),
        };
        let unwell = match alive {
            Ok(true) => return Ok(()),
            Ok(false) => "does not answer that all is well".to_owned(),
            Err(error) => format!("does not answer: {error}"),
        };
        Err(Failure::database(format!("{scheme}://{address}/healthz {unwell}.")))
    }
}

fn is_alive(stream: &mut (impl Read + Write), address: SocketAddr) -> Result<bool> {
    let expected = b"HTTP/1.1 200 ";
    write!(stream, "GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut answer = [0; 13];
    stream.read_exact(&mut answer)?;
    Ok(&answer == expected)
}

fn connect(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

fn connect_tls(
    address: SocketAddr,
    expected: CertificateDer<'static>,
) -> Result<rustls::StreamOwned<ClientConnection, TcpStream>> {
    let provider = Arc::new(ring::default_provider());
    let own = OwnCertificate { expected, provider: Arc::clone(&provider) };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(own))
        .with_no_client_auth();
    let name = ServerName::from(address.ip());
    let connection = ClientConnection::new(Arc::new(config), name).map_err(Error::other)?;
    Ok(rustls::StreamOwned::new(connection, connect(address)?))
}

/// Trusts the server's own certificate and no other: the file says which one that is, whatever name
/// is in it and whoever issued it.
#[derive(Debug)]
struct OwnCertificate {
    expected: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for OwnCertificate {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        if *shown == self.expected {
            return Ok(ServerCertVerified::assertion());
        }
        Err(rustls::Error::General("it shows another certificate than the file".to_owned()))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        crypto::verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        crypto::verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
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
