//! Who makes a change, from where, and why: what every row of the change log tells.

/// The face that a change came through; `sql` in the log, a hand edit, has no value here because
/// the program never makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Alibaba Cloud Call Center's protocol.
    Ccc,
    /// Vonage Contact Center's protocol.
    Vcc,
    /// The admin REST API.
    Admin,
    /// The web console.
    Console,
    /// The command line.
    Cli,
}

impl Origin {
    /// All of them; the schema has a row of `origin` for each.
    pub const ALL: [Self; 5] = [Self::Ccc, Self::Vcc, Self::Admin, Self::Console, Self::Cli];

    /// The word in the change log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ccc => "ccc",
            Self::Vcc => "vcc",
            Self::Admin => "admin",
            Self::Console => "console",
            Self::Cli => "cli",
        }
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
