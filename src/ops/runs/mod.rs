//! Runs: writes that are too large for one transaction. A run is done in slices, each of which is a
//! transaction of its own and short enough that other writes hardly wait for it.
//!
//! # Cut off and continued
//! What is to be done is stored first ([`start`]). A slice ([`step`]) does the next items and
//! counts them, both in its own transaction, so the row of a run says exactly what is done, however
//! it ends. Nothing marks a run as cut off: one whose last slice was long ago is shown as stopped
//! ([`store::runs::find`](crate::store::runs::find)). Nothing continues by itself, a restart
//! included: a run that stopped waits until somebody continues it ([`go_on`]) or undoes it.
//!
//! # Undone
//! All changes of a run carry the id of its request, so it is undone as any request is; when that
//! is too large as well, the undo is a run too ([`undo()`]). Two at once would each do a part, and
//! undoing one of them would bring back only its own: while one is under way, others are refused.
//!
//! # Who does the slices
//! The command line does them itself ([`drive`]); a server does them on one thread in the
//! background ([`in_background`]).

mod background;
mod numbers;
mod undoing;

use super::access;
use super::batch::{add, apply, remove};
use super::patience::patiently;
use super::stop::{Stop, attempt};
use super::undo;
use super::{adopt, import};
use crate::domain::adopt::AdoptItem;
use crate::domain::batch::{BatchItem, BatchMode, RefusalCode};
use crate::domain::import::{ImportAct, ImportItem};
pub use crate::domain::run::{AT_ONCE, MOST};
use crate::domain::run::{InSlices, MAY_NO_LONGER, Run, RunAct, RunRefusal, RunState, SLICE};
use crate::domain::undo::{UndoReport, UndoTarget};
use crate::domain::{Act, Author, Caller, Error, InstanceId, Missing};
use crate::ops::import::BadLine;
use crate::store::{ReadTx, Store, WriteTx, phone_numbers, runs};
pub use background::in_background;
pub use numbers::{add_numbers, hand_over, remove_numbers, with_each};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How long after a slice the next may begin: another program that waits for the lock asks for it
/// only now and then.
const REST: Duration = Duration::from_millis(10);

/// How many changes that are to be undone are listed in one transaction.
const LISTED: usize = 1000;

/// Stores what is to be done; the slices do it. The run gets the id of the transaction's request.
pub fn start(
    tx: &WriteTx<'_>,
    instance_id: Option<&InstanceId>,
    act: &RunAct,
    mode: BatchMode,
    items: &[Value],
) -> Result<Run, Error> {
    let request_id = runs::insert(tx, instance_id, act, mode, items)?;
    require(tx, None, &request_id)
}

/// A run. `within`: only those of this instance are seen.
pub fn require(
    tx: &ReadTx<'_>,
    within: Option<&InstanceId>,
    request_id: &str,
) -> Result<Run, Error> {
    runs::find(tx, request_id)?
        .filter(|run| within.is_none_or(|within| run.instance_id.as_ref() == Some(within)))
        .ok_or_else(|| Error::NotFound(Missing::Run(request_id.to_owned())))
}

/// Does a run slice by slice until it has ended or stops; `after_each` hears how far it is.
/// The author's request has to be the run's.
///
/// # Errors
/// Those of the database; then the run has stopped, and says so as soon as that can be written.
pub fn drive(
    store: &Store,
    author: &Author,
    mut after_each: impl FnMut(&Run),
) -> Result<Run, Error> {
    loop {
        let run = slice(store, author, None)?;
        after_each(&run);
        if run.state != RunState::Running {
            return Ok(run);
        }
    }
}

/// One slice, retried while the database is locked. For a caller who may no longer do it, the run
/// stops instead.
fn slice(store: &Store, author: &Author, caller: Option<&Caller>) -> Result<Run, Error> {
    let outcome = patiently(|| {
        let (request_id, caller) = (author.request_id.clone(), caller.cloned());
        store.write(author.clone(), move |tx| {
            match caller.map(|caller| require_allowed(tx, &caller, &request_id)) {
                Some(Err(error)) => {
                    stop(tx, None, &request_id, format!("{MAY_NO_LONGER}: {error}."))
                }
                None | Some(Ok(())) => step(tx, &request_id),
            }
        })
    });
    match &outcome {
        Ok(_) => std::thread::sleep(REST),
        Err(error) => {
            let (request_id, why) = (author.request_id.clone(), format!("It failed: {error}."));
            let _ = store.write(author.clone(), move |tx| stop(tx, None, &request_id, why));
        }
    }
    outcome
}

