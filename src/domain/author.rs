//! Who makes a change, from where, and why: every change in the log says so.

use super::word::words;

words! {
    /// Where a change came from.
    Origin {
        /// Alibaba Cloud Call Center's protocol.
        Ccc = "ccc",
        /// Vonage Contact Center's protocol.
        Vcc = "vcc",
        /// The admin REST API.
        Admin = "admin",
        /// The web console.
        Console = "console",
        /// The command line.
        Cli = "cli",
        /// An edit by hand, which the program itself never makes.
        Sql = "sql",
    }
}

/// The author of one write transaction.
#[derive(Clone, Debug)]
pub struct Author {
    /// The login name or the OAuth client id; on the command line, the operating system's user.
    pub actor: String,
    /// The face.
    pub via: Origin,
    /// The request's id; what one request changes shares it.
    pub request_id: String,
    /// Why, if it was given; else empty.
    pub reason: String,
}

impl Author {
    /// An author without a reason.
    pub fn new(actor: impl Into<String>, via: Origin, request_id: impl Into<String>) -> Self {
        let (actor, request_id) = (actor.into(), request_id.into());
        Self { actor, via, request_id, reason: String::new() }
    }
}
