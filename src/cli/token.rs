//! `numberd token …`

use super::as_csv::AsCsv;
use super::{Failure, Options, names, output};
use crate::domain::{InstanceId, Timestamp};
use crate::ops::credentials;
use crate::store::api_tokens::{self, ListedToken, NewToken};
use crate::store::{Migrate, WriteTx};
use clap::Subcommand;
use serde_json::json;
use std::time::Duration;

const HEADING: [&str; 8] =
    ["TOKEN", "RAM USER", "NAME", "LIMITS", "CREATED", "LAST USED", "EXPIRES", "REVOKED"];

#[derive(Debug, Subcommand)]
pub(super) enum Token {
    /// Create an API token for a RAM user; it is printed once.
    Create {
        /// The RAM user's login name.
        login_name: String,
        /// What it is for.
        #[arg(long, default_value = "", value_parser = names::word_or_nothing)]
        name: String,
        /// For how many days it can be used [default: until it is revoked].
        #[arg(long, value_name = "N", value_parser = names::between(1..=36_500_u32))]
        days: Option<u32>,
        /// Let it be used for reading only. With --instance it is for that instance only.
        #[arg(long)]
        read_only: bool,
    },
    /// List the API tokens, without what would let one use them.
    List(AsCsv),
    /// Revoke an API token; whoever uses it is refused from the next request on.
    Revoke {
        /// The token's id, as `list` shows it.
        id: String,
    },
}

impl Token {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        match self {
            Self::Create { login_name, name, days, read_only } => {
                let instance_id = options.instance.clone().map(InstanceId::new);
                let limits = limits(read_only, instance_id.as_ref());
                let whose = login_name.clone();
                let act = move |tx: &WriteTx<'_>| {
                    let expires_at: Option<Timestamp> = days
                        .map(|days| tx.now().after(Duration::from_secs(u64::from(days) * 86_400)));
                    let new = NewToken { name, expires_at, read_only, instance_id };
                    credentials::create_token(tx, &login_name, &new)
                };
                options.issue(
                    &store,
                    act,
                    move |issued| {
                        format!(
                            "Token id  {}\nToken     {}{}\n\nThe token is not shown again.",
                            issued.id,
                            issued.secret,
                            limits
                                .iter()
                                .map(|limit| format!("\nIt is {limit}."))
                                .collect::<String>()
                        )
                    },
                    &format!("Would create an API token for {whose}."),
                )
            }
            Self::List(csv) => {
                let tokens = store.read(api_tokens::list)?;
                csv.print_table(options, &tokens, &HEADING, |token| {
                    let only = token.instance_id.as_deref().map(InstanceId::new);
                    let limits = limits(token.read_only, only.as_ref()).join(", ");
                    let ListedToken { token_id, login_name, name, .. } = token.clone();
                    let moments = [
                        Some(token.created_at),
                        token.last_used_at,
                        token.expires_at,
                        token.revoked_at,
                    ];
                    let moments = moments.map(output::local_millis);
                    [&[token_id, login_name, name, limits][..], &moments].concat()
                })
            }
            Self::Revoke { id } => {
                let revoked = id.clone();
                let written =
                    options.write(&store, move |tx| credentials::revoke_token(tx, &id))?;
                written.print_final(
                    options,
                    |()| (json!({ "id": revoked }), format!("Token {revoked} is revoked.")),
                    &format!("Would revoke token {revoked}."),
                )
            }
        }
    }
}

/// What a token is limited to, in words.
fn limits(read_only: bool, only: Option<&InstanceId>) -> Vec<String> {
    let reading = read_only.then(|| "for reading only".to_owned());
    reading.into_iter().chain(only.map(|id| format!("for {id} only"))).collect()
}
