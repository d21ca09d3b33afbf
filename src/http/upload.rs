//! A file that comes with a request: its whole body, or the one file of a form. It is kept on the
//! disk until the request is answered, however large it is, and few are kept at once, so that
//! neither memory nor the disk fills up, whatever is sent.

use super::body::{BODY_LIMIT, BodyError, is_encoded};
use super::{Headers, blocking};
use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap};
use actix_web::web::{self, Bytes};
use futures_util::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// The largest file, in bytes.
pub const FILE_LIMIT: usize = crate::domain::sheet::LARGEST;

/// How long a file may wait for its place, and then how long it may take to arrive.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many files may be arriving or being read. The next one waits before any of it is received.
const PLACES: usize = 8;

/// How many of them may be one login's, so that nobody waits because somebody sends many.
const OWN_PLACES: usize = 2;

static ROOM: Semaphore = Semaphore::const_new(PLACES);

/// The places of each login that has any.
static OWN_ROOM: Mutex<BTreeMap<String, Weak<Semaphore>>> = Mutex::new(BTreeMap::new());

/// Where a file is kept that is being sent, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spool {
    /// On the database's disk.
    pub directory: PathBuf,
    /// The login of who sends it.
    pub owner: String,
}

/// A file's place among those that arrive or are read.
#[derive(Debug)]
struct Place {
    _own: Option<OwnedSemaphorePermit>,
    _any: Option<SemaphorePermit<'static>>,
}

impl Place {
    async fn of(owner: &str) -> Self {
        let own = own_room(owner).acquire_owned().await.ok();
        Self { _own: own, _any: ROOM.acquire().await.ok() }
    }
}

fn own_room(owner: &str) -> Arc<Semaphore> {
    let mut rooms = OWN_ROOM.lock().unwrap_or_else(PoisonError::into_inner);
    rooms.retain(|_, room| room.strong_count() > 0);
    let known = rooms.get(owner).and_then(Weak::upgrade);
    known.unwrap_or_else(|| {
        let room = Arc::new(Semaphore::new(OWN_PLACES));
        rooms.insert(owner.to_owned(), Arc::downgrade(&room));
        room
    })
}

/// How much is written at a time.
const PART: usize = 256 * 1024;

/// The most fields of a form beside its file, and the longest of them.
const MOST_FIELDS: usize = 20;
const LONGEST_FIELD: usize = 4096;

/// The content types that a file may be sent with. Its bytes decide what it is.
const LABELS: [&str; 5] = [
    "text/csv",
    "text/tab-separated-values",
    "text/plain",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
];

/// A file that has arrived.
#[derive(Debug)]
pub struct Upload {
    file: File,
    length: usize,
    /// The SHA-256 of its bytes.
    pub digest: [u8; 32],
    _place: Place,
}

/// Why a file can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadError {
    /// A bound was broken; the largest is [`FILE_LIMIT`].
    Body(BodyError),
    /// The body is labelled as something that is not a file: the label.
    Label(String),
    /// The form can't be read: a sentence.
    Form(String),
    /// There is no room for it on the disk.
    NoRoom,
    /// Other files of the same login, or of many, were still being read.
    NoPlace,
}

impl From<BodyError> for UploadError {
    fn from(error: BodyError) -> Self {
        Self::Body(error)
    }
}

impl std::fmt::Display for UploadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Body(BodyError::TooLarge) => {
                write!(f, "The file is larger than {FILE_LIMIT} bytes.")
            }
            Self::Body(BodyError::TooSlow) => {
                write!(f, "The file did not arrive within {} seconds.", PATIENCE.as_secs())
            }
            Self::Body(BodyError::Broken) => {
                f.write_str("The body broke off, or its framing is wrong.")
            }
            Self::Body(BodyError::Encoded) => {
                f.write_str("The file is compressed; send it as it is, without Content-Encoding.")
            }
            Self::Label(label) => {
                match label.as_str() {
                    "" => f.write_str("There is no Content-Type")?,
                    label => write!(f, "The Content-Type is {label}")?,
                }
                write!(
                    f,
                    "; send the file as {}, or as the file of a form, multipart/form-data.",
                    LABELS.join(", ")
                )
            }
            Self::Form(sentence) => f.write_str(sentence),
            Self::NoRoom => f.write_str("There is no room for the file on the disk."),
            Self::NoPlace => f.write_str("Other files are still being read; send this one again."),
        }
    }
}

impl Upload {
    /// Its bytes.
    pub fn bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; self.length];
        self.file.read_exact_at(&mut bytes, 0)?;
        Ok(bytes)
    }
}

/// The other fields of a form, as they were sent.
pub(super) type Fields = Vec<(String, String)>;

