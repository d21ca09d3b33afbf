//! The CCC face: the wire API of Alibaba Cloud Call Center 2020-07-01, RPC style.
//!
//! # The way of a request
//! `http` bounds and reads it → [`params::Wire`] takes it apart → [`OPERATIONS`] finds the
//! operation → [`auth`] verifies it → [`scope`] lets the caller in → [`params`] reads what it is
//! called with → the operation's function asks the store or changes through `ops` → [`reply`]
//! writes the answer, or [`error`] the failure.
//!
//! # One more operation
//! One line in [`OPERATIONS`], one block in `request!`, and one function. The table is written out,
//! without a macro, so that an editor finds the function from its line and the line from the
//! function. A function that changes something takes a `WriteTx`, so it fits neither [`read`] nor
//! [`Call::read`].
//!
//! # Architecture Invariant
//! Nothing here is used by another face, and nothing of another face is used here.

mod auth;
mod contact_flows;
mod error;
mod guard;
mod instances;
mod memberships;
mod number_pool;
mod outbound_numbers;
mod params;
mod phone_numbers;
mod ram_users;
mod reply;
mod scope;
mod skill_groups;
mod users;

pub use guard::is_call;

use crate::domain::{Act, Author, Origin, Paging};
use crate::http::{self, Answer, LoginAttempts};
use crate::ops::access;
use crate::ops::last_use::{Credential, LastUse};
use crate::store::{KeyFile, Store, nonces};
use auth::{Nonce, Scheme, SeenNonces, Verified};
use error::Failure;
use params::{Params, Request, Wire};
use reply::{Format, Reply};
use scope::Scope;
use serde::Serialize;
use std::cell::OnceCell;
use std::net::IpAddr;
use std::sync::Arc;

/// The operations: name on the wire, what the caller's role must allow, the function.
#[rustfmt::skip]
const OPERATIONS: &[Operation] = &[
    read("ListInstancesOfUser", Act::ReadOwn, |call| call.read(instances::list_of_user)),
    read("ListPhoneNumbers", Act::ReadInstance, |call| call.read(phone_numbers::list)),
    read("ListPersonalNumbersOfUser", Act::ReadOwn, |call| call.read(phone_numbers::list_personal)),
    write("AddPersonalNumbersToUser", Act::ManagePersonalNumbers, |call| call.write(phone_numbers::add_personal)),
    write("RemovePersonalNumbersFromUser", Act::ManagePersonalNumbers, |call| call.write(phone_numbers::remove_personal)),
    read("ListUnassignedNumbers", Act::ManageAccount, |call| call.read(number_pool::list_unassigned)),
    write("ImportCorpNumbers", Act::ManageAccount, |call| call.write(number_pool::import_corp)),
    write("AddPhoneNumbers", Act::ManageNumbers, |call| call.write(number_pool::add)),
    write("RemovePhoneNumbers", Act::ManageNumbers, |call| call.write(number_pool::remove)),
    write("ModifyPhoneNumber", Act::ManageNumbers, |call| call.write(number_pool::modify)),
    read("GetNumberLocation", Act::ReadInstance, |call| call.read(outbound_numbers::get_location)),
    read("ListOutboundNumbersOfUser", Act::ReadOwn, |call| call.read(outbound_numbers::list_of_user)),
    write("PickOutboundNumbers", Act::ReadInstance, |call| call.write(outbound_numbers::pick)),
    read("ListContactFlows", Act::ReadInstance, |call| call.read(contact_flows::list)),
    read("GetContactFlow", Act::ReadInstance, |call| call.read(contact_flows::get)),
    read("ListPhoneNumbersOfSkillGroup", Act::ReadInstance, |call| call.read(skill_groups::list_phone_numbers)),
    write("AddNumbersToSkillGroup", Act::BindNumbers, |call| call.write(skill_groups::add_numbers)),
    write("RemovePhoneNumbersFromSkillGroup", Act::BindNumbers, |call| call.write(skill_groups::remove_numbers)),
    write("AddPhoneNumberToSkillGroups", Act::BindNumbers, |call| call.write(skill_groups::add_number_to_groups)),
    write("RemovePhoneNumberFromSkillGroups", Act::BindNumbers, |call| call.write(skill_groups::remove_number_from_groups)),
    write("CreateSkillGroup", Act::ManageSkillGroups, |call| call.write(skill_groups::create)),
    write("ModifySkillGroup", Act::ManageSkillGroups, |call| call.write(skill_groups::modify)),
    write("DeleteSkillGroup", Act::ManageSkillGroups, |call| call.write(skill_groups::delete)),
    read("GetSkillGroup", Act::ReadInstance, |call| call.read(skill_groups::get)),
    read("ListSkillGroups", Act::ReadInstance, |call| call.read(skill_groups::list)),
    read("ListBriefSkillGroups", Act::ReadInstance, |call| call.read(skill_groups::list_brief)),
    write("AddUsersToSkillGroup", Act::ManageMemberships, |call| call.write(memberships::add_users)),
    write("RemoveUsersFromSkillGroup", Act::ManageMemberships, |call| call.write(memberships::remove_users)),
    write("AddSkillGroupsToUser", Act::ManageMemberships, |call| call.write(memberships::add_skill_groups)),
    write("RemoveSkillGroupsFromUser", Act::ManageMemberships, |call| call.write(memberships::remove_skill_groups)),
    read("ListSkillLevelsOfUser", Act::ReadOwn, |call| call.read(memberships::list_levels_of_user)),
    write("ModifySkillLevelsOfUser", Act::ManageMemberships, |call| call.write(memberships::modify_levels_of_user)),
    read("ListUserLevelsOfSkillGroup", Act::ReadInstance, |call| call.read(memberships::list_levels_of_skill_group)),
    write("ModifyUserLevelsOfSkillGroup", Act::ManageMemberships, |call| call.write(memberships::modify_levels_of_skill_group)),
    write("CreateInstance", Act::ManageAccount, |call| call.write(instances::create)),
    write("ModifyInstance", Act::ManageInstance, |call| call.write(instances::modify)),
    write("DeleteInstance", Act::ManageAccount, |call| call.write(instances::delete)),
    read("GetInstance", Act::ReadInstance, |call| call.read(instances::get)),
    read("ListInstances", Act::ManageAccount, |call| call.read(instances::list)),
    write("CreateUser", Act::ManageUsers, |call| call.write(users::create)),
    write("AssignUsers", Act::ManageUsers, |call| call.write(users::assign)),
    write("RemoveUsers", Act::ManageUsers, |call| call.write(users::remove)),
    read("GetUser", Act::ReadOwn, |call| call.read(users::get)),
    read("ListUsers", Act::ReadInstance, |call| call.read(users::list)),
    write("ModifyUser", Act::ManageUsers, |call| call.write(users::modify)),
    read("ListRoles", Act::ReadInstance, |call| call.read(users::list_roles)),
    read("ListPrivilegesOfUser", Act::ReadOwn, |call| call.read(users::list_privileges)),
    write("ResetUserPassword", Act::ManageUsers, |call| call.write(users::reset_password)),
    read("ListRamUsers", Act::ManageUsers, |call| call.read(ram_users::list)),
    write("ImportAdmins", Act::ManageUsers, |call| call.write(ram_users::import_admins)),
    write("ImportRamUsers", Act::ManageUsers, |call| call.write(ram_users::import)),
];

