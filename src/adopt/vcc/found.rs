//! What was read of an account, as what is taken over.

use crate::adopt::{ids, text, texts};
use crate::domain::adopt::{Account, AdoptKind, Says};
use crate::domain::import::ImportKind;
use crate::domain::{InstanceId, Parsed, SkillGroupId, SkillGroupName, csv};
use serde_json::Value;
use std::collections::BTreeMap;

/// What was read of an account.
pub(super) struct Found {
    pub(super) users: Vec<Value>,
    pub(super) numbers: Vec<Value>,
    /// The display ids and names of skills and groups, by id.
    pub(super) groups: BTreeMap<String, (String, String)>,
    /// The level in each, by the user's id and its own.
    pub(super) levels: BTreeMap<String, BTreeMap<String, u8>>,
    /// The login names of those who hold a number, by its id.
    pub(super) holders: BTreeMap<String, Vec<String>>,
}

impl Found {
    /// What shows that something changed while the lists were read, as far as it shows: who holds a
    /// number, and who has a skill or is in a group, are in the lists of numbers and of users.
    pub(super) fn contradiction(&self) -> Option<String> {
        let (numbers, users) = (ids(&self.numbers, "callbackNumberId"), ids(&self.users, "userId"));
        if let Some((id, holders)) = self.holders.iter().find(|(id, _)| !numbers.contains(*id)) {
            let have = if holders.len() == 1 { "has" } else { "have" };
            return Some(format!(
                "{} {have} the callback number {id}, which /useradmin/callbackNumbers does not show",
                holders.join(", ")
            ));
        }
        let unknown = self.levels.keys().find(|id| !users.contains(*id));
        unknown.map(|id| {
            format!(
                "the user {id} has a skill or is in a group, but /useradmin/users does not show them"
            )
        })
    }

    /// What was found, as rows of what an import takes. Users are archived or locked last, because
    /// until then they can be given what they hold.
    pub(super) fn account(&self, instance_id: &InstanceId) -> Account {
        let mut account = Account::default();
        let says = Says::Instance { name: None, description: None, is_shared: true };
        account.push(AdoptKind::Instance, instance_id.as_str(), says);
        self.push_groups(&mut account);
        self.push_users(&mut account, instance_id);
        self.push_numbers(&mut account);
        self.push_states(&mut account);
        account
    }

    fn push_groups(&self, account: &mut Account) {
        let table =
            account.table(ImportKind::Groups, &["name", "display_name", "skill_group_guid"]);
        for (id, (display_id, name)) in &self.groups {
            let key = group_name(id, display_id);
            let cells = vec![key.clone(), name.clone(), id.clone()];
            account.line(AdoptKind::Groups, &key, table, cells);
        }
    }

    /// The users, and after all of them their levels.
    fn push_users(&self, account: &mut Account, instance_id: &InstanceId) {
        let table = account.table(
            ImportKind::Users,
            &[
                "login_name",
                "user_guid",
                "display_name",
                "email",
                "role",
                "display_id",
                "extension",
            ],
        );
        for user in &self.users {
            let configuration = &user["userAccountConfiguration"];
            let agent = &configuration["agentConfiguration"];
            let mut cells = texts(user, &["username", "userId", "name", "email"]);
            cells.push(role(&text(configuration, "role")));
            cells.push(text(agent, "agentDisplayId"));
            cells.push(text(&agent["telephonyAddress"], "telephoneAddress"));
            account.line(AdoptKind::Users, &text(user, "username"), table, cells);
        }
        for user in &self.users {
            let levels = self.levels.get(&text(user, "userId")).into_iter().flatten();
            let levels =
                levels.map(|(id, level)| (self.group_id(id, instance_id), *level)).collect();
            account.push(AdoptKind::Memberships, text(user, "username"), Says::Levels(levels));
        }
    }

    fn push_numbers(&self, account: &mut Account) {
        let table = account.table(
            ImportKind::Numbers,
            &["number", "callback_number_id", "callback_number_name", "user_ids"],
        );
        for number in &self.numbers {
            let [id, key, name] = ["callbackNumberId", "callbackNumberClid", "callbackNumberName"]
                .map(|field| text(number, field));
            let users = self.holders.get(&id).cloned().unwrap_or_default();
            let name = if name == key { String::new() } else { name };
            let cells = vec![key.clone(), id, name, csv::list(users.into_iter())];
            account.line(AdoptKind::Numbers, &key, table, cells);
        }
    }

    fn push_states(&self, account: &mut Account) {
        let table = account.table(
            ImportKind::Users,
            &[
                "login_name",
                "active",
                "locked",
                "selected_callback_number_id",
                "prevent_auto_callback_number",
            ],
        );
        for user in &self.users {
            let address =
                &user["userAccountConfiguration"]["agentConfiguration"]["telephonyAddress"];
            let login_name = text(user, "username");
            let given = |row: &Value, field: &str, otherwise: &str| match text(row, field) {
                text if text.is_empty() => otherwise.to_owned(),
                text => text,
            };
            let cells = vec![
                login_name.clone(),
                given(user, "active", "true"),
                given(user, "locked", "false"),
                text(address, "selectedCallbackNumberId"),
                given(address, "preventAutoCallbackNumber", "false"),
            ];
            account.line(AdoptKind::Users, &login_name, table, cells);
        }
    }

    fn group_id(&self, id: &str, instance_id: &InstanceId) -> String {
        let display_id = self.groups.get(id).map(|(display_id, _)| display_id.as_str());
        let name = group_name(id, display_id.unwrap_or_default());
        SkillGroupId::of(&name, instance_id).to_string()
    }
}

/// The name of a skill group: the display id if that can be one, else one made of its id.
fn group_name(id: &str, display_id: &str) -> String {
    match SkillGroupName::parse(display_id) {
        Ok(name) => name.to_string(),
        Err(_) => format!("vcc-{}", id.to_ascii_lowercase()),
    }
}

/// The role by its name here; an unknown one is refused with its line.
fn role(name: &str) -> String {
    if name == "Supervisor" { "Manager".to_owned() } else { name.to_owned() }
}
