//! The command line. One subcommand, one file; options are flags and `NUMBERD_*` variables alike.
//!
//! Exit codes: 0 done, 1 refused by a rule, 2 usage, 3 not found, 4 conflict, 5 database.

mod access_key;
mod adopt;
mod as_csv;
mod backup;
mod batch;
mod candidates;
mod capacity;
mod changes;
mod check;
mod completion;
mod contact_flows;
mod demo;
mod examples;
mod export;
mod failure;
mod founding;
mod groups;
mod healthcheck;
mod hint;
mod history;
mod import;
mod init;
mod instances;
mod key_file;
mod low_water_mark;
mod man;
mod migrate;
mod names;
mod numbers;
mod oauth_client;
mod options;
mod output;
mod paged;
mod password;
mod place;
mod public_credentials;
mod report;
mod restore;
mod run;
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
use crate::domain::{Author, Clock, NotAMoment, Origin, Timestamp, location};
use crate::{store, telemetry};
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use failure::Failure;
use options::Options;
use server_options::ServerOptions;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::sync::LazyLock;

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

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a throwaway call centre to try numberd with: sample data, known credentials, this
    /// machine only.
    Demo(ServerOptions),
    /// Make a new database, its key file and the account's root user; prints their first AccessKey
    /// and console password, once.
    Init(init::Init),
    /// Run the server; the schema is brought up to date first.
    Serve(serve::Serve),
    /// Bring the schema of the database up to date.
    Migrate,
    /// Fill an empty database with the sample call centre.
    Seed,
    /// Check the file, its schema, every text, rule and counter.
    Check(as_csv::AsCsv),
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
    /// Show who holds a number, or held it at a moment.
    Whois(whois::Whois),
    /// Show why a number can't be given to a user, and what would free it.
    Why(why::Why),
    /// List the numbers that could be given to a user; with --blocked, the others too and what
    /// stands in the way.
    Candidates(candidates::Candidates),
    /// Show how many numbers are free by city and usage, and when they run out.
    Capacity(capacity::ShowCapacity),
    /// Set how many numbers should be free at least.
    LowWaterMark(low_water_mark::SetMark),
    /// List what was changed, by whom, from where, and why.
    Changes(changes::Changes),
    /// Ask the database a question in SQL; nothing is changed.
    Sql(sql::Sql),
    /// Undo a change or a request, in one request, which can itself be undone.
    Undo(undo::Undo),
    /// Show the progress of a request that is done in slices, stop it, or continue it.
    Run(run::Run),
    /// Do a list of things with numbers, all of them or as many as can be.
    Batch(batch::Batch),
    /// Import numbers, users or skill groups from a spreadsheet, CSV or XLSX.
    Import(import::Import),
    /// Take over a call centre through its vendor's API; later, show what differs.
    #[command(subcommand)]
    Adopt(adopt::Adopt),
    /// Export the numbers, users or skill groups of an instance as a spreadsheet.
    Export(export::Export),
    /// Copy the database into a new file, while a server uses it; prints the path.
    Backup(backup::Backup),
    /// Put a backup in the place of the database, or only try whether it could be.
    Restore(restore::Restore),
    /// AccessKeys, the credentials of signed requests.
    #[command(subcommand)]
    AccessKey(access_key::AccessKey),
    /// The key file that AccessKey secrets are encrypted with: recreate a lost one, or replace it.
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

/// Runs the program.
pub fn main() -> ExitCode {
    let parsed = command().try_get_matches().and_then(|found| {
        hint::remember(&found);
        Cli::from_arg_matches(&found)
    });
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let (json, options) = (cli.options.json, cli.options.clone());
    let result = cli.run().map_err(|failure| failure.or_near(&options));
    telemetry::flush();
    ended(result.map(|()| 0), json)
}

/// How the program ends, with why it failed on standard error.
fn ended(result: Result<u8, Failure>, json: bool) -> ExitCode {
    ExitCode::from(result.unwrap_or_else(|failure| {
        output::failure(&failure, json);
        failure.code
    }))
}

fn command() -> clap::Command {
    examples::with_examples(Cli::command())
}