/// Checks that a caller may still do what a run does.
fn require_allowed(tx: &WriteTx<'_>, caller: &Caller, request_id: &str) -> Result<(), Error> {
    let run = require(tx, None, request_id)?;
    access::require_still_valid(tx, caller)?;
    match (&run.act, &run.instance_id) {
        // The account may undo that an instance was given up, which nobody can enter meanwhile.
        (RunAct::Undo { keeps_admin: false, .. }, _) | (_, None) => {
            access::enter_account(caller, Act::ManageAccount)
        }
        (act, Some(instance_id)) => access::enter(tx, caller, instance_id, act.needs()).map(|_| ()),
    }
}

/// Does the next items of a run, as many as a slice has time for.
pub fn step(tx: &WriteTx<'_>, request_id: &str) -> Result<Run, Error> {
    let mut run = require(tx, None, request_id)?;
    if !run.takes_slices() {
        return Ok(run);
    }
    run.stopped = None;
    runs::say_reason(tx, request_id)?;
    if list_more(tx, &mut run)? {
        runs::keep(tx, &run)?;
        return require(tx, None, request_id);
    }
    let began = Instant::now();
    let items = runs::next_items(tx, &run)?;
    if items.is_empty() && run.position() < run.total {
        run.stopped = Some("What it has to do is missing from the database.".to_owned());
    }
    for item in items {
        match attempt(tx, || perform(tx, &run, &item))? {
            Ok(true) => run.done += 1,
            Ok(false) => run.unchanged += 1,
            Err(refusal) => {
                let refusal = RunRefusal {
                    index: run.position(),
                    subject: subject(&run.act, &item),
                    refusal,
                };
                runs::refuse(tx, &run, &refusal)?;
                if run.mode == BatchMode::AllOrNothing {
                    run.stopped = Some(format!("{}: {}.", refusal.subject, refusal.refusal.detail));
                    break;
                }
                run.refused += 1;
            }
        }
        if began.elapsed() > SLICE {
            break;
        }
    }
    if run.position() == run.total {
        run.ended_at = Some(tx.now());
    }
    runs::keep(tx, &run)?;
    require(tx, None, request_id)
}

/// Lists the next changes that an undo takes back, if they aren't all listed; before that nothing
/// is taken back.
fn list_more(tx: &WriteTx<'_>, run: &mut Run) -> Result<bool, Error> {
    let RunAct::Undo { of, listed, only_own, .. } = &mut run.act else { return Ok(false) };
    let Some(before) = *listed else { return Ok(false) };
    let within = run.instance_id.as_ref().filter(|_| *only_own);
    let (items, more) = undo::next_lists(tx, within, of, before, LISTED)?;
    *listed = more;
    runs::append(tx, run, &items)?;
    Ok(true)
}

/// Does one item; `false` when it is so already.
fn perform(tx: &WriteTx<'_>, run: &Run, item: &Value) -> Result<bool, Stop> {
    let instance_id = run.instance_id.as_ref();
    let whose = || {
        instance_id.ok_or_else(|| Error::Internal(format!("run {} is nobody's", run.request_id)))
    };
    match &run.act {
        RunAct::Numbers { each } => {
            let (number, version): (String, u64) = read(item)?;
            require_unchanged(tx, whose()?, &number, version)?;
            apply(tx, whose()?, &each.of(number))
        }
        RunAct::Items => apply(tx, whose()?, &read::<BatchItem>(item)?),
        RunAct::Add { new } => add(tx, whose()?, &read::<String>(item)?, new),
        RunAct::Remove { force } => {
            let (number, version): (String, u64) = read(item)?;
            require_unchanged(tx, whose()?, &number, version)?;
            remove(tx, whose()?, &number, *force).map(|(changed, _)| changed)
        }
        RunAct::Import(act) => {
            let item: ImportItem = read(item)?;
            import::line(tx, whose()?, act, &item, Some(item.version)).map(|_| true)
        }
        RunAct::Adopt { tables } => adopt::one(tx, whose()?, tables, &read(item)?).map(|_| true),
        RunAct::Undo { keeps_admin, .. } => {
            let changes: Vec<i64> = read(item)?;
            let within = instance_id.filter(|_| *keeps_admin);
            undo::set_back_list(tx, within, &changes)
        }
    }
}

fn read<T: DeserializeOwned>(item: &Value) -> Result<T, Error> {
    T::deserialize(item).map_err(|error| Error::Internal(format!("an item of a run: {error}")))
}

