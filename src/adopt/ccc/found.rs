//! What was read of an instance, as what is taken over.

use crate::adopt::{ids, rows, text, texts};
use crate::domain::adopt::{Account, AdoptKind, Says};
use crate::domain::csv;
use crate::domain::import::ImportKind;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What was read of an instance.
pub(super) struct Found {
    pub(super) instance: Value,
    pub(super) groups: Vec<Value>,
    pub(super) flows: Vec<Value>,
    pub(super) users: Vec<Value>,
    pub(super) logins: Vec<Value>,
    pub(super) numbers: Vec<Value>,
}

impl Found {
    /// The users who hold each number as personal. A number's own `UserId` is one of them; of a
    /// user whose row does not list their numbers it is all that is known.
    fn holders(&self) -> BTreeMap<String, Vec<String>> {
        let mut holders: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut unlisted = BTreeSet::new();
        for user in &self.users {
            if user["PersonalOutboundNumberList"].is_null() {
                unlisted.insert(text(user, "UserId"));
            }
            for number in rows(user, "PersonalOutboundNumberList") {
                holders.entry(text(number, "Number")).or_default().push(text(user, "UserId"));
            }
        }
        for number in &self.numbers {
            let user_id = text(number, "UserId");
            if unlisted.contains(&user_id) {
                holders.entry(text(number, "Number")).or_default().push(user_id);
            }
        }
        holders
    }

    /// What shows that something changed while the lists were read, as far as it shows: numbers and
    /// users name each other as holders, and the groups that are named are there.
    pub(super) fn contradiction(&self) -> Option<String> {
        let mut holders = self.holders();
        let (groups, users) = (ids(&self.groups, "SkillGroupId"), ids(&self.users, "UserId"));
        for number in &self.numbers {
            let (key, shown) = (text(number, "Number"), text(number, "UserId"));
            let held = holders.remove(&key).unwrap_or_default();
            if !shown.is_empty() && !users.contains(&shown) {
                return Some(format!("{key} is held by {shown}, whom ListUsers does not show"));
            }
            let same = if shown.is_empty() { held.is_empty() } else { held.contains(&shown) };
            if !same {
                let or_nobody =
                    |id: &str| if id.is_empty() { "nobody".to_owned() } else { id.to_owned() };
                let (by_users, by_numbers) = (or_nobody(&held.join(", ")), or_nobody(&shown));
                return Some(format!(
                    "{key} is held by {by_users} in ListUsers, and by {by_numbers} in ListPhoneNumbers"
                ));
            }
        }
        // Whoever holds a number that is not listed holds one that was added in the meantime.
        if let Some((number, users)) = holders.first_key_value() {
            let (hold, users) = (if users.len() == 1 { "holds" } else { "hold" }, users.join(", "));
            return Some(format!("{users} {hold} {number}, which ListPhoneNumbers does not show"));
        }
        let of_numbers = self.numbers.iter().flat_map(|number| rows(number, "SkillGroups"));
        let of_users = self.users.iter().flat_map(|user| rows(user, "SkillLevelList"));
        let named = of_numbers.chain(of_users).map(|group| text(group, "SkillGroupId"));
        let unknown = named.into_iter().find(|id| !groups.contains(id));
        unknown.map(|id| format!("{id} is named, but ListSkillGroups does not show it"))
    }

    /// What was found, as rows of what an import takes.
    pub(super) fn account(&self) -> Account {
        let mut account = Account { is_whole: true, ..Account::default() };
        let holders = self.holders();
        let says = Says::Instance {
            name: Some(text(&self.instance, "Name")).filter(|name| !name.is_empty()),
            description: Some(text(&self.instance, "Description")),
            is_shared: holders.values().any(|users| users.len() > 1),
        };
        account.push(AdoptKind::Instance, text(&self.instance, "Id"), says);
        self.push_logins(&mut account);
        self.push_flows(&mut account);
        self.push_groups(&mut account);
        self.push_users(&mut account);
        self.push_numbers(&mut account, &holders);
        account
    }

