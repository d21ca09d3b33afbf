//! One request on its way from its route to the route's function: what the function is called
//! with, the transaction it runs in, and its response.

use super::auth::Sender;
use super::dry_run::DryRun;
use super::etag::{self, Guard};
use super::fields::{FieldError, Fields, Nothing, With, WithDryRun, WithReason, say_where};
use super::idempotency::{Begun, KeyedRequest, Running};
use super::path::{FromPath, PathValues};
use super::problem::{Failure, Result};
use super::receipt::Receipt;
use super::reply::{Plain, Respond};
use super::request::{self, Request, Write};
use super::scope::Scope;
use crate::domain::sheet::FileFormat;
use crate::domain::{Act, Author, Caller, Origin};
use crate::http::{Answer, BasePath, ListFile, Upload};
use crate::ops::access::{self, Reading, Writing};
use crate::ops::{forgotten_people, runs};
use crate::store::{ReadTx, Store, WriteTx, changes, is_brief, require_patience};
use std::path::PathBuf;
use std::sync::Arc;

/// What is written after a file was looked at, in a transaction of its own.
pub(super) type Then<S, R> = Box<dyn FnOnce(&WriteTx<'_>, &S) -> Result<R> + Send>;

/// What all requests share.
pub(super) struct Resources {
    pub(super) store: Arc<Store>,
    pub(super) backups: PathBuf,
    /// The Idempotency-Keys of the requests that are running.
    pub(super) running: Running,
}

/// Where a reason belongs.
const REASON_PLACES: &str = "in the body or in the header X-Change-Reason, not in the query";

pub(super) struct Call<'a> {
    pub(super) resources: &'a Resources,
    pub(super) request: &'a Request<'a>,
    pub(super) path: PathValues,
    pub(super) sender: Sender<'a>,
    /// What the caller's role must allow.
    pub(super) act: Act,
    pub(super) request_id: &'a str,
    /// Where the clients find the server's addresses.
    pub(super) base_path: &'a BasePath,
}

