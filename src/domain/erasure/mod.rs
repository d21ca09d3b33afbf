//! Erasing a person from texts: from those that people write, and from the JSON of the change log.
//!
//! In JSON only those strings are replaced. Everything else stays as it was, so a change can still
//! be compared with the row that it is about.

mod telephone;

pub use telephone::Telephone;

use serde::Serialize;

/// What a person is called in the file, and what replaces it.
#[derive(Clone, Debug)]
pub struct Erasure {
    /// What the history calls them from now on; it has the form of a login name.
    pub pseudonym: String,
    /// Their login name.
    pub login_name: String,
    /// The id of their login.
    pub ram_id: String,
    /// Names, addresses and numbers that they have or had: found in any text, as whole words.
    pub words: Vec<String>,
    /// Those of them that are telephone numbers: found in any text, in any spelling.
    pub telephones: Vec<Telephone>,
    /// Those that are left in texts, because others are called so too.
    pub ambiguous: Vec<String>,
}

/// Whose row a JSON object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The person's own: their user, login, token or AccessKey.
    Own,
    /// Another person's, who may have the same name.
    OtherPerson,
    /// Nobody's: a number's, a skill group's, ….
    Nobody,
}

/// The columns of users, logins and credentials that say something of a person.
const PERSONAL: &[&str] = &[
    "extension",
    "display_name",
    "email",
    "mobile",
    "nickname",
    "avatar_url",
    "display_id",
    "note",
    "user_guid",
    "name",
    "token_id",
    "access_key_id",
    "selected_callback_number_id",
];

/// Keys whose values never name a person, whatever they look like: those of things, and those that
/// hold one of the program's own words.
const OF_THINGS: &[&str] = &[
    "skill_group_id",
    "instance_id",
    "number",
    "contact_flow_id",
    "definition",
    "callback_number_id",
    "city",
    "province",
    "run",
    "action",
    "what",
    "mode",
    "duplicates",
    "columns",
    "code",
    "kind",
    "outcome",
    "role",
    "status",
    "state",
    "type",
    "usage",
    "media_type",
    "work_mode",
    "personal_numbers",
    "scopes",
    "password_hash",
    "secret_ciphertext",
    "secret_hash",
    "token_hash",
];

/// What was erased for one person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Forgotten {
    /// Whether it was a dry run: nothing was changed.
    pub dry_run: bool,
    /// What the history calls them from now on; empty in a dry run.
    pub pseudonym: String,
    /// Their users, one for each instance.
    pub user_ids: Vec<String>,
    /// Memberships of skill groups that ended.
    pub memberships: u64,
    /// Holds and cool-downs for them that ended.
    pub reservations: u64,
    /// API tokens and AccessKeys that are gone.
    pub credentials: u64,
    /// Periods in which they held a number: these stay, under the pseudonym.
    pub periods: u64,
    /// Changes in the log in which they were erased.
    pub lines: u64,
    /// Other texts, such as notes, in which they were.
    pub texts: u64,
    /// The rows that these texts are in; at most 1,000.
    pub places: Vec<Place>,
    /// Names of theirs that are left in what others wrote: they are another person's too, occur in
    /// the name of an instance, a skill group or a contact flow, or are a single character; and a
    /// telephone number that the call centre has.
    pub left: Vec<String>,
}

/// A row whose texts named them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// The row: a number, a user id, a request id, …
    pub key: String,
    /// The columns.
    pub columns: Vec<String>,
}

impl Forgotten {
    /// The report of a dry run. It has no pseudonym, because another one is drawn when it is done.
    #[must_use]
    pub fn of_dry_run(self) -> Self {
        Self { dry_run: true, pseudonym: String::new(), ..self }
    }
}

impl Erasure {
    /// A text without the person; `None` when they are not in it.
    pub fn text(&self, text: &str) -> Option<String> {
        let erased = self.words.iter().fold(None, |erased: Option<String>, word| {
            without_word(erased.as_deref().unwrap_or(text), word, &self.pseudonym).or(erased)
        });
        let erased = self.telephones.iter().fold(erased, |erased, telephone| {
            telephone.without(erased.as_deref().unwrap_or(text), &self.pseudonym).or(erased)
        });
        erased.filter(|erased| erased != text)
    }

    /// A JSON text without the person; `None` when they are not in it.
    pub fn json(&self, json: &str, whose: Whose) -> Option<String> {
        let (mut erased, mut copied, mut at) = (String::new(), 0, 0);
        let mut key = String::new();
        while let Some(start) = json[at..].find('"').map(|found| at + found) {
            let end = end_of_string(json, start);
            let string: String = serde_json::from_str(&json[start..end]).unwrap_or_default();
            at = end;
            if json[end..].trim_start().starts_with(':') {
                key = string;
            } else if let Some(instead) = self.value(&key, &string, whose) {
                erased.push_str(&json[copied..start]);
                erased.push_str(&serde_json::Value::from(instead).to_string());
                copied = end;
            }
        }
        (copied > 0).then(|| erased + &json[copied..])
    }

