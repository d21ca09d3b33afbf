//! The key file: 32 random bytes outside the database that encrypt the AccessKey secrets inside it.
//!
//! XChaCha20-Poly1305 with a random nonce for each row; the row's table and id are authenticated
//! with it, so that the ciphertexts of two rows can't be swapped. A backup of the database without
//! the key file gives no secret away.

use super::error::OpenError;
use crate::domain::Error;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// The key in memory.
#[derive(Clone)]
pub struct KeyFile {
    cipher: XChaCha20Poly1305,
}

/// An encrypted secret, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncryptedSecret {
    /// 24 random bytes.
    pub nonce: Vec<u8>,
    /// The ciphertext with its tag.
    pub ciphertext: Vec<u8>,
}

impl KeyFile {
    /// Makes a new key and writes it to a new file of mode 0600, as base64 text.
    pub fn create(path: &Path) -> Result<Self, OpenError> {
        let key = random_bytes::<32>().map_err(|error| OpenError::new(error.to_string()))?;
        let refused = |error: std::io::Error| {
            OpenError::new(format!("The key file {} can't be created: {error}.", path.display()))
        };
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(refused)?;
        writeln!(file, "{}", STANDARD.encode(key))
            .and_then(|()| file.sync_all())
            .map_err(refused)?;
        Ok(Self::from_key(&key))
    }

    /// Reads an existing key file.
    ///
    /// # Errors
    /// It is missing, malformed, or can be read by others than its owner.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let refused = |error: std::io::Error| {
            OpenError::new(format!("The key file {} can't be read: {error}.", path.display()))
        };
        let mode = std::fs::metadata(path).map_err(refused)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(OpenError::new(format!(
                "The key file {} can be read by others (mode {:03o}); `chmod 600` it.",
                path.display(),
                mode & 0o777
            )));
        }
        let text = std::fs::read_to_string(path).map_err(refused)?;
        let key: [u8; 32] =
            STANDARD.decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(
                || {
                    OpenError::new(format!(
                        "The key file {} does not hold 32 bytes as base64.",
                        path.display()
                    ))
                },
            )?;
        Ok(Self::from_key(&key))
    }

    fn from_key(key: &[u8; 32]) -> Self {
        Self { cipher: XChaCha20Poly1305::new(&Key::from(*key)) }
    }

    /// Encrypts `secret` for the place that `belongs_to` names.
    pub fn seal(&self, belongs_to: &str, secret: &[u8]) -> Result<EncryptedSecret, Error> {
        let nonce = random_bytes::<24>()?;
        let payload = Payload { msg: secret, aad: belongs_to.as_bytes() };
        let ciphertext = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::Internal("a secret can't be encrypted".to_owned()))?;
        Ok(EncryptedSecret { nonce: nonce.to_vec(), ciphertext })
    }

    /// Decrypts what [`Self::seal`] made for the same place; `None` with another key, another
    /// place, or a changed text.
    pub fn unseal(&self, belongs_to: &str, sealed: &EncryptedSecret) -> Option<Vec<u8>> {
        let nonce: [u8; 24] = sealed.nonce.as_slice().try_into().ok()?;
        self.cipher
            .decrypt(
                &XNonce::from(nonce),
                Payload { msg: &sealed.ciphertext, aad: belongs_to.as_bytes() },
            )
            .ok()
    }
}

/// Random bytes from the operating system.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::Internal(format!("the system gives no random bytes: {error}")))?;
    Ok(bytes)
}
