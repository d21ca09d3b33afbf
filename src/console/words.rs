//! The change log in people's words: who was given what, what was taken back, bound, moved, edited.

use super::page::Chrome;
use super::texts::Texts;
use crate::domain::capacity::LowWaterMark;
use crate::domain::history::{Action, Change, ChangeFilter, Entity};
use crate::domain::phone_number::Usage;
use crate::domain::reservation::ReservationKind;
use crate::domain::{Error, Timestamp};
use crate::store::{ReadTx, changes, suggestions};
use serde_json::Value;

/// What one request did.
#[derive(Debug)]
pub(super) struct Deed {
    pub(super) request_id: String,
    pub(super) actor: String,
    pub(super) via: String,
    pub(super) reason: String,
    pub(super) at: Timestamp,
    /// The first few lines.
    pub(super) lines: Vec<Line>,
    /// How many further lines there are.
    pub(super) more: usize,
    /// Whether there may be older ones that were not read.
    pub(super) cut: bool,
    /// The oldest that was read.
    pub(super) oldest: i64,
}

/// One change.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) sentence: String,
    /// The sentence with the moments in it apart.
    pub(super) pieces: Vec<Piece>,
    /// The page of what it is about; empty: none.
    pub(super) address: String,
}

/// A part of a sentence: text, or a moment that is shown in the reader's own time.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) moment: Option<Timestamp>,
}

/// How many lines of one request a list shows.
const LINES: usize = 4;

/// The newest changes of the call centre that a filter lets through, put together by request.
pub(super) fn newest(
    tx: &ReadTx<'_>,
    chrome: &Chrome,
    filter: ChangeFilter,
    most: u64,
) -> Result<Vec<Deed>, Error> {
    let filter = ChangeFilter { instance_id: Some(chrome.instance_id().clone()), ..filter };
    deeds(tx, chrome, changes::newest(tx, &filter, most)?)
}

/// Changes, newest first, put together by request.
pub(super) fn deeds(
    tx: &ReadTx<'_>,
    chrome: &Chrome,
    changes: Vec<Change>,
) -> Result<Vec<Deed>, Error> {
    let mut deeds: Vec<Deed> = Vec::new();
    for change in changes {
        let same = deeds
            .last_mut()
            .filter(|deed| deed.request_id == change.request_id && !change.request_id.is_empty());
        match same {
            Some(deed) => {
                deed.oldest = change.change_id;
                if deed.lines.len() < LINES {
                    deed.lines.push(line(tx, chrome, &change)?);
                } else {
                    deed.more += 1;
                }
            }
            None => deeds.push(Deed {
                lines: vec![line(tx, chrome, &change)?],
                oldest: change.change_id,
                cut: false,
                request_id: change.request_id,
                actor: change.actor,
                via: change.via.to_string(),
                reason: change.reason,
                at: change.changed_at,
                more: 0,
            }),
        }
    }
    Ok(deeds)
}

/// A change, with the page of what it is about.
pub(super) fn line(tx: &ReadTx<'_>, chrome: &Chrome, change: &Change) -> Result<Line, Error> {
    let (user_id, group_id) = (change.user_id.as_deref(), change.skill_group_id.as_deref());
    let address = match (change.number.as_deref(), user_id, group_id) {
        (Some(number), ..) => chrome.number(number),
        (None, Some(user), _) => chrome.user(user),
        (None, None, Some(group)) => chrome.group(group),
        _ => String::new(),
    };
    let sentence = sentence(tx, chrome.t, change)?;
    Ok(Line { pieces: pieces(&sentence), sentence, address })
}

/// The moments in a sentence are written as the log has them.
pub(super) fn pieces(sentence: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for word in sentence.split_inclusive([' ', ',', '，']) {
        let end = word.trim_end_matches([' ', ',', '，']).len();
        let moment = Timestamp::parse_moment(&word[..end]).ok().filter(|_| word.contains('T'));
        if moment.is_some() {
            pieces.push(Piece { moment, ..Piece::default() });
        }
        let text = if moment.is_some() { &word[end..] } else { word };
        match pieces.last_mut().filter(|piece| piece.moment.is_none()) {
            Some(before) => before.text.push_str(text),
            None => pieces.push(Piece { text: text.to_owned(), moment: None }),
        }
    }
    pieces
}

/// A change as an English sentence, for the command line: moments in the reader's own time.
pub fn in_english(tx: &ReadTx<'_>, change: &Change) -> Result<String, Error> {
    let said = pieces(&sentence(tx, Texts::default(), change)?).into_iter();
    Ok(said.map(|piece| piece.moment.map_or(piece.text, Timestamp::local)).collect())
}

fn sentence(tx: &ReadTx<'_>, t: Texts, change: &Change) -> Result<String, Error> {
    let (user_id, group_id) = (change.user_id.as_deref(), change.skill_group_id.as_deref());
    let user = user_id.map_or(Ok(String::new()), |id| suggestions::name_of_user(tx, id))?;
    let group =
        group_id.map_or(Ok(String::new()), |id| suggestions::name_of_skill_group(tx, id))?;
    let entity = match change.entity {
        Entity::Reservation => format!("reservation-{}", of_reservation(change)),
        entity => format!("{entity}-{}", change.action),
    };
    let sentence = t
        .name("change", entity)
        .with("number", change.number.as_deref().unwrap_or_default())
        .with("user", user)
        .with("group", group)
        .with("name", name(t, change))
        .with("value", change.new.as_ref().map_or_else(String::new, |row| row["least"].to_string()))
        .with("until", until(change))
        .with("fields", differences(t, change));
    Ok(sentence.to_string())
}