    fn value(&self, key: &str, value: &str, whose: Whose) -> Option<String> {
        let personal = PERSONAL.contains(&key);
        match whose {
            _ if OF_THINGS.contains(&key) => None,
            Whose::Own if personal => Some(String::new()).filter(|_| !value.is_empty()),
            Whose::OtherPerson if personal && key != "note" && key != "name" => None,
            _ if value == self.ram_id || value == self.login_name => Some(self.pseudonym.clone()),
            _ => match value.strip_prefix(self.login_name.as_str()) {
                Some(rest) if rest.starts_with('@') && key.ends_with("user_id") => {
                    Some(format!("{}{rest}", self.pseudonym))
                }
                _ => self.text(value),
            },
        }
    }
}

/// Where a JSON string that begins at `start` ends, behind its quotation mark.
fn end_of_string(json: &str, start: usize) -> usize {
    let mut escaped = false;
    let inside = json[start + 1..].bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    inside.map_or(json.len(), |inside| start + inside + 2)
}

/// A text with a word replaced wherever it is a whole word, in upper or lower case; `None` if it is
/// not in it.
fn without_word(text: &str, word: &str, instead: &str) -> Option<String> {
    let (lower, sought) = (text.to_ascii_lowercase(), word.to_ascii_lowercase());
    let (mut erased, mut copied) = (String::new(), 0);
    for (start, found) in lower.match_indices(&sought) {
        let end = start + found.len();
        if start >= copied && stands_alone(&text[..start], word, &text[end..]) {
            erased.push_str(&text[copied..start]);
            erased.push_str(instead);
            copied = end;
        }
    }
    (copied > 0).then(|| erased + &text[copied..])
}

/// Whether a word occurs in a text as a whole word, in upper or lower case.
pub fn is_word_of(word: &str, text: &str) -> bool {
    without_word(text, word, "").is_some()
}

/// Whether a word is not part of a longer one: `lina` is not found in `lina-b` or `halina`. Chinese
/// has no spaces between words.
fn stands_alone(before: &str, word: &str, after: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let goes_on = |first: Option<char>, second: Option<char>| {
        is_letter(first) || (first.is_some_and(|c| "-._".contains(c)) && is_letter(second))
    };
    let (mut before, mut after) = (before.chars().rev(), after.chars());
    let begins = !is_letter(word.chars().next()) || !goes_on(before.next(), before.next());
    begins && (!is_letter(word.chars().next_back()) || !goes_on(after.next(), after.next()))
}

#[cfg(test)]
mod tests {
    use super::{Erasure, Telephone, Whose};

    fn erasure() -> Erasure {
        Erasure {
            pseudonym: "forgotten-0".to_owned(),
            login_name: "lina".to_owned(),
            ram_id: "77".to_owned(),
            words: ["lina@example.com", "李\"娜", "李娜", "lina"].map(str::to_owned).into(),
            telephones: Telephone::of("139-9999-0001").into_iter().collect(),
            ambiguous: Vec::new(),
        }
    }

    #[test]
    fn a_person_is_found_in_a_text_and_nobody_else() {
        let erasure = erasure();
        for (text, expected) in [
            ("for Lina.", Some("for forgotten-0.")),
            ("给李娜的号码", Some("给forgotten-0的号码")),
            ("LINA, lina@ccc-test", Some("forgotten-0, forgotten-0@ccc-test")),
            ("mail lina@example.com", Some("mail forgotten-0")),
            ("halina, lina-b, lina.b, b_lina, lina2", None),
            ("call +86 139 9999 0001!", Some("call forgotten-0!")),
            ("", None),
        ] {
            assert_eq!(erasure.text(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn in_json_only_their_strings_are_replaced() {
        let json =
            r#"{"number":"lina","user_id":"lina@a","note":"\"Lina\" \\","n":1,"to":["lina"]}"#;
        let expected = r#"{"number":"lina","user_id":"forgotten-0@a","note":"\"forgotten-0\" \\","n":1,"to":["forgotten-0"]}"#;
        assert_eq!(erasure().json(json, Whose::Nobody).as_deref(), Some(expected));
        let others = r#"{"user_id":"lina2@a","display_name":"李娜","extension":"7"}"#;
        assert_eq!(erasure().json(others, Whose::OtherPerson), None);
        let token = r#"{"ram_id":"5","name":"script of lina","token_id":"lina"}"#;
        let expected = r#"{"ram_id":"5","name":"script of forgotten-0","token_id":"lina"}"#;
        assert_eq!(erasure().json(token, Whose::OtherPerson).as_deref(), Some(expected));
        let words = r#"{"lina":1,"run":"lina","mode":"lina","kind":"lina","role":"lina"}"#;
        assert_eq!(erasure().json(words, Whose::Nobody), None);
        let own = r#"{"user_id":"lina@a","ram_id":"77","display_name":"Li","email":"","active":1}"#;
        let blank = r#"{"user_id":"forgotten-0@a","ram_id":"forgotten-0","display_name":"","email":"","active":1}"#;
        assert_eq!(erasure().json(own, Whose::Own).as_deref(), Some(blank));
    }

    #[test]
    fn odd_json_does_no_harm() {
        for json in ["", "\"", "\"\\", "{\"a\":\"", "[\"\\\"\"]", "{\"李\":\"\\u0000\"}"] {
            assert_eq!(erasure().json(json, Whose::Nobody), None, "{json}");
        }
    }
}