/// Reads a file into its owner's spool.
pub(super) async fn read(
    headers: &Headers,
    spool: Spool,
    payload: web::Payload,
) -> Result<(Upload, Fields), UploadError> {
    let Spool { directory, owner } = spool;
    let waiting = tokio::time::timeout(PATIENCE, Place::of(&owner));
    let place = waiting.await.map_err(|_| UploadError::NoPlace)?;
    let whole = async {
        let label = headers.media_type();
        let (arriving, fields) = if label == "multipart/form-data" {
            of_form(headers, directory, payload).await?
        } else if LABELS.contains(&label.as_str()) {
            let mut arriving = Arriving::new(directory);
            arriving.take(payload.map(|part| part.map_err(|_| BodyError::Broken.into()))).await?;
            (arriving, Fields::new())
        } else {
            return Err(UploadError::Label(label));
        };
        if arriving.length > 0 && is_encoded(headers, &arriving.first) {
            return Err(BodyError::Encoded.into());
        }
        Ok((arriving.end(place).await?, fields))
    };
    tokio::time::timeout(PATIENCE, whole).await.unwrap_or(Err(BodyError::TooSlow.into()))
}

/// The file of a form, and its other fields.
async fn of_form(
    headers: &Headers,
    directory: PathBuf,
    payload: web::Payload,
) -> Result<(Arriving, Fields), UploadError> {
    let (mut file, mut fields) = (None, Fields::new());
    let mut room = FILE_LIMIT + BODY_LIMIT;
    let bounded = payload.map(move |part| {
        let part = part?;
        room = room.checked_sub(part.len()).ok_or(PayloadError::Overflow)?;
        Ok(part)
    });
    let mut form = Multipart::new(&content_type(headers), bounded);
    while let Some(field) = form.next().await {
        let mut field = field.map_err(|error| unreadable(&error))?;
        let is_file = field.content_disposition().is_some_and(|part| part.get_filename().is_some());
        if !is_file {
            fields.push(text(&mut field).await?);
            if fields.len() > MOST_FIELDS {
                return Err(UploadError::Form("The form has too many fields.".to_owned()));
            }
        } else if file.is_none() {
            let mut arriving = Arriving::new(directory.clone());
            arriving.take(field.map(|part| part.map_err(|error| unreadable(&error)))).await?;
            file = Some(arriving);
        } else {
            return Err(UploadError::Form("The form has more than one file.".to_owned()));
        }
    }
    match file {
        Some(file) => Ok((file, fields)),
        None => Err(UploadError::Form("The form has no file.".to_owned())),
    }
}

fn content_type(headers: &Headers) -> HeaderMap {
    let label = headers.values("content-type").unwrap_or_default().first().copied();
    let value = label.and_then(|label| label.parse().ok());
    value.into_iter().map(|value| (CONTENT_TYPE, value)).collect()
}

fn unreadable(error: &MultipartError) -> UploadError {
    match error {
        MultipartError::Payload(PayloadError::Overflow) => BodyError::TooLarge.into(),
        MultipartError::Payload(_) => BodyError::Broken.into(),
        error => UploadError::Form(format!("The form can't be read: {error}.")),
    }
}

/// A field that is not a file.
async fn text(field: &mut Field) -> Result<(String, String), UploadError> {
    let name = field.name().unwrap_or_default().to_owned();
    let wrong = |rule: &str| UploadError::Form(format!("The field {name:?} of the form {rule}."));
    let bytes = field.bytes(LONGEST_FIELD).await.map_err(|_| wrong("is too long"))?;
    let bytes = bytes.map_err(|error| unreadable(&error))?;
    let value = String::from_utf8(bytes.to_vec()).map_err(|_| wrong("is not UTF-8"))?;
    Ok((name, value))
}

struct Arriving {
    directory: PathBuf,
    file: Option<File>,
    waiting: Vec<u8>,
    first: Vec<u8>,
    length: usize,
    hash: Sha256,
}

impl Arriving {
    fn new(directory: PathBuf) -> Self {
        let (waiting, first, hash) = (Vec::new(), Vec::new(), Sha256::new());
        Self { directory, file: None, waiting, first, length: 0, hash }
    }

    async fn take(
        &mut self,
        parts: impl Stream<Item = Result<Bytes, UploadError>>,
    ) -> Result<(), UploadError> {
        let mut parts = pin!(parts);
        while let Some(part) = parts.next().await {
            let part = part?;
            self.length += part.len();
            if self.length > FILE_LIMIT {
                return Err(BodyError::TooLarge.into());
            }
            let missing = 2_usize.saturating_sub(self.first.len()).min(part.len());
            self.first.extend_from_slice(&part[..missing]);
            self.hash.update(&part);
            self.waiting.extend_from_slice(&part);
            if self.waiting.len() >= PART {
                self.flush().await?;
            }
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), UploadError> {
        let (file, directory) = (self.file.take(), self.directory.clone());
        let part = std::mem::take(&mut self.waiting);
        let write = move || {
            let mut file = file.map_or_else(|| tempfile::tempfile_in(directory), Ok)?;
            file.write_all(&part).map(|()| file)
        };
        let written = blocking(write).await.map_err(io::Error::other).and_then(|written| written);
        self.file = Some(written.map_err(|error| {
            tracing::warn!(%error, "a file can't be written into the database's directory");
            UploadError::NoRoom
        })?);
        Ok(())
    }

    async fn end(mut self, place: Place) -> Result<Upload, UploadError> {
        self.flush().await?;
        let (file, length) = (self.file.ok_or(UploadError::NoRoom)?, self.length);
        Ok(Upload { file, length, digest: self.hash.finalize().into(), _place: place })
    }
}
