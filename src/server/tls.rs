//! TLS by the server itself, for an office without a proxy.
//!
//! The certificate is read again on SIGHUP, for when it was renewed. Connections that are open keep
//! the old one; what can't be read or doesn't fit together leaves the old one in use.

use super::connection::{BROKEN, Connection, HANDSHAKE_PATIENCE};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::io::{Error, ErrorKind, Result};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::task::{Context, Poll, Waker};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// What a client is told that speaks plain HTTP to a port with TLS.
const SPEAK_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 44\r\n\r\nThis port speaks HTTPS: begin with https://\n";

/// A certificate with its key, in two files.
#[derive(Debug)]
pub struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    current: RwLock<Arc<CertifiedKey>>,
}

impl Certificate {
    /// Reads the two PEM files: the certificate, followed by those that lead to its issuer, and its
    /// private key.
    ///
    /// # Errors
    /// A sentence on what is wrong with which file.
    pub fn read(chain: &Path, key: &Path) -> std::result::Result<Arc<Self>, String> {
        let current = RwLock::new(Arc::new(certified(chain, key)?));
        Ok(Arc::new(Self { chain: chain.to_owned(), key: key.to_owned(), current }))
    }

    /// Reads the files again.
    ///
    /// # Errors
    /// What is wrong with them; the one that was read before stays in use.
    pub(super) fn renew(&self) -> std::result::Result<(), String> {
        let new = Arc::new(certified(&self.chain, &self.key)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

fn certified(chain: &Path, key: &Path) -> std::result::Result<CertifiedKey, String> {
    let certificates = read_certificates(chain)?;
    let missing = |error| unusable(key, &wrong_with(&pem::Error::Io(error), "private key"));
    if std::fs::metadata(key).map_err(missing)?.mode() & 0o007 != 0 {
        return Err(unusable(
            key,
            "everybody on this machine can use it; chmod o= takes that away",
        ));
    }
    let private = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| unusable(key, &wrong_with(&error, "private key")))?;
    let certified = CertifiedKey::from_der(certificates, private, &ring::default_provider());
    certified.map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => {
            let chain = chain.display();
            unusable(key, &format!("it doesn't go with {chain}: it is another certificate's key"))
        }
        rustls::Error::InvalidCertificate(_) => {
            unusable(chain, "its first certificate is damaged or of a kind that is not known")
        }
        _ => unusable(
            key,
            "its private key is damaged or of a kind that is not known; RSA, ECDSA (P-256, P-384, P-521) and Ed25519 are",
        ),
    })
}

/// The certificates of a PEM file, of which there is one at least.
pub fn read_certificates(
    chain: &Path,
) -> std::result::Result<Vec<CertificateDer<'static>>, String> {
    let found: std::result::Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(chain).and_then(Iterator::collect);
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(unusable(chain, &wrong_with(&pem::Error::NoItemsFound, "certificate"))),
        Err(error) => Err(unusable(chain, &wrong_with(&error, "certificate"))),
    }
}

fn unusable(path: &Path, why: &str) -> String {
    format!("{} can't be used for TLS: {why}", path.display())
}

/// What is wrong with a PEM file, and what to do.
fn wrong_with(error: &pem::Error, what: &str) -> String {
    match error {
        pem::Error::Io(error) if error.kind() == ErrorKind::NotFound => {
            "there is no such file".to_owned()
        }
        pem::Error::Io(error) if error.kind() == ErrorKind::PermissionDenied => {
            "the user that numberd runs as may not read it".to_owned()
        }
        pem::Error::Io(error) => format!("it can't be read: {error}"),
        pem::Error::NoItemsFound => format!(
            "there is no {what} in it, as PEM and without a passphrase: a part that begins with -----BEGIN {}-----",
            what.to_ascii_uppercase()
        ),
        _ => "it is not whole PEM: one of its parts is damaged or has no end; copy the file again"
            .to_owned(),
    }
}

/// What answers TLS handshakes with a certificate.
pub(super) fn acceptor(certificate: Arc<Certificate>) -> Result<TlsAcceptor> {
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Error::other)?;
    let mut config = builder.with_no_client_auth().with_cert_resolver(certificate);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// A connection, with TLS or without.
pub(super) enum Wire {
    Plain(Connection),
    Tls(Box<TlsStream<Connection>>),
}

impl Wire {
    /// Makes the handshake, where there is to be one.
    pub(super) async fn open(connection: Connection, tls: Option<TlsAcceptor>) -> Result<Self> {
        let Some(tls) = tls else { return Ok(Self::Plain(connection)) };
        let handshake = async {
            if connection.begins_with_a_letter().await? {
                connection.refuse(SPEAK_TLS);
                return Err(Error::from(ErrorKind::InvalidData));
            }
            Ok(Self::Tls(Box::new(tls.accept(connection).await?)))
        };
        tokio::time::timeout(HANDSHAKE_PATIENCE, handshake).await?
    }

    pub(super) fn connection(&self) -> &Connection {
        match self {
            Self::Plain(connection) => connection,
            Self::Tls(stream) => stream.get_ref().0,
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.connection().is_broken_off() {
            let mut context = Context::from_waker(Waker::noop());
            let _ = Pin::new(&mut *self).poll_write(&mut context, BROKEN);
            let _ = Pin::new(&mut *self).poll_flush(&mut context);
        }
    }
}

/// Calls a method of whichever stream it is.
macro_rules! either {
    ($wire:expr, $method:ident($($argument:expr),*)) => {
        match $wire.get_mut() {
            Wire::Plain(stream) => Pin::new(stream).$method($($argument),*),
            Wire::Tls(stream) => Pin::new(stream.as_mut()).$method($($argument),*),
        }
    };
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        either!(self, poll_read(context, buffer))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        either!(self, poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        either!(self, poll_write_vectored(context, slices))
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(stream) => stream.is_write_vectored(),
            Self::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        either!(self, poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        either!(self, poll_shutdown(context))
    }
}