impl Call<'_> {
    /// Who sends the request, where that needs a transaction of its own.
    fn caller(&self) -> Result<Caller> {
        self.resources.store.read(|tx| self.sender.verify(tx))
    }

    /// Like [`Self::caller`], for a request that changes something.
    fn writer(&self) -> Result<Caller> {
        let caller = self.caller()?;
        access::require_writer(&caller)?;
        Ok(caller)
    }

    /// Runs a function that reads, in one transaction, in which the caller is verified first.
    pub(super) fn read<S: Scope, P: FromPath, Q: Fields, R: Respond>(
        self,
        function: impl Fn(Reading<'_, S>, P, Q) -> Result<R>,
    ) -> Result<Answer> {
        let format = if R::IS_LIST { self.request.file_format() } else { Ok(None) };
        if let Some(format) = format.transpose() {
            return self.file::<S, P, Q, R>(format, function);
        }
        let store = &self.resources.store;
        let act = |tx: &ReadTx<'_>, caller: &Caller| {
            let (path, query) = self.parts::<P, Q>()?;
            let scope = S::enter(tx, caller, &self.path, self.act)?;
            Ok::<_, Failure>(function(Reading { tx, place: &scope }, path, query)?.answer()?)
        };
        let answer = if is_brief() {
            store.read(|tx| act(tx, &self.sender.verify(tx)?))
        } else {
            // Long reads take turns by caller, so the caller must be known first.
            let caller = self.caller()?;
            store.read_fairly(&caller.login_name, |tx| act(tx, &caller))
        }?;
        match (self.request.header("if-none-match")?, answer.header("etag")) {
            (Some(known), Some(tag)) if etag::is_fresh(&known, tag) => {
                let tag = tag.to_owned();
                Ok(Answer::json(304, Vec::new()).with("etag", tag))
            }
            _ => Ok(answer),
        }
    }

    /// What a function that reads is called with.
    fn parts<P: FromPath, Q: Fields>(&self) -> Result<(P, Q)> {
        let mut errors = Vec::new();
        let path = P::read(&self.path, &mut errors);
        let query = request::from_query(&self.request.query()?, &mut errors);
        match (path, query, errors.is_empty()) {
            (Some(path), Some(query), true) => Ok((path, query)),
            _ => Err(Failure::Malformed(errors)),
        }
    }

    /// A list as a file: all its pages in one transaction, or the page that is asked for.
    fn file<S: Scope, P: FromPath, Q: Fields, R: Respond>(
        self,
        format: Result<FileFormat>,
        function: impl Fn(Reading<'_, S>, P, Q) -> Result<R>,
    ) -> Result<Answer> {
        // The caller would be verified twice.
        require_patience()?;
        let caller = self.caller()?;
        self.parts::<P, Q>()?;
        let format = format?;
        let pairs = self.request.query()?;
        let whole = !pairs.iter().any(|(name, _)| name == "page" || name == "per_page");
        let body = self.resources.store.read_whole(&caller.login_name, |tx| {
            let scope = S::enter(tx, &caller, &self.path, self.act)?;
            let mut file = ListFile::new(format, tx.directory());
            for page in 1.. {
                let (path, mut query) = self.parts::<P, Q>()?;
                if whole {
                    query.turn_to(page, ListFile::AT_ONCE);
                }
                let more =
                    function(Reading { tx, place: &scope }, path, query)?.write_rows(&mut file)?;
                if !whole || !more {
                    break;
                }
            }
            Ok::<_, Failure>(file.finish()?)
        })?;
        Ok(Answer::download(format, self.request.last_segment(), body)?)
    }

    /// Runs a function that writes, in one transaction that is committed, or taken back when the
    /// caller asks for a dry run.
    pub(super) fn change<S: Scope + 'static, P: FromPath, B: Fields, G: Guard, R: Respond>(
        self,
        function: impl Fn(Writing<'_, S>, P, Write<B, G>) -> Result<R> + Send + 'static,
    ) -> Result<Answer> {
        let caller = self.writer()?;
        let (path, write, reason) = self.input()?;
        let (begun, dry_run) = (self.begin::<S>(&caller)?, write.dry_run);
        let run = move |tx: &WriteTx<'_>, place: &S| function(Writing { tx, place }, path, write);
        self.finish(caller, begun, dry_run, reason, run)
    }

    /// Runs a function that looks at a file, and then writes what it says.
    pub(super) fn upload<S: Scope + 'static, P: FromPath, Q: Fields, R: Respond>(
        self,
        function: impl Fn(&Resources, &Author, &S, P, Q, &Upload) -> Result<Then<S, R>>,
    ) -> Result<Answer> {
        let caller = self.writer()?;
        let mut errors = Vec::new();
        let path = P::read(&self.path, &mut errors);
        let query = request::from_query::<WithDryRun<Q>>(&self.request.query()?, &mut errors);
        let place = "in the header X-Change-Reason, as the body is a file";
        say_where::<WithReason<Nothing>>(&mut errors, place);
        let (Some(path), Some(query), true) = (path, query, errors.is_empty()) else {
            return Err(Failure::Malformed(errors));
        };
        let (dry_run, fields) = (query.more.dry_run, query.fields);
        let reason = self.request.reason()?.unwrap_or_default();
        let scope = self.enter::<S>(&caller)?;
        let file = self.request.file()?;
        let begun = self.begin::<S>(&caller)?;
        if let Begun::Replay(answer) = begun {
            return Ok(answer);
        }
        let author = self.author(&caller, reason.clone());
        let then = function(self.resources, &author, &scope, path, fields, file)?;
        self.finish(caller, begun, dry_run, reason, then)
    }

    /// Lets the caller in.
    fn enter<S: Scope>(&self, caller: &Caller) -> Result<S> {
        self.resources.store.read(|tx| S::enter(tx, caller, &self.path, self.act))
    }

    fn author(&self, caller: &Caller, reason: String) -> Author {
        let author = Author::new(caller.login_name.clone(), Origin::Admin, self.request_id);
        Author { reason, ..author }
    }

    /// Writes and answers, or only shows what would be written.
    fn finish<S: Scope + 'static, R: Respond>(
        self,
        caller: Caller,
        begun: Begun,
        dry_run: bool,
        reason: String,
        write: impl FnOnce(&WriteTx<'_>, &S) -> Result<R> + Send + 'static,
    ) -> Result<Answer> {
        let keyed = match begun {
            Begun::Replay(answer) => return Ok(answer),
            Begun::First(keyed) => keyed,
        };
        let author = self.author(&caller, reason);
        let id = self.path.get("instance");
        let receipt = Receipt::new(author.request_id.clone(), id, self.act, self.base_path);
        let Self { resources, path: values, act, .. } = self;
        let driver = caller.clone();
        let run = move |tx: &WriteTx<'_>| {
            let scope = S::enter(tx, &caller, &values, act)?;
            Ok::<_, Failure>((write(tx, &scope)?, scope.may_undo(act)))
        };
        if dry_run {
            return resources.store.rehearse(author, move |tx| {
                let before = changes::last_id(tx)?;
                let (outcome, _) = run(tx)?;
                Ok(outcome.answer_dry_run(DryRun::since(tx, before, R::STATUS)?)?)
            });
        }
        // The answer is made inside the transaction, so that a request with an Idempotency-Key and
        // its answer are stored together or not at all.
        // The key stays taken until that is committed.
        let storing = keyed.clone();
        let written = resources.store.write(author.clone(), move |tx| {
            let before = changes::last_id(tx)?;
            let (outcome, may_undo) = run(tx)?;
            let in_slices = outcome.run();
            let changed = changes::last_id(tx)? != before;
            let receipt = receipt.with_outcome(changed, may_undo && !R::ERASES);
            let answer = outcome.answer_write(receipt)?;
            // One that erases somebody names them.
            if let (Some(keyed), false) = (&storing, R::ERASES) {
                keyed.keep(tx, &answer)?;
            }
            Ok::<_, Failure>((answer, in_slices))
        });
        drop(keyed);
        let (answer, in_slices) = written?;
        if let Some(request_id) = in_slices {
            runs::in_background(&resources.store, Author { request_id, ..author }, driver);
        }
        if R::ERASES {
            forgotten_people::compact_in_background(&resources.store);
        }
        Ok(answer)
    }

    /// Runs long work outside of a transaction. It answers what it made even when that answer can't
    /// be stored for an Idempotency-Key.
    pub(super) fn job<S: Scope, P: FromPath, B: Fields, R: Respond>(
        self,
        function: impl Fn(&Resources, &S, P, B) -> Result<R>,
    ) -> Result<Answer> {
        let caller = self.writer()?;
        let (path, write, reason): (P, Write<B>, String) = self.input()?;
        let scope = self.enter::<S>(&caller)?;
        let keyed = match self.begin::<S>(&caller)? {
            Begun::Replay(answer) => return Ok(answer),
            Begun::First(keyed) => keyed,
        };
        if write.dry_run {
            let changes = DryRun::without_changes(R::STATUS);
            return Ok(Plain(changes).answer()?);
        }
        let answer = function(self.resources, &scope, path, write.fields)?.answer()?;
        if let Some(storing) = keyed.clone() {
            let kept = answer.clone();
            let keep = move |tx: &WriteTx<'_>| storing.keep(tx, &kept);
            let _ = self.resources.store.write(self.author(&caller, reason), keep);
        }
        // The key stays taken until that is committed.
        drop(keyed);
        Ok(answer)
    }

    /// What the request's Idempotency-Key says, if it has one.
    fn begin<S: Scope>(&self, caller: &Caller) -> Result<Begun> {
        if self.request.method != "POST" {
            return Ok(Begun::First(None));
        }
        let Some(key) = self.request.idempotency_key()? else { return Ok(Begun::First(None)) };
        let Resources { store, running, .. } = self.resources;
        // The stored answer is only for a caller who may still do what the request did, with this
        // token.
        self.enter::<S>(caller)?;
        KeyedRequest::begin(store, running, caller, key, self.request.fingerprint())
    }

    /// What a function that changes something is called with: the path parameters, the fields,
    /// `If-Match`, and the reason.
    fn input<P: FromPath, B: Fields, G: Guard>(&self) -> Result<(P, Write<B, G>, String)> {
        let (body, query) = (self.request.object()?, self.request.query()?);
        let in_header = self.request.reason()?;
        let (mut in_query, mut in_body): (Vec<FieldError>, Vec<FieldError>) = Default::default();
        let path = P::read(&self.path, &mut in_query);
        // A DELETE has no body of its own, so its fields are in the query; those of all others are
        // in the body. What is given in the other place is refused rather than ignored, because a
        // misplaced `dry_run` would otherwise be a real run.
        let (reason, write) = if self.request.method == "DELETE" {
            let body = request::from_body::<WithReason<Nothing>>(&body, &mut in_body);
            let write = request::from_query::<WithDryRun<B>>(&query, &mut in_query);
            say_where::<WithDryRun<B>>(&mut in_body, "in the query of a DELETE, not in its body");
            say_where::<WithReason<Nothing>>(&mut in_query, REASON_PLACES);
            (body.map(|body| body.more.reason), write)
        } else {
            request::from_query::<Nothing>(&query, &mut in_query);
            say_where::<WithReason<Nothing>>(&mut in_query, REASON_PLACES);
            say_where::<WithDryRun<B>>(&mut in_query, "in the body, not in the query");
            match request::from_body::<WithReason<WithDryRun<B>>>(&body, &mut in_body) {
                Some(With { more, fields }) => (Some(more.reason), Some(fields)),
                None => (None, None),
            }
        };
        if !in_query.is_empty() {
            return Err(Failure::Malformed(in_query));
        }
        let (Some(path), Some(reason), Some(write), true) =
            (path, reason, write, in_body.is_empty())
        else {
            return Err(Failure::Invalid(in_body));
        };
        let (dry_run, fields) = (write.more.dry_run, write.fields);
        let reason = reason.or(in_header).unwrap_or_default();
        let guard = G::read(self.request.header("if-match")?)?;
        Ok((path, Write { fields, guard, dry_run }, reason))
    }
}