/// What clap says: the help, the version, or what is wrong. A sentence that repeats an argument
/// with characters that would move the cursor is printed with them escaped. With `--json` what is
/// wrong is an object, as every failure is; the usage is not in it.
fn usage(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    if error.use_stderr() && std::env::args_os().any(|argument| argument == "--json") {
        let end = text.find("\n\nUsage:").or_else(|| text.find("\n\nFor more information"));
        let sentence = match error.kind() {
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                "a subcommand is missing; --help lists them"
            }
            _ => text[..end.unwrap_or(text.len())].trim_start_matches("error: ").trim_end(),
        };
        output::error_object(sentence, 2);
        return ExitCode::from(2);
    }
    let harmless = |c: char| c == '\n' || !is_control(c);
    if text.chars().all(harmless) {
        let printed = error.print();
        let code = u8::try_from(error.exit_code()).unwrap_or(2);
        let told = if error.use_stderr() { Ok(()) } else { output::reached(printed) };
        return ended(told.map(|()| code), false);
    }
    output::error(text.trim_end().trim_start_matches("error: "));
    ExitCode::from(2)
}

impl Cli {
    fn run(self) -> Result<(), Failure> {
        let options = self.options;
        if options.dry_run && matches!(self.command, Command::Demo(_) | Command::Serve(_)) {
            return Err(Failure::usage("A server has no dry run; leave --dry-run out."));
        }
        if options.json && matches!(self.command, Command::Completion(_) | Command::Man(_)) {
            let sentence = "Neither completions nor manual pages are JSON; leave --json out.";
            return Err(Failure::usage(sentence.to_owned()));
        }
        match self.command {
            Command::Demo(server) => demo::run(options, &server),
            Command::Init(command) => command.run(&options),
            Command::Serve(server) => serve::run(&options, &server),
            Command::Migrate => migrate::run(&options),
            Command::Seed => seed::run(&options),
            Command::Check(csv) => check::run(&options, csv),
            Command::Instances(command) => command.run(&options),
            Command::Numbers(command) => command.run(&options),
            Command::Users(command) => command.run(&options),
            Command::Groups(command) => command.run(&options),
            Command::ContactFlows(command) => command.run(&options),
            Command::Swap(command) => command.run(&options),
            Command::Whois(command) => command.run(&options),
            Command::Why(command) => command.run(&options),
            Command::Candidates(command) => command.run(&options),
            Command::Capacity(command) => command.run(&options),
            Command::LowWaterMark(command) => command.run(&options),
            Command::Changes(command) => command.run(&options),
            Command::Sql(command) => command.run(&options),
            Command::Undo(command) => command.run(&options),
            Command::Run(command) => command.run(&options),
            Command::Batch(command) => command.run(&options),
            Command::Import(command) => command.run(&options),
            Command::Adopt(command) => command.run(&options),
            Command::Export(command) => command.run(&options),
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

/// Who changes something at the command line: the login of the process's user id. What `$USER` says
/// is anybody's choice.
fn author() -> Author {
    let id = nix::unistd::getuid();
    let user = nix::unistd::User::from_uid(id).ok().flatten();
    Author::new(
        user.map_or_else(|| format!("uid {id}"), |user| user.name),
        Origin::Cli,
        crate::http::new_request_id(),
    )
}

/// Opens a file, or standard input for `-`.
fn open(path: &Path) -> std::io::Result<Box<dyn Read>> {
    match path.as_os_str().as_encoded_bytes() {
        b"-" => Ok(Box::new(std::io::stdin())),
        _ => Ok(Box::new(std::fs::File::open(path)?)),
    }
}

/// Reads a moment that is given at the command line.
fn moment(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse_local(text).map_err(|error| match error {
        NotAMoment::Form => {
            "a moment is a day, `YYYY-MM-DD HH:MM` in local time, or RFC 3339".to_owned()
        }
        NotAMoment::TooLate => format!("it {error}"),
    })
}

/// Reads a moment that must not be in the future.
fn past_moment(text: &str) -> Result<Timestamp, String> {
    let at = moment(text)?;
    if at > Clock::System.now() { Err("it must not be in the future".to_owned()) } else { Ok(at) }
}
