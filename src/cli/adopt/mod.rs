//! `numberd adopt`

mod report;

use super::as_csv::AsCsv;
use super::import::{Applied, ended};
use super::{Failure, Options, output};
use crate::adopt::ccc::Ccc;
use crate::adopt::vcc::Vcc;
use crate::adopt::{Client, Endpoint};
use crate::domain::adopt::{Account, AdoptItem, Trial};
use crate::domain::import::ImportAct;
use crate::domain::run::MOST;
use crate::domain::text::counted;
use crate::domain::{Author, Clock, Error, InstanceId, Parsed};
use crate::ops::{adopt, runs};
use crate::store::{Migrate, Scratch, Store, changes, directory_of, instances};
use clap::{Args, Subcommand};
use report::Report;
use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

const SECRET: &str = "NUMBERD_ADOPT_SECRET";

#[derive(Debug, Subcommand)]
pub(super) enum Adopt {
    /// Take over an instance of Alibaba Cloud Call Center.
    Ccc {
        /// The id of the AccessKey to read it with.
        #[arg(long, value_name = "ID", value_parser = access_key_id)]
        access_key: String,
        #[command(flatten)]
        way: Way,
    },
    /// Take over an account of Vonage Contact Center as an instance.
    Vcc {
        /// The id of the OAuth2 client, which needs the scope users:read.
        #[arg(long, value_name = "ID")]
        client_id: String,
        #[command(flatten)]
        way: Way,
    },
}

/// How it is taken over.
#[derive(Debug, Args)]
#[command(
    after_help = "The secret is the first line of --secret-file, else NUMBERD_ADOPT_SECRET, else the first\n\
    line of standard input. Nothing is ever changed at the vendor's. See docs/moving-in.md."
)]
pub(super) struct Way {
    /// Where the vendor's API is; https, or http on this machine.
    #[arg(long, value_name = "URL")]
    endpoint: Endpoint,
    /// The file with the secret, or - for standard input.
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// How many seconds to wait for an answer.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 60,
        value_parser = clap::value_parser!(u64).range(1..=600)
    )]
    timeout: u64,
    /// Take over the rest when something can't be taken over.
    #[arg(long)]
    best_effort: bool,
    /// Only show what differs between the vendor and here, and exit with 1 if anything does.
    #[arg(long, conflicts_with = "best_effort")]
    drift: bool,
    #[command(flatten)]
    csv: AsCsv,
}

/// Refuses an account that another instance is, or was.
fn refuse_elsewhere(store: &Store, own: &InstanceId, account: &Account) -> Result<(), Failure> {
    let found = store.read(|tx| {
        let Some(other) = adopt::elsewhere(tx, own, account)? else {
            return Ok::<_, Error>(None);
        };
        let is_kept = instances::is_shared(tx, other.as_str())?.is_some();
        let given_up = match is_kept {
            true => None,
            false => Some(changes::last_request_for_instance(tx, &other)?.unwrap_or_default()),
        };
        Ok(Some((other, given_up)))
    })?;
    match found {
        None => Ok(()),
        Some((other, None)) => Err(Failure::conflict(format!(
            "This account is the instance {other} here: what it has is there, with the same ids. Adopt it with --instance {other}. Nothing was changed."
        ))),
        Some((other, Some(request_id))) => Err(Failure::conflict(format!(
            "This account was the instance {other} here, which has been given up. `numberd undo {request_id}` brings it back. Nothing was changed."
        ))),
    }
}

