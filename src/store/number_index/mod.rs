//! An index of the numbers of each instance in memory: which numbers contain a text, have a value,
//! are held by somebody, each as a bitmap. Words, patterns, filters, totals and facets are unions
//! and intersections of them; the rows of a page come from the database.
//!
//! # Why
//! A pattern or a word scans an index of all numbers with SQL: 8 to 15 ms at 100,000 numbers and 55
//! to 90 ms at a million, whatever the operator, and each facet scans once more. Measured before it
//! was built (page 1 of 100 rows and its total, at a million numbers): `LIKE` 55 to 90 ms, FTS5
//! trigram 4 to 39 ms and none for two digits, a trigram table 0.4 to 0.7 ms with 40 rows to write
//! for each number, bitmaps 0.07 to 0.5 ms, nearly all of it for the rows. Bitmaps take about 75
//! bytes a number and nothing on the disk, and a write pays nothing for them.
//!
//! # Why it can't be wrong
//! The SQL of `phone_numbers` stays the definition; the index answers only when it is proved to
//! belong to the snapshot of the transaction that asks. The proof is the newest line of the change
//! log. Triggers write a line for every change of a row that is indexed here, also for a hand edit
//! and for a write of another process. Lines are never changed, and their ids are never used again.
//! So two snapshots with the same newest line have the same numbers. A counter that each write
//! raises would prove the same, but would cost each write one more page.
//! - The transaction has seen more than the index: the lines in between name the numbers that
//!   changed, which are read again inside this transaction. After too many lines the index is
//!   rebuilt, and SQL answers until then.
//! - It has seen less, because it began before a write that the index already knows: SQL answers.
//! - It can write: SQL answers, so that nothing here ever knows what is not committed.
//! - The file is replaced: the process ends (`engine::file`). It crashes: nothing of the index is
//!   left.
//!
//! # Life
//! The first search of an instance orders its index, which a thread of its own ([`Indexer`]) builds
//! in a read transaction; until it is there, SQL answers. Only a server keeps indexes: a subcommand
//! ends before one would be built.

mod grams;
mod instance;
mod load;
mod moments;
mod numbers;
mod orders;
mod remembered;

pub(super) use instance::InstanceIndex;

use crate::domain::{Error, InstanceId, Order, Page, PageRequest};
use crate::store::engine::{is_brief, may_take_long};
use crate::store::{ReadTx, Store, changes};
use roaring::RoaringBitmap;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak};
use std::thread::JoinHandle;

