//! `numberd demo`: a throwaway call centre with known credentials, so that the lines of the README can be pasted.

use super::{Failure, Options, author, init, output, seed, serve};
use crate::domain::AccessKeyId;
use crate::ops::credentials::{self, Issued};
use crate::store::{KeyFile, Migrate, Store, access_keys};
use crate::telemetry;
use std::net::SocketAddr;
use std::sync::Arc;

const LOGIN_NAME: &str = "user-test";
const ACCESS_KEY_ID: &str = "demo-access-key";
const ACCESS_KEY_SECRET: &str = "demo-access-secret";
const TOKEN: &str = "demo-token";

pub(super) fn run(mut options: Options) -> Result<(), Failure> {
    if !options.listen.ip().is_loopback() {
        return Err(Failure::Usage(format!(
            "The demo's credentials are public, so it listens on this machine only: {} is not a loopback address.",
            options.listen
        )));
    }
    telemetry::init(options.log_format);
    // Without a file of its own the demo lives in a directory that goes away with it.
    let directory = match options.database {
        Some(_) => None,
        None => Some(
            tempfile::Builder::new()
                .prefix("numberd-demo-")
                .tempdir()
                .map_err(|error| Failure::Database(format!("No temporary directory can be made: {error}.")))?,
        ),
    };
    if let Some(directory) = &directory {
        options.database = Some(directory.path().join("demo.db"));
        options.key_file = Some(directory.path().join("demo.key"));
    }
    let (store, key_file) = if options.database().exists() { reopen(&options)? } else { fill(&options)? };
    serve::listen(&options, store, key_file, |address| output::line(&greeting(address)))
}

fn fill(options: &Options) -> Result<(Arc<Store>, KeyFile), Failure> {
    init::all_or_nothing(options, |store, key_file| {
        let key = key_file.clone();
        seed::load(options, store)?;
        store.write(author(), move |tx| {
            access_keys::adopt_key_file(tx, &key)?;
            credentials::add_access_key(tx, &key, LOGIN_NAME, ACCESS_KEY_ID, ACCESS_KEY_SECRET)?;
            credentials::add_token(tx, LOGIN_NAME, &Issued { id: "demo".to_owned(), secret: TOKEN.to_owned() }, "demo", None)
        })?;
        Ok(())
    })?;
    reopen(options)
}

/// Serves a demo's file as it is; any other file is left alone, since its credentials must not become public.
fn reopen(options: &Options) -> Result<(Arc<Store>, KeyFile), Failure> {
    let store = options.open(Migrate::Require)?;
    if !store.read(|tx| access_keys::exists(tx, &AccessKeyId::new(ACCESS_KEY_ID)))? {
        return Err(Failure::Refused(format!("{} is not a demo's database; `numberd serve` serves it.", options.database().display())));
    }
    let key_file = options.open_key_file(&store)?;
    Ok((store, key_file))
}

fn greeting(address: SocketAddr) -> String {
    let base = format!("http://{address}");
    format!(
        "A call centre to try numberd with. Everybody knows its credentials, so it listens on this machine only.

  AccessKey    {ACCESS_KEY_ID} / {ACCESS_KEY_SECRET}   of {LOGIN_NAME}, the account's root
  API token    {TOKEN}

The numbers that could still be given to user-test@ccc-test:

  curl -H 'Authorization: Bearer {TOKEN}' '{base}/?Action=ListPersonalNumbersOfUser&InstanceId=ccc-test&UserId=user-test@ccc-test&IsMember=false&PageNumber=1&PageSize=10'

In a browser: {base}/
"
    )
}
