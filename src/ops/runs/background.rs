//! Runs that go on in the background.

use super::slice;
use crate::domain::run::{Run, RunState};
use crate::domain::{Author, Caller};
use crate::store::Store;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// A run that this process does in the background, and for whom.
struct UnderWay {
    store: Weak<Store>,
    author: Author,
    caller: Caller,
}

/// The runs that this process does in the background. One thread does a slice of each in turn, so
/// that many runs hold up other writes no more than one does. A run that is continued twice is
/// still done once.
struct Background {
    waiting: VecDeque<UnderWay>,
    at_work: bool,
}

static BACKGROUND: Mutex<Background> =
    Mutex::new(Background { waiting: VecDeque::new(), at_work: false });

impl Background {
    fn lock() -> MutexGuard<'static, Self> {
        BACKGROUND.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&mut self, run: UnderWay) {
        let id = &run.author.request_id;
        if !self.waiting.iter().any(|waiting| waiting.author.request_id == *id) {
            self.waiting.push_back(run);
        }
    }

    /// The next; after the last the thread ends.
    fn next() -> Option<UnderWay> {
        let mut background = Self::lock();
        let next = background.waiting.pop_front();
        background.at_work = next.is_some();
        next
    }
}

/// Lets another thread take over where this one panics.
struct AtWork;

impl Drop for AtWork {
    fn drop(&mut self) {
        if std::thread::panicking() {
            Background::lock().at_work = false;
        }
    }
}

/// Does a run in the background, for as long as somebody else has the database open and the caller
/// may do it. When it stops, the run and the log say why.
pub fn in_background(store: &Arc<Store>, author: Author, caller: Caller) {
    let mut background = Background::lock();
    background.add(UnderWay { store: Arc::downgrade(store), author, caller });
    if background.at_work {
        return;
    }
    let work = || {
        let _at_work = AtWork;
        while let Some(run) = Background::next() {
            if run.slice() {
                Background::lock().add(run);
            }
        }
    };
    // Without a thread it is cut off before it began, and says so.
    match std::thread::Builder::new().name("runs".to_owned()).spawn(work) {
        Ok(_) => background.at_work = true,
        Err(error) => tracing::error!(%error, "no thread could be started for a run"),
    }
}

impl UnderWay {
    /// Does a slice; whether there is more to do.
    fn slice(&self) -> bool {
        let Some(store) = self.store.upgrade() else { return false };
        match slice(&store, &self.author, Some(&self.caller)) {
            Ok(run) if run.state == RunState::Running => return true,
            Ok(Run { request_id, action, done, left, .. }) => {
                tracing::info!(%request_id, action, done, left, "a run has ended or stopped");
            }
            Err(error) => {
                let request_id = &self.author.request_id;
                tracing::error!(%request_id, %error, "a run failed");
            }
        }
        false
    }
}
