//! People, groups, numbers and pages for whoever types: the JSON behind the fields that suggest
//! and behind the palette.

use super::page::Visit;
use super::reply::Failure;
use crate::http::Answer;
use crate::store::{ReadTx, suggestions};
use serde::{Deserialize, Serialize};

/// How many of each kind are suggested.
const MOST: u64 = 8;

#[derive(Default, Deserialize)]
#[serde(default)]
struct SuggestQuery {
    /// `user`, `group`, or `all`.
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
    let mut choices = Vec::new();
    let all = query.kind == "all";
    if all {
        let wanted = text.to_lowercase();
        for (page, key) in chrome.tabs() {
            let label = chrome.t.say(key).to_string();
            if label.to_lowercase().contains(&wanted) {
                let (href, value) = (chrome.to(page), page.to_owned());
                choices.push(Choice { value, label, detail: String::new(), href });
            }
        }
    }
    for (page, key) in chrome.commands().into_iter().filter(|_| all && !text.is_empty()) {
        let label = chrome.t.say(key).to_string();
        if label.to_lowercase().contains(&text.to_lowercase()) {
            let (href, value) = (chrome.to(page), page.to_owned());
            choices.push(Choice { value, label, detail: String::new(), href });
        }
    }
    if all && !text.is_empty() {
        for found in suggestions::numbers(tx, instance_id, text, MOST)? {
            let href = chrome.number(&found.id);
            choices.push(Choice {
                label: found.id.clone(),
                value: found.id,
                detail: found.name,
                href,
            });
        }
    }
    if query.kind == "user" || (all && !text.is_empty()) {
        for found in suggestions::users(tx, instance_id, text, MOST)? {
            let numbers = chrome.t.say("numbers-count").count(found.numbers);
            let (href, detail) = (chrome.user(&found.id), format!("{} · {numbers}", found.id));
            choices.push(Choice { value: found.id, label: found.name, detail, href });
        }
    }
    if query.kind == "group" || (all && !text.is_empty()) {
        for found in suggestions::skill_groups(tx, instance_id, text, MOST)? {
            let numbers = chrome.t.say("numbers-count").count(found.numbers);
            let (href, detail) = (chrome.group(&found.id), format!("{} · {numbers}", found.id));
            choices.push(Choice { value: found.id, label: found.name, detail, href });
        }
    }
    Ok(Answer::json(200, serde_json::to_vec(&choices).unwrap_or_default()))
}
