//! `numberd instances …`

use super::paged::Paged;
use super::write::{Rehearsed, Written};
use super::{Failure, Options, names, options};
use crate::domain::instance::{CountryCode, InstanceEdit, NewInstance, Sharing};
use crate::domain::{Error, InstanceId, LoginName, Parsed};
use crate::ops;
use crate::store::{Migrate, Store, WriteTx, instances};
use clap::{ArgGroup, Subcommand};
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(super) enum Instances {
    /// List the instances, also those that were given up.
    List(Paged),
    /// Create an instance, with an empty skill group `default`.
    Create {
        /// Its id, which is its domain name too: 4 to 48 letters, digits, - and _.
        #[arg(value_name = "ID", value_parser = InstanceId::parse)]
        id: InstanceId,
        /// What people call it [default: its id].
        #[arg(long, value_parser = names::display_name)]
        name: Option<String>,
        /// What it is for.
        #[arg(long, value_name = "TEXT", value_parser = names::description)]
        description: Option<String>,
        /// Whether a number may be personal to one user, or to several at once as in a VCC account.
        #[arg(
            long,
            value_name = "HOLDERS",
            default_value = Sharing::Exclusive.name(),
            value_parser = names::word_of::<Sharing>()
        )]
        personal_numbers: Sharing,
        /// The country whose national numbers are read as its international ones: 86, or '' for
        /// none [default: 86 for an exclusive instance, none for a shared one].
        #[arg(long, value_name = "CODE", value_parser = names::word_of::<CountryCode>())]
        country_code: Option<CountryCode>,
        /// The login name of an administrator; can be given several times.
        #[arg(long = "admin", value_name = "LOGIN_NAME")]
        admins: Vec<LoginName>,
    },
    /// Change what people call an instance; its id stays.
    Rename {
        /// Its id.
        #[arg(value_name = "ID")]
        id: String,
        /// The new name.
        #[arg(value_parser = names::display_name)]
        name: String,
    },
    /// Change the settings of an instance.
    #[command(group(ArgGroup::new("settings").required(true).multiple(true)
        .args(["name", "description", "personal_numbers", "country_code", "cool_down_days",
               "reason_required"])))]
    Edit {
        /// Its id.
        #[arg(value_name = "ID")]
        id: String,
        /// The new name.
        #[arg(long, value_parser = names::display_name)]
        name: Option<String>,
        /// What it is for.
        #[arg(long, value_name = "TEXT", value_parser = names::description)]
        description: Option<String>,
        /// Whether a number may be personal to one user, or to several at once. It can't become
        /// exclusive while several users hold one number.
        #[arg(long, value_name = "HOLDERS", value_parser = names::word_of::<Sharing>())]
        personal_numbers: Option<Sharing>,
        /// The country whose national numbers are read as its international ones: 86, or '' for
        /// none. It can't be set while the instance has one number in two spellings.
        #[arg(long, value_name = "CODE", value_parser = names::word_of::<CountryCode>())]
        country_code: Option<CountryCode>,
        /// For how many days a number that was released is kept for its last holder; 0: not at all.
        #[arg(long, value_name = "DAYS", value_parser = names::cool_down_days())]
        cool_down_days: Option<u32>,
        /// Whether every change by REST, in the console and at the command line needs a reason.
        #[arg(long, value_name = "YES")]
        reason_required: Option<bool>,
    },
    /// Give an instance up: its numbers go back to the account's pool, its users are removed, its
    /// history stays.
    Delete {
        /// Its id; no other instance gets it.
        #[arg(value_name = "ID")]
        id: String,
        /// With all its users and numbers; without it, only an empty instance is given up.
        #[arg(long)]
        force: bool,
    },
}

