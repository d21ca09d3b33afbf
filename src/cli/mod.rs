//! The command line. One subcommand, one file; options are flags and `NUMBERD_*` variables alike.
//!
//! Exit codes: 0 done, 1 refused by a rule, 2 usage, 3 not found, 4 conflict, 5 database.

mod access_key;
mod backup;
mod batch;
mod candidates;
mod changes;
mod check;
mod completion;
mod contact_flows;
mod demo;
mod examples;
mod founding;
mod groups;
mod healthcheck;
mod history;
mod init;
mod instances;
mod key_file;
mod man;
mod migrate;
mod names;
mod numbers;
mod oauth_client;
mod output;
mod paged;
mod password;
mod place;
mod public_credentials;
mod report;
mod restore;
mod seed;
mod serve;
mod server_options;
mod sql;
mod swap;
mod token;
mod undo;
mod users;
mod whois;
mod why;
mod write;

use crate::domain::text::is_control;
use crate::domain::{Author, Clock, Error, InstanceId, Missing, Origin, Rule, Timestamp, location};
use crate::store::{self, KeyFile, Migrate, OpenError, Store, access_keys};
use crate::telemetry;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use server_options::ServerOptions;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, LazyLock};

/// Keeps a call centre's phone numbers and who may dial out with them.
#[derive(Debug, Parser)]
#[command(name = "numberd", version, long_version = versions(), max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

/// What `--version` says: the program, the schema that it works with, and the month of its
/// numbering data.
fn versions() -> &'static str {
    static VERSIONS: LazyLock<String> = LazyLock::new(|| {
        format!(
            "{}\nschema {}\nnumbering data {}",
            env!("CARGO_PKG_VERSION"),
            store::migrations::newest(),
            location::data_date()
        )
    });
    &VERSIONS
}

/// The options of every subcommand.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Common options")]
struct Options {
    /// The database file [default: numberd.db; for demo: a temporary file].
    #[arg(long, global = true, env = "NUMBERD_DATABASE", value_name = "FILE")]
    database: Option<PathBuf>,
    /// The file with the key that the AccessKey secrets are encrypted with [default: the database's
    /// name, ending in .key].
    #[arg(long, global = true, env = "NUMBERD_KEY_FILE", value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
    /// Show what would be done, and do nothing.
    #[arg(long, global = true)]
    dry_run: bool,
    /// The instance, the call centre that is meant [default: the only one there is].
    #[arg(long, global = true, env = "NUMBERD_INSTANCE", value_name = "ID")]
    instance: Option<String>,
    /// Why something is changed; kept in the change log.
    #[arg(long, global = true, value_name = "TEXT", default_value = "", hide_default_value = true, value_parser = names::reason)]
    reason: String,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a throwaway call centre to try numberd with: sample data, known credentials, this
    /// machine only.
    Demo(ServerOptions),
    /// Make a new database, its key file and the account's root user; prints their first AccessKey
    /// and console password, once.
    Init(init::Init),
    /// Run the server; the schema is brought up to date first.
    Serve(ServerOptions),
    /// Bring the schema of the database up to date.
    Migrate,
    /// Fill an empty database with the sample call centre.
    Seed,
    /// Check the file, its schema, every text, rule and counter.
    Check,
    /// Instances, the call centres: list, create, rename, give up.
    #[command(subcommand)]
    Instances(instances::Instances),
    /// Numbers: list, add, remove, give, take back, bind.
    #[command(subcommand)]
    Numbers(numbers::Numbers),
    /// Users: list, create, remove, what they hold and held, handing over.
    #[command(subcommand)]
    Users(users::Users),
    /// Skill groups: list, create, delete, who is in them.
    #[command(subcommand)]
    Groups(groups::Groups),
    /// Contact flows, which incoming calls run through: list, show, add, edit, delete.
    #[command(subcommand)]
    ContactFlows(contact_flows::ContactFlows),
    /// Give each of two numbers to the holders of the other.
    Swap(swap::Swap),
    /// Tell who holds a number, or held it at a moment.
    Whois(whois::Whois),
    /// Tell why a number can't be given to a user, and what would free it.
    Why(why::Why),
    /// List the numbers that could be given to a user; with --blocked, the others too and what
    /// stands in the way.
    Candidates(candidates::Candidates),
    /// List what was changed, by whom, from where, and why.
    Changes(changes::Changes),
    /// Ask the database a question in SQL; it is only read.
    Sql(sql::Sql),
    /// Undo a change, as one new change.
    Undo(undo::Undo),
    /// Do a list of things with numbers, all of them or as many as can be.
    Batch(batch::Batch),
    /// Copy the database into a new file, while a server uses it; prints the path.
    Backup(backup::Backup),
    /// Put a backup in the place of the database, or only try whether it could be.
    Restore(restore::Restore),
    /// AccessKeys, the credentials of signed requests.
    #[command(subcommand)]
    AccessKey(access_key::AccessKey),
    /// The key file that AccessKey secrets are encrypted with: make a lost one anew, or replace it.
    #[command(subcommand)]
    KeyFile(key_file::KeyFileCommand),
    /// API tokens, the credentials for curl and the admin API.
    #[command(subcommand)]
    Token(token::Token),
    /// Passwords of the web console.
    #[command(subcommand)]
    Password(password::Password),
    /// OAuth2 clients, the credentials of the VCC face.
    #[command(subcommand)]
    OauthClient(oauth_client::OauthClient),
    /// Ask a running server whether it is alive; for a container's health check.
    Healthcheck(healthcheck::Healthcheck),
    /// Print the completions for a shell.
    Completion(completion::Completion),
    /// Print the manual page, or write one for each command.
    Man(man::Man),
}