    fn push_flows(&self, account: &mut Account) {
        for flow in &self.flows {
            let says = Says::ContactFlow {
                name: text(flow, "Name"),
                description: text(flow, "Description"),
                flow_type: text(flow, "Type"),
                definition: text(flow, "Definition"),
                draft_id: text(flow, "DraftId"),
                editor: text(flow, "Editor"),
                published: text(flow, "Published") != "false",
            };
            account.push(AdoptKind::ContactFlows, text(flow, "ContactFlowId"), says);
        }
    }

    fn push_groups(&self, account: &mut Account) {
        let table = account
            .table(ImportKind::Groups, &["name", "display_name", "description", "media_type"]);
        for group in &self.groups {
            let name = before_at(&text(group, "SkillGroupId"));
            let mut cells = texts(group, &["DisplayName", "Description", "MediaType"]);
            cells.insert(0, name.clone());
            account.line(AdoptKind::Groups, &name, table, cells);
        }
    }

    /// The users, and after all of them their skill levels.
    fn push_users(&self, account: &mut Account) {
        let table = account.table(
            ImportKind::Users,
            &[
                "login_name",
                "role",
                "extension",
                "display_name",
                "email",
                "mobile",
                "display_id",
                "work_mode",
                "nickname",
                "avatar_url",
            ],
        );
        for user in &self.users {
            let cells = texts(
                user,
                &[
                    "LoginName",
                    "RoleName",
                    "Extension",
                    "DisplayName",
                    "Email",
                    "Mobile",
                    "DisplayId",
                    "WorkMode",
                    "Nickname",
                    "AvatarUrl",
                ],
            );
            account.line(AdoptKind::Users, &text(user, "LoginName"), table, cells);
        }
        for user in &self.users {
            let level = |row: &Value| {
                (text(row, "SkillGroupId"), text(row, "SkillLevel").parse().unwrap_or_default())
            };
            let levels = rows(user, "SkillLevelList").iter().map(level).collect();
            account.push(AdoptKind::Memberships, text(user, "LoginName"), Says::Levels(levels));
        }
    }

    fn push_numbers(&self, account: &mut Account, holders: &BTreeMap<String, Vec<String>>) {
        let table = account.table(
            ImportKind::Numbers,
            &[
                "number",
                "usage",
                "active",
                "province",
                "city",
                "contact_flow_id",
                "provider",
                "tags",
                "user_ids",
                "skill_group_ids",
                "callback_number_id",
            ],
        );
        for number in &self.numbers {
            let key = text(number, "Number");
            let mut cells = texts(
                number,
                &["Number", "Usage", "Active", "Province", "City", "ContactFlowId", "Provider"],
            );
            cells.push(tags(&text(number, "Tags")));
            cells.push(csv::list(holders.get(&key).cloned().unwrap_or_default().into_iter()));
            cells.push(csv::list(
                rows(number, "SkillGroups").iter().map(|group| text(group, "SkillGroupId")),
            ));
            cells.push(String::new());
            account.line(AdoptKind::Numbers, &key, table, cells);
        }
    }

    /// The logins of the account, and those of users who are not among them.
    fn push_logins(&self, account: &mut Account) {
        let mut seen = BTreeSet::new();
        for row in self.logins.iter().chain(&self.users) {
            let login_name = text(row, "LoginName");
            if !seen.insert(login_name.clone()) {
                continue;
            }
            let says = Says::Login {
                ram_id: text(row, "RamId"),
                display_name: text(row, "DisplayName"),
                email: text(row, "Email"),
                mobile: text(row, "Mobile"),
            };
            account.push(AdoptKind::Logins, login_name, says);
        }
    }
}

fn before_at(id: &str) -> String {
    id.split('@').next().unwrap_or_default().to_owned()
}

/// Tags as a cell holds them. The vendor keeps one text, which may be a JSON array.
fn tags(text: &str) -> String {
    let tags = serde_json::from_str::<Vec<String>>(text)
        .unwrap_or_else(|_| text.split([',', ';']).map(|tag| tag.trim().to_owned()).collect());
    csv::list(tags.into_iter().filter(|tag| !tag.is_empty()))
}
