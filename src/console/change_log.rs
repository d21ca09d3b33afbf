//! The change log, by number, person, group, way and day.

use super::form::said;
use super::form_faults::FormFaults;
use super::lists::{address, asked, filtered_by, status};
use super::moments;
use super::page::{Chrome, Visit};
use super::reply::{Failure, FormFault};
use super::texts::Texts;
use super::words::{Deed, deeds};
use crate::domain::history::{Archived, ChangeFilter, Changes, HolderKind};
use crate::domain::text::quoted;
use crate::domain::{Error, Missing, Origin, Timestamp};
use crate::http::Answer;
use crate::store::{ReadTx, changes, suggestions};
use askama::Template;
use serde::{Deserialize, Serialize};

/// How many changes a page is made from.
const LINES: u64 = 200;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// What the list's address says.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct ChangesFilter {
    number: String,
    user: String,
    group: String,
    actor: String,
    via: String,
    /// The first day and the last, in the reader's own time.
    from: String,
    until: String,
    /// The reader's offset from UTC in minutes, when the first day begins and when the last one
    /// ends: summer time may lie between them.
    offset: i64,
    until_offset: Option<i64>,
    /// Only those older than this one, and none of a request that the page before ended with.
    before: Option<i64>,
    without: String,
}

impl ChangesFilter {
    fn until_offset(&self) -> i64 {
        self.until_offset.unwrap_or(self.offset)
    }

    /// The filter as the store takes it.
    ///
    /// # Errors
    /// [`Failure::BadFields`] for what is not a day, and for a person whom nobody or several are
    /// called like.
    fn store(&self, tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<ChangeFilter, Failure> {
        let (t, instance_id) = (visit.chrome.t, visit.instance_id());
        let mut faults = FormFaults::new(t);
        let mut id = |field, kind, text: &str| -> Result<Option<String>, Error> {
            let Some(text) = said(text) else { return Ok(None) };
            let found = suggestions::meant(tx, kind, instance_id, &text)?;
            let whole = visit.chrome.whole_id(&text);
            Ok(match found.as_slice() {
                [id] => Some(id.clone()),
                // Who has left, or what is gone, is known by its id only.
                [] if suggestions::was_ever(tx, instance_id, kind, &whole)? => Some(whole),
                [] => {
                    let of = instance_id.clone();
                    let missing = match kind {
                        HolderKind::User => Missing::User(text, of),
                        HolderKind::SkillGroup => Missing::SkillGroup(text, of),
                    };
                    faults.add(field, t.missing(&missing));
                    None
                }
                _ => {
                    faults.add(field, t.say("target-several").with("name", text));
                    None
                }
            })
        };
        let user_id = id("user", HolderKind::User, &self.user)?;
        let skill_group_id = id("group", HolderKind::SkillGroup, &self.group)?;
        let mut day = |field, text: &str, offset: i64| {
            let text = said(text)?;
            let begins = moments::local(&format!("{text} 00:00"), offset);
            if begins.is_none() {
                faults.add(field, t.say("day-wrong").with("value", quoted(&text)));
            }
            begins
        };
        let since = day("from", &self.from, self.offset);
        let until = day("until", &self.until, self.until_offset());
        let next = |day: Timestamp| Timestamp::from_millis(day.millis() + DAY);
        faults.unless_any(Some(ChangeFilter {
            instance_id: Some(instance_id.clone()),
            number: said(&self.number),
            user_id,
            skill_group_id,
            actor: said(&self.actor),
            via: Origin::from_name(&self.via),
            since,
            until: until.map(next),
            before: self.before,
            without: said(&self.without),
            ..ChangeFilter::default()
        }))
    }

    /// What it is, in the reader's language; empty if nothing is left out.
    fn said(&self, t: Texts) -> String {
        let via = Origin::from_name(&self.via).map(|via| t.name("via", via.name()));
        let filters = [
            ("number", &self.number),
            ("user", &self.user),
            ("group", &self.group),
            ("actor", &self.actor),
            ("via", &via.map_or_else(String::new, |via| via.to_string())),
            ("from", &self.from),
            ("until", &self.until),
        ];
        filtered_by(t, filters.map(|(key, value)| (key, value.clone())).to_vec())
    }
}

#[derive(Template)]
#[template(path = "changes.html", blocks = ["region"])]
struct ChangesPage<'a> {
    chrome: &'a Chrome,
    filter: &'a ChangesFilter,
    deeds: Vec<Deed>,
    archived: Option<Archived>,
    faces: [&'static str; 6],
    /// The newest ones; empty on the first page.
    newest: String,
    /// Older ones; empty on the last page.
    older: String,
    said: String,
    faults: Vec<FormFault>,
}

/// Answers `GET changes`.
pub(super) fn list(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let filter: ChangesFilter = visit.query()?;
    let (wanted, faults) = asked(filter.store(tx, visit))?;
    let found = match wanted {
        Some(wanted) => changes::list(tx, &wanted, None, LINES)?,
        None => Changes { items: Vec::new(), last: None, archived: None },
    };
    let full = found.items.len() as u64 == LINES;
    let mut deeds = deeds(tx, &visit.chrome, found.items)?;
    let base = visit.chrome.to("changes");
    let to = |before, without| address(&base, &ChangesFilter { before, without, ..filter.clone() });
    let template = ChangesPage {
        newest: filter.before.map_or_else(String::new, |_| to(None, String::new())),
        older: if full { end(&mut deeds, to) } else { String::new() },
        chrome: &visit.chrome,
        filter: &filter,
        deeds,
        archived: found.archived,
        faces: ["console", "cli", "admin", "ccc", "vcc", "sql"],
        said: filter.said(visit.chrome.t),
        faults,
    };
    let status = status(&template.faults);
    let answer = visit.chrome.page_or_region(&template, &template.as_region())?;
    Ok(Answer { status, ..answer })
}

/// Ends a full page between two requests, and says where older ones are. A request that fills it
/// alone is not shown again on the next.
fn end(deeds: &mut Vec<Deed>, to: impl Fn(Option<i64>, String) -> String) -> String {
    if deeds.len() > 1 {
        deeds.pop();
    } else if let Some(deed) = deeds.last_mut() {
        deed.cut = true;
    }
    let last = deeds.last().map(|deed| (deed.oldest, deed.cut, deed.request_id.clone()));
    last.map_or_else(String::new, |(oldest, cut, request)| {
        to(Some(oldest), if cut { request } else { String::new() })
    })
}