/// Checks that a number is as it was selected.
fn require_unchanged(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    number: &str,
    selected: u64,
) -> Result<(), Stop> {
    match phone_numbers::version(tx, instance_id, number) {
        Ok((version, _)) if version == selected => Ok(()),
        Ok(_) => Err(Stop::refused(
            RefusalCode::ChangedSince,
            format!("{number} has changed since it was selected"),
        )),
        Err(Error::NotFound(_)) => Err(Stop::refused(
            RefusalCode::NumberNotFound,
            format!("{instance_id} no longer has {number}"),
        )),
        Err(error) => Err(error.into()),
    }
}

/// What an item is about, for people.
fn subject(act: &RunAct, item: &Value) -> String {
    let text = match act {
        RunAct::Numbers { .. } | RunAct::Remove { .. } => item[0].as_str(),
        RunAct::Add { .. } => item.as_str(),
        RunAct::Items => item["number"].as_str(),
        RunAct::Import(_) => return format!("line {}", item["line"]),
        RunAct::Adopt { .. } => {
            return format!(
                "{} {}",
                item["kind"].as_str().unwrap_or_default(),
                item["key"].as_str().unwrap_or_default()
            );
        }
        RunAct::Undo { .. } => return format!("change {}", item[0]),
    };
    text.unwrap_or_default().to_owned()
}

/// Lets a run that has stopped go on where it stopped, in another mode if one is given, and for
/// another reason if the transaction has one: what was refused is tried again. One that has ended
/// stays as it is, and an undo waits while another of the same request is under way. An instance
/// (`within`) keeps its Admin, whoever began it.
pub fn go_on(
    tx: &WriteTx<'_>,
    within: Option<&InstanceId>,
    request_id: &str,
    mode: Option<BatchMode>,
) -> Result<Run, Error> {
    let mut run = require(tx, within, request_id)?;
    if let RunAct::Undo { keeps_admin, .. } = &mut run.act {
        *keeps_admin |= within.is_some();
    }
    runs::take_over(tx, &run)?;
    if run.state == RunState::Stopped {
        undoing::require_only_one(tx, &run)?;
        (run.stopped, run.mode) = (None, mode.unwrap_or(run.mode));
        runs::try_again(tx, &run)?;
        runs::keep(tx, &run)?;
    }
    require(tx, within, request_id)
}

/// Stops a run after the slice that is being done; it may go on later.
pub fn stop(
    tx: &WriteTx<'_>,
    within: Option<&InstanceId>,
    request_id: &str,
    why: String,
) -> Result<Run, Error> {
    let mut run = require(tx, within, request_id)?;
    if run.takes_slices() {
        run.stopped = Some(why);
        runs::keep(tx, &run)?;
    }
    require(tx, within, request_id)
}

/// Begins what is done all or nothing.
fn begin<T: Serialize, D>(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    act: &RunAct,
    items: &[T],
) -> Result<InSlices<D>, Error> {
    let items: Vec<Value> = items.iter().map(|item| json!(item)).collect();
    let run = start(tx, Some(instance_id), act, BatchMode::AllOrNothing, &items)?;
    Ok(InSlices::Run(Box::new(run)))
}

/// Does the lines of an import, or begins to; the first that can't be done says why none was.
pub fn import(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    act: ImportAct,
    items: &[ImportItem],
) -> Result<InSlices<Result<(), BadLine>>, Error> {
    if items.len() <= AT_ONCE {
        return import::all(tx, instance_id, &act, items).map(InSlices::AtOnce);
    }
    begin(tx, instance_id, &RunAct::Import(act), items)
}

/// Takes things over from a vendor, or begins to; a sentence says why none was.
pub fn adopt(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    tables: Vec<ImportAct>,
    items: &[AdoptItem],
) -> Result<InSlices<Result<(), String>>, Error> {
    if items.len() <= AT_ONCE {
        return adopt::all(tx, instance_id, &tables, items).map(InSlices::AtOnce);
    }
    begin(tx, instance_id, &RunAct::Adopt { tables }, items)
}

/// Undoes as [`undo::undo`] does, or begins to undo what is too much for one transaction. A dry run
/// of that tries the newest thousand changes.
pub fn undo(
    tx: &WriteTx<'_>,
    within: Option<&InstanceId>,
    target: &UndoTarget,
    mode: BatchMode,
) -> Result<InSlices<UndoReport>, Error> {
    if let UndoTarget::Request(id) = target {
        undoing::require_none(tx, within, id)?;
        if !tx.is_rehearsed()
            && let Some(run) = undoing::start(tx, within, id, mode)?
        {
            return Ok(InSlices::Run(Box::new(run)));
        }
    }
    undo::undo(tx, within, target, mode).map(InSlices::AtOnce)
}
