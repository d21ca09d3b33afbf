//! `numberd access-key …`

use super::as_csv::AsCsv;
use super::{Failure, Options, output};
use crate::ops::credentials;
use crate::store::{Migrate, access_keys};
use clap::Subcommand;
use serde_json::json;
use std::io::Read;

/// An AccessKey id and a secret are shorter than this many bytes together.
const LONGEST_INPUT: u64 = 4096;

/// The shortest secret that is taken over, in characters; the vendor's have 30.
const SHORTEST_SECRET: usize = 16;

#[derive(Debug, Subcommand)]
pub(super) enum AccessKey {
    /// Create an AccessKey for a RAM user; its secret is printed once.
    Create {
        /// The RAM user's login name.
        login_name: String,
    },
    /// Take over an existing AccessKey: its id and its secret, each on a line of standard input.
    Add {
        /// The RAM user's login name.
        login_name: String,
    },
    /// List the AccessKeys, without their secrets.
    List(AsCsv),
    /// Revoke an AccessKey; its clients are refused from the next request on.
    Revoke {
        /// The AccessKey id.
        id: String,
    },
}

impl AccessKey {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        match self {
            Self::Create { login_name } => {
                let key_file = options.open_key_file(&store)?;
                let whose = login_name.clone();
                options.issue(
                    &store,
                    move |tx| credentials::create_access_key(tx, &key_file, &login_name),
                    |issued| {
                        format!(
                            "AccessKey id      {}\nAccessKey secret  {}\n\nThe secret is not shown again.",
                            issued.id, issued.secret
                        )
                    },
                    &format!("Would create an AccessKey for {whose}."),
                )
            }
            Self::Add { login_name } => {
                let key_file = options.open_key_file(&store)?;
                let (id, secret) = read_id_and_secret()?;
                if secret.chars().count() < SHORTEST_SECRET {
                    return Err(Failure::usage(format!(
                        "The secret has fewer than {SHORTEST_SECRET} characters, so it could be guessed; make a new AccessKey with `numberd access-key create {login_name}`."
                    )));
                }
                let added = id.clone();
                let written = options.write(&store, move |tx| {
                    credentials::add_access_key(tx, &key_file, &login_name, &id, &secret)
                })?;
                written.print_final(
                    options,
                    |()| (json!({ "id": added }), format!("AccessKey {added} is taken over.")),
                    &format!("Would take over AccessKey {added}."),
                )
            }
            Self::List(csv) => {
                let keys = store.read(access_keys::list)?;
                let heading = ["ACCESS KEY", "RAM USER", "CREATED", "LAST USED", "REVOKED"];
                csv.print_table(options, &keys, &heading, |key| {
                    let moments = [Some(key.created_at), key.last_used_at, key.revoked_at];
                    let moments = moments.map(output::local_millis);
                    [&[key.access_key_id.clone(), key.login_name.clone()][..], &moments].concat()
                })
            }
            Self::Revoke { id } => {
                let revoked = id.clone();
                let written =
                    options.write(&store, move |tx| credentials::revoke_access_key(tx, &id))?;
                written.print_final(
                    options,
                    |()| (json!({ "id": revoked }), format!("AccessKey {revoked} is revoked.")),
                    &format!("Would revoke AccessKey {revoked}."),
                )
            }
        }
    }
}

/// Reads the two lines; on the command line itself a secret would be seen by every user of the
/// machine.
fn read_id_and_secret() -> Result<(String, String), Failure> {
    let mut text = String::new();
    std::io::stdin()
        .take(LONGEST_INPUT)
        .read_to_string(&mut text)
        .map_err(|error| Failure::usage(format!("Standard input can't be read: {error}.")))?;
    if text.len() as u64 == LONGEST_INPUT {
        return Err(Failure::usage(format!(
            "Standard input is longer than {} bytes.",
            LONGEST_INPUT - 1
        )));
    }
    let lines: Vec<&str> = text.split_whitespace().collect();
    let &[id, secret] = lines.as_slice() else {
        return Err(Failure::usage(
            "Give the AccessKey id and its secret on two lines of standard input.",
        ));
    };
    let fits = id.len() <= 128
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
    if !fits {
        return Err(Failure::usage(format!(
            "{id:?} is not an AccessKey id: it has 1 to 128 letters, digits, -, . and _."
        )));
    }
    Ok((id.to_owned(), secret.to_owned()))
}