impl Instances {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        match self {
            Self::List(paged) => list(options, &store, &paged),
            Self::Create { id, name, description, personal_numbers, country_code, admins } => {
                let new = NewInstance {
                    name: name.unwrap_or_else(|| id.to_string()),
                    instance_id: id,
                    description: description.unwrap_or_default(),
                    personal_numbers,
                    country_code: country_code.unwrap_or(CountryCode::of_new(personal_numbers)),
                    admins: Vec::new(),
                    numbers: Vec::new(),
                };
                create(options, &store, new, admins)
            }
            Self::Rename { id, name } => rename(options, &store, &id, &name),
            Self::Edit {
                id,
                name,
                description,
                personal_numbers,
                country_code,
                cool_down_days,
                reason_required,
            } => {
                let edit = InstanceEdit {
                    name,
                    description,
                    personal_numbers,
                    country_code,
                    cool_down_days,
                    reason_required,
                };
                self::edit(options, &store, &id, edit)
            }
            Self::Delete { id, force } => delete(options, &store, &id, force),
        }
    }
}

fn create(
    options: &Options,
    store: &Store,
    mut new: NewInstance,
    admins: Vec<LoginName>,
) -> Result<(), Failure> {
    let id = new.instance_id.clone();
    if let Some(sentence) = options::given_up(store, &id)? {
        return Err(Failure::conflict(sentence));
    }
    let written = options.write(store, move |tx| {
        new.admins = ops::users::logins(tx, &admins)?;
        ops::instances::create(tx, &new)
    })?;
    written.print(
        options,
        |()| (json!({ "instance_id": id }), format!("Instance {id} is created.")),
        &format!("Would create instance {id}."),
    )
}

fn rename(options: &Options, store: &Store, id: &str, name: &str) -> Result<(), Failure> {
    let edit = InstanceEdit { name: Some(name.to_owned()), ..InstanceEdit::default() };
    let written = change(options, store, id, move |tx, id| ops::instances::modify(tx, id, &edit))?;
    written.print(
        options,
        |()| {
            let value = json!({ "instance_id": id, "name": name });
            (value, format!("Instance {id} is called {name} now."))
        },
        &format!("Would call instance {id} {name}."),
    )
}

fn edit(options: &Options, store: &Store, id: &str, edit: InstanceEdit) -> Result<(), Failure> {
    let written = change(options, store, id, move |tx, id| {
        ops::instances::modify(tx, id, &edit)?;
        instances::find(tx, id)
    })?;
    written.print(
        options,
        |instance| (json!(instance), format!("Instance {id} is changed.")),
        &format!("Would change instance {id}."),
    )
}

fn delete(options: &Options, store: &Store, id: &str, force: bool) -> Result<(), Failure> {
    let instance_id = options::there(store, InstanceId::new(id))?;
    let goes = store.read(|tx| instances::contents(tx, &instance_id))?;
    let goes = if goes.total() == 0 { String::new() } else { format!(", with {goes}") };
    let written = change(options, store, id, move |tx, id| ops::instances::release(tx, id, force))?;
    written.print(
        options,
        |()| (json!({ "instance_id": id }), format!("Instance {id} is given up{goes}.")),
        &format!("Would give instance {id} up{goes}."),
    )
}

fn list(options: &Options, store: &Store, paged: &Paged) -> Result<(), Failure> {
    let page = store.read(|tx| instances::list(tx, paged.request()))?;
    let heading = ["INSTANCE", "NAME", "STATUS", "PERSONAL", "COUNTRY", "CREATED", "DESCRIPTION"];
    paged.print(options, page, &heading, |instance| {
        vec![
            instance.instance_id.to_string(),
            instance.name.clone(),
            instance.status.to_string(),
            instance.personal_numbers.to_string(),
            instance.country_code.to_string(),
            instance.created_at.to_string(),
            instance.description.clone(),
        ]
    })
}

/// Changes an instance that must be there.
fn change<T: Rehearsed>(
    options: &Options,
    store: &Store,
    id: &str,
    act: impl FnOnce(&WriteTx<'_>, &InstanceId) -> Result<T, Error> + Send + 'static,
) -> Result<Written<T>, Failure> {
    let id = options::there(store, InstanceId::new(id))?;
    options.write(store, move |tx| instances::find(tx, &id).and_then(|_| act(tx, &id)))
}
