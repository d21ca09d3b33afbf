//! People, groups, numbers and pages for whoever types: the JSON behind the fields that suggest
//! and behind the palette.

use super::page::Visit;
use super::reply::Failure;
use crate::http::Answer;
use crate::store::ReadTx;
use crate::store::suggestions::{self, Suggestion};
use serde::{Deserialize, Serialize};

/// How many of each kind are suggested.
const MOST: u64 = 8;

#[derive(Default, Deserialize)]
#[serde(default)]
struct SuggestQuery {
    /// `user`, `group`, `holder` (either), `number`, or `all`.
    kind: String,
    q: String,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    detail: String,
    href: String,
}

/// Answers `GET suggest`.
pub(super) fn list(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let query: SuggestQuery = visit.query()?;
    let (chrome, instance_id, text) = (&visit.chrome, visit.instance_id(), query.q.trim());
    let all = query.kind == "all";
    let searched = all && !text.is_empty();
    let wants = |kinds: &[&str]| searched || kinds.contains(&query.kind.as_str());
    let pages = chrome.tabs().into_iter().filter(|_| all);
    let commands = chrome.commands().into_iter().filter(|_| searched);
    let mut choices: Vec<Choice> = pages
        .chain(commands)
        .map(|(page, key)| (page, chrome.t.say(key).to_string()))
        .filter(|(_, label)| label.to_lowercase().contains(&text.to_lowercase()))
        .map(|(page, label)| {
            let (value, href) = (page.to_owned(), chrome.to(page));
            Choice { value, label, detail: String::new(), href }
        })
        .collect();
    if wants(&["number"]) {
        for found in suggestions::numbers(tx, instance_id, text, MOST)? {
            let (label, href) = (found.id.clone(), chrome.number(&found.id));
            choices.push(Choice { value: found.id, label, detail: found.name, href });
        }
    }
    let counted = |href, found: Suggestion| {
        let numbers = chrome.t.say("numbers-count").count(found.numbers);
        let detail = format!("{} · {numbers}", found.id);
        Choice { value: found.id, label: found.name, detail, href }
    };
    if wants(&["user", "holder"]) {
        let found = suggestions::users(tx, instance_id, text, MOST)?.into_iter();
        choices.extend(found.map(|user| counted(chrome.user(&user.id), user)));
    }
    if wants(&["group", "holder"]) {
        let found = suggestions::skill_groups(tx, instance_id, text, MOST)?.into_iter();
        choices.extend(found.map(|group| counted(chrome.group(&group.id), group)));
    }
    Ok(Answer::json(200, serde_json::to_vec(&choices).unwrap_or_default()))
}