/// The version of the API.
const VERSION: &str = "2020-07-01";

/// The face, shared by all workers.
pub struct Face {
    store: Arc<Store>,
    attempts: Arc<LoginAttempts>,
    key_file: KeyFile,
    paging: Paging,
    seen_nonces: Arc<SeenNonces>,
    last_use: Arc<LastUse>,
}

/// An operation: a line of the table.
#[derive(Clone, Copy)]
pub struct Operation {
    name: &'static str,
    act: Act,
    run: Run,
}

/// What an operation does. The two are told apart by what the functions return, so that a line
/// can't claim that a function only reads.
#[derive(Clone, Copy)]
enum Run {
    Read(fn(Call<'_>) -> Result<Read, Failure>),
    Write(fn(Call<'_>) -> Result<Written, Failure>),
}

/// The body of a reply for which nothing was changed.
struct Read(Vec<u8>);

/// The body of a reply after a change.
struct Written(Vec<u8>);

const fn read(
    name: &'static str,
    act: Act,
    run: fn(Call<'_>) -> Result<Read, Failure>,
) -> Operation {
    Operation { name, act, run: Run::Read(run) }
}

const fn write(
    name: &'static str,
    act: Act,
    run: fn(Call<'_>) -> Result<Written, Failure>,
) -> Operation {
    Operation { name, act, run: Run::Write(run) }
}

impl Operation {
    /// All of them, in the order of the table.
    pub const ALL: &[Self] = OPERATIONS;

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// What the caller's role must allow.
    pub const fn act(self) -> Act {
        self.act
    }

    /// Whether it changes anything.
    pub const fn is_write(self) -> bool {
        matches!(self.run, Run::Write(_))
    }

    fn run(self, call: Call<'_>) -> Result<Vec<u8>, Failure> {
        match self.run {
            Run::Read(run) => run(call).map(|Read(body)| body),
            Run::Write(run) => run(call).map(|Written(body)| body),
        }
    }
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// One request on its way.
struct Call<'a> {
    face: &'a Face,
    operation: Operation,
    format: Format,
    scheme: Scheme,
    wire: &'a Wire,
    params: Params,
    request_id: &'a str,
    /// The nonce that the request has used, once it has.
    used_nonce: &'a OnceCell<Nonce>,
}

impl Face {
    /// Makes the face over a store.
    pub fn new(
        store: Arc<Store>,
        attempts: Arc<LoginAttempts>,
        last_use: Arc<LastUse>,
        key_file: KeyFile,
        paging: Paging,
    ) -> Self {
        Self { store, attempts, key_file, paging, seen_nonces: Arc::default(), last_use }
    }

    fn call(
        &self,
        wire: &Wire,
        request_id: &str,
        format: &mut Format,
        operation: &mut Option<Operation>,
    ) -> Result<Vec<u8>, Failure> {
        let pairs: Vec<(String, String)> = wire.pairs().cloned().collect();
        let scheme = Scheme::of(wire, &pairs);
        *format = reply_format(&scheme, &pairs)?;
        if !matches!(wire.method.as_str(), "GET" | "POST") {
            return Err(Failure::HttpMethod);
        }
        let params = Params::unique(pairs, self.paging)?;
        let found = asked_operation(wire, &params, scheme.as_ref().ok())?;
        *operation = Some(found);
        let used_nonce = OnceCell::new();
        let call = Call {
            face: self,
            operation: found,
            format: *format,
            scheme: scheme?,
            wire,
            params,
            request_id,
            used_nonce: &used_nonce,
        };
        let outcome = found.run(call);
        // Nothing was done, so the client may send the same request again, and is told when.
        if let (Err(failure), Some(nonce)) = (&outcome, used_nonce.get())
            && failure.is_unavailable()
        {
            self.seen_nonces.give_back(nonce);
        }
        outcome
    }
}

impl Face {
    /// Counts a request with wrong credentials; one too many is told to wait instead of what was
    /// wrong.
    fn count(&self, failure: Failure, client: IpAddr) -> Failure {
        let wrong = matches!(
            failure,
            Failure::AccessKeyNotFound | Failure::SignatureMismatch(..) | Failure::TokenNotFound
        );
        if wrong && self.attempts.failed(client, None).is_err() {
            return Failure::Throttled;
        }
        failure
    }
}

impl http::Face for Face {
    const NAME: &'static str = "ccc";

    fn answer(&self, request: http::Request) -> Answer {
        let http::Request {
            method,
            query,
            headers,
            body,
            host,
            client,
            request_id,
            room: _room,
            ..
        } = request;
        // The format of the reply must be known even when nothing else can be read.
        let mut format = if query.split('&').any(|pair| pair.eq_ignore_ascii_case("Format=XML")) {
            Format::Xml
        } else {
            Format::Json
        };
        let mut operation = None;
        let outcome = body
            .map_err(Failure::from)
            .and_then(|body| Wire::new(&method, &query, headers, body))
            .and_then(|wire| self.call(&wire, &request_id, &mut format, &mut operation))
            .map_err(|failure| self.count(failure, client));
        let answer = match outcome {
            Ok(body) => Answer::new(200, format.content_type(), body),
            Err(failure) => failed(&failure, format, &request_id, &host),
        };
        Answer { operation: operation.map(Operation::name), ..answer }
    }
}

fn failed(failure: &Failure, format: Format, request_id: &str, host: &str) -> Answer {
    let row = failure.row();
    let body = reply::write_error(format, &row, request_id, host);
    let answer = Answer {
        fault: failure.fault(),
        code: row.code,
        ..Answer::new(row.status, format.content_type(), body)
    };
    match row.status {
        // The vendor's SDKs read their own header, in milliseconds.
        429 | 503 => answer
            .retry_after(http::RETRY_AFTER)
            .with("x-acs-retry-after", http::RETRY_AFTER.as_millis().to_string()),
        _ => answer,
    }
}

/// `Format=JSON` or `XML`; absent: XML for a V1 signature, else JSON. Python's classic SDK sends
/// `None` by default.
fn reply_format(
    scheme: &Result<Scheme, Failure>,
    pairs: &[(String, String)],
) -> Result<Format, Failure> {
    let asked = pairs
        .iter()
        .find(|(name, _)| name == "Format")
        .map(|(_, value)| value.to_ascii_lowercase());
    match asked.as_deref() {
        Some("json") => Ok(Format::Json),
        Some("xml") => Ok(Format::Xml),
        None | Some("" | "none") => {
            Ok(if matches!(scheme, Ok(Scheme::V1)) { Format::Xml } else { Format::Json })
        }
        Some(_) => Err(Failure::ReplyFormat),
    }
}

/// The operation and version asked for: in V3's signed headers, in V1's signed parameters, with a
/// token in either.
fn asked_operation(
    wire: &Wire,
    params: &Params,
    scheme: Option<&Scheme>,
) -> Result<Operation, Failure> {
    let parameter =
        |name: &str| params.get(name).filter(|value| !value.is_empty()).map(str::to_owned);
    let (action, version) = match scheme {
        Some(Scheme::V3(_)) => (wire.header("x-acs-action")?, wire.header("x-acs-version")?),
        Some(Scheme::V1) => (parameter("Action"), parameter("Version")),
        Some(Scheme::Bearer(_)) | None => (
            parameter("Action").or(wire.header("x-acs-action")?),
            parameter("Version")
                .or(wire.header("x-acs-version")?)
                .or_else(|| Some(VERSION.to_owned())),
        ),
    };
    let action = action.ok_or(Failure::Missing("Action"))?;
    let version = version.ok_or(Failure::Missing("Version"))?;
    let operation = Operation::ALL
        .iter()
        .copied()
        .find(|operation| operation.name() == action)
        .ok_or(Failure::ActionNotFound)?;
    if version == VERSION { Ok(operation) } else { Err(Failure::VersionInvalid) }
}

impl Call<'_> {
    /// Runs an operation that reads: all in one transaction.
    fn read<S: Scope, R: Request, T: Serialize>(
        self,
        function: fn(&crate::store::ReadTx<'_>, &S, R) -> Result<Reply<T>, Failure>,
    ) -> Result<Read, Failure> {
        let reply = self.face.store.read(|tx| {
            let caller = self.verify(tx)?.caller;
            let asked = S::asked(&self.params)?;
            let request = R::read(&self.params)?;
            let scope = S::enter(tx, &caller, asked, self.operation.act(), &self.params)?;
            function(tx, &scope, request)
        })?;
        reply::write(self.format, self.operation.name(), self.request_id, reply).map(Read)
    }

    /// Runs an operation that writes. It is verified before it queues for the writer, so that a
    /// forged request never holds up a true one.
    ///
    /// Its nonce is stored even when it is refused: what was refused today might be done tomorrow,
    /// by a replay. Nothing is stored of what the parameters alone refuse; that can't change.
    fn write<S: Scope + 'static, R: Request + Send + 'static, T: Serialize + Send + 'static>(
        self,
        function: fn(&crate::store::WriteTx<'_>, &S, R) -> Result<Reply<T>, Failure>,
    ) -> Result<Written, Failure> {
        let Verified { caller, nonce } = self.face.store.read(|tx| self.verify(tx))?;
        access::require_writer(&caller)?;
        let asked = S::asked(&self.params)?;
        let request = R::read(&self.params)?;
        let author = Author {
            actor: caller.login_name.clone(),
            via: Origin::Ccc,
            request_id: self.request_id.to_owned(),
            reason: String::new(),
        };
        let (act, params) = (self.operation.act(), self.params);
        let seen_nonces = Arc::clone(&self.face.seen_nonces);
        let reply = self.face.store.write(author, move |tx| {
            if let Some(nonce) = &nonce {
                nonces::forget_expired(tx, |key, nonce| seen_nonces.remembers(key, nonce))?;
                nonces::remember(tx, &nonce.access_key_id, &nonce.nonce, nonce.expires_at)?;
            }
            let outcome = tx.attempt(|| {
                let scope = S::enter(tx, &caller, asked, act, &params)?;
                function(tx, &scope, request)
            });
            match outcome {
                Err(failure) if nonce.is_none() || failure.is_unavailable() => Err(failure),
                outcome => Ok(outcome),
            }
        })??;
        reply::write(self.format, self.operation.name(), self.request_id, reply).map(Written)
    }

    /// Verifies the request and uses up its nonce.
    fn verify(&self, tx: &crate::store::ReadTx<'_>) -> Result<Verified, Failure> {
        let verified =
            auth::verify(tx, &self.face.key_file, &self.scheme, self.wire, &self.params)?;
        let used = match (&verified.nonce, &verified.caller.token) {
            (Some(nonce), _) => Some(Credential::AccessKey(nonce.access_key_id.clone())),
            (None, token) => {
                token.as_ref().map(|token| Credential::ApiToken(token.token_id.clone()))
            }
        };
        used.into_iter().for_each(|credential| self.face.last_use.note(credential));
        if let Some(nonce) = &verified.nonce {
            self.face.seen_nonces.use_once(nonce, self.face.store.clock(), || nonces::all(tx))?;
            // Verified once in each call, so the cell is empty.
            let _ = self.used_nonce.set(nonce.clone());
        }
        Ok(verified)
    }
}
