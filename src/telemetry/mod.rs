//! The log: to standard error, as text for people or as JSON for programs. `RUST_LOG` chooses what
//! is in it.
//!
//! # Architecture Invariant
//! The log is a side channel. No request waits for it, and none fails because of it: a line goes
//! into a bounded queue, and [`lines`] writes it from a thread of its own. A line that finds the
//! queue full, or can't be written, is dropped and counted.

mod lines;

pub use lines::{dropped, flush};

use std::io::{IsTerminal, Write};
use std::panic::PanicHookInfo;
use tracing_subscriber::EnvFilter;

/// What is logged unless `RUST_LOG` says otherwise: the libraries only when something is wrong.
const USUAL: &str = "info,actix_server=warn,refinery_core=warn,r2d2=warn";

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// A line for people.
    #[default]
    Text,
    /// An object a line.
    Json,
}

/// Starts the log. A second call changes nothing.
pub fn init(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(USUAL));
    // Colours are for a person's terminal; a file or a journal would keep their escapes.
    let colours = std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(lines::Queue::start())
        // It would report a line that can't be written on standard error, and panic there.
        .log_internal_errors(false)
        .with_target(false)
        .with_ansi(colours);
    // Only a test starts it twice.
    let started = match format {
        LogFormat::Text => subscriber.try_init(),
        LogFormat::Json => subscriber.json().flatten_event(true).try_init(),
    };
    if started.is_ok() {
        std::panic::set_hook(Box::new(log_panic));
    }
}

/// Ends the process with code 5, since going on would lose data: says why, in the log or, at the
/// command line, on standard error.
pub fn last_words(sentence: &str) -> ! {
    if tracing::dispatcher::has_been_set() {
        tracing::error!(why = sentence, "the server ends, because going on could lose changes");
        flush();
    } else {
        let _ = writeln!(std::io::stderr().lock(), "numberd: {sentence}.");
    }
    std::process::exit(5)
}

/// A panic is a line of the log like any other: standard error itself may block.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let message = panic.payload_as_str().unwrap_or("a value that is not text");
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, why = message, "a thread panicked");
}
