//! The CCC face: the wire API of Alibaba Cloud Call Center 2020-07-01, RPC style.
//!
//! # The way of a request
//! `http` bounds and reads it → [`wire`] takes it apart → [`auth`] verifies it → `operations!`
//! finds the operation → its scope lets the caller in → [`params`] reads what it is called with →
//! the operation's function asks the store or changes through `ops` → [`reply`] writes the answer,
//! or [`error`] the failure.
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
mod seen_nonces;
mod signature;
mod skill_groups;
mod users;
mod wire;

pub use guard::is_call;

use crate::domain::{Act, Author, Origin, Paging};
use crate::http::{self, Answer, LoginAttempts};
use crate::store::{KeyFile, Store, nonces};
use auth::{Scheme, Verified};
use error::Failure;
use params::{Params, Request};
use reply::{Format, Reply};
use scope::Scope;
use serde::Serialize;
use std::net::IpAddr;
use std::sync::Arc;
use wire::Wire;

/// Declares the operations: `read` or `write`, the name on the wire, the act that a role must
/// allow, the function. Makes of them the enum [`Operation`] and the `match` that runs one; a
/// function that takes a `WriteTx` does not fit a `read`, so the word can't lie.
macro_rules! operations {
    ($($kind:ident $name:ident: $act:ident => $function:path,)*) => {
        /// An operation of the face.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Operation { $(#[doc = concat!("`", stringify!($name), "`")] $name,)* }

        impl Operation {
            /// All of them, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name on the wire.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// What the caller's role must allow.
            pub const fn act(self) -> Act {
                match self { $(Self::$name => Act::$act,)* }
            }

            /// Whether it changes anything.
            pub const fn is_write(self) -> bool {
                match self { $(Self::$name => operations!(@is_write $kind),)* }
            }

            fn run(self, call: Call<'_>) -> Result<Vec<u8>, Failure> {
                match self { $(Self::$name => call.$kind($function),)* }
            }
        }
    };
    (@is_write read) => { false };
    (@is_write write) => { true };
}

operations! {
    read  ListInstancesOfUser:              ReadOwn               => instances::list_of_user,
    read  ListPhoneNumbers:                 ReadInstance          => phone_numbers::list,
    read  ListPersonalNumbersOfUser:        ReadOwn               => phone_numbers::list_personal,
    write AddPersonalNumbersToUser:         ManagePersonalNumbers => phone_numbers::add_personal,
    write RemovePersonalNumbersFromUser:    ManagePersonalNumbers => phone_numbers::remove_personal,
    read  ListUnassignedNumbers:            ManageAccount         => number_pool::list_unassigned,
    write ImportCorpNumbers:                ManageAccount         => number_pool::import_corp,
    write AddPhoneNumbers:                  ManageNumbers         => number_pool::add,
    write RemovePhoneNumbers:               ManageNumbers         => number_pool::remove,
    write ModifyPhoneNumber:                ManageNumbers         => number_pool::modify,
    read  GetNumberLocation:                ReadInstance          => outbound_numbers::get_location,
    read  ListOutboundNumbersOfUser:        ReadOwn               => outbound_numbers::list_of_user,
    write PickOutboundNumbers:              ReadInstance          => outbound_numbers::pick,
    read  ListContactFlows:                 ReadInstance          => contact_flows::list,
    read  GetContactFlow:                   ReadInstance          => contact_flows::get,
    read  ListPhoneNumbersOfSkillGroup:     ReadInstance          => skill_groups::list_phone_numbers,
    write AddNumbersToSkillGroup:           BindNumbers           => skill_groups::add_numbers,
    write RemovePhoneNumbersFromSkillGroup: BindNumbers           => skill_groups::remove_numbers,
    write AddPhoneNumberToSkillGroups:      BindNumbers           => skill_groups::add_number_to_groups,
    write RemovePhoneNumberFromSkillGroups: BindNumbers           => skill_groups::remove_number_from_groups,
    write CreateSkillGroup:                 ManageSkillGroups     => skill_groups::create,
    write ModifySkillGroup:                 ManageSkillGroups     => skill_groups::modify,
    write DeleteSkillGroup:                 ManageSkillGroups     => skill_groups::delete,
    read  GetSkillGroup:                    ReadInstance          => skill_groups::get,
    read  ListSkillGroups:                  ReadInstance          => skill_groups::list,
    read  ListBriefSkillGroups:             ReadInstance          => skill_groups::list_brief,
    write AddUsersToSkillGroup:             ManageMemberships     => memberships::add_users,
    write RemoveUsersFromSkillGroup:        ManageMemberships     => memberships::remove_users,
    write AddSkillGroupsToUser:             ManageMemberships     => memberships::add_skill_groups,
    write RemoveSkillGroupsFromUser:        ManageMemberships     => memberships::remove_skill_groups,
    read  ListSkillLevelsOfUser:            ReadOwn               => memberships::list_levels_of_user,
    write ModifySkillLevelsOfUser:          ManageMemberships     => memberships::modify_levels_of_user,
    read  ListUserLevelsOfSkillGroup:       ReadInstance          => memberships::list_levels_of_skill_group,
    write ModifyUserLevelsOfSkillGroup:     ManageMemberships     => memberships::modify_levels_of_skill_group,
    write CreateInstance:                   ManageAccount         => instances::create,
    write ModifyInstance:                   ManageInstance        => instances::modify,
    write DeleteInstance:                   ManageAccount         => instances::delete,
    read  GetInstance:                      ReadInstance          => instances::get,
    read  ListInstances:                    ManageAccount         => instances::list,
    write CreateUser:                       ManageUsers           => users::create,
    write AssignUsers:                      ManageUsers           => users::assign,
    write RemoveUsers:                      ManageUsers           => users::remove,
    read  GetUser:                          ReadOwn               => users::get,
    read  ListUsers:                        ReadInstance          => users::list,
    write ModifyUser:                       ManageUsers           => users::modify,
    read  ListRoles:                        ReadInstance          => users::list_roles,
    read  ListPrivilegesOfUser:             ReadOwn               => users::list_privileges,
    write ResetUserPassword:                ManageUsers           => users::reset_password,
    read  ListRamUsers:                     ManageUsers           => ram_users::list,
    write ImportAdmins:                     ManageUsers           => ram_users::import_admins,
    write ImportRamUsers:                   ManageUsers           => ram_users::import,
}

