//! A long body: made whole before it is sent, so that nothing of the database is held while a slow
//! client reads it, and kept in a file when it is long, so that it takes no memory.

use crate::domain::{Error, Unavailable};
use actix_web::body::SizedStream;
use actix_web::web::{self, Bytes};
use futures_util::stream::{self, Stream};
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const IN_MEMORY: usize = 1024 * 1024;

/// How much is read from the file at once.
const PART: u64 = 64 * 1024;

/// A body that is being made.
#[derive(Debug)]
pub struct Download {
    directory: PathBuf,
    memory: Vec<u8>,
    file: Option<File>,
    length: u64,
}

/// A body that is in a file without a name, which is gone once it is sent.
#[derive(Clone, Debug)]
pub struct InFile {
    file: Arc<File>,
    length: u64,
}

impl Download {
    /// An empty body; a long one is kept in this directory.
    pub fn in_directory(directory: &Path) -> Self {
        Self { directory: directory.to_owned(), memory: Vec::new(), file: None, length: 0 }
    }

    /// Adds to the body.
    pub fn push(&mut self, text: &str) -> Result<(), Error> {
        self.length += text.len() as u64;
        self.memory.extend_from_slice(text.as_bytes());
        if self.memory.len() > IN_MEMORY { self.flush().map_err(no_room) } else { Ok(()) }
    }

    /// A body that is written into a file in this directory.
    pub fn written(
        directory: &Path,
        write: impl FnOnce(&mut File) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let mut file = tempfile::tempfile_in(directory).map_err(no_room)?;
        write(&mut file)?;
        let length = file.metadata().map_err(no_room)?.len();
        Ok(Self { length, file: Some(file), ..Self::in_directory(directory) })
    }

    /// The body as bytes.
    pub fn bytes(self) -> Result<Vec<u8>, Error> {
        let (mut bytes, file) = self.finish()?;
        if let Some(InFile { file, length }) = file {
            bytes = vec![0; length as usize];
            file.read_exact_at(&mut bytes, 0).map_err(no_room)?;
        }
        Ok(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile_in(&self.directory)?),
        };
        file.write_all(&self.memory)?;
        self.memory.clear();
        Ok(())
    }

    /// The body: its bytes, or the file that they are in.
    pub(super) fn finish(mut self) -> Result<(Vec<u8>, Option<InFile>), Error> {
        if self.file.is_some() {
            self.flush().map_err(no_room)?;
        }
        let length = self.length;
        let file = self.file.map(|file| InFile { file: Arc::new(file), length });
        Ok((self.memory, file))
    }
}

fn no_room(error: io::Error) -> Error {
    tracing::warn!(%error, "a long list can't be written into the database's directory");
    Error::Unavailable(Unavailable::DiskFull)
}

impl From<String> for Download {
    fn from(text: String) -> Self {
        let memory = text.into_bytes();
        Self { directory: PathBuf::new(), length: memory.len() as u64, memory, file: None }
    }
}

impl InFile {
    /// The body for the web framework.
    pub(super) fn body(self) -> SizedStream<impl Stream<Item = io::Result<Bytes>>> {
        let length = self.length;
        let parts = stream::try_unfold((self, 0), |(body, at)| async move {
            let size = PART.min(body.length - at);
            if size == 0 {
                return Ok(None);
            }
            let file = Arc::clone(&body.file);
            let read = web::block(move || {
                let mut part = vec![0; size as usize];
                file.read_exact_at(&mut part, at).map(|()| part)
            });
            let part = read.await.map_err(io::Error::other)??;
            Ok(Some((Bytes::from(part), (body, at + size))))
        });
        SizedStream::new(length, Box::pin(parts))
    }
}
