//! `numberd oauth-client …`

use super::as_csv::AsCsv;
use super::{Failure, Options, names, output};
use crate::domain::{InstanceId, Scopes};
use crate::ops::credentials::{self, Issued};
use crate::store::oauth_clients::{self, ListedClient};
use crate::store::{Migrate, WriteTx};
use clap::Subcommand;
use serde_json::json;

/// Reads scopes that are separated by commas or spaces.
fn scopes(text: &str) -> Result<Scopes, String> {
    if text.trim_matches([',', ' ']).is_empty() {
        return Err("name at least one scope: users:read or users:write".to_owned());
    }
    Scopes::parse(&text.replace(',', " "))
        .map_err(|name| format!("{name:?} is not a scope of VCC: users:read and users:write are"))
}

const HEADING: [&str; 8] =
    ["CLIENT", "INSTANCE", "NAME", "SCOPES", "CREATED", "SECRET CHANGED", "LAST USED", "REVOKED"];

#[derive(Debug, Subcommand)]
pub(super) enum OauthClient {
    /// Create an OAuth2 client for an instance, its VCC account; its secret is printed once.
    Create {
        /// The instance's id.
        instance_id: String,
        /// What it is for.
        #[arg(long, default_value = "", value_parser = names::word_or_nothing)]
        name: String,
        /// What its tokens can be asked for: users:read, users:write, or both, separated by commas.
        /// The scopes of VCC's other APIs are accepted too and grant nothing.
        #[arg(long, default_value = "users:read,users:write", value_parser = scopes)]
        scopes: Scopes,
    },
    /// List the OAuth2 clients, without their secrets.
    List(AsCsv),
    /// Revoke an OAuth2 client and all its tokens; its users are refused from the next request on.
    Revoke {
        /// The client id.
        id: String,
    },
    /// Give an OAuth2 client another secret, printed once; the old secret and all its tokens end.
    Rotate {
        /// The client id.
        id: String,
    },
}

impl OauthClient {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        match self {
            Self::Create { instance_id, name, scopes } => {
                let would = format!("Would create an OAuth2 client of {instance_id}.");
                let act = move |tx: &WriteTx<'_>| {
                    credentials::create_client(tx, &InstanceId::new(instance_id), &name, &scopes)
                };
                options.issue(&store, act, once, &would)
            }
            Self::List(csv) => {
                let clients = store.read(oauth_clients::list)?;
                csv.print_table(options, &clients, &HEADING, |client| {
                    let ListedClient { client_id, instance_id, name, scopes, .. } = client.clone();
                    let ListedClient { secret_changed_at, last_used_at, revoked_at, .. } = *client;
                    let moments =
                        [Some(client.created_at), secret_changed_at, last_used_at, revoked_at];
                    let moments = moments.map(output::local_millis);
                    [&[client_id, instance_id, name, scopes][..], &moments].concat()
                })
            }
            Self::Revoke { id } => {
                let revoked = id.clone();
                let written =
                    options.write(&store, move |tx| credentials::revoke_client(tx, &id))?;
                let did = format!("OAuth2 client {revoked} is revoked, and its tokens with it.");
                written.print_final(
                    options,
                    |()| (json!({ "id": revoked }), did),
                    &format!("Would revoke OAuth2 client {revoked}, and its tokens with it."),
                )
            }
            Self::Rotate { id } => {
                let would = format!("Would give OAuth2 client {id} another secret.");
                options.issue(&store, move |tx| credentials::rotate_client(tx, &id), once, &would)
            }
        }
    }
}

fn once(Issued { id, secret }: &Issued) -> String {
    format!("Client id      {id}\nClient secret  {secret}\n\nThe secret is not shown again.")
}