/// Why a command failed, which decides the exit code.
#[derive(Debug)]
enum Failure {
    Refused(String),
    Usage(String),
    NotFound(String),
    Conflict(String),
    Database(String),
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Usage(_) => 2,
            Self::NotFound(_) => 3,
            Self::Conflict(_) => 4,
            Self::Database(_) => 5,
        }
    }

    fn sentence(&self) -> &str {
        match self {
            Self::Refused(text)
            | Self::Usage(text)
            | Self::NotFound(text)
            | Self::Conflict(text)
            | Self::Database(text) => text,
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::Database(error.to_string())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let text = match &error {
            // The rule's name is for programs.
            Error::Rule { subject, advice, .. } if !subject.is_empty() => {
                format!("{subject}: {advice}.")
            }
            error => format!("{error}."),
        };
        match error {
            Error::NotFound(_) => Self::NotFound(text),
            Error::AlreadyExists(_)
            | Error::Rule { rule: Rule::RowKeepsItsKey | Rule::OneRoot, .. } => {
                Self::Conflict(text)
            }
            Error::Rule { .. }
            | Error::SkillGroupInUse(_)
            | Error::LastAdmin(_)
            | Error::OwnUser(_)
            | Error::Forbidden(_)
            | Error::NonceUsed => Self::Refused(text),
            Error::Unavailable(_) | Error::Internal(_) => Self::Database(text),
        }
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    let parsed = command().try_get_matches().and_then(|found| Cli::from_arg_matches(&found));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let result = cli.run();
    telemetry::flush();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::error(failure.sentence());
            ExitCode::from(failure.code())
        }
    }
}

/// All commands, with their examples.
fn command() -> clap::Command {
    examples::with_examples(Cli::command())
}

/// What clap says: the help, the version, or what is wrong. A sentence that repeats an argument
/// with characters that would move the cursor is printed with them escaped.
fn usage(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    let harmless = |c: char| c == '\n' || !is_control(c);
    if text.chars().all(harmless) {
        error.exit();
    }
    output::error(text.trim_end().trim_start_matches("error: "));
    ExitCode::from(2)
}

impl Cli {
    fn run(self) -> Result<(), Failure> {
        let options = self.options;
        if options.dry_run && matches!(self.command, Command::Demo(_) | Command::Serve(_)) {
            return Err(Failure::Usage("A server has no dry run; leave --dry-run out.".to_owned()));
        }
        match self.command {
            Command::Demo(server) => demo::run(options, &server),
            Command::Init(command) => command.run(&options),
            Command::Serve(server) => serve::run(&options, &server),
            Command::Migrate => migrate::run(&options),
            Command::Seed => seed::run(&options),
            Command::Check => check::run(&options),
            Command::Instances(command) => command.run(&options),
            Command::Numbers(command) => command.run(&options),
            Command::Users(command) => command.run(&options),
            Command::Groups(command) => command.run(&options),
            Command::ContactFlows(command) => command.run(&options),
            Command::Swap(command) => command.run(&options),
            Command::Whois(command) => command.run(&options),
            Command::Why(command) => command.run(&options),
            Command::Candidates(command) => command.run(&options),
            Command::Changes(command) => command.run(&options),
            Command::Sql(command) => command.run(&options),
            Command::Undo(command) => command.run(&options),
            Command::Batch(command) => command.run(&options),
            Command::Backup(command) => command.run(&options),
            Command::Restore(command) => command.run(&options),
            Command::AccessKey(command) => command.run(&options),
            Command::KeyFile(command) => command.run(&options),
            Command::Token(command) => command.run(&options),
            Command::Password(password) => password.run(&options),
            Command::OauthClient(command) => command.run(&options),
            Command::Healthcheck(command) => command.run(),
            Command::Completion(command) => command.run(),
            Command::Man(command) => command.run(),
        }
    }
}