impl Adopt {
    /// Reads the vendor's account, and finds out which instance it is here.
    fn read(self, options: &Options, store: &Store) -> Result<(InstanceId, Account, Way), Failure> {
        match self {
            Self::Ccc { access_key, way } => {
                let (client, secret) = (way.client()?, way.secret()?);
                let ccc = Ccc { client, access_key_id: access_key, secret, clock: Clock::System };
                let id = match &options.instance {
                    Some(id) => id.clone(),
                    None => only(ccc.instances()?)?,
                };
                let instance_id = parsed(&id)?;
                Ok((instance_id, ccc.read(&id)?, way))
            }
            Self::Vcc { client_id, way } => {
                let instance_id = match &options.instance {
                    Some(id) => parsed(id)?,
                    None => options.instance(store)?,
                };
                let vcc = Vcc::new(way.client()?, client_id, way.secret()?)?;
                let account = vcc.read(&instance_id)?;
                refuse_elsewhere(store, &instance_id, &account)?;
                Ok((instance_id, account, way))
            }
        }
    }

    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        let (instance_id, account, way) = self.read(options, &store)?;
        let author = options.author();
        let Account { tables, items, .. } = &account;
        if items.len() > MOST {
            let sentence = format!(
                "The call centre is too large: {} things, at most {MOST} are taken over.",
                items.len()
            );
            return Err(Failure::refused(sentence));
        }
        let (tables, count) = (tables.clone(), items.len());
        let mut trial = try_out(options, &store, &author, &instance_id, account)?;
        let refused = trial.tried.iter().filter(|tried| tried.outcome.is_none()).count();
        let items = std::mem::take(&mut trial.items);
        let keep = way.drift || options.dry_run || (refused > 0 && !way.best_effort);
        let ending = match keep || items.is_empty() {
            true => Applied::Nothing,
            false => apply(&store, author, &instance_id, tables, items)?,
        };
        let report = Report {
            options,
            way: &way,
            instance_id: &instance_id,
            trial: &trial,
            ending: &ending,
        };
        let said = |_: &_| (report.tables(), report.end());
        way.csv.print_report(options, &report.json(), &report.rows(), said)?;
        let differences = report.differences();
        match ending {
            Applied::Stopped(_, _, why) => Err(Failure::conflict(why)),
            _ if way.drift && differences > 0 => {
                let counted = counted(differences as u64, "difference", "differences");
                Err(Failure::refused(format!("{counted} found.")))
            }
            _ if refused > 0 && !way.drift => {
                let end = if way.best_effort { "" } else { " Nothing was changed." };
                Err(Failure::refused(format!("{refused} of {count} can't be taken over.{end}")))
            }
            _ => Ok(()),
        }
    }
}

impl Way {
    fn client(&self) -> Result<Client, Failure> {
        let patience = Duration::from_secs(self.timeout);
        Ok(Client::new(self.endpoint.clone(), patience, output::error)?)
    }

    fn secret(&self) -> Result<String, Failure> {
        let unreadable = |error| Failure::usage(format!("The secret can't be read: {error}."));
        let given = std::env::var(SECRET).ok().filter(|_| self.secret_file.is_none());
        let text = match (given, &self.secret_file) {
            (Some(text), _) => text,
            (None, Some(file)) if file.as_os_str() != "-" => {
                std::fs::read_to_string(file).map_err(unreadable)?
            }
            (None, _) => {
                let mut text = String::new();
                std::io::stdin().take(4096).read_to_string(&mut text).map_err(unreadable)?;
                text
            }
        };
        let secret = text.lines().next().unwrap_or_default().trim();
        if secret.is_empty() {
            return Err(Failure::usage(format!(
                "The secret is empty; give it in {SECRET}, a --secret-file or on standard input."
            )));
        }
        Ok(secret.to_owned())
    }
}

/// The id of an AccessKey, which a header has to hold.
fn access_key_id(text: &str) -> Result<String, String> {
    match text.len() {
        1..=128 if text.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(text.to_owned()),
        _ => Err("it has 1 to 128 characters of ASCII, without blanks".to_owned()),
    }
}

fn parsed(id: &str) -> Result<InstanceId, Failure> {
    InstanceId::parse(id).map_err(|error| Failure::usage(format!("--instance: {error}.")))
}

/// The instance, if there is only one.
fn only(ids: Vec<String>) -> Result<String, Failure> {
    match ids.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Failure::not_found("The AccessKey's user belongs to no instance.")),
        several => Err(Failure::usage(format!(
            "Say which instance is taken over, with --instance: {}.",
            several.join(", ")
        ))),
    }
}

/// Takes everything over in a copy of the database, which lies beside it, which nobody else waits
/// for, and which is gone afterwards.
fn try_out(
    options: &Options,
    store: &Store,
    author: &Author,
    instance_id: &InstanceId,
    account: Account,
) -> Result<Trial, Failure> {
    let beside = directory_of(&options.database());
    let made = Scratch::inside(&beside).map_err(|error| {
        Failure::database(format!("{} can't be written: {error}.", beside.display()))
    })?;
    let copy = made.copy();
    store.backup(&copy, |_| ())?;
    let copy = Store::open(&copy, Migrate::Require, Clock::System)?;
    let instance_id = instance_id.clone();
    // The reason is asked for when it is taken over.
    let author = Author { reason: "preview".to_owned(), ..author.clone() };
    Ok(copy.rehearse(author, move |tx| adopt::trial(tx, &instance_id, &account))?)
}

/// Takes over what was tried: in one transaction, or in slices when it is much.
fn apply(
    store: &Store,
    author: Author,
    instance_id: &InstanceId,
    tables: Vec<ImportAct>,
    items: Vec<AdoptItem>,
) -> Result<Applied, Failure> {
    let instance_id = instance_id.clone();
    let done =
        store.write(author.clone(), move |tx| runs::adopt(tx, &instance_id, tables, &items))?;
    ended(store, &author, done, |why| why)
}