#[cfg(test)]
thread_local! {
    /// Breaks the rule that ties an index to the snapshot, on this thread.
    pub(super) static LOOSE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// The index of one instance, if there is one.
enum Slot {
    Absent,
    /// It is being built.
    InTheMaking,
    Ready(Box<InstanceIndex>),
    /// It would take too much memory.
    Refused,
}

/// The indexes of a store.
pub(super) struct Indexes {
    slots: Mutex<HashMap<String, Arc<RwLock<Slot>>>>,
    orders: Sender<InstanceId>,
}

/// Makes the indexes of a store; dropped, it stops.
pub struct Indexer {
    stop: Arc<AtomicBool>,
    indexes: Weak<Indexes>,
    thread: Option<JoinHandle<()>>,
}

/// Has a store keep indexes from now on.
pub fn keep(store: &Arc<Store>) -> std::io::Result<Indexer> {
    let (orders, ordered) = channel();
    let indexes = Arc::new(Indexes { slots: Mutex::default(), orders });
    let stop = Arc::new(AtomicBool::new(false));
    let (weak, asked) = (Arc::downgrade(store), Arc::clone(&stop));
    let kept = Arc::downgrade(&indexes);
    let thread = std::thread::Builder::new()
        .name("indexer".to_owned())
        .spawn(move || work(&weak, &kept, &ordered, &asked))?;
    let indexer = Indexer { stop, indexes: Arc::downgrade(&indexes), thread: Some(thread) };
    store.keep_beside(indexes);
    Ok(indexer)
}

impl Indexer {
    /// How many numbers the index of an instance has; `None` while there is none.
    pub fn numbers(&self, instance_id: &InstanceId) -> Option<u64> {
        match &*read(&self.indexes.upgrade()?.slot(instance_id)) {
            Slot::Ready(index) => Some(index.all().len()),
            _ => None,
        }
    }
}

impl Drop for Indexer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // An order wakes the thread up.
        if let Some(indexes) = self.indexes.upgrade() {
            let _ = indexes.orders.send(InstanceId::new(""));
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Makes what is ordered until it is stopped or the store is gone.
fn work(
    store: &Weak<Store>,
    indexes: &Weak<Indexes>,
    ordered: &Receiver<InstanceId>,
    stop: &AtomicBool,
) {
    while let Ok(instance_id) = ordered.recv() {
        let (Some(store), Some(indexes)) = (store.upgrade(), indexes.upgrade()) else { return };
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let made: Result<_, Error> = store.read(|tx| load::build(tx, &instance_id, stop));
        let slot = match made {
            Ok(Some(index)) => {
                let numbers = index.all().len();
                tracing::debug!(instance = instance_id.as_str(), numbers, "numbers were indexed");
                Slot::Ready(Box::new(index))
            }
            Ok(None) => Slot::Refused,
            Err(error) => {
                tracing::warn!(instance = instance_id.as_str(), %error, "numbers were not indexed");
                Slot::Absent
            }
        };
        *write(&indexes.slot(&instance_id)) = slot;
    }
}

/// Reads the index of an instance, if it belongs to the snapshot of the transaction.
pub(super) fn with_index<T>(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    read_it: impl FnOnce(&InstanceIndex) -> T,
) -> Option<T> {
    let slot = tx.beside::<Indexes>()?.slot(instance_id);
    let newest = changes::last_id(tx).ok()?;
    if is_brief() {
        // Another thread may be catching up, which takes a while; and so does SQL.
        let known = slot.try_read().ok();
        let found = known.as_ref().and_then(|slot| slot.of(newest));
        // Where there never will be an index, SQL has its own budget.
        if found.is_none() && !matches!(known.as_deref(), Some(Slot::Refused)) {
            may_take_long();
        }
        return found.map(read_it);
    }
    if let Some(found) = read(&slot).of(newest) {
        return Some(read_it(found));
    }
    tx.beside::<Indexes>()?.catch_up(tx, instance_id, &mut write(&slot), newest);
    // Another transaction may have brought it further meanwhile.
    let slot = read(&slot);
    slot.of(newest).map(read_it)
}

/// Waits until an instance has an index that is up to date.
#[cfg(test)]
pub(super) fn await_index(store: &Store, instance_id: &InstanceId) {
    let is_there = |tx: &ReadTx<'_>| Ok::<_, Error>(with_index(tx, instance_id, |_| ()).is_some());
    while !store.read(is_there).unwrap() {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}

/// The page of a set of numbers, by number.
pub(super) fn page<S: Borrow<RoaringBitmap>>(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    page: PageRequest,
    set: impl FnOnce(&InstanceIndex) -> S,
) -> Option<Page<String>> {
    page_if(tx, instance_id, page, |index| Some(set(index)))
}

/// Like [`page`], but only if the index knows the set.
pub(super) fn page_if<S: Borrow<RoaringBitmap>>(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    page: PageRequest,
    set: impl FnOnce(&InstanceIndex) -> Option<S>,
) -> Option<Page<String>> {
    with_index(tx, instance_id, |index| {
        let found = set(index)?;
        let set = found.borrow();
        let total = set.len();
        let shown = page.within(total);
        let rows = index.part(set, Order::default(), (shown.offset(), shown.rows(total)));
        Some(Page { rows, shown, total })
    })?
}

impl Slot {
    /// The index, if it knows the log up to this line and no further.
    fn of(&self, newest: i64) -> Option<&InstanceIndex> {
        match self {
            Self::Ready(index) if index.seen == newest => Some(index),
            #[cfg(test)]
            Self::Ready(index) if LOOSE.get() => Some(index),
            _ => None,
        }
    }
}

impl Indexes {
    fn slot(&self, instance_id: &InstanceId) -> Arc<RwLock<Slot>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        match slots.get(instance_id.as_str()) {
            Some(slot) => Arc::clone(slot),
            None => {
                let slot = Arc::new(RwLock::new(Slot::Absent));
                slots.insert(instance_id.to_string(), Arc::clone(&slot));
                slot
            }
        }
    }

    /// Orders an index that is not there, and brings one that is behind to the transaction's state.
    fn catch_up(
        &self,
        tx: &ReadTx<'_>,
        instance_id: &InstanceId,
        slot: &mut RwLockWriteGuard<'_, Slot>,
        newest: i64,
    ) {
        let is_wanted = match &mut **slot {
            Slot::Absent => true,
            Slot::InTheMaking | Slot::Refused => false,
            Slot::Ready(index) if index.seen >= newest => false,
            // After an error it may have caught up only half-way.
            Slot::Ready(index) => !load::follow(tx, instance_id, index, newest).unwrap_or_default(),
        };
        if is_wanted {
            **slot = Slot::InTheMaking;
            let _ = self.orders.send(instance_id.clone());
        }
    }
}

fn read(slot: &RwLock<Slot>) -> RwLockReadGuard<'_, Slot> {
    if slot.is_poisoned() {
        drop(write(slot));
    }
    slot.read().unwrap_or_else(PoisonError::into_inner)
}

/// What a panic has left half-way is built again.
fn write(slot: &RwLock<Slot>) -> RwLockWriteGuard<'_, Slot> {
    slot.write().unwrap_or_else(|poisoned| {
        let mut kept = poisoned.into_inner();
        *kept = Slot::Absent;
        slot.clear_poison();
        kept
    })
}
