//! `numberd oauth-client …`

use super::as_csv::AsCsv;
use super::{Failure, Options, names, output};
use crate::domain::{InstanceId, Scopes};
use crate::ops::credentials::{self, Issued};
use crate::store::{Migrate, WriteTx, oauth_clients};
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

/// OAuth2 clients.
#[derive(Debug, Subcommand)]
pub(super) enum OauthClient {
    /// Make one for an instance, which is its VCC account; its secret is printed once.
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
    /// List them, without secrets.
    List(AsCsv),
    /// End one and all its tokens; its users are refused from the next request on.
    Revoke {
        /// The client id.
        id: String,
    },
    /// Give one another secret, printed once; the old secret and all its tokens end.
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
                let would = format!("Would make an OAuth2 client of {instance_id}.");
                let act = move |tx: &WriteTx<'_>| {
                    credentials::create_client(tx, &InstanceId::new(instance_id), &name, &scopes)
                };
                options.issue(&store, act, once, &would)
            }
            Self::List(csv) => {
                let clients = store.read(oauth_clients::list)?;
                csv.print(options, &clients, &clients, |clients| {
                    let rows: Vec<Vec<String>> = clients
                        .iter()
                        .map(|client| {
                            let moments = [
                                Some(client.created_at),
                                client.secret_changed_at,
                                client.last_used_at,
                                client.revoked_at,
                            ]
                            .map(output::local_millis);
                            let texts = [
                                &client.client_id,
                                &client.instance_id,
                                &client.name,
                                &client.scopes,
                            ]
                            .map(Clone::clone);
                            [texts.to_vec(), moments.to_vec()].concat()
                        })
                        .collect();
                    output::table(
                        &[
                            "CLIENT",
                            "INSTANCE",
                            "NAME",
                            "SCOPES",
                            "CREATED",
                            "SECRET CHANGED",
                            "LAST USED",
                            "REVOKED",
                        ],
                        &rows,
                    )
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