impl Options {
    /// The database's path; of one that is there, without links, so that what belongs to it is
    /// looked for beside the file itself.
    fn database(&self) -> PathBuf {
        let path = self.database.clone().unwrap_or_else(|| PathBuf::from("numberd.db"));
        if path.is_symlink() { path.canonicalize().unwrap_or(path) } else { path }
    }

    fn key_file(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.database().with_extension("key"))
    }

    fn open(&self, migrate: Migrate) -> Result<Arc<Store>, Failure> {
        Ok(Arc::new(Store::open(&self.database(), migrate, Clock::System)?))
    }

    /// The key file of the database, checked to be its own. A key that was made for it, and not
    /// put in place because the program was killed, is put there now.
    fn open_key_file(&self, store: &Store) -> Result<KeyFile, Failure> {
        let path = self.key_file();
        let opened = self.fitting_key_file(store, &path);
        let next = Self::next_key_file(&path);
        if opened.is_err() && next.exists() {
            let key_file = self.fitting_key_file(store, &next)?;
            std::fs::rename(&next, &path).map_err(|error| {
                Failure::Database(format!("{} can't be put in place: {error}.", next.display()))
            })?;
            return Ok(key_file);
        }
        opened
    }

    fn fitting_key_file(&self, store: &Store, path: &Path) -> Result<KeyFile, Failure> {
        if !path.exists() {
            return Err(Failure::Database(format!(
                "The key file {} does not exist. Put it back from where it is kept, or name it with --key-file; if it is lost, `numberd key-file renew` makes a new one and ends the AccessKeys.",
                path.display()
            )));
        }
        let key_file = KeyFile::open(path)?;
        if !store.read(|tx| access_keys::is_key_file_of(tx, &key_file))? {
            return Err(Failure::Database(format!(
                "{} is not the key file of {}: its AccessKey secrets were encrypted with another key.",
                path.display(),
                self.database().display()
            )));
        }
        Ok(key_file)
    }

    /// Where a new key lies until it takes the place of the old one.
    fn next_key_file(path: &Path) -> PathBuf {
        let mut next = path.as_os_str().to_owned();
        next.push(".next");
        PathBuf::from(next)
    }

    /// The instance that is meant: the one given, or the only one there is.
    fn instance(&self, store: &Store) -> Result<InstanceId, Failure> {
        if let Some(id) = &self.instance {
            let known = store.read(|tx| store::instances::is_shared(tx, id))?.is_some();
            return if known {
                Ok(InstanceId::new(id.as_str()))
            } else {
                Err(Error::NotFound(Missing::Instance(id.clone())).into())
            };
        }
        let ids: Vec<String> = store.read(store::instances::in_use)?;
        match ids.as_slice() {
            [only] => Ok(InstanceId::new(only.as_str())),
            [] => Err(Failure::NotFound("There is no instance yet.".to_owned())),
            several => Err(Failure::Usage(format!(
                "Say which instance is meant, with --instance or NUMBERD_INSTANCE: {}.",
                several.join(", ")
            ))),
        }
    }
}

/// Who changes something at the command line: the login of the process's user id. What `$USER` says
/// is anybody's choice.
fn author() -> Author {
    let id = nix::unistd::getuid();
    let user = nix::unistd::User::from_uid(id).ok().flatten();
    Author {
        actor: user.map_or_else(|| format!("uid {id}"), |user| user.name),
        via: Origin::Cli,
        request_id: uuid::Uuid::new_v4().to_string().to_uppercase(),
        reason: String::new(),
    }
}

/// Reads a moment that is given at the command line.
fn moment(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse_local(text).ok_or_else(|| {
        "a moment is a day, `YYYY-MM-DD HH:MM` in local time, or RFC 3339".to_owned()
    })
}
