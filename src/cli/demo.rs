//! `numberd demo`: a throwaway call centre with known credentials, so that the lines of the README
//! can be pasted.

use super::public_credentials::{
    ACCESS_KEY_ID, ACCESS_KEY_SECRET, LOGIN_NAME, OAUTH_CLIENTS, PASSWORD, TOKEN,
};
use super::server_options::ServerOptions;
use super::write::Written;
use super::{Failure, Options, author, founding, hint, output, seed, serve};
use crate::domain::{AccessKeyId, Error, InstanceId, Scope};
use crate::ops::credentials::{self, Issued};
use crate::ops::passwords;
use crate::server::Hangup;
use crate::store::api_tokens::NewToken;
use crate::store::{KeyFile, Migrate, Store, WriteTx, access_keys, ram_users};
use crate::telemetry;
use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::sync::Arc;

/// What the temporary directories of demos are called.
const PREFIX: &str = "numberd-demo-";

pub(super) fn run(mut options: Options, server: &ServerOptions) -> Result<(), Failure> {
    let listen = server.address.listen;
    if !listen.ip().is_loopback() {
        return Err(Failure::usage(format!(
            "The demo's credentials are public, so it listens on this machine only: {listen} is not a loopback address."
        )));
    }
    telemetry::init(server.log_format);
    // Without a file of its own the demo lives in a directory that goes away with it.
    let place = match options.database {
        Some(_) => None,
        None => Some(temporary_directory()?),
    };
    if let Some(Place { directory, .. }) = &place {
        options.database = Some(directory.path().join("demo.db"));
        options.key_file = Some(directory.path().join("demo.key"));
    }
    let (store, key_file) =
        if options.database().exists() { reopen(&options)? } else { fill(&options)? };
    let directory = options.database().with_file_name("backups");
    let backups = serve::Backups { directory, schedule: None };
    let database = hint::quoted(&options.database().display().to_string());
    serve::listen(backups, server, store, key_file, Hangup::Stop, |base| {
        let _ = output::line(&greeting(base, &database));
    })
}

/// A directory of this user's own, removed at the end. It is locked as long as its demo runs:
/// another one that begins meanwhile removes only what nobody has locked.
struct Place {
    directory: tempfile::TempDir,
    _locked: File,
}

fn temporary_directory() -> Result<Place, Failure> {
    remove_left_behind();
    locked_directory().map_err(|error| {
        Failure::database(format!(
            "No temporary directory can be made ({error}); name a file for the demo with --database."
        ))
    })
}

fn locked_directory() -> io::Result<Place> {
    loop {
        let private = std::fs::Permissions::from_mode(0o700);
        let directory = tempfile::Builder::new().prefix(PREFIX).permissions(private).tempdir()?;
        let opened = File::open(directory.path())?;
        // Another demo that began just now may have taken it for one that was left behind.
        let taken = matches!(opened.try_lock(), Err(TryLockError::WouldBlock));
        if !taken && directory.path().exists() {
            return Ok(Place { directory, _locked: opened });
        }
    }
}

/// Removes the directories of demos that were killed: those that nobody has locked.
fn remove_left_behind() {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else { return };
    let own = rustix::process::geteuid().as_raw();
    for entry in entries.flatten() {
        let is_demo = entry.file_name().to_string_lossy().starts_with(PREFIX)
            && entry.metadata().is_ok_and(|found| found.is_dir() && found.uid() == own);
        if !is_demo {
            continue;
        }
        let Ok(opened) = File::open(entry.path()) else { continue };
        if opened.try_lock().is_ok() {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn fill(options: &Options) -> Result<(Arc<Store>, KeyFile), Failure> {
    founding::all_or_nothing(options, |store, key_file| {
        let key = key_file.clone();
        let Written::Did(_) = seed::load(options, store)? else { return Ok(()) };
        let password = passwords::hash(PASSWORD)?;
        store.write(author(), move |tx| {
            access_keys::adopt_key_file(tx, &key)?;
            credentials::add_access_key(tx, &key, LOGIN_NAME, ACCESS_KEY_ID, ACCESS_KEY_SECRET)?;
            credentials::add_token(
                tx,
                LOGIN_NAME,
                &Issued { id: "demo".to_owned(), secret: TOKEN.to_owned() },
                &NewToken { name: "demo".to_owned(), ..NewToken::default() },
            )?;
            let root = ram_users::require(tx, LOGIN_NAME)?;
            credentials::set_password(tx, &root, &password)?;
            add_oauth_clients(tx)
        })?;
        Ok(())
    })?;
    reopen(options)
}

fn add_oauth_clients(tx: &WriteTx<'_>) -> Result<(), Error> {
    for (id, secret, instance) in OAUTH_CLIENTS {
        let client = Issued { id: id.to_owned(), secret: secret.to_owned() };
        credentials::add_client(
            tx,
            &InstanceId::from(instance),
            &client,
            "demo",
            &Scope::ALL.into_iter().collect(),
        )?;
    }
    Ok(())
}

/// Serves a demo's file as it is; any other file is left alone, since its credentials must not
/// become public.
fn reopen(options: &Options) -> Result<(Arc<Store>, KeyFile), Failure> {
    let store = serve::open_alone(options, Migrate::Require)?;
    if !store.read(|tx| access_keys::exists(tx, &AccessKeyId::new(ACCESS_KEY_ID)))? {
        return Err(Failure::refused(format!(
            "{} is not a demo's database; `numberd serve` serves it.",
            options.database().display()
        )));
    }
    let key_file = options.open_key_file(&store)?;
    Ok((store, key_file))
}

fn greeting(base: &str, database: &str) -> String {
    let clients: String = OAUTH_CLIENTS
        .iter()
        .map(|(id, secret, instance)| format!("\n  OAuth client {id} / {secret}   of {instance}"))
        .collect();
    let (client, secret, _) = OAUTH_CLIENTS[0];
    format!(
        "A call centre to try numberd with. Everybody knows its credentials, so it listens on this machine only.

  AccessKey    {ACCESS_KEY_ID} / {ACCESS_KEY_SECRET}   of {LOGIN_NAME}, the account's root
  API token    {TOKEN}{clients}

The numbers that could still be given to user-test@ccc-test:

  curl -H 'Authorization: Bearer {TOKEN}' '{base}/?Action=ListPersonalNumbersOfUser&InstanceId=ccc-test&UserId=user-test@ccc-test&IsMember=false&PageNumber=1&PageSize=10'

The callback numbers of a user, as a client of Vonage Contact Center sees them:

  VCC_TOKEN=$(curl -s -d grant_type=client_credentials -d 'scope=users:read users:write' -d client_id={client} -d client_secret={secret} \\
    {base}/Auth/connect/token | sed 's/.*\"access_token\":\"\\([^\"]*\\).*/\\1/')
  curl -H \"Authorization: Bearer $VCC_TOKEN\" -H 'Accept: application/vnd.newvoicemedia.v4+json' \\
    {base}/useradmin/users/2f9207ca-8922-4245-bfc5-d8f42939e29a/callbackNumbers

The same numbers at the command line:

  numberd candidates --user user-test --instance ccc-test --database {database}

In a browser: {base}/console/ as {LOGIN_NAME} with the password {PASSWORD},
  and the admin API at {base}/docs/
"
    )
}
