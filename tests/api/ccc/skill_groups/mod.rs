//! The operations on skill groups and their members.

mod groups;
mod members;
mod refusals;
mod roles;

use super::{app_with_tokens, code};
use crate::support::{App, Reply};
use serde_json::Value;

/// An operation with its parameters.
struct Call {
    action: &'static str,
    parameters: &'static [(&'static str, &'static str)],
}

const fn call(action: &'static str, parameters: &'static [(&'static str, &'static str)]) -> Call {
    Call { action, parameters }
}

impl Call {
    fn send(&self, app: &App) -> Reply {
        app.call(self.action, self.parameters)
    }

    /// The call as a snapshot shows it, long values shortened.
    fn shown(&self) -> String {
        let line = |(name, value): &(&str, &str)| {
            format!(" {name}={}", value.chars().take(160).collect::<String>())
        };
        format!("{}{}", self.action, self.parameters.iter().map(line).collect::<String>())
    }
}

/// Everything that these operations could change, and how long the log is.
fn state(app: &App) -> String {
    app.database.query(
        "SELECT skill_group_id, display_name, description, media_type, phone_number_count, user_count FROM skill_group
         UNION ALL SELECT skill_group_id, user_id, skill_level, '', '', '' FROM skill_group_member
         UNION ALL SELECT skill_group_id, number, '', '', '', '' FROM skill_group_number
         UNION ALL SELECT 'changes', count(*), '', '', '', '' FROM change",
    )
}

/// What the log says of one request.
fn changes(app: &App, reply: &Reply) -> String {
    let request_id = reply.json()["RequestId"].as_str().unwrap().to_owned();
    app.database.query(&format!(
        "SELECT actor, via, action, entity, coalesce(skill_group_id, ''), coalesce(user_id, ''), coalesce(number, ''), coalesce(old, '-'), coalesce(new, '-')
           FROM change WHERE request_id = '{request_id}' ORDER BY change_id"
    ))
}

/// These fields of a list's rows, joined by spaces.
fn column(reply: &Reply, fields: &[&str]) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.body);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let rows = reply.json()["Data"]["List"].as_array().unwrap().clone();
    rows.iter()
        .map(|row| fields.iter().map(|field| text(&row[field])).collect::<Vec<_>>().join(" "))
        .collect()
}
