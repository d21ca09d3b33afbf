//! Runs that go on in the background.

use super::slice;
use crate::domain::run::{Run, RunState};
use crate::domain::{Author, Caller};
use crate::store::Store;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// A run that this process does in the background, and for whom.
struct UnderWay {
    store: Weak<Store>,
    author: Author,
    caller: Caller,
}

/// The runs that this process does in the background. One thread does a slice of each in turn, so
/// that many runs hold up other writes no more than one does. A run that is continued twice is
/// still done once, for whoever continued it last.
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

    /// Takes the place of what waits of the same run.
    fn add(&mut self, run: UnderWay) {
        self.waiting.retain(|waiting| !waiting.is_of(&run));
        self.waiting.push_back(run);
    }

    /// After a slice; somebody else may have continued it meanwhile.
    fn add_again(&mut self, run: UnderWay) {
        if !self.waiting.iter().any(|waiting| waiting.is_of(&run)) {
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

/// Does a run in the background, for as long as the server has the database open and the caller may
/// do it. When it stops, the run and the log say why.
pub fn in_background(store: &Arc<Store>, author: Author, caller: Caller) {
    let mut background = Background::lock();
    background.add(UnderWay { store: Arc::downgrade(store), author, caller });
    if background.at_work {
        return;
    }
    let work = || {
        while let Some(run) = Background::next() {
            if caught(&run.author.request_id, || run.slice()) {
                Background::lock().add_again(run);
            }
        }
    };
    // Without a thread it is cut off before it began, and says so.
    match std::thread::Builder::new().name("runs".to_owned()).spawn(work) {
        Ok(_) => background.at_work = true,
        Err(error) => tracing::error!(%error, "no thread could be started for a run"),
    }
}

/// A run that panics is given up, and the others go on.
fn caught(request_id: &str, slice: impl FnOnce() -> bool) -> bool {
    catch_unwind(AssertUnwindSafe(slice)).unwrap_or_else(|_| {
        tracing::error!(request_id, "a run panicked");
        false
    })
}

impl UnderWay {
    fn is_of(&self, other: &Self) -> bool {
        self.author.request_id == other.author.request_id
    }

    /// Does a slice; whether there is more to do.
    fn slice(&self) -> bool {
        let Some(store) = self.store.upgrade() else { return false };
        match slice(&store, &self.author, Some(&self.caller)) {
            Ok(run) if run.state == RunState::Running => return true,
            Ok(Run { request_id, action, done, left, .. }) => {
                tracing::info!(%request_id, %action, done, left, "a run has ended or stopped");
            }
            Err(error) => {
                let request_id = &self.author.request_id;
                tracing::error!(%request_id, %error, "a run failed");
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::{Background, UnderWay, caught};
    use crate::domain::{Author, Caller, Origin, RamId};
    use std::collections::VecDeque;
    use std::sync::Weak;

    fn run(actor: &str) -> UnderWay {
        let author = Author::new(actor, Origin::Admin, "RUN");
        let caller = Caller {
            ram_id: RamId::new("1"),
            login_name: actor.to_owned(),
            is_root: true,
            token: None,
        };
        UnderWay { store: Weak::new(), author, caller }
    }

    #[test]
    fn a_run_is_done_for_whoever_continued_it_last() {
        let mut background = Background { waiting: VecDeque::new(), at_work: true };
        let actors = |background: &Background| -> Vec<String> {
            background.waiting.iter().map(|run| run.author.actor.clone()).collect()
        };
        background.add(run("anna"));
        background.add(run("bert"));
        assert_eq!(actors(&background), ["bert"]);
        background.add_again(run("anna"));
        assert_eq!(actors(&background), ["bert"]);
    }

    #[test]
    fn a_run_that_panics_takes_no_other_with_it() {
        assert!(!caught("RUN", || panic!("on purpose")));
        assert!(caught("RUN", || true));
    }
}
