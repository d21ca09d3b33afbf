//! OAuth2 clients and what they may ask for.

use super::InstanceId;
use super::word::words;
use std::collections::BTreeSet;
use std::fmt;

words! {
    /// What a client may do with the users of its instance.
    #[derive(PartialOrd, Ord)]
    Scope {
        /// Reading users, their callback numbers, skills and groups.
        UsersRead = "users:read",
        /// Changing them, and reading as well.
        UsersWrite = "users:write",
    }
}

/// The documented scopes of the vendor's other APIs. A client that uses several asks for them
/// together; here they grant nothing.
const ELSEWHERE: [&str; 7] = [
    "agents-availability:read",
    "globalpci",
    "interaction-content:delete",
    "interaction-content:read",
    "interactions:write",
    "self:read",
    "stats",
];

/// A set of scopes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// Reads names that are separated by spaces; those of the vendor's other APIs are left out.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.split(' ')
            .filter(|name| !name.is_empty() && !ELSEWHERE.contains(name))
            .map(|name| Scope::from_name(name).ok_or_else(|| name.to_owned()))
            .collect()
    }

    /// Reads names from the database; one that is unknown there gives no rights.
    pub fn known(text: &str) -> Self {
        text.split(' ').filter_map(Scope::from_name).collect()
    }

    /// Whether what needs this scope may be done: who may write may read.
    pub fn allow(&self, needed: Scope) -> bool {
        self.0.contains(&needed) || self.0.contains(&Scope::UsersWrite)
    }

    /// The first scope that is not among `others`.
    pub fn first_beyond(&self, others: &Self) -> Option<Scope> {
        self.0.difference(&others.0).next().copied()
    }

    /// The scopes that both have.
    #[must_use]
    pub fn within(&self, others: &Self) -> Self {
        Self(self.0.intersection(&others.0).copied().collect())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl fmt::Display for Scopes {
    /// The names, separated by one space.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(|scope| scope.name()).collect();
        f.write_str(&names.join(" "))
    }
}

/// A client that has proved who it is. It acts in its one instance.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its id, the actor in the change log.
    pub client_id: String,
    /// Its instance.
    pub instance_id: InstanceId,
    /// What it may do: with a token, what the token was asked for.
    pub scopes: Scopes,
}