/// The version of the API.
const VERSION: &str = "2020-07-01";

/// The face, shared by all workers.
pub struct Face {
    store: Arc<Store>,
    attempts: Arc<LoginAttempts>,
    key_file: KeyFile,
    paging: Paging,
    seen_nonces: seen_nonces::SeenNonces,
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
}

impl Face {
    /// Makes the face over a store.
    pub fn new(
        store: Arc<Store>,
        attempts: Arc<LoginAttempts>,
        key_file: KeyFile,
        paging: Paging,
    ) -> Self {
        Self { store, attempts, key_file, paging, seen_nonces: seen_nonces::SeenNonces::default() }
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
        let call = Call {
            face: self,
            operation: found,
            format: *format,
            scheme: scheme?,
            wire,
            params,
            request_id,
        };
        found.run(call)
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
        429 | 503 => answer.retry_after(http::RETRY_AFTER),
        _ => answer,
    }
}

/// `Format=JSON` or `XML`; absent: XML for a V1 signature, else JSON. Python's classic SDK sends
/// `None` when it was not told.
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
    ) -> Result<Vec<u8>, Failure> {
        let reply = self.face.store.read(|tx| {
            let caller = self.verify(tx)?.caller;
            let asked = S::asked(&self.params)?;
            let request = R::read(&self.params)?;
            let scope = S::enter(tx, &caller, asked, self.operation.act(), &self.params)?;
            function(tx, &scope, request)
        })?;
        reply::write(self.format, self.operation.name(), self.request_id, reply)
    }

    /// Runs an operation that writes. It is verified before it queues for the writer, so that a
    /// forged request never holds up a true one.
    fn write<S: Scope + 'static, R: Request + Send + 'static, T: Serialize + Send + 'static>(
        self,
        function: fn(&crate::store::WriteTx<'_>, &S, R) -> Result<Reply<T>, Failure>,
    ) -> Result<Vec<u8>, Failure> {
        let Verified { caller, nonce } = self.face.store.read(|tx| self.verify(tx))?;
        let asked = S::asked(&self.params)?;
        let request = R::read(&self.params)?;
        let author = Author {
            actor: caller.login_name.clone(),
            via: Origin::Ccc,
            request_id: self.request_id.to_owned(),
            reason: String::new(),
        };
        let (act, params) = (self.operation.act(), self.params);
        let reply = self.face.store.write(author, move |tx| {
            if let Some(nonce) = &nonce {
                nonces::remember(tx, &nonce.access_key_id, &nonce.nonce, nonce.expires_at)?;
            }
            let scope = S::enter(tx, &caller, asked, act, &params)?;
            function(tx, &scope, request)
        })?;
        reply::write(self.format, self.operation.name(), self.request_id, reply)
    }

    /// Verifies the request and uses up its nonce.
    fn verify(&self, tx: &crate::store::ReadTx<'_>) -> Result<Verified, Failure> {
        let verified =
            auth::verify(tx, &self.face.key_file, &self.scheme, self.wire, &self.params)?;
        if let Some(nonce) = &verified.nonce {
            self.face.seen_nonces.use_once(nonce, tx.now(), || nonces::unexpired(tx))?;
        }
        Ok(verified)
    }
}
