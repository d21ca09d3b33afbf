//! A call centre as a vendor shows it, in the order in which it can be taken over: each thing comes
//! after what it needs.

use super::import::{CellChange, Duplicates, ImportAct, ImportKind, ImportMode, LineOutcome};
use super::word::words;
use serde::{Deserialize, Serialize};

words! {
    /// What is taken over, in this order.
    #[derive(Deserialize, PartialOrd, Ord)]
    AdoptKind {
        /// The instance itself.
        Instance = "instance",
        /// The account's logins.
        Logins = "logins",
        /// Contact flows.
        ContactFlows = "contact flows",
        /// Skill groups.
        Groups = "skill groups",
        /// Users.
        Users = "users",
        /// Who belongs to which skill groups, by user.
        Memberships = "memberships",
        /// Numbers, with who holds them.
        Numbers = "numbers",
    }
}

/// One thing that is taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdoptItem {
    /// What it is.
    pub kind: AdoptKind,
    /// Which one: an id, a login name, a name, a number.
    pub key: String,
    /// What the vendor says of it.
    pub says: Says,
}

/// What the vendor says of a thing. Texts are as the vendor wrote them; they are checked when they
/// are taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// Of the instance.
    Instance {
        /// Its name, if the vendor has one.
        name: Option<String>,
        /// What it is for, if the vendor says so.
        description: Option<String>,
        /// Whether several users may hold a number, if it is new.
        is_shared: bool,
    },
    /// Of a login.
    Login {
        /// Its id.
        ram_id: String,
        /// What people call the person.
        display_name: String,
        /// The e-mail address, or nothing.
        email: String,
        /// The mobile number.
        mobile: String,
    },
    /// Of a contact flow.
    ContactFlow {
        /// Its name.
        name: String,
        /// What it is for.
        description: String,
        /// Its kind.
        flow_type: String,
        /// What it does.
        definition: String,
        /// The draft that it was published from.
        draft_id: String,
        /// Who edited it last.
        editor: String,
        /// Whether calls run through it.
        published: bool,
    },
    /// Of a skill group, a user or a number: a line of one of the tables.
    Line {
        /// Which table.
        table: usize,
        /// The line's cells.
        cells: Vec<String>,
        /// The version that the preview has seen; `None` if there was no such row.
        version: Option<u64>,
    },
    /// Of a user's memberships: the skill groups by id, and the level in each.
    Levels(Vec<(String, u8)>),
}

/// A call centre, read whole.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// How the lines of its items are read.
    pub tables: Vec<ImportAct>,
    /// All that was read.
    pub items: Vec<AdoptItem>,
    /// Whether its vendor shows contact flows, and the numbers that skill groups hold.
    pub is_whole: bool,
}

impl Account {
    /// Adds a table.
    pub fn table(&mut self, what: ImportKind, columns: &[&str]) -> usize {
        let columns = columns.iter().map(|&name| name.to_owned()).collect();
        let (mode, duplicates) = (ImportMode::Overwrite, Duplicates::Update);
        self.tables.push(ImportAct { what, mode, duplicates, columns, unsaid_stays: true });
        self.tables.len() - 1
    }

    /// Adds an item.
    pub fn push(&mut self, kind: AdoptKind, key: impl Into<String>, says: Says) {
        self.items.push(AdoptItem { kind, key: key.into(), says });
    }

    /// Adds a line of a table.
    pub fn line(&mut self, kind: AdoptKind, key: &str, table: usize, cells: Vec<String>) {
        self.push(kind, key, Says::Line { table, cells, version: None });
    }
}

/// What taking over one thing does, as a preview has found out.
#[derive(Clone, Debug, Serialize)]
pub struct Tried {
    /// What it is.
    pub kind: AdoptKind,
    /// Which one.
    pub key: String,
    /// What is done; `None`: it can't be taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<LineOutcome>,
    /// What changes of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<CellChange>,
    /// Why it can't be taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Tried {
    /// Adds what a later step does with the same thing.
    pub fn and(&mut self, next: Self) {
        self.outcome = match (self.outcome, next.outcome) {
            (None, _) | (_, None) => None,
            (Some(LineOutcome::Same), next) => next,
            (first, _) => first,
        };
        self.changes.extend(next.changes);
        self.reason = self.reason.take().or(next.reason);
    }
}

/// What taking over a call centre does.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// Of each item, in their order.
    pub tried: Vec<Tried>,
    /// What would change something: the items to do.
    pub items: Vec<AdoptItem>,
    /// What is only here, and not at the vendor's.
    pub only_here: Vec<(AdoptKind, String)>,
}