/// Until when a number is kept, as the log has moments.
fn until(change: &Change) -> String {
    let row = change.new.as_ref().or(change.old.as_ref());
    let until = row.and_then(|row| row["until_at"].as_i64());
    until.map_or_else(String::new, |until| Timestamp::from_millis(until).to_string())
}

/// What became of a hold or a cool-down.
fn of_reservation(change: &Change) -> &'static str {
    let ended = |row: &Option<Value>| row.as_ref().is_some_and(|row| !row["ended_at"].is_null());
    let kind = change.new.as_ref().and_then(|row| row["kind"].as_str());
    match (ended(&change.old), ended(&change.new)) {
        (false, true) => "ended",
        (true, false) => "again",
        _ if change.action == Action::Update => "update",
        _ if kind == Some(ReservationKind::CoolDown.name()) => "cool-down",
        _ if change.user_id.is_none() => "hold-all",
        _ => "hold",
    }
}

/// What the row is called, for rows that are neither a number nor a user nor a group.
fn name(t: Texts, change: &Change) -> String {
    if change.entity == Entity::LowWaterMark {
        return marked(t, change);
    }
    let row = change.new.as_ref().or(change.old.as_ref());
    let word = |column: &str| row.and_then(|row| row.get(column)?.as_str().map(str::to_owned));
    [
        "display_name",
        "name",
        "login_name",
        "token_id",
        "access_key_id",
        "client_id",
        "pseudonym",
        "ram_id",
        "file",
    ]
    .into_iter()
    .filter_map(word)
    .find(|word| !word.is_empty())
    .unwrap_or_default()
}

/// What a low-water mark is called, from the log.
fn marked(t: Texts, change: &Change) -> String {
    let row = change.new.as_ref().or(change.old.as_ref());
    let word = |column: &str| row.and_then(|row| row.get(column)?.as_str()).unwrap_or_default();
    city_and_usage(t, word("city"), Usage::from_name(word("usage")))
}

impl Texts {
    /// What a low-water mark is called.
    pub(super) fn mark(self, mark: &LowWaterMark) -> String {
        city_and_usage(self, mark.city.as_deref().unwrap_or_default(), mark.usage)
    }
}

fn city_and_usage(t: Texts, city: &str, of: Option<Usage>) -> String {
    match city {
        "" => format!("{} · {}", t.say("all-cities"), usage(t, of)),
        city => format!("{city} · {}", usage(t, of)),
    }
}

/// A usage, or all that can dial out.
pub(super) fn usage(t: Texts, usage: Option<Usage>) -> String {
    match usage {
        Some(usage) => t.name("usage", usage).to_string(),
        None => t.say("all-dialling-out").to_string(),
    }
}

/// What an update changed: `city: 成都 → 乐山`.
fn differences(t: Texts, change: &Change) -> String {
    let (Some(Value::Object(old)), Some(Value::Object(new))) = (&change.old, &change.new) else {
        return String::new();
    };
    let changed = new.iter().filter(|(column, value)| old.get(*column) != Some(value));
    let shown = changed.map(|(column, value)| {
        // Of a secret the log has a mark, which means nothing to people.
        if column.ends_with("_hash") || column.ends_with("_ciphertext") {
            return t.name("column", column).to_string();
        }
        let before = plain(t, column, old.get(column).unwrap_or(&Value::Null));
        format!("{} {before} → {}", t.name("column", column), plain(t, column, value))
    });
    let shown: Vec<String> = shown.collect();
    // Only whoever was forgotten leaves a change behind that no longer shows what it changed.
    if shown.is_empty() { t.say("differences-erased").to_string() } else { t.list(&shown) }
}

/// A value of a column as people read it; a moment as the log has it.
fn plain(t: Texts, column: &str, value: &Value) -> String {
    match (column, value) {
        (_, Value::Null) => "–".to_owned(),
        (_, Value::String(text)) if text.is_empty() => "–".to_owned(),
        ("usage" | "role" | "work_mode", Value::String(word)) => t.name(column, word).to_string(),
        ("personal_numbers", Value::String(word)) => t.name("sharing", word).to_string(),
        (
            "active" | "locked" | "reason_required" | "prevent_auto_callback_number",
            Value::Number(n),
        ) => {
            let word = if n.as_i64() == Some(0) { "no" } else { "yes" };
            t.say(word).to_string()
        }
        (column, Value::Number(n)) if column.ends_with("_at") => {
            Timestamp::from_millis(n.as_i64().unwrap_or_default()).to_string()
        }
        (_, Value::String(text)) => text.clone(),
        (_, Value::Array(words)) => {
            let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
            if words.is_empty() { "–".to_owned() } else { words.join(" ") }
        }
        (_, other) => other.to_string(),
    }
}
